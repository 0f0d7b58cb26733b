package regexp

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The flag v lets classes have classes in them, and operations on these, such as
// [\p{L}--[a-z]] and [\w&&\p{Lu}]. They are worked out here; the engine gets the
// ranges that come out, and the flag u.

const (
	// maxNested bounds how deep classes may be in classes.
	maxNested = 100
	// maxSpans bounds the ranges that the operations of a pattern work on.
	maxSpans = 1 << 18
)

const (
	tooLarge         = "Regular expression too large"
	invalidOperation = "Invalid set operation in character class"
)

// setClass replaces a class of a pattern with the flag v.
func (w *rewriter) setClass() {
	if members := w.members(0); w.reason == "" {
		w.writeRanges(members.class(), false)
	}
}

// members reads a class, brackets included.
func (w *rewriter) members(depth int) set {
	w.rest = w.rest[1:]
	negated := strings.HasPrefix(w.rest, "^")
	if negated {
		w.rest = w.rest[1:]
	}
	var all set
	var union []span
	operation := "" // of the operands after the first
	for n := 0; w.reason == "" && !strings.HasPrefix(w.rest, "]"); n++ {
		operator := ""
		if n > 0 {
			operator = w.operator()
		}
		next, isRange := w.operand(depth)
		w.spans += len(next)
		if operator != "" {
			w.spans += len(all)
		}
		switch {
		case w.reason != "":
		case w.spans > maxSpans:
			w.reason = tooLarge
		case n > 1 && operator != operation || isRange && operator != "":
			w.reason = invalidOperation
		case operator == "--":
			all = all.without(next)
		case operator == "&&":
			all = all.and(next)
		case n == 0 && !isRange:
			all = next
		default:
			union = append(union, next...)
		}
		if n <= 1 {
			operation = operator
		}
		if isRange && w.operator() != "" {
			w.reason = invalidOperation
		}
	}
	if w.reason != "" {
		return nil
	}
	w.rest = w.rest[1:]
	all = all.with(union)
	if negated {
		return all.complement()
	}
	return all
}

// operator reads what may stand between two operands.
func (w *rewriter) operator() string {
	for _, operator := range []string{"--", "&&"} {
		if strings.HasPrefix(w.rest, operator) {
			w.rest = w.rest[len(operator):]
			return operator
		}
	}
	return ""
}

// operand reads a character, a range or a class.
func (w *rewriter) operand(depth int) (members set, isRange bool) {
	switch {
	case w.reason != "":
		return nil, false
	case w.rest == "":
		w.reason = "Unterminated character class"
		return nil, false
	case w.rest[0] == '[' && depth >= maxNested:
		w.reason = tooLarge
		return nil, false
	case w.rest[0] == '[':
		return w.members(depth + 1), false
	case strings.HasPrefix(w.rest, `\q{`):
		return w.folded(w.alternatives()), false
	case len(w.rest) > 1 && w.rest[0] == '\\':
		kind := w.rest[1]
		if kind == 'p' || kind == 'P' {
			return w.propertySet(), false
		}
		if short, ok := shorthands[kind]; ok {
			w.rest = w.rest[2:]
			return w.folded(short), false
		}
	}
	w.mustBePlain()
	from := w.character()
	to := from
	if isRange = strings.HasPrefix(w.rest, "-") && !strings.HasPrefix(w.rest, "--"); isRange {
		w.rest = w.rest[1:]
		w.mustBePlain()
		if to = w.character(); to < from && w.reason == "" {
			w.reason = "Range out of order in character class"
		}
	}
	return w.folded(set{{from, to}}), isRange
}

func (w *rewriter) folded(s set) set {
	if !w.fold {
		return s
	}
	w.spans += 16 // for what it takes
	return s.folded()
}

// propertySet reads \p{…} or \P{…}.
func (w *rewriter) propertySet() set {
	negated := w.rest[1] == 'P'
	name, rest, ok := strings.Cut(w.rest[2:], "}")
	name, braced := strings.CutPrefix(name, "{")
	members, known := find(name)
	if !ok || !braced || !known {
		w.reason = "Invalid property name in character class"
		return nil
	}
	w.rest = rest
	if members = w.folded(members); negated {
		return members.complement()
	}
	return members
}

