package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/permission"
)

// parse reads a command line given as words between spaces.
func parse(t *testing.T, line string) (any, error) {
	t.Helper()
	return Parse(strings.Fields(line), Output{Stdout: t.Output(), Version: "v0"})
}

func mustParse[T any](t *testing.T, line string) *T {
	t.Helper()
	settings, err := parse(t, line)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	command, ok := settings.(*T)
	if !ok {
		t.Fatalf("%s: got a %T", line, settings)
	}
	return command
}

func TestDefaults(t *testing.T) {
	run := mustParse[Run](t, "run a.js b.js")
	if want := []string{"a.js", "b.js"}; !reflect.DeepEqual(run.Scripts, want) {
		t.Errorf("scripts are %q", run.Scripts)
	}
	if opts := run.BrokerOptions(); opts.Addr != "127.0.0.1:1883" || !opts.Fallback {
		t.Errorf("broker options are %+v", opts)
	}
	if run.HandlerLimit != Duration(10*time.Second) || run.DataDir != "mqscript-data" || run.URL != "" || run.Stats {
		t.Errorf("settings are %+v", run)
	}
	cfg, warning, err := run.Client()
	if err != nil || warning != "" {
		t.Fatal(warning, err)
	}
	if cfg.Version != packet.V5 || !cfg.CleanStart || cfg.SessionExpiry != nil || cfg.KeepAlive != time.Minute ||
		cfg.ConnectTimeout != 30*time.Second || cfg.ReconnectPeriod != time.Second || cfg.TLS != nil || cfg.Will != nil || cfg.Password != nil {
		t.Errorf("client settings are %v %+v", cfg, cfg.CleanStart)
	}
	if pub := mustParse[Pub](t, "pub -t a -m b"); pub.URL != DefaultURL {
		t.Errorf("URL is %q", pub.URL)
	}
}

func TestScriptArguments(t *testing.T) {
	run := mustParse[Run](t, "run a.js -t x -- --help b -- c")
	if fmt.Sprint(run.Scripts, run.Args) != "[a.js] [--help b -- c]" {
		t.Errorf("scripts are %q, arguments %q", run.Scripts, run.Args)
	}
	if run := mustParse[Run](t, "run --listen 127.0.0.1:0 a.js"); run.BrokerOptions().Fallback {
		t.Error("a chosen address falls back")
	}
}

func TestMosquittoHabits(t *testing.T) {
	pub := mustParse[Pub](t, "pub -h example.org -p 99 -t a -m -5 -q 2 -r -i me -u ann -P pw -V mqttv311 -k 7")
	cfg, _, err := pub.Client()
	if err != nil {
		t.Fatal(err)
	}
	if cfg.URL != "mqtt://example.org:99" || cfg.Version != packet.V311 || cfg.ClientID != "me" ||
		cfg.Username != "ann" || string(cfg.Password) != "pw" || cfg.KeepAlive != 7*time.Second {
		t.Errorf("client settings are %v", cfg)
	}
	if *pub.Message != "-5" || pub.QoS != 2 || !pub.Retain {
		t.Errorf("settings are %+v", pub)
	}
	sub := mustParse[Sub](t, "sub -t a -t b/# -T b/c -C 3 -W 1.5 -R -N -v -c -i me --cafile x -h example.org")
	if sub.URL != "mqtts://example.org:8883" || sub.Wait != Duration(1500*time.Millisecond) || sub.Count != 3 || len(sub.Topic) != 2 {
		t.Errorf("settings are %+v", sub)
	}
	if expiry := sub.sessionExpiry(); expiry == nil || *expiry != uint32(Never) {
		t.Error("--no-clean does not keep the session in MQTT 5")
	}
	if pub := mustParse[Pub](t, "pub -t a -n -p 1884"); pub.URL != "mqtt://127.0.0.1:1884" {
		t.Errorf("URL is %q", pub.URL)
	}
}

func TestProperties(t *testing.T) {
	pub := mustParse[Pub](t, "pub -t a -n -D publish content-type text/plain --property publish user-property k -v "+
		"-D connect user-property a b -D will will-delay-interval 5 --will-topic w --will-message m --will-qos 1 --will-retain -D publish topic-alias 3")
	props, err := pub.Property.For(packet.PUBLISH)
	want := packet.Properties(nil).AppendString(packet.PropContentType, "text/plain").AppendUser("k", "-v").AppendInt(packet.PropTopicAlias, 3)
	if err != nil || !bytes.Equal(props, want) {
		t.Errorf("PUBLISH gets % x, want % x (%v)", props, want, err)
	}
	cfg, _, err := pub.Client()
	if err != nil {
		t.Fatal(err)
	}
	if want := packet.Properties(nil).AppendUser("a", "b"); !bytes.Equal(cfg.ConnectProperties, want) {
		t.Errorf("CONNECT gets % x", cfg.ConnectProperties)
	}
	if w := cfg.Will; w.Topic != "w" || string(w.Payload) != "m" || w.QoS != 1 || !w.Retain ||
		w.Properties.Int(packet.PropWillDelayInterval, 0) != 5 {
		t.Errorf("the will is %+v", w)
	}
	if _, err := (Properties{
		{Packet: "publish", Name: "content-type", Value: "a"}, {Packet: "publish", Name: "content-type", Value: "b"},
	}).For(packet.PUBLISH); err == nil {
		t.Error("a property that may not repeat is taken twice")
	}
}

