package engine

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

func TestFits(t *testing.T) {
	if !known.fits {
		t.Fatal("goja is not laid out as layout.go has it: " + known.why)
	}
}

// bothWays runs a test with what the package knows of goja and by goja's API
// alone.
func bothWays(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Run("known", test)
	t.Run("by the API", func(t *testing.T) {
		before := known
		known = knowledge{}
		defer func() { known = before }()
		test(t)
	})
}

// expect runs JavaScript that returns a text.
func expect(t *testing.T, vm *goja.Runtime, source, want string) {
	t.Helper()
	v, err := vm.RunString(source)
	if err != nil {
		t.Errorf("%s: %v", source, err)
	} else if v.String() != want {
		t.Errorf("%s\ngot  %s\nwant %s", source, v, want)
	}
}

// bytesOf makes a class that extends Uint8Array.
func bytesOf(t testing.TB) (*goja.Runtime, *Bytes) {
	t.Helper()
	vm := goja.New()
	class, err := vm.RunString("class Class extends Uint8Array { sum() { return this.reduce((a, b) => a + b, 0) } }; Class")
	if err != nil {
		t.Fatal(err)
	}
	return vm, NewBytes(vm, vm.Get("Uint8Array").(*goja.Object), class.(*goja.Object).Get("prototype").(*goja.Object))
}

func TestBytes(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm, b := bytesOf(t)
		data := []byte{1, 2, 3, 4}
		_ = vm.Set("made", b.Make(data))
		_ = vm.Set("other", b.Make(nil))
		for _, c := range [][2]string{
			{"[made instanceof Class, made.constructor === Class, Object.getPrototypeOf(made) === Class.prototype].join()", "true,true,true"},
			{"[made.length, made.byteLength, made.byteOffset, made.BYTES_PER_ELEMENT, other.length].join()", "4,4,0,1,0"},
			{"[made.buffer.byteLength, made.buffer instanceof ArrayBuffer, made.buffer === made.buffer].join()", "4,true,true"},
			{"[Array.from(made), made.sum(), made.subarray(1, 3).sum(), made.slice(2) instanceof Class].join()", "1,2,3,4,10,5,true"},
			{"[Object.keys(made), Object.getOwnPropertyNames(made), '1' in made, made[4] === undefined].join()", "0,1,2,3,0,1,2,3,true,true"},
			{"made.note = 'x'; made.buffer.note = 'y'; [made.note, made.buffer.note, other.note].join()", "x,y,"},
			{"other.note = 1; other.buffer.note = 2; [other.note, other.buffer.note, Object.keys(other)].join()", "1,2,note"},
			{"[Object.prototype.toString.call(made), ArrayBuffer.isView(made), Object.isExtensible(made)].join()", "[object Uint8Array],true,true"},
			{"new DataView(made.buffer).getUint16(0)", "258"},
			{"new Class(made).map((x) => x * 2).join()", "2,4,6,8"},
		} {
			expect(t, vm, c[0], c[1])
		}
		expect(t, vm, "made[0] = 300; made.set([9], 3); made.join()", "44,2,3,9")
		if !slices.Equal(data, []byte{44, 2, 3, 9}) {
			t.Errorf("the memory is not shared: %v", data)
		}
	})
}

func TestViewsAndMemory(t *testing.T) {
	vm, b := bytesOf(t)
	whole := b.Make([]byte("0123456789"))
	part := b.View(whole, 2, 5)
	inner := b.View(part, 1, 3)
	_ = vm.Set("whole", whole)
	_ = vm.Set("part", part)
	_ = vm.Set("inner", inner)
	expect(t, vm, "[part.byteOffset, part.length, inner.byteOffset, inner.length, inner instanceof Class].join()", "2,5,3,3,true")
	expect(t, vm, "inner[0] = 65; [whole[3], part[1], part.buffer === whole.buffer, inner.note].join()", "65,65,true,")
	if data, ok := Memory(inner); !ok || string(data) != "A45" || cap(data) != 3 {
		t.Errorf("%q %v, room for %d", data, ok, cap(data))
	}
	for _, wrong := range [][2]int{{-1, 1}, {0, 11}, {11, 0}, {5, -1}} {
		if v := b.View(whole, wrong[0], wrong[1]); v != nil {
			t.Errorf("a view from %d of %d bytes", wrong[0], wrong[1])
		}
	}
	words, err := vm.RunString("new Uint16Array([1, 2, 3]).subarray(1)")
	if err != nil {
		t.Fatal(err)
	}
	if data, ok := Memory(words.(*goja.Object)); !ok || len(data) != 4 || data[0] != 2 {
		t.Errorf("%v %v", data, ok)
	}
	for _, source := range []string{"({})", "[1]", "new ArrayBuffer(3)", "new DataView(new ArrayBuffer(3))", "new Proxy(new Uint8Array(2), {})", "() => 1"} {
		v, err := vm.RunString("(" + source + ")")
		if err != nil {
			t.Fatal(err)
		}
		if data, ok := Memory(v.(*goja.Object)); ok {
			t.Errorf("%s has %v", source, data)
		}
	}
	buffer := whole.Get("buffer").Export().(goja.ArrayBuffer)
	buffer.Detach()
	if _, ok := Memory(part); ok {
		t.Error("memory of a detached buffer")
	}
	if v := b.View(whole, 0, 1); v != nil {
		t.Error("a view of a detached buffer")
	}
}

