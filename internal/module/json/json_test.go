package json_test

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/dop251/goja"

	mqjson "github.com/mqscript/mqscript/internal/module/json"
)

// show is a function that tells all about what JSON.parse makes of a text.
const show = `(text) => {
	const tell = (v) => {
		if (typeof v === 'string') return 's' + Array.from({ length: v.length }, (_, i) => v.charCodeAt(i)).join()
		if (Object.is(v, -0)) return '-0'
		if (typeof v !== 'object' || v === null) return String(v)
		if (Array.isArray(v)) return '[' + v.map(tell).join() + ']'
		const proto = Object.getPrototypeOf(v) === Object.prototype
		return proto + '{' + Object.entries(Object.getOwnPropertyDescriptors(v)).map(([k, d]) =>
			tell(k) + d.writable + d.enumerable + d.configurable + tell(d.value)).join() + '}'
	}
	try { return tell(JSON.parse(text)) } catch (e) { return e.name + ': ' + e.message }
}`

// corpus is texts that are JSON, and texts that nearly are.
func corpus(n int) []string {
	texts := []string{
		"", " ", "{", "[", "{a", "[1,]", "[,]", `{"a":}`, `{"a" 1}`, `{"a":1,}`, `{"a":1 "b"}`, `{1:2}`, "undefined", "NaN", "Infinity",
		"[object Object]", "[1 2]", `"abc`, "-", "-a", "1.", "1.x", "1e", "1e+", "01", "-01", ".5", "+", "}", "tru", "trux", "tru1", `nul"`, "truefalse",
		"1 1", `"\x"`, `"\u12"`, `"\u12g4"`, `"\`, `"\u12`, "\"a\nb\"", "\"\\n\u0001\"", "é", "x", "[1", `{"a"`, `{"a":1`, "{\"a\":1}x",
		"abcdefghijklmnopqrstuvwxyz", `{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":y}`, `{"aaaaaaaaaaaaaaaaaaaaaaaaa":y,"bbbbbbbbbbbbbbbbbb":1}`,
		"-0", "0", "-0.0", "1e999", "-1e999", "1e-999", "123456789012345678901", "999999999999999", "9007199254740993", "0.1", "1E3", "5e-324",
		`"\ud800"`, `"\ud83d\ude00"`, `"\ude00\ud83d"`, `"\u0000\b\f\n\r\t\/\\\""`, "\"\U0001F600 \u00e9\"", `"a\ud83d"`,
		`{"__proto__":{"x":1},"a":1}`, `{"a":1,"a":2,"b":3,"a":4}`, `{"2":1,"1":2,"b":3,"0":4}`, `{"":1}`, `{"constructor":1,"toString":null}`,
		"\ufeff1", "\u00a01", "\v1", "1\x00", "\t\r\n 1 \t\r\n",
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		text := generate(r, 4)
		texts = append(texts, text)
		if cut := []rune(text); len(cut) > 0 {
			at := r.IntN(len(cut))
			texts = append(texts, string(cut[:at])+string(cut[at+1:]), string(cut[:at])+string("{}[],:\"\\0-.e tx\n"[r.IntN(16)])+string(cut[at:]))
		}
	}
	return texts
}

