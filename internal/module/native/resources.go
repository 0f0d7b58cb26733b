package native

import (
	"context"
	"io"
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// Resources are what one script holds open, such as sockets and servers, and
// the goroutines that wait for them. The zero value is ready to use. All
// methods may be called from anywhere.
type Resources struct {
	mu     sync.Mutex
	held   map[*io.Closer]struct{}
	begin  func(work func(ctx context.Context))
	cancel context.CancelFunc
	closed bool
	group  sync.WaitGroup
	busy   int // how much work is under way
}

// mostWork is how much work may be under way at once.
const mostWork = 1 << 16

// Go runs work on a goroutine of its own. Close cancels ctx and waits for it.
// It returns false, and nothing is run, after Close and while 65,536 are under
// way.
func (r *Resources) Go(work func(ctx context.Context)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || r.busy >= mostWork {
		return false
	}
	if r.begin == nil {
		ctx, cancel := context.WithCancel(context.Background())
		r.cancel = cancel
		r.begin = func(work func(ctx context.Context)) {
			r.group.Go(func() {
				defer r.done()
				work(ctx)
			})
		}
	}
	r.busy++
	r.begin(work)
	return true
}

func (r *Resources) done() {
	r.mu.Lock()
	r.busy--
	r.mu.Unlock()
}

// Hold has Close close c, so that what is blocked in it returns; release takes
// it off again and does not close it. After Close it is closed at once.
func (r *Resources) Hold(c io.Closer) (release func()) {
	r.mu.Lock()
	closed, key := r.closed, &c
	if !closed {
		if r.held == nil {
			r.held = make(map[*io.Closer]struct{})
		}
		r.held[key] = struct{}{}
	}
	r.mu.Unlock()
	if closed {
		_ = c.Close() // nobody is left who could be told
	}
	return func() {
		r.mu.Lock()
		delete(r.held, key)
		r.mu.Unlock()
	}
}

// Open returns how many things are held and how much work is under way.
func (r *Resources) Open() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.held) + r.busy
}

// Close ends all work, closes everything that is held and waits for the
// goroutines. A second call waits as well.
func (r *Resources) Close() {
	r.mu.Lock()
	held := r.held
	r.closed, r.held = true, nil
	cancel := r.cancel
	r.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	for c := range held {
		_ = (*c).Close() // nobody is left who could be told
	}
	r.group.Wait()
}

// Wait defines a function that returns a promise, as Async does, for work that
// waits for something outside and hardly computes, such as a read from a
// socket: it begins at once, on a goroutine of the Resources. How much of it is
// under way is for its module to bound; beyond 65,536 the promise is rejected.
func (f *Functions) Wait(name string, fn func(a Args) Work) {
	e := f.env
	f.Raw(name, func(call goja.FunctionCall) goja.Value {
		work := fn(Args{e, call.Arguments})
		d := e.Loop.Defer()
		if !e.Resources.Go(func(ctx context.Context) {
			v, err := work.contained(ctx)
			d.Settle(func(*goja.Runtime) (goja.Value, bool) {
				if err != nil {
					return e.Thrown(err), true
				}
				return e.value(v), false
			})
		}) {
			d.Reject(e.Thrown(errFull))
		}
		return d.Promise()
	})
}

// Callback defines a function like one of Wait that is given, as its last
// argument, what to call with (error, value). The call is a turn of its own, so
// that what it throws is reported as such. fn may return a value beside the
// work, which is what the function returns.
func (f *Functions) Callback(name string, fn func(a Args) (any, Work)) {
	e := f.env
	f.Raw(name, func(call goja.FunctionCall) goja.Value {
		last := len(call.Arguments) - 1
		if last < 0 {
			last = 0
		}
		callback, ok := goja.AssertFunction(call.Argument(last))
		if !ok {
			panic(nodeerr.ArgType(e.VM, "callback", "of type function", call.Argument(last)))
		}
		made, work := fn(Args{e, call.Arguments[:last]})
		carried := e.Loop.Carried()
		if !e.Resources.Go(func(ctx context.Context) {
			v, err := work.contained(ctx)
			e.Loop.Answer(&answer{e, callback, v, err, carried})
		}) {
			e.Loop.Answer(&answer{e, callback, nil, errFull, carried})
		}
		return e.value(made)
	})
}

// answer calls back with what work has come to.
type answer struct {
	env      *Env
	callback goja.Callable
	value    any
	err      error
	carried  *goja.Object // see eventloop.Loop.Carry
}

// Run implements eventloop.Job.
func (a *answer) Run() {
	a.env.Loop.Carry(a.carried)
	if a.err != nil {
		a.env.Loop.Call("", a.callback, goja.Undefined(), a.env.Thrown(a.err))
		return
	}
	a.env.Loop.Call("", a.callback, goja.Undefined(), goja.Null(), a.env.value(a.value))
}

// Drop implements eventloop.Job.
func (a *answer) Drop() {}
