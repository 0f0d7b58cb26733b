package eventloop

import (
	"errors"

	"github.com/dop251/goja"
)

// tick is a function that waits for process.nextTick's moment.
type tick struct {
	where   string
	fn      goja.Callable
	args    []goja.Value
	carried *goja.Object
}

// NextTick calls fn when the JavaScript that is running has returned: before
// the promise reactions that wait, and, asked for by one of those, after all of
// them. An interruption drops what waits, as it does with promise reactions. On
// the loop.
func (l *Loop) NextTick(where string, fn goja.Callable, args ...goja.Value) {
	l.ticks = append(l.ticks, tick{where, fn, args, l.carried})
}

// UseTicks says that the VM has reached for NextTick: from the next turn on
// Call takes care that ticks come before promise reactions. On the loop.
func (l *Loop) UseTicks() { l.ticking = true }

// installTicks makes the function that primed runs inside of.
func (l *Loop) installTicks() {
	l.frame, _ = goja.AssertFunction(l.inside(func(goja.FunctionCall) goja.Value {
		work := l.primedWork
		l.primedWork = nil
		work()
		return goja.Undefined()
	}))
}

// Primed runs f, which calls JavaScript, so that the ticks it asks for come
// before the promise reactions it causes; both have run when Primed returns. An
// error is an interruption. On the loop, inside a turn.
func (l *Loop) Primed(f func()) error {
	if l.primed {
		f()
		return nil
	}
	return l.inFrame(func() {
		f()
		l.callTicks()
	})
}

// inFrame runs f with a JavaScript function below it on the stack: goja then
// lets promise reactions wait until f has returned.
func (l *Loop) inFrame(f func()) error {
	l.primed = true
	defer func() { l.primed = false }()
	l.primedWork = func() {
		defer func() { l.primed = false }() // reactions run behind it, in calls of their own
		f()
	}
	_, err := l.frame(goja.Undefined())
	return err
}

// callTicks runs the ticks and those that they ask for, with a JavaScript
// function below it on the stack.
func (l *Loop) callTicks() {
	before := l.carried
	for len(l.ticks) > 0 {
		t := l.ticks[0]
		l.ticks = l.ticks[1:]
		l.carried = t.carried
		if _, err := t.fn(goja.Undefined(), t.args...); err != nil {
			l.failInside(t.where, err)
		}
	}
	l.ticks = nil
	l.carried = before
}

// lateTicks runs the ticks that promise reactions have asked for, at the end of
// a turn.
func (l *Loop) lateTicks() {
	for len(l.ticks) > 0 && !l.dog.killed() {
		l.contain("", turnOf(func() {
			if err := l.inFrame(l.callTicks); err != nil {
				l.Fail("process.nextTick", err)
			}
		}))
	}
}

func isInterruption(err error) bool {
	var interrupted *goja.InterruptedError
	return errors.As(err, &interrupted)
}