// alternatives reads \q{a|b}. More than one character in a row cannot be in a
// class of the engine.
func (w *rewriter) alternatives() set {
	w.rest = w.rest[len(`\q{`):]
	var all []span
	for w.rest != "" && w.rest[0] != '}' && w.rest[0] != '|' {
		c := w.character()
		all = append(all, span{c, c})
		if rest, more := strings.CutPrefix(w.rest, "|"); more {
			w.rest = rest
			continue
		}
		if rest, ends := strings.CutPrefix(w.rest, "}"); ends && w.reason == "" {
			w.rest = rest
			return setOf(all)
		}
		break
	}
	if w.reason == "" {
		w.reason = `\q{…} with strings of no or several characters is not supported`
	}
	return nil
}

// mustBePlain sees to it that what comes may stand in a class as it is.
func (w *rewriter) mustBePlain() {
	switch {
	case w.reason != "":
	case w.rest == "":
		w.reason = "Unterminated character class"
	case strings.IndexByte("()[]{}/-|", w.rest[0]) >= 0:
		w.reason = "Invalid character in character class"
	case len(w.rest) > 1 && w.rest[0] == w.rest[1] && strings.IndexByte("&!#$%*+,.:;<=>?@^`~", w.rest[0]) >= 0:
		w.reason = invalidOperation
	}
}

// controls are the letters that stand for control characters.
var controls = map[byte]int{'0': 0, 'b': '\b', 't': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r'}

// character reads one character, which may be written with a backslash.
func (w *rewriter) character() int {
	if w.reason != "" || w.rest == "" {
		return 0
	}
	if w.rest[0] != '\\' {
		c, size := utf8.DecodeRuneInString(w.rest)
		w.rest = w.rest[size:]
		return int(c)
	}
	if len(w.rest) < 2 {
		w.reason = `\ at end of pattern`
		return 0
	}
	kind := w.rest[1]
	w.rest = w.rest[2:]
	c, isControl := controls[kind]
	switch {
	case kind == '0' && w.rest != "" && w.rest[0] >= '0' && w.rest[0] <= '9':
		w.reason = "Invalid class escape"
	case isControl:
		return c
	case kind == 'x':
		return w.hex(2)
	case kind == 'u':
		return w.unicodeEscape()
	case kind == 'c' && w.rest != "" && (w.rest[0]|0x20) >= 'a' && (w.rest[0]|0x20) <= 'z':
		c = int(w.rest[0] & 0x1f)
		w.rest = w.rest[1:]
		return c
	case strings.IndexByte("^$\\.*+?()[]{}|/-&!#%,:;<=>@`~", kind) >= 0:
		return int(kind)
	default:
		w.reason = "Invalid escape"
	}
	return 0
}

// unicodeEscape reads what follows \u: \u{…} or four digits, twice for the
// halves of a pair.
func (w *rewriter) unicodeEscape() int {
	if digits, rest, ok := strings.Cut(w.rest, "}"); ok && strings.HasPrefix(digits, "{") {
		w.rest = rest
		c, err := strconv.ParseUint(digits[1:], 16, 32)
		if err != nil || c > last {
			w.reason = "Invalid Unicode escape"
		}
		return int(c)
	}
	c := w.hex(4)
	if second, ok := strings.CutPrefix(w.rest, `\u`); ok && len(second) >= 4 {
		if low, err := strconv.ParseUint(second[:4], 16, 32); err == nil {
			if whole := utf16.DecodeRune(rune(c), rune(low)); whole != utf8.RuneError {
				w.rest = second[4:]
				return int(whole)
			}
		}
	}
	return c
}

func (w *rewriter) hex(digits int) int {
	if len(w.rest) >= digits {
		if c, err := strconv.ParseUint(w.rest[:digits], 16, 32); err == nil {
			w.rest = w.rest[digits:]
			return int(c)
		}
	}
	w.reason = "Invalid Unicode escape"
	if digits == 2 {
		w.reason = "Invalid escape"
	}
	return 0
}
