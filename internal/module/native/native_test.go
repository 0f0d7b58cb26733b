package native_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/native"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 10 * time.Second

// TestPoolIsBounded hands out more work than a pool takes, sees that two run at
// a time and the rest is refused, and ends what is left.
func TestPoolIsBounded(t *testing.T) {
	loop := eventloop.New(eventloop.Config{Report: func(where string, err error) { t.Errorf("%s: %v", where, err) }})
	pool := &native.Pool{}
	env := &native.Env{
		VM: loop.VM(), Loop: loop, Buffers: buffer.New(loop.VM(), loop.Globals()), Pool: pool,
		Builtin: func(string) goja.Value { return goja.Undefined() },
	}
	started, settled := make(chan int, 300), make(chan string, 300)
	source := native.NewSource("test", `
		const done = (text) => native.settled(text)
		for (let i = 0; i < 258; i++) native.work(i).then((n) => done('did ' + n), (error) => done(error.message))`)
	loop.Turn("", func() {
		env.Exports(source, func(f *native.Functions) {
			f.Sync("settled", func(a native.Args) (any, error) {
				settled <- a.String(0)
				return nil, nil
			})
			f.Async("work", func(a native.Args) native.Work {
				n := a.Int(0)
				return func(ctx context.Context) (any, error) {
					started <- n
					<-ctx.Done()
					return n, nil
				}
			})
		})
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		loop.Run()
	}()
	for range 2 {
		if got := receive(t, settled); got != "too much work is waiting already" {
			t.Errorf("beyond the bound: %q", got)
		}
	}
	for range 2 {
		receive(t, started)
	}
	loop.Stop()
	receive(t, ended)
	pool.Close()
	if n := len(started); n > 0 {
		t.Errorf("%d started after the end", n)
	}
}

// TestWorkThatPanicsIsAnError: a fault in work rejects its promise, and ends
// nothing else.
func TestWorkThatPanicsIsAnError(t *testing.T) {
	loop := eventloop.New(eventloop.Config{Report: func(where string, err error) { t.Errorf("%s: %v", where, err) }})
	pool, resources := &native.Pool{}, &native.Resources{}
	env := &native.Env{
		VM: loop.VM(), Loop: loop, Buffers: buffer.New(loop.VM(), loop.Globals()), Pool: pool, Resources: resources,
		Builtin: func(string) goja.Value { return goja.Undefined() },
	}
	settled := make(chan string, 3)
	source := native.NewSource("test", `
		const tell = (error) => native.settled(error.message)
		native.pooled().then(tell, tell)
		native.waited().then(tell, tell)
		native.called(tell)`)
	faulty := func(context.Context) (any, error) { panic("a fault") }
	loop.Turn("", func() {
		env.Exports(source, func(f *native.Functions) {
			f.Sync("settled", func(a native.Args) (any, error) {
				settled <- a.String(0)
				return nil, nil
			})
			f.Async("pooled", func(native.Args) native.Work { return faulty })
			f.Wait("waited", func(native.Args) native.Work { return faulty })
			f.Callback("called", func(native.Args) (any, native.Work) { return nil, faulty })
		})
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		loop.Run()
	}()
	for range 3 {
		if got := receive(t, settled); got != "internal error: a fault" {
			t.Errorf("got %q", got)
		}
	}
	loop.Stop()
	receive(t, ended)
	pool.Close()
	resources.Close()
}

func receive[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
	return v
}

// TestWhatIsMissingSaysSo uses names that a module does not have.
func TestWhatIsMissingSaysSo(t *testing.T) {
	loop := eventloop.New(eventloop.Config{Report: func(where string, err error) { t.Errorf("%s: %v", where, err) }})
	defer loop.Discard()
	env := &native.Env{
		VM: loop.VM(), Loop: loop, Buffers: buffer.New(loop.VM(), loop.Globals()), Pool: &native.Pool{},
		Builtin: func(string) goja.Value { return goja.Undefined() },
	}
	source := native.NewSource("test", `
		const one = { has() {} }
		tools.missing(one, 'one', 'a B')
		const said = []
		for (const use of [() => one.a(), () => new one.B(), () => native.fails()]) {
			try { use() } catch (error) { said.push(error.name + ' ' + error.code + ' ' + error.message) }
		}
		module.exports = [Object.keys(one).join(), 'a' in one, ...said].join('\n')`)
	var got string
	loop.Turn("", func() {
		got = env.Exports(source, func(f *native.Functions) {
			f.Sync("fails", func(native.Args) (any, error) { return nil, fmt.Errorf("reading: %w", errors.New("broken")) })
		}).String()
	})
	want := strings.Join([]string{
		"has", "true", "Error ERR_NOT_IMPLEMENTED one.a is not implemented in mqscript",
		"Error ERR_NOT_IMPLEMENTED one.B is not implemented in mqscript", "Error undefined reading: broken",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestHandlesShowNothing gives JavaScript Go values with methods and fields.
func TestHandlesShowNothing(t *testing.T) {
	loop := eventloop.New(eventloop.Config{Report: func(where string, err error) { t.Errorf("%s: %v", where, err) }})
	defer loop.Discard()
	env := &native.Env{
		VM: loop.VM(), Loop: loop, Buffers: buffer.New(loop.VM(), loop.Globals()), Pool: &native.Pool{},
		Builtin: func(string) goja.Value { return goja.Undefined() },
	}
	source := native.NewSource("test", `
		const h = native.make()
		h.extra = 1
		const keys = (o) => Reflect.ownKeys(o).map(String).join()
		module.exports = [keys(h), typeof h.String, typeof h.Err, String(h), JSON.stringify(h), h.extra, native.same(h), native.same({}), Object.getPrototypeOf(h) === Object.prototype].join('|')`)
	type secret struct {
		error
		Err string
	}
	made := &secret{errors.New("method"), "field"}
	var got string
	loop.Turn("", func() {
		got = env.Exports(source, func(f *native.Functions) {
			f.Sync("make", func(native.Args) (any, error) { return made, nil })
			f.Sync("same", func(a native.Args) (any, error) { return a.Handle(0) == any(made), nil })
		}).String()
	})
	if want := "|undefined|undefined|[object Object]|{}||true|false|true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
