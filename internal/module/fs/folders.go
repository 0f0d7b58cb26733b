package fs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/mqscript/mqscript/internal/permission"
)

// Layout says where a script's folders are. An empty path means that there is
// no such folder.
type Layout struct {
	Source    string   // the folder of its file: read only
	Data, Tmp string   // for what it writes; created when they are first used
	Hidden    []string // folders in Source that belong to other scripts

	Permissions *permission.Policy // what it may use besides; nil for nothing
}

// Folders are the parts of the file system that a script may use. Everything
// is reached through an os.Root, which symbolic links cannot leave. Its methods
// may be called from any goroutine.
type Folders struct {
	data, tmp *folder
	trees     []*folder // all, the first that a path is in counts
	code      code      // what may be loaded besides

	mu     sync.Mutex // guards opened, and what a folder finds out when it is opened
	opened []*os.Root
}

// folder is one tree, or one file. It is opened, and created when it may be, on
// first use.
type folder struct {
	path     string // absolute, as it was named
	real     string // without symbolic links; "" before anybody asked
	writable bool
	create   bool     // make it when it is first used
	named    bool     // by a flag: it may be a single file
	hidden   []string // what is in it and not to be seen
	root     *os.Root
	single   string // the only name in root that may be used; "" for all
}

// NewFolders describes the folders.
func NewFolders(l Layout) *Folders {
	f := &Folders{}
	add := func(path string, kind folder) *folder {
		abs, err := filepath.Abs(path)
		if path == "" || err != nil {
			return nil
		}
		kind.path = abs
		f.trees = append(f.trees, &kind)
		return &kind
	}
	f.data = add(l.Data, folder{writable: true, create: true})
	f.tmp = add(l.Tmp, folder{writable: true, create: true})
	for _, path := range l.Permissions.WriteFolders() {
		add(path, folder{writable: true, named: true})
	}
	for _, path := range l.Permissions.ReadFolders() {
		add(path, folder{named: true})
	}
	if source := add(l.Source, folder{hidden: l.Hidden}); source != nil {
		f.code = newCode(source.path, l.Permissions.Strict())
		for _, path := range f.code.modules {
			add(path, folder{})
		}
	}
	return f
}

// Data returns the path of the data folder, created if it must be.
func (f *Folders) Data() (string, error) { return f.ensure(f.data) }

// Tmp returns the path of the folder for temporary files, created if it must
// be.
func (f *Folders) Tmp() (string, error) { return f.ensure(f.tmp) }

func (f *Folders) ensure(one *folder) (string, error) {
	if one == nil {
		return "", errors.New("the script has no such folder")
	}
	_, err := f.open(one)
	return one.path, err
}

// open returns the tree of a folder.
func (f *Folders) open(one *folder) (*os.Root, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one.root != nil && !one.became() {
		return one.root, nil
	}
	if one.create {
		if err := os.MkdirAll(one.path, 0o750); err != nil {
			return nil, fmt.Errorf("creating the script's folder: %w", err)
		}
	}
	at := real(one.path)
	top, single := at, ""
	if info, err := os.Stat(at); one.named && (err != nil || !info.IsDir()) {
		top, single = filepath.Dir(at), filepath.Base(at)
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, fmt.Errorf("opening a folder: %w", err)
	}
	f.opened = append(f.opened, root)
	one.root, one.real, one.single = root, at, single
	return root, nil
}

// became tells whether what was a file, or not there, is a folder now.
func (one *folder) became() bool {
	if one.single == "" {
		return false
	}
	info, err := one.root.Lstat(one.single)
	return err == nil && info.IsDir()
}

// Close closes what was opened. A nil Folders has nothing to close.
func (f *Folders) Close() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	for _, root := range f.opened {
		errs = append(errs, root.Close())
	}
	for _, one := range f.trees {
		one.root = nil
	}
	f.opened = nil
	return errors.Join(errs...)
}

