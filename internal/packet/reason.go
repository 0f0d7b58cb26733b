package packet

import "fmt"

// ReasonCode is the one-byte result in an acknowledgement [MQTT-2.4]. Before
// MQTT 5 a CONNACK carries a return code of 0 to 5 in its place.
type ReasonCode byte

// The reason codes of MQTT 5.
const (
	Success                             ReasonCode = 0x00 // also normal disconnection and granted QoS 0
	GrantedQoS1                         ReasonCode = 0x01
	GrantedQoS2                         ReasonCode = 0x02
	DisconnectWithWill                  ReasonCode = 0x04
	NoMatchingSubscribers               ReasonCode = 0x10
	NoSubscriptionExisted               ReasonCode = 0x11
	ContinueAuthentication              ReasonCode = 0x18
	Reauthenticate                      ReasonCode = 0x19
	UnspecifiedError                    ReasonCode = 0x80
	MalformedPacket                     ReasonCode = 0x81
	ProtocolError                       ReasonCode = 0x82
	ImplementationSpecificError         ReasonCode = 0x83
	UnsupportedProtocolVersion          ReasonCode = 0x84
	ClientIdentifierNotValid            ReasonCode = 0x85
	BadUserNameOrPassword               ReasonCode = 0x86
	NotAuthorized                       ReasonCode = 0x87
	ServerUnavailable                   ReasonCode = 0x88
	ServerBusy                          ReasonCode = 0x89
	Banned                              ReasonCode = 0x8A
	ServerShuttingDown                  ReasonCode = 0x8B
	BadAuthenticationMethod             ReasonCode = 0x8C
	KeepAliveTimeout                    ReasonCode = 0x8D
	SessionTakenOver                    ReasonCode = 0x8E
	TopicFilterInvalid                  ReasonCode = 0x8F
	TopicNameInvalid                    ReasonCode = 0x90
	PacketIdentifierInUse               ReasonCode = 0x91
	PacketIdentifierNotFound            ReasonCode = 0x92
	ReceiveMaximumExceeded              ReasonCode = 0x93
	TopicAliasInvalid                   ReasonCode = 0x94
	PacketTooLarge                      ReasonCode = 0x95
	MessageRateTooHigh                  ReasonCode = 0x96
	QuotaExceeded                       ReasonCode = 0x97
	AdministrativeAction                ReasonCode = 0x98
	PayloadFormatInvalid                ReasonCode = 0x99
	RetainNotSupported                  ReasonCode = 0x9A
	QoSNotSupported                     ReasonCode = 0x9B
	UseAnotherServer                    ReasonCode = 0x9C
	ServerMoved                         ReasonCode = 0x9D
	SharedSubscriptionsNotSupported     ReasonCode = 0x9E
	ConnectionRateExceeded              ReasonCode = 0x9F
	MaximumConnectTime                  ReasonCode = 0xA0
	SubscriptionIdentifiersNotSupported ReasonCode = 0xA1
	WildcardSubscriptionsNotSupported   ReasonCode = 0xA2
)

var reasonNames = map[ReasonCode]string{
	Success: "Success", GrantedQoS1: "Granted QoS 1", GrantedQoS2: "Granted QoS 2",
	DisconnectWithWill: "Disconnect with Will Message", NoMatchingSubscribers: "No matching subscribers",
	NoSubscriptionExisted: "No subscription existed", ContinueAuthentication: "Continue authentication",
	Reauthenticate: "Re-authenticate", UnspecifiedError: "Unspecified error", MalformedPacket: "Malformed Packet",
	ProtocolError: "Protocol Error", ImplementationSpecificError: "Implementation specific error",
	UnsupportedProtocolVersion: "Unsupported Protocol Version", ClientIdentifierNotValid: "Client Identifier not valid",
	BadUserNameOrPassword: "Bad User Name or Password", NotAuthorized: "Not authorized",
	ServerUnavailable: "Server unavailable", ServerBusy: "Server busy", Banned: "Banned",
	ServerShuttingDown: "Server shutting down", BadAuthenticationMethod: "Bad authentication method",
	KeepAliveTimeout: "Keep Alive timeout", SessionTakenOver: "Session taken over",
	TopicFilterInvalid: "Topic Filter invalid", TopicNameInvalid: "Topic Name invalid",
	PacketIdentifierInUse: "Packet identifier in use", PacketIdentifierNotFound: "Packet Identifier not found",
	ReceiveMaximumExceeded: "Receive Maximum exceeded", TopicAliasInvalid: "Topic Alias invalid",
	PacketTooLarge: "Packet too large", MessageRateTooHigh: "Message rate too high", QuotaExceeded: "Quota exceeded",
	AdministrativeAction: "Administrative action", PayloadFormatInvalid: "Payload format invalid",
	RetainNotSupported: "Retain not supported", QoSNotSupported: "QoS not supported",
	UseAnotherServer: "Use another server", ServerMoved: "Server moved",
	SharedSubscriptionsNotSupported: "Shared Subscriptions not supported",
	ConnectionRateExceeded:          "Connection rate exceeded", MaximumConnectTime: "Maximum connect time",
	SubscriptionIdentifiersNotSupported: "Subscription Identifiers not supported",
	WildcardSubscriptionsNotSupported:   "Wildcard Subscriptions not supported",
}

// String returns the specification's name of the code.
func (c ReasonCode) String() string {
	if s, ok := reasonNames[c]; ok {
		return s
	}
	return fmt.Sprintf("reason code 0x%02X", byte(c))
}

// Failed tells whether the code reports a failure (0x80 and above). It does
// not hold for the return codes of a CONNACK before MQTT 5.
func (c ReasonCode) Failed() bool { return c >= 0x80 }

var returnNames = [...]string{
	"Connection Accepted", "Unacceptable protocol version", "Identifier rejected",
	"Server unavailable", "Bad username or password", "Not authorized",
}

// ReturnString returns the name of the code taken as a CONNACK return code
// before MQTT 5.
func (c ReasonCode) ReturnString() string {
	if int(c) < len(returnNames) {
		return returnNames[c]
	}
	return fmt.Sprintf("return code %d", byte(c))
}

// Error is a violation of the specification, found while decoding or encoding.
type Error struct {
	Code      ReasonCode // what a DISCONNECT or CONNACK would carry: MalformedPacket, ProtocolError, …
	Statement string     // the specification statement, such as "MQTT-3.3.1-4", or "" where none is numbered
	Message   string     // one sentence without a final full stop
}

// Error returns the message with the statement in brackets.
func (e *Error) Error() string {
	if e.Statement == "" {
		return e.Message
	}
	return e.Message + " [" + e.Statement + "]"
}
