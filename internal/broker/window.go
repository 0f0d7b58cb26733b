package broker

import (
	"encoding/binary"
	"sync"

	"github.com/mqscript/mqscript/internal/packet"
)

// window keeps the QoS 1 and 2 messages on their way to a client within its
// receive maximum [MQTT-3.3.4-9]. mochi's own count forgets the messages that
// it held back and may wait for itself, so it is switched off (see hook).
//
// A message over the maximum waits here, in order; mochi's limit of
// queuedMessages for a client bounds how many there can be.
type window struct {
	mu      sync.Mutex          // also keeps writes in order
	size    int                 // 0: the client set no limit
	pending map[uint16]struct{} // sent and not acknowledged
	waiting [][]byte            // whole PUBLISH packets
}

// open sets the window's size as CONNECT has it.
func (w *window) open(c *packet.Connect) {
	if c.Version != packet.V5 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.size = int(c.Properties.Int(packet.PropReceiveMaximum, 0))
	w.pending = make(map[uint16]struct{})
}

// send transmits the packets in p, which holds whole ones.
func (w *window) send(p []byte, transmit func([]byte) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.size == 0 {
		return transmit(p)
	}
	from := 0 // start of what may go
	for at := 0; at < len(p); {
		h, n, err := packet.ParseHeader(p[at:], packet.V5)
		if err != nil || n == 0 {
			return transmit(p[from:]) // not a packet: not ours to judge
		}
		end := min(at+n+h.Length, len(p))
		if w.mustWait(h, p[at+n:end]) {
			if err := transmitSome(p[from:at], transmit); err != nil {
				return err
			}
			w.waiting = append(w.waiting, append([]byte(nil), p[at:end]...))
			from = end
		}
		at = end
	}
	return transmitSome(p[from:], transmit)
}

func transmitSome(p []byte, transmit func([]byte) error) error {
	if len(p) == 0 {
		return nil
	}
	return transmit(p)
}

// mustWait tells whether a packet has to wait, and counts it if not.
func (w *window) mustWait(h packet.Header, body []byte) bool {
	if h.Type != packet.PUBLISH || h.Flags&0b0110 == 0 {
		return false
	}
	if len(w.pending) >= w.size || len(w.waiting) > 0 {
		return true
	}
	w.pending[publishID(body)] = struct{}{}
	return false
}

// publishID reads the packet identifier in the body of a PUBLISH with QoS 1
// or 2, which follows the topic name.
func publishID(body []byte) uint16 {
	if len(body) < 2 {
		return 0
	}
	at := 2 + int(binary.BigEndian.Uint16(body))
	if len(body) < at+2 {
		return 0
	}
	return binary.BigEndian.Uint16(body[at:])
}

// acknowledge makes room when an acknowledgement ends a flow, and transmits
// what may go then.
func (w *window) acknowledge(ack *packet.Ack, transmit func([]byte) error) error {
	ends := ack.Kind == packet.PUBACK || ack.Kind == packet.PUBCOMP ||
		ack.Kind == packet.PUBREC && ack.ReasonCode.Failed()
	if !ends {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.pending, ack.ID)
	for len(w.waiting) > 0 && len(w.pending) < w.size {
		next := w.waiting[0]
		w.waiting[0] = nil
		w.waiting = w.waiting[1:]
		if h, n, err := packet.ParseHeader(next, packet.V5); err == nil {
			w.pending[publishID(next[n:n+h.Length])] = struct{}{}
		}
		if err := transmit(next); err != nil {
			return err
		}
	}
	return nil
}
