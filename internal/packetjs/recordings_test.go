package packetjs_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/packetjs"
)

// recording is a file of testdata: what MQTT.js showed.
type recording struct {
	ProtocolVersion int
	Sent, Received  []shown
	Callbacks       []struct {
		What string
		shown
		Args []json.RawMessage
	}
	Messages []struct{ Packet shown }
}

// shown is one packet object.
type shown struct {
	Cmd            string
	Constructor    string
	OwnKeysInOrder []string
	PropertiesKeys []string
	Value          json.RawMessage
}

func recordings(t *testing.T) map[string]recording {
	t.Helper()
	files, err := filepath.Glob("testdata/packets-*.json")
	if err != nil || len(files) != 4 {
		t.Fatalf("recordings: %v, %v", files, err)
	}
	all := make(map[string]recording)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r recording
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = r
	}
	return all
}

// fixture is a VM with what is needed to build and show packets.
type fixture struct {
	vm       *goja.Runtime
	packets  *packetjs.Builder
	describe goja.Callable
}

// describer writes a packet object in the form of the recordings.
const describer = `(o) => {
	const write = (v) => {
		if (v === undefined) return { $undefined: true }
		if (Buffer.isBuffer(v)) return { $buffer: v.toString('hex'), $utf8: v.toString() }
		if (Array.isArray(v)) return v.map(write)
		if (v === null || typeof v !== 'object') return v
		const out = {}
		const proto = Object.getPrototypeOf(v)
		if (proto === null) out.$proto = 'null'
		else if (proto.constructor.name !== 'Object') out.$proto = proto.constructor.name
		for (const k of Reflect.ownKeys(v)) out[k] = write(v[k])
		return out
	}
	return JSON.stringify({
		constructor: o.constructor.name,
		ownKeysInOrder: Object.keys(o),
		propertiesKeys: o.properties ? Object.keys(o.properties) : null,
		value: write(o),
	})
}`

func newFixture(t *testing.T) *fixture {
	t.Helper()
	vm := goja.New()
	buffers := buffer.New(vm, engine.LazyGlobals(vm))
	_ = vm.Set("Buffer", buffers.Constructor())
	v, err := vm.RunString(describer)
	if err != nil {
		t.Fatal(err)
	}
	describe, _ := goja.AssertFunction(v)
	return &fixture{vm: vm, packets: packetjs.New(vm, buffers.Wrap), describe: describe}
}

// check compares an object with what MQTT.js showed: class, keys in their
// order, and the whole value with the order of its keys.
func (f *fixture) check(t *testing.T, got *goja.Object, want shown) {
	t.Helper()
	v, err := f.describe(goja.Undefined(), got)
	if err != nil {
		t.Fatal(err)
	}
	var g shown
	if err := json.Unmarshal([]byte(v.String()), &g); err != nil {
		t.Fatal(err)
	}
	if want.Constructor == "" {
		want.Constructor = "Packet"
	}
	if g.Constructor != want.Constructor {
		t.Errorf("class %s, want %s", g.Constructor, want.Constructor)
	}
	if !slices.Equal(g.OwnKeysInOrder, want.OwnKeysInOrder) {
		t.Errorf("keys %v, want %v", g.OwnKeysInOrder, want.OwnKeysInOrder)
	}
	if !slices.Equal(g.PropertiesKeys, want.PropertiesKeys) {
		t.Errorf("properties %v, want %v", g.PropertiesKeys, want.PropertiesKeys)
	}
	if a, b := compact(t, g.Value), compact(t, want.Value); a != b {
		t.Errorf("value\n%s\nwant\n%s", a, b)
	}
}

func compact(t *testing.T, data []byte) string {
	t.Helper()
	var b strings.Builder
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	for {
		tok, err := dec.Token()
		if err != nil {
			return b.String()
		}
		out, err := json.Marshal(tok)
		if d, ok := tok.(json.Delim); ok {
			out, err = []byte(d.String()), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		b.Write(out)
		b.WriteByte(' ')
	}
}

func TestPacketsAreThoseOfMQTTJS(t *testing.T) {
	for name, rec := range recordings(t) {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			v := packet.Version(rec.ProtocolVersion)
			for i, want := range rec.Received {
				p := build(t, want.Value, v)
				t.Run("received "+want.Cmd+" "+string(rune('a'+i)), func(t *testing.T) {
					f.check(t, f.packets.Received(p, v), want)
				})
			}
			for i, want := range rec.Sent {
				p, payload := build(t, want.Value, v), f.payload(t, want.Value)
				t.Run("sent "+want.Cmd+" "+string(rune('a'+i)), func(t *testing.T) {
					f.check(t, f.packets.Sent(p, v, payload), want)
				})
			}
			for i, m := range rec.Messages {
				want := m.Packet
				p := build(t, want.Value, v)
				t.Run("message "+string(rune('a'+i)), func(t *testing.T) {
					f.check(t, f.packets.Received(p, v), want)
				})
			}
			for _, c := range rec.Callbacks {
				f.checkCallback(t, c.What, c.shown, c.Args, v)
			}
		})
	}
}

