package json

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str parses a string. lone is the string in UTF-16 when it has half a
// surrogate pair, which UTF-8 cannot hold.
func (p *parser) str() (s string, lone []uint16, ok bool) {
	p.at++
	start := p.at
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			s = p.text[start:p.at]
			p.at++
			return s, nil, true
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", nil, p.fail("Bad control character in string literal in JSON")
		}
		p.at++
	}
	return "", nil, p.fail("Unterminated string in JSON")
}

// escaped parses a string that began at start and has an escape at at.
func (p *parser) escaped(start int) (s string, lone []uint16, ok bool) {
	units := utf16.Encode([]rune(p.text[start:p.at]))
	for p.at < len(p.text) {
		c, size := utf8.DecodeRuneInString(p.text[p.at:])
		switch {
		case c == '"':
			p.at++
			if loneSurrogate(units) {
				return "", units, true
			}
			return string(utf16.Decode(units)), nil, true
		case c < ' ':
			return "", nil, p.fail("Bad control character in string literal in JSON")
		case c != '\\':
			units = utf16.AppendRune(units, c)
			p.at += size
		default:
			p.at++
			unit, ok := p.escape()
			if !ok {
				return "", nil, false
			}
			units = append(units, unit)
		}
	}
	return "", nil, p.fail("Unterminated string in JSON")
}

// escape parses what stands behind a backslash.
func (p *parser) escape() (unit uint16, ok bool) {
	if p.at == len(p.text) {
		return 0, p.fail(unexpected)
	}
	c := p.text[p.at]
	if c == 'u' {
		return p.hex()
	}
	i := strings.IndexByte(`"\/bfnrt`, c)
	if i < 0 {
		if r, _ := utf8.DecodeRuneInString(p.text[p.at:]); r > 0xFF {
			return 0, p.fail(unexpected)
		}
		return 0, p.fail("Bad escaped character in JSON")
	}
	p.at++
	return uint16("\"\\/\b\f\n\r\t"[i]), true
}

func (p *parser) hex() (unit uint16, ok bool) {
	p.at++
	for range 4 {
		n, err := strconv.ParseUint(string(p.char()), 16, 8)
		if err != nil {
			return 0, p.fail("Bad Unicode escape in JSON")
		}
		unit = unit<<4 | uint16(n)
		p.at++
	}
	return unit, true
}

func loneSurrogate(units []uint16) bool {
	for i := 0; i < len(units); i++ {
		c := rune(units[i])
		if !utf16.IsSurrogate(c) {
			continue
		}
		if i+1 == len(units) || utf16.DecodeRune(c, rune(units[i+1])) == utf8.RuneError {
			return true
		}
		i++
	}
	return false
}
