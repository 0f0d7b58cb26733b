package module

import (
	"regexp"
	"strings"
)

// asyncIteratorPrototype is how packages reach the object that all asynchronous
// iterators inherit from, which has no name: by way of an async generator, whose
// prototypes do not outlive its translation.
var asyncIteratorPrototype = regexp.MustCompile(strings.ReplaceAll(
	`Object\.getPrototypeOf\( Object\.getPrototypeOf\( async function \* \( \) \{ \} \) \.prototype \)`,
	" ", `(?:\s|/\*[^*]*\*/)*`))

// inheritable is an object with what that one has.
const inheritable = `({[Symbol.asyncIterator](){return this}})`

// withIdioms writes in other words what would not survive translation. Nothing
// else of the text moves.
func withIdioms(text string) string {
	if !strings.Contains(text, "async") {
		return text
	}
	return asyncIteratorPrototype.ReplaceAllStringFunc(text, func(idiom string) string {
		if line := strings.LastIndexByte(idiom, '\n'); line >= 0 {
			return inheritable + strings.Repeat("\n", strings.Count(idiom, "\n")) + strings.Repeat(" ", len(idiom)-line-1)
		}
		return inheritable + strings.Repeat(" ", len(idiom)-len(inheritable))
	})
}

// lastCodePoint is U+10FFFF by its number.
var lastCodePoint = regexp.MustCompile(`\\+u\{0*10[fF]{4}\}`)

// withPairs writes the escape for the last code point as that of a surrogate
// pair: the engine cannot parse a string with it.
func withPairs(text string) string {
	if !strings.Contains(text, `\u{`) {
		return text
	}
	return lastCodePoint.ReplaceAllStringFunc(text, func(escape string) string {
		before := escape[:strings.IndexByte(escape, 'u')]
		if len(before)%2 == 0 { // a backslash of its own
			return escape
		}
		return before + `udbff` + `\udfff`
	})
}
