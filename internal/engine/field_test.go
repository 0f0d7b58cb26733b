package engine

import (
	"fmt"
	"slices"
	"testing"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// fields are methods of Buffers by their names, and what DataView calls them.
var fields = map[string]struct {
	view string
	Field
}{
	"UInt8": {"Uint8", Field{Size: 1}}, "Int8": {"Int8", Field{Size: 1, Signed: true}},
	"UInt16BE": {"Uint16", Field{Size: 2}}, "UInt16LE": {"Uint16", Field{Size: 2, Little: true}},
	"Int16BE": {"Int16", Field{Size: 2, Signed: true}}, "Int16LE": {"Int16", Field{Size: 2, Signed: true, Little: true}},
	"UInt32BE": {"Uint32", Field{Size: 4}}, "UInt32LE": {"Uint32", Field{Size: 4, Little: true}},
	"Int32BE": {"Int32", Field{Size: 4, Signed: true}}, "Int32LE": {"Int32", Field{Size: 4, Signed: true, Little: true}},
	"FloatBE": {"Float32", Field{Size: 4, Float: true}}, "FloatLE": {"Float32", Field{Size: 4, Float: true, Little: true}},
	"DoubleBE": {"Float64", Field{Size: 8, Float: true}}, "DoubleLE": {"Float64", Field{Size: 8, Float: true, Little: true}},
}

// defineFields gives the typed arrays of a VM the methods, and once more those
// that the global bytes has been given, whose prototype it returns, as Buffers have them. DataView does what
// they do the usual way.
func defineFields(t testing.TB, vm *goja.Runtime) (prototype *goja.Object) {
	t.Helper()
	v, err := vm.RunString(`(function (name, little, size, low, high) {
		const view = (a) => new DataView(a.buffer, a.byteOffset, a.byteLength)
		return [
			function (at = 0) { return view(this)['get' + name](at, little) },
			function (v, at = 0) {
				v = +v
				if (v < low || v > high) throw new RangeError('out of range: ' + v)
				view(this)['set' + name](at, v, little)
				return at + size
			},
		]
	})`)
	if err != nil {
		t.Fatal(err)
	}
	pair, _ := goja.AssertFunction(v)
	bytes := vm.Get("Uint8Array").(*goja.Object).Get("prototype").(*goja.Object)
	inherited, lazy := bytes.Prototype(), NewLazy(vm, bytes)
	_ = vm.Set("bytes", func(o *goja.Object) *goja.Object {
		_ = o.SetPrototype(lazy.Object())
		return o
	})
	for name, f := range fields {
		low, high := goja.Undefined(), goja.Undefined()
		if !f.Float {
			bits := 8 * f.Size
			low, high = vm.ToValue(0), vm.ToValue(int64(1)<<bits-1)
			if f.Signed {
				low, high = vm.ToValue(-(int64(1) << (bits - 1))), vm.ToValue(int64(1)<<(bits-1)-1)
			}
		}
		made, err := pair(nil, vm.ToValue(f.view), vm.ToValue(f.Little), vm.ToValue(f.Size), low, high)
		if err != nil {
			t.Fatal(err)
		}
		list, _ := Elements(made.(*goja.Object))
		usual := func(v goja.Value) func(goja.FunctionCall) goja.Value {
			fn, _ := goja.AssertFunction(v)
			return func(call goja.FunctionCall) goja.Value {
				v, err := fn(call.This, call.Arguments...)
				if err != nil {
					panic(err)
				}
				return v
			}
		}
		for method, fn := range map[string]*goja.Object{
			"read" + name: ReadsField(vm, usual(list[0]), &f.Field), "write" + name: WritesField(vm, usual(list[1]), &f.Field),
		} {
			_ = inherited.Set(method, fn)
			lazy.DefineEnumerable(method, func() goja.Value { return fn })
		}
	}
	return lazy.Object()
}

// Where a method is remembered, it is found again while more come, and not when
// another is in its place.
func TestSlots(t *testing.T) {
	if !known.tables {
		t.Fatal("maps are not as slots.go has them")
	}
	vm := goja.New()
	lazy := NewLazy(vm, vm.NewObject())
	s := slotsOf(lazy.Object())
	values := func() map[unistring.String]goja.Value { return (*base)(head(lazy.Object()).self.data).values }
	for i := range maxNumbered {
		for k := range i + 1 {
			name := fmt.Sprint("name", k)
			_ = lazy.Object().Set(name, i+k)
			if v := s.find(values(), unistring.String(name), k); v == nil || v.ToInteger() != int64(i+k) {
				t.Fatalf("%d of %d is %v", k, i, v)
			}
		}
	}
	_ = lazy.Object().Delete("name3")
	if v := s.find(values(), "name3", 3); v != nil {
		t.Errorf("a deleted one is %v", v)
	}
	for i := range 5 {
		_ = lazy.Object().Set(fmt.Sprint("other", i), "other")
	}
	_ = lazy.Object().Set("name3", "again")
	if v := s.find(values(), "name3", 3); v == nil || v.String() != "again" {
		t.Errorf("one that is there again is %v", v)
	}
	if slotsOf(vm.GlobalObject()) != nil || slotsOf(vm.NewObject()) != nil {
		t.Error("something is remembered of other objects")
	}
}

// fieldNames are those of fields.
var fieldNames = func() (names []string) {
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

// field is a call of a method that reads a number, or writes one.
func (w *writer) field(method string) string {
	at := w.pick("0", "1", "2", "7", "8", "13", "16")
	if w.IntN(4) == 0 {
		at = w.pick("17", "23", "-1", "0.5", w.name(), w.expr())
	}
	if method == "write" {
		at = w.pick(w.sum(), w.sum(), w.expr()) + ", " + at
	}
	return w.pick("d8", "d8", "d8", "d8", "u8", w.name()) + w.pick(".", ".", ".", ".", "?.") +
		method + fieldNames[w.IntN(len(fieldNames))] + "(" + at + ")"
}

// sum computes with fields and numbers.
func (w *writer) sum() (text string) {
	for range 1 + w.IntN(4) {
		text += w.pick(w.field("read"), w.field("read"), "d8[1]", w.pick("-0", "1", "0.5", "1e300", "9007199254740992", w.name())) +
			w.pick(" + ", " + ", " - ", " * ", " / ", " % ")
	}
	return text + w.field("read")
}

// Programs that read and write fields do the same as with DataView, whatever
// the array is and whoever has changed its methods.
func TestFields(t *testing.T) {
	places := []string{"0", "5", "16", "22", "24", "-1", "1.5", "'2'", "undefined", "{ valueOf() { log('at'); return 1 } }"}
	for i, prepare := range []string{
		"", "d8 = new Uint8Array(d8.buffer, 3, 13)", "d8 = new Uint16Array(12)", "d8 = new DataView(new ArrayBuffer(24))", "d8 = new Proxy(d8, {})",
		"d8 = { readInt8: () => 'own', writeInt8: (...a) => log(a) }", "d8 = 'text'", "d8 = null",
		"d8.readInt8 = (v) => 'own ' + v; d8.writeDoubleBE = (...a) => log(a)",
		"Object.defineProperty(Object.getPrototypeOf(d8), 'readInt8', { get() { log('get'); return () => 5 } })",
		"Object.getPrototypeOf(d8).writeInt8 = d8.readInt8", "Object.getPrototypeOf(d8).readInt8 = d8.writeInt8",
		"d8 = class extends Uint8Array { readInt8(at) { return -super.readInt8(at) } }.from(d8)", "Object.setPrototypeOf(d8, null)", "detach(d8.buffer)",
		"d8.readInt8(0); delete Object.getPrototypeOf(d8).readInt8; Object.getPrototypeOf(Object.getPrototypeOf(d8)).readInt8 = (v) => 'inherited ' + v",
		"d8.readInt8(0); delete Object.getPrototypeOf(d8).readInt8; Object.getPrototypeOf(d8).other = 1; Object.getPrototypeOf(d8).readInt8 = (v) => 'again ' + v",
		"for (let i = 0; i < 100; i++) { d8.readInt8(0); d8.writeDoubleLE(i, 8); Object.getPrototypeOf(d8)['more' + i] = i }",
	} {
		for k, name := range fieldNames {
			at := places[(i+k)%len(places)]
			sameProgram(t, fmt.Sprintf(fieldProgram, prepare, name, at))
			if i == 0 {
				for _, at := range places {
					sameProgram(t, fmt.Sprintf(fieldProgram, prepare, name, at))
				}
			}
		}
	}
}

const fieldProgram = `let d8 = bytes(Uint8Array.from({ length: 24 }, (v, i) => i * 77 %% 256)); %[1]s
const show = (f) => { try { log(f()) } catch (err) { log(String(err), err.stack) } }
for (const v of [0, 1, -1, 127, 128, 255, 65535, 65536, 2147483648, 4294967295, 4294967296, -2147483649, 9007199254740993, 0.5, -0, NaN, Infinity, 1e300, 1e-320, '12', 'x', null, undefined, { valueOf() { log('what'); return 3 } }, Symbol.iterator, 5n]) {
	show(() => { d8.write%[2]s(v, %[3]s); return Array.from(d8).join() })
	show(() => d8.read%[2]s(%[3]s) + d8.readInt8(0) * 2)
	show(() => { let n = d8.write%[2]s(v, %[3]s); return 'n' + n + d8.read%[2]s(0) })
}`

// sameProgram runs a program as goja has it and made faster, and expects the
// same of both.
func sameProgram(t *testing.T, source string) {
	t.Helper()
	want, _ := trace(t, goja.MustCompile("p.js", source, false))
	faster := goja.MustCompile("p.js", source, false)
	Faster(faster)
	if got, _ := trace(t, faster); got != want {
		t.Fatalf("%s\n--- faster\n%s\n--- as usual\n%s", source, got, want)
	}
}

// Reading and writing is fused, so that the tests above test something, and
// makes no values in between.
func TestFieldsTakeNoMemory(t *testing.T) {
	vm := goja.New()
	defineFields(t, vm)
	d8, err := vm.RunString(`bytes(new Uint8Array(24).fill(200))`)
	if err != nil {
		t.Fatal(err)
	}
	allocations := func(statement string) float64 {
		program := goja.MustCompile("", "(function (d8) { let n = 0.5; "+statement+" })", false)
		Faster(program)
		v, err := vm.RunProgram(program)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := goja.AssertFunction(v)
		return testing.AllocsPerRun(100, func() {
			if _, err := f(goja.Undefined(), d8); err != nil {
				t.Fatal(err)
			}
		})
	}
	none := allocations("n")
	if n := allocations("d8.writeDoubleBE(n * d8.readDoubleBE(0) + d8.readUInt32BE(8) + d8.readInt32LE(12), 16)"); n != none {
		t.Errorf("%v allocations, want the %v of an empty function", n, none)
	}
}
