package engine

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// writer makes programs at random that use the language as people do, and some
// of its corners: getters, objects with valueOf, holes, exceptions, closures,
// generators. What they find they log.
type writer struct {
	*rand.Rand
	depth int
	names []string // variables in scope
	count int      // of names given so far
	inFn  int      // functions around what is being written
}

func (w *writer) pick(from ...string) string { return from[w.IntN(len(from))] }

func (w *writer) name() string {
	if len(w.names) == 0 {
		return "u"
	}
	return w.names[w.IntN(len(w.names))]
}

func (w *writer) literal() string {
	switch w.IntN(6) {
	case 0:
		return fmt.Sprint(w.IntN(7) - 2)
	case 1:
		return w.pick("0.5", "-0", "1e21", "NaN", "Infinity", "2147483647", "-2147483648", "4294967296", "9007199254740992", "255", "256")
	case 2:
		return w.pick("''", "'a'", "'12'", "'in/kitchen/lamp'", "'é'", "'😀x'", "'length'", "'0'", "'abc;def'", "' 7 '")
	case 3:
		return w.pick("null", "undefined", "true", "false", "10n")
	case 4:
		return "[" + w.expr() + ", " + w.expr() + w.pick("", ", , 1", ", 'b'") + "]"
	}
	return "{ x: " + w.expr() + ", length: " + w.expr() + w.pick("", ", get y() { log('get y'); return this.x }", ", valueOf() { log('valueOf'); return 3 }", ", toString() { return 'text' }") + " }"
}

// options is an object literal as functions are given them.
func (w *writer) options() string {
	text := "{ "
	for range w.IntN(4) {
		switch w.IntN(8) {
		case 0:
			text += w.pick("get x() { log('get x'); return kept = this }, ", "f() { return this }, ", "...o, ", "__proto__: o, ", "[s]: 1, ", "7: 1, ", "x, ", "a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, ")
		case 1, 2:
			text += w.pick("x", "y", "z") + ": " + w.options() + ", "
		case 3:
			text += w.pick("x", "y", "z") + ": keep(" + w.options() + "), "
		default:
			text += w.pick("x", "y", "z", "w", "length") + ": " + w.expr() + ", "
		}
	}
	return text + "}"
}

// operand is what may stand on either side of an operator.
func (w *writer) operand() string {
	e := w.expr()
	if strings.HasPrefix(e, "{") || strings.ContainsAny(e, " =?") || e[0] >= '0' && e[0] <= '9' || e[0] == '-' {
		return "(" + e + ")"
	}
	return e
}

