package packet

import "fmt"

// rule is a numbered statement under its number in the specification of 3.1.1
// and of 5.0, "" where that version does not number it. MQTT 3.1 numbers
// nothing; errors on it name the statement of 3.1.1 that says the same.
type rule struct{ v311, v5 string }

// in returns the statement's number in the specification of version v.
func (r rule) in(v Version) string {
	if v == V5 {
		return r.v5
	}
	return r.v311
}

// The statements that decoding or encoding may find broken.
var (
	noRule = rule{}

	ruleUTF8         = rule{"MQTT-1.5.3-1", "MQTT-1.5.4-1"}
	ruleUTF8Null     = rule{"MQTT-1.5.3-2", "MQTT-1.5.4-2"}
	ruleVarint       = rule{"", "MQTT-1.5.5-1"}
	rulePacketID     = rule{"MQTT-2.3.1-1", "MQTT-2.2.1-3"}
	ruleMaxPacket    = rule{"", "MQTT-3.1.2-24"}
	ruleProtocolName = rule{"MQTT-3.1.2-1", "MQTT-3.1.2-1"}
	ruleLevel        = rule{"MQTT-3.1.2-2", "MQTT-3.1.2-2"}
	ruleConnectFlag  = rule{"MQTT-3.1.2-3", "MQTT-3.1.2-3"}
	ruleNoWillQoS    = rule{"MQTT-3.1.2-13", "MQTT-3.1.2-11"}
	ruleWillQoS      = rule{"MQTT-3.1.2-14", "MQTT-3.1.2-12"}
	ruleNoWillRetain = rule{"MQTT-3.1.2-15", "MQTT-3.1.2-13"}
	rulePassword     = rule{"MQTT-3.1.2-22", ""}
	ruleConnackFlags = rule{"", "MQTT-3.2.2-1"}
	ruleRefused      = rule{"MQTT-3.2.2-4", "MQTT-3.2.2-6"}
	ruleDup          = rule{"MQTT-3.3.1-2", "MQTT-3.3.1-2"}
	ruleQoS          = rule{"MQTT-3.3.1-4", "MQTT-3.3.1-4"}
	ruleWildcard     = rule{"MQTT-3.3.2-2", "MQTT-3.3.2-2"}
	ruleTopicAlias   = rule{"", "MQTT-3.3.2-8"}
	ruleResponse     = rule{"", "MQTT-3.3.2-14"}
	ruleNoFilters    = rule{"MQTT-3.8.3-3", "MQTT-3.8.3-2"}
	ruleShareNoLocal = rule{"", "MQTT-3.8.3-4"}
	ruleOptions      = rule{"MQTT-3.8.3-4", "MQTT-3.8.3-5"}
	ruleNothingToEnd = rule{"MQTT-3.10.3-2", "MQTT-3.10.3-2"}
	ruleNoWildcard   = rule{"MQTT-4.7.1-1", "MQTT-4.7.0-1"}
	ruleMultiLevel   = rule{"MQTT-4.7.1-2", "MQTT-4.7.1-1"}
	ruleSingleLevel  = rule{"MQTT-4.7.1-3", "MQTT-4.7.1-2"}
	ruleEmptyTopic   = rule{"MQTT-4.7.3-1", "MQTT-4.7.3-1"}
	ruleTopicLength  = rule{"MQTT-4.7.3-3", "MQTT-4.7.3-3"}
	ruleShareName    = rule{"", "MQTT-4.8.2-1"}
	ruleShareFilter  = rule{"", "MQTT-4.8.2-2"}
)

// flagRules are the statements on the fixed header's flags that a packet has to
// itself.
var flagRules = [AUTH + 1]rule{
	PUBREL:      {"MQTT-3.6.1-1", "MQTT-3.6.1-1"},
	SUBSCRIBE:   {"MQTT-3.8.1-1", "MQTT-3.8.1-1"},
	UNSUBSCRIBE: {"MQTT-3.10.1-1", "MQTT-3.10.1-1"},
	DISCONNECT:  {"MQTT-2.2.2-2", "MQTT-3.14.1-1"},
	AUTH:        {"", "MQTT-3.15.1-1"},
}

// ruleFlags returns the statement on the fixed header's flags of type t.
func ruleFlags(t Type) rule {
	if r := flagRules[t]; r != noRule {
		return r
	}
	return rule{"MQTT-2.2.2-2", "MQTT-2.1.3-1"}
}

// reasonRules are the statements that bind each packet to its reason codes.
var reasonRules = [AUTH + 1]rule{
	CONNACK:    {"", "MQTT-3.2.2-8"},
	PUBACK:     {"", "MQTT-3.4.2-1"},
	PUBREC:     {"", "MQTT-3.5.2-1"},
	PUBREL:     {"", "MQTT-3.6.2-1"},
	PUBCOMP:    {"", "MQTT-3.7.2-1"},
	SUBACK:     {"MQTT-3.9.3-2", "MQTT-3.9.3-2"},
	UNSUBACK:   {"", "MQTT-3.11.3-2"},
	DISCONNECT: {"", "MQTT-3.14.2-1"},
	AUTH:       {"", "MQTT-3.15.2-1"},
}

// malformed reports a packet that cannot be read as the specification says.
func malformed(v Version, r rule, format string, args ...any) error {
	return &Error{Code: MalformedPacket, Statement: r.in(v), Message: fmt.Sprintf(format, args...)}
}

// violation reports a packet that can be read but says what it must not.
func violation(v Version, r rule, format string, args ...any) error {
	return &Error{Code: ProtocolError, Statement: r.in(v), Message: fmt.Sprintf(format, args...)}
}
