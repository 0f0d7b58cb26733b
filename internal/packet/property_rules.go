package packet

// will takes the place of a packet type for the properties of a will, which
// CONNECT carries beside its own. Type 0 is not the type of any packet.
const will Type = 0

// home is the set of packet types that a property is allowed in.
type home uint16

func in(types ...Type) (h home) {
	for _, t := range types {
		h |= 1 << t
	}
	return h
}

var (
	inMessage  = in(PUBLISH, will)
	inAckOrEnd = in(CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH)
	everywhere = inAckOrEnd | inMessage | in(CONNECT, SUBSCRIBE, UNSUBSCRIBE)
	inLogin    = in(CONNECT, CONNACK, AUTH)
)

// propertyRule is what the specification demands of one property.
type propertyRule struct {
	name     string // as the specification writes it
	wire     wireType
	home     home
	min, max uint32 // of an integer; max 0 means whatever the form holds
	rule     rule   // statement that forbids min-1 or max+1, where one is numbered
}

// propertyRules holds the rules by property identifier [MQTT-2.2.2.2].
var propertyRules = [PropSharedSubscriptionAvailable + 1]propertyRule{
	PropPayloadFormatIndicator:          {name: "Payload Format Indicator", wire: wireByte, home: inMessage, max: 1},
	PropMessageExpiryInterval:           {name: "Message Expiry Interval", wire: wireUint32, home: inMessage},
	PropContentType:                     {name: "Content Type", wire: wireString, home: inMessage},
	PropResponseTopic:                   {name: "Response Topic", wire: wireString, home: inMessage},
	PropCorrelationData:                 {name: "Correlation Data", wire: wireBinary, home: inMessage},
	PropSubscriptionIdentifier:          {name: "Subscription Identifier", wire: wireVarint, home: in(PUBLISH, SUBSCRIBE), min: 1},
	PropSessionExpiryInterval:           {name: "Session Expiry Interval", wire: wireUint32, home: in(CONNECT, CONNACK, DISCONNECT)},
	PropAssignedClientIdentifier:        {name: "Assigned Client Identifier", wire: wireString, home: in(CONNACK)},
	PropServerKeepAlive:                 {name: "Server Keep Alive", wire: wireUint16, home: in(CONNACK)},
	PropAuthenticationMethod:            {name: "Authentication Method", wire: wireString, home: inLogin},
	PropAuthenticationData:              {name: "Authentication Data", wire: wireBinary, home: inLogin},
	PropRequestProblemInformation:       {name: "Request Problem Information", wire: wireByte, home: in(CONNECT), max: 1},
	PropWillDelayInterval:               {name: "Will Delay Interval", wire: wireUint32, home: in(will)},
	PropRequestResponseInformation:      {name: "Request Response Information", wire: wireByte, home: in(CONNECT), max: 1},
	PropResponseInformation:             {name: "Response Information", wire: wireString, home: in(CONNACK)},
	PropServerReference:                 {name: "Server Reference", wire: wireString, home: in(CONNACK, DISCONNECT)},
	PropReasonString:                    {name: "Reason String", wire: wireString, home: inAckOrEnd},
	PropReceiveMaximum:                  {name: "Receive Maximum", wire: wireUint16, home: in(CONNECT, CONNACK), min: 1},
	PropTopicAliasMaximum:               {name: "Topic Alias Maximum", wire: wireUint16, home: in(CONNECT, CONNACK)},
	PropTopicAlias:                      {name: "Topic Alias", wire: wireUint16, home: in(PUBLISH), min: 1, rule: ruleTopicAlias},
	PropMaximumQoS:                      {name: "Maximum QoS", wire: wireByte, home: in(CONNACK), max: 1},
	PropRetainAvailable:                 {name: "Retain Available", wire: wireByte, home: in(CONNACK), max: 1},
	PropUserProperty:                    {name: "User Property", wire: wirePair, home: everywhere},
	PropMaximumPacketSize:               {name: "Maximum Packet Size", wire: wireUint32, home: in(CONNECT, CONNACK), min: 1},
	PropWildcardSubscriptionAvailable:   {name: "Wildcard Subscription Available", wire: wireByte, home: in(CONNACK), max: 1},
	PropSubscriptionIdentifierAvailable: {name: "Subscription Identifier Available", wire: wireByte, home: in(CONNACK), max: 1},
	PropSharedSubscriptionAvailable:     {name: "Shared Subscription Available", wire: wireByte, home: in(CONNACK), max: 1},
}

// Validate checks that p can be the properties of a packet of type t: each
// known and allowed there, repeated only where that is allowed, its value in
// range, its text well-formed. The error is an *Error. Who may send a property,
// client or server, is left to the session.
func (p Properties) Validate(t Type) error {
	c := cursor{rest: p, v: V5}
	var prop Property
	var seen uint64 // a bit for each identifier
	for len(c.rest) > 0 {
		if c.property(&prop); c.err != nil {
			return c.err
		}
		if err := prop.validate(t); err != nil {
			return err
		}
		if seen>>prop.ID&1 != 0 && !prop.ID.repeats(t) {
			return violation(V5, noRule, "%v is there twice", prop.ID)
		}
		seen |= 1 << prop.ID
	}
	const method, data = 1 << PropAuthenticationMethod, 1 << PropAuthenticationData
	if t == CONNECT && seen&(method|data) == data {
		return violation(V5, noRule, "%v without %v", PropAuthenticationData, PropAuthenticationMethod)
	}
	return nil
}

// ValidateWill is Validate for the properties of a will.
func (p Properties) ValidateWill() error { return p.Validate(will) }

// repeats tells whether a packet of type t may have the property repeatedly.
// A server puts the identifier of every subscription that matched in PUBLISH.
func (id PropertyID) repeats(t Type) bool {
	return id == PropUserProperty || id == PropSubscriptionIdentifier && t == PUBLISH
}

func (p *Property) validate(t Type) error {
	r := &propertyRules[p.ID]
	if r.home>>t&1 == 0 {
		return notAllowed(p.ID, t)
	}
	switch r.wire {
	case wireString:
		if p.ID == PropResponseTopic {
			return checkName(aliased(p.Bytes), r.name, ruleResponse, V5)
		}
		return checkText(aliased(p.Bytes), r.name, V5)
	case wirePair:
		if err := checkText(aliased(p.Key), r.name, V5); err != nil {
			return err
		}
		return checkText(aliased(p.Bytes), r.name, V5)
	}
	if p.Int < r.min || r.max > 0 && p.Int > r.max {
		return violation(V5, r.rule, "%v has the value %d", p.ID, p.Int)
	}
	return nil
}

func notAllowed(id PropertyID, t Type) error {
	if t == will {
		return malformed(V5, noRule, "%v is not allowed in a will", id)
	}
	return malformed(V5, noRule, "%v is not allowed in %v", id, t)
}

// properties reads the properties of a packet with their length in front: none
// before MQTT 5. Empty ones are nil.
func (c *cursor) properties(t Type) Properties {
	if c.v != V5 || c.err != nil {
		return nil
	}
	p := Properties(notEmpty(c.take(int(c.varint("property length")), "properties")))
	if err := p.Validate(t); err != nil {
		c.fail(err)
		return nil
	}
	return p
}
