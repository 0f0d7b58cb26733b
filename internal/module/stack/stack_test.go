package stack_test

import (
	"testing"

	"github.com/mqscript/mqscript/internal/module/stack"
)

func TestTidy(t *testing.T) {
	in := "Error: boom\nat the\tat end\n\tat f (/a b/x.js:1:2(3))\n\tat /x.js:4:5(6)\n\tat map (native)\n\tat native\n\tat github.com/mqscript/mqscript/internal/x.(*Y).z.func2 (native)\n" +
		"\tat new A (/tmp/%E8%85%B3.ts:7:8(9))\n\tat <anonymous> (mqscript:reaction:1:1(1))\n"
	want := "Error: boom\nat the\tat end\n    at f (/a b/x.js:1:2)\n    at /x.js:4:5\n    at map (<anonymous>)\n    at new A (/tmp/腳.ts:7:8)"
	if got := stack.Tidy(in); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
