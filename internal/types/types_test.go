package types

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const checkDir = "testdata/check"

// compilers are two generations of the TypeScript compiler, as package.json
// names them.
var compilers = []string{"typescript", "typescript5"}

// TestDeclarations has the compilers judge the declarations with sample scripts
// and the examples: alone, and in a folder where @types/node is installed as
// well. What they have to say is written
// behind the line it is about: "// expect TS2345".
func TestDeclarations(t *testing.T) {
	node := requireCompilers(t)
	want := expectations(t)
	for _, compiler := range compilers {
		for _, project := range []string{"tsconfig.json", "tsconfig.node.json"} {
			t.Run(compiler+"/"+project, func(t *testing.T) {
				t.Parallel()
				got := diagnostics(t, node, compiler, project)
				for _, d := range difference(want, got) {
					t.Errorf("expected but not reported: %s", d)
				}
				for _, d := range difference(got, want) {
					t.Errorf("reported but not expected: %s", d)
				}
			})
		}
	}
}

func requireCompilers(t *testing.T) (node string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(checkDir, "node_modules", "typescript"))
	}
	if err == nil {
		return node
	}
	missing := fmt.Sprintf("the TypeScript compiler is not there (run npm ci in internal/types/%s): %v", checkDir, err)
	if slices.Contains(strings.Split(os.Getenv("MQSCRIPT_REQUIRE"), ","), "types") {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// TestStarter has them judge what mqscript init writes.
func TestStarter(t *testing.T) {
	node := requireCompilers(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../cmd/mqscript/starter")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "mqscript.d.ts"), []byte(Declarations), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, compiler := range compilers {
		tsc := filepath.Join(checkDir, "node_modules", compiler, "bin", "tsc")
		out, err := exec.CommandContext(t.Context(), node, tsc, "-p", filepath.Join(dir, "jsconfig.json")).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", compiler, err, out)
		}
	}
}

var expectation = regexp.MustCompile(`// expect((?: TS\d+)+)$`)

// expectations reads the samples and returns "file:line TScode" for each
// diagnostic that they announce.
func expectations(t *testing.T) map[string]bool {
	t.Helper()
	want := make(map[string]bool)
	files, err := filepath.Glob(filepath.Join(checkDir, "bad", "*.?s"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad samples: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before := len(want)
		for i, line := range strings.Split(string(text), "\n") {
			if m := expectation.FindStringSubmatch(line); m != nil {
				for _, code := range strings.Fields(m[1]) {
					want[fmt.Sprintf("bad/%s:%d %s", filepath.Base(file), i+1, code)] = true
				}
			}
		}
		if len(want) == before {
			t.Errorf("%s expects nothing", file)
		}
	}
	return want
}

var diagnostic = regexp.MustCompile(`^(\S+)\((\d+),\d+\): error (TS\d+): `)

func diagnostics(t *testing.T, node, compiler, project string) map[string]bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), node,
		filepath.Join("node_modules", compiler, "bin", "tsc"), "--pretty", "false", "-p", project)
	cmd.Dir = checkDir
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err == nil || !errors.As(err, &exit) || len(exit.Stderr) > 0 {
		t.Fatalf("the compiler did not find the mistakes: %v\n%s", err, out)
	}
	got := make(map[string]bool)
	for line := range bytes.Lines(out) {
		m := diagnostic.FindSubmatch(line)
		switch {
		case m != nil:
			got[fmt.Sprintf("%s:%s %s", m[1], m[2], m[3])] = true
		case !bytes.HasPrefix(line, []byte(" ")): // an indented line explains the one before
			t.Errorf("the compiler says: %s", line)
		}
	}
	return got
}

func difference(a, b map[string]bool) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(a)), func(s string) bool { return b[s] })
}

// TestDeclarationsAreWhole guards the one file that is put beside a script.
func TestDeclarationsAreWhole(t *testing.T) {
	for _, part := range []string{"declare module 'mqscript'", "declare var Buffer", "declare module 'fs'"} {
		if strings.Count(Declarations, part) != 1 {
			t.Errorf("%q does not stand in the declarations exactly once", part)
		}
	}
}
