package eventloop

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/dop251/goja"
)

// Rejection reports a promise that was rejected and that nobody handled by the
// time the microtask queue was empty.
type Rejection struct {
	Value   goja.Value // the reason
	Promise goja.Value // nil when it is not known
}

// Error returns the reason as text.
func (r *Rejection) Error() string { return "unhandled rejection: " + r.Value.String() }

// Overrun reports a turn that was interrupted because it took too long.
type Overrun struct {
	Limit time.Duration
	Stack []goja.StackFrame // where it was
}

// Error says how long the turn was allowed to run.
func (o *Overrun) Error() string {
	return fmt.Sprintf("interrupted after %v: it did not return", o.Limit)
}

// Overflow reports recursion that went too deep.
type Overflow struct {
	Stack []goja.StackFrame // where it was
}

// Error returns Node's words for it.
func (o *Overflow) Error() string { return "RangeError: Maximum call stack size exceeded" }

// Panic reports a Go panic inside a native function.
type Panic struct {
	Value any
	Stack []byte // of the goroutine
}

// Error returns the panic's value as text.
func (p *Panic) Error() string { return fmt.Sprintf("internal error: %v", p.Value) }

var (
	errKilled = errors.New("killed")
	errExited = errors.New("exited")
	errLimit  = errors.New("time limit")
)

// Turn runs f as one turn of the loop: watched by the time limit, a Go panic
// contained, rejections that nobody handled reported at its end. where names
// the turn in reports. On the loop, not inside another turn.
func (l *Loop) Turn(where string, f func()) { l.turn(where, turnOf(f)) }

// TurnTook returns for how long the turn that is running has run. On the loop.
func (l *Loop) TurnTook() time.Duration { return l.dog.look() - l.dog.begun }

// TurnBegan returns when the turn that is running began. On the loop.
func (l *Loop) TurnBegan() time.Time { return l.dog.epoch.Add(l.dog.begun) }

// turnOf is a function as the work of a turn.
type turnOf func()

// Run calls the function.
func (f turnOf) Run() { f() }

func (l *Loop) turn(where string, work interface{ Run() }) {
	l.dog.begin()
	l.carried = nil
	l.contain(where, work)
	l.lateTicks()
	l.dog.end()
	if len(l.rejections) > 0 {
		l.reportRejections()
	}
	if len(l.kept) > 0 {
		l.kept = nil
	}
	if l.after != nil {
		l.after()
	}
}

// contain runs the work; what it panics with is reported. goja's errors come
// that way when a native function that Go called lets them through.
func (l *Loop) contain(where string, work interface{ Run() }) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case *goja.Exception:
			l.Fail(where, x)
		case *goja.InterruptedError:
			l.Fail(where, x)
		case *goja.StackOverflowError:
			l.Fail(where, x)
		default:
			l.report(where, &Panic{Value: x, Stack: debug.Stack()})
			l.dog.forget()
		}
	}()
	work.Run()
}

// Call calls a JavaScript function from Go, inside a turn, and reports what it
// throws. Its microtasks have run when Call returns, unless JavaScript is
// further up the Go stack. ok is false when it threw or was interrupted, or
// the loop has been stopped. On the loop.
func (l *Loop) Call(where string, fn goja.Callable, this goja.Value, args ...goja.Value) (v goja.Value, ok bool) {
	if l.stopped.Load() && l.dog.killed() {
		return nil, false
	}
	l.stack.Lend()
	v, err := l.call(fn, this, args)
	if err != nil {
		l.Fail(where, err)
		return nil, false
	}
	return v, true
}

func (l *Loop) call(fn goja.Callable, this goja.Value, args []goja.Value) (v goja.Value, err error) {
	if !l.ticking {
		return fn(this, args...)
	}
	return l.callPrimed(fn, this, args)
}

func (l *Loop) callPrimed(fn goja.Callable, this goja.Value, args []goja.Value) (v goja.Value, err error) {
	if stopped := l.Primed(func() { v, err = fn(this, args...) }); err == nil {
		err = stopped // what fn says of an interruption has its place
	}
	return v, err
}

// Fail reports an error that a call into the VM returned. The interruptions by
// Kill and Exit are no failures. On the loop.
func (l *Loop) Fail(where string, err error) {
	if isInterruption(err) {
		l.ticks = nil
	}
	if err = Classify(err, l.dog.limit); err != nil {
		l.report(where, err)
		l.dog.forget()
	}
}

// Classify turns an error of goja into one of those that Config.Report knows;
// nil for an interruption by Kill or Exit.
func Classify(err error, limit time.Duration) error {
	var interrupted *goja.InterruptedError
	if errors.As(err, &interrupted) {
		if interrupted.Value() != any(errLimit) {
			return nil
		}
		return &Overrun{Limit: limit, Stack: interrupted.Stack()}
	}
	var overflow *goja.StackOverflowError
	if errors.As(err, &overflow) {
		return &Overflow{Stack: overflow.Stack()}
	}
	return err
}
