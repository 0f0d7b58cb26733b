package engine

import (
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// parsings are bodies of functions of a text, which mostly parse it and read what
// came of it.
var parsings = []string{
	`const r = JSON.parse(text); return [r.a, r.b, r.none, r.length, r.constructor === Object, r.a]`,
	`const r = JSON.parse(text); return r.__proto__`,
	`const r = JSON.parse(text); return r.toString === Object.prototype.toString`,
	`let r = JSON.parse(text); const a = r.a; r = JSON.parse('{"a":"other","b":1}'); return [a, r.a, r.b]`,
	`var r = JSON.parse(text); let n = []; for (let i = 0; i < 40; i++) n[i] = r.a; return n`,
	`let n = []; for (let i = 0; i < 5; i++) { const r = JSON.parse(text); n[i] = [r.a, r.b] } return n`,
	`{ const r = JSON.parse(text); log(r.a) } { const q = [1, 2], p = text; log(q.length, p.length) } { let x; return x }`,
	`let r; if (text.length > 5) r = JSON.parse(text); return r.a`,
	`try { log(r.a); const r = JSON.parse(text) } catch (e) { return e.message }`,
	`const r = JSON.parse(text), copy = r; return [copy.a, r === copy, r]`,
	`const r = JSON.parse(text); return r`,
	`const r = JSON.parse(text); return { r, a: r.a }`,
	`const r = JSON.parse(text); return (() => r.a)()`,
	`const r = JSON.parse(text); r.a = 'mine'; r.b++; delete r.c; return r`,
	`const r = JSON.parse(text); return [r?.a, r['b'], typeof r, 'a' in r, r.hasOwnProperty('a')]`,
	`const r = JSON.parse(text), { a, ...rest } = r; return [a, rest]`,
	`const r = JSON.parse(text); return [r.a > 5, r.a + 1, r.a + r.b, -r.a, r.a ? 'yes' : 'no', r.a === r.a, JSON.stringify({ a: r.a, b: r.b, c: r.none })]`,
	`const r = JSON.parse(text); return r.a.b.c`,
	`const r = JSON.parse(text); return r.a()`,
	`const r = JSON.parse(text); return [...(function* () { const q = JSON.parse(text); yield q.a; yield q.b; yield q.none })(), r.a]`,
	`const f = (n) => { const r = JSON.parse(text); if (n > 0) f(n - 1); log(r.a, n); return r.b }; return f(3)`,
	`const r = JSON.parse(text), s = JSON.parse(text); return [r.a === s.a, r.b, s.b]`,
	`const r = JSON.parse(text, null); return r.a`,
	`const r = JSON.parse(text, (k, v) => typeof v === 'number' ? v + 1 : v); return r.a`,
	`const r = (0, JSON.parse)(text); return r.a`,
	`const r = JSON.parse(new String(text)); return r.a`,
	`const r = JSON.parse(text.toString()); return r.b`,
	`const r = JSON.parse([text].toString()); return r.b`,
	`const r = JSON.parse(new TextOf(text).toString()); return r.b`,
	`return JSON.parse(text).a`,
	`return [JSON.parse(text), JSON.parse(text).b, 1 + JSON.parse(text).a]`,
	`let n = 0; n += JSON.parse(text).a; return n`,
	`const r = JSON.parse(text); eval('log(r.a)'); return r.b`,
	`with ({ r: { a: 'with' } }) { return r.a } const r = JSON.parse(text)`,
	`const a = r => r.a; return a(JSON.parse(text))`,
	`function f(r, s = r.a) { r = JSON.parse(text); return [r.a, s, arguments[0]] } return f({ a: 1 })`,
	`let i = 0; while (i < 3) { var r = JSON.parse(text); if (r.a === i) break; i++ } return [i, r.b]`,
	`switch (text) { case '1': { const r = JSON.parse(text); return r.a } default: { const q = JSON.parse(text); return q.b } }`,
	`const seen = []; Object.defineProperty(Object.prototype, 'none', { get() { seen.push(this); this.a = 'changed'; return 'got' }, configurable: true })
		const r = JSON.parse(text); return [r.b, r.none, r.a, r.none, seen.length, seen[0] === seen[1], seen[0]]`,
}

// recordTexts are what they parse.
var recordTexts = []string{
	`{"a":1,"b":"two"}`, `{"a":2.5,"b":null}`, `{"a":-0,"b":true}`, `{"a":"text","b":""}`, ` { "a" : 1e3 , "b" : "x\\ty\\u00e4" } `, `{"a":"ä","b":1}`, `{"a":{"b":1},"b":[1]}`, `{"a":1,"a":2}`,
	`{"b":false}`, `{}`, `[]`, `[1,2]`, `1`, `"text"`, `null`, `true`, `{"\\u0061":1}`, `{"length":5,"constructor":6}`, `{"__proto__":1,"a":2}`, `{"none":3,"toString":4}`, `{"0":1,"a":2}`,
	`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8}`, `{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9}`, `{"":1}`, `{"a":"\ud800"}`, `{"a":1e999,"b":-1e-999}`, `{"a":12345678901234567890}`,
	``, ` `, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,}`, `{"a":1}x`, `{"a":01}`, `{"a":1.}`, `{"a":tru}`, `{"a":nul}`, `{a:1}`, `{"a":1 "b":2}`, `{"a":"x}`, `{"a":"\n"}`, `{"a":+1}`, `{"a":.5}`, `undefined`, `{"a":-}`, `{"a":"\\x"}`,
	`{"a":"` + strings.Repeat("x", maxRecordText) + `"}`,
}

// shown runs a function of each text and returns what comes of it.
func shown(t *testing.T, body, prepare string, faster bool) (texts []string) {
	t.Helper()
	vm := goja.New()
	InstallJSON(vm)
	program := goja.MustCompile("parse.js", `(function (text, log) {
	`+body+` })`, false)
	if faster {
		Faster(program)
	}
	show, err := vm.RunString(`class TextOf extends Uint8Array { constructor(s) { super(s.length); this.s = s } toString() { return this.s } }
		const tell = (v, n) => n > 3 ? '' : Object.is(v, -0) ? '-0' : typeof v === 'object' && v !== null
			? (Array.isArray(v) ? '[' : '{') + Reflect.ownKeys(v).map((k) => String(k) + ':' + tell(v[k], n + 1)) : typeof v + String(v)
		;` + prepare + `
		(f, text) => { const log = []; try { log.push(f(text, (...v) => log.push(v))) } catch (e) { log.push(e.stack) } return tell(log, 0) }`)
	if err != nil {
		t.Fatal(err)
	}
	f, err := vm.RunProgram(program)
	if err != nil {
		t.Fatal(body, err)
	}
	call, _ := goja.AssertFunction(show)
	for range 2 {
		for _, text := range recordTexts {
			v, err := call(goja.Undefined(), f, vm.ToValue(text))
			if err != nil {
				t.Fatal(body, err)
			}
			texts = append(texts, v.String())
		}
	}
	return texts
}

func TestRecordsAreAsObjects(t *testing.T) {
	for _, body := range parsings {
		for _, prepare := range []string{
			"", "Object.prototype.none = 'inherited'; Object.prototype.a = 'too';", "JSON.parse = () => ({ a: 'own' });", "Object.defineProperty(JSON, 'parse', { get() { return (t) => t } });",
			"delete JSON.parse;", "var usual = JSON.parse; JSON = { parse: (t) => usual(t) };", "String.prototype.toString = () => '{}';",
		} {
			want, got := shown(t, body, prepare, false), shown(t, body, prepare, true)
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s\n%s of %s\ngot  %s\nwant %s", prepare, body, recordTexts[i%len(recordTexts)], got[i], want[i])
					break
				}
			}
		}
	}
}

