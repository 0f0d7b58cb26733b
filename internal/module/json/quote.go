package json

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// text is ToString of a value.
func text(vm *goja.Runtime, v goja.Value) goja.String {
	v = v.ToString() // numbers stay numbers
	if _, isSymbol := v.(*goja.Symbol); isSymbol {
		panic(nodeerr.New(vm, nodeerr.TypeError, "", "Cannot convert a Symbol value to a string"))
	}
	if s, ok := v.(goja.String); ok {
		return s
	}
	return vm.ToValue(v.String()).(goja.String)
}

// nameOf returns a string as the name of a property.
func nameOf(s goja.String) unistring.String {
	text := s.String()
	if !strings.ContainsRune(text, utf8.RuneError) {
		return unistring.NewFromString(text)
	}
	units := make([]uint16, 1, s.Length()+1)
	units[0] = unistring.BOM
	return unistring.FromUtf16(append(units, unitsOf(s)...))
}

// unitsOf returns a string in UTF-16, which may have halves of surrogate pairs.
func unitsOf(s goja.String) []uint16 {
	units := make([]uint16, s.Length())
	for i := range units {
		units[i] = s.CharAt(i)
	}
	return units
}

// appendString appends a string.
func appendString(out []byte, s goja.String) []byte {
	text := s.String()
	if strings.ContainsRune(text, utf8.RuneError) { // perhaps for what UTF-8 cannot hold
		return appendUnits(out, unitsOf(s))
	}
	return appendText(out, text)
}

func appendName(out []byte, name unistring.String) []byte {
	if units := name.AsUtf16(); units != nil {
		return appendUnits(out, units[1:])
	}
	return appendText(out, string(name))
}

func appendText(out []byte, text string) []byte {
	out = append(out, '"')
	from := 0
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			out = appendEscape(append(out, text[from:i]...), c)
			from = i + 1
		}
	}
	return append(append(out, text[from:]...), '"')
}

// appendUnits appends halves of surrogate pairs as escapes.
func appendUnits(out []byte, units []uint16) []byte {
	out = append(out, '"')
	for i := 0; i < len(units); i++ {
		c := rune(units[i])
		switch {
		case c < utf8.RuneSelf && (c < ' ' || c == '"' || c == '\\'):
			out = appendEscape(out, byte(c))
			continue
		case utf16.IsSurrogate(c):
			r := rune(utf8.RuneError)
			if i+1 < len(units) {
				r = utf16.DecodeRune(c, rune(units[i+1]))
			}
			if r == utf8.RuneError {
				out = append(out, '\\', 'u', hexDigits[c>>12], hexDigits[c>>8&15], hexDigits[c>>4&15], hexDigits[c&15])
				continue
			}
			c = r
			i++
		}
		out = utf8.AppendRune(out, c)
	}
	return append(out, '"')
}

const hexDigits = "0123456789abcdef"

// appendEscape appends a character that cannot stand in a string as it is.
func appendEscape(out []byte, c byte) []byte {
	short := byte(0)
	switch c {
	case '"', '\\':
		short = c
	case '\b':
		short = 'b'
	case '\t':
		short = 't'
	case '\n':
		short = 'n'
	case '\f':
		short = 'f'
	case '\r':
		short = 'r'
	}
	if short != 0 {
		return append(out, '\\', short)
	}
	return append(out, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
