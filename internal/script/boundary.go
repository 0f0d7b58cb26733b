package script

import "github.com/mqscript/mqscript/internal/packet"

// This file is the border between a script and whatever hosts it. Only data
// crosses it, never a pointer into a client or a VM, so that the same script
// can live in another process.

// Host is what a script can ask of the connection that it lives on. The
// script calls it from its own goroutine; implementations must not block
// longer than stated and answer by the Script's methods named beside.
type Host interface {
	// Publish sends a message and answers with Script.PublishDone(req.ID, …),
	// at the moment onPublish fires. An error means it was refused at once and
	// no answer follows. While the connection is up and its queue is full it
	// may block the script for a moment, but not after cancel is closed.
	Publish(req *PublishRequest, cancel <-chan struct{}) error
	// Subscribe answers with Script.SubscribeDone(id, …).
	Subscribe(id uint64, subs []packet.Subscription, props packet.Properties)
	// Unsubscribe answers with Script.SubscribeDone(id, …).
	Unsubscribe(id uint64, filters []string, props packet.Properties)
	// Client describes the connection now.
	Client() ClientInfo
}

// ClientInfo is what a script may know of its connection.
type ClientInfo struct {
	ID              string
	URL             string // without user name and password
	Connected       bool
	ProtocolVersion packet.Version
}

// PublishRequest is a call of publish. It is the host's until Publish returns,
// and so is the payload of its packet, which the script may change after that.
// What else the packet holds nobody changes, and the host may keep it.
type PublishRequest struct {
	// ID is the script's number for the call; 0 when the script wants no answer.
	ID uint64
	// Packet is the message; its Properties carry every option that was given,
	// those that a client may not send included.
	Packet packet.Publish
	// Form is the JavaScript type that the message was published with.
	Form PayloadForm
	// WhenStored asks for the answer as soon as the message is safe on the
	// client's disk, before the server has it.
	WhenStored bool
}

// PayloadForm is the JavaScript type of a message, so that onPublish in every
// script can show it as it was published.
type PayloadForm byte

// The forms that publish takes. Typed arrays other than Uint8Array keep their
// bytes and name.
const (
	FormBuffer PayloadForm = iota
	FormString
	FormUint8Array
	FormArrayBuffer
	FormByteArray // an Array of numbers 0–255
)

// EventKind names a client event without a message.
type EventKind byte

// The client events that Notify delivers.
const (
	EventConnect       EventKind = iota // Packet: *packet.Connack
	EventReconnect                      // nothing
	EventDisconnect                     // Packet: *packet.Disconnect
	EventClose                          // nothing
	EventEnd                            // nothing
	EventError                          // Err
	EventPacketSend                     // Packet, and Form when it is a PUBLISH
	EventPacketReceive                  // Packet
	EventPublish                        // Packet: *packet.Publish, and Form
)

// Event is a client event. It is shared by all scripts: nobody may change it.
type Event struct {
	Kind    EventKind
	Packet  packet.Packet
	Form    PayloadForm
	Err     *ClientError
	Version packet.Version // of the connection, for packet objects
}

// ClientError is an error as onError and rejected promises show it.
type ClientError struct {
	Name    string // "Error" or "ErrorWithReasonCode"
	Message string
	Code    string // such as "ECONNREFUSED"; used when HasReason is false
	Reason  packet.ReasonCode
	// HasReason tells that error.code is the number Reason.
	HasReason bool
}

// Message is an application message for onMessage. Its tag is the host's own; a
// script never looks at it.
type Message = packet.Message
