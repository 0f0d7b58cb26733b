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

// TestTheLastCodePointIsWritten spells it in all ways there are.
func TestTheLastCodePointIsWritten(t *testing.T) {
	got := scripttest.Output(t, `
const all = ['\u{10ffff}\u{10FFFF}', "\\u{10ffff}", `+"`\\u{0010FffF}`"+`]
console.log(...all.map((s) => s.length), ...all.map((s) => s.codePointAt(0).toString(16)))
console.log(/^[\u{10000}-\u{10ffff}]$/u.test('\u{10FFFF}'), /^\u{10FFFF}$/u.test(all[2]))
exit()
`)
	if want := "4 10 2 10ffff 5c 10ffff\ntrue true"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	got = scripttest.Output(t, "export const text: string = '\\u{10ffff}'; console.log(text.length); exit()", scripttest.File("script.ts"))
	if got != "2" {
		t.Errorf("translated: %s", got)
	}
}
