package broker

import (
	"bytes"
	"crypto/subtle"

	"github.com/mqscript/mqscript/internal/packet"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// hook is how mochi asks and tells.
type hook struct {
	mochi.HookBase
	broker *Broker
}

// ID names the hook.
func (*hook) ID() string { return "mqscript" }

// Provides tells which calls the hook wants.
func (*hook) Provides(call byte) bool {
	return bytes.Contains([]byte{
		mochi.OnConnect, mochi.OnConnectAuthenticate, mochi.OnACLCheck, mochi.OnSessionEstablish,
		mochi.OnPacketEncode, mochi.OnPublishDropped,
	}, []byte{call})
}

// OnConnect refuses enhanced authentication, which mochi would ignore.
func (h *hook) OnConnect(client *mochi.Client, pk packets.Packet) error {
	if pk.Properties.AuthenticationMethod == "" {
		return nil
	}
	_ = h.broker.server.SendConnack(client, packets.ErrBadAuthenticationMethod, false, nil)
	return packets.ErrBadAuthenticationMethod
}

// OnConnectAuthenticate checks user name and password.
func (h *hook) OnConnectAuthenticate(_ *mochi.Client, pk packets.Packet) bool {
	users := h.broker.opts.Users
	if len(users) == 0 {
		return true
	}
	password, known := users[string(pk.Connect.Username)]
	same := subtle.ConstantTimeCompare([]byte(password), pk.Connect.Password) == 1
	return known && same
}

// OnACLCheck allows every topic; mochi itself guards $SYS.
func (*hook) OnACLCheck(*mochi.Client, string, bool) bool { return true }

// OnSessionEstablish ties mochi's client to its connection, before the session
// is taken over and CONNACK is sent.
func (*hook) OnSessionEstablish(client *mochi.Client, _ packets.Packet) {
	// The window counts in mochi's place.
	client.Properties.Props.ReceiveMaximum = 0
	client.State.Inflight.ResetSendQuota(0)
	// mochi sends an alias for a topic that the client may never have got: the
	// packet that set it was dropped or belonged to an earlier connection.
	client.Properties.Props.TopicAliasMaximum = 0
	if c, ok := client.Net.Conn.(*conn); ok {
		c.client.Store(client)
	}
}

// OnPacketEncode states in CONNACK the limits that mochi applies in silence.
func (h *hook) OnPacketEncode(client *mochi.Client, pk packets.Packet) packets.Packet {
	if pk.FixedHeader.Type == packets.Connack && client.Properties.ProtocolVersion == byte(packet.V5) {
		pk.Properties.MaximumPacketSize = uint32(h.broker.opts.MaxPacketSize)
		pk.Properties.TopicAliasMaximum = aliasMaximum
	}
	return pk
}

// OnPublishDropped hears of a message that found a client's queue full.
func (h *hook) OnPublishDropped(client *mochi.Client, pk packets.Packet) {
	if c, ok := client.Net.Conn.(*conn); ok && !c.warned.Swap(true) {
		h.broker.log.Warn("a client does not keep up and loses messages",
			"client", client.ID, "topic", pk.TopicName, "queued", queuedPackets)
	}
}

// refuse tells a client why its connection ends [MQTT-4.13.1-1], which only
// MQTT 5 can. The reader's error ends it then, which sends the will.
func (b *Broker) refuse(c *conn, why *packet.Error) {
	client := c.client.Load()
	b.log.Debug("a client broke the protocol", "remote", c.RemoteAddr().String(), "error", why)
	if client == nil || c.version != packet.V5 {
		return
	}
	_ = b.server.DisconnectClient(client, packets.Code{Code: byte(why.Code), Reason: why.Message})
}
