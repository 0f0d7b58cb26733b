package json

import (
	"fmt"
	"unicode/utf16"
)

// unexpected is the fault whose message depends on what stands there.
const unexpected = ""

// context is how many characters a message shows on each side of a fault.
const context = 10

// message says what is wrong in V8's words; positions count UTF-16 units.
func (p *parser) message() string {
	pos := len(utf16.Encode([]rune(p.text[:p.at])))
	switch {
	case p.fault == tooDeep:
		return tooDeep
	case p.fault != unexpected:
		return fmt.Sprintf("%s at position %d", p.fault, pos)
	case p.at == len(p.text):
		return "Unexpected end of JSON input"
	case p.char() == '-' || digit(p.char()):
		return fmt.Sprintf("Unexpected number in JSON at position %d", pos)
	case p.char() == '"':
		return fmt.Sprintf("Unexpected string in JSON at position %d", pos)
	}
	switch p.text {
	case "NaN", "Infinity", "undefined", "[object Object]":
		return `"` + p.text + `" is not valid JSON`
	}
	units := utf16.Encode([]rune(p.text))
	before, after := "", ""
	from, to := 0, len(units)
	if len(units) > 2*context {
		if pos >= context {
			from, before = pos-context, "..."
		}
		if pos < len(units)-context {
			to, after = pos+context, "..."
		}
	}
	return fmt.Sprintf(`Unexpected token '%s', %s"%s"%s is not valid JSON`,
		string(utf16.Decode(units[pos:pos+1])), before, string(utf16.Decode(units[from:to])), after)
}
