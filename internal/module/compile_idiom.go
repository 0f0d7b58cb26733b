package module

import (
	"regexp"
	"strings"
)

// asyncIteratorPrototype is how packages reach the object that all asynchronous
// iterators inherit from, which has no name: by way of an async generator, whose
// prototypes do not outlive its translation.
var asyncIteratorPrototype = regexp.MustCompile(
	`Object\.getPrototypeOf\([ \t]*Object\.getPrototypeOf\([ \t]*async[ \t]+function[ \t]*\*[ \t]*\([ \t]*\)[ \t]*\{[ \t]*\}[ \t]*\)\.prototype[ \t]*\)`)

// inheritable is an object with what that one has.
const inheritable = `({[Symbol.asyncIterator](){return this}})`

// withIdioms writes in other words what would not survive translation. Nothing
// else of the text moves.
func withIdioms(text string) string {
	if !strings.Contains(text, "async") {
		return text
	}
	return asyncIteratorPrototype.ReplaceAllStringFunc(text, func(idiom string) string {
		return inheritable + strings.Repeat(" ", len(idiom)-len(inheritable))
	})
}