func TestUsageErrors(t *testing.T) {
	pub, sub := "pub -t a -n ", "sub -t a "
	for line, want := range map[string]string{
		"rnu":                                    `unexpected argument rnu, did you mean "run"?`,
		"--log-level debug":                      "unknown flag --log-level",
		"pub --tpic a":                           `unknown flag --tpic, did you mean "--topic"?`,
		"run":                                    "a script is missing",
		"--bogus":                                "unknown flag --bogus",
		"pub -t a":                               "nothing to publish",
		"pub -t a -m b -n":                       "--message and --null-message can't be used together",
		"pub -t a -m":                            "--message needs a value",
		"pub -t a -rm":                           "--message needs a value",
		"pub -m a":                               "missing flags: --topic=TOPIC",
		"pub -t a/# -n":                          "wildcard",
		pub + "-q 3":                             `--qos: "3" is no quality of service`,
		pub + "--repeat 0":                       "--repeat must be at least 1",
		"pub -t a -l --repeat 2":                 "--repeat does not go with --stdin-line",
		pub + "--repeat-delay soon":              `--repeat-delay: "soon" is no time span`,
		pub + "-V 4":                             `there is no MQTT "4" here, only 3.1, 3.1.1 and 5`,
		pub + "-k 65536":                         "--keepalive",
		pub + "-k 1.5":                           "--keepalive",
		pub + "-x 4294967296":                    "--session-expiry",
		pub + "-x 5 -V 3.1.1":                    "--session-expiry needs MQTT 5, and --protocol says 3.1.1",
		pub + "-c":                               "--no-clean needs --client-id",
		pub + "--connect-timeout 0":              "--connect-timeout must be over zero",
		pub + "--url localhost:1883":             `did you mean "mqtt://localhost:1883"?`,
		pub + "--url http://x":                   "http://x is no MQTT URL",
		pub + "--url mqtt://":                    "names no host",
		pub + "--url mqtt://x:port":              "that is no URL",
		pub + "--url unix://x":                   "unix:// needs the socket's whole path",
		pub + "--url mqtt://a -h b":              "--url and --host or --port name the same thing",
		pub + "--url mqtt://a --insecure":        "mqtt:// is without: use mqtts://",
		pub + "--url mqtts://a --cert x":         "--cert and --key belong together",
		pub + "-P a --password-file b":           "--password and --password-file name the same thing",
		pub + "--will-retain":                    "need --will-topic",
		pub + "--will-topic a/+":                 "--will-topic",
		pub + "-D publish":                       "needs PACKET NAME VALUE",
		pub + "-D publish user-property a":       "needs PACKET NAME VALUE",
		pub + "-D puback reason a":               `"puback" is no packet that takes properties here`,
		pub + "-D publish will-delay-interval 1": `publish takes no property "will-delay-interval" here`,
		pub + "-D publish topic-alias x":         "topic-alias is a number from 0 to 65535",
		pub + "-D subscribe user-property a b":   "pub sends no such packet",
		pub + "-D publish content-type a -V 3.1": "--property needs MQTT 5",
		pub + "--log-format xml":                 "--log-format must be one of",
		"sub -t a#":                              `--topic "a#"`,
		sub + "-T a/#/b":                         `--filter-out "a/#/b"`,
		sub + "-C -1":                            "--count must be at least 1",
		sub + "-R --retained-only":               "leave no message",
		sub + "-v -F %p":                         "--verbose and --format do not go together",
		sub + "--no-local -V 3.1":                "--no-local needs MQTT 5",
		"run a.js --sandbox lax":                 `--sandbox: there is no level "lax", only default and strict`,
		"run a.js --allow-net=http://x":          "--allow-net=http://x: a URL is no host; the flag takes HOST, HOST:PORT",
		"run a.js --allow-listen=a:b":            `"b" is no port; the flag takes HOST:PORT, :PORT`,
		"run a.js --allow-env=A=b":               "--allow-env takes the name of one variable",
		"run a.js --allow-read=":                 "--allow-read takes the path of a file or folder",
		"run a.js --allow-write=":                "--allow-write takes the path of a file or folder",
		"run a.js --session d -x 0":              "--session needs a session that the server keeps too",
		"run a.js --session d --session-sync no": "--session-sync must be one of",
		"run a.js --session":                     "--session needs a value",
		"run a.js --handler-limit 0":             "--handler-limit must be over zero",
		"run a.js --listen nonsense":             `--listen: "nonsense" is no address`,
		"run a.js --listen :1 --url mqtt://a":    "does not run with --url",
		"run a.js --insecure":                    "name it with --url mqtts://",
		"run a.js -t a/#/b":                      `--topic "a/#/b"`,
		"broker --listen x":                      `--listen: "x" is no address`,
		"broker --ws x":                          `--ws: "x" is no address`,
		"broker --password-file x":               "--password-file needs --user",
		"broker --user a --anonymous":            "do not go together",
		"broker --max-packet-size 1":             "--max-packet-size is a number from 128",
		"init a b":                               "unexpected argument b",
	} {
		settings, err := parse(t, line)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %+v and the error %v, want %q", line, settings, err, want)
			continue
		}
		if strings.ContainsAny(err.Error(), "\n") {
			t.Errorf("%s: more than one line: %q", line, err)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	for line, want := range map[string]string{
		"":                    "Usage: mqscript <command>",
		"--help":              "Usage: mqscript <command>",
		"-h":                  "Usage: mqscript <command>",
		"help":                "Usage: mqscript <command>",
		"help pub":            "Usage: mqscript pub",
		"run -h":              "Usage: mqscript run",
		"sub --help":          "--filter-out",
		"broker -h":           "--anonymous",
		"--version":           "mqscript v0\n",
		"init --force --help": "Usage: mqscript init",
	} {
		var out bytes.Buffer
		settings, err := Parse(strings.Fields(line), Output{Stdout: &out, Version: "v0"})
		if settings != nil || err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%q: got %v, %v and\n%s", line, settings, err, &out)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Setenv("MQSCRIPT_PASSWORD", "hunter2")
	var out bytes.Buffer
	for _, line := range []string{
		"pub --help -P hunter2", "pub -t a -n -u x -P hunter2", "pub -t a -n -u x -P hunter2 --bogus",
		"pub -t a -n --url http://u:hunter2@x", "pub -t a -n --url mqtt://u:hunter2@x:port", "pub -t a -n --url mqtt://u:hunter2@",
	} {
		settings, err := Parse(strings.Fields(line), Output{Stdout: &out})
		_, _ = fmt.Fprintf(&out, "%+v %#v %v", settings, settings, err)
		if pub, ok := settings.(*Pub); ok {
			_, _ = fmt.Fprintf(&out, "%v %+v %#v", *pub.Password, *pub.Password, *pub.Password)
			text, _ := pub.Password.MarshalText()
			out.Write(text)
		}
	}
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("the password shows:\n%s", &out)
	}
}

func TestCredentials(t *testing.T) {
	private := filepath.Join(t.TempDir(), "private")
	if err := os.WriteFile(private, []byte("from file\r\nsecond line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ env, line, user, password string }{
		{"", "pub -t a -n", "", ""},
		{"", "pub -t a -n --url mqtt://u:p@h", "u", "p"},
		{"from env", "pub -t a -n", "", ""}, // it belongs to nobody
		{"from env", "pub -t a -n -u ann", "ann", "from env"},
		{"from env", "pub -t a -n --url mqtt://u:p@h", "u", "from env"},
		{"from env", "pub -t a -n -u ann -P flag", "ann", "flag"},
		{"from env", "pub -t a -n -u ann --password-file " + private, "ann", "from file"},
		{"", "pub -t a -n -u ann --url mqtt://u:p@h", "ann", "p"},
		{"", "pub -t a -n -P token", "", "token"},
	} {
		if c.env != "" {
			t.Setenv("MQSCRIPT_PASSWORD", c.env)
		} else {
			_ = os.Unsetenv("MQSCRIPT_PASSWORD")
		}
		cfg, warning, err := mustParse[Pub](t, c.line).Client()
		if err != nil || warning != "" {
			t.Errorf("%s: %q, %v", c.line, warning, err)
		}
		if cfg.Username != c.user || string(cfg.Password) != c.password {
			t.Errorf("%s: got %q with %q, want %q with %q", c.line, cfg.Username, cfg.Password, c.user, c.password)
		}
	}
}

func TestPasswordFileThatOthersRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("file modes mean nothing here")
	}
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	_, warning, err := mustParse[Pub](t, "pub -t a -n -u ann --password-file "+open).Client()
	if err != nil || !strings.Contains(warning, "chmod 600") {
		t.Errorf("warning is %q, error %v", warning, err)
	}
	_, _, err = mustParse[Pub](t, "pub -t a -n -u ann --password-file "+open+"x").Client()
	if err == nil || !strings.Contains(err.Error(), "--password-file") {
		t.Errorf("error is %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("MQSCRIPT_URL", "mqtt://fromenv")
	t.Setenv("MQSCRIPT_USERNAME", "ann")
	run := mustParse[Run](t, "run a.js")
	if run.URL != "mqtt://fromenv" || run.Username != "ann" {
		t.Errorf("settings are %+v", run)
	}
	if pub := mustParse[Pub](t, "pub -t a -n -h flag"); pub.URL != "mqtt://flag:1883" {
		t.Errorf("URL is %q", pub.URL)
	}
	if pub := mustParse[Pub](t, "pub -t a -n --url mqtt://flag"); pub.URL != "mqtt://flag" {
		t.Errorf("URL is %q", pub.URL)
	}
	t.Setenv("MQSCRIPT_URL", "nonsense")
	if _, err := parse(t, "run a.js"); err == nil {
		t.Error("a wrong URL in the environment is taken")
	}
}

func TestTLSFiles(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"--ca " + empty:                       "holds no certificate",
		"--ca " + empty + "x":                 "--ca: open",
		"--cert " + empty + " --key " + empty: "--cert and --key",
	} {
		_, _, err := mustParse[Pub](t, "pub -t a -n --url mqtts://h "+line).Client()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v", line, err)
		}
	}
	cfg, _, err := mustParse[Pub](t, "pub -t a -n --url mqtts://h --insecure").Client()
	if err != nil || !cfg.TLS.InsecureSkipVerify || cfg.TLS.MinVersion < 0x0303 {
		t.Errorf("TLS settings are %+v (%v)", cfg.TLS, err)
	}
}

