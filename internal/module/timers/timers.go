// Package timers is Node's modules "timers" and "timers/promises".
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package timers

import (
	_ "embed" // the source of timers/promises

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed promises.js
var text string

var source = native.NewSource("timers/promises", text)

// Exports makes the exports of "timers": the globals.
func Exports(env *native.Env) goja.Value {
	exports := env.VM.NewObject()
	for _, name := range []string{
		"setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate",
	} {
		_ = exports.Set(name, env.VM.Get(name))
	}
	_ = exports.Set("promises", env.Builtin("timers/promises"))
	return exports
}

// Promises makes the exports of "timers/promises".
func Promises(env *native.Env) goja.Value { return env.Exports(source, nil) }

// Install tells util.promisify what setTimeout and setImmediate are with
// promises.
func Install(env *native.Env) {
	p := &promisified{env: env}
	for _, name := range []string{"setTimeout", "setImmediate"} {
		env.Loop.Globals().WhenMade(name, func(fn *goja.Object) { p.add(name, fn) })
	}
	env.Loop.Globals().WhenMade("Symbol", p.name)
}

// promisified tells it of the functions once both they and the symbol are made,
// which nobody has before Symbol was named.
type promisified struct {
	env    *native.Env
	custom *goja.Symbol
	made   map[string]*goja.Object // that wait for the symbol
}

func (p *promisified) name(symbols *goja.Object) {
	of, _ := goja.AssertFunction(symbols.Get("for"))
	v, err := of(symbols, p.env.VM.ToValue("nodejs.util.promisify.custom"))
	if err != nil {
		return
	}
	p.custom, _ = v.(*goja.Symbol)
	for name, fn := range p.made {
		p.add(name, fn)
	}
	p.made = nil
}

func (p *promisified) add(name string, fn *goja.Object) {
	if p.custom == nil {
		if p.made == nil {
			p.made = make(map[string]*goja.Object)
		}
		p.made[name] = fn
		return
	}
	get := eventloop.Function(p.env.VM, "get", 0, func(goja.FunctionCall) goja.Value {
		return p.env.Builtin("timers/promises").(*goja.Object).Get(name)
	})
	_ = fn.DefineAccessorPropertySymbol(p.custom, get, nil, goja.FLAG_FALSE, goja.FLAG_FALSE)
}
