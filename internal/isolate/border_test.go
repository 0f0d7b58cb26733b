package isolate

import (
	"bytes"
	"errors"
	"io"
	"math/rand"
	"reflect"
	"slices"
	"testing"
	"testing/iotest"
	"testing/quick"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
)

// only reads the only frame of buf.
func only(t *testing.T, buf []byte, want kind) *fields {
	t.Helper()
	r := newFrames(bytes.NewReader(buf))
	k, body, err := r.next()
	if err != nil || k != want {
		t.Fatalf("kind %d, want %d; error %v", k, want, err)
	}
	f := owned(body)
	if _, _, err := r.next(); !errors.Is(err, io.EOF) {
		t.Fatalf("a second frame: %v", err)
	}
	return f
}

// sameValue fails when a value has changed on its way over the border.
func sameValue(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%#v\nwant\n%#v", got, want)
	}
}

// fill sets every field of *v, so that none can be forgotten: a field that is
// new to a type of the border fails here until it crosses.
func fill(t *testing.T, v any, seed int64) {
	t.Helper()
	random := rand.New(rand.NewSource(seed))
	value := reflect.ValueOf(v).Elem()
	for i := range value.NumField() {
		field := value.Field(i)
		for tries := 0; field.IsZero(); tries++ {
			filled, ok := quick.Value(field.Type(), random)
			if !ok || tries > 1000 {
				t.Fatalf("%s of %v cannot be filled", value.Type().Field(i).Name, value.Type())
			}
			field.Set(filled)
		}
	}
}

// within makes a PUBLISH one that this program could have: the fields have a
// smaller range than their types.
func within(p *packet.Publish) {
	p.QoS = p.QoS%2 + 1
	p.Length = max(p.Length, -p.Length) >> 1
}

func TestPublishRequestsCrossTheBorder(t *testing.T) {
	for seed := range int64(50) {
		var req script.PublishRequest
		fill(t, &req, seed)
		within(&req.Packet)
		f := only(t, appendRequest(nil, &req), kindPublish)
		sameValue(t, f.request(), &req)
		if f.err != nil {
			t.Error(f.err)
		}
	}
	bare := &script.PublishRequest{Packet: packet.Publish{Topic: "t", Properties: packet.Properties{}, Payload: []byte{}}}
	sameValue(t, only(t, appendRequest(nil, bare), kindPublish).request(), bare)
}

func TestMessagesCrossTheBorder(t *testing.T) {
	for seed := range int64(50) {
		m := script.Message{Version: packet.V311, Packet: new(packet.Publish)}
		fill(t, m.Packet, seed)
		within(m.Packet)
		if m.Topic = m.Packet.Topic; seed%2 == 0 {
			m.Topic = "the topic of an alias"
		}
		number, got := only(t, appendMessage(nil, 77, &m), kindMessage).message()
		sameValue(t, got, &m)
		if number != 77 {
			t.Errorf("number %d", number)
		}
	}
	if n := reflect.TypeFor[script.Message]().NumField(); n != 4 {
		t.Errorf("a message has %d fields; those that are new must cross the border too", n)
	}
}

