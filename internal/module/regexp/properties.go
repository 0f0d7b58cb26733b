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

// find returns the ranges for what stands in the braces of \p{…}.
func find(expression string) (ranges string, ok bool) {
	all := properties()
	name, value, valued := strings.Cut(expression, "=")
	if !valued {
		if ranges, ok = all["binary "+name]; !ok {
			ranges, ok = all["gc "+name]
		}
		return ranges, ok
	}
	kind := kinds[name]
	if ranges, ok = all[kind+" "+value]; !ok && kind == "scx" {
		ranges, ok = all["sc "+value] // a script without extensions
	}
	return ranges, ok
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
	ranges, ok := find(expression)
	if !ok {
		return "", false
	}
	var b strings.Builder
	at, in := 0, negated // the table begins with how many are left out
	for count := range strings.FieldsSeq(ranges) {
		n, _ := strconv.ParseInt(count, 36, 32)
		if in {
			writeRange(&b, at, at+int(n)-1)
		}
		at, in = at+int(n), !in
	}
	if negated {
		writeRange(&b, at, last)
	}
	classes.Store(key, b.String())
	return b.String(), true
}

func writeRange(b *strings.Builder, from, to int) {
	if from > to {
		return
	}
	writeEscape(b, from)
	if to > from {
		b.WriteByte('-')
		writeEscape(b, to)
	}
}

func writeEscape(b *strings.Builder, c int) {
	b.WriteString(`\u{` + strconv.FormatInt(int64(c), 16) + "}")
}
