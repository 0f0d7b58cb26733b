package module

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// cacheFolder gives the test a cache of its own and returns its folder.
func cacheFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, dir)
	}
	t.Setenv("MQSCRIPT_CACHE", "")
	base, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(base, "mqscript", "compiled")
}

func compileFresh(t *testing.T, path, source string) unit {
	t.Helper()
	u, err := compileNew(keyOf(path, []byte(source), false, false), path, source, false, false)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestTranslationsAreKeptOnDisk(t *testing.T) {
	dir := cacheFolder(t)
	const source = "export const x: number = 1"
	if u := compileFresh(t, "/a.ts", source); !u.esm {
		t.Error("not seen as an ES module")
	}
	entries, _ := entriesOf(dir)
	if len(entries) != 1 {
		t.Fatalf("%d entries, want 1", len(entries))
	}
	path := filepath.Join(dir, entries[0].Name())
	// What is in the cache is what counts: another text in it comes out.
	key := keyOf("/a.ts", []byte(source), false, false)
	translations.write(key, "module.exports = __toCommonJS(")
	if _, err := compileNew(key, "/a.ts", source, false, false); err == nil {
		t.Error("the entry was not used")
	}
	for _, damage := range []string{"", "x", strings.Repeat("0", 64) + "\nmodule.exports = 1"} {
		if err := os.WriteFile(path, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if u := compileFresh(t, "/a.ts", source); !u.esm {
			t.Errorf("%q was taken for a translation", damage)
		}
		if text, ok := translations.read(key); !ok || !strings.Contains(text, "x: () => x") {
			t.Errorf("%q was not replaced: %q", damage, text)
		}
	}
}

func TestTheCacheCanBeTurnedOff(t *testing.T) {
	dir := cacheFolder(t)
	t.Setenv("MQSCRIPT_CACHE", "off")
	compileFresh(t, "/a.ts", "export const x: number = 2")
	if entries, _ := entriesOf(dir); len(entries) != 0 {
		t.Errorf("%d entries", len(entries))
	}
}

func TestACacheThatCannotBeWrittenIsNoError(t *testing.T) {
	dir := cacheFolder(t)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file where the folder should be
		t.Fatal(err)
	}
	compileFresh(t, "/a.ts", "export const x: number = 3")
}

func TestPlainFilesAreNotKept(t *testing.T) {
	dir := cacheFolder(t)
	compileFresh(t, "/a.js", "module.exports = 1")
	if entries, _ := entriesOf(dir); len(entries) != 0 {
		t.Errorf("%d entries", len(entries))
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	dir := cacheFolder(t)
	c := diskCache{limit: 4000, sizes: map[string]int64{}}
	first := time.Now().Add(-time.Hour)
	key := func(i int) cacheKey { return keyOf("/x", []byte{byte(i)}, false, false) }
	for i := range 20 {
		c.write(key(i), strings.Repeat("x", 435)) // 500 bytes with the checksum
		entries, size := entriesOf(dir)
		if size > c.limit {
			t.Fatalf("%d bytes after %d writes", size, i+1)
		}
		for _, e := range entries { // order them by hand: the clock may be coarse
			if time.Since(e.ModTime()) < 30*time.Minute {
				at := first.Add(time.Duration(i) * time.Second)
				if err := os.Chtimes(filepath.Join(dir, e.Name()), at, at); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if _, ok := c.read(key(0)); ok {
		t.Error("the oldest entry is still there")
	}
	if _, ok := c.read(key(19)); !ok {
		t.Error("the newest entry is gone")
	}
	c.write(key(99), strings.Repeat("x", 1001))
	if _, ok := c.read(key(99)); ok {
		t.Error("an entry that would fill a quarter of the cache was kept")
	}
}

func TestProgramsAreSharedWhileTheyLive(t *testing.T) {
	cacheFolder(t)
	source := []byte("module.exports = 'shared'")
	first, err := compile("/shared.js", source, false, false)
	if err != nil {
		t.Fatal(err)
	}
	second, err := compile("/shared.js", source, false, false)
	if err != nil || second.program != first.program {
		t.Errorf("compiled twice: %v", err)
	}
	if other, err := compile("/other.js", source, false, false); err != nil || other.program == first.program {
		t.Errorf("shared under another name: %v", err)
	}
	runtime.KeepAlive(first.program)
	first, second = unit{}, unit{}
	key := keyOf("/shared.js", source, false, false)
	deadline := time.Now().Add(10 * time.Second)
	for programs.entry(key).program.Value() != nil {
		if time.Now().After(deadline) {
			t.Fatal("a program that nobody has is kept")
		}
		runtime.GC()
	}
	programs.mu.Lock()
	programs.sweep = 0
	programs.removeDead()
	_, kept := programs.units[key]
	programs.mu.Unlock()
	if kept {
		t.Error("its entry is kept")
	}
}