func TestEventsCrossTheBorder(t *testing.T) {
	user := packet.Properties(nil).AppendUser("a", "b")
	for _, e := range []script.Event{
		{Kind: script.EventConnect, Version: packet.V5, Packet: &packet.Connack{SessionPresent: true, Properties: user, Length: 12}},
		{Kind: script.EventConnect, Version: packet.V31, Packet: &packet.Connack{ReasonCode: 5, Length: 2}},
		{Kind: script.EventReconnect, Version: packet.V5},
		{Kind: script.EventDisconnect, Version: packet.V5, Packet: &packet.Disconnect{ReasonCode: packet.ServerBusy, Length: 1}},
		{Kind: script.EventError, Version: packet.V5, Err: &script.ClientError{Name: "Error", Message: "no", Code: "ECONNREFUSED"}},
		{Kind: script.EventError, Version: packet.V5, Err: &script.ClientError{Name: "ErrorWithReasonCode", Message: "no", Reason: 0x87, HasReason: true}},
		{Kind: script.EventPublish, Version: packet.V311, Form: script.FormArrayBuffer, Packet: &packet.Publish{
			Topic: "t", QoS: 1, Payload: []byte("x"), Properties: packet.Properties(nil).AppendInt(packet.PropSubscriptionIdentifier, 5),
		}},
		{Kind: script.EventPacketSend, Version: packet.V5, Packet: &packet.Connect{
			Version: packet.V5, ClientID: "c", HasUsername: true, Username: "u", HasPassword: true, Password: []byte("***"),
			Will: &packet.Will{Topic: "w", Payload: []byte("p"), QoS: 1},
		}},
		{Kind: script.EventPacketSend, Version: packet.V5, Packet: &packet.Subscribe{
			ID: 3, Subscriptions: []packet.Subscription{{Filter: "a/#", QoS: 2, NoLocal: true, RetainHandling: 1}},
		}},
		{Kind: script.EventPacketSend, Version: packet.V311, Packet: &packet.Unsubscribe{ID: 3, Filters: []string{"a", "b"}}},
		{Kind: script.EventPacketSend, Version: packet.V5, Packet: &packet.Pingreq{}},
		{Kind: script.EventPacketReceive, Version: packet.V5, Packet: &packet.Pingresp{}},
		{Kind: script.EventPacketReceive, Version: packet.V5, Packet: &packet.Suback{ID: 3, ReasonCodes: []packet.ReasonCode{0, 0x80}, Length: 5}},
		{Kind: script.EventPacketReceive, Version: packet.V311, Packet: &packet.Unsuback{ID: 3, Length: 2}},
		{Kind: script.EventPacketReceive, Version: packet.V5, Packet: &packet.Ack{Kind: packet.PUBREC, ID: 9, ReasonCode: 0x10, Length: 3}},
		{Kind: script.EventPacketReceive, Version: packet.V5, Packet: &packet.Auth{
			ReasonCode: 0x18, Properties: packet.Properties(nil).AppendString(packet.PropAuthenticationMethod, "m"), Length: 9,
		}},
	} {
		f := only(t, appendEvent(nil, &e), kindEvent)
		got := f.event()
		if f.err != nil {
			t.Errorf("%+v: %v", e, f.err)
		}
		sameValue(t, got, &e)
	}
	if appendEvent([]byte("x"), &script.Event{Version: packet.V5, Packet: &packet.Subscribe{}})[0] != 'x' {
		t.Error("an event that has no form is left out, and what was there before it stays")
	}
}

func TestQuestionsAndAnswersCrossTheBorder(t *testing.T) {
	subs := []packet.Subscription{
		{Filter: "a", QoS: 2, NoLocal: true, RetainHandling: 2},
		{Filter: "b", RetainAsPublished: true, RetainHandling: 1},
	}
	props := packet.Properties(nil).AppendInt(packet.PropSubscriptionIdentifier, 9)
	id, gotSubs, gotProps := only(t, appendSubscribe(nil, 5, subs, props), kindSubscribe).subscribe()
	sameValue(t, []any{id, gotSubs, gotProps}, []any{uint64(5), subs, props})

	id, filters, gotProps := only(t, appendUnsubscribe(nil, 6, []string{"a", "ü"}, nil), kindUnsubscribe).unsubscribe()
	sameValue(t, []any{id, filters, gotProps}, []any{uint64(6), []string{"a", "ü"}, packet.Properties(nil)})

	wrong := &script.ClientError{}
	fill(t, wrong, 1)
	f := only(t, appendPublishDone(nil, 1<<63|8, wrong), kindPublishDone)
	sameValue(t, []any{f.uint(), f.clientError()}, []any{uint64(1<<63 | 8), wrong})

	codes := []packet.ReasonCode{1, 0x97}
	id, gotCodes, err := only(t, appendSubscribeDone(nil, 4, codes, nil), kindSubscribeDone).subscribeDone()
	sameValue(t, []any{id, gotCodes, err}, []any{uint64(4), codes, (*script.ClientError)(nil)})

	info := &script.ClientInfo{}
	fill(t, info, 2)
	sameValue(t, only(t, appendClient(nil, *info), kindClient).client(), info)

	c := counts{1, 2, 3, 4 * time.Second, 5}
	sameValue(t, only(t, appendCounts(nil, c), kindCounts).counts(), c)
}

