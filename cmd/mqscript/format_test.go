package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
)

func printed(t *testing.T, settings config.Sub, p packet.Publish) string {
	t.Helper()
	f, err := newFormat(&settings)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	out := bufio.NewWriter(&buf)
	f.write(out, &mqtt.Message{Message: packet.Message{Topic: "a/b", Packet: &p}})
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestFormats(t *testing.T) {
	message := packet.Publish{Payload: []byte{'h', 'i', 0xFF}, QoS: 1, Retain: true}
	for _, c := range []struct {
		settings config.Sub
		want     string
	}{
		{config.Sub{}, "hi\xff\n"},
		{config.Sub{NoNewline: true}, "hi\xff"},
		{config.Sub{Verbose: true}, "a/b hi\xff\n"},
		{config.Sub{Format: `%x %l %q %r 100%% \t\\\r\0`}, "6869ff 3 1 1 100% \t\\\r\x00\n"},
		{config.Sub{Format: "plain"}, "plain\n"},
	} {
		if got := printed(t, c.settings, message); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.settings.Format, got, c.want)
		}
	}
	for text, want := range map[string]string{"%": "ends with", `a\`: "ends with", "%z": `"%z"`, `\q`: "does not know"} {
		// The newline that follows must not be taken for the missing letter.
		if _, err := newFormat(&config.Sub{Format: text, NoNewline: true}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error is %v", text, err)
		}
		if _, err := newFormat(&config.Sub{Format: text}); err == nil {
			t.Errorf("%q and a newline is taken", text)
		}
	}
}

func TestFormatJSON(t *testing.T) {
	var got map[string]any
	text := printed(t, config.Sub{Format: "%j"}, packet.Publish{Payload: []byte{0xFF}, QoS: 1, ID: 9})
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if _, there := got["payload"]; there || got["payload_base64"] != "/w==" || got["mid"] != 9.0 {
		t.Errorf("got %s", text)
	}
	text = printed(t, config.Sub{Format: "%j"}, packet.Publish{})
	if !strings.Contains(text, `"payload":""`) {
		t.Errorf("got %s", text)
	}
}
