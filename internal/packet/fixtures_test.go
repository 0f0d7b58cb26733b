package packet

import "slices"

// fixture is a packet and the bytes that it takes on the wire, written by hand
// as wireBytes reads them.
type fixture struct {
	name   string
	v      Version
	wire   string
	packet Packet // Length left at 0
}

// none is where to start building properties.
var none Properties

// someUser is a user property with a repeated name, and anotherUser comes
// after it, so that order shows.
var (
	users     = none.AppendUser("k", "1").AppendUser("k", "2").AppendUser("a", "")
	usersWire = "26 {'k'} {'1'} 26 {'k'} {'2'} 26 {'a'} {}"
	reason    = none.AppendString(PropReasonString, "why")
)

// fixtures covers every type in every version, every property, and presence:
// what is zero or empty and on the wire all the same.
var fixtures = slices.Concat(
	earlierFixtures(V31), earlierFixtures(V311),
	connectFixtures, connackFixtures, publishFixtures, ackFixtures, subscribeFixtures, endFixtures,
)

// earlierFixtures are the packets that MQTT 3.1 and 3.1.1 have in common.
func earlierFixtures(v Version) []fixture {
	return []fixture{
		{"connack", v, "20 [00 00]", &Connack{}},
		{"connack refused", v, "20 [00 05]", &Connack{ReasonCode: 5}},
		{"publish qos 0", v, "30 [{'a/b'} 'hello']", &Publish{Topic: "a/b", Payload: []byte("hello")}},
		{"publish empty retained", v, "31 [{'a'}]", &Publish{Topic: "a", Retain: true}},
		{"publish qos 1", v, "32 [{'a'} 0001 00ff]", &Publish{Topic: "a", QoS: 1, ID: 1, Payload: []byte{0, 255}}},
		{
			"publish qos 2 dup retain", v, "3d [{'/€/'} ffff '{}']",
			&Publish{Topic: "/€/", QoS: 2, ID: 65535, Dup: true, Retain: true, Payload: []byte("{}")},
		},
		{"puback", v, "40 [0102]", &Ack{Kind: PUBACK, ID: 258}},
		{"pubrec", v, "50 [0102]", &Ack{Kind: PUBREC, ID: 258}},
		{"pubrel", v, "62 [0102]", &Ack{Kind: PUBREL, ID: 258}},
		{"pubcomp", v, "70 [0102]", &Ack{Kind: PUBCOMP, ID: 258}},
		{
			"subscribe", v, "82 [0003 {'#'} 00 {'+/b'} 01 {'a/#'} 02]",
			&Subscribe{ID: 3, Subscriptions: []Subscription{{Filter: "#"}, {Filter: "+/b", QoS: 1}, {Filter: "a/#", QoS: 2}}},
		},
		{"suback", v, "90 [0003 00 01 02 80]", &Suback{ID: 3, ReasonCodes: []ReasonCode{0, 1, 2, 0x80}}},
		{"unsubscribe", v, "a2 [0004 {'#'} {'$share/g/x'}]", &Unsubscribe{ID: 4, Filters: []string{"#", "$share/g/x"}}},
		{"unsuback", v, "b0 [0004]", &Unsuback{ID: 4}},
		{"pingreq", v, "c0 []", &Pingreq{}},
		{"pingresp", v, "d0 []", &Pingresp{}},
		{"disconnect", v, "e0 []", &Disconnect{}},
	}
}

