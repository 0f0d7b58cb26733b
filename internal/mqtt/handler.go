package mqtt

import "github.com/mqscript/mqscript/internal/packet"

// Handler receives what happens on a client. The order of the calls is the
// order of the events, over all of them.
//
// The client calls with its lock held, one call at a time, from goroutines of
// its own or from one that called a method of the client: an implementation
// must return at once (hand the event to a queue), must not wait for anything
// and must not call the client.
type Handler interface {
	// Connected: the server accepted the connection. At that moment the
	// session was replayed, the offline queue was sent as far as the window
	// allows, and topics were subscribed again; the answers to all that come
	// after it, and so does every message.
	Connected(*packet.Connack)
	// Message: an application message arrived. With the result false, a QoS 1
	// or 2 message must be given back by Client.Ack, exactly once; with true,
	// nobody waits for it and the client acknowledges it at once.
	Message(*Message) (done bool)
	// Reconnecting: a reconnect attempt starts.
	Reconnecting()
	// Disconnected: the server sent DISCONNECT (MQTT 5).
	Disconnected(*packet.Disconnect)
	// Closed: the network connection is closed, whoever closed it; also after
	// an attempt that did not get that far, unless End cut that attempt short.
	Closed()
	// Ended: the client was ended by End and will not connect again. The last
	// event. A client that gave up by itself tells so by Client.Done.
	Ended()
	// Error: see the Error type.
	Error(error)
	// PacketSent: the packet's bytes were handed to the socket. pub is set
	// when it is the PUBLISH of a Publication. Only while Trace is on.
	PacketSent(p packet.Packet, pub *Publication)
	// PacketReceived: a packet was decoded, before anything acts on it. Only
	// while Trace is on.
	PacketReceived(packet.Packet)
	// Published: a Publication is finished: QoS 0 when written, QoS 1 at
	// PUBACK, QoS 2 at PUBCOMP, or failed with err. Exactly once for each
	// Publication that Publish took.
	Published(pub *Publication, err error)
}

// Publication is a message on its way out. The client owns it from Publish
// until Handler.Published is called; nobody may change it in between.
type Publication struct {
	// Packet is what to send. ID and Dup belong to the client. The client may
	// leave properties out or change the topic alias on the wire as the
	// server's limits and the specification demand, without changing Packet.
	Packet packet.Publish
	// Tag is the caller's own; the client never looks at it.
	Tag any
	// TellStored asks for SessionConfig.Stored; QoS 1 and 2 only.
	TellStored bool

	inflight // the client's bookkeeping
}

// Message is an application message that arrived. It is shared: nobody may
// change it, but the handler may set its Tag, before anybody else has it.
type Message struct {
	packet.Message

	receipt // the client's bookkeeping
}

// arrival is a message in one piece of memory.
type arrival struct {
	Message
	publish packet.Publish
}
