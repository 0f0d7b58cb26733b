// Package httpio is what the modules http, https and fetch stand on: it joins
// the clients and servers of Go's net/http with functions of JavaScript.
//
// # Concurrency
//
// A Client and what it defines belong to one VM. The functions that JavaScript
// calls run on that VM's loop and never wait for the network. Requests, reads
// and servers run on goroutines of the VM's Resources, which ends and joins
// them; what they have to say comes back as answers to the loop.
package httpio

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

// listener is a function of JavaScript that hears what happens elsewhere.
type listener struct {
	env     *native.Env
	fn      goja.Callable
	carried *goja.Object // see eventloop.Loop.Carry
}

func newListener(env *native.Env, v goja.Value) listener {
	fn, _ := goja.AssertFunction(v)
	return listener{env, fn, env.Loop.Carried()}
}

// tell calls the function in a turn of its own. Texts, numbers, booleans,
// lists of texts, maps, errors and bytes become JavaScript's; anything else is a
// handle. From anywhere.
func (l listener) tell(args ...any) {
	if l.fn != nil {
		l.env.Loop.Answer(&news{l, args})
	}
}

// news is a call of a listener that waits for its turn.
type news struct {
	listener
	args []any
}

// Run calls the listener.
func (n *news) Run() {
	values := make([]goja.Value, len(n.args))
	for i, arg := range n.args {
		values[i] = n.value(arg)
	}
	n.env.Loop.Carry(n.carried)
	n.env.Loop.Call("", n.fn, goja.Undefined(), values...)
}

// Drop does nothing: nobody is left to be told.
func (n *news) Drop() {}

func (l listener) value(v any) goja.Value {
	vm := l.env.VM
	switch v := v.(type) {
	case []byte:
		return l.env.Buffers.Wrap(v)
	case error:
		return l.env.Thrown(v)
	case []string:
		items := make([]any, len(v))
		for i, s := range v {
			items[i] = s
		}
		return vm.NewArray(items...)
	case map[string]any:
		object := vm.NewObject()
		for key, item := range v {
			_ = object.Set(key, l.value(item))
		}
		return object
	}
	return vm.ToValue(v)
}

// latin1 makes the text of a header from its bytes, one character a byte.
func latin1(bytes string) string {
	if isASCII(bytes) {
		return bytes
	}
	var b strings.Builder
	for i := range len(bytes) {
		b.WriteRune(rune(bytes[i]))
	}
	return b.String()
}

// fromLatin1 makes the bytes of a header from its text. The caller has
// refused characters beyond U+00FF.
func fromLatin1(text string) string {
	if isASCII(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		b.WriteByte(byte(r))
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// texts reads a list of texts.
func texts(v goja.Value) []string {
	list, _ := v.Export().([]any)
	all := make([]string, len(list))
	for i, item := range list {
		all[i], _ = item.(string)
	}
	return all
}
