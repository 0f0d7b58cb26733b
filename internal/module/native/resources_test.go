package native_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/native"
)

// TestCloseEndsWhatIsOpen blocks goroutines in a read and on their context, and
// closes.
func TestCloseEndsWhatIsOpen(t *testing.T) {
	r := &native.Resources{}
	r.Close()
	r = &native.Resources{}
	ours, theirs := net.Pipe()
	defer func() { _ = theirs.Close() }()
	r.Hold(ours)
	released, other := net.Pipe()
	defer func() { _ = released.Close() }()
	r.Hold(released)()
	if n := r.Open(); n != 1 {
		t.Errorf("%d open", n)
	}
	outcomes := make(chan error, 2)
	r.Go(func(context.Context) {
		_, err := ours.Read(make([]byte, 1))
		outcomes <- err
	})
	r.Go(func(ctx context.Context) {
		<-ctx.Done()
		outcomes <- ctx.Err()
	})
	r.Close()
	r.Close()
	a, b := receive(t, outcomes), receive(t, outcomes)
	if errors.Is(a, context.Canceled) {
		a, b = b, a
	}
	if !errors.Is(a, io.ErrClosedPipe) || !errors.Is(b, context.Canceled) {
		t.Errorf("they ended with %v and %v", a, b)
	}
	if r.Go(func(context.Context) { t.Error("it was run") }) {
		t.Error("it was taken after the end")
	}
	r.Hold(other)
	if _, err := released.Write([]byte("a")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("what is held after the end is open: %v", err)
	}
}

// TestMoreWaitsThanAPoolTakes has a thousand promises pending at once.
func TestMoreWaitsThanAPoolTakes(t *testing.T) {
	thrown := make(chan string, 1)
	loop := eventloop.New(eventloop.Config{Report: func(_ string, err error) { thrown <- err.Error() }})
	resources := &native.Resources{}
	env := &native.Env{
		VM: loop.VM(), Loop: loop, Buffers: buffer.New(loop.VM(), loop.Globals()), Pool: &native.Pool{}, Resources: resources,
		Builtin: func(string) goja.Value { return goja.Undefined() },
	}
	done, called, open := make(chan string, 1), make(chan string, 1), make(chan struct{})
	source := native.NewSource("test", `
		const all = []
		for (let i = 0; i < 1000; i++) all.push(native.wait(i).then(String, (error) => error.message))
		Promise.all(all).then((list) => native.done([...new Set(list)].length + ' ' + list[1] + ' ' + list[999]))
		let turn = 0
		const made = native.later('a', (error, value) => {
			turn = made + value
			native.failing((error) => native.done2(turn + error.message))
			throw new Error('thrown')
		})
		native.begin()`)
	loop.Turn("", func() {
		env.Exports(source, func(f *native.Functions) {
			f.Sync("begin", func(native.Args) (any, error) {
				close(open)
				return nil, nil
			})
			f.Sync("done", func(a native.Args) (any, error) {
				done <- a.String(0)
				return nil, nil
			})
			f.Sync("done2", func(a native.Args) (any, error) {
				called <- a.String(0)
				return nil, nil
			})
			f.Callback("later", func(a native.Args) (any, native.Work) {
				given := a.String(0)
				return "made ", func(context.Context) (any, error) { return given, nil }
			})
			f.Callback("failing", func(native.Args) (any, native.Work) {
				return nil, func(context.Context) (any, error) { return nil, errors.New(" failed") }
			})
			f.Wait("wait", func(a native.Args) native.Work {
				n := a.Int(0)
				return func(context.Context) (any, error) {
					<-open
					if n == 999 {
						return nil, errors.New("failed")
					}
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
	if got := receive(t, done); got != "1000 1 failed" {
		t.Errorf("got %q", got)
	}
	if got := receive(t, called); got != "made a failed" {
		t.Errorf("called back with %q", got)
	}
	if got := receive(t, thrown); !strings.HasPrefix(got, "Error: thrown") {
		t.Errorf("thrown: %s", got)
	}
	loop.Stop()
	receive(t, ended)
	resources.Close()
}
