package json

import "github.com/mqscript/mqscript/internal/engine"

// Members implements engine.Texts.
func (p *parser) Members(text string, list []engine.Member) (n int, ok bool) {
	p.read(text)
	if !p.ascii || p.peek() != '{' {
		return 0, false
	}
	for p.at++; n < len(list); n++ {
		m, ok := p.member()
		if !ok || p.isNamed(list[:n], text[m.NameFrom:m.NameTo]) {
			return 0, false
		}
		list[n] = m
		switch p.peek() {
		case ',':
			p.at++
		case '}':
			p.at++
			p.peek()
			return n + 1, p.at == len(text)
		default:
			return 0, false
		}
	}
	return 0, false
}

// isNamed tells whether one of the properties has a name.
func (p *parser) isNamed(list []engine.Member, name string) bool {
	for i := range list {
		if p.text[list[i].NameFrom:list[i].NameTo] == name {
			return true
		}
	}
	return false
}

// member goes over a property that is of use for Members.
func (p *parser) member() (m engine.Member, ok bool) {
	if p.peek() != '"' {
		return m, false
	}
	start := p.at
	name, _, ok := p.str()
	if !ok || !p.verbatim(name, start) {
		return m, false
	}
	m.NameFrom, m.NameTo = uint16(start+1), uint16(p.at-1) //nolint:gosec // the text is not that long
	if p.peek() != ':' {
		return m, false
	}
	p.at++
	c := p.peek()
	m.From = uint16(p.at) //nolint:gosec // see above
	ok = p.scalar(c)
	m.To = uint16(p.at) //nolint:gosec // see above
	return m, ok
}

// scalar goes over a value that is neither an object nor an array.
func (p *parser) scalar(first byte) (ok bool) {
	switch first {
	case '"':
		_, _, ok = p.str()
	case 't':
		ok = p.literal("true")
	case 'f':
		ok = p.literal("false")
	case 'n':
		ok = p.literal("null")
	default:
		if first == '-' || digit(first) {
			_, ok = p.numeral()
		}
	}
	return ok
}
