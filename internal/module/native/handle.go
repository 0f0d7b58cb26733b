package native

import (
	"math/big"
	"reflect"

	"github.com/dop251/goja"
)

// handle carries a Go value through JavaScript, which sees an empty object. The
// engine would show the value's exported fields and methods.
type handle struct{ value any }

var _ goja.DynamicObject = (*handle)(nil)

// Get implements [goja.DynamicObject].
func (*handle) Get(string) goja.Value { return nil }

// Set implements [goja.DynamicObject].
func (*handle) Set(string, goja.Value) bool { return false }

// Has implements [goja.DynamicObject].
func (*handle) Has(string) bool { return false }

// Delete implements [goja.DynamicObject].
func (*handle) Delete(string) bool { return true }

// Keys implements [goja.DynamicObject].
func (*handle) Keys() []string { return nil }

// needsHandle tells whether a value is more than data: it is reached through a
// pointer or a channel, or has methods.
func needsHandle(v any) bool {
	switch v.(type) {
	case nil, *big.Int, func(goja.FunctionCall) goja.Value, func(goja.ConstructorCall) *goja.Object:
		return false
	}
	t := reflect.TypeOf(v)
	switch t.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	}
	return t.NumMethod() > 0
}