var connectFixtures = []fixture{
	{
		"connect 3.1", V31, "10 [{'MQIsdp'} 03 02 003c {'dev'}]",
		&Connect{Version: V31, CleanStart: true, KeepAlive: 60, ClientID: "dev"},
	},
	{
		"connect 3.1 full", V31, "10 [{'MQIsdp'} 03 ec 0000 {'dev'} {'will'} {'bye'} {'me'} {'secret'}]",
		&Connect{
			Version: V31, ClientID: "dev", HasUsername: true, Username: "me", HasPassword: true, Password: []byte("secret"),
			Will: &Will{Topic: "will", Payload: []byte("bye"), QoS: 1, Retain: true},
		},
	},
	{"connect", V311, "10 [{'MQTT'} 04 02 ffff {}]", &Connect{Version: V311, CleanStart: true, KeepAlive: 65535}},
	{
		"connect full", V311, "10 [{'MQTT'} 04 d4 000a {'dev'} {'will'} {} {} {}]",
		&Connect{
			Version: V311, KeepAlive: 10, ClientID: "dev", HasUsername: true, HasPassword: true,
			Will: &Will{Topic: "will", QoS: 2},
		},
	},
	{"connect user name only", V311, "10 [{'MQTT'} 04 82 0000 {'d'} {'me'}]", &Connect{
		Version: V311, CleanStart: true, ClientID: "d", HasUsername: true, Username: "me",
	}},
	{"connect", V5, "10 [{'MQTT'} 05 02 003c [] {'dev'}]", &Connect{Version: V5, CleanStart: true, KeepAlive: 60, ClientID: "dev"}},
	{
		"connect password only", V5, "10 [{'MQTT'} 05 40 0000 [] {'d'} {00ff}]",
		&Connect{Version: V5, ClientID: "d", HasPassword: true, Password: []byte{0, 255}},
	},
	{
		"connect full", V5, `10 [{'MQTT'} 05 ee 003c
			[11 00000000 21 0014 27 00100000 22 000a 19 01 17 00 15 {'SCRAM'} 16 {0102} ` + usersWire + `] {'dev'}
			[18 00000005 01 00 02 0000003c 03 {'text/plain'} 08 {'re/ply'} 09 {0a0b} ` + usersWire + `] {'will'} {'bye'}
			{'me'} {'secret'}]`,
		&Connect{
			Version: V5, CleanStart: true, KeepAlive: 60, ClientID: "dev",
			HasUsername: true, Username: "me", HasPassword: true, Password: []byte("secret"),
			Properties: append(none.
				AppendInt(PropSessionExpiryInterval, 0).AppendInt(PropReceiveMaximum, 20).
				AppendInt(PropMaximumPacketSize, 1<<20).AppendInt(PropTopicAliasMaximum, 10).
				AppendInt(PropRequestResponseInformation, 1).AppendInt(PropRequestProblemInformation, 0).
				AppendString(PropAuthenticationMethod, "SCRAM").AppendBytes(PropAuthenticationData, []byte{1, 2}), users...),
			Will: &Will{
				Topic: "will", Payload: []byte("bye"), QoS: 1, Retain: true,
				Properties: append(none.
					AppendInt(PropWillDelayInterval, 5).AppendInt(PropPayloadFormatIndicator, 0).
					AppendInt(PropMessageExpiryInterval, 60).AppendString(PropContentType, "text/plain").
					AppendString(PropResponseTopic, "re/ply").AppendBytes(PropCorrelationData, []byte{10, 11}), users...),
			},
		},
	},
	{
		"connect bare will", V5, "10 [{'MQTT'} 05 04 0000 [] {} [] {'w'} {}]",
		&Connect{Version: V5, Will: &Will{Topic: "w"}},
	},
}

