package isolate

import (
	"bytes"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// This file is the data of script's border as bytes, and back. What is decoded
// shares the memory that it was decoded from.

// The flags of a PUBLISH; its QoS is in the two lowest bits.
const (
	flagRetain = 4 << iota
	flagDup
	flagOtherTopic // of a message: its topic is not the packet's
	flagWhenStored // of a publish
)

// appendPublish writes the fields of a PUBLISH and not its form on the wire,
// which could not hold what a script may say and a client may not send.
func appendPublish(buf []byte, p *packet.Publish, flags byte) []byte {
	flags |= p.QoS & 3
	if p.Retain {
		flags |= flagRetain
	}
	if p.Dup {
		flags |= flagDup
	}
	buf = append(buf, flags)
	buf = appendUint(buf, uint64(p.ID))
	buf = appendUint(buf, uint64(p.Length))
	buf = appendText(buf, p.Topic)
	buf = appendBytes(buf, p.Properties)
	return appendBytes(buf, p.Payload)
}

func (f *fields) publish() (p packet.Publish, flags byte) {
	flags = f.byte()
	return packet.Publish{
		QoS: flags & 3, Retain: flags&flagRetain != 0, Dup: flags&flagDup != 0,
		ID: uint16(f.uint()), Length: int(f.uint()), Topic: f.text(), Properties: f.bytes(), Payload: f.bytes(),
	}, flags
}

// appendMessage writes a message; number is what the child names it by when it
// is done with it, 0 when it need not.
func appendMessage(buf []byte, number uint64, m *script.Message) []byte {
	buf, mark := begin(buf, kindMessage)
	buf = appendUint(buf, number)
	buf = append(buf, byte(m.Version))
	if m.Topic == m.Packet.Topic {
		buf = appendPublish(buf, m.Packet, 0)
	} else {
		buf = appendText(appendPublish(buf, m.Packet, flagOtherTopic), m.Topic)
	}
	return finish(buf, mark)
}

func (f *fields) message() (number uint64, m *script.Message) {
	number = f.uint()
	version := packet.Version(f.byte())
	p, flags := f.publish()
	m = &script.Message{Topic: p.Topic, Packet: &p, Version: version}
	if flags&flagOtherTopic != 0 {
		m.Topic = f.text()
	}
	return number, m
}

// appendEvent writes a client event; nothing when its packet has no form in the
// connection's version.
func appendEvent(buf []byte, e *script.Event) []byte {
	before := len(buf)
	buf, mark := begin(buf, kindEvent)
	buf = append(buf, byte(e.Kind), byte(e.Form), byte(e.Version))
	buf = appendError(buf, e.Err)
	switch p := e.Packet.(type) {
	case nil:
		buf = append(buf, 0)
	case *packet.Publish:
		buf = append(buf, byte(packet.PUBLISH))
		buf = appendPublish(buf, p, 0)
	default:
		buf = append(buf, byte(p.Type()))
		buf = appendUint(buf, uint64(*lengthOf(p)))
		var err error
		if buf, err = p.Append(buf, e.Version); err != nil {
			return buf[:before]
		}
	}
	return finish(buf, mark)
}

func (f *fields) event() *script.Event {
	e := &script.Event{
		Kind: script.EventKind(f.byte()), Form: script.PayloadForm(f.byte()), Version: packet.Version(f.byte()),
	}
	e.Err = f.clientError()
	switch t := packet.Type(f.byte()); t {
	case 0:
	case packet.PUBLISH:
		p, _ := f.publish()
		e.Packet = &p
	default:
		length := int(f.uint())
		h, n, err := packet.ParseHeader(f.rest, e.Version)
		if err != nil || n == 0 || h.Type != t {
			f.fail()
			return e
		}
		if e.Packet, err = packet.Decode(h, f.rest[n:], e.Version); err != nil {
			f.fail()
			return e
		}
		*lengthOf(e.Packet) = length
	}
	return e
}

// lengthOf is where a packet keeps how long it was when it came in.
func lengthOf(p packet.Packet) *int {
	switch p := p.(type) {
	case *packet.Connect:
		return &p.Length
	case *packet.Connack:
		return &p.Length
	case *packet.Ack:
		return &p.Length
	case *packet.Subscribe:
		return &p.Length
	case *packet.Suback:
		return &p.Length
	case *packet.Unsubscribe:
		return &p.Length
	case *packet.Unsuback:
		return &p.Length
	case *packet.Disconnect:
		return &p.Length
	case *packet.Auth:
		return &p.Length
	}
	return new(int)
}

// The flags of an error.
const (
	errorThere = 1 << iota
	errorReason
)

func appendError(buf []byte, e *script.ClientError) []byte {
	if e == nil {
		return append(buf, 0)
	}
	flags := byte(errorThere)
	if e.HasReason {
		flags |= errorReason
	}
	buf = append(buf, flags, byte(e.Reason))
	buf = appendText(buf, e.Name)
	buf = appendText(buf, e.Message)
	return appendText(buf, e.Code)
}

func (f *fields) clientError() *script.ClientError {
	flags := f.byte()
	if flags&errorThere == 0 {
		return nil
	}
	return &script.ClientError{
		HasReason: flags&errorReason != 0, Reason: packet.ReasonCode(f.byte()),
		Name: f.text(), Message: f.text(), Code: f.text(),
	}
}

func appendRequest(buf []byte, req *script.PublishRequest) []byte {
	buf, mark := begin(buf, kindPublish)
	flags := byte(0)
	if req.WhenStored {
		flags |= flagWhenStored
	}
	buf = append(appendUint(buf, req.ID), byte(req.Form))
	return finish(appendPublish(buf, &req.Packet, flags), mark)
}

func (f *fields) request() *script.PublishRequest {
	req := &script.PublishRequest{ID: f.uint(), Form: script.PayloadForm(f.byte())}
	var flags byte
	req.Packet, flags = f.publish()
	req.WhenStored = flags&flagWhenStored != 0
	return req
}

// The flags of a subscription; its QoS and retain handling have two bits each.
const (
	flagNoLocal = 1 << (4 + iota)
	flagAsPublished
)

func appendSubscribe(buf []byte, id uint64, subs []packet.Subscription, props packet.Properties) []byte {
	buf, mark := begin(buf, kindSubscribe)
	buf = appendUint(appendBytes(appendUint(buf, id), props), uint64(len(subs)))
	for _, sub := range subs {
		flags := sub.QoS&3 | sub.RetainHandling&3<<2
		if sub.NoLocal {
			flags |= flagNoLocal
		}
		if sub.RetainAsPublished {
			flags |= flagAsPublished
		}
		buf = appendText(append(buf, flags), sub.Filter)
	}
	return finish(buf, mark)
}

func (f *fields) subscribe() (id uint64, subs []packet.Subscription, props packet.Properties) {
	id, props = f.uint(), f.bytes()
	for range f.count() {
		flags := f.byte()
		subs = append(subs, packet.Subscription{
			QoS: flags & 3, RetainHandling: flags >> 2 & 3,
			NoLocal: flags&flagNoLocal != 0, RetainAsPublished: flags&flagAsPublished != 0, Filter: f.text(),
		})
	}
	return id, subs, props
}

func appendUnsubscribe(buf []byte, id uint64, filters []string, props packet.Properties) []byte {
	buf, mark := begin(buf, kindUnsubscribe)
	buf = appendUint(appendBytes(appendUint(buf, id), props), uint64(len(filters)))
	for _, filter := range filters {
		buf = appendText(buf, filter)
	}
	return finish(buf, mark)
}

func (f *fields) unsubscribe() (id uint64, filters []string, props packet.Properties) {
	id, props = f.uint(), f.bytes()
	for range f.count() {
		filters = append(filters, f.text())
	}
	return id, filters, props
}

// count reads a number of things of which each takes a byte at least.
func (f *fields) count() int {
	n := f.uint()
	if n > uint64(len(f.rest)) {
		f.fail()
		return 0
	}
	return int(n)
}

func appendPublishDone(buf []byte, id uint64, e *script.ClientError) []byte {
	buf, mark := begin(buf, kindPublishDone)
	return finish(appendError(appendUint(buf, id), e), mark)
}

func appendSubscribeDone(buf []byte, id uint64, codes []packet.ReasonCode, e *script.ClientError) []byte {
	buf, mark := begin(buf, kindSubscribeDone)
	buf = appendUint(appendError(appendUint(buf, id), e), uint64(len(codes)))
	for _, code := range codes {
		buf = append(buf, byte(code))
	}
	return finish(buf, mark)
}

func (f *fields) subscribeDone() (id uint64, codes []packet.ReasonCode, e *script.ClientError) {
	id, e = f.uint(), f.clientError()
	for range f.count() {
		codes = append(codes, packet.ReasonCode(f.byte()))
	}
	return id, codes, e
}

func appendClient(buf []byte, c script.ClientInfo) []byte {
	buf, mark := begin(buf, kindClient)
	connected := byte(0)
	if c.Connected {
		connected = 1
	}
	buf = append(buf, byte(c.ProtocolVersion), connected)
	return finish(appendText(appendText(buf, c.ID), c.URL), mark)
}

func (f *fields) client() *script.ClientInfo {
	return &script.ClientInfo{
		ProtocolVersion: packet.Version(f.byte()), Connected: f.byte() == 1, ID: f.text(), URL: f.text(),
	}
}

// counts is what the child counts; the rest is counted in the host's process.
type counts struct {
	failed, publishes, eventsDropped uint64
	total, longest                   time.Duration
}

func countsOf(s script.Stats) counts {
	return counts{s.Failed, s.Publishes, s.EventsDropped, s.HandlerTime, s.MaxHandlerTime}
}

// plus adds what a later process of the script counted.
func (c counts) plus(d counts) counts {
	return counts{
		c.failed + d.failed, c.publishes + d.publishes, c.eventsDropped + d.eventsDropped,
		c.total + d.total, max(c.longest, d.longest),
	}
}

func appendCounts(buf []byte, c counts) []byte {
	buf, mark := begin(buf, kindCounts)
	for _, n := range []uint64{c.failed, c.publishes, c.eventsDropped, uint64(c.total), uint64(c.longest)} {
		buf = appendUint(buf, n)
	}
	return finish(buf, mark)
}

func (f *fields) counts() counts {
	return counts{f.uint(), f.uint(), f.uint(), time.Duration(f.uint()), time.Duration(f.uint())}
}

// appendNumbers writes a frame that holds numbers only.
func appendNumbers(buf []byte, k kind, numbers ...uint64) []byte {
	buf, mark := begin(buf, k)
	for _, n := range numbers {
		buf = appendUint(buf, n)
	}
	return finish(buf, mark)
}

// appendBlob writes a frame that is some bytes.
func appendBlob[T string | []byte](buf []byte, k kind, blob T) []byte {
	buf, mark := begin(buf, k)
	return finish(append(buf, blob...), mark)
}

func appendConsole(buf []byte, level script.Level, text string) []byte {
	buf, mark := begin(buf, kindConsole)
	return finish(append(append(buf, byte(level)), text...), mark)
}

// owned gives the body of a frame memory of its own.
func owned(body []byte) *fields { return &fields{rest: bytes.Clone(body)} }
