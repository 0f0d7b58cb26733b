package regexp

import (
	"sort"
	"strings"
	"sync"
	"unicode"
)

// span is a range of code points, both ends included.
type span struct{ from, to int }

// set is code points: spans in order that do not touch.
type set []span

// setOf puts spans in order.
func setOf(spans []span) set {
	sort.Slice(spans, func(i, j int) bool { return spans[i].from < spans[j].from })
	var s set
	for _, next := range spans {
		if n := len(s); n > 0 && next.from <= s[n-1].to+1 {
			s[n-1].to = max(s[n-1].to, next.to)
		} else {
			s = append(s, next)
		}
	}
	return s
}

func (s set) with(other set) set { return setOf(append(append([]span(nil), s...), other...)) }

func (s set) complement() set {
	var others set
	at := 0
	for _, one := range s {
		if at < one.from {
			others = append(others, span{at, one.from - 1})
		}
		at = one.to + 1
	}
	if at <= last {
		others = append(others, span{at, last})
	}
	return others
}

func (s set) and(other set) set { return s.complement().with(other.complement()).complement() }

func (s set) without(other set) set { return s.and(other.complement()) }

// classes of characters with an escape of their own.
var (
	digits = set{{'0', '9'}}
	words  = setOf([]span{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}})
	spaces = setOf([]span{
		{'\t', '\r'},
		{' ', ' '},
		{0xa0, 0xa0},
		{0x1680, 0x1680},
		{0x2000, 0x200a},
		{0x2028, 0x2029},
		{0x202f, 0x202f},
		{0x205f, 0x205f},
		{0x3000, 0x3000},
		{0xfeff, 0xfeff},
	})
	shorthands = map[byte]set{
		'd': digits, 'D': digits.complement(), 'w': words, 'W': words.complement(), 's': spaces, 'S': spaces.complement(),
	}
)

// folding are the code points that a regular expression with the flag i takes
// for others.
var folding = sync.OnceValue(func() (all []rune) {
	for c := rune(0); c <= 0x1ffff; c++ {
		if unicode.SimpleFold(c) != c {
			all = append(all, c)
		}
	}
	return all
})

// folded is a set with all that the flag i takes for what is in it.
func (s set) folded() set {
	var more []span
	if len(s) == 1 && s[0].from == s[0].to {
		return s.with(others(rune(s[0].from), nil))
	}
	i := 0
	for _, c := range folding() {
		for i < len(s) && s[i].to < int(c) {
			i++
		}
		if i == len(s) {
			break
		}
		if s[i].from > int(c) {
			continue
		}
		more = others(c, more)
	}
	return s.with(more)
}

// others adds what the flag i takes for a code point.
func others(c rune, spans []span) []span {
	for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
		spans = append(spans, span{int(other), int(other)})
	}
	return spans
}

// class is what stands for a set between the brackets of a class.
func (s set) class() string {
	var b strings.Builder
	for _, one := range s {
		writeEscape(&b, one.from)
		if one.to > one.from {
			b.WriteByte('-')
			writeEscape(&b, one.to)
		}
	}
	return b.String()
}
