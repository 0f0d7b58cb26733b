package packetjs_test

import (
	"testing"

	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/packetjs"
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

// TestPacketsInTurn: an object has the names of its own packet, whatever the one
// before had.
func TestPacketsInTurn(t *testing.T) {
	f := newFixture(t)
	var none packet.Properties
	many := none
	for _, name := range []string{"a", "b", "c", "1", "d", "e", "f", "g", "h", "a", "ä"} {
		many = many.AppendUser(name, name+"!")
	}
	for range 2 {
		for _, c := range []struct {
			props packet.Properties
			want  string
		}{
			{none.AppendUser("a", "1").AppendString(packet.PropContentType, "t"), `{"userProperties":{"a":"1"},"contentType":"t"}`},
			{none.AppendUser("a", "2").AppendString(packet.PropContentType, "u"), `{"userProperties":{"a":"2"},"contentType":"u"}`},
			{none.AppendUser("b", "2").AppendString(packet.PropReasonString, "u"), `{"userProperties":{"b":"2"},"reasonString":"u"}`},
			{none.AppendUser("b", "2").AppendUser("b", "3"), `{"userProperties":{"b":["2","3"]}}`},
			{none.AppendUser("b", "2").AppendUser("a", ""), `{"userProperties":{"b":"2","a":""}}`},
			{many, `{"userProperties":{"1":"1!","a":["a!","a!"],"b":"b!","c":"c!","d":"d!","e":"e!","f":"f!","g":"g!","h":"h!","ä":"ä!"}}`},
			{none.AppendInt(packet.PropSubscriptionIdentifier, 1).AppendInt(packet.PropSubscriptionIdentifier, 2000), `{"subscriptionIdentifier":[1,2000]}`},
		} {
			p := &packet.Publish{Topic: "t", Properties: c.props}
			got := f.eval(t, `p.extra = 1; p.properties.extra = 2; delete p.extra; delete p.properties.extra; JSON.stringify(p.properties)`,
				map[string]any{"p": f.packets.Received(p, packet.V5)})
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		}
	}
}

// TestPartOfPublish: what is missing may come from a prototype, which then sees
// the whole packet.
func TestPartOfPublish(t *testing.T) {
	f := newFixture(t)
	p := &packet.Publish{Topic: "t", Payload: []byte("x"), QoS: 1, ID: 7}
	part := func(names ...unistring.String) map[string]any {
		var seen packetjs.Parts
		for _, name := range names {
			seen |= packetjs.PartOf(name)
		}
		return map[string]any{"p": f.packets.PartOfPublish(p, packet.V5, nil, seen)}
	}
	const keys = `Object.keys(p).join() + p.messageId + p.properties`
	for _, c := range []struct {
		before string
		names  []unistring.String
		want   string
	}{
		{"", []unistring.String{"messageId", "qos"}, "qos,messageId7undefined"},
		{"", []unistring.String{"properties", "messageId"}, "messageId7undefined"},
		{"Object.prototype.properties = 1;", []unistring.String{"messageId", "properties"}, "cmd,retain,qos,dup,length,topic,payload,messageId71"},
		{"delete Object.prototype.properties; Object.getPrototypeOf(p).properties = 2;", []unistring.String{"messageId", "properties"}, "cmd,retain,qos,dup,length,topic,payload,messageId72"},
		{"", []unistring.String{"messageId"}, "messageId72"},
	} {
		f.eval(t, c.before+`''`, part("qos"))
		if got := f.eval(t, keys, part(c.names...)); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.before, c.names, got, c.want)
		}
	}
	if packetjs.PartOf("constructor") != 0 {
		t.Error("the constructor is a part")
	}
}