func TestObjects(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		plain := NewObjects(vm, vm.NewObject().Prototype())
		bare := NewObjects(vm, nil)
		o := plain.Make(2)
		for i, name := range []string{"b", "2", "a", "1", "__proto__", "b"} {
			o.Put(unistring.NewFromString(name), vm.ToValue(i))
		}
		if v := o.Value("a"); v == nil || v.ToInteger() != 2 {
			t.Errorf("a is %v", v)
		}
		if v := o.Value("toString"); v != nil {
			t.Errorf("toString is %v", v)
		}
		_ = vm.Set("o", o.Object)
		n := bare.Make(0)
		n.Put(unistring.NewFromString("ü"), vm.ToValue("text"))
		_ = vm.Set("n", n.Object)
		_ = vm.Set("empty", plain.Make(0).Object)
		expect(t, vm, "JSON.stringify(o) + Object.keys(o)", `{"1":3,"2":1,"b":5,"a":2,"__proto__":4}1,2,b,a,__proto__`)
		expect(t, vm, "[Object.getPrototypeOf(o) === Object.prototype, Object.getPrototypeOf(n), n.ü, Object.keys(n)].join()", "true,,text,ü")
		expect(t, vm, "JSON.stringify(Object.getOwnPropertyDescriptor(o, 'a'))", `{"value":2,"writable":true,"enumerable":true,"configurable":true}`)
		expect(t, vm, "delete o.b; o.c = 6; o[0] = 7; const seen = []; for (const k in o) { seen.push(k); delete o.a }; seen.join()", "0,1,2,__proto__,c")
		expect(t, vm, "empty.x = 1; Object.freeze(empty); empty.y = 2; empty[Symbol.iterator] = 3; JSON.stringify(empty) + (empty instanceof Object)", `{"x":1}true`)
	})
}

func TestLooksAtPlainObjects(t *testing.T) {
	vm := goja.New()
	look := func(source string) (names string, plain, inOrder bool) {
		v, err := vm.RunString("(" + source + ")")
		if err != nil {
			t.Fatal(err)
		}
		p, plain := AsPlain(v.(*goja.Object))
		if !plain {
			return "", false, false
		}
		list, inOrder := p.Names(nil)
		for _, name := range list {
			v, usual := p.Value(name)
			names += fmt.Sprint(name, " ", v, " ", usual, ",")
		}
		return names, true, inOrder
	}
	for source, want := range map[string]string{
		"{ b: 1, a: 'x' }":               "b 1 true,a x true,",
		"{}":                             "",
		"{ get a() { return 1 }, b: 2 }": "a [accessor] false,b 2 true,",
	} {
		names, plain, inOrder := look(source)
		if strings.Contains(want, "accessor") {
			names = "a [accessor]" + names[strings.Index(names, " false"):]
		}
		if names != want || !plain || !inOrder {
			t.Errorf("%s: %q %v %v", source, names, plain, inOrder)
		}
	}
	if _, plain, inOrder := look("{ b: 1, 5: 2 }"); !plain || inOrder {
		t.Error("a name that is a number is in order")
	}
	for _, source := range []string{"[1]", "() => 1", "new Proxy({}, {})", "new Date", "/x/", "new Map", "new Uint8Array(1)", "new String('x')", "Object.prototype", "(function () { return arguments })()"} {
		if _, plain, _ := look(source); plain {
			t.Errorf("%s is plain", source)
		}
	}
	object := vm.NewObject().Prototype()
	if Added(object, "toJSON") {
		t.Error("Object.prototype has toJSON")
	}
	expect(t, vm, "Object.defineProperty(Object.prototype, 'toJSON', { get() { return 1 }, configurable: true }); ''", "")
	if !Added(object, "toJSON") {
		t.Error("an accessor of Object.prototype was not seen")
	}
	expect(t, vm, "delete Object.prototype.toJSON; ''", "")
	if Added(object, "toJSON") {
		t.Error("Object.prototype still has toJSON")
	}
}

