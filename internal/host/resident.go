package host

import (
	"errors"
	"sync/atomic"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

var _ script.Host = (*resident)(nil)

// resident is one script on the client, and what that script sees of it.
type resident struct {
	host   *Host
	place  *Place // where one script may follow another; nil: none may
	script Script
	stall  stall
	late   lateness // guarded by the host's latecomers

	spare *publication // the rest of a row; the script's, see spares

	restarts atomic.Int32 // processes that fetchAgain has yet to see to; 0: it does not run

	dropped atomic.Uint64 // messages that the script should have had
	omitted atomic.Uint32 // what it was warned of
}

func newResident(h *Host, place *Place, opts script.Options) *resident {
	r := &resident{host: h, place: place}
	if h.started.Load() {
		h.late.begin(&r.late)
	}
	r.stall.hold = make(chan struct{})
	opts.Host = r
	opts.InboxMessages, opts.InboxBytes = inboxMessages, inboxBytes
	opts.Settled = func(msg *script.Message, handled bool) { h.settled(r, msg, handled) }
	r.script = h.opts.New(opts)
	return r
}

// loaded tells whether the script's handlers are known.
func (r *resident) loaded() bool {
	select {
	case <-r.script.Loaded():
		return true
	default:
		return false
	}
}

// wants tells whether the script may have a handler for the event; while it
// loads, it may have any.
func (r *resident) wants(kind script.EventKind) bool {
	return !r.loaded() || r.script.Wants(kind)
}

// deliver hands over a message and tells whether the script took it. missed
// says that the script lives and listens and yet could not take it.
func (r *resident) deliver(msg *script.Message) (taken, missed bool) {
	if r.place != nil {
		return r.place.deliver(msg)
	}
	return r.offer(msg)
}

// offer is deliver without what a Place adds.
func (r *resident) offer(msg *script.Message) (taken, missed bool) {
	if r.loaded() && !r.script.WantsMessages() {
		return false, false
	}
	if msg.Packet.QoS == 0 && r.stall.stuck.Load() && r.full() {
		r.dropped.Add(1)
		return false, true
	}
	if r.script.Deliver(msg) {
		return true, false
	}
	state, _ := r.script.Result()
	if missed = state == script.StateLoading || state == script.StateRunning; missed {
		r.dropped.Add(1)
	}
	return false, missed
}

// Publish implements [script.Host]. When the client's queue is full while the
// connection is up, it waits for room, unless the client's reader for its part
// waits for this script.
func (r *resident) Publish(req *script.PublishRequest, cancel <-chan struct{}) error {
	p := r.publicationFor(req)
	again := p.plain // it may be another one as soon as the client has it
	r.host.outstanding.Add(1)
	for {
		err := r.host.client.Publish(&p.Publication)
		if err == nil {
			if !again {
				r.warnOmitted(p.Omitted())
			}
			return nil
		}
		if !isFull(err) || !r.host.client.AwaitRoom(cancel, r.stall.held()) {
			r.host.publicationEnded()
			return clientError(err)
		}
	}
}

func isFull(err error) bool {
	var full *mqtt.QueueFullError
	return errors.As(err, &full)
}

func (h *Host) publicationEnded() {
	if h.outstanding.Add(-1) == 0 {
		select {
		case h.drained <- struct{}{}:
		default:
		}
	}
}

// published is the client's answer to Publish.
func (r *resident) published(p *publication, err error) {
	r.warnOmitted(p.Omitted())
	r.host.publicationEnded()
	r.answer(p, err)
}

// answer tells the script, once, what became of what it published.
func (r *resident) answer(p *publication, err error) {
	if !p.done {
		p.done = true
		r.script.PublishDone(p.id, clientError(err))
	}
}

// stored is told when a message is on disk whose script waits for that alone.
func stored(pub *mqtt.Publication) {
	if p, ok := pub.Tag.(*publication); ok {
		p.from.answer(p, nil)
	}
}

// omissions is what a script is told, once, when something was left out of
// what it published.
var omissions = []struct {
	bit  mqtt.Omission
	text string
}{
	{mqtt.OmittedProperties, "publish: properties were left out, which need MQTT 5"},
	{
		mqtt.OmittedSubscriptionIdentifier,
		"publish: subscriptionIdentifier was left out, which MQTT 5 lets only the broker send",
	},
	{
		mqtt.OmittedTopicAlias,
		"publish: topicAlias was left out and the full topic sent, because it is above the broker's Topic Alias Maximum",
	},
}

func (r *resident) warnOmitted(now mqtt.Omission) {
	if now == 0 {
		return
	}
	before := mqtt.Omission(r.omitted.Or(uint32(now)))
	for _, o := range omissions {
		if now&^before&o.bit != 0 {
			r.script.Warn(o.text)
		}
	}
}

// Subscribe implements [script.Host].
func (r *resident) Subscribe(id uint64, subs []packet.Subscription, props packet.Properties) {
	r.host.subscribed.Store(true)
	answered := r.host.late.share(r.expectAgain(subs))
	r.host.client.SubscribeAsync(subs, props, func(codes []packet.ReasonCode, err error) {
		answered()
		r.script.SubscribeDone(id, codes, clientError(err))
	})
}

// expectAgain returns what of subs is not subscribed yet. What is, has retained
// messages that only this script lacks, when it is a late one.
func (r *resident) expectAgain(subs []packet.Subscription) (others []packet.Subscription) {
	if !r.host.late.isLate(&r.late) {
		return subs
	}
	var again []packet.Subscription
	for _, s := range subs {
		if r.host.client.Subscribed(s.Filter) {
			again = append(again, s)
		} else {
			others = append(others, s)
		}
	}
	if len(again) > 0 && !r.host.late.expect(&r.late, mqtt.RetainedOf(again)) {
		return subs
	}
	return others
}

// Unsubscribe implements [script.Host].
func (r *resident) Unsubscribe(id uint64, filters []string, props packet.Properties) {
	r.host.client.UnsubscribeAsync(filters, props, func(codes []packet.ReasonCode, err error) {
		r.script.SubscribeDone(id, codes, clientError(err))
	})
}

// Client implements [script.Host].
func (r *resident) Client() script.ClientInfo {
	info := r.host.client.Info()
	return script.ClientInfo{
		ID: info.ClientID, URL: info.URL, Connected: info.Connected, ProtocolVersion: info.Version,
	}
}
