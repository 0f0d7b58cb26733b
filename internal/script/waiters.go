package script

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/packet"
)

// defaultRequestTimeout is how long request waits when it is not told.
const defaultRequestTimeout = 5 * time.Second

// waiter is a call of nextMessage or request that waits for its message.
type waiter struct {
	filter      string
	correlation []byte // of request; nil: any message will do
	d           *eventloop.Deferred
	cancel      func() // ends its timeout
}

func (w *waiter) matches(m *Message) bool {
	if !packet.MatchTopic(w.filter, m.Topic) {
		return false
	}
	if w.correlation == nil {
		return true
	}
	p, ok := m.Packet.Properties.Get(packet.PropCorrelationData)
	return ok && bytes.Equal(p.Bytes, w.correlation)
}

// nextMessage is nextMessage(filter, {timeout}). It does not subscribe.
func (s *Script) nextMessage(call goja.FunctionCall) goja.Value {
	w := &waiter{d: s.loop.Defer()}
	r := &optionReader{s: s, call: "nextMessage"}
	w.filter = r.topicFilter(place{"", "filter"}, call.Argument(0))
	timeout := r.timeout(call.Argument(1), 0)
	if r.err != nil {
		w.d.Reject(r.err)
		return w.d.Promise()
	}
	s.wait(w, timeout, fmt.Sprintf("nextMessage: no message on '%s' within %d ms", w.filter, timeout.Milliseconds()))
	return w.d.Promise()
}

// timeout reads the option timeout, in milliseconds.
func (r *optionReader) timeout(opts goja.Value, def time.Duration) time.Duration {
	r.each(place{"", "opts"}, opts, func(at place, v goja.Value) {
		if at.key == "timeout" {
			def = time.Duration(r.integer(at, v, 1, math.MaxInt32)) * time.Millisecond
		}
	})
	return def
}

// wait adds a waiter; after timeout it is rejected, never when that is 0.
func (s *Script) wait(w *waiter, timeout time.Duration, message string) {
	s.waiters = append(s.waiters, w)
	s.want(handlerCount)
	if timeout > 0 {
		w.cancel = s.loop.After(timeout, func() {
			s.stopWaiting(w)
			w.d.Reject(s.errorObject(&ClientError{Name: "Error", Message: message, Code: "ETIMEDOUT"}))
		})
	}
}

// stopWaiting takes a waiter off the list.
func (s *Script) stopWaiting(w *waiter) {
	if w.cancel != nil {
		w.cancel()
	}
	if i := slices.Index(s.waiters, w); i >= 0 {
		s.waiters = slices.Delete(s.waiters, i, i+1)
	}
	if len(s.waiters) == 0 {
		s.wants.And(^uint64(1 << handlerCount))
		s.wanted()
	}
}

// offerToWaiters gives a message to everyone who waits for it.
func (s *Script) offerToWaiters(m *Message) {
	for _, w := range slices.Clone(s.waiters) {
		if w.matches(m) {
			s.stopWaiting(w)
			w.d.Resolve(s.messageObject(m))
		}
	}
}

func (s *Script) messageObject(m *Message) goja.Value {
	payload := s.copied(m.Packet.Payload)
	o := s.vm.NewObject()
	_ = o.Set("topic", m.Topic)
	_ = o.Set("payload", payload)
	_ = o.Set("packet", s.packets.ReceivedPublish(m.Packet, m.Version, payload))
	return o
}

// responses is the topic that the answers to this script's requests come on.
type responses struct {
	topic   string
	state   responseState
	waiting []func(failed *goja.Object) // requests until the subscription is there
}

type responseState byte

const (
	notSubscribed responseState = iota
	subscriptionAsked
	subscribed
)

// request is request(topic, message, opts): it publishes with a response topic
// and correlation data and waits for the answer.
func (s *Script) request(call goja.FunctionCall) goja.Value {
	d := s.loop.Defer()
	req, wrong := s.publishRequest("request", call.Argument(0), call.Argument(1), call.Argument(2))
	if wrong == nil {
		req.Packet.Payload = bytes.Clone(req.Packet.Payload)
	}
	r := &optionReader{s: s, call: "request", err: wrong}
	timeout := r.timeout(call.Argument(2), defaultRequestTimeout)
	if v := s.opts.Host.Client().ProtocolVersion; r.err == nil && v != packet.V5 {
		r.err = s.errorObject(&ClientError{Name: "Error", Code: "ERR_NOT_SUPPORTED", Message: fmt.Sprintf(
			"request: needs MQTT 5, for its response topic and correlation data; the connection speaks MQTT %v", v)})
	}
	if r.err != nil {
		d.Reject(r.err)
		return d.Promise()
	}
	if s.responses.topic == "" {
		s.responses.topic = "mqscript/response/" + topicLevel(s.opts.Host.Client().ID) + "/" + hex.EncodeToString(random(8))
	}
	w := &waiter{filter: s.responses.topic, correlation: random(8), d: d}
	req.Packet.Properties = req.Packet.Properties.
		Without(packet.PropResponseTopic, packet.PropCorrelationData).
		AppendString(packet.PropResponseTopic, w.filter).
		AppendBytes(packet.PropCorrelationData, w.correlation)
	s.wait(w, timeout, fmt.Sprintf("request: no response to '%s' within %d ms", req.Packet.Topic, timeout.Milliseconds()))
	s.whenSubscribed(func(failed *goja.Object) { s.sendRequest(req, w, failed) })
	return d.Promise()
}

// sendRequest publishes a request once its answer can arrive.
func (s *Script) sendRequest(req *PublishRequest, w *waiter, failed *goja.Object) {
	if failed != nil {
		s.stopWaiting(w)
		w.d.Reject(failed)
		return
	}
	if !slices.Contains(s.waiters, w) {
		return // its time is over
	}
	sent := s.loop.Defer()
	s.send(req, sent)
	err := s.loop.Then(sent.Promise(), func(goja.Value) {}, func(reason goja.Value) {
		s.stopWaiting(w)
		w.d.Reject(reason)
	})
	if err != nil {
		s.loop.Fail("request", err)
	}
}

// whenSubscribed calls f once the script is subscribed to its response topic.
func (s *Script) whenSubscribed(f func(failed *goja.Object)) {
	rs := &s.responses
	if rs.state == subscribed {
		f(nil)
		return
	}
	rs.waiting = append(rs.waiting, f)
	if rs.state == subscriptionAsked {
		return
	}
	rs.state = subscriptionAsked
	sub := packet.Subscription{Filter: rs.topic, QoS: 1}
	s.startSubscribe([]packet.Subscription{sub}, nil, &subscribing{
		verb: "Subscribe", filters: []string{rs.topic},
		then: func(failed *goja.Object) {
			rs.state = subscribed
			if failed != nil {
				rs.state = notSubscribed
			}
			waiting := rs.waiting
			rs.waiting = nil
			for _, f := range waiting {
				f(failed)
			}
		},
	})
}

// topicLevel makes a client identifier usable as a level of a topic.
func topicLevel(id string) string {
	out := []byte(id)
	for i, c := range out {
		if c == '/' || c == '+' || c == '#' || c < ' ' {
			out[i] = '_'
		}
	}
	return string(out)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}
