package mqtt

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/mqscript/mqscript/internal/packet"
)

// The kinds of records. All numbers are unsigned varints; texts and bytes have
// their length in front.
const (
	// recordPublication: order, packet identifier, order of the PUBREC, QoS
	// and retain flag, topic, properties, payload.
	recordPublication = 1
	// recordState: order, packet identifier, order of the PUBREC.
	recordState = 2
	// recordFinished: order.
	recordFinished = 3
	// recordReceived and recordFreed: packet identifier.
	recordReceived = 4
	recordFreed    = 5
)

func appendPublication(b []byte, p *Publication) []byte {
	b = appendPosition(append(b, recordPublication), p)
	flags := uint64(p.Packet.QoS)
	if p.Packet.Retain {
		flags |= 4
	}
	b = binary.AppendUvarint(b, flags)
	b = append(binary.AppendUvarint(b, uint64(len(p.topic))), p.topic...)
	b = append(binary.AppendUvarint(b, uint64(len(p.props))), p.props...)
	return append(binary.AppendUvarint(b, uint64(len(p.Packet.Payload))), p.Packet.Payload...)
}

func appendState(b []byte, p *Publication) []byte {
	return appendPosition(append(b, recordState), p)
}

func appendPosition(b []byte, p *Publication) []byte {
	b = binary.AppendUvarint(b, p.order)
	b = binary.AppendUvarint(b, uint64(p.id))
	return binary.AppendUvarint(b, p.released)
}

func appendNumber(b []byte, kind byte, n uint64) []byte {
	return binary.AppendUvarint(append(b, kind), n)
}

// fields takes a record apart. After the first field that is not there, all
// others are empty and bad is set.
type fields struct {
	data []byte
	bad  bool
}

func (f *fields) number() uint64 {
	n, size := binary.Uvarint(f.data)
	if size <= 0 {
		f.bad, f.data = true, nil
		return 0
	}
	f.data = f.data[size:]
	return n
}

func (f *fields) id() uint16 {
	n := f.number()
	if n > 65_535 {
		f.bad = true
	}
	return uint16(n)
}

func (f *fields) bytes() []byte {
	n := f.number()
	if n > uint64(len(f.data)) {
		f.bad, f.data = true, nil
		return nil
	}
	b := f.data[:n:n]
	f.data = f.data[n:]
	return b
}

// restorer builds the state of an earlier run from its records.
type restorer struct {
	session      *session
	publications map[uint64]*Publication // by order
}

// take takes one record. A record that passed its checksum and is none of ours
// was written by a later version, or by something else.
func (r *restorer) take(segment uint64, record []byte) error {
	f := fields{data: record}
	kind := f.number()
	switch kind {
	case recordPublication:
		r.publication(&f, kept{segment: segment, size: int64(len(record))})
	case recordState:
		order, id, released := f.number(), f.id(), f.number()
		if p := r.publications[order]; p != nil {
			p.id, p.released = id, released
		}
	case recordFinished:
		delete(r.publications, f.number())
	case recordReceived:
		id := f.id()
		r.session.client.received[id] = &delivery{id: id, qos: 2, done: true, kept: kept{segment: segment, size: int64(len(record))}}
	case recordFreed:
		delete(r.session.client.received, f.id())
	default:
		f.bad = true
	}
	if f.bad {
		return fmt.Errorf("a record of kind %d is not one that this version knows", kind)
	}
	return nil
}

func (r *restorer) publication(f *fields, k kept) {
	p := new(Publication)
	p.order, p.id, p.released = f.number(), f.id(), f.number()
	flags := f.number()
	p.Packet.QoS, p.Packet.Retain = byte(flags&3), flags&4 != 0
	p.Packet.Topic = strings.Clone(string(f.bytes()))
	p.Packet.Properties = slices.Clone(packet.Properties(f.bytes()))
	p.Packet.Payload = slices.Clone(f.bytes())
	p.taken, p.kept = true, k
	if f.bad = f.bad || flags > 7; !f.bad {
		r.publications[p.order] = p
	}
}

// finish puts what is left where a connection looks for it.
func (r *restorer) finish() {
	s, c := r.session, r.session.client
	for _, d := range c.received {
		s.live[d.kept.segment]++
		s.bytes += d.kept.size
	}
	left := make([]*Publication, 0, len(r.publications))
	for _, p := range r.publications {
		left = append(left, p)
	}
	slices.SortFunc(left, func(a, b *Publication) int { return cmp.Compare(a.order, b.order) })
	for _, p := range left {
		r.resume(p)
	}
	s.resumed = len(left)+len(c.received) > 0
	_, _, s.segment = s.log.Size()
}

// resume takes one publication up again: one with a packet identifier may have
// been sent.
func (r *restorer) resume(p *Publication) {
	s, c := r.session, r.session.client
	c.order = max(c.order, p.rank())
	s.live[p.kept.segment]++
	s.bytes += p.kept.size
	if err := p.examine(c.cfg.Version); err != nil {
		s.warn(fmt.Sprintf("a message of the session on disk is left out: %v", err))
		s.forget(p)
		return
	}
	if p.id > 0 {
		p.sent = true
		c.inflight[p.id] = p
		c.replay = append(c.replay, p)
		return
	}
	p.size = overhead + len(p.topic) + len(p.Packet.Payload) + len(p.props)
	c.queuedPubs++
	c.queuedSize += p.size
	c.queue.push(queued{pub: p})
}