// counting counts what is asked of Texts.
type counting struct {
	Texts
	documents, members int
}

func (c *counting) Document(text string) (v goja.Value, ok bool) {
	c.documents++
	return c.Texts.Document(text)
}

func (c *counting) Members(text string, list []Member) (n int, ok bool) {
	c.members++
	return c.Texts.Members(text, list)
}

// Objects that nobody sees are not made, nor values that nobody reads.
func TestRecordsAreNoObjects(t *testing.T) {
	for body, want := range map[string]counting{
		`const r = JSON.parse(text); return r.a`:                             {nil, 1, 1},
		`const r = JSON.parse(text); return r.a + r.b`:                       {nil, 2, 1},
		`const r = JSON.parse(text)`:                                         {nil, 1, 0},
		`let r = JSON.parse(text); return r.none`:                            {nil, 1, 1}, // the object
		`let r; r = JSON.parse(text); return [r.none, r.a, r.none]`:          {nil, 1, 1},
		`const r = JSON.parse(text); for (let i = 0; i < 100; i++) r.a`:      {nil, maxReadings + 1, 1},
		`const r = JSON.parse(text); return [r.a, r]`:                        {nil, 1, 0},
		`const r = JSON.parse(text); return () => r.a`:                       {nil, 1, 0},
		`return JSON.parse(text)`:                                            {nil, 1, 0},
		`const r = JSON.parse(text); return r.a()`:                           {nil, 1, 0},
		`{ const r = JSON.parse(text); r.a } { const r = text; return [r] }`: {nil, 1, 0}, // one place for both
	} {
		vm := goja.New()
		InstallJSON(vm)
		f := functionOf(vm.Get("JSON").(*goja.Object).Get("parse").(*goja.Object))
		count := &counting{Texts: f.texts}
		f.texts = count
		program := goja.MustCompile("parse.js", "(function (text) { "+body+" })", false)
		Faster(program)
		v, err := vm.RunProgram(program)
		if err != nil {
			t.Fatal(err)
		}
		call, _ := goja.AssertFunction(v)
		if _, err = call(goja.Undefined(), vm.ToValue(`{"a":1,"b":"x"}`)); err != nil && !strings.Contains(body, "r.a()") {
			t.Error(body, err)
		}
		if count.documents != want.documents || count.members != want.members {
			t.Errorf("%s: %d documents and %d lists of members, want %d and %d", body, count.documents, count.members, want.documents, want.members)
		}
	}
}
