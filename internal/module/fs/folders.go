package fs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folders are the parts of the file system that a script may use. Everything
// is reached through an os.Root, which symbolic links cannot leave.
type Folders struct {
	source, data, tmp *folder
}

// folder is one tree. It is opened, and created when it may be, on first use.
type folder struct {
	paths    []string // its absolute path, and the one without symbolic links
	writable bool
	root     *os.Root
}

// NewFolders describes the folders: source is read only, data and tmp are
// created when they are first used. An empty path means that there is none.
func NewFolders(source, data, tmp string) *Folders {
	return &Folders{source: newFolder(source, false), data: newFolder(data, true), tmp: newFolder(tmp, true)}
}

func newFolder(path string, writable bool) *folder {
	if path == "" {
		return nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	return &folder{paths: []string{abs}, writable: writable}
}

// Path returns the absolute path of a folder, "" when there is none.
func (f *folder) path() string {
	if f == nil {
		return ""
	}
	return f.paths[0]
}

// Data returns the path of the data folder, created if it must be.
func (f *Folders) Data() (string, error) { return f.data.ensure() }

// Tmp returns the path of the folder for temporary files, created if it must
// be.
func (f *Folders) Tmp() (string, error) { return f.tmp.ensure() }

func (f *folder) ensure() (string, error) {
	if f == nil {
		return "", errors.New("the script has no such folder")
	}
	_, err := f.open()
	return f.path(), err
}

func (f *folder) open() (*os.Root, error) {
	if f.root != nil {
		return f.root, nil
	}
	if f.writable {
		if err := os.MkdirAll(f.path(), 0o750); err != nil {
			return nil, fmt.Errorf("creating the script's folder: %w", err)
		}
	}
	root, err := os.OpenRoot(f.path())
	if err != nil {
		return nil, fmt.Errorf("opening the script's folder: %w", err)
	}
	f.root = root
	if real, err := filepath.EvalSymlinks(f.path()); err == nil && real != f.path() {
		f.paths = append(f.paths, real)
	}
	return root, nil
}

// Close closes what was opened. A nil Folders has nothing to close.
func (f *Folders) Close() error {
	if f == nil {
		return nil
	}
	var errs []error
	for _, one := range []*folder{f.source, f.data, f.tmp} {
		if one != nil && one.root != nil {
			errs = append(errs, one.root.Close())
			one.root = nil
		}
	}
	return errors.Join(errs...)
}

// absolute makes a path of the script absolute; relative ones are in the data
// folder.
func (f *Folders) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(f.data.path(), path)
}

// find returns the tree that an absolute path is in, and the path in it.
func (f *Folders) find(path string, write bool) (*os.Root, string, error) {
	for _, one := range []*folder{f.data, f.tmp, f.source} {
		if one == nil || write && !one.writable {
			continue
		}
		rel, ok := one.contains(path)
		if !ok {
			continue
		}
		root, err := one.open()
		if err != nil {
			return nil, "", err
		}
		return root, rel, nil
	}
	return nil, "", errDenied
}

func (f *folder) contains(path string) (rel string, ok bool) {
	for _, base := range f.paths {
		rel, err := filepath.Rel(base, path)
		if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return rel, true
		}
	}
	return "", false
}
