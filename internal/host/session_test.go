package host

import (
	"testing"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/wal"
)

const publishes = `
module.exports = {
  onPublish(topic, message) { console.log('onPublish ' + message) },
  onMessage() {
    publish('t', 'usual', { qos: 1 }).then(() => console.log('usual acknowledged'), (e) => console.log(e.message))
    publish('t', 'quick', { qos: 1, resolveWhen: 'stored' }).then(() => console.log('quick stored'), (e) => console.log(e.message))
    publish('t', 'zero', { resolveWhen: 'stored' }).catch((e) => console.log('zero: ' + e.message))
  },
}`

func TestPublishResolvesWhenItIsStored(t *testing.T) {
	never := ^uint32(0)
	f := newFixture(t, func(o *Options) {
		o.Client.CleanStart, o.Client.SessionExpiry = false, &never
		o.Client.Session = &mqtt.SessionConfig{Dir: t.TempDir(), Sync: wal.SyncAlways}
	})
	f.add("publishes", publishes)
	conn := f.connect()
	conn.Send(message(0, 0, "go"))
	var ids []uint16
	for range 2 {
		ids = append(ids, mqtttest.Expect[*packet.Publish](conn).ID)
	}
	f.notes.await(t, "quick stored")
	f.notes.await(t, "zero: publish: resolveWhen: 'stored' is for messages of QoS 1 and 2")
	f.notes.lacks(t, "onPublish")
	for _, id := range ids {
		conn.Ack(packet.PUBACK, id, 0)
	}
	f.notes.await(t, "usual acknowledged")
	f.notes.await(t, "onPublish quick")
}

// A script that was told that its message is stored hears nothing of it any
// more, so that somebody else must.
func TestStoredMessageThatIsRefusedIsNoSilentLoss(t *testing.T) {
	never := ^uint32(0)
	f := newFixture(t, func(o *Options) {
		o.Client.CleanStart, o.Client.SessionExpiry = false, &never
		o.Client.Session = &mqtt.SessionConfig{Dir: t.TempDir(), Sync: wal.SyncAlways}
	})
	f.add("publishes", publishes+`
module.exports.onError = (err) => console.log('onError ' + err.message + ' ' + err.code)`)
	conn := f.connect()
	conn.Send(message(0, 0, "go"))
	f.notes.await(t, "quick stored")
	for range 2 {
		conn.Ack(packet.PUBACK, mqtttest.Expect[*packet.Publish](conn).ID, packet.NotAuthorized)
	}
	f.notes.await(t, "Publish error: Not authorized") // to the promise of the usual one
	f.notes.await(t, `onError a stored message to "t" is lost: Publish error: Not authorized 135`)
}

func TestNothingIsStoredWithoutASession(t *testing.T) {
	f := newFixture(t, nil)
	f.add("publishes", publishes)
	conn := f.connect()
	conn.Send(message(0, 0, "go"))
	f.notes.await(t, "needs a session on disk (mqscript run --session DIR)")
	if p := mqtttest.Expect[*packet.Publish](conn); string(p.Payload) != "usual" {
		t.Errorf("%s was sent", p.Payload)
	}
}
