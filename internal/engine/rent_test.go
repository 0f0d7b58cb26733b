package engine

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// turns are the calls of a program's function turn, as handlers are called.
type turns struct {
	vm     *goja.Runtime
	renter *Renter
}

// newTurns gives a VM Buffer.alloc, which makes arrays as the global bytes does,
// and publish, which shows the bytes that it is passed.
func newTurns(t testing.TB, vm *goja.Runtime, log *strings.Builder) *turns {
	t.Helper()
	prototype := defineFields(t, vm)
	bytes := NewBytes(vm, vm.Get("Uint8Array").(*goja.Object), prototype)
	s := &turns{vm, bytes.NewRenter()}
	alloc := func(call goja.FunctionCall) goja.Value {
		return bytes.Make(make([]byte, call.Argument(0).ToInteger()))
	}
	buffer := vm.NewObject()
	_ = buffer.Set("alloc", Allocates(vm, alloc, nil, s.renter))
	_ = vm.Set("Buffer", buffer)
	_ = vm.Set("publish", Reads(vm, func(call goja.FunctionCall) goja.Value {
		if o, ok := call.Argument(1).(*goja.Object); ok {
			data, _ := Memory(o)
			fmt.Fprintf(log, "published %x\n", data)
		}
		if o, ok := call.Argument(2).(*goja.Object); ok {
			o.Get("x")
		}
		return goja.Undefined()
	}, nil))
	return s
}

// run calls the function, if there is one, and shows what has been kept. What was
// interrupted is returned.
func (s *turns) run(log *strings.Builder) (err error) {
	for _, name := range []string{"turn", "report"} {
		if fn, ok := goja.AssertFunction(s.vm.Get(name)); ok {
			_, err = fn(goja.Undefined(), s.vm.ToValue(2))
			if interrupted := (*goja.InterruptedError)(nil); errors.As(err, &interrupted) {
				return err
			}
			fmt.Fprintln(log, name, err)
		}
	}
	s.renter.TakeBack()
	return nil
}

const report = `
const held = []
function hold(v) { held.push(v); return v }
function again(p) { return { get x() { if (p > 0) turn(p - 1) } } }
function report() {
	fuel = 9
	log(held.length, new Set(held).size, held.map((k) => { try { return typeof k === 'function' ? k() : k instanceof Uint8Array ? k.length > 99 ? k.length : Array.from(k).join() : String(k) } catch (err) { return err } }).join(';'))
}
`

// turn writes a function that makes an array and mostly does no more with it than
// to fill and publish it.
func (w *writer) turn() string {
	var text strings.Builder
	w.scoped(func() {
		w.names = append(w.names, "p")
		text.WriteString("function turn(p) {\n")
		if w.IntN(4) == 0 {
			text.WriteString(w.statement())
		}
		text.WriteString("const r = Buffer.alloc(" + w.pick("8", "16", "0", "24", "9999") + ")\n")
		for range 2 + w.IntN(5) {
			of := "r"
			if w.IntN(9) == 0 {
				of = w.pick("new Uint8Array(4)", "Buffer.alloc(3)", w.name())
			}
			text.WriteString(w.pick(
				strings.Replace(w.field("write"), "d8", of, 1)+"\n",
				strings.Replace(w.field("write"), "d8", of, 1)+"\n",
				"publish('t', "+of+")\n", "publish('t', "+of+", o)\n", "publish(r, 1)\n", "log(r)\n", "hold(r)\n", "f1(p, r)\n",
				"log("+strings.Replace(w.field("read"), "d8", of, 1)+")\n",
				"if (--fuel > 0) turn(p - 1)\n", "if ("+w.expr()+") publish('t', r)\n",
				w.pick("held.push(r)\n", "held.push(() => r[0])\n", "log(r[0], r.length)\n", "hold(hold(r) === r)\n", "held[0] = r\n", "for (const x of r) log(x)\n", w.statement()),
			))
		}
		text.WriteString("}\nObject.assign(globalThis, { turn, report })\n")
	})
	return text.String()
}

