package engine

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/dop251/goja"
)

// lendTest runs a program in which taken is a function of ReadsLiterals that
// notes where its last argument is and what is in all of them.
func lendTest(t *testing.T, source string, faster bool) (where []unsafe.Pointer, log string) {
	t.Helper()
	vm := goja.New()
	var text strings.Builder
	_ = vm.Set("taken", ReadsLiterals(vm, func(call goja.FunctionCall) goja.Value {
		last := call.Argument(len(call.Arguments) - 1)
		if o, ok := last.(*goja.Object); ok {
			where = append(where, unsafe.Pointer(o))
		}
		for _, v := range call.Arguments {
			taken(&text, v, 0)
		}
		text.WriteString("\n")
		return goja.Undefined()
	}))
	program := goja.MustCompile("p.js", source, false)
	if faster {
		Faster(program)
	}
	v, err := vm.RunProgram(program)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return where, text.String() + v.String()
}

// different returns how many of the places are different.
func different(where []unsafe.Pointer) int {
	places := make(map[unsafe.Pointer]bool)
	for _, p := range where {
		places[p] = true
	}
	return len(places)
}

// TestLiteralsThatAreLent: the literals of calls one after another are at few
// places, and each has what it was written with.
func TestLiteralsThatAreLent(t *testing.T) {
	for _, call := range []string{
		`taken('a', { n: i })`,
		`taken({ in: { n: i, deep: { s: 'a' + i } }, n: i })`,
		`taken({ a: 1 }, { n: taken.length + i })`,
		`taken({ b: i, 2: i, a: i, 1: i })`,
		`taken({ a: i, a: i + 1, ['b']: i })`,
		`taken({ a: 1, b: 2, c: 3, d: 4, e: 5, f: i })`,
		`taken({ a: arr, b: same({ n: i }) })`,
		`holder.taken({ n: i })`,
		"taken(i, `t${i}`, arr[i], !i, { n: i + 1 })",
		`taken(taken({ n: i }), { m: i })`,
	} {
		source := `const arr = [1, 2, 3], same = (o) => o, holder = { taken }; for (let i = 0; i < 9; i++) { ` + call + ` } ''`
		where, log := lendTest(t, source, true)
		if n := different(where); len(where) < 9 || n > 4 {
			t.Errorf("%s: %d calls have %d literals", call, len(where), n)
		}
		if all, want := lendTest(t, source, false); log != want || different(all) != len(all) {
			t.Errorf("%s\n got %s\nwant %s", call, log, want)
		}
	}
}

// TestLiteralsThatAreNotLent: what can be seen by anybody else is an object of
// its own for each call.
func TestLiteralsThatAreNotLent(t *testing.T) {
	for _, call := range []string{
		`const o = { n: i }; taken(o)`,
		`let o; taken(o = { n: i })`,
		`taken({ n: i, f() { return this } })`,
		`taken({ n: i, get g() { return kept.push(this) } })`,
		`taken({ get g() { return kept.push(this.inner) }, inner: { n: i } })`,
		`taken({ n: i, ...{ m: i } })`,
		`taken({ ['n' + i]: i })`,
		`taken(same({ n: i }))`,
		`taken(...[{ n: i }])`,
		`taken({ __proto__: kept, n: i })`,
		`taken.call(null, { n: i })`,
		`taken([{ n: i }])`,
		`taken(i ? { n: i } : null, i ? { n: i } : { n: 0 }, same({ n: i }))`,
		`try { taken({ n: i, m: fails() }) } catch { taken(same({ n: i })) }`,
		`taken({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9 })`,
	} {
		where, log := lendTest(t, `const kept = [], same = (o) => { kept.push(o); return o }, fails = () => { throw new Error() }
			for (let i = 0; i < 9; i++) { `+call+` } kept.length`, true)
		if different(where) != 9 {
			t.Errorf("%s: is lent\n%s", call, log)
		}
	}
}

// TestLiteralsOfOtherFunctions: a function of JavaScript in the place of one that
// only reads keeps what it is given, and so does one that comes later.
func TestLiteralsOfOtherFunctions(t *testing.T) {
	for _, source := range []string{
		`const kept = []; { const taken = (o) => { kept.push(o) }; for (let i = 0; i < 3; i++) taken({ n: i, in: { n: i } }) }`,
		`const kept = [], real = taken; taken = (o) => { kept.push(o); real(o) }; for (let i = 0; i < 3; i++) taken({ n: i, in: { n: i } })`,
		`const kept = [], two = [taken, (o) => kept.push(o)]; for (let i = 0; i < 6; i++) { const f = two[i & 1]; f({ n: i >> 1, in: { n: i >> 1 } }) }`,
		`const kept = [], change = () => { taken = 5 }
		for (let i = 0; i < 3; i++) taken({ n: i, in: { get n() { taken({ n: 'inner' }, { n: 'too' }); return i } } }, { m: kept.push({ n: i, in: { n: i } }) })
		taken({ n: change() })`,
	} {
		if _, log := lendTest(t, source+"\nJSON.stringify(kept)", true); !strings.HasSuffix(log, `[{"n":0,"in":{"n":0}},{"n":1,"in":{"n":1}},{"n":2,"in":{"n":2}}]`) {
			t.Errorf("%s\n%s", source, log)
		}
	}
}
