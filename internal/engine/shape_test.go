package engine

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

func TestMapsFit(t *testing.T) {
	if !known.maps {
		t.Fatalf("maps of %s are not laid out as shape.go has it", runtime.Version())
	}
}

// madeTwice returns an object with properties of the names and the numbers from
// 0 on, and one that is made like it and left only the first.
func madeTwice(t *testing.T, objects *Objects, keep int, names ...string) (first, second Object) {
	t.Helper()
	first = objects.Make(0)
	for i, name := range names {
		first.Put(unistring.NewFromString(name), Int(objects.vm, int64(i)))
	}
	var shape Shape
	shape.Learn(first)
	if want := len(names); shape.Len() != want {
		t.Fatalf("%v has a shape of %d", names, shape.Len())
	}
	second = objects.Like(&shape)
	for i := range keep {
		second.Fill(i, Int(objects.vm, int64(i)))
	}
	second.Cut(keep)
	for i, name := range names[keep:] {
		first.base.values[unistring.NewFromString(name)] = Int(objects.vm, int64(keep+i))
	}
	return first, second
}

// TestShapes has JavaScript do all that it can do to objects, and looks whether
// those of a shape differ from others.
func TestShapes(t *testing.T) {
	if !known.maps {
		t.Skip("there are none")
	}
	const work = `(o) => {
		const seen = [JSON.stringify(o), Object.keys(o), o.b, o.none, 'a' in o, o.hasOwnProperty('x')]
		o.b = 'changed'; o.added = 1; seen.push(JSON.stringify(o))
		for (const k in o) { seen.push(k); if (k === 'a') delete o.added }
		delete o.a; seen.push(JSON.stringify(o), Object.entries(o))
		o[5] = 5; o[1] = 1; o.a = 'again'; seen.push(Object.keys(o))
		for (let i = 0; i < 30; i++) o['n' + i] = i
		seen.push(JSON.stringify(o)); for (let i = 0; i < 30; i += 2) delete o['n' + i]
		seen.push(Object.keys(o), JSON.stringify(Object.getOwnPropertyDescriptors(o)))
		Object.defineProperty(o, 'n1', { get() { return 'got' }, enumerable: false }); o[Symbol.for('s')] = 's'
		seen.push(JSON.stringify({ ...o }), o.n1, Object.isFrozen(Object.freeze(o)), o instanceof Object)
		return seen.join('\n')
	}`
	for _, names := range [][]string{
		{"a"},
		{"a", "b"},
		{"b", "a", "c"},
		{"a", "b", "c", "d"},
		{"e", "d", "c", "b", "a"},
		{"1", "b", "0", "a"},
		{"a", "b", "c", "d", "e", "f", "g", "h"},
		{"__proto__", "a", "ü", "", "toString"},
	} {
		for keep := 0; keep <= len(names); keep++ {
			vm := goja.New()
			objects := NewObjects(vm, vm.NewObject().Prototype())
			_, cut := madeTwice(t, objects, keep, names...)
			usual := objects.Make(0)
			for i, name := range names[:keep] {
				usual.Put(unistring.NewFromString(name), Int(vm, int64(i)))
			}
			fn, err := vm.RunString(work)
			if err != nil {
				t.Fatal(err)
			}
			call, _ := goja.AssertFunction(fn)
			runtime.GC()
			got, err := call(nil, cut.Object)
			want, err2 := call(nil, usual.Object)
			if err != nil || err2 != nil || got.String() != want.String() {
				t.Errorf("%d of %v: %v %v\ngot\n%v\nwant\n%v", keep, names, err, err2, got, want)
			}
		}
	}
}

func TestShapesThatAreNone(t *testing.T) {
	vm := goja.New()
	objects := NewObjects(vm, nil)
	long := objects.Make(0)
	for i := range groupSize + 1 {
		long.Put(unistring.String(fmt.Sprint("n", i)), goja.Null())
	}
	roomy := objects.Make(100)
	roomy.Put("a", goja.Null())
	shape := Shape{n: 1}
	for _, o := range []Object{long, roomy, objects.Make(0), {Object: vm.NewObject()}} {
		if shape.Learn(o); shape.Len() != 0 {
			t.Errorf("%v has a shape of %d", o.Keys(), shape.Len())
		}
	}
}

// TestShapesAreSeparate looks whether many objects of a shape have anything in
// common.
func TestShapesAreSeparate(t *testing.T) {
	if !known.maps {
		t.Skip("there are none")
	}
	vm := goja.New()
	objects := NewObjects(vm, vm.NewObject().Prototype())
	list := make([]any, 1000)
	for i := range list {
		_, list[i] = madeTwice(t, objects, 3, "a", "b", "c")
		list[i] = list[i].(Object).Object
	}
	_ = vm.Set("list", vm.NewArray(list...))
	runtime.GC()
	expect(t, vm, `list.forEach((o, i) => { for (const k in o) o[k] += i; if (i % 2) delete o.b; else o.d = i; if (i % 3) o.e = -i })
		list.every((o, i) => o.a === i && o.c === i + 2 && o.b === (i % 2 ? undefined : i + 1) && o.d === (i % 2 ? undefined : i) &&
			Object.keys(o).join() === ['a', ...(i % 2 ? ['c'] : ['b', 'c', 'd']), ...(i % 3 ? ['e'] : [])].join())`, "true")
}