var connackFixtures = []fixture{
	{"connack session present", V311, "20 [01 00]", &Connack{SessionPresent: true}},
	{"connack", V5, "20 [00 00 []]", &Connack{}},
	{"connack refused", V5, "20 [00 87 [1f {'why'}]]", &Connack{ReasonCode: NotAuthorized, Properties: reason}},
	{
		"connack full", V5, `20 [01 00 [11 0000000a 21 0001 24 00 25 01 27 ffffffff 12 {'id'} 22 0000 1f {'why'} ` + usersWire + `
			28 00 29 01 2a 00 13 0000 1a {'info'} 1c {'other:1883'} 15 {} 16 {}]]`,
		&Connack{
			SessionPresent: true,
			Properties: append(none.
				AppendInt(PropSessionExpiryInterval, 10).AppendInt(PropReceiveMaximum, 1).AppendInt(PropMaximumQoS, 0).
				AppendInt(PropRetainAvailable, 1).AppendInt(PropMaximumPacketSize, 1<<32-1).
				AppendString(PropAssignedClientIdentifier, "id").AppendInt(PropTopicAliasMaximum, 0).
				AppendString(PropReasonString, "why"), users...).
				AppendInt(PropWildcardSubscriptionAvailable, 0).AppendInt(PropSubscriptionIdentifierAvailable, 1).
				AppendInt(PropSharedSubscriptionAvailable, 0).AppendInt(PropServerKeepAlive, 0).
				AppendString(PropResponseInformation, "info").AppendString(PropServerReference, "other:1883").
				AppendString(PropAuthenticationMethod, "").AppendBytes(PropAuthenticationData, nil),
		},
	},
}

var publishFixtures = []fixture{
	{"publish qos 0", V5, "30 [{'a/b'} [] 'hello']", &Publish{Topic: "a/b", Payload: []byte("hello")}},
	{"publish empty retained", V5, "31 [{'a'} []]", &Publish{Topic: "a", Retain: true}},
	{
		"publish full", V5, `3b [{'a'} 0007 [01 01 02 00000000 23 ffff 08 {'re/ply'} 09 {00} ` + usersWire + `
			0b 01 0b ffffff7f 0b 8001 03 {}] 7b7d]`,
		&Publish{
			Topic: "a", QoS: 1, ID: 7, Dup: true, Retain: true, Payload: []byte("{}"),
			Properties: append(none.
				AppendInt(PropPayloadFormatIndicator, 1).AppendInt(PropMessageExpiryInterval, 0).
				AppendInt(PropTopicAlias, 65535).AppendString(PropResponseTopic, "re/ply").
				AppendBytes(PropCorrelationData, []byte{0}), users...).
				AppendInt(PropSubscriptionIdentifier, 1).AppendInt(PropSubscriptionIdentifier, MaxLength).
				AppendInt(PropSubscriptionIdentifier, 128).AppendString(PropContentType, ""),
		},
	},
	{
		"publish by alias", V5, "34 [{} 0001 [23 0001] 'x']",
		&Publish{QoS: 2, ID: 1, Payload: []byte("x"), Properties: none.AppendInt(PropTopicAlias, 1)},
	},
	{
		"publish interleaved user properties", V5, "30 [{'a'} [26 {'k'} {'1'} 26 {'a'} {} 26 {'k'} {'2'}]]",
		&Publish{Topic: "a", Properties: none.AppendUser("k", "1").AppendUser("a", "").AppendUser("k", "2")},
	},
}

var ackFixtures = []fixture{
	{"puback", V5, "40 [0102]", &Ack{Kind: PUBACK, ID: 258}},
	{"puback reason", V5, "40 [0102 10]", &Ack{Kind: PUBACK, ID: 258, ReasonCode: NoMatchingSubscribers}},
	{"puback empty properties", V5, "40 [0102 97 []]", &Ack{Kind: PUBACK, ID: 258, ReasonCode: QuotaExceeded, Properties: Properties{}}},
	{
		"puback full", V5, "40 [0102 99 [1f {'why'} " + usersWire + "]]",
		&Ack{Kind: PUBACK, ID: 258, ReasonCode: PayloadFormatInvalid, Properties: append(reason, users...)},
	},
	{"pubrec", V5, "50 [0102]", &Ack{Kind: PUBREC, ID: 258}},
	{"pubrec full", V5, "50 [0102 80 [1f {'why'}]]", &Ack{Kind: PUBREC, ID: 258, ReasonCode: UnspecifiedError, Properties: reason}},
	{"pubrel", V5, "62 [0102]", &Ack{Kind: PUBREL, ID: 258}},
	{"pubrel full", V5, "62 [0102 92 [1f {'why'}]]", &Ack{Kind: PUBREL, ID: 258, ReasonCode: PacketIdentifierNotFound, Properties: reason}},
	{"pubcomp", V5, "70 [0102]", &Ack{Kind: PUBCOMP, ID: 258}},
	{"pubcomp success with properties", V5, "70 [0102 00 [1f {'why'}]]", &Ack{Kind: PUBCOMP, ID: 258, Properties: reason}},
}

