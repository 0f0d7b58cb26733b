package script

import "github.com/mqscript/mqscript/internal/packet"

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
func (j *subscribeDone) Run() {}

// Drop implements eventloop.Job.
func (j *subscribeDone) Drop() {}
