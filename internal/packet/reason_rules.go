package packet

// codeSet is a set of reason codes.
type codeSet [4]uint64

func codes(list ...ReasonCode) (s codeSet) {
	for _, c := range list {
		s[c>>6] |= 1 << (c & 63)
	}
	return s
}

func (s *codeSet) has(c ReasonCode) bool { return s[c>>6]>>(c&63)&1 != 0 }

// publishCodes are the codes of both answers to a PUBLISH.
var publishCodes = codes(
	Success, NoMatchingSubscribers, UnspecifiedError, ImplementationSpecificError, NotAuthorized,
	TopicNameInvalid, PacketIdentifierInUse, QuotaExceeded, PayloadFormatInvalid,
)

// releaseCodes are the codes of PUBREL and PUBCOMP.
var releaseCodes = codes(Success, PacketIdentifierNotFound)

// validCodes are the reason codes of each packet in MQTT 5 [MQTT-2.4].
var validCodes = [AUTH + 1]codeSet{
	CONNACK: codes(
		Success, UnspecifiedError, MalformedPacket, ProtocolError, ImplementationSpecificError,
		UnsupportedProtocolVersion, ClientIdentifierNotValid, BadUserNameOrPassword, NotAuthorized,
		ServerUnavailable, ServerBusy, Banned, BadAuthenticationMethod, TopicNameInvalid, PacketTooLarge,
		QuotaExceeded, PayloadFormatInvalid, RetainNotSupported, QoSNotSupported, UseAnotherServer,
		ServerMoved, ConnectionRateExceeded,
	),
	PUBACK:  publishCodes,
	PUBREC:  publishCodes,
	PUBREL:  releaseCodes,
	PUBCOMP: releaseCodes,
	SUBACK: codes(
		Success, GrantedQoS1, GrantedQoS2, UnspecifiedError, ImplementationSpecificError, NotAuthorized,
		TopicFilterInvalid, PacketIdentifierInUse, QuotaExceeded, SharedSubscriptionsNotSupported,
		SubscriptionIdentifiersNotSupported, WildcardSubscriptionsNotSupported,
	),
	UNSUBACK: codes(
		Success, NoSubscriptionExisted, UnspecifiedError, ImplementationSpecificError, NotAuthorized,
		TopicFilterInvalid, PacketIdentifierInUse,
	),
	DISCONNECT: codes(
		Success, DisconnectWithWill, UnspecifiedError, MalformedPacket, ProtocolError,
		ImplementationSpecificError, NotAuthorized, ServerBusy, ServerShuttingDown, BadAuthenticationMethod,
		KeepAliveTimeout, SessionTakenOver, TopicFilterInvalid, TopicNameInvalid, ReceiveMaximumExceeded,
		TopicAliasInvalid, PacketTooLarge, MessageRateTooHigh, QuotaExceeded, AdministrativeAction,
		PayloadFormatInvalid, RetainNotSupported, QoSNotSupported, UseAnotherServer, ServerMoved,
		SharedSubscriptionsNotSupported, ConnectionRateExceeded, MaximumConnectTime,
		SubscriptionIdentifiersNotSupported, WildcardSubscriptionsNotSupported,
	),
	AUTH: codes(Success, ContinueAuthentication, Reauthenticate),
}

// earlierCodes are the codes before MQTT 5. The failure of SUBACK is newer
// than MQTT 3.1, but servers send it to clients of 3.1 as well.
var earlierCodes = [AUTH + 1]codeSet{
	CONNACK: codes(0, 1, 2, 3, 4, 5),
	SUBACK:  codes(Success, GrantedQoS1, GrantedQoS2, UnspecifiedError),
}

// checkReason checks that packets of type t may carry the code. Before MQTT 5
// most types carry none, and any will do.
func checkReason(t Type, code ReasonCode, v Version) error {
	set := &validCodes[t]
	if v != V5 {
		set = &earlierCodes[t]
		if *set == (codeSet{}) {
			return nil
		}
	}
	if !set.has(code) {
		return violation(v, reasonRules[t], "%v has the reason code 0x%02X", t, byte(code))
	}
	return nil
}

// reason reads a reason code.
func (c *cursor) reason(t Type) ReasonCode {
	code := ReasonCode(c.byte("reason code"))
	if c.err == nil {
		if err := checkReason(t, code, c.v); err != nil {
			c.fail(err)
		}
	}
	return code
}
