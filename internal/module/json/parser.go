package json

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/engine"
)

// parser goes through a text once. A method that returns false has set fault
// and left at where the text went wrong.
type parser struct {
	vm      *goja.Runtime
	define  goja.Callable // Object.defineProperty
	objects *engine.Objects
	keys    keys
	shapes  shapes
	room    int // properties of the object before

	text  string
	ascii bool // the text has no other characters
	at    int
	depth int
	fault string // see message
}

func newParser(vm *goja.Runtime, class *goja.Object) *parser {
	define := engine.Original(class, "defineProperty")
	return &parser{vm: vm, define: define, objects: engine.NewObjects(vm, vm.NewObject().Prototype())}
}

// keys are the names of properties in the order in which they came in the text
// before. A text of the same form has the same ones, which then need not be
// read, nor kept once more.
type keys struct {
	names []unistring.String
	next  int
}

// The bounds of what is kept of a text.
const (
	maxKeys      = 256
	maxKeyLength = 64
)

// guess returns the name that is next, if that is what text goes on with.
func (k *keys) guess(text string) (name unistring.String, ok bool) {
	if k.next == len(k.names) {
		return "", false
	}
	name = k.names[k.next]
	if len(name) >= len(text) || text[len(name)] != '"' || text[:len(name)] != string(name) {
		return "", false
	}
	k.next++
	return name, true
}

// note puts down a name, and returns one that does not hold on to the text.
func (k *keys) note(name string) unistring.String {
	if len(name) > maxKeyLength || k.next == maxKeys {
		return unistring.String(name)
	}
	own := unistring.String(strings.Clone(name))
	k.names = append(k.names[:k.next], own)
	k.next++
	return own
}

func (p *parser) fail(fault string) bool {
	p.fault = fault
	return false
}

// read turns to a text.
func (p *parser) read(text string) {
	p.text, p.ascii, p.at, p.depth, p.fault, p.keys.next, p.shapes.next = text, engine.IsASCII(text), 0, 0, "", 0, 0
}

// Document parses a whole text. It implements engine.Texts.
func (p *parser) Document(text string) (v goja.Value, ok bool) {
	p.read(text)
	v, ok = p.value()
	if !ok {
		return nil, false
	}
	if p.peek(); p.at < len(p.text) {
		return nil, p.fail("Unexpected non-whitespace character after JSON")
	}
	return v, true
}

// peek skips white space and returns the character there, 0 at the end.
func (p *parser) peek() byte {
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

// char returns the character at at, 0 at the end.
func (p *parser) char() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) value() (goja.Value, bool) {
	switch c := p.peek(); c {
	case '{':
		return p.object()
	case '[':
		return p.array()
	case '"':
		start := p.at
		s, lone, ok := p.str()
		switch {
		case !ok:
			return nil, false
		case lone != nil:
			return goja.StringFromUTF16(lone), true
		case p.verbatim(s, start):
			return engine.ASCII(p.own(s)), true
		}
		return p.vm.ToValue(p.own(s)), true
	case 't':
		return p.vm.ToValue(true), p.literal("true")
	case 'f':
		return p.vm.ToValue(false), p.literal("false")
	case 'n':
		return goja.Null(), p.literal("null")
	default:
		if c == '-' || digit(c) {
			return p.number()
		}
		return nil, p.fail(unexpected)
	}
}

// verbatim tells that a string which began at start is ASCII and stands in the
// text as it is.
func (p *parser) verbatim(s string, start int) bool {
	return p.at-start == len(s)+len(`""`) && (p.ascii || engine.IsASCII(s))
}

// own keeps a small part from holding on to a large text.
func (p *parser) own(s string) string {
	if len(p.text) > 1024 {
		return strings.Clone(s)
	}
	return s
}

func (p *parser) literal(word string) bool {
	for i := range len(word) {
		if p.char() != word[i] {
			return p.fail(unexpected)
		}
		p.at++
	}
	return true
}

func (p *parser) enter() bool {
	p.at++
	if p.depth++; p.depth > MaxDepth {
		return p.fail(tooDeep)
	}
	return true
}

func (p *parser) object() (goja.Value, bool) {
	if !p.enter() {
		return nil, false
	}
	if p.peek() == '}' {
		p.at++
		p.depth--
		return p.vm.NewObject(), true
	}
	o := p.begin()
	if !p.members(&o) {
		return nil, false
	}
	o.end()
	p.room = min(o.Len(), 8)
	p.depth--
	return o.Object.Object, true
}