func TestStore(t *testing.T) {
	if run := mustParse[Run](t, "run a.js --store redis://ann:hunter2@host/1"); run.Store != "redis://ann:hunter2@host/1" || fmt.Sprint(run.Store) != "***" {
		t.Errorf("the store is %q", string(run.Store))
	}
	t.Setenv("MQSCRIPT_STORE", "rediss://host")
	if run := mustParse[Run](t, "run a.js"); run.Store != "rediss://host" {
		t.Errorf("the store of the environment is %q", string(run.Store))
	}
	_, err := Parse([]string{"run", "a.js", "--store", "http://ann:hunter2@host"}, Output{})
	if err == nil || err.Error() != "--store: a store is at redis:// or rediss://, not at http://" {
		t.Error(err)
	}
}

func TestBrokerOptions(t *testing.T) {
	opts, _, err := mustParse[Broker](t, "broker --listen 127.0.0.1:0 --ws 127.0.0.1:0 --max-packet-size 1000").Options()
	if err != nil || opts.Addr != "127.0.0.1:0" || opts.WebSocket != "127.0.0.1:0" || opts.MaxPacketSize != 1000 || opts.Users != nil {
		t.Errorf("options are %+v (%v)", opts, err)
	}
	_ = os.Unsetenv("MQSCRIPT_PASSWORD")
	if _, _, err := mustParse[Broker](t, "broker -u ann").Options(); err == nil {
		t.Error("a user without a password is taken")
	}
	t.Setenv("MQSCRIPT_PASSWORD", "x")
	opts, _, err = mustParse[Broker](t, "broker -u ann").Options()
	if err != nil || opts.Users["ann"] != "x" {
		t.Errorf("options are %+v (%v)", opts, err)
	}
}

