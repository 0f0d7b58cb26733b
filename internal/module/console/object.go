package console

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/inspect"
)

// Console is the console object of one VM.
type Console struct {
	vm     *goja.Runtime
	out    Writer
	in     *inspect.Inspector
	object *goja.Object
}

// New creates a console.
func New(vm *goja.Runtime, out Writer, in *inspect.Inspector) *Console {
	c := &Console{vm: vm, out: out, in: in, object: vm.NewObject()}
	for _, l := range []Level{LevelLog, LevelInfo, LevelDebug, LevelWarn, LevelError} {
		_ = c.object.Set(l.String(), func(call goja.FunctionCall) goja.Value {
			var parts []string
			for _, v := range call.Arguments {
				parts = append(parts, in.Inspect(v))
			}
			out.Write(l, strings.Join(parts, " "))
			return goja.Undefined()
		})
	}
	return c
}

// Object returns the console for JavaScript.
func (c *Console) Object() *goja.Object { return c.object }
