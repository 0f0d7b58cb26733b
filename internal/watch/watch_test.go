package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

type fixture struct {
	*Set
	t   *testing.T
	dir string
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	w, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{Set: w.NewSet(), t: t, dir: dir}
}

func (f *fixture) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f *fixture) write(name, text string) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Dir(f.path(name)), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(f.path(name), []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) watch(anything bool, names ...string) {
	f.t.Helper()
	var files []string
	for _, name := range names {
		files = append(files, f.path(name))
	}
	if err := f.Watch(files, anything); err != nil {
		f.t.Fatal(err)
	}
}

// expect waits for a change of the file; "" for one of no file.
func (f *fixture) expect(name string) {
	f.t.Helper()
	want := inFolder
	if name != "" {
		want = f.path(name)
	}
	select {
	case got := <-f.Changed():
		if got != want {
			f.t.Errorf("%q has changed, want %q", got, want)
		}
	case <-time.After(patience):
		f.t.Fatalf("no change of %q was told", want)
	}
}

func TestChangesThatAreTold(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(f *fixture)
		want   string
	}{
		{"written", func(f *fixture) { f.write("a.js", "2") }, "a.js"},
		{"renamed over", func(f *fixture) {
			f.write("a.js.tmp", "2")
			if err := os.Rename(f.path("a.js.tmp"), f.path("a.js")); err != nil {
				f.t.Fatal(err)
			}
		}, "a.js"},
		{"set aside and written anew", func(f *fixture) {
			if err := os.Rename(f.path("a.js"), f.path("a.js~")); err != nil {
				f.t.Fatal(err)
			}
			f.write("a.js", "2")
		}, "a.js"},
		{"removed", func(f *fixture) {
			if err := os.Remove(f.path("a.js")); err != nil {
				f.t.Fatal(err)
			}
		}, "a.js"},
		{"one in another folder", func(f *fixture) { f.write("lib/b.js", "2") }, "lib/b.js"},
		{"one that was not there", func(f *fixture) { f.write("c.js", "2") }, "c.js"},
		{"one whose folder was not there", func(f *fixture) { f.write("deep/er/d.js", "2") }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.write("a.js", "1")
			f.write("lib/b.js", "1")
			f.watch(false, "a.js", "lib/b.js", "c.js", "deep/er/d.js")
			c.change(f)
			f.expect(c.want)
		})
	}
}

// Of several changes in a moment one is told, and what is no change of these
// files is not.
func TestChangesWithinAMomentAreOne(t *testing.T) {
	f := newFixture(t)
	f.write("a.js", "1")
	f.watch(false, "a.js")
	f.write("other.js", "1")
	if err := os.Chmod(f.path("a.js"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"2", "3", "4"} {
		f.write("a.js", text)
	}
	f.expect("a.js")
	f.watch(false, "b.js")
	f.write("a.js", "5")
	f.write("b.js", "1")
	f.expect("b.js") // nothing came between
}

func TestAnythingInTheFolders(t *testing.T) {
	f := newFixture(t)
	f.write("lib/a.js", "1")
	f.watch(true, "lib/a.js")
	f.write("lib/b.js", "1")
	f.expect("")
	f.watch(false, "lib/a.js")
	f.write("lib/c.js", "1")
	f.write("lib/a.js", "2")
	f.expect("lib/a.js")
}

func TestFilesAreAdded(t *testing.T) {
	f := newFixture(t)
	f.write("lib/a.js", "1")
	for range 2 {
		if err := f.Add(f.path("lib/a.js")); err != nil {
			t.Fatal(err)
		}
	}
	f.write("lib/a.js", "2")
	f.expect("lib/a.js")
}

// A link that leads to another file is a change, as when a whole folder is
// exchanged by one.
func TestLinksAreFollowed(t *testing.T) {
	f := newFixture(t)
	f.write("one/a.js", "1")
	f.write("two/a.js", "2")
	link := func(target, name string) {
		t.Helper()
		if err := os.Symlink(target, f.path(name)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	link("one", "data")
	link(filepath.Join("data", "a.js"), "a.js")
	f.watch(false, "a.js", "one/a.js")
	f.write("one/a.js", "3")
	f.expect("one/a.js")
	link("two", "new")
	if err := os.Rename(f.path("new"), f.path("data")); err != nil {
		t.Fatal(err)
	}
	f.expect("a.js")
}

// A folder that is removed and made again is watched again.
func TestFolderIsMadeAgain(t *testing.T) {
	f := newFixture(t)
	f.write("lib/a.js", "1")
	f.watch(false, "lib/a.js")
	if err := os.RemoveAll(f.path("lib")); err != nil {
		t.Fatal(err)
	}
	f.expect("lib/a.js")
	f.watch(false, "lib/a.js")
	f.write("lib/a.js", "2")
	f.expect("")
	f.watch(false, "lib/a.js")
	f.write("lib/a.js", "3")
	f.expect("lib/a.js")
}

func TestSetsDoNotDisturbEachOther(t *testing.T) {
	f := newFixture(t)
	other := &fixture{Set: f.watcher.NewSet(), t: t, dir: f.dir}
	f.write("a.js", "1")
	f.write("b.js", "1")
	f.watch(false, "a.js")
	other.watch(false, "b.js")
	other.watch(false)
	other.watch(false, "b.js")
	f.write("a.js", "2")
	f.expect("a.js")
	f.watch(false)
	other.write("b.js", "2")
	other.expect("b.js")
}
