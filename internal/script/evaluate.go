package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
)

// evaluation is the time in which a script awaits outside of its functions: it
// runs, but what it exports is not known yet. Messages and events that come
// meanwhile are held; they keep their places in the inbox, which bounds them.
type evaluation struct {
	pending bool
	held    []heldJob // in their order
}

// heldJob is a message or an event that waits for the exports.
type heldJob interface {
	hand() // calls the handler
	Drop()
}

// holds tells whether a job has to wait for the exports.
func (e *evaluation) holds(job heldJob) bool {
	if e.pending {
		e.held = append(e.held, job)
	}
	return e.pending
}

// Awaits tells whether the script's file still awaits something outside of its
// functions, so that its handlers are not known and Wants is true of everything.
// From anywhere.
func (s *Script) Awaits() bool { return s.awaits.Load() }

// awaitEvaluation reads the exports when the script's promise is settled. Until
// then the script wants everything.
func (s *Script) awaitEvaluation(promise goja.Value) {
	s.evaluation.pending = true
	s.awaits.Store(true)
	s.wants.Store(1<<(handlerCount+1) - 1)
	err := s.loop.Then(promise, func(v goja.Value) {
		if err := s.readExports(s.modules.Evaluated(v)); err != nil {
			s.failedToLoad(err)
			return
		}
		s.wantWhatIsThere()
		s.evaluation.pending = false
		s.awaits.Store(false)
		s.wanted()
		held := s.evaluation.held
		s.evaluation.held = nil
		for _, job := range held {
			job.hand()
		}
		s.loop.After(0, s.warnIdle)
	}, func(reason goja.Value) {
		s.failedToLoad(&eventloop.Rejection{Value: reason})
	})
	if err != nil {
		s.failedToLoad(err)
	}
}

// wantWhatIsThere makes what the script wants exact, in one step: a message that
// arrives meanwhile must not find it wanting nothing.
func (s *Script) wantWhatIsThere() {
	var wants uint64
	for i := range s.handlers {
		if s.handlers[i].fn != nil {
			wants |= 1 << i
		}
	}
	if len(s.waiters) > 0 {
		wants |= 1 << handlerCount
	}
	s.wants.Store(wants)
}

// abandonHeld drops what still waits for the exports when the script has ended.
func (s *Script) abandonHeld() {
	for _, job := range s.evaluation.held {
		job.Drop()
	}
	s.evaluation.held = nil
}
