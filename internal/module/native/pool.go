package native

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/dop251/goja"
)

// Work computes something that takes its time. It returns soon after ctx ends.
type Work func(ctx context.Context) (any, error)

// The bounds of a Pool: what runs at the same time, and what waits for it.
const (
	running = 2
	waiting = 256
)

// contained runs the work; what it panics with is its error. A fault in work
// must not end the program with all its scripts.
func (w Work) contained(ctx context.Context) (v any, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			v, err = nil, fmt.Errorf("internal error: %v", fault)
		}
	}()
	return w(ctx)
}

// Pool runs the work of one script away from its loop: two at a time, 256 in
// all; more is refused with an error. The zero value is ready to use.
type Pool struct {
	once   sync.Once
	do     func(Work) (any, error) // waits for its turn and does it
	cancel context.CancelFunc
	group  sync.WaitGroup
	count  int // of work that is not settled; touched on the loop
}

func (p *Pool) init() {
	p.once.Do(func() {
		ctx, cancel := context.WithCancel(context.Background())
		slots := make(chan struct{}, running)
		p.cancel = cancel
		p.do = func(work Work) (any, error) {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				return work.contained(ctx)
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	})
}

var errFull = errors.New("too much work is waiting already")

// start hands out work and returns its promise. On the loop.
func (p *Pool) start(e *Env, work Work) goja.Value {
	p.init()
	d := e.Loop.Defer()
	if p.count >= waiting {
		d.Reject(e.Thrown(errFull))
		return d.Promise()
	}
	p.count++
	p.group.Go(func() {
		v, err := p.do(work)
		d.Settle(func(*goja.Runtime) (goja.Value, bool) {
			p.count--
			if err != nil {
				return e.Thrown(err), true
			}
			return e.value(v), false
		})
	})
	return d.Promise()
}

// Close ends the work and waits for its goroutines. Nothing may be started any
// more. After the loop has ended.
func (p *Pool) Close() {
	p.init()
	p.cancel()
	p.group.Wait()
}