// checkCallback checks the packet objects among a callback's arguments.
func (f *fixture) checkCallback(t *testing.T, what string, own shown, args []json.RawMessage, v packet.Version) {
	t.Helper()
	list := []shown{own}
	for _, arg := range args {
		var s shown
		if json.Unmarshal(arg, &s) == nil {
			list = append(list, s)
		}
	}
	for _, want := range list {
		if want.Value == nil {
			continue
		}
		t.Run(what, func(t *testing.T) {
			p := build(t, want.Value, v)
			if want.Constructor == "Object" {
				f.check(t, f.packets.Sent(p, v, f.payload(t, want.Value)), want)
				return
			}
			f.check(t, f.packets.Received(p, v), want)
		})
	}
}

// payload is what a sent PUBLISH was published with.
func (f *fixture) payload(t *testing.T, value json.RawMessage) goja.Value {
	t.Helper()
	var v struct{ Payload any }
	if err := json.Unmarshal(value, &v); err != nil {
		t.Fatal(err)
	}
	if text, ok := v.Payload.(string); ok {
		return f.vm.ToValue(text)
	}
	return nil
}

// source is a recorded packet object as data.
type source struct {
	Cmd, Topic, ClientID               string
	Payload, Username, Password        any
	QoS                                byte
	Retain, Dup, Clean, SessionPresent bool
	Length                             int
	MessageID                          uint16
	Keepalive                          uint16
	ReturnCode, ReasonCode             packet.ReasonCode
	Granted                            []packet.ReasonCode
	Properties                         json.RawMessage
	Unsubscriptions                    []string
	Subscriptions                      []struct {
		Topic   string
		QoS     byte
		NL, RAP bool
		RH      byte
	}
	Will *struct {
		Topic      string
		Payload    any
		QoS        byte
		Retain     bool
		Properties json.RawMessage
	}
}