// absolute makes a path of the script absolute; relative ones are in the data
// folder.
func (f *Folders) absolute(path string) string {
	if filepath.IsAbs(path) || f.data == nil {
		return filepath.Clean(path)
	}
	return filepath.Join(f.data.path, path)
}

// links are the calls that are about a symbolic link itself, not about what it
// leads to.
var links = map[string]bool{
	"unlink": true, "rmdir": true, "rm": true, "rename": true, "lstat": true,
	"readlink": true, "symlink": true, "link": true, "lutime": true, "lchown": true,
}

// find returns the tree that an absolute path is in, and the path in it. call
// is the system call that it is for. An error is a *permission.Denied when the
// script may not use the path.
func (f *Folders) find(call, path string, write bool) (*os.Root, string, error) {
	root, rel, err := f.lookUp(f.trees, call, path, write)
	if links[call] {
		return root, rel, f.denied(err, path, write)
	}
	if err == nil {
		if _, err := root.Stat(rel); err == nil || !escapes(err) {
			return root, rel, nil
		}
	} else if !errors.Is(err, errDenied) {
		return nil, "", err
	}
	// A link may lead from one tree to another.
	path = real(path)
	root, rel, err = f.lookUp(f.trees, call, path, write)
	return root, rel, f.denied(err, path, write)
}

// denied names the flag that would allow what nothing else does.
func (f *Folders) denied(err error, path string, write bool) error {
	switch {
	case !errors.Is(err, errDenied):
		return err
	case write:
		return &permission.Denied{What: "writing " + path, Flag: "--allow-write=" + path}
	}
	return &permission.Denied{What: "reading " + path, Flag: "--allow-read=" + path}
}

// real follows symbolic links; a path that does not exist stays as it is.
func real(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		return p
	}
	return path
}

// lookUp goes by the names alone; the tree sees to it that links in them do not
// lead outside.
func (f *Folders) lookUp(trees []*folder, call, path string, write bool) (*os.Root, string, error) {
	for _, one := range trees {
		if write && !one.writable || !f.contains(one, path) {
			continue
		}
		root, err := f.open(one)
		if err != nil {
			return nil, "", err
		}
		rel, err := one.relative(call, path)
		return root, rel, err
	}
	return nil, "", errDenied
}

// contains tells whether a path is in a tree, by either of its names.
func (f *Folders) contains(one *folder, path string) bool {
	for _, hidden := range one.hidden {
		if inFolded(hidden, path) {
			return false
		}
	}
	if _, ok := within(one.path, path); ok {
		return true
	}
	f.mu.Lock()
	if one.real == "" {
		one.real = real(one.path)
	}
	alias := one.real
	f.mu.Unlock()
	_, ok := within(alias, path)
	return ok
}

// relative returns a path of an open tree as one in its root. Of a single file
// there is that name alone, which must not become a link.
func (one *folder) relative(call, path string) (string, error) {
	rel, ok := within(one.path, path)
	if !ok {
		rel, ok = within(one.real, path)
	}
	if !ok { // the name of a link that has changed
		return "", errDenied
	}
	if one.single == "" {
		return rel, nil
	}
	info, err := one.root.Lstat(one.single)
	if rel != "." || call == "symlink" || call == "link" || err == nil && info.Mode()&os.ModeSymlink != 0 {
		return "", errDenied
	}
	return one.single, nil
}

// within returns a path as one in a folder, if it is in there.
func within(folder, path string) (rel string, ok bool) {
	rel, err := filepath.Rel(folder, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return rel, true
}

// inFolded is within for systems where capital letters are the small ones.
func inFolded(folder, path string) bool {
	if len(path) < len(folder) || !strings.EqualFold(path[:len(folder)], folder) {
		return false
	}
	return len(path) == len(folder) || os.IsPathSeparator(path[len(folder)])
}

// escapes tells whether an os.Root refused a path that leads out of it.
func escapes(err error) bool {
	return errnoOf(err) == 0 && strings.Contains(err.Error(), "escapes")
}