func (w *writer) expr() string {
	w.depth++
	defer func() { w.depth-- }()
	if w.depth > 4 {
		if w.IntN(2) == 0 {
			return w.name()
		}
		return fmt.Sprint(w.IntN(5))
	}
	switch w.IntN(28) {
	case 0, 1, 2, 3:
		return w.name()
	case 4, 5:
		return w.literal()
	case 6, 7, 8:
		return w.operand() + " " + w.pick("+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "===", "!=", "!==", "&", "|", "^", "<<", ">>", ">>>") + " " + w.operand()
	case 9:
		return "(" + w.operand() + " " + w.pick("&&", "||") + " " + w.operand() + ")"
	case 10:
		return "(" + w.operand() + " ? " + w.operand() + " : " + w.operand() + ")"
	case 11:
		return w.pick("!", "-", "+", "~", "typeof ", "void ") + w.operand()
	case 12, 13:
		return w.operand() + "." + w.pick("length", "x", "y", "z", "size", "constructor")
	case 14:
		return w.operand() + "[" + w.expr() + "]"
	case 15:
		return w.name() + w.pick("?.x", "?.[0]", " ?? 1", "?.length")
	case 16:
		return "f" + fmt.Sprint(w.IntN(3)) + "(" + w.expr() + ", " + w.expr() + ")"
	case 17:
		return w.operand() + "." + w.pick("slice(1, 3)", "slice(-2)", "indexOf('/')", "split('/')", "charCodeAt(1)", "toString()", "startsWith('a')", "substring(1)", "includes('a')", "trim()", "concat(1)", "at(-1)", "push(1)", "pop()", "join()", "has('a')", "get(1)", "set('k', 2)", "keys()", "toUpperCase()", "endsWith('x')", "codePointAt(0)", "charAt(2)", "lastIndexOf('a')", "replace('a', 'b')", "padStart(3)", "repeat(2)", "readUInt8(0)", "subarray(1)")
	case 18:
		return w.pick("Number", "String", "Boolean", "Math.floor", "Math.abs", "isNaN", "parseInt", "JSON.stringify", "Array.isArray", "Object.keys") + "(" + w.expr() + ")"
	case 19:
		return "`" + w.pick("", "t") + "${" + w.expr() + "}" + w.pick("", "é") + "`"
	case 20:
		return w.pick("m", "b", "s", "u8", "o", "arr", "d8")
	case 21, 22:
		return w.pick("("+w.sum()+")", w.field("read"), w.field("write"))
	case 23:
		return "take(" + w.pick("", w.expr()+", ") + w.options() + w.pick("", ", "+w.expr(), ", "+w.options()) + ")"
	case 24:
		return "JSON.stringify(" + w.written() + w.pick("", "", "", "", ", null, 1") + ")"
	case 25, 26:
		return "h" + fmt.Sprint(w.IntN(3)) + "(" + w.expr() + w.pick("", ", "+w.expr(), ", "+w.expr(), ", 1, 2") + ")"
	}
	return "(" + w.name() + w.pick(" = ", " += ", " -= ", " ??= ", " ||= ", " |= ") + w.operand() + ")"
}

// scoped lets block add names that are gone behind it.
func (w *writer) scoped(block func()) {
	n := len(w.names)
	block()
	w.names = w.names[:n]
}

func (w *writer) fresh() string {
	w.count++
	name := fmt.Sprintf("v%d", w.count)
	w.names = append(w.names, name)
	return name
}

func (w *writer) block(n int) (text string) {
	w.depth++
	defer func() { w.depth-- }()
	w.scoped(func() {
		for range n {
			text += w.statement()
		}
	})
	return "{\n" + text + "}\n"
}

func (w *writer) statement() string {
	if w.depth > 4 {
		return "log(" + w.expr() + ")\n"
	}
	switch w.IntN(19) {
	case 0, 1, 2:
		value := w.expr()
		return w.pick("let ", "let ", "var ") + w.fresh() + " = " + value + "\n"
	case 3, 4:
		return "log(" + w.expr() + ")\n"
	case 5:
		return w.name() + w.pick(" = ", " += ", " *= ", " >>>= ", " %= ") + w.expr() + "\n"
	case 6:
		return w.pick("++", "--") + w.name() + "\n"
	case 7:
		return w.operandOf() + w.pick(".x", "[0]", "[1]", "[9]", ".z") + w.pick(" = ", " += ", " -= ") + w.expr() + "\n"
	case 8:
		return "if (" + w.expr() + ") " + w.block(2) + w.pick("", "else "+w.block(1))
	case 9:
		i := fmt.Sprintf("i%d", w.count)
		w.count++
		return "for (let " + i + " = 0; " + i + " < " + w.pick("3", "arr.length", "s.length") + "; " + i + "++) " + w.inLoop(i)
	case 10:
		i := fmt.Sprintf("e%d", w.count)
		w.count++
		return "for (const " + i + " of " + w.pick("arr", "s", "m", "m.values()", "u8", "[1, 'a', null]", "g(2)", "new Set([...arr])", "m.keys()", w.name()) + ") " + w.inLoop(i)
	case 11:
		return "try " + w.block(2) + "catch (err) { log('caught', err) }\n" + w.pick("", "finally { log('finally') }\n")
	case 12:
		return "switch (" + w.expr() + ") { case " + w.expr() + ": " + w.block(1) + w.pick("", "break\n") + "case 'a': " + w.block(1) + " default: " + w.block(1) + "}\n"
	case 13:
		return "{ const c = " + w.expr() + "; const k = () => c; log(k()) }\n"
	case 14:
		return "const [p" + fmt.Sprint(w.count) + ", q" + fmt.Sprint(w.next()) + " = 2] = " + w.pick("arr", "s", "[3]", "m") + "\n"
	case 15, 16:
		return w.field("write") + "\n"
	case 17:
		return w.parsing()
	}
	if w.inFn > 0 && w.IntN(3) == 0 {
		return "return " + w.expr() + "\n"
	}
	return "log(" + w.operandOf() + w.pick("++", "--", ".x++", "[0]++", ".z--") + ")\n"
}

func (w *writer) next() int {
	w.count++
	return w.count - 1
}

func (w *writer) operandOf() string { return w.pick(w.name(), "o", "arr", "u8", "m") }

func (w *writer) inLoop(name string) string {
	w.names = append(w.names, name)
	defer func() { w.names = w.names[:len(w.names)-1] }()
	return "{ if (--fuel < 0) break\n[u, a, s, b] = [u, a, s, b].map(cut)\n" + w.block(2) + w.pick("", "if (fuel % 3 === 0) continue\n", "if (fuel % 5 === 0) break\n") + "}\n"
}

// program is a whole one.
func (w *writer) program() string {
	var text strings.Builder
	text.WriteString("(function () {\n" + w.pick("", "'use strict'\n")) // variables of a file are those of a function
	text.WriteString(`let fuel = 25, u, a = 1, s = 'in/kitchen/lamp', arr = [1, 2.5, 'three', , null], m = new Map([['a', 1], [1, 'b'], ['x', { x: 1 }]]), kept, x = 3
let o = { x: 1, get y() { log('y'); return 7 }, length: 2 }, b = 2.5, u8 = new Uint8Array([1, 2, 250]), d8 = bytes(Uint8Array.from({ length: 24 }, (v, i) => i * 77 % 256))
const cut = (v) => typeof v === 'string' && v.length > 999 ? 'cut' : v
const keep = (v) => kept = v
function* g(n) { for (let i = 0; i < n; i++) yield i }
`)
	w.names = []string{"u", "a", "s", "arr", "o", "b", "u8", "d8"}
	for i := range 3 {
		text.WriteString(w.helper(fmt.Sprintf("h%d", i), i))
	}
	for i := range 3 {
		w.scoped(func() {
			w.names = append(w.names, "p", "q")
			w.inFn++
			fmt.Fprintf(&text, "function f%d(p, q%s) { if (--fuel < 0) return p\n%sreturn %s }\n", i, w.pick("", " = 1", ", ...rest"), w.block(3), w.expr())
			w.inFn--
		})
	}
	text.WriteString(report + w.turn())
	for range 8 {
		text.WriteString(w.statement())
	}
	text.WriteString("log(a, s, b, arr, o, kept, fuel, d8 instanceof Uint8Array && Array.from(d8).join())\n})()\n")
	return text.String()
}

// trace runs a program and returns what it logs and how it ends. An endless one
// is cut, and then ok is false.
func trace(t *testing.T, program *goja.Program) (text string, ok bool) {
	t.Helper()
	vm := goja.New()
	_ = vm.Set("detach", func(buffer goja.ArrayBuffer) { buffer.Detach() })
	InstallJSON(vm)
	var log strings.Builder
	handler := newTurns(t, vm, &log)
	show, err := vm.RunString(`(function show(v, depth) {
		try {
			if (typeof v === 'object' && v !== null && depth < 2) {
				const inner = []
				if (v instanceof Map) for (const [k, e] of v) inner.push(show(k, 2) + '=>' + show(e, 2))
				else for (const k of Reflect.ownKeys(v).slice(0, 8)) {
					const d = Object.getOwnPropertyDescriptor(v, k)
					inner.push(String(k) + ':' + (d.get ? 'getter' : show(d.value, depth + 1)))
				}
				return Object.prototype.toString.call(v) + '{' + inner.join() + '}' + (v instanceof Error ? v.message : '')
			}
			return typeof v + ' ' + (Object.is(v, -0) ? '-0' : typeof v === 'object' || typeof v === 'function' ? '…' : String(v))
		} catch (err) { return 'cannot be shown' }
	})`)
	if err != nil {
		return err.Error(), true
	}
	fn, _ := goja.AssertFunction(show)
	lines := 0
	_ = vm.Set("log", func(call goja.FunctionCall) goja.Value {
		if lines++; lines > 300 {
			return goja.Undefined()
		}
		for _, v := range call.Arguments {
			s, err := fn(goja.Undefined(), v, vm.ToValue(0))
			if err != nil {
				log.WriteString(err.Error())
				continue
			}
			log.WriteString(s.String() + " ")
		}
		log.WriteString("\n")
		return goja.Undefined()
	})
	_ = vm.Set("take", ReadsLiterals(vm, func(call goja.FunctionCall) goja.Value {
		if lines++; lines <= 300 {
			for _, v := range call.Arguments {
				taken(&log, v, 0)
			}
		}
		return vm.ToValue(len(call.Arguments))
	}))
	timer := time.AfterFunc(2*time.Second, func() { vm.Interrupt("too long") })
	defer timer.Stop()
	_, err = vm.RunProgram(program)
	var interrupted *goja.InterruptedError
	if errors.As(err, &interrupted) {
		return "", false
	}
	for range 3 {
		if handler.run(&log) != nil {
			return "", false
		}
	}
	var thrown *goja.Exception
	if errors.As(err, &thrown) {
		return log.String() + thrown.String(), true
	}
	return log.String() + fmt.Sprint(err), true
}

// taken writes a value down without letting JavaScript see it, but for what its
// getters see.
func taken(log *strings.Builder, v goja.Value, depth int) {
	o, ok := v.(*goja.Object)
	switch {
	case !ok:
		_, isSymbol := v.(*goja.Symbol)
		if isSymbol {
			v = goja.Undefined()
		}
		log.WriteString(v.String() + ",")
	case depth > 3 || o.ClassName() != "Object" || o.ExportType().Kind() != reflect.Map:
		log.WriteString(o.ClassName() + ",")
	default:
		log.WriteString("{")
		for _, name := range o.Keys() {
			log.WriteString(name + ":")
			taken(log, o.Get(name), depth+1)
		}
		log.WriteString("}")
	}
}

// sameAsUsual runs the program of a seed as goja has it and made faster, and expects the
// same of both, down to the place where an exception was thrown.
func sameAsUsual(t *testing.T, seed uint64) (ran bool) {
	t.Helper()
	source := (&writer{Rand: rand.New(rand.NewPCG(seed, 0))}).program() //nolint:gosec // it must be repeatable
	usual, err := goja.Compile("p.js", source, false)
	if err != nil {
		return false
	}
	want, ok := trace(t, usual)
	if !ok {
		return false
	}
	faster, err := goja.Compile("p.js", source, false)
	if err != nil {
		t.Fatal(err)
	}
	Faster(faster)
	if got, ok := trace(t, faster); ok && got != want {
		t.Fatalf("seed %d:\n%s\n--- faster\n%s\n--- as usual\n%s", seed, source, got, want)
	}
	return true
}

// TestRandomPrograms runs many programs; FuzzPrograms goes on with others.
func TestRandomPrograms(t *testing.T) {
	ran := 0
	const all = 1000
	for seed := range uint64(all) {
		if sameAsUsual(t, seed) {
			ran++
		}
	}
	if ran < all/2 {
		t.Errorf("only %d of %d programs ran: the writer writes too much that is no JavaScript", ran, all)
	}
}

func FuzzPrograms(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { sameAsUsual(t, seed) })
}
