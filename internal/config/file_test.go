package config

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "client.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagsFromAFile(t *testing.T) {
	path := file(t, `{
		"url": "mqtt://127.0.0.1:1", "client-id": "file", "username": "u", "password": "p", "qos": 1, "keepalive": 7,
		"topic": ["a", "b/#"], "session": "state", "session-sync": "second", "watch": true, "stats": false
	}`)
	command, err := Parse([]string{"run", "--config", path, "--client-id", "line", "-t", "c", "x.js", "--", "--config=other"}, Output{Stdout: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	run := command.(*Run)
	if run.URL != "mqtt://127.0.0.1:1" || run.ClientID != "line" || run.QoS != 1 || run.KeepAlive != 7 || !run.Watch || run.Stats ||
		run.SessionDir != "state" || run.SessionSync != "second" || !slices.Equal(run.Topic, []string{"a", "b/#", "c"}) ||
		!slices.Equal(run.Args, []string{"--config=other"}) {
		t.Errorf("got %+v", run)
	}
	cfg, _, err := run.Client()
	if err != nil || string(cfg.Password) != "p" || cfg.Username != "u" || cfg.Session == nil || run.PasswordIsVisible() {
		t.Errorf("got %v %v, the password visible: %v", cfg, err, run.PasswordIsVisible())
	}
	if command, err = Parse([]string{"sub", "--config=" + file(t, `{"topic": "a"}`)}, Output{Stdout: io.Discard}); err != nil || command.(*Sub).Topic[0] != "a" {
		t.Errorf("got %+v %v", command, err)
	}
}

func TestFilesThatCannotWork(t *testing.T) {
	open := file(t, `{"password": "p"}`)
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`{"toppic": "a"}`:          `unknown flag --toppic, did you mean "--topic"?`,
		`{"--topic": "a"}`:         `"--topic" is no name of a flag, without its hyphens`,
		`{"config": "a"}`:          `"config" is no name of a flag`,
		`{"topic": {"a": 1}}`:      `"topic" must be text, a number, true, false or an array of these`,
		`{"topic": null}`:          `"topic" must be text`,
		`{"qos": 7}`:               "--qos",
		`["topic"]`:                "is no object of JSON",
		`{"topic": "a"`:            "is no object of JSON",
		`{"topic": "a"} {}`:        "has more than one object",
		`{"topic": "a#"}`:          `--topic "a#"`,
		`{"watch": "perhaps"}`:     "--watch",
		`{"session-expiry": true}`: "--session-expiry",
	} {
		_, err := Parse([]string{"run", "x.js", "--config", file(t, text)}, Output{Stdout: io.Discard})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	for _, path := range []string{open, filepath.Join(t.TempDir(), "none.json")} {
		if _, err := Parse([]string{"run", "x.js", "--config", path}, Output{Stdout: io.Discard}); err == nil || !strings.HasPrefix(err.Error(), "--config: ") {
			t.Errorf("%s: got %v", path, err)
		}
	}
}
