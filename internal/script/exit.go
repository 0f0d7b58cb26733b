package script

import (
	"time"

	"github.com/dop251/goja"
)

// exitPhase is the time between the call of onWillExit and the end.
type exitPhase struct {
	began   bool
	settled bool  // the handler's promise is settled
	mark    int64 // timers set after it are waited for
}

// stopJob begins the exit phase.
type stopJob Script

// Run implements eventloop.Job.
func (j *stopJob) Run() {
	s := (*Script)(j)
	s.restartLimit()
	h := &s.handlers[onWillExit]
	if h.fn == nil {
		s.tellEnd()
		return
	}
	s.exit.began = true
	s.exit.mark = s.loop.TimerMark()
	v, ok := s.loop.Call(h.name, h.fn, s.exports)
	if !ok || !s.whenSettled(h.name, v, func() { s.exit.settled = true }) {
		s.exit.settled = true
	}
}

// Drop implements eventloop.Job.
func (j *stopJob) Drop() {}

// restartLimit gives onWillExit its full time, which began to run at Stop so
// that a handler in an endless loop cannot hold it up.
func (s *Script) restartLimit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limit != nil && s.limit.Stop() {
		s.limit = time.AfterFunc(s.opts.ExitLimit, s.exitLimitPassed)
	}
}

// exitLimitPassed ends a script whose time is over. It runs on a timer's
// goroutine.
func (s *Script) exitLimitPassed() {
	s.mu.Lock()
	s.overdue = true
	s.mu.Unlock()
	s.interrupt()
}

// afterTurn ends the script when its exit phase has nothing more to wait for.
// On the loop, after each turn.
func (s *Script) afterTurn() {
	if s.exit.began && s.exit.settled && len(s.publishes) == 0 && s.unseen.Load() == 0 && !s.loop.OneShotsSince(s.exit.mark) {
		s.tellEnd()
	}
}

// tellEnd ends the script after those who listen to the event "exit" of process
// have been told.
func (s *Script) tellEnd() {
	s.loop.Stop()
	if err := s.processEvents.Ending(); err != nil {
		s.loop.Fail("exit", err)
	}
}

// exitNow is exit(): it ends the script and does not return.
func (s *Script) exitNow(goja.FunctionCall) goja.Value {
	s.mu.Lock()
	s.exiting = true
	s.mu.Unlock()
	s.stopping.Store(true)
	s.loop.Exit()
	return nil
}
