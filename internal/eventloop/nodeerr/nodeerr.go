// Package nodeerr makes the errors that Node's own functions throw: instances
// of Error, TypeError or RangeError with a code and Node's wording, so that
// scripts written for Node recognise them.
//
// # Concurrency
//
// Every function touches the VM and may be called on its goroutine only.
package nodeerr

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// Class is the constructor of an error.
type Class string

// The classes in use.
const (
	Error      Class = "Error"
	TypeError  Class = "TypeError"
	RangeError Class = "RangeError"
)

// The codes that more than one module throws.
const (
	InvalidArgType  = "ERR_INVALID_ARG_TYPE"
	InvalidArgValue = "ERR_INVALID_ARG_VALUE"
	OutOfRangeCode  = "ERR_OUT_OF_RANGE"
	UnknownEncoding = "ERR_UNKNOWN_ENCODING"
	AccessDenied    = "ERR_ACCESS_DENIED"
)

// New creates an error; code "" means none.
func New(vm *goja.Runtime, class Class, code, message string) *goja.Object {
	var obj *goja.Object
	if class == TypeError {
		obj = vm.NewTypeError("%s", message)
	} else {
		obj = construct(vm, class, message)
	}
	if code != "" {
		withCode(vm, obj, class, code)
	}
	return obj
}

// withCode sets the code, and writes it into the stack as Node does.
func withCode(vm *goja.Runtime, obj *goja.Object, class Class, code string) {
	_ = obj.Set("name", string(class)+" ["+code+"]")
	obj.Get("stack") // goja composes the text when it is first read
	_ = obj.Delete("name")
	_ = obj.DefineDataProperty("code", vm.ToValue(code), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

func construct(vm *goja.Runtime, class Class, message string) *goja.Object {
	obj, err := vm.New(vm.GlobalObject().Get(string(class)), vm.ToValue(message))
	if err != nil { // a script replaced the global
		obj = vm.NewTypeError("%s", message)
	}
	return obj
}

// ArgType says that an argument has the wrong type; want completes "must be",
// such as "of type string" or "an instance of Buffer".
func ArgType(vm *goja.Runtime, name, want string, got goja.Value) *goja.Object {
	what := "argument"
	if strings.Contains(name, ".") {
		what = "property"
	}
	return New(vm, TypeError, InvalidArgType, `The "`+name+`" `+what+` must be `+want+`. Received `+Received(got))
}

// OutOfRange says that a number is outside what is allowed; want completes "It
// must be", such as ">= 0 && <= 255".
func OutOfRange(vm *goja.Runtime, name, want string, got goja.Value) *goja.Object {
	return New(vm, RangeError, OutOfRangeCode,
		`The value of "`+name+`" is out of range. It must be `+want+`. Received `+number(got))
}

// Received describes a value of the wrong type.
func Received(v goja.Value) string {
	if v == nil || goja.IsUndefined(v) {
		return "undefined"
	}
	if goja.IsNull(v) {
		return "null"
	}
	obj, ok := v.(*goja.Object)
	if !ok {
		return "type " + primitive(v)
	}
	if _, ok := goja.AssertFunction(obj); ok {
		if name := text(obj, "name"); name != "" {
			return "function " + name
		}
		return "function "
	}
	if ctor, ok := get(obj, "constructor").(*goja.Object); ok {
		if name := text(ctor, "name"); name != "" {
			return "an instance of " + name
		}
	}
	return "[" + obj.ClassName() + "]"
}

func primitive(v goja.Value) string {
	if _, ok := v.(*goja.Symbol); ok {
		return "symbol (Symbol(" + v.String() + "))"
	}
	switch x := v.Export().(type) {
	case string:
		if len(x) > 28 {
			x = x[:25] + "..."
		}
		return "string ('" + x + "')"
	case bool:
		return "boolean (" + v.String() + ")"
	}
	if goja.IsBigInt(v) {
		return "bigint (" + v.String() + "n)"
	}
	return "number (" + v.String() + ")"
}

// number writes integers above 2^32 with underscores, as Node does.
func number(v goja.Value) string {
	s := v.String()
	if goja.IsBigInt(v) {
		return underscores(s) + "n"
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil && (i > 1<<32 || i < -(1<<32)) {
		return underscores(s)
	}
	if goja.IsString(v) {
		return "'" + s + "'"
	}
	return s
}

func underscores(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "_" + digits[i:]
	}
	return sign + digits
}

// get reads a property; a getter that throws counts as absent.
func get(obj *goja.Object, name string) (v goja.Value) {
	defer func() {
		if x := recover(); x != nil {
			if _, ok := x.(*goja.InterruptedError); ok {
				panic(x)
			}
			v = nil
		}
	}()
	return obj.Get(name)
}

func text(obj *goja.Object, name string) string {
	v := get(obj, name)
	if v == nil || !goja.IsString(v) {
		return ""
	}
	return v.String()
}