func TestElements(t *testing.T) {
	vm := goja.New()
	for source, want := range map[string]string{
		"[1, 'x', null]":     "[1 x null] true",
		"[]":                 "[] true",
		"[1, , 3]":           "[1 <nil> 3] true",
		"Object.freeze([1])": "[] false",
		"(() => { const a = []; a[1e6] = 1; return a })()": "[] false",
		"new Proxy([1], {})":    "[] false",
		"({ length: 1, 0: 1 })": "[] false",
		"Object.defineProperty([1], 0, { get() { return 1 } })": "[] false",
	} {
		v, err := vm.RunString(source)
		if err != nil {
			t.Fatal(err)
		}
		list, ok := Elements(v.(*goja.Object))
		if got := fmt.Sprint(list, " ", ok); got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

func TestValues(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		for _, n := range []int64{0, 1, 1023, 1024, -1, math.MaxInt32, -1 << 40, maxInt, -maxInt, maxInt + 1, math.MaxInt64, math.MinInt64} {
			if got, want := Int(vm, n), vm.ToValue(n); !got.SameAs(want) || got.ExportType() != want.ExportType() {
				t.Errorf("Int(%d) is %v, %v", n, got, got.ExportType())
			}
		}
		for _, f := range []float64{0, math.Copysign(0, -1), 0.5, -1.5, 3, 1e300, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, maxInt + 2} {
			if got, want := Float(vm, f), vm.ToValue(f); !got.SameAs(want) || got.ExportType() != want.ExportType() {
				t.Errorf("Float(%g) is %v, %v", f, got, got.ExportType())
			}
		}
		for _, s := range []string{"", "a", "a longer text of more than sixteen characters"} {
			v := ASCII(s)
			_ = vm.Set("s", v)
			expect(t, vm, "typeof s + s.length + s.toUpperCase() + (s === s.slice()) + ({ [s]: 1 })[s]",
				fmt.Sprintf("string%d%strue1", len(s), strings.ToUpper(s)))
			if !v.SameAs(vm.ToValue(s)) || !vm.ToValue(s).SameAs(v) || v.Export() != any(s) {
				t.Errorf("ASCII(%q) is %v", s, v)
			}
		}
	})
}

func TestIsASCII(t *testing.T) {
	for n := range 40 {
		text := strings.Repeat("~", n)
		if !IsASCII(text) || !IsASCII([]byte(text)) {
			t.Errorf("%d characters are none", n)
		}
		for i := range n {
			b := []byte(text)
			b[i] = 0x80
			if IsASCII(b) {
				t.Errorf("byte %d of %d was overlooked", i, n)
			}
		}
	}
}

func TestStack(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		vm := goja.New()
		s := StackOf(vm)
		v, err := vm.RunString("(function depth(n, a, b, c) { const x = n + 1, y = [x]; return n === 0 ? 0 : 1 + depth(n - 1, y, x, a) })")
		if err != nil {
			t.Fatal(err)
		}
		depth, _ := goja.AssertFunction(v)
		inner := func(call goja.FunctionCall) goja.Value {
			s.Lend() // within a call: nothing
			v, err := depth(goja.Undefined(), call.Argument(0))
			if err != nil {
				panic(err)
			}
			return v
		}
		_ = vm.Set("inner", inner)
		v, err = vm.RunString("(n) => [inner(n), inner(2), inner(n)].join()")
		if err != nil {
			t.Fatal(err)
		}
		outer, _ := goja.AssertFunction(v)
		for _, n := range []int{0, 1, 5, 200, 3, 1000, 0} {
			s.Lend()
			v, err := outer(goja.Undefined(), vm.ToValue(n))
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("%d,2,%d", n, n); v.String() != want {
				t.Errorf("%s, want %s", v, want)
			}
			if n == 5 {
				s.Clear()
			}
			if n == 200 {
				s.Drop()
			}
		}
		s.Clear()
		for _, v := range s.memory {
			if v != nil {
				t.Errorf("%v was left", v)
			}
		}
		s.Lend()
		if _, err := vm.RunString("throw new Error('expected')"); err == nil {
			t.Error("no error")
		}
		expect(t, vm, "async function f() { await null; result = inner(4) }; f(); ''", "")
		expect(t, vm, "result", "4")
	})
}

func BenchmarkBytes(b *testing.B) {
	for _, way := range []string{"known", "by the API"} {
		b.Run(way, func(b *testing.B) {
			_, bytes := bytesOf(b)
			data := make([]byte, 64)
			b.ReportAllocs()
			for b.Loop() {
				if way == "known" {
					bytes.Make(data)
				} else {
					bytes.construction(data)
				}
			}
		})
	}
}

func BenchmarkStack(b *testing.B) {
	for _, way := range []string{"lent", "new"} {
		b.Run(way, func(b *testing.B) {
			vm := goja.New()
			s := StackOf(vm)
			v, err := vm.RunString("(topic, payload) => { const a = topic + payload; return a }")
			if err != nil {
				b.Fatal(err)
			}
			f, _ := goja.AssertFunction(v)
			args := []goja.Value{vm.ToValue(1), vm.ToValue(2)}
			b.ReportAllocs()
			for b.Loop() {
				if way == "lent" {
					s.Lend()
				}
				if _, err := f(goja.Undefined(), args...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkObject(b *testing.B) {
	names := []string{"id", "value", "unit", "at"}
	for _, way := range []string{"known", "by the API"} {
		b.Run(way, func(b *testing.B) {
			vm := goja.New()
			objects := NewObjects(vm, vm.NewObject().Prototype())
			objects.fits = way == "known"
			v := vm.ToValue(1)
			b.ReportAllocs()
			for b.Loop() {
				o := objects.Make(len(names))
				for _, name := range names {
					o.Put(unistring.NewFromString(name), v)
				}
			}
		})
	}
}
