package module

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

func TestColumnsOfASourceMapAreShifted(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"AAAA", "CAAC"},
		{"AAAA,IAAM", "CAAC,IAAM"},
		{"AAAA;AACA", "CAAC;CACA"},
		{";;AAAA", ";;CAAC"},
		{"A,IAAA;AACA", "C,IAAC;CACA"},
		{"AAAAA,gCAAgC", "CAACA,gCAAgC"},
		{"!", "!"},
	} {
		if got := shiftColumns(c.in); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}

func TestVLQRoundTrip(t *testing.T) {
	for _, fields := range [][]int{{0}, {1, -1, 15, -15, 16, -16, 31, 32, 1000000, -1000000}} {
		got := decodeVLQ(encodeVLQ(fields))
		if len(got) != len(fields) {
			t.Fatalf("%v became %v", fields, got)
		}
		for i := range got {
			if got[i] != fields[i] {
				t.Errorf("%v became %v", fields, got)
			}
		}
	}
}

func TestCaretKeepsTabs(t *testing.T) {
	e := &SyntaxError{File: "f", Line: 1, Column: 5, Source: "\tab\tc d", Message: "m"}
	if got, want := e.Error(), "f:1:5\n\tab\tc d\n\t  \t^\n\nSyntaxError: m"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSourceMapsOfAFile reads the one that a file names beside itself and no
// other.
func TestSourceMapsOfAFile(t *testing.T) {
	const sourceMap = `{"version":3,"sources":["original.ts"],"names":[],"mappings":"AAEA"}`
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside.map")
	for path, text := range map[string]string{
		filepath.Join(dir, "a.js.map"): sourceMap, outside: sourceMap, filepath.Join(dir, "sub", "in.map"): sourceMap,
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.map")); err != nil {
		t.Fatal(err)
	}
	for named, read := range map[string]bool{
		"a.js.map": true, "./a.js.map": true, filepath.Join(dir, "a.js.map"): true, "file://" + filepath.Join(dir, "a.js.map"): true,
		outside: false, "file://" + outside: false, "link.map": false, "sub/in.map": false, "..": false, "/dev/zero": false,
		"http://localhost/a.map": false, "\x00": false, ".": false, "data:application/json;base64,!": false,
	} {
		path := filepath.Join(dir, "a.js")
		_, err := parser.ParseFile(nil, path, "throw 1\n//# sourceMappingURL="+named, 0, mapsBeside(path))
		if err != nil {
			t.Errorf("%s: %v", named, err)
			continue
		}
		unit, err := compile(path, []byte("throw new Error('x')\n//# sourceMappingURL="+named), false, false)
		if err != nil {
			t.Fatal(err)
		}
		vm := goja.New()
		v, err := vm.RunProgram(unit.program)
		if err != nil {
			t.Fatal(err)
		}
		run, _ := goja.AssertFunction(v)
		_, err = run(goja.Undefined())
		if err == nil || strings.Contains(err.Error(), "original.ts:3") != read {
			t.Errorf("%s: %v", named, err)
		}
	}
}
