package script

import (
	"bytes"
	"errors"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/packet"
)

// unseen marks the ID of a publish whose promise is made only for a failure,
// because the script cannot see it.
const unseen = 1 << 63

// publish is publish(topic, message, opts). What is wrong with the arguments
// rejects the promise like everything else.
func (s *Script) publish(call goja.FunctionCall) goja.Value {
	noPromise := s.modules.Unused()
	req, wrong := s.publishRequest("publish", call.Argument(0), call.Argument(1), call.Argument(2))
	if wrong == nil && noPromise {
		if wrong = s.sendUnseen(req); wrong == nil {
			*req = PublishRequest{} // it keeps nobody's memory
			s.scratch = req
			return goja.Undefined()
		}
	}
	d := s.loop.Defer()
	if wrong != nil {
		d.Reject(wrong)
	} else {
		s.send(req, d)
	}
	return d.Promise()
}

// sendUnseen hands the message to the host and makes no promise of it.
func (s *Script) sendUnseen(req *PublishRequest) (wrong *goja.Object) {
	s.nextID++
	req.ID = s.nextID | unseen
	s.unseen.Add(1)
	if err := s.opts.Host.Publish(req, s.cancel); err != nil {
		s.unseen.Add(-1)
		return s.errorObjectOf(err)
	}
	s.counts.publishes.Add(1)
	return nil
}

// unseenDone ends a publish that has no promise: a success changes nothing
// that JavaScript could see, and the loop is only told when it may wait for it
// to end.
func (s *Script) unseenDone() {
	if s.unseen.Add(-1) == 0 && s.stopping.Load() {
		s.loop.Answer(lookAgain{})
	}
}

// lookAgain is a turn for the sake of afterTurn.
type lookAgain struct{}

// Run implements eventloop.Job.
func (lookAgain) Run() {}

// Drop implements eventloop.Job.
func (lookAgain) Drop() {}

// publishRequest reads the arguments; wrong is the error to reject with. Its
// payload is that of the call, for as long as no JavaScript runs. The request is the last one that was done with, if there is one: options may have
// getters that publish, and what these read must not be mixed with it.
func (s *Script) publishRequest(name string, topic, message, opts goja.Value) (req *PublishRequest, wrong *goja.Object) {
	if req = s.scratch; req == nil {
		req = new(PublishRequest)
	}
	s.scratch = nil
	if goja.IsString(topic) && s.isTopic(topic.String()) {
		req.Packet.Topic = s.topic
	} else {
		r := optionReader{s: s, call: name}
		if req.Packet.Topic = r.topicName(place{"", "topic"}, topic); r.err != nil {
			return nil, r.err
		}
	}
	req.Packet.Payload, req.Form, wrong = s.readPayload(name, message)
	if wrong != nil || goja.IsUndefined(opts) {
		return req, wrong
	}
	req.Packet.Payload = bytes.Clone(req.Packet.Payload) // before a getter changes it
	r := optionReader{s: s, call: name}
	if thrown := s.guard(func() { r.publishOptions(req, opts) }); thrown != nil {
		return nil, thrown
	}
	return req, r.err
}

// guard runs what may run the script's own code, such as a getter of an option
// or a Proxy, and returns the error that this threw, to reject with as with
// every other.
func (s *Script) guard(run func()) (thrown *goja.Object) {
	exception := s.vm.Try(run)
	if exception == nil {
		return nil
	}
	if obj, ok := exception.Value().(*goja.Object); ok {
		return obj
	}
	return nodeerr.New(s.vm, nodeerr.Error, "", exception.Value().String())
}

// rejecting lets what a function throws reject the promise that it returns.
func (s *Script) rejecting(fn func(goja.FunctionCall) goja.Value) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) (promise goja.Value) {
		if thrown := s.guard(func() { promise = fn(call) }); thrown != nil {
			d := s.loop.Defer()
			d.Reject(thrown)
			return d.Promise()
		}
		return promise
	}
}

// isTopic tells whether a topic is one to publish to, and keeps it in s.topic:
// mostly the next is the same.
func (s *Script) isTopic(topic string) bool {
	if topic == s.topic && topic != "" {
		return true
	}
	if packet.ValidTopicName(topic) != nil {
		return false
	}
	s.topic = topic
	return true
}

// send hands the message to the host; d is settled with its outcome.
func (s *Script) send(req *PublishRequest, d *eventloop.Deferred) {
	s.nextID++
	req.ID = s.nextID
	s.publishes[req.ID] = d
	if err := s.opts.Host.Publish(req, s.cancel); err != nil {
		delete(s.publishes, req.ID)
		d.Reject(s.errorObjectOf(err))
		return
	}
	s.counts.publishes.Add(1)
}

// publishDone is the host's answer to a publish.
type publishDone struct {
	s   *Script
	id  uint64
	err *ClientError
}

// PublishDone says that the publish with that ID is finished: successfully
// when err is nil. Each ID is answered once.
func (s *Script) PublishDone(id uint64, err *ClientError) {
	if id&unseen != 0 && err == nil {
		s.unseenDone()
		return
	}
	s.loop.Answer(&publishDone{s: s, id: id, err: err})
}

// Run implements eventloop.Job.
func (j *publishDone) Run() {
	if j.id&unseen != 0 {
		j.s.loop.Defer().Reject(j.s.errorObject(j.err))
		j.s.unseenDone()
		return
	}
	d := j.s.publishes[j.id]
	if d == nil {
		return
	}
	delete(j.s.publishes, j.id)
	if j.err != nil {
		d.Reject(j.s.errorObject(j.err))
		return
	}
	d.Resolve(goja.Undefined())
}

// Drop implements eventloop.Job.
func (j *publishDone) Drop() {}

// reasonText returns an error's words without the number of the statement.
func reasonText(err error) string {
	var violation *packet.Error
	if errors.As(err, &violation) {
		return violation.Message
	}
	return err.Error()
}
