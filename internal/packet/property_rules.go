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
	wire     wireType
	home     home
	min, max uint32 // of an integer; max 0 means whatever the form holds
	rule     rule   // statement that forbids min-1 or max+1, where one is numbered
}

// propertyRules holds the rules by property identifier [MQTT-2.2.2.2].
var propertyRules = [PropSharedSubscriptionAvailable + 1]propertyRule{
	PropPayloadFormatIndicator:          {wire: wireByte, home: inMessage, max: 1},
	PropMessageExpiryInterval:           {wire: wireUint32, home: inMessage},
	PropContentType:                     {wire: wireString, home: inMessage},
	PropResponseTopic:                   {wire: wireString, home: inMessage},
	PropCorrelationData:                 {wire: wireBinary, home: inMessage},
	PropSubscriptionIdentifier:          {wire: wireVarint, home: in(PUBLISH, SUBSCRIBE), min: 1},
	PropSessionExpiryInterval:           {wire: wireUint32, home: in(CONNECT, CONNACK, DISCONNECT)},
	PropAssignedClientIdentifier:        {wire: wireString, home: in(CONNACK)},
	PropServerKeepAlive:                 {wire: wireUint16, home: in(CONNACK)},
	PropAuthenticationMethod:            {wire: wireString, home: inLogin},
	PropAuthenticationData:              {wire: wireBinary, home: inLogin},
	PropRequestProblemInformation:       {wire: wireByte, home: in(CONNECT), max: 1},
	PropWillDelayInterval:               {wire: wireUint32, home: in(will)},
	PropRequestResponseInformation:      {wire: wireByte, home: in(CONNECT), max: 1},
	PropResponseInformation:             {wire: wireString, home: in(CONNACK)},
	PropServerReference:                 {wire: wireString, home: in(CONNACK, DISCONNECT)},
	PropReasonString:                    {wire: wireString, home: inAckOrEnd},
	PropReceiveMaximum:                  {wire: wireUint16, home: in(CONNECT, CONNACK), min: 1},
	PropTopicAliasMaximum:               {wire: wireUint16, home: in(CONNECT, CONNACK)},
	PropTopicAlias:                      {wire: wireUint16, home: in(PUBLISH), min: 1, rule: ruleTopicAlias},
	PropMaximumQoS:                      {wire: wireByte, home: in(CONNACK), max: 1},
	PropRetainAvailable:                 {wire: wireByte, home: in(CONNACK), max: 1},
	PropUserProperty:                    {wire: wirePair, home: everywhere},
	PropMaximumPacketSize:               {wire: wireUint32, home: in(CONNECT, CONNACK), min: 1},
	PropWildcardSubscriptionAvailable:   {wire: wireByte, home: in(CONNACK), max: 1},
	PropSubscriptionIdentifierAvailable: {wire: wireByte, home: in(CONNACK), max: 1},
	PropSharedSubscriptionAvailable:     {wire: wireByte, home: in(CONNACK), max: 1},
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
			return violation(V5, noRule, "property 0x%02X is there twice", byte(prop.ID))
		}
		seen |= 1 << prop.ID
	}
	const method, data = 1 << PropAuthenticationMethod, 1 << PropAuthenticationData
	if t == CONNECT && seen&(method|data) == data {
		return violation(V5, noRule, "authentication data without an authentication method")
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
		return malformed(V5, noRule, "property 0x%02X is not allowed there", byte(p.ID))
	}
	switch r.wire {
	case wireString:
		if p.ID == PropResponseTopic {
			return checkName(aliased(p.Bytes), "response topic", ruleResponse, V5)
		}
		return checkText(aliased(p.Bytes), "property", V5)
	case wirePair:
		if err := checkText(aliased(p.Key), "user property", V5); err != nil {
			return err
		}
		return checkText(aliased(p.Bytes), "user property", V5)
	}
	if p.Int < r.min || r.max > 0 && p.Int > r.max {
		return violation(V5, r.rule, "property 0x%02X has the value %d", byte(p.ID), p.Int)
	}
	return nil
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
