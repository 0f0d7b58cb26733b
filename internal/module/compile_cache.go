package module

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// What esbuild makes of a file is kept on disk, so that a script with big
// packages starts quickly the next time. The cache is nobody's only copy:
// whatever is wrong with it, the file is translated again and nothing is said.

const (
	// cacheFormat is raised when the same source is to be translated differently.
	cacheFormat = "4"
	// cacheBytes bounds the cache. Beyond it the entries that were not used for
	// the longest time go, until it is three quarters full.
	cacheBytes = 128 << 20
	// cacheTouch is how old the mark of an entry's last use may become.
	cacheTouch = 24 * time.Hour
)

// cacheKey names a translation: it stands for all that it depends on.
type cacheKey [sha256.Size]byte

func keyOf(path string, source []byte, strict, main bool) cacheKey {
	h := sha256.New()
	kind := fmt.Sprint(strict, main)
	for _, part := range []string{cacheFormat, translatorVersion(), kind, path} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	h.Write(source)
	return cacheKey(h.Sum(nil))
}

// translatorVersion is the version of esbuild in this program.
var translatorVersion = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "github.com/evanw/esbuild" {
				return dep.Version + dep.Sum
			}
		}
	}
	return ""
})

// diskCache is the cache of this process's user.
type diskCache struct {
	limit int64

	mu    sync.Mutex
	sizes map[string]int64 // what each folder holds, once it was counted
}

var translations = diskCache{limit: cacheBytes, sizes: map[string]int64{}}

// folder is where the entries are, "" when there is to be no cache.
func (c *diskCache) folder() string {
	if os.Getenv("MQSCRIPT_CACHE") == "off" {
		return ""
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "mqscript", "compiled")
}

// read returns the translation that is kept under a key.
func (c *diskCache) read(key cacheKey) (text string, ok bool) {
	dir := c.folder()
	if dir == "" {
		return "", false
	}
	path := filepath.Join(dir, hex.EncodeToString(key[:]))
	data, err := os.ReadFile(path)
	if err != nil {
		return "", false
	}
	sum, text, _ := strings.Cut(string(data), "\n")
	if sum != checksum(text) {
		return "", false
	}
	if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > cacheTouch {
		now := time.Now()
		_ = os.Chtimes(path, now, now)
	}
	return text, true
}

func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// write keeps a translation. Another process never sees a part of it.
func (c *diskCache) write(key cacheKey, text string) {
	dir := c.folder()
	data := checksum(text) + "\n" + text
	if dir == "" || int64(len(data)) > c.limit/4 || os.MkdirAll(dir, 0o700) != nil {
		return
	}
	temp, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return
	}
	_, err = temp.WriteString(data)
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(dir, hex.EncodeToString(key[:])))
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return
	}
	c.grew(dir, int64(len(data)))
}

// grew notes that an entry was added and removes old ones when they are too many.
func (c *diskCache) grew(dir string, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if size, counted := c.sizes[dir]; counted && size+n <= c.limit {
		c.sizes[dir] = size + n
		return
	}
	entries, size := entriesOf(dir)
	if size > c.limit {
		slices.SortFunc(entries, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
		for _, e := range entries {
			if size <= c.limit*3/4 {
				break
			}
			if os.Remove(filepath.Join(dir, e.Name())) == nil {
				size -= e.Size()
			}
		}
	}
	c.sizes[dir] = size
}

// entriesOf lists what is in the cache, what a process left unfinished included.
func entriesOf(dir string) (entries []fs.FileInfo, size int64) {
	list, _ := os.ReadDir(dir)
	for _, e := range list {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			entries = append(entries, info)
			size += info.Size()
		}
	}
	return entries, size
}
