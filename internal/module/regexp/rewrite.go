package regexp

import "strings"

// syntaxError is a pattern that is wrong.
type syntaxError struct {
	written
	reason string
}

func (e *syntaxError) Error() string {
	return "Invalid regular expression: /" + e.pattern + "/" + e.flags + ": " + e.reason
}

// NeedsRewriting tells whether the engine would not understand a pattern with
// some flags: because of the properties in it, or of the flag v.
func NeedsRewriting(pattern, flags string) bool {
	return strings.Contains(flags, "v") || Names(pattern) && strings.Contains(flags, "u")
}

// Names tells whether text may name a property in a regular expression.
func Names(text string) bool { return strings.Contains(text, `\p`) || strings.Contains(text, `\P`) }

// Check returns what is wrong with the properties and classes of a pattern for
// which NeedsRewriting is true, as an error with Node's message.
func Check(pattern, flags string) error {
	_, err := rewrite(pattern, flags)
	return err
}

// rewrite returns a pattern with properties and sets as the ranges that they
// stand for.
func rewrite(pattern, flags string) (string, error) {
	w := &rewriter{rest: pattern, sets: strings.Contains(flags, "v"), fold: strings.Contains(flags, "i")}
	for w.rest != "" && w.reason == "" {
		switch w.rest[0] {
		case '\\':
			w.escape(false)
		case '[':
			if w.sets {
				w.setClass()
			} else {
				w.class()
			}
		default:
			w.copy(1)
		}
	}
	if w.reason != "" {
		return "", &syntaxError{written{pattern, flags}, w.reason}
	}
	return string(w.out), nil
}

// maxRewritten bounds what a pattern may become, in bytes: a property of six
// letters may stand for thousands.
const maxRewritten = 4 << 20

// rewriter goes through a pattern once.
type rewriter struct {
	rest   string // what it has not looked at
	out    []byte
	reason string // why the pattern is wrong
	sets   bool   // the flag v
	fold   bool   // the flag i
	spans  int    // that operations have worked on
}

func (w *rewriter) copy(n int) {
	n = min(n, len(w.rest))
	w.out = append(w.out, w.rest[:n]...)
	w.rest = w.rest[n:]
}

// escape passes what begins with a backslash, and tells whether it stands for a
// class of characters.
func (w *rewriter) escape(inClass bool) (isClass bool) {
	if len(w.rest) < 2 {
		w.copy(1)
		return false
	}
	switch kind := w.rest[1]; kind {
	case 'p', 'P':
		w.property(kind == 'P', inClass)
		return true
	case 'd', 'D', 's', 'S', 'w', 'W':
		isClass = true
	}
	w.copy(2)
	return isClass
}

// property writes the ranges of \p{…} or \P{…}.
func (w *rewriter) property(negated, inClass bool) {
	if w.sets {
		if members := w.propertySet(); w.reason == "" {
			w.writeRanges(members.class(), false)
		} else {
			w.reason = "Invalid property name"
		}
		return
	}
	name, rest, ok := strings.Cut(strings.TrimPrefix(w.rest[2:], "{"), "}")
	if ok = ok && w.rest[2] == '{'; ok {
		var ranges string
		if ranges, ok = classOf(name, negated); ok {
			w.writeRanges(ranges, inClass)
			w.rest = rest
			return
		}
	}
	w.reason = "Invalid property name"
	if inClass {
		w.reason = "Invalid property name in character class"
	}
}

// nothing is a class without characters, which the engine gets wrong as [].
const nothing = `[^\u{0}-\u{10ffff}]`

func (w *rewriter) writeRanges(ranges string, inClass bool) {
	switch {
	case len(w.out)+len(ranges) > maxRewritten:
		w.reason = tooLarge
	case inClass:
		w.out = append(w.out, ranges...)
	case ranges == "":
		w.out = append(w.out, nothing...)
	default:
		w.out = append(append(append(w.out, '['), ranges...), ']')
	}
}

// class passes what stands in brackets.
func (w *rewriter) class() {
	start := len(w.out)
	w.copy(1)
	negated := strings.HasPrefix(w.rest, "^")
	if negated {
		w.copy(1)
	}
	empty := len(w.out)
	for w.rest != "" && w.rest[0] != ']' && w.reason == "" {
		isClass := w.atom()
		if len(w.rest) < 2 || w.rest[0] != '-' || w.rest[1] == ']' {
			continue
		}
		w.copy(1)
		if (w.atom() || isClass) && w.reason == "" {
			w.reason = "Invalid character class"
		}
	}
	if w.rest == "" || w.reason != "" {
		return
	}
	w.rest = w.rest[1:]
	switch {
	case len(w.out) > empty:
		w.out = append(w.out, ']')
	case negated:
		w.out = append(w.out[:start], `[\u{0}-\u{10ffff}]`...)
	default:
		w.out = append(w.out[:start], nothing...)
	}
}

// atom passes one member of a class.
func (w *rewriter) atom() (isClass bool) {
	if strings.HasPrefix(w.rest, `\`) {
		return w.escape(true)
	}
	w.copy(1)
	return false
}
