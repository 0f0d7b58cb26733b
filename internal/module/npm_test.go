package module_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// packagesFolder is the folder with node_modules. Without it the test is
// skipped, unless MQSCRIPT_REQUIRE demands it.
func packagesFolder(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("testdata", "npm"))
	if err != nil {
		t.Fatal(err)
	}
	modules := filepath.Join(dir, "node_modules")
	if _, err := os.Stat(modules); err == nil {
		return modules
	}
	if slices.Contains(strings.Split(os.Getenv("MQSCRIPT_REQUIRE"), ","), "npm") {
		t.Fatalf("MQSCRIPT_REQUIRE demands the packages; install them with: cd %s && npm ci", dir)
	}
	t.Skipf("the packages are not installed; this does it: cd %s && npm ci", dir)
	return ""
}

// withPackages puts node_modules beside the script.
func withPackages(t *testing.T, source string, options ...scripttest.Option) *scripttest.Run {
	t.Helper()
	modules := packagesFolder(t)
	r := scripttest.New(t, source, options...)
	same, err := os.ReadFile(filepath.Join("testdata", "npm", "same.js"))
	if err != nil {
		t.Fatal(err)
	}
	r.Write("same.js", string(same))
	if err := os.Symlink(modules, filepath.Join(r.Dir, "node_modules")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	return r
}

// TestPackages uses each package for what people use it for.
func TestPackages(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "npm", "use", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			// A big package takes seconds under the race detector.
			patient := func(o *script.Options) { o.HandlerLimit = 2 * time.Minute }
			r := withPackages(t, string(source), scripttest.File(filepath.Base(file)), patient)
			r.Script.Start()
			select {
			case <-r.Done():
			case <-time.After(2 * time.Minute):
				t.Fatalf("no end; console:\n%s", r.Console.Text())
			}
			state, err := r.Result()
			if got, want := r.Console.Text(), "ok"; state != script.StateExited || got != want {
				t.Errorf("%v: %v\n%s", state, err, got)
			}
		})
	}
}

// TestPackagesAreChecked looks for mistakes in scripts that use packages, of
// which there are none.
func TestPackagesAreChecked(t *testing.T) {
	modules := packagesFolder(t)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(modules), "use", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	dir := t.TempDir()
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for _, file := range append(files, filepath.Join(filepath.Dir(modules), "same.js")) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), source, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range files {
		checked, err := script.Check(filepath.Join(dir, filepath.Base(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range checked.Problems {
			t.Errorf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
		}
	}
}
