package eventloop

import (
	"slices"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// Deferred is a promise that Go settles. Every native function that returns a
// promise uses it.
type Deferred struct {
	loop    *Loop
	value   goja.Value
	resolve func(any) error
	reject  func(any) error
	settled bool
}

// Defer creates a pending promise. It counts as pending until it is settled.
// On the loop.
func (l *Loop) Defer() *Deferred {
	l.KeepPromises()
	p, resolve, reject := l.vm.NewPromise()
	l.pending++
	return &Deferred{loop: l, value: l.vm.ToValue(p), resolve: resolve, reject: reject}
}

// Promise returns the promise for JavaScript. On the loop.
func (d *Deferred) Promise() goja.Value { return d.value }

// Resolve fulfils the promise; later calls do nothing. On the loop.
func (d *Deferred) Resolve(v goja.Value) { d.settle(d.resolve, v) }

// Reject rejects the promise; later calls do nothing. On the loop.
func (d *Deferred) Reject(v goja.Value) { d.settle(d.reject, v) }

func (d *Deferred) settle(f func(any) error, v goja.Value) {
	if d.settled {
		return
	}
	d.settled = true
	d.loop.pending--
	if d.loop.dog.killed() {
		return
	}
	if err := f(v); err != nil {
		d.loop.Fail("a promise", err)
	}
}

// Settle queues the outcome of work that ran elsewhere: make is called on the
// loop, and what it returns resolves the promise, or rejects it when failed is
// true. From anywhere, once.
func (d *Deferred) Settle(make func(vm *goja.Runtime) (v goja.Value, failed bool)) {
	d.loop.Answer(&settlement{d: d, make: make})
}

type settlement struct {
	d    *Deferred
	make func(vm *goja.Runtime) (goja.Value, bool)
}

func (s *settlement) Run() {
	v, failed := s.make(s.d.loop.vm)
	if failed {
		s.d.Reject(v)
		return
	}
	s.d.Resolve(v)
}

func (s *settlement) Drop() {}

// KeepPromises keeps what the loop needs of the promise machinery. It is called
// before a script can change that: before one that may have async functions
// runs, and when Promise is first looked at. On the loop.
func (l *Loop) KeepPromises() {
	if l.then != nil {
		return
	}
	p, resolve, _ := l.vm.NewPromise()
	_ = resolve(goja.Undefined()) // nothing waits for it
	l.resolved = l.vm.ToValue(p)
	l.then, _ = goja.AssertFunction(l.resolved.(*goja.Object).Get("then"))
}

// installPromises defines what concerns promises.
func (l *Loop) installPromises() {
	vm := l.vm
	l.globals.WhenMade("Promise", func(*goja.Object) { l.KeepPromises() })
	v, _ := vm.RunProgram(reaction) // a constant expression
	l.wrap, _ = goja.AssertFunction(v)
	vm.SetPromiseRejectionTracker(l.trackRejection)
	l.define("queueMicrotask", 1, func(call goja.FunctionCall) goja.Value {
		fn, ok := goja.AssertFunction(call.Argument(0))
		if !ok {
			panic(nodeerr.ArgType(vm, "callback", "of type function", call.Argument(0)))
		}
		l.Microtask("queueMicrotask", fn)
		return goja.Undefined()
	})
}

// Microtask calls fn when the JavaScript that is running has returned, after
// the promise reactions that are already waiting. On the loop.
func (l *Loop) Microtask(where string, fn goja.Callable, args ...goja.Value) {
	job := l.inside(func(goja.FunctionCall) goja.Value {
		if _, err := fn(goja.Undefined(), args...); err != nil {
			l.failInside(where, err)
		}
		return goja.Undefined()
	})
	l.KeepPromises()
	if _, err := l.then(l.resolved, job); err != nil {
		l.failInside(where, err)
	}
}

// reaction makes a JavaScript function of a native one. goja runs the queue of
// promise reactions whenever a call from Go returns and no JavaScript function
// is on its stack; a reaction that were native itself, and called the VM,
// would run those behind it in the queue before its own end.
var reaction = goja.MustCompile("mqscript:reaction", "(f) => (v) => f(v)", true)

func (l *Loop) inside(f func(goja.FunctionCall) goja.Value) goja.Value {
	v, err := l.wrap(goja.Undefined(), l.vm.ToValue(f))
	if err != nil {
		panic(err)
	}
	return v
}

// failInside reports from within a native function: an interruption goes on
// unwinding.
func (l *Loop) failInside(where string, err error) {
	if isInterruption(err) {
		panic(err)
	}
	l.Fail(where, err)
}

// Then calls one of the functions when the promise p is settled. A rejection
// counts as handled. On the loop.
func (l *Loop) Then(p goja.Value, fulfilled, rejected func(v goja.Value)) error {
	wrap := func(f func(goja.Value)) goja.Value {
		return l.inside(func(call goja.FunctionCall) goja.Value {
			f(call.Argument(0))
			return goja.Undefined()
		})
	}
	l.KeepPromises()
	_, err := l.then(p, wrap(fulfilled), wrap(rejected))
	return err
}

func (l *Loop) trackRejection(p *goja.Promise, op goja.PromiseRejectionOperation) {
	if op == goja.PromiseRejectionReject {
		l.rejections = append(l.rejections, p)
		return
	}
	l.Handled(p)
}

// Handled takes a rejected promise off the list of those nobody handled. On
// the loop.
func (l *Loop) Handled(p *goja.Promise) {
	if i := slices.Index(l.rejections, p); i >= 0 {
		l.rejections = slices.Delete(l.rejections, i, i+1)
	}
}

func (l *Loop) reportRejections() {
	list := l.rejections
	l.rejections = nil
	if l.dog.killed() {
		return
	}
	for _, p := range list {
		l.report("", &Rejection{Value: p.Result(), Promise: l.vm.ToValue(p)})
	}
}
