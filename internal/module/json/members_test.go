package json

import (
	"strings"
	"testing"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
)

// What Members finds is what Document finds, and it finds it wherever it says
// that it does.
func TestMembers(t *testing.T) {
	vm := goja.New()
	p := newParser(vm, vm.Get("Object").(*goja.Object))
	values := []string{
		"1", "-0", "0", "25.5", "1e3", "1E-2", "-1.5e+10", "1e999", "123456789012345678901", "true", "false", "null", `""`, `"text"`, `"a\n\u00e4\ud800"`, // JSON
		"", "01", "1.", ".5", "+1", "-", "1e", "tru", "truex", "nul", `"`, "\"\n\"", `"\x"`, "{}", "[]", `"ä"`, "undefined", "NaN", "1 2", "'a'",
	}
	found := 0
	for _, first := range values {
		for _, second := range values {
			for _, text := range []string{`{"a":` + first + `,"b":` + second + `}`, " {\t\"a\" :\n" + first + " ,\r\"b\": " + second + " } ", `{"a":` + first + `,"b":` + second, `{"a":` + first + `,"a":` + second + `}`} {
				var list [8]engine.Member
				n, ok := p.Members(text, list[:])
				if !ok {
					continue
				}
				found++
				v, isJSON := p.Document(text)
				if !isJSON || n != 2 {
					t.Fatalf("%s has %d members", text, n)
				}
				for _, m := range list[:n] {
					part, ok := p.Document(text[m.From:m.To])
					if whole := v.(*goja.Object).Get(text[m.NameFrom:m.NameTo]); !ok || !part.SameAs(whole) {
						t.Errorf("%s has %v, want %v", text, part, whole)
					}
				}
			}
		}
	}
	if want := 15 * 15 * 2; found != want {
		t.Errorf("%d texts have members, want %d", found, want)
	}
}

func TestMembersThatAreNone(t *testing.T) {
	vm := goja.New()
	p := newParser(vm, vm.Get("Object").(*goja.Object))
	for _, text := range []string{
		"", "1", "[1]", "{}", "null", `{"a":1}x`, `{"a":1,}`, `{"\u0061":1}`, `{"ä":1}`, `{"a"}`, `{"a",1}`, `{a:1}`, `{"a":1;"b":2}`, `{"a":1"b":2}`, `{,"a":1}`, `{"a":{"b":1}}`,
		`{"a":1,"b":1,"c":1}`, `{"a` + "\n" + `":1}`, `{"a":1} {"b":1}`, strings.Repeat(`{"a":`, 3) + "1}}}",
	} {
		if n, ok := p.Members(text, make([]engine.Member, 2)); ok {
			t.Errorf("%s has %d members", text, n)
		}
	}
}