var subscribeFixtures = []fixture{
	{
		"subscribe", V5, "82 [0003 [] {'#'} 00 {'+/b'} 0d {'a'} 2a {'$share/g/+'} 10]",
		&Subscribe{ID: 3, Subscriptions: []Subscription{
			{Filter: "#"},
			{Filter: "+/b", QoS: 1, NoLocal: true, RetainAsPublished: true},
			{Filter: "a", QoS: 2, RetainAsPublished: true, RetainHandling: 2},
			{Filter: "$share/g/+", RetainHandling: 1},
		}},
	},
	{
		"subscribe full", V5, "82 [0003 [0b 8001 " + usersWire + "] {'a'} 01]",
		&Subscribe{
			ID: 3, Subscriptions: []Subscription{{Filter: "a", QoS: 1}},
			Properties: append(none.AppendInt(PropSubscriptionIdentifier, 128), users...),
		},
	},
	{"suback", V5, "90 [0003 [] 00 01 02 87]", &Suback{ID: 3, ReasonCodes: []ReasonCode{0, 1, 2, NotAuthorized}}},
	{"suback full", V5, "90 [0003 [1f {'why'}] a2]", &Suback{
		ID: 3, ReasonCodes: []ReasonCode{WildcardSubscriptionsNotSupported}, Properties: reason,
	}},
	{"unsubscribe", V5, "a2 [0004 [] {'#'} {'$share/g/x'}]", &Unsubscribe{ID: 4, Filters: []string{"#", "$share/g/x"}}},
	{"unsubscribe full", V5, "a2 [0004 [" + usersWire + "] {'a'}]", &Unsubscribe{ID: 4, Filters: []string{"a"}, Properties: users}},
	{"unsuback", V5, "b0 [0004 [] 00 11]", &Unsuback{ID: 4, ReasonCodes: []ReasonCode{Success, NoSubscriptionExisted}}},
	{"unsuback full", V5, "b0 [0004 [1f {'why'}] 91]", &Unsuback{
		ID: 4, ReasonCodes: []ReasonCode{PacketIdentifierInUse}, Properties: reason,
	}},
}

var endFixtures = []fixture{
	{"pingreq", V5, "c0 []", &Pingreq{}},
	{"pingresp", V5, "d0 []", &Pingresp{}},
	{"disconnect", V5, "e0 []", &Disconnect{}},
	{"disconnect reason", V5, "e0 [8e]", &Disconnect{ReasonCode: SessionTakenOver}},
	{"disconnect empty properties", V5, "e0 [8e []]", &Disconnect{ReasonCode: SessionTakenOver, Properties: Properties{}}},
	{
		"disconnect full", V5, "e0 [9d [11 00000000 1f {'why'} 1c {'other'} " + usersWire + "]]",
		&Disconnect{ReasonCode: ServerMoved, Properties: append(none.
			AppendInt(PropSessionExpiryInterval, 0).AppendString(PropReasonString, "why").
			AppendString(PropServerReference, "other"), users...)},
	},
	{"auth", V5, "f0 []", &Auth{}},
	{
		"auth full", V5, "f0 [18 [15 {'SCRAM'} 16 {00ff} 1f {'why'} " + usersWire + "]]",
		&Auth{ReasonCode: ContinueAuthentication, Properties: append(none.
			AppendString(PropAuthenticationMethod, "SCRAM").AppendBytes(PropAuthenticationData, []byte{0, 255}).
			AppendString(PropReasonString, "why"), users...)},
	},
}
