package main

import (
	"encoding/binary"
	"fmt"

	"github.com/mqscript/mqscript/internal/packet"
)

// train is the messages of a workload in wire form, one after the other, so
// that sending costs a copy.
type train struct {
	bytes   []byte
	ends    []int // behind each message
	ids     []int // where each message's packet identifier is; QoS 0: unused
	payload []int // where each message's payload begins
}

func newTrain(w *workload, v packet.Version, qos byte, n int) (*train, error) {
	t := new(train)
	for i := range min(n, distinct) {
		p := w.message(i)
		p.QoS = qos
		if qos > 0 {
			p.ID = 1
		}
		begin := len(t.bytes)
		var err error
		if t.bytes, err = p.Append(t.bytes, v); err != nil {
			return nil, fmt.Errorf("encoding message %d of %s: %w", i, w.name, err)
		}
		_, header, err := packet.ParseHeader(t.bytes[begin:], v)
		if err != nil {
			return nil, fmt.Errorf("reading message %d of %s: %w", i, w.name, err)
		}
		t.ends = append(t.ends, len(t.bytes))
		t.ids = append(t.ids, begin+header+2+len(p.Topic))
		t.payload = append(t.payload, len(t.bytes)-len(p.Payload))
	}
	return t, nil
}

// begin is where message i starts in bytes.
func (t *train) begin(i int) int {
	if i == 0 {
		return 0
	}
	return t.ends[i-1]
}

// appendMessage appends message number i, counted on past the end of the
// train, with the packet identifier if that is not 0 and the stamp in front of
// its payload if that is not 0.
func (t *train) appendMessage(dst []byte, i int, id uint16, stamp int64) []byte {
	i %= len(t.ends)
	begin := t.begin(i)
	at := len(dst) - begin
	dst = append(dst, t.bytes[begin:t.ends[i]]...)
	if id != 0 {
		binary.BigEndian.PutUint16(dst[at+t.ids[i]:], id)
	}
	if stamp != 0 {
		binary.BigEndian.PutUint64(dst[at+t.payload[i]:], uint64(stamp)) //nolint:gosec // stampOf turns it back
	}
	return dst
}

// stampOf is the stamp in front of a payload.
func stampOf(payload []byte) int64 {
	if len(payload) < 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(payload)) //nolint:gosec // appendMessage made it from an int64
}
