package script

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/fs"
	"github.com/mqscript/mqscript/internal/module/inspect"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/module/process"
	"github.com/mqscript/mqscript/internal/packetjs"
)

// runtime is what a script keeps on its loop.
type runtime struct {
	vm        *goja.Runtime
	buffers   *buffer.Class
	packets   *packetjs.Builder
	folders   *fs.Folders
	modules   *module.System
	internals map[string]func() goja.Value // modules for built-in modules alone
	shared    map[string]goja.Value        // the exports of those, once made

	env           *native.Env
	processEvents *process.Events // nil as long as process was not used
	telling       bool            // a listener of process is being called
	inspector     *inspect.Inspector
	exports       *goja.Object
	handlers      [handlerCount]handler
	arguments     [allArguments]goja.Value // of the call of onMessage that is to come
	lender        *engine.Lender           // of its payload; nil when there is none yet
	dataLender    *engine.Lender           // of its packet's binary data; nil when there is none yet
	delivery      *delivery                // one that is over; see mail
	scratch       *PublishRequest          // one that is done with; see publishRequest
	topic         string                   // of the last publish, which is right

	errorProto  *goja.Object // Error.prototype, once it is made
	reasonError *goja.Object // the class ErrorWithReasonCode, once made

	began         time.Time
	nextID        uint64
	publishes     map[uint64]*eventloop.Deferred
	subscribes    map[uint64]*subscribing
	pending       pendingList
	evaluation    evaluation
	topics        topics
	waiters       []*waiter
	responses     responses
	pool          native.Pool
	resources     native.Resources
	warnedOverdue bool
	ready         bool // load came to its end
	unhandled     bool // the exports were read and have no handlers

	exit exitPhase
}

// load builds the VM's globals and runs the script's file. On the loop.
func (s *Script) load() {
	s.vm, s.began = s.loop.VM(), time.Now()
	s.publishes = make(map[uint64]*eventloop.Deferred)
	s.subscribes = make(map[uint64]*subscribing)
	s.installGlobals()
	s.modules.Notice(s.opts.Required)
	var exports goja.Value
	var err error
	if stopped := s.loop.Primed(func() { exports, err = s.modules.LoadMain(s.opts.Path) }); err == nil {
		err = stopped // what LoadMain says of an interruption has its place
	}
	if err == nil {
		if promise := s.modules.Evaluation(); promise != nil {
			s.awaitEvaluation(promise)
		} else {
			err = s.readExports(exports)
		}
	}
	if err != nil {
		s.failedToLoad(err)
	}
	s.ready = true
}

// failedToLoad makes the script a failed one, unless it was ended meanwhile.
func (s *Script) failedToLoad(err error) {
	if err = eventloop.Classify(err, s.opts.HandlerLimit); err == nil {
		return
	}
	s.counts.failed.Add(1)
	s.fail(&LoadError{Text: s.describeError(err), Cause: err})
}

// LoadError says why a script's file did not load.
type LoadError struct {
	Text  string // the message with a stack, for people
	Cause error
}

// Error returns the text.
func (e *LoadError) Error() string { return e.Text }

// Unwrap returns the cause: *module.SyntaxError, *HandlerError, an error of
// the file system, *eventloop.Overrun or *goja.Exception.
func (e *LoadError) Unwrap() error { return e.Cause }

// idle tells whether nothing could ever make the script do something. On the
// loop.
func (s *Script) idle() bool {
	return !s.loop.HasTimers() && s.loop.Pending() == 0 && s.nextID == 0 && len(s.waiters) == 0 && s.resources.Open() == 0
}

// isPromise tells whether a handler returned a promise.
func isPromise(v goja.Value) bool {
	obj, ok := v.(*goja.Object)
	return ok && obj.ExportType() == promiseType
}

var promiseType = reflect.TypeFor[*goja.Promise]()

// whenSettled looks at what a handler returned. When that is a pending promise
// it returns true, and settled is called once it is settled; nil is allowed. A
// rejection is reported as the handler's.
func (s *Script) whenSettled(name string, v goja.Value, settled func()) bool {
	if !isPromise(v) {
		return false
	}
	p, ok := v.Export().(*goja.Promise)
	if !ok {
		return false
	}
	switch p.State() {
	case goja.PromiseStateFulfilled:
		return false
	case goja.PromiseStateRejected:
		s.loop.Handled(p)
		s.report(name, &eventloop.Rejection{Value: p.Result()})
		return false
	}
	done := func(goja.Value) {
		if settled != nil {
			settled()
		}
	}
	err := s.loop.Then(v, done, func(reason goja.Value) {
		s.report(name, &eventloop.Rejection{Value: reason})
		done(reason)
	})
	if err != nil {
		s.loop.Fail(name, err)
		return false
	}
	return true
}

// heard gives a failure to those who listen to the events of process, and tells
// whether there is one.
func (s *Script) heard(err error) bool {
	var rejection *eventloop.Rejection
	var thrown *goja.Exception
	var value, promise goja.Value
	switch {
	case s.telling: // a listener failed itself
		return false
	case errors.As(err, &rejection):
		value, promise = rejection.Value, rejection.Promise
	case errors.As(err, &thrown):
		value = thrown.Value()
	default:
		return false
	}
	s.telling = true
	defer func() { s.telling = false }()
	done, failed := s.processEvents.Failed(value, rejection != nil, promise)
	if failed != nil {
		s.loop.Fail("process", failed)
	}
	return done
}

// report writes a failure on the console, unless the script listens for it. On
// the loop.
func (s *Script) report(where string, err error) {
	s.counts.failed.Add(1)
	if s.heard(err) {
		return
	}
	text := s.describeError(err)
	var rejection *eventloop.Rejection
	switch {
	case where != "":
		text = fmt.Sprintf("Uncaught (in %s) %s", where, text)
	case errors.As(err, &rejection):
		text = "Uncaught (in promise) " + text
	default:
		text = "Uncaught " + text
	}
	s.opts.Console.Write(LevelError, text)
}
