// Package storejs is the store of require('mqscript'): a script's values that
// outlive it, as promises on a [store.Store].
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. What
// the store's goroutine answers comes back through the loop.
package storejs

import (
	_ "embed" // the module's source
	"errors"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/store"
)

//go:embed store.js
var text string

var source = native.NewSource("mqscript/store", text)

// Exports makes the object on a store, which the caller closes.
func Exports(env *native.Env, s *store.Store) goja.Value {
	b := &binding{env, s}
	return env.Exports(source, func(f *native.Functions) {
		f.Value("maxKey", store.MaxKey)
		f.Value("maxValue", store.MaxValue)
		f.Sync("byteLength", func(a native.Args) (any, error) { return len(a.String(0)), nil })
		f.Raw("get", b.function(func(_ goja.FunctionCall, op *store.Op) { op.Kind = store.Get }))
		f.Raw("delete", b.function(func(_ goja.FunctionCall, op *store.Op) { op.Kind = store.Delete }))
		f.Raw("keys", b.function(func(_ goja.FunctionCall, op *store.Op) { op.Kind = store.Keys }))
		f.Raw("set", b.function(func(call goja.FunctionCall, op *store.Op) {
			op.Kind, op.Value = store.Set, []byte(call.Argument(1).String())
			op.TTL = time.Duration(call.Argument(2).ToInteger()) * time.Millisecond
		}))
		f.Raw("increment", b.function(func(call goja.FunctionCall, op *store.Op) {
			op.Kind, op.By = store.Increment, call.Argument(1).ToFloat()
		}))
	})
}

type binding struct {
	env   *native.Env
	store *store.Store
}

// function makes one that returns the promise of an operation on the key that
// is its first argument.
func (b *binding) function(read func(call goja.FunctionCall, op *store.Op)) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		d := b.env.Loop.Defer()
		op := &store.Op{Key: call.Argument(0).String()}
		read(call, op)
		op.Done = func(r store.Result, err error) {
			d.Settle(func(vm *goja.Runtime) (goja.Value, bool) {
				if err != nil {
					return thrown(vm, err), true
				}
				return value(vm, op.Kind, r), false
			})
		}
		if err := b.store.Do(op); err != nil {
			d.Reject(thrown(b.env.VM, err))
		}
		return d.Promise()
	}
}

// value is what the promise of an operation gives.
func value(vm *goja.Runtime, kind store.Kind, r store.Result) goja.Value {
	switch kind {
	case store.Get:
		if !r.Found {
			return goja.Undefined()
		}
		return vm.ToValue(string(r.Value))
	case store.Delete:
		return vm.ToValue(r.Found)
	case store.Keys:
		list := make([]any, len(r.Keys))
		for i, key := range r.Keys {
			list[i] = key
		}
		return vm.NewArray(list...)
	case store.Increment:
		return vm.ToValue(r.Number)
	}
	return goja.Undefined()
}

func thrown(vm *goja.Runtime, err error) goja.Value {
	var own *store.Error
	if errors.As(err, &own) {
		return nodeerr.New(vm, nodeerr.Error, own.Code, own.Message)
	}
	return nodeerr.New(vm, nodeerr.Error, "", err.Error())
}
