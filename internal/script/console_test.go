package script_test

import (
	"regexp"
	"testing"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestConsoleTimers measures with the console. How long is not judged.
func TestConsoleTimers(t *testing.T) {
	got := scripttest.Output(t, `
		console.time('a')
		console.timeLog('a', 'and more', 5)
		console.timeEnd('a')
		console.time()
		console.timeEnd()
		exit()`)
	const took = `\d+(\.\d+)?m?s`
	if want := regexp.MustCompile(`^a: ` + took + ` and more 5\na: ` + took + `\ndefault: ` + took + `$`); !want.MatchString(got) {
		t.Error(got)
	}
}
