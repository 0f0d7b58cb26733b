package json_test

import (
	"testing"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	mqjson "github.com/mqscript/mqscript/internal/module/json"
)

// writing is a function that writes literals of values of all kinds.
const writing = `() => {
	const texts = ['', 'a', '"\\\n\u0001\u007f\u2028', 'ä', '\u{1F600}', '\ud800x', 'a longer text that has more than sixteen characters and more than forty-eight, even more than a hundred and twelve of them']
	const numbers = [0, -0, 1, -1, 1.5, -2.25, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7, 1.5e-6, 9.5e-7, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 2 ** 53, 0.1 + 0.2, 1 / 3, 2 ** 70 + 0.5, 4294967295]
	const others = [undefined, null, true, false, Symbol('s'), {}, { x: 1 }, [1, 2], () => 1, new Date(0), new Number(1), new String('x'), { toJSON: () => 'own' }, 5n]
	const all = [...texts, ...numbers, ...others], results = []
	for (const a of all) for (const b of all) {
		try { results.push(JSON.stringify({ a, text: 'x', inner: { b, n: 1 }, b, $_: null })) } catch (e) { results.push(String(e)) }
	}
	return results.join('\n')
}`

// Literals that are written without the object have the text that others have.
func TestWritesLiteralsAsObjects(t *testing.T) {
	texts := make([]string, 2)
	for i := range texts {
		vm := goja.New()
		mqjson.Install(vm)
		program := goja.MustCompile("writing.js", "("+writing+")", false)
		if i == 1 {
			engine.Faster(program)
		}
		v, err := vm.RunProgram(program)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := goja.AssertFunction(v)
		if v, err = f(goja.Undefined()); err != nil {
			t.Fatal(err)
		}
		texts[i] = v.String()
	}
	if texts[0] != texts[1] {
		t.Errorf("got\n%s\nwant\n%s", texts[1], texts[0])
	}
	want := asNode(t, "["+"("+writing+")()]", nil)
	if texts[0] != want[0] {
		t.Errorf("got\n%s\nwant\n%s", texts[0], want[0])
	}
}

// TestNumbersInJSON compares with what JavaScript makes of numbers elsewhere.
func TestNumbersInJSON(t *testing.T) {
	vm := goja.New()
	mqjson.Install(vm)
	v, err := vm.RunString(`(() => {
		let seed = 1
		const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32
		for (let i = 0; i < 20000; i++) {
			let n = (random() - 0.5) * 10 ** Math.floor(random() * 60 - 30)
			if (i % 3 === 0) n = Number(n.toPrecision(1 + i % 7))
			if (JSON.stringify(n) !== String(n)) return JSON.stringify(n) + ', want ' + n
		}
		return ''
	})()`)
	if err != nil || v.String() != "" {
		t.Error(v, err)
	}
}
