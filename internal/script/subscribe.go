package script

import (
	"fmt"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/packet"
)

// subscribing is a subscribe or unsubscribe that the host has yet to answer.
type subscribing struct {
	verb    string // "Subscribe" or "Unsubscribe", for the error
	filters []string
	d       *eventloop.Deferred
	// then is called with the outcome in place of d, for the script's own use.
	then func(failed *goja.Object)
}

// subscribe is subscribe(filter, opts): filter is one, an array, or an object
// of filters and their options. The promise gives the granted QoS of each.
func (s *Script) subscribe(call goja.FunctionCall) goja.Value {
	d := s.loop.Defer()
	r := &optionReader{s: s, call: "subscribe"}
	var base packet.Subscription
	props := r.subscribeOptions(&base, place{"", "opts"}, call.Argument(1))
	subs := r.subscriptions(call.Argument(0), base)
	if r.err != nil {
		d.Reject(r.err)
		return d.Promise()
	}
	filters := make([]string, len(subs))
	for i, sub := range subs {
		filters[i] = sub.Filter
	}
	s.startSubscribe(subs, props, &subscribing{verb: "Subscribe", filters: filters, d: d})
	return d.Promise()
}

func (s *Script) startSubscribe(subs []packet.Subscription, props packet.Properties, state *subscribing) {
	s.nextID++
	s.subscribes[s.nextID] = state
	s.opts.Host.Subscribe(s.nextID, subs, props)
}

// unsubscribe is unsubscribe(filter): one or an array.
func (s *Script) unsubscribe(call goja.FunctionCall) goja.Value {
	d := s.loop.Defer()
	r := &optionReader{s: s, call: "unsubscribe"}
	var filters []string
	for _, sub := range r.subscriptions(call.Argument(0), packet.Subscription{}) {
		filters = append(filters, sub.Filter)
	}
	if r.err != nil {
		d.Reject(r.err)
		return d.Promise()
	}
	s.nextID++
	s.subscribes[s.nextID] = &subscribing{verb: "Unsubscribe", filters: filters, d: d}
	s.opts.Host.Unsubscribe(s.nextID, filters, nil)
	return d.Promise()
}

// subscriptions reads the filters of subscribe and unsubscribe.
func (r *optionReader) subscriptions(v goja.Value, base packet.Subscription) (subs []packet.Subscription) {
	obj, ok := v.(*goja.Object)
	if !ok {
		base.Filter = r.topicFilter(place{"", "filter"}, v)
		return []packet.Subscription{base}
	}
	if obj.ClassName() == "Array" {
		for i := range obj.Get("length").ToInteger() {
			sub := base
			sub.Filter = r.topicFilter(place{"", fmt.Sprintf("filter[%d]", i)}, obj.Get(fmt.Sprint(i)))
			subs = append(subs, sub)
		}
	} else {
		r.each(place{"", "filter"}, v, func(at place, v goja.Value) {
			sub := base
			sub.Filter = r.topicFilter(place{"", "filter"}, r.s.vm.ToValue(at.key))
			r.subscribeOptions(&sub, at, v)
			subs = append(subs, sub)
		})
	}
	if len(subs) == 0 {
		r.refuse(nodeerr.TypeError, nodeerr.InvalidArgValue, place{"", "filter"}, "names no topic filter")
	}
	return subs
}

func (r *optionReader) subscribeOptions(sub *packet.Subscription, at place, opts goja.Value) (props packet.Properties) {
	r.each(at, opts, func(at place, v goja.Value) {
		switch at.key {
		case "qos":
			sub.QoS = byte(r.integer(at, v, 0, 2))
		case "nl":
			sub.NoLocal = r.boolean(at, v)
		case "rap":
			sub.RetainAsPublished = r.boolean(at, v)
		case "rh":
			sub.RetainHandling = byte(r.integer(at, v, 0, 2))
		case "properties":
			r.each(at, v, func(at place, v goja.Value) {
				switch at.key {
				case "subscriptionIdentifier":
					props = props.AppendInt(packet.PropSubscriptionIdentifier, r.integer(at, v, 1, maxPayload))
				case "userProperties":
					props = r.userProperties(props, at, v)
				}
			})
		}
	})
	return props
}

// subscribeDone is the host's answer to a subscribe or unsubscribe.
type subscribeDone struct {
	s     *Script
	id    uint64
	codes []packet.ReasonCode
	err   *ClientError
}

// SubscribeDone says that the subscribe or unsubscribe with that ID is
// finished: with a reason code for each filter when err is nil. A second
// answer for an ID does nothing.
func (s *Script) SubscribeDone(id uint64, codes []packet.ReasonCode, err *ClientError) {
	s.loop.Answer(&subscribeDone{s: s, id: id, codes: codes, err: err})
}

// Run implements eventloop.Job.
func (j *subscribeDone) Run() {
	s := j.s
	state := s.subscribes[j.id]
	if state == nil {
		return
	}
	delete(s.subscribes, j.id)
	failed := j.failure(state)
	switch {
	case state.then != nil:
		state.then(failed)
	case failed != nil:
		state.d.Reject(failed)
	case state.verb == "Subscribe":
		state.d.Resolve(j.grants(state))
	default:
		state.d.Resolve(goja.Undefined())
	}
}

// Drop implements eventloop.Job.
func (j *subscribeDone) Drop() {}

// failure returns the error of the whole, or of the first filter that the
// server refused; nil when all is well.
func (j *subscribeDone) failure(state *subscribing) *goja.Object {
	if j.err != nil {
		return j.s.errorObject(j.err)
	}
	for i, code := range j.codes {
		if code.Failed() && i < len(state.filters) {
			return j.s.errorObject(&ClientError{
				Name:    "ErrorWithReasonCode",
				Message: fmt.Sprintf("%s error: %v (%s)", state.verb, code, state.filters[i]),
				Reason:  code, HasReason: true,
			})
		}
	}
	return nil
}

func (j *subscribeDone) grants(state *subscribing) goja.Value {
	list := make([]any, 0, len(state.filters))
	for i, filter := range state.filters {
		o := j.s.vm.NewObject()
		_ = o.Set("topic", filter)
		if i < len(j.codes) {
			_ = o.Set("qos", int(j.codes[i]))
		}
		list = append(list, o)
	}
	return j.s.vm.NewArray(list...)
}