func bytesOf(t *testing.T, v any) []byte {
	t.Helper()
	switch v := v.(type) {
	case string:
		return []byte(v)
	case map[string]any:
		if text, ok := v["$buffer"].(string); ok {
			data, err := hex.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
	}
	return nil
}

// build makes the packet that a recorded object shows.
func build(t *testing.T, value json.RawMessage, v packet.Version) packet.Packet {
	t.Helper()
	var s source
	if err := json.Unmarshal(value, &s); err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	props := buildProperties(t, s.Properties)
	switch s.Cmd {
	case "connect":
		return buildConnect(t, s, props, v)
	case "connack":
		return &packet.Connack{SessionPresent: s.SessionPresent, ReasonCode: s.ReturnCode + s.ReasonCode, Properties: props, Length: s.Length}
	case "publish":
		return &packet.Publish{
			Topic: s.Topic, Payload: bytesOf(t, s.Payload), ID: s.MessageID, QoS: s.QoS,
			Retain: s.Retain, Dup: s.Dup, Properties: props, Length: s.Length,
		}
	case "puback", "pubrec", "pubrel", "pubcomp":
		kinds := map[string]packet.Type{"puback": packet.PUBACK, "pubrec": packet.PUBREC, "pubrel": packet.PUBREL, "pubcomp": packet.PUBCOMP}
		return &packet.Ack{Kind: kinds[s.Cmd], ID: s.MessageID, ReasonCode: s.ReasonCode, Properties: props, Length: s.Length}
	case "subscribe":
		p := &packet.Subscribe{ID: s.MessageID, Properties: props}
		for _, sub := range s.Subscriptions {
			p.Subscriptions = append(p.Subscriptions, packet.Subscription{
				Filter: sub.Topic, QoS: sub.QoS, NoLocal: sub.NL, RetainAsPublished: sub.RAP, RetainHandling: sub.RH,
			})
		}
		return p
	case "suback":
		return &packet.Suback{ID: s.MessageID, ReasonCodes: s.Granted, Properties: props, Length: s.Length}
	case "unsubscribe":
		return &packet.Unsubscribe{ID: s.MessageID, Filters: s.Unsubscriptions, Properties: props}
	case "unsuback":
		return &packet.Unsuback{ID: s.MessageID, ReasonCodes: s.Granted, Properties: props, Length: s.Length}
	case "pingreq":
		return &packet.Pingreq{}
	case "pingresp":
		return &packet.Pingresp{}
	case "disconnect":
		return &packet.Disconnect{ReasonCode: s.ReasonCode, Properties: props, Length: s.Length}
	case "auth":
		return &packet.Auth{ReasonCode: s.ReasonCode, Properties: props, Length: s.Length}
	}
	t.Fatalf("unknown packet %q", s.Cmd)
	return nil
}

func buildConnect(t *testing.T, s source, props packet.Properties, v packet.Version) *packet.Connect {
	t.Helper()
	p := &packet.Connect{Version: v, CleanStart: s.Clean, KeepAlive: s.Keepalive, ClientID: s.ClientID, Properties: props}
	p.Username, p.HasUsername = s.Username.(string)
	p.Password = bytesOf(t, s.Password)
	p.HasPassword = p.Password != nil
	if s.Will != nil {
		p.Will = &packet.Will{
			Topic: s.Will.Topic, Payload: bytesOf(t, s.Will.Payload), QoS: s.Will.QoS, Retain: s.Will.Retain,
			Properties: buildProperties(t, s.Will.Properties),
		}
	}
	return p
}

var ids = map[string]packet.PropertyID{
	"payloadFormatIndicator": 0x01, "messageExpiryInterval": 0x02, "contentType": 0x03, "responseTopic": 0x08,
	"correlationData": 0x09, "subscriptionIdentifier": 0x0B, "sessionExpiryInterval": 0x11,
	"assignedClientIdentifier": 0x12, "serverKeepAlive": 0x13, "authenticationMethod": 0x15,
	"authenticationData": 0x16, "requestProblemInformation": 0x17, "willDelayInterval": 0x18,
	"requestResponseInformation": 0x19, "responseInformation": 0x1A, "serverReference": 0x1C,
	"reasonString": 0x1F, "receiveMaximum": 0x21, "topicAliasMaximum": 0x22, "topicAlias": 0x23,
	"maximumQoS": 0x24, "retainAvailable": 0x25, "userProperties": 0x26, "maximumPacketSize": 0x27,
	"wildcardSubscriptionAvailable": 0x28, "subscriptionIdentifiersAvailable": 0x29, "sharedSubscriptionAvailable": 0x2A,
}

// buildProperties makes wire properties in the order of the JSON object.
func buildProperties(t *testing.T, raw json.RawMessage) (props packet.Properties) {
	t.Helper()
	eachKey(t, raw, func(key string, value json.RawMessage) {
		id, ok := ids[key]
		if !ok {
			if key != "$undefined" {
				t.Fatalf("unknown property %q", key)
			}
			return
		}
		if key == "userProperties" {
			eachKey(t, value, func(name string, value json.RawMessage) {
				if name == "$proto" {
					return
				}
				for _, item := range oneOrMore[string](t, value) {
					props = props.AppendUser(name, item)
				}
			})
			return
		}
		var v any
		if err := json.Unmarshal(value, &v); err != nil {
			t.Fatal(err)
		}
		switch v := v.(type) {
		case bool:
			n := uint32(0)
			if v {
				n = 1
			}
			props = props.AppendInt(id, n)
		case string:
			props = props.AppendString(id, v)
		case map[string]any:
			props = props.AppendBytes(id, bytesOf(t, v))
		default:
			for _, n := range oneOrMore[uint32](t, value) {
				props = props.AppendInt(id, n)
			}
		}
	})
	return props
}

func oneOrMore[T any](t *testing.T, raw json.RawMessage) []T {
	t.Helper()
	var list []T
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		t.Fatal(err)
	}
	return []T{one}
}

// eachKey calls f for the members of a JSON object in their order.
func eachKey(t *testing.T, raw json.RawMessage, f func(key string, value json.RawMessage)) {
	t.Helper()
	if len(raw) == 0 || string(raw) == "null" {
		return
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			t.Fatal(err)
		}
		f(key.(string), value)
	}
}
