package json_test

import (
	"testing"

	"github.com/dop251/goja"

	mqjson "github.com/mqscript/mqscript/internal/module/json"
)

// TestParsesTheSameAfterAnything parses texts behind each other whose objects
// are nearly of the same shape.
func TestParsesTheSameAfterAnything(t *testing.T) {
	texts := []string{
		`{}`, `{"a":1}`, `{"a":1,"b":2}`, `{"b":1,"a":2}`, `{"a":1,"b":2,"c":3}`, `{"a":1,"b":2,"c":3,"d":4}`, `{"a":1,"a":2}`, `{"a":1,"b":2,"a":3}`,
		`{"a":{"a":1},"b":{"b":2}}`, `{"a":{"b":1},"b":{"a":2}}`, `{"a":{},"b":{"a":{"b":3}}}`, `[{"a":1},{"a":2},{"b":3}]`, `[{"b":1},{"a":2,"b":3}]`,
		`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8}`, `{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9}`,
		`{"1":1,"0":2}`, `{"0":1,"1":2}`, `{"\ud83d":1,"a":2}`, `{"a":1,"\ud83d":2,"b":3}`, `{"a":1,"\ud83d":2,"\ud83d":3}`, `{"\u0061":1,"b":2}`,
		`{"__proto__":1,"a":2}`, `{"__proto__":{"a":1}}`, `{"ü":1,"b":2}`, `{"a":1,"b":}`, `{"a":1,"b":2`, `[[{"a":[{"b":1}]}],{"a":{"b":{"a":1}}}]`,
		`[{"a":0},{"a":1},{"a":2},{"a":3},{"a":4},{"a":5},{"a":6},{"a":7},{"a":8},{"a":9},{"a":0},{"a":1},{"a":2},{"a":3},{"a":4},{"b":5},{"a":6},{"a":7,"b":8},{"b":9}]`,
	}
	alone := make([]string, len(texts))
	for i, text := range texts {
		vm := goja.New()
		mqjson.Install(vm)
		alone[i] = told(t, vm, []string{text})[0]
	}
	vm := goja.New()
	mqjson.Install(vm)
	for i := range texts {
		for k := range texts {
			got := told(t, vm, []string{texts[i], texts[i], texts[k]})
			for at, want := range []int{i, i, k} {
				if got[at] != alone[want] {
					t.Errorf("%s after others\ngot  %s\nwant %s", texts[want], got[at], alone[want])
				}
			}
		}
	}
}
