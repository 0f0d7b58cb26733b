package script_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// nodePrelude gives Node the functions that only scripts have.
const nodePrelude = "globalThis.exit = () => process.exit(0);"

// TestOutputIsThatOfNode runs the programs in testdata/node here and in Node
// and compares what they write. Each program ends by calling exit().
func TestOutputIsThatOfNode(t *testing.T) {
	node := nodePath(t)
	programs, err := filepath.Glob("testdata/node/*.js")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, program := range programs {
		name := strings.TrimSuffix(filepath.Base(program), ".js")
		t.Run(name, func(t *testing.T) {
			if name != "order" { // its timers must not be late
				t.Parallel()
			}
			source, err := os.ReadFile(program)
			if err != nil {
				t.Fatal(err)
			}
			want := runNode(t, node, string(source))
			got := strings.Join(plainCalls(scripttest.Start(t, string(source))), "\n")
			compareLines(t, got, strings.TrimSuffix(want, "\n"))
		})
	}
}

// plainCalls waits for the end and returns the console's calls without levels.
func plainCalls(r *scripttest.Run) []string {
	_, _ = r.Ended()
	calls := r.Console.Calls()
	for i, c := range calls {
		for _, level := range []string{"[info] ", "[debug] ", "[warn] ", "[error] "} {
			c = strings.TrimPrefix(c, level)
		}
		calls[i] = c
	}
	return calls
}

// nodePath finds Node. Without it the test is skipped, unless MQSCRIPT_REQUIRE
// lists "node".
func nodePath(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err == nil {
		return path
	}
	if slices.Contains(strings.Split(os.Getenv("MQSCRIPT_REQUIRE"), ","), "node") {
		t.Fatalf("Node is required: %v", err)
	}
	t.Skip("Node is not installed: nothing to compare with")
	return ""
}

func runNode(t *testing.T, node, source string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program.js")
	prelude := filepath.Join(filepath.Dir(path), "prelude.js")
	for name, text := range map[string]string{path: source, prelude: nodePrelude} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), node, "-r", prelude, path).CombinedOutput()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	return string(out)
}

func compareLines(t *testing.T, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	var b strings.Builder
	shown := 0
	for i := range max(len(g), len(w)) {
		var a, c string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			c = w[i]
		}
		if a != c || i >= len(g) || i >= len(w) {
			fmt.Fprintf(&b, "line %d\n  here: %s\n  node: %s\n", i+1, a, c)
			if shown++; shown == 20 {
				break
			}
		}
	}
	t.Errorf("output differs from Node's:\n%s", b.String())
}
