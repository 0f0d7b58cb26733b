package buffer

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
)

// Encoding is one of the encodings between strings and bytes.
type Encoding byte

// The encodings of Node.
const (
	UTF8 Encoding = iota + 1
	Hex
	Base64
	Base64URL
	Latin1
	ASCII
	UTF16LE
)

var encodings = map[string]Encoding{
	"utf8": UTF8, "utf-8": UTF8, "hex": Hex, "base64": Base64, "base64url": Base64URL,
	"latin1": Latin1, "binary": Latin1, "ascii": ASCII,
	"ucs2": UTF16LE, "ucs-2": UTF16LE, "utf16le": UTF16LE, "utf-16le": UTF16LE,
}

// EncodingOf returns the encoding with that name in any case, 0 when there is
// none.
func EncodingOf(name string) Encoding {
	if e := encodings[name]; e != 0 {
		return e
	}
	return encodings[strings.ToLower(name)]
}

// Decode returns the bytes that the string stands for.
func (e Encoding) Decode(s goja.String) []byte {
	switch e {
	case Hex:
		return decodeHex(s.String())
	case Base64, Base64URL:
		return decodeBase64(s.String())
	case Latin1, ASCII:
		out := make([]byte, s.Length())
		for i := range out {
			out[i] = byte(s.CharAt(i))
		}
		return out
	case UTF16LE:
		out := make([]byte, 0, 2*s.Length())
		for i := range s.Length() {
			c := s.CharAt(i)
			out = append(out, byte(c), byte(c>>8))
		}
		return out
	}
	return []byte(s.String())
}

// Encode returns the bytes as a string.
func (e Encoding) Encode(vm *goja.Runtime, b []byte) goja.Value {
	switch e {
	case Hex:
		return engine.ASCII(hex.EncodeToString(b))
	case Base64:
		return engine.ASCII(base64.StdEncoding.EncodeToString(b))
	case Base64URL:
		return engine.ASCII(base64.RawURLEncoding.EncodeToString(b))
	case Latin1:
		return chars(b, 0xff)
	case ASCII:
		return chars(b, 0x7f)
	case UTF16LE:
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
		}
		return goja.StringFromUTF16(units)
	}
	if engine.IsASCII(b) {
		return engine.ASCIIOf(b)
	}
	return vm.ToValue(DecodeUTF8(b))
}

func chars(b []byte, mask byte) goja.Value {
	units := make([]uint16, len(b))
	for i, c := range b {
		units[i] = uint16(c & mask)
	}
	return goja.StringFromUTF16(units)
}

// decodeHex stops at the first pair that is no hexadecimal number.
func decodeHex(s string) []byte {
	out := make([]byte, len(s)/2)
	n, _ := hex.Decode(out, []byte(s[:len(s)&^1]))
	return out[:n]
}

// decodeBase64 takes both alphabets, skips what belongs to neither and stops
// at the padding.
func decodeBase64(s string) []byte {
	out := make([]byte, 0, len(s)*3/4)
	var acc, bits uint
	for i := range len(s) {
		if s[i] == '=' {
			break
		}
		v := sextet(s[i])
		if v < 0 {
			continue
		}
		acc = acc<<6 | uint(v)
		if bits += 6; bits >= 8 {
			bits -= 8
			out = append(out, byte(acc>>bits))
		}
	}
	return out
}

func sextet(c byte) int {
	switch {
	case 'A' <= c && c <= 'Z':
		return int(c - 'A')
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 26
	case '0' <= c && c <= '9':
		return int(c-'0') + 52
	case c == '+' || c == '-':
		return 62
	case c == '/' || c == '_':
		return 63
	}
	return -1
}

// DecodeUTF8 returns b as valid UTF-8. Each longest beginning of a sequence
// that does not go on becomes one U+FFFD, as the Encoding Standard has it.
func DecodeUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	out.Grow(len(b) + 8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n <= 1 {
			n = max(beginning(b), 1)
		}
		out.WriteRune(r)
		b = b[n:]
	}
	return out.String()
}

// beginning returns the length of the longest prefix of b that begins a valid
// sequence.
func beginning(b []byte) int {
	low, high, need := byte(0x80), byte(0xBF), 0
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		need = 1
	case c >= 0xE0 && c <= 0xEF:
		need = 2
		if c == 0xE0 {
			low = 0xA0
		} else if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		need = 3
		if c == 0xF0 {
			low = 0x90
		} else if c == 0xF4 {
			high = 0x8F
		}
	}
	n := 1
	for n <= need && n < len(b) && b[n] >= low && b[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}

// byteLength returns how many bytes Decode would give, without decoding where
// that is cheap.
func (e Encoding) byteLength(s goja.String) int {
	switch e {
	case Latin1, ASCII:
		return s.Length()
	case UTF16LE:
		return 2 * s.Length()
	case Hex:
		return s.Length() / 2
	case Base64, Base64URL:
		text := strings.TrimRight(s.String(), "=")
		return len(text) * 3 / 4
	}
	n := 0
	for i := 0; i < s.Length(); i++ {
		c := rune(s.CharAt(i))
		switch {
		case c < 0x80:
			n++
		case c < 0x800:
			n += 2
		case utf16.IsSurrogate(c) && i+1 < s.Length() &&
			utf16.DecodeRune(c, rune(s.CharAt(i+1))) != utf8.RuneError:
			n += 4
			i++
		default:
			n += 3
		}
	}
	return n
}
