package regexp

import (
	"strings"
	"testing"
	"unicode"
)

// differ counts the characters, of those that Go knows, that are in a set and
// not in a table of Go, or the other way round.
func differ(members set, table *unicode.RangeTable) (n int) {
	for c := range last + 1 {
		for len(members) > 0 && members[0].to < c {
			members = members[1:]
		}
		is := len(members) > 0 && members[0].from <= c
		if is != unicode.Is(table, rune(c)) && !unicode.In(rune(c), unicode.Cn, unicode.Cs) {
			n++
		}
	}
	return n
}

// TestPropertiesAreThoseOfUnicode compares with Go's tables, which are of
// another version of Unicode: a few characters have changed in between.
func TestPropertiesAreThoseOfUnicode(t *testing.T) {
	for expression, table := range map[string]*unicode.RangeTable{
		"L": unicode.L, "gc=Lu": unicode.Lu, "General_Category=Decimal_Number": unicode.Nd, "P": unicode.P, "Zs": unicode.Zs,
		"Script=Greek": unicode.Greek, "sc=Cyrl": unicode.Cyrillic, "sc=Han": unicode.Han, "White_Space": unicode.White_Space,
		"space": unicode.White_Space, "Hex_Digit": unicode.Hex_Digit, "Dash": unicode.Dash, "Ideographic": unicode.Ideographic,
		"Diacritic": unicode.Diacritic, "ASCII_Hex_Digit": unicode.ASCII_Hex_Digit,
	} {
		members, ok := find(expression)
		if !ok {
			t.Errorf("%s is not known", expression)
			continue
		}
		if n := differ(members, table); n > 64 {
			t.Errorf("%s differs for %d characters", expression, n)
		}
		if others := members.complement(); len(others.and(members)) > 0 || len(others.with(members)) != 1 {
			t.Errorf("what is not in %s is wrong", expression)
		}
	}
}

func TestEveryScriptAndCategoryOfGoIsKnown(t *testing.T) {
	for name := range unicode.Scripts {
		for _, kind := range []string{"Script=", "sc=", "Script_Extensions=", "scx="} {
			if _, ok := classOf(kind+name, false); !ok {
				t.Errorf("%s%s is not known", kind, name)
			}
		}
	}
	for name := range unicode.Categories {
		if _, ok := classOf(name, false); !ok {
			t.Errorf("%s is not known", name)
		}
	}
}

func TestPropertiesAreWrittenOut(t *testing.T) {
	for pattern, want := range map[string]string{
		`\p{ASCII}`:              `[\u{0}-\u{7f}]`,
		`\P{ASCII}`:              `[\u{80}-\u{10ffff}]`,
		`x[a\p{ASCII}-]\p{Any}+`: `x[a\u{0}-\u{7f}-][\u{0}-\u{10ffff}]+`,
		`[^\P{ASCII}]`:           `[^\u{80}-\u{10ffff}]`,
		`\P{Any}`:                nothing,
		`a[\P{Any}]b`:            `a` + nothing + `b`,
		`[^\P{Any}]`:             `[\u{0}-\u{10ffff}]`,
		`\\p{ASCII}`:             `\\p{ASCII}`,
		`[\]\p{Radical}é-ü]`:     `[\]\u{2e80}-\u{2e99}\u{2e9b}-\u{2ef3}\u{2f00}-\u{2fd5}é-ü]`,
		`[\\]\p{ASCII}`:          `[\\][\u{0}-\u{7f}]`,
		`[\d-]\p{ASCII}\`:        `[\d-][\u{0}-\u{7f}]\`,
		`[\p{ASCII}`:             `[\u{0}-\u{7f}`, // the engine says what is wrong
	} {
		got, err := rewrite(pattern, "u")
		if err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", pattern, got, err, want)
		}
	}
}

func TestWrongPropertiesAreErrors(t *testing.T) {
	for pattern, want := range map[string]string{
		`\p`: "Invalid property name", `\P{`: "Invalid property name", `a\p{}`: "Invalid property name",
		`\p{l}`: "Invalid property name", `\p{Script=L}`: "Invalid property name", `\p{Script}`: "Invalid property name",
		`\p{gc=}`: "Invalid property name", `\p{=L}`: "Invalid property name", `\p{foo=L}`: "Invalid property name",
		`\p{ L}`: "Invalid property name", `\p{binary ASCII}`: "Invalid property name", `\p{gc=Greek}`: "Invalid property name",
		`[\p{x}]`: "Invalid property name in character class", `[a-\p{L}]`: "Invalid character class",
		`[\p{L}-z]`: "Invalid character class", `[\p{L}-\p{L}]`: "Invalid character class",
	} {
		if err := Check(pattern, "gu"); err == nil || err.Error() != "Invalid regular expression: /"+pattern+"/gu: "+want {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

// TestSetsAreWorkedOut has what the versions of Node do not agree about.
func TestSetsAreWorkedOut(t *testing.T) {
	for pattern, want := range map[string]string{
		`[\w--k]`:    `[\u{30}-\u{39}\u{41}-\u{4a}\u{4c}-\u{5a}\u{5f}\u{61}-\u{6a}\u{6c}-\u{7a}\u{17f}]`,
		`[[a-c]&&B]`: `[\u{42}\u{62}]`,
		`[\q{}]`:     "", `[\q{ab}]`: "", `[\q{a|}]`: "", `[\q{a`: "", `[&&a]`: "",
		`[\q{a|b}]`: `[\u{41}-\u{42}\u{61}-\u{62}]`,
	} {
		if got, err := rewrite(pattern, "vi"); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %s %v, want %s", pattern, got, err, want)
		}
	}
	for _, pattern := range []string{strings.Repeat("[", 102) + strings.Repeat("]", 102), "[" + strings.Repeat(`[\p{L}]`, 1000) + "]"} {
		if err := Check(pattern, "v"); err == nil || !strings.HasSuffix(err.Error(), tooLarge) {
			t.Errorf("%.80v", err)
		}
	}
}

func TestWhatAPatternBecomesIsBounded(t *testing.T) {
	pattern := strings.Repeat(`\p{L}`, 10_000)
	if err := Check(pattern, "u"); err == nil || !strings.HasSuffix(err.Error(), ": Regular expression too large") {
		t.Errorf("%.80v", err)
	}
}

func FuzzRewrite(f *testing.F) {
	for _, seed := range []string{`\p{L}`, `[^\P{Script=Greek}-]`, `[\p{L}-a]`, `\p{`, `[`, `\`, `[\`, `[^]\p{Any}`, `[\q{a|b}--[\x41-\u{7a}]]`, `[[^\w]&&\ud83d\ude00]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		_ = Check(pattern, "vi")
		if got, err := rewrite(pattern, "u"); err == nil && strings.ReplaceAll(pattern, `\\`, "") == pattern && Names(got) {
			t.Errorf("%q became %q", pattern, got)
		}
	})
}
