package packet

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// wireBytes reads bytes as the tables here write them: hexadecimal digits,
// text in single quotes, and lengths that count themselves: [00 'a'] is what
// is in the brackets with its length as a variable byte integer in front,
// 02 00 61, and {'ab'} with two bytes of length, 00 02 61 62.
func wireBytes(t testing.TB, s string) []byte {
	t.Helper()
	b, rest, err := parseWire(s, 0)
	if err != nil || rest != "" {
		t.Fatalf("the table's bytes %q cannot be read: %q is left, %v", s, rest, err)
	}
	return b
}

// parseWire reads up to the closing bracket, or to the end when that is 0.
func parseWire(s string, closing byte) (out []byte, rest string, err error) {
	for {
		s = strings.TrimLeft(s, " \n\t")
		switch {
		case s == "" && closing == 0:
			return out, "", nil
		case s == "":
			return nil, "", fmt.Errorf("%c is missing", closing)
		case s[0] == closing:
			return out, s[1:], nil
		case s[0] == '\'':
			text, after, _ := strings.Cut(s[1:], "'")
			out, s = append(out, text...), after
		case s[0] == '[' || s[0] == '{':
			opening := s[0]
			var inner []byte
			if inner, s, err = parseWire(s[1:], opening+2); err != nil { // ']' and '}' in ASCII
				return nil, "", err
			}
			if opening == '[' {
				out = append(appendVarint(out, len(inner)), inner...)
			} else {
				out = append(out, byte(len(inner)>>8), byte(len(inner)))
				out = append(out, inner...)
			}
		default:
			if len(s) < 2 {
				return nil, "", fmt.Errorf("half a byte: %q", s)
			}
			b, err := hex.DecodeString(s[:2])
			if err != nil {
				return nil, "", err
			}
			out, s = append(out, b...), s[2:]
		}
	}
}
