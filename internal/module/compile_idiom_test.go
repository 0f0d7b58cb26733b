package module_test

import (
	"testing"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestAsyncIteratorPrototypeIsFound takes the way to it that packages take, and
// looks whether the rest of the line stays where it is.
func TestAsyncIteratorPrototypeIsFound(t *testing.T) {
	got := scripttest.Output(t, `
const spaced = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype), minified=Object.getPrototypeOf(Object.getPrototypeOf(async function*(){}).prototype); try { nowhere } catch (error) { console.log(/:(\d+:\d+)/.exec(error.stack)[1]) }
const long = Object.getPrototypeOf(
  Object.getPrototypeOf(
    /* of all */
    async function* () {
    }
  ).prototype
); try { nowhere } catch (error) { console.log(/:(\d+:\d+)/.exec(error.stack)[1]) }
for (const prototype of [spaced, minified, long]) {
  const iterator = Object.create(prototype)
  console.log(typeof prototype, iterator[Symbol.asyncIterator]() === iterator)
}
const text = 'async function* () {}'
console.log(text)
exit()
`)
	const want = "2:187\n9:10\nobject true\nobject true\nobject true\nasync function* () {}"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