func generate(r *rand.Rand, depth int) string {
	words := []string{"a", "b", "id", "value", "__proto__", "1", "ü", "\U0001F600", `\n`, `\u00e9`, `\ud83d`, "with space", ""}
	kind := r.IntN(9)
	if depth == 0 {
		kind %= 7
	}
	switch kind {
	case 0:
		return []string{"true", "false", "null"}[r.IntN(3)]
	case 1, 2:
		return fmt.Sprint(r.IntN(2000) - 1000)
	case 3:
		return fmt.Sprintf([]string{"%g", "%.3f", "%e"}[r.IntN(3)], r.NormFloat64()*1e5)
	case 4, 5, 6:
		return `"` + words[r.IntN(len(words))] + words[r.IntN(len(words))] + `"`
	case 7:
		var list []string
		for range r.IntN(4) {
			list = append(list, generate(r, depth-1))
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	var list []string
	for range r.IntN(5) {
		list = append(list, `"`+words[r.IntN(len(words))]+`": `+generate(r, depth-1))
	}
	return "{" + strings.Join(list, ",") + "}"
}

// told returns what a VM's JSON.parse makes of the texts.
func told(t testing.TB, vm *goja.Runtime, texts []string) []string {
	t.Helper()
	v, err := vm.RunString(show)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := goja.AssertFunction(v)
	list := make([]string, len(texts))
	for i, text := range texts {
		v, err := f(goja.Undefined(), vm.ToValue(text))
		if err != nil {
			t.Fatal(err)
		}
		list[i] = v.String()
	}
	return list
}

// asNode runs a program that returns a list of texts in Node and returns what it
// returned. input is what the program finds in the variable of that name.
func asNode(t *testing.T, program string, input any) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", `
		if (!process.version.startsWith('v20.')) { console.log('null'); process.exit() }
		const input = JSON.parse(require('fs').readFileSync(0, 'utf8'))
		console.log(JSON.stringify(`+program+`))`)
	cmd.Stdin = strings.NewReader(string(text))
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	if err := json.Unmarshal(output, &list); err != nil {
		t.Fatal(err)
	}
	if list == nil {
		t.Skip("needs node 20, whose words are compared")
	}
	return list
}

func TestParsesAsNode(t *testing.T) {
	texts := corpus(5000)
	want := asNode(t, "input.map("+show+")", texts)
	vm := goja.New()
	mqjson.Install(vm)
	for i, got := range told(t, vm, texts) {
		if got != want[i] {
			t.Errorf("%q\ngot  %s\nwant %s", texts[i], got, want[i])
		}
	}
}

func TestParsesAsTheEngine(t *testing.T) {
	var texts []string
	for _, text := range corpus(2000) {
		if json.Valid([]byte(text)) && !strings.Contains(text, `\ud`) && !strings.Contains(text, `\ude`) && !strings.Contains(text, "e999") {
			if _, err := strconv.ParseFloat(text, 64); err == nil || text[0] > '9' {
				texts = append(texts, text) // the engine refuses numbers out of range
			}
		}
	}
	if len(texts) < 2000 {
		t.Fatalf("only %d texts", len(texts))
	}
	vm := goja.New()
	want := told(t, vm, texts)
	mqjson.Install(vm)
	for i, got := range told(t, vm, texts) {
		if got != want[i] {
			t.Errorf("%q\ngot  %s\nwant %s", texts[i], got, want[i])
		}
	}
}

func TestArgumentsOfParse(t *testing.T) {
	vm := goja.New()
	mqjson.Install(vm)
	for source, want := range map[string]string{
		`JSON.stringify(JSON.parse('{"a":[1,2],"b":{"c":3}}', (k, v) => typeof v === 'number' ? v * 2 : v))`: `{"a":[2,4],"b":{"c":6}}`,
		`JSON.stringify(JSON.parse('{"a":1}', null))`:                                                        `{"a":1}`,
		`JSON.parse(12)`:                                                           `12`,
		`JSON.parse({ toString: () => '"x"' })`:                                    `x`,
		`try { JSON.parse(Symbol()) } catch (e) { e.name }`:                        `TypeError`,
		`try { JSON.parse() } catch (e) { e instanceof SyntaxError && e.message }`: `"undefined" is not valid JSON`,
		`try { JSON.parse('[1,', () => 1) } catch (e) { e.message }`:               `Unexpected end of JSON input`,
		`JSON.parse('"' + '\ud800' + '"').length`:                                  `1`,
		`Object.defineProperty(Object.prototype, 'x', { set() { throw 1 }, configurable: true }); JSON.parse('[{"x":1},{"x":2},{"x":3}]').map(o => o.x).join()`: `1,2,3`,
		`JSON.parse.name + JSON.parse.length`: `parse2`,
	} {
		v, err := vm.RunString(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
		} else if v.String() != want {
			t.Errorf("%s\ngot  %s\nwant %s", source, v, want)
		}
	}
}

//go:embed testdata/stringify.js
var stringifying string

func TestStringifiesAsNode(t *testing.T) {
	const count = 5000
	want := asNode(t, "("+stringifying+")(input)", count)
	vm := goja.New()
	mqjson.Install(vm)
	v, err := vm.RunString(stringifying)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := goja.AssertFunction(v)
	v, err = f(goja.Undefined(), vm.ToValue(count))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := vm.ExportTo(v, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d results, Node has %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("result %d\ngot  %s\nwant %s", i, got[i], want[i])
		}
	}
}

func BenchmarkStringify(b *testing.B) {
	for _, c := range []struct {
		name    string
		install func(*goja.Runtime)
	}{{"engine", func(*goja.Runtime) {}}, {"own", mqjson.Install}} {
		b.Run(c.name, func(b *testing.B) {
			vm := goja.New()
			c.install(vm)
			v, err := vm.RunString(`(n) => {
				for (let i = 0; i < n; i++) JSON.stringify({ id: 'sensor-1', value: 21.5, alarm: false, list: [1, 2], i })
			}`)
			if err != nil {
				b.Fatal(err)
			}
			f, _ := goja.AssertFunction(v)
			b.ReportAllocs()
			b.ResetTimer()
			if _, err := f(goja.Undefined(), vm.ToValue(b.N)); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct {
		name    string
		install func(*goja.Runtime)
	}{{"engine", func(*goja.Runtime) {}}, {"own", mqjson.Install}} {
		b.Run(c.name, func(b *testing.B) {
			vm := goja.New()
			c.install(vm)
			v, err := vm.RunString(`(n) => {
				const text = '{"id":"sensor-1","value":21.5,"unit":"C","at":1700000000000}'
				for (let i = 0; i < n; i++) JSON.parse(text)
			}`)
			if err != nil {
				b.Fatal(err)
			}
			f, _ := goja.AssertFunction(v)
			b.ReportAllocs()
			b.ResetTimer()
			if _, err := f(goja.Undefined(), vm.ToValue(b.N)); err != nil {
				b.Fatal(err)
			}
		})
	}
}
