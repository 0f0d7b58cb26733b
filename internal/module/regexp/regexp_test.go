package regexp_test

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestMain(m *testing.M) {
	eventloop.BoundRegExps(200 * time.Millisecond) // before the first loop is made
	// The clock of what the engine matches with ends by itself.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
}

// TestMatchesWithPropertiesEnd has a match that would go on for ever.
func TestMatchesWithPropertiesEnd(t *testing.T) {
	got := scripttest.Output(t, `
console.log(/^(?=(\p{L}+)+$)\1?/u.test('a'.repeat(60) + '1'), new RegExp('^(?=([\\p{L}--b]+)+$)', 'v').test('a'.repeat(60) + '1'))
exit()
`)
	if got != "false false" {
		t.Error(got)
	}
}

// TestLiteralsAreCompiled looks at literals where a file is compiled in other
// ways than most are.
func TestLiteralsAreCompiled(t *testing.T) {
	for name, source := range map[string]string{
		"script.js":  `console.log(/^\p{L}$/u.test('é')); exit(); return`,
		"script.mjs": `export const is = await /^\p{L}$/u.test('é'); console.log(is); exit()`,
		"script.ts":  `class A { static r: RegExp = /^\p{L}$/v; is = (s: string = /x|(?<y>\p{Nd})/u.source) => A.r.test(s) } console.log(new A().is('é')); exit()`,
	} {
		if got := scripttest.Output(t, source, scripttest.File(name)); got != "true" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestWrongLiteralsAreFoundWhenTheFileIsLoaded wants the place of the mistake.
func TestWrongLiteralsAreFoundWhenTheFileIsLoaded(t *testing.T) {
	r := scripttest.Start(t, "console.log('runs')\nconst a = 1, b = /\\p{Foo}/u\n")
	state, err := r.Ended()
	if err == nil || !strings.Contains(err.Error(), "script.js:2:18") || !strings.Contains(err.Error(), "Invalid regular expression: /\\p{Foo}/u: Invalid property name") {
		t.Errorf("%v: %v\n%s", state, err, r.Console.Text())
	}
	if text := r.Console.Text(); strings.Contains(text, "runs") {
		t.Error(text)
	}
}

// TestExpressionsAreForgotten makes more of them than are kept.
func TestExpressionsAreForgotten(t *testing.T) {
	got := scripttest.Output(t, `
let found = 0
const make = (i) => new RegExp('^\\p{L}{' + i + '}$', 'u')
for (let i = 1; i <= 150; i++) found += make(i).test('ü'.repeat(i))
console.log(found, make(1).test('ж'), make(1).source)
exit()
`)
	if got != `150 true ^\p{L}{1}$` {
		t.Error(got)
	}
}
