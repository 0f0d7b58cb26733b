package regexp

import (
	_ "embed" // the table
	"strconv"
	"strings"
	"sync"
)

//go:generate node testdata/properties.js

//go:embed properties.txt
var table string

// last is the last code point.
const last = 0x10ffff

// properties are the ranges of each property as the table has them, by kind and
// name.
var properties = sync.OnceValue(func() map[string]string {
	all := make(map[string]string)
	for line := range strings.Lines(table) {
		head, ranges, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		names := strings.Fields(head)
		for _, name := range names[1:] {
			all[names[0]+" "+name] = ranges
		}
	}
	return all
})

// kinds are the names before the equals sign.
var kinds = map[string]string{
	"General_Category": "gc", "gc": "gc", "Script": "sc", "sc": "sc", "Script_Extensions": "scx", "scx": "scx",
}

// find returns the set for what stands in the braces of \p{…}.
func find(expression string) (s set, ok bool) {
	counts, ok := lookUp(expression)
	at, in := 0, false // the table begins with how many are left out
	for count := range strings.FieldsSeq(counts) {
		n, _ := strconv.ParseInt(count, 36, 32)
		if in {
			s = append(s, span{at, at + int(n) - 1})
		}
		at, in = at+int(n), !in
	}
	return s, ok
}

func lookUp(expression string) (counts string, ok bool) {
	all := properties()
	name, value, valued := strings.Cut(expression, "=")
	if !valued {
		if counts, ok = all["binary "+name]; !ok {
			counts, ok = all["gc "+name]
		}
		return counts, ok
	}
	kind := kinds[name]
	if counts, ok = all[kind+" "+value]; !ok && kind == "scx" {
		counts, ok = all["sc "+value] // a script without extensions
	}
	return counts, ok
}

// classes are the texts that were made, of which there are two for each name.
var classes sync.Map

type classKey struct {
	expression string
	negated    bool
}

// classOf returns what stands for \p{expression}, or \P{expression}, between the
// brackets of a class. ok is false when there is no such property.
func classOf(expression string, negated bool) (class string, ok bool) {
	key := classKey{expression, negated}
	if made, ok := classes.Load(key); ok {
		return made.(string), true
	}
	members, ok := find(expression)
	if !ok {
		return "", false
	}
	if negated {
		members = members.complement()
	}
	class = members.class()
	classes.Store(key, class)
	return class, true
}

func writeEscape(b *strings.Builder, c int) {
	b.WriteString(`\u{` + strconv.FormatInt(int64(c), 16) + "}")
}