// TestMain keeps the settings of whoever runs the tests out of them.
func TestMain(m *testing.M) {
	for _, name := range []string{"MQSCRIPT_URL", "MQSCRIPT_USERNAME", "MQSCRIPT_PASSWORD", "MQSCRIPT_STORE"} {
		_ = os.Unsetenv(name)
	}
	os.Exit(m.Run())
}

func TestPermissions(t *testing.T) {
	run := mustParse[Run](t, "run a.js --sandbox strict --allow-net=a:1 --allow-net b --allow-env A --allow-env=B* --allow-read x,y --allow-write z --allow-listen=:80 --allow-listen")
	want := permission.Config{
		Strict: true, Read: []string{"x,y"}, Write: []string{"z"}, Net: []string{"a:1", "b"},
		Env: []string{"A", "B*"}, Listen: []string{":80", "*"},
	}
	if got := run.Permissions.Config(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if got := mustParse[Run](t, "run a.js").Permissions.Config(); !reflect.DeepEqual(got, permission.Config{}) {
		t.Errorf("without flags: %+v", got)
	}
	if run := mustParse[Run](t, "run --allow-listen a.js"); len(run.Scripts) != 1 || len(run.AllowListen) != 1 {
		t.Errorf("--allow-listen takes the script's name: %+v", run)
	}
}
