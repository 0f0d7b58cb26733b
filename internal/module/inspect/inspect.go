package inspect

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/stack"
)

// Inspector writes the values of one VM.
type Inspector struct {
	vm *goja.Runtime
}

// New creates an Inspector.
func New(vm *goja.Runtime, buffers *buffer.Class) *Inspector {
	return &Inspector{vm: vm}
}

// Inspect writes a value.
func (in *Inspector) Inspect(v goja.Value) string {
	if obj, ok := v.(*goja.Object); ok {
		if st := obj.Get("stack"); st != nil {
			return stack.Tidy(st.String())
		}
	}
	return v.String()
}
