package module

import "testing"

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
