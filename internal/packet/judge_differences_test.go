package packet

// otherBytes are the fixtures that the judge encodes otherwise or not at all,
// with the reason.
var otherBytes = map[string]string{
	"5 connect password only":               "MQTT 5 allows a password without a user name; the judge does not",
	"5 connect bare will":                   "whether an empty client identifier may keep its session is the server's to say",
	"5 publish interleaved user properties": "the judge holds user properties by name and so groups them",
	"5 puback reason":                       "the property length may be left out after a reason code; the judge writes it",
	"5 disconnect":                          "reason code and property length may be left out; the judge writes both",
	"5 disconnect reason":                   "the property length may be left out after a reason code; the judge writes it",
	"5 auth":                                "reason code and property length may be left out; the judge writes both",
}

// difference is a verdict that is not the judge's. Which one is told by a part
// of "version TYPE: message", the message that of the side that refuses.
type difference struct {
	message string
	reason  string
	seen    bool
}

// The reasons that many rows share.
const (
	noBounds   = "the judge does not check what it reads against the packet's end"
	noText     = "the judge replaces what is not well-formed and lets U+0000 through"
	noTopic    = "the judge does not look into topics"
	noRanges   = "the judge does not check the values of properties"
	noRepeats  = "the judge makes an array of every repeated property"
	noHomes    = "the judge takes every property in every packet"
	noCodes    = "the judge does not check the codes of CONNACK"
	noIDs      = "the judge takes the packet identifier 0"
	noLists    = "the judge takes empty lists"
	noShortest = "the judge takes longer forms of variable byte integers"
)

// weRefuse has what only this package refuses.
var weRefuse = []difference{
	{message: "bytes follow the packet's last field", reason: noBounds},
	{message: "packet ends inside connect acknowledge flags", reason: noBounds},
	{message: "packet ends inside packet identifier", reason: noBounds},
	{message: "packet ends inside property length", reason: noBounds},
	{message: "packet ends inside property", reason: noBounds},
	{message: "packet ends inside reason code", reason: noBounds},
	{message: "packet ends inside user property", reason: noBounds},
	{message: "variable byte integer is longer than its value needs", reason: noShortest},

	{message: "is not well-formed UTF-8", reason: noText},
	{message: "contains U+0000", reason: noText},
	{message: "will topic contains a wildcard", reason: noTopic},
	{message: "will topic is empty", reason: noTopic},
	{message: "Response Topic contains a wildcard", reason: noTopic},
	{message: "topic name contains a wildcard", reason: noTopic},
	{message: "topic name is empty", reason: noTopic},
	{message: "topic filter is empty", reason: noTopic},
	{message: "topic filter has # elsewhere than as its last level", reason: noTopic},
	{message: "topic filter has + as a part of a level", reason: noTopic},
	{message: "share name contains a wildcard", reason: noTopic},
	{message: "shared subscription has an empty share name", reason: noTopic},
	{message: "shared subscription has no topic filter", reason: noTopic},
	{message: "shared subscription has the no local option", reason: noTopic},

	{message: "has the value", reason: noRanges},
	{message: "is not allowed in", reason: noHomes},
	{message: "is there twice", reason: noRepeats},
	{message: "Authentication Data without Authentication Method", reason: noHomes},
	{message: "AUTH has no authentication method", reason: noHomes},

	{message: "CONNACK has the reason code", reason: noCodes},
	{message: "refused connection has a session present", reason: noCodes},
	{message: "packet identifier is 0", reason: noIDs},
	{message: ": SUBACK has no reason code", reason: noLists},
	{message: ": UNSUBACK has no reason code", reason: noLists},
	{message: ": SUBSCRIBE has no topic filter", reason: noLists},
	{message: ": UNSUBSCRIBE has no topic filter", reason: noLists},

	{message: "PUBLISH of QoS 0 has DUP set", reason: "the judge does not check DUP"},
	{message: "password without a user name", reason: "the judge checks this when it encodes only"},
	{message: "will has QoS 3", reason: "the judge does not check the QoS of a will"},
	{message: "does not go with MQTT", reason: "the judge does not hold protocol name and level together"},
	{message: "protocol level is not 3, 4 or 5", reason: "the judge knows the bridge bit of one server"},
}

// judgeRefuses has what only the judge refuses, by version, type and its
// message. STRICTNESS.md has the reasons in full.
var judgeRefuses = []difference{
	{message: "3.1 PUBREL: Invalid header flag bits", reason: "DUP is set when MQTT 3.1 sends it again"},
	{message: "3.1 SUBSCRIBE: Invalid header flag bits", reason: "DUP is set when MQTT 3.1 sends it again"},
	{message: "3.1 UNSUBSCRIBE: Invalid header flag bits", reason: "DUP is set when MQTT 3.1 sends it again"},
	{message: "3.1 CONNECT: Cannot parse username", reason: "MQTT 3.1 gives the remaining length precedence"},
	{message: "3.1 CONNACK: Invalid connack flags", reason: "MQTT 3.1 does not use that byte"},
	{message: "5 AUTH: Invalid auth reason code", reason: "an AUTH may be empty"},
	{message: "5 DISCONNECT: Invalid disconnect reason code", reason: "0x8C is in one of the specification's two tables"},
}

// otherFields has what both accept and read in another way, by version, type
// and field.
var otherFields = []difference{
	{message: "3.1 CONNACK: sessionPresent", reason: "MQTT 3.1 does not use that byte"},
}