// Where an array is made by a call that rents, and where by one that does not.
var renting = []struct {
	body  string
	rents int
}{
	{"const b = Buffer.alloc(8); b.writeInt8(p, 0); publish('t', b)", 1},
	{"const b = Buffer.alloc(8); b.writeInt8(p, 0); hold(b)", 1},
	{"const b = Buffer.alloc(8); publish('t', b); b.writeInt8(1, 0); publish('t', b)", 1},
	{"const b = Buffer.alloc(8); if (p > 0) turn(p - 1); b.writeInt8(b.readInt8(0) + p + 1, 0); publish('t', b)", 1},
	{"for (let i = 0; i < 3; i++) { const b = Buffer.alloc(8); b.writeInt8(i, i); publish('t', b) }", 1},
	{"const b = Buffer.alloc(8), c = Buffer.alloc(8); b.writeInt8(1, 0); c.writeInt8(2, 0); publish('t', b); publish('t', c)", 2},
	{"const b = Buffer.alloc(8); publish('t', b, { get x() { if (p > 0) turn(p - 1) } }); b.writeInt8(p, 0); if (p > 0) publish('t', b)", 0},
	{"const b = Buffer.alloc(8); b.writeInt8(p, 0); publish('t', b, p > 0 ? { get x() { turn(p - 1) } } : p); publish('t', b)", 0},
	{"const o = again(p), b = Buffer.alloc(8); b.writeInt8(p, 0); publish('t', b, o); b.writeInt8(1, 1); publish('t', b)", 1},
	{"const b = Buffer.alloc(8); try { b.writeInt8(500, 0) } catch (err) { log(err) } publish('t', b)", 1},
	{"const b = Buffer.alloc(8); b.writeInt8({ valueOf() { turn.last = b; return 5 } }, 0); publish('t', b)", 0},
	{"const b = Buffer.alloc(8); const saved = publish('t', b), same = hold(b); log(same === held.at(-1), saved); b.writeInt8(9, 0)", 1},
	{"const alloc = Buffer.alloc; Buffer.alloc = (n) => hold(alloc(n)); const b = Buffer.alloc(8); b.writeInt8(1, 0); Buffer.alloc = alloc", 1},
	{"const before = publish; publish = hold; const b = Buffer.alloc(8); b.writeInt8(p, 0); publish(b); publish = before; b.writeInt8(7, 1)", 1},
	{"const proto = Object.getPrototypeOf(bytes(new Uint8Array(1))); const own = proto.writeInt8; proto.writeInt8 = function () { held[held.length] = this }; const b = Buffer.alloc(8); b.writeInt8(1, 0); proto.writeInt8 = own; b.writeInt8(3, 0)", 1},
	{"const proto = Object.getPrototypeOf(bytes(new Uint8Array(1))); Object.defineProperty(proto, 'readInt8', { get() { hold(this); return () => 1 }, configurable: true }); const b = Buffer.alloc(8); log(b.readInt8(0)); b.writeUInt8(3, 0)", 1},
	{"const b = Buffer.alloc(99999); b.writeInt8(p, 9); publish('t', b)", 1},
	{"const b = Buffer.alloc(8); return b", 0},
	{"const b = Buffer.alloc(8); held.push(b)", 1},
	{"const b = Buffer.alloc(8); held[held.length] = b", 0},
	{"const b = Buffer.alloc(8); hold(() => b[0])", 0},
	{"const b = Buffer.alloc(8); hold([b])", 0},
	{"const b = Buffer.alloc(8); hold({ b }.b)", 0},
	{"const b = Buffer.alloc(8); const c = b; hold(c)", 0},
	{"let b = Buffer.alloc(8); hold(b); b = 1", 0},
	{"const b = Buffer.alloc(8); hold(b.subarray(1))", 0},
	{"const b = Buffer.alloc(8); hold(b.buffer)", 0},
	{"const b = Buffer.alloc(8); b[0] = 1; publish('t', b)", 0},
	{"const b = Buffer.alloc(8); b.x = 1; hold(b)", 0},
	{"const b = Buffer.alloc(8); hold(b || 1)", 0},
	{"const b = Buffer.alloc(8); hold(...[1], b)", 0},
	{"const b = Buffer.alloc(8); new (class { constructor(x) { hold(x) } })(b)", 0},
	{"const b = Buffer.alloc(8); try { throw b } catch (err) { hold(err) }", 0},
	{"const b = Buffer.alloc(8); hold(eval('b'))", 0},
	{"with ({ get b() { return log('b') } }) { const b = Buffer.alloc(8); hold(b) }", 1},
	{"hold([...(function* () { const b = Buffer.alloc(8); yield 1; hold(b) })()].length)", 0},
	{"(async () => { const b = Buffer.alloc(8); await null; b.writeInt8(1, 0); hold(b) })()", 0},
	{"var b = Buffer.alloc(8); hold(b); return b", 0},
}

// Arrays that are rented are as others are, turn after turn.
func TestRent(t *testing.T) {
	for _, c := range renting {
		source := "let fuel\n" + report + "function turn(p) { " + c.body + " }"
		program := goja.MustCompile("p.js", source, false)
		Faster(program)
		if n := instructions(reflect.ValueOf(program), reflect.TypeFor[*callForRent]()); n != c.rents {
			t.Errorf("%s: %d calls rent, want %d", c.body, n, c.rents)
		}
		sameProgram(t, source)
	}
}
