package mqtt

import (
	"sync/atomic"

	"github.com/mqscript/mqscript/internal/packet"
)

// Omission tells what was left out of a PUBLISH on the wire; a set of bits.
type Omission uint32

// What a client leaves out.
const (
	// OmittedProperties: all properties, which are MQTT 5 only.
	OmittedProperties Omission = 1 << iota
	// OmittedSubscriptionIdentifier: a client must not send one [MQTT-3.3.4-6].
	OmittedSubscriptionIdentifier
	// OmittedTopicAlias: the alias is above the server's Topic Alias Maximum;
	// the topic went in full [MQTT-3.3.2-9].
	OmittedTopicAlias
)

// inflight is the client's bookkeeping on a Publication, guarded by its mutex.
type inflight struct {
	omitted atomic.Uint32

	taken    bool              // Publish took it before
	told     bool              // the session waits to say that it is stored
	finished bool              // Handler.Published was called
	kept     kept              // its record in the session on disk
	topic    string            // in full, also when Packet relies on an alias
	alias    uint16            // 0: none
	props    packet.Properties // Packet's without those that are never sent
	size     int               // bytes that it counts for in the queue
	order    uint64            // of publishing [MQTT-4.6.0-1]
	released uint64            // order of its PUBREC [MQTT-4.6.0-4]; 0: none yet

	id   uint16
	sent bool   // handed to a socket before: sending again carries DUP [MQTT-3.3.1-1]
	conn *conn  // that it was last sent on
	pos  uint64 // on conn, behind the packet
}

// overhead stands for what a waiting Publication takes besides its texts.
const overhead = 256

// Omitted tells what of the Publication was not or will not be sent. What
// depends on the server is complete when Handler.Published is called, the rest
// when Publish returns. It may be called at any time.
func (p *Publication) Omitted() Omission { return Omission(p.omitted.Load()) }

// Reuse makes a Publication of QoS 0 that is finished one that can be published
// again, with another packet or the same.
func (p *Publication) Reuse() { p.inflight = inflight{} }

func (p *Publication) omit(o Omission) { p.omitted.Or(uint32(o)) }

// examine checks what can be checked without a connection and notes what is
// never sent.
func (p *Publication) examine(v packet.Version) error {
	pk := &p.Packet
	p.topic, p.props, p.alias = pk.Topic, pk.Properties, 0
	if pk.QoS > 2 {
		return protocolError(packet.QoSNotSupported, "MQTT-3.3.1-4", "QoS %d is none of 0, 1 and 2", pk.QoS)
	}
	if len(p.props) > 0 {
		if err := p.examineProperties(v); err != nil {
			return err
		}
	}
	if p.topic == "" && p.alias > 0 {
		return nil // resolved with the lock held
	}
	return packet.ValidTopicName(p.topic)
}

func (p *Publication) examineProperties(v packet.Version) error {
	if v != packet.V5 {
		p.props = nil
		p.omit(OmittedProperties)
		return nil
	}
	if err := p.props.Validate(packet.PUBLISH); err != nil {
		return err
	}
	if _, ok := p.props.Get(packet.PropSubscriptionIdentifier); ok {
		p.props = p.props.Without(packet.PropSubscriptionIdentifier)
		p.omit(OmittedSubscriptionIdentifier)
	}
	p.alias = uint16(p.props.Int(packet.PropTopicAlias, 0))
	return nil
}

// wire makes the PUBLISH for that connection.
func (p *Publication) wire(cn *conn) packet.Publish {
	w := p.Packet
	w.Topic, w.Properties = p.topic, p.props
	w.ID, w.Dup = p.id, p.sent || w.Dup && w.QoS > 0
	switch {
	case p.alias == 0:
	case p.alias > cn.limits.TopicAliasMaximum:
		w.Properties = w.Properties.Without(packet.PropTopicAlias)
		p.omit(OmittedTopicAlias)
	case p.Packet.Topic == "" && cn.aliasesOut[p.alias] == p.topic:
		w.Topic = ""
	}
	return w
}
