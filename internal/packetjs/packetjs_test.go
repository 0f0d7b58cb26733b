package packetjs_test

import (
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
)

func (f *fixture) eval(t *testing.T, source string, globals map[string]any) string {
	t.Helper()
	for name, v := range globals {
		_ = f.vm.Set(name, v)
	}
	v, err := f.vm.RunString(source)
	if err != nil {
		t.Fatal(err)
	}
	return v.String()
}

func TestUserPropertyNamesCannotReachPrototypes(t *testing.T) {
	f := newFixture(t)
	props := packet.Properties(nil).AppendUser("__proto__", "x").AppendUser("constructor", "y").AppendUser("__proto__", "z")
	for _, received := range []bool{true, false} {
		got := f.eval(t, `JSON.stringify([Object.keys(p.userProperties), Object.entries(p.userProperties), ({}).x === undefined])`,
			map[string]any{"p": f.packets.Properties(props, received)})
		want := `[["__proto__","constructor"],[["__proto__",["x","z"]],["constructor","y"]],true]`
		if got != want {
			t.Errorf("received %v: %s, want %s", received, got, want)
		}
	}
}

func TestPacketShowsTheGivenPayload(t *testing.T) {
	f := newFixture(t)
	p := &packet.Publish{Topic: "a", Payload: []byte("x")}
	payload := f.packets.Received(p, packet.V311).Get("payload").ToObject(f.vm)
	o := f.packets.ReceivedPublish(p, packet.V311, payload)
	if !o.Get("payload").SameAs(payload) {
		t.Error("packet.payload is another object")
	}
	f.eval(t, `b.payload[0] = 0`, map[string]any{"b": o})
	if string(p.Payload) != "x" {
		t.Errorf("JavaScript changed the packet: %q", p.Payload)
	}
}

func TestOnlyVersion5HasProperties(t *testing.T) {
	f := newFixture(t)
	p := &packet.Publish{Topic: "a", Properties: packet.Properties(nil).AppendString(packet.PropContentType, "x")}
	got := f.eval(t, `JSON.stringify(['properties' in r4, 'properties' in s4, r5.properties, s5.properties])`, map[string]any{
		"r4": f.packets.Received(p, packet.V311), "s4": f.packets.Sent(p, packet.V311, nil),
		"r5": f.packets.Received(p, packet.V5), "s5": f.packets.Sent(p, packet.V5, nil),
	})
	if want := `[false,false,{"contentType":"x"},{"contentType":"x"}]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