func (p *parser) members(o *building) bool {
	name, colon := "Expected property name or '}' in JSON", "Expected ':' after property name in JSON"
	for {
		if p.peek() != '"' {
			return p.fail(name)
		}
		key, lone, ok := p.key()
		if !ok {
			return false
		}
		if p.peek() != ':' {
			return p.fail(colon)
		}
		p.at++
		v, ok := p.value()
		if !ok {
			return false
		}
		p.set(o, key, lone, v)
		switch p.peek() {
		case ',':
			p.at++
			name, colon = "Expected double-quoted property name in JSON", unexpected
		case '}':
			p.at++
			return true
		default:
			return p.fail("Expected ',' or '}' after property value in JSON")
		}
	}
}

// key parses the name of a property. lone is the name when a Go string cannot
// hold it.
func (p *parser) key() (name unistring.String, lone []uint16, ok bool) {
	if name, ok = p.keys.guess(p.text[p.at+1:]); ok {
		p.at += len(name) + 2
		return name, nil, true
	}
	start := p.at
	s, lone, ok := p.str()
	switch {
	case !ok || lone != nil:
		return "", lone, ok
	case p.verbatim(s, start):
		return p.keys.note(s), nil, true
	}
	return unistring.NewFromString(s), nil, true
}

// set defines a property, so that __proto__ is one like others and no setter
// is called; of a key that repeats the last value stays.
func (p *parser) set(o *building, key unistring.String, lone []uint16, v goja.Value) {
	if lone == nil {
		o.put(key, v)
		return
	}
	o.differs()
	descriptor := p.vm.CreateObject(nil)
	_ = descriptor.Set("value", v)
	for _, flag := range []string{"writable", "enumerable", "configurable"} {
		_ = descriptor.Set(flag, true)
	}
	must(p.define(goja.Undefined(), o.Object.Object, goja.StringFromUTF16(lone), descriptor))
}

func (p *parser) array() (goja.Value, bool) {
	if !p.enter() {
		return nil, false
	}
	var list []any
	if p.peek() == ']' {
		p.at++
	} else {
		var ok bool
		if list, ok = p.elements(); !ok {
			return nil, false
		}
	}
	p.depth--
	return p.vm.NewArray(list...), true
}

func (p *parser) elements() (list []any, ok bool) {
	for {
		v, ok := p.value()
		if !ok {
			return nil, false
		}
		list = append(list, v)
		switch p.peek() {
		case ',':
			p.at++
		case ']':
			p.at++
			return list, true
		default:
			return nil, p.fail("Expected ',' or ']' after array element in JSON")
		}
	}
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func (p *parser) digits() { // zero or more
	for digit(p.char()) {
		p.at++
	}
}

func (p *parser) number() (goja.Value, bool) {
	start := p.at
	whole, ok := p.numeral()
	if !ok {
		return nil, false
	}
	return p.numberOf(p.text[start:p.at], whole), true
}

// numeral goes over a number; whole tells that it has no fraction and no
// exponent.
func (p *parser) numeral() (whole, ok bool) {
	if p.char() == '-' {
		p.at++
	}
	first := p.char()
	if !digit(first) {
		return false, p.fail("No number after minus sign in JSON")
	}
	p.at++
	if first == '0' && digit(p.char()) {
		return false, p.fail("Unexpected number in JSON")
	}
	p.digits()
	whole = true
	if p.char() == '.' {
		p.at++
		if whole = false; !digit(p.char()) {
			return false, p.fail("Unterminated fractional number in JSON")
		}
		p.digits()
	}
	if c := p.char(); c == 'e' || c == 'E' {
		p.at++
		if c := p.char(); c == '+' || c == '-' {
			p.at++
		}
		if whole = false; !digit(p.char()) {
			return false, p.fail("Exponent part is missing a number in JSON")
		}
		p.digits()
	}
	return whole, true
}

func (p *parser) numberOf(s string, whole bool) goja.Value {
	if whole && len(s) < 16 {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && (n != 0 || s[0] != '-') {
			return engine.Int(p.vm, n)
		}
	}
	f, _ := strconv.ParseFloat(s, 64) // out of range is ±Infinity, as ECMAScript has it
	return engine.Float(p.vm, f)
}
