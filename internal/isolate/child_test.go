package isolate

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// What a script wants is said in the order in which it came to want it, whenever
// its child is told that it has loaded.
func TestWhatTheScriptWantsIsSaidOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.js")
	text := `exports.onConnect = () => require('mqscript').nextMessage('a')`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	opts := optionsOf(&script.Options{Name: "s", Path: path, DataDir: t.TempDir(), TmpDir: t.TempDir()})
	c, err := newChild(settings{Protocol: protocol, Options: opts}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c.script.Start()
	defer func() {
		c.script.Kill()
		<-c.script.Done()
	}()
	<-c.script.Loaded()
	c.script.Notify(&script.Event{Kind: script.EventConnect, Packet: new(packet.Connack)})
	for !c.script.WantsMessages() { // until onConnect has run
		<-c.out.wake
	}
	first := c.news(nil)
	c.wantsOther() // whoever awaits Loaded comes late
	frames := newFrames(bytes.NewReader(append(first, c.news(nil)...)))
	var said []uint64
	for {
		k, body, err := frames.next()
		if err != nil {
			break
		}
		f := &fields{rest: body}
		if k == kindLoaded || k == kindWants {
			said = append(said, f.uint())
		}
	}
	if len(said) != 1 || said[0]&wantsMessages == 0 {
		t.Errorf("it said %x", said)
	}
}
