package fs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mqscript/mqscript/internal/permission"
)

// code is what a script may load beside what it may read: each package.json
// above it and, unless it is strict, the files of its project and the packages
// that links in node_modules lead to.
type code struct {
	modules []string  // the folders node_modules from the script upwards
	above   []string  // the folders from the script upwards
	trees   []*folder // to load from
	strict  bool
}

func newCode(source string, strict bool) code {
	c := code{strict: strict}
	for dir := source; ; dir = filepath.Dir(dir) {
		c.above = append(c.above, dir)
		if filepath.Base(dir) != "node_modules" {
			c.modules = append(c.modules, filepath.Join(dir, "node_modules"))
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if project := projectOf(c.above); project != "" && !strict {
		c.trees = append(c.trees, &folder{path: project})
	}
	return c
}

// projectOf returns the nearest folder with a package.json, "" when there is
// none. A package.json in the user's own folder, or at the top, was left there
// by mistake.
func projectOf(above []string) string {
	home, _ := os.UserHomeDir()
	for _, dir := range above {
		if dir == home || dir == filepath.Dir(dir) {
			break
		}
		if _, err := os.Stat(filepath.Join(dir, "package.json")); err == nil {
			return dir
		}
	}
	return ""
}

// ReadCode reads a file that a script loads. An error is a *permission.Denied
// when it may not.
func (f *Folders) ReadCode(path string) ([]byte, error) {
	path = filepath.Clean(path)
	if f.isManifest(path) {
		return os.ReadFile(path)
	}
	root, rel, err := f.findCode(path)
	if err != nil {
		return nil, err
	}
	data, err := root.ReadFile(rel)
	if err != nil && escapes(err) {
		return nil, deniedCode(path)
	}
	return data, err
}

// StatCode looks at a file that a script may want to load. An error is a
// *permission.Denied when it may not.
func (f *Folders) StatCode(path string) (fs.FileInfo, error) {
	path = filepath.Clean(path)
	if f.isManifest(path) {
		return os.Stat(path)
	}
	root, rel, err := f.findCode(path)
	if err != nil {
		return nil, err
	}
	info, err := root.Stat(rel)
	if err != nil && escapes(err) {
		return nil, deniedCode(path)
	}
	return info, err
}

func deniedCode(path string) error {
	return &permission.Denied{What: "loading " + path, Flag: "--allow-read=" + path}
}

// findCode returns the tree from which a file may be loaded. A link from one
// tree into another is followed.
func (f *Folders) findCode(path string) (*os.Root, string, error) {
	for {
		for _, trees := range [][]*folder{f.trees, f.code.trees, f.linked(path)} {
			root, rel, err := f.lookUp(trees, "open", path, false)
			if errors.Is(err, fs.ErrNotExist) {
				return nil, "", err
			}
			if err != nil {
				continue
			}
			if _, err := root.Stat(rel); err == nil || !escapes(err) {
				return root, rel, nil
			}
		}
		target := real(path)
		if target == path {
			return nil, "", deniedCode(path)
		}
		path = target
	}
}

// linked is the tree of a package to which a link in node_modules leads.
func (f *Folders) linked(path string) []*folder {
	if f.code.strict {
		return nil
	}
	for _, modules := range f.code.modules {
		rel, ok := within(modules, path)
		if !ok || rel == "." {
			continue
		}
		parts := strings.SplitN(filepath.ToSlash(rel), "/", 3)
		name := parts[0]
		if strings.HasPrefix(name, "@") && len(parts) > 1 {
			name += "/" + parts[1]
		}
		link := filepath.Join(modules, filepath.FromSlash(name))
		if _, err := os.Stat(filepath.Join(link, "package.json")); err != nil {
			return nil
		}
		tree := &folder{path: link}
		if at := slices.IndexFunc(f.code.trees, func(one *folder) bool { return one.path == link }); at >= 0 {
			tree = f.code.trees[at]
		} else {
			f.code.trees = append(f.code.trees, tree)
		}
		return []*folder{tree}
	}
	return nil
}

// isManifest tells whether a path is that of a package.json above the script,
// which says how its files are to be read. It is no link to something else.
func (f *Folders) isManifest(path string) bool {
	if filepath.Base(path) != "package.json" || !slices.Contains(f.code.above, filepath.Dir(path)) {
		return false
	}
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}
