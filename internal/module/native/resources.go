package native

import (
	"context"
	"io"
	"sync"

	"github.com/dop251/goja"
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
}

// Go runs work on a goroutine of its own. Close cancels ctx and waits for it;
// after Close nothing is run and Go returns false.
func (r *Resources) Go(work func(ctx context.Context)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	if r.begin == nil {
		ctx, cancel := context.WithCancel(context.Background())
		r.cancel = cancel
		r.begin = func(work func(ctx context.Context)) { r.group.Go(func() { work(ctx) }) }
	}
	r.begin(work)
	return true
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

// Open returns how many things are held.
func (r *Resources) Open() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.held)
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
// under way is for its module to bound.
func (f *Functions) Wait(name string, fn func(a Args) Work) {
	e := f.env
	f.Raw(name, func(call goja.FunctionCall) goja.Value {
		work := fn(Args{e, call.Arguments})
		d := e.Loop.Defer()
		e.Resources.Go(func(ctx context.Context) {
			v, err := work(ctx)
			d.Settle(func(*goja.Runtime) (goja.Value, bool) {
				if err != nil {
					return e.thrown(err), true
				}
				return e.value(v), false
			})
		})
		return d.Promise()
	})
}