// What a script is started with reaches the child, whatever is added to it.
func TestOptionsCrossTheBorder(t *testing.T) {
	functions := []string{"Host", "Console", "Settled", "Finished", "Wanted", "Required"}
	var want script.Options
	value := reflect.ValueOf(&want).Elem()
	random := rand.New(rand.NewSource(1))
	for i := range value.NumField() {
		name, field := value.Type().Field(i).Name, value.Field(i)
		switch {
		case slices.Contains(functions, name):
		case name == "Permissions":
			policy, err := permission.New(permission.Config{
				Strict: true, Read: []string{"/r"}, Write: []string{"/w"}, Net: []string{"h:1"}, Env: []string{"E"}, Listen: []string{":2"},
			})
			if err != nil {
				t.Fatal(err)
			}
			want.Permissions = policy
		default:
			for field.IsZero() {
				filled, ok := quick.Value(field.Type(), random)
				if !ok {
					t.Fatalf("%s cannot be filled", name)
				}
				field.Set(filled)
			}
		}
	}
	want.Path = "/\xff/not UTF-8.js" // a path is any bytes
	set := settings{Protocol: 1, Memory: 2, Options: optionsOf(&want), Client: script.ClientInfo{ID: "c"}}
	frame, err := set.encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeSettings(only(t, frame, kindSettings).rest)
	if err != nil {
		t.Fatal(err)
	}
	options, err := got.Options.script()
	if err != nil {
		t.Fatal(err)
	}
	sameValue(t, options, want)
	sameValue(t, got.Client, set.Client)
}

// Whatever comes over the pipe, reading it ends in a frame or an error.
func FuzzFrames(f *testing.F) {
	f.Add(appendMessage(nil, 1, message(1, "x")))
	f.Add(appendRequest(nil, &script.PublishRequest{ID: 1, Packet: packet.Publish{Topic: "t"}}))
	f.Add(appendEvent(nil, &script.Event{Kind: script.EventConnect, Version: packet.V5, Packet: &packet.Connack{}}))
	f.Add(appendSubscribe(nil, 1, []packet.Subscription{{Filter: "a"}}, nil))
	f.Add(appendSubscribeDone(nil, 1, []packet.ReasonCode{1}, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newFrames(iotest.OneByteReader(bytes.NewReader(data)))
		for {
			_, body, err := r.next()
			if err != nil {
				return
			}
			for _, read := range []func(*fields){
				func(f *fields) { f.message() },
				func(f *fields) { f.event() },
				func(f *fields) { f.request() },
				func(f *fields) { f.subscribe() },
				func(f *fields) { f.unsubscribe() },
				func(f *fields) { _, _, _ = f.subscribeDone() },
				func(f *fields) { f.client() },
				func(f *fields) { f.counts() },
			} {
				fields := owned(body)
				read(fields)
				if fields.err == nil && len(fields.rest) > len(body) {
					t.Fatal("more is left than there was")
				}
			}
		}
	})
}

// A stream that ends, wherever that is, ends in the right error.
func TestFramesEndAnywhere(t *testing.T) {
	whole := appendMessage(appendMessage(nil, 1, message(1, "first")), 2, message(0, string(make([]byte, 3*readSize))))
	first := len(appendMessage(nil, 1, message(1, "first")))
	for cut := 0; cut < len(whole); cut += 1 + cut/50 {
		r := newFrames(iotest.HalfReader(bytes.NewReader(whole[:cut])))
		n := 0
		for {
			_, _, err := r.next()
			if err == nil {
				n++
				continue
			}
			want := io.ErrUnexpectedEOF
			if cut == 0 || cut == first {
				want = io.EOF
			}
			if !errors.Is(err, want) {
				t.Errorf("cut at %d: %v, want %v", cut, err, want)
			}
			break
		}
		if want := min(cut/first, 1); n != want {
			t.Errorf("cut at %d: %d frames, want %d", cut, n, want)
		}
	}
	if _, _, err := newFrames(bytes.NewReader([]byte{0xFF, 0xFF, 0xFF, 0xFF, 1})).next(); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("a frame that is too large: %v", err)
	}
}

// Large frames do not leave their memory behind.
func TestFramesGiveMemoryBack(t *testing.T) {
	stream := appendMessage(nil, 1, message(0, string(make([]byte, 4*keepSize))))
	for range 3 {
		stream = appendMessage(stream, 2, message(0, "small"))
	}
	r := newFrames(iotest.DataErrReader(bytes.NewReader(stream)))
	for range 4 {
		if _, _, err := r.next(); err != nil {
			t.Fatal(err)
		}
	}
	_, _, _ = r.next()
	if len(r.buf) > keepSize {
		t.Errorf("the reader keeps %d bytes", len(r.buf))
	}
}
