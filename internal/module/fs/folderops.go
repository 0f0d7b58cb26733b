package fs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
)

func (m *Module) mkdir(a arguments) (goja.Value, error) {
	path, err := a.path(0)
	if err != nil {
		return nil, err
	}
	root, rel, err := m.open("mkdir", path, true)
	if err != nil {
		return nil, err
	}
	if !a.option(1, "recursive").ToBoolean() {
		if err := root.Mkdir(rel, 0o777); err != nil {
			return nil, &failure{"mkdir", path, err}
		}
		return goja.Undefined(), nil
	}
	created := firstMissing(root, rel)
	if err := root.MkdirAll(rel, 0o777); err != nil {
		return nil, &failure{"mkdir", path, err}
	}
	if created == "" {
		return goja.Undefined(), nil
	}
	return m.vm.ToValue(filepath.Join(root.Name(), created)), nil
}

// firstMissing returns the highest folder of a path that does not exist yet.
func firstMissing(root *os.Root, rel string) string {
	missing := ""
	for ; rel != "."; rel = filepath.Dir(rel) {
		if _, err := root.Stat(rel); err == nil {
			break
		}
		missing = rel
	}
	return missing
}

func (m *Module) readdir(a arguments) (goja.Value, error) {
	path, err := a.path(0)
	if err != nil {
		return nil, err
	}
	root, rel, err := m.open("read", path, false)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(root.FS(), filepath.ToSlash(rel))
	if err != nil {
		return nil, &failure{"scandir", path, err}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int {
		if a.Name() < b.Name() {
			return -1
		}
		return 1
	})
	list := make([]any, len(entries))
	types := a.option(1, "withFileTypes").ToBoolean()
	for i, e := range entries {
		list[i] = e.Name()
		if types {
			list[i] = m.entry(e, path)
		}
	}
	return m.vm.NewArray(list...), nil
}

// entry makes the Dirent of a folder's entry.
func (m *Module) entry(e fs.DirEntry, folder string) *goja.Object {
	o := m.vm.NewObject()
	_ = o.Set("name", e.Name())
	_ = o.Set("path", folder)
	_ = o.Set("parentPath", folder)
	m.kinds(o, e.Type())
	return o
}

// kinds adds isFile, isDirectory and isSymbolicLink.
func (m *Module) kinds(o *goja.Object, mode fs.FileMode) {
	for name, is := range map[string]bool{
		"isFile": mode.IsRegular(), "isDirectory": mode.IsDir(), "isSymbolicLink": mode&fs.ModeSymlink != 0,
	} {
		fn := eventloop.Function(m.vm, name, 0, func(goja.FunctionCall) goja.Value { return m.vm.ToValue(is) })
		_ = o.DefineDataProperty(name, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

func (m *Module) stat(a arguments) (goja.Value, error) {
	info, err := m.info(a, "stat")
	if err != nil {
		if quiet := a.option(1, "throwIfNoEntry"); !goja.IsUndefined(quiet) && !quiet.ToBoolean() && errors.Is(err, fs.ErrNotExist) {
			return goja.Undefined(), nil
		}
		return nil, err
	}
	o := m.vm.NewObject()
	ms := float64(info.ModTime().UnixNano()) / 1e6
	_ = o.Set("size", info.Size())
	_ = o.Set("mode", int(info.Mode().Perm()))
	_ = o.Set("mtimeMs", ms)
	date, err := m.vm.New(m.vm.Get("Date"), m.vm.ToValue(ms))
	if err != nil {
		return nil, err
	}
	_ = o.Set("mtime", date)
	m.kinds(o, info.Mode())
	return o, nil
}

func (m *Module) unlink(a arguments) (goja.Value, error) {
	path, err := a.path(0)
	if err != nil {
		return nil, err
	}
	root, rel, err := m.open("unlink", path, true)
	if err != nil {
		return nil, err
	}
	if info, err := root.Lstat(rel); err == nil && info.IsDir() {
		return nil, &failure{"unlink", path, errIsDir}
	}
	if err := root.Remove(rel); err != nil {
		return nil, &failure{"unlink", path, err}
	}
	return goja.Undefined(), nil
}

func (m *Module) rm(a arguments) (goja.Value, error) {
	path, err := a.path(0)
	if err != nil {
		return nil, err
	}
	root, rel, err := m.open("rm", path, true)
	if err != nil {
		return nil, err
	}
	info, err := root.Lstat(rel)
	switch {
	case errors.Is(err, fs.ErrNotExist) && a.option(1, "force").ToBoolean():
		return goja.Undefined(), nil
	case err != nil:
		return nil, &failure{"rm", path, err}
	case info.IsDir() && !a.option(1, "recursive").ToBoolean():
		return nil, &failure{"rm", path, errIsDir}
	case rel == ".":
		return nil, &failure{"rm", path, errDenied}
	}
	if err := root.RemoveAll(rel); err != nil {
		return nil, &failure{"rm", path, err}
	}
	return goja.Undefined(), nil
}

func (m *Module) rename(a arguments) (goja.Value, error) {
	from, err := a.path(0)
	if err != nil {
		return nil, err
	}
	to, err := a.path(1)
	if err != nil {
		return nil, err
	}
	root, rel, err := m.open("rename", from, true)
	if err != nil {
		return nil, err
	}
	other, target, err := m.open("rename", to, true)
	if err != nil {
		return nil, err
	}
	if other != root {
		return nil, &failure{"rename", to, errCrossDevice}
	}
	if err := root.Rename(rel, target); err != nil {
		return nil, &failure{"rename", from, err}
	}
	return goja.Undefined(), nil
}
