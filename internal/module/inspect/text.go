package inspect

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"
)

var identifier = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z_0-9]*$`)

// quote writes a string in the quotes that need no escaping: single ones
// first, then double ones, then backquotes.
func quote(s goja.String) string {
	plain := s.String()
	mark := byte('\'')
	if strings.Contains(plain, "'") {
		switch {
		case !strings.Contains(plain, `"`):
			mark = '"'
		case !strings.Contains(plain, "`") && !strings.Contains(plain, "${"):
			mark = '`'
		}
	}
	var b strings.Builder
	b.Grow(len(plain) + 2)
	b.WriteByte(mark)
	escapeInto(&b, s, mark)
	b.WriteByte(mark)
	return b.String()
}

func escapeInto(b *strings.Builder, s goja.String, mark byte) {
	for i := 0; i < s.Length(); i++ {
		c := rune(s.CharAt(i))
		switch {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\b':
			b.WriteString(`\b`)
		case c == '\f':
			b.WriteString(`\f`)
		case c == '\v':
			b.WriteString(`\v`)
		case c == '\\':
			b.WriteString(`\\`)
		case c == rune(mark):
			b.WriteByte('\\')
			b.WriteByte(mark)
		case c < 0x20 || c >= 0x7f && c <= 0x9f:
			fmt.Fprintf(b, `\x%02X`, c)
		case utf16.IsSurrogate(c):
			if i+1 < s.Length() {
				if r := utf16.DecodeRune(c, rune(s.CharAt(i+1))); r != utf8.RuneError {
					b.WriteRune(r)
					i++
					continue
				}
			}
			fmt.Fprintf(b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
}

// units is the length of a text as JavaScript counts it.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// Width is the number of columns that a text takes on a terminal.
func Width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case zeroWidth(r):
		case fullWidth(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

func zeroWidth(r rune) bool {
	return r <= 0x1f || r >= 0x7f && r <= 0x9f || r >= 0x300 && r <= 0x36f ||
		r >= 0x200b && r <= 0x200f || r >= 0x20d0 && r <= 0x20ff ||
		r >= 0xfe00 && r <= 0xfe0f || r >= 0xfe20 && r <= 0xfe2f || r >= 0xe0100 && r <= 0xe01ef
}

func fullWidth(r rune) bool {
	return r >= 0x1100 && (r <= 0x115f || r == 0x2329 || r == 0x232a ||
		r >= 0x2e80 && r <= 0x3247 && r != 0x303f || r >= 0x3250 && r <= 0x4dbf || r >= 0x4e00 && r <= 0xa4c6 ||
		r >= 0xa960 && r <= 0xa97c || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe10 && r <= 0xfe19 || r >= 0xfe30 && r <= 0xfe6b || r >= 0xff01 && r <= 0xff60 ||
		r >= 0xffe0 && r <= 0xffe6 || r >= 0x1b000 && r <= 0x1b001 || r >= 0x1f200 && r <= 0x1f251 ||
		r >= 0x1f300 && r <= 0x1f64f || r >= 0x1f900 && r <= 0x1f9ff || r >= 0x20000 && r <= 0x3fffd)
}
