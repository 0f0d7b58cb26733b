package module

import (
	"fmt"
	"path/filepath"
	"strings"
)

// mode tells how a request was written, which packages may answer differently.
type mode bool

// The modes are named like the conditions that they stand for.
const (
	modeRequire mode = false
	modeImport  mode = true
)

// kinds are the kinds of modules to try, in this order: a package that has only
// the other kind is better than none.
func (m mode) kinds() []string {
	if m == modeImport {
		return []string{"import", "require"}
	}
	return []string{"require", "import"}
}

// fromExports finds the file that a package exports under a subpath, "." or
// with "./" in front.
func (r *resolver) fromExports(m *manifest, subpath string, as mode) (string, error) {
	table := m.exports
	if table.fields == nil || len(table.keys) > 0 && !strings.HasPrefix(table.keys[0], ".") {
		table = &target{keys: []string{"."}, fields: map[string]*target{".": m.exports}}
	}
	t, star := table.match(subpath)
	for _, kind := range as.kinds() {
		if found := r.choose(m, t, star, kind); found != nil {
			return m.inside(found.text, star, "exports")
		}
	}
	if subpath == "." {
		return "", &resolveError{"ERR_PACKAGE_PATH_NOT_EXPORTED", fmt.Sprintf(`No "exports" main defined in %s`, m.file())}
	}
	return "", &resolveError{
		"ERR_PACKAGE_PATH_NOT_EXPORTED",
		fmt.Sprintf(`Package subpath '%s' is not defined by "exports" in %s`, subpath, m.file()),
	}
}

// fromImports finds what a request that starts with # stands for in the
// package around a folder.
func (r *resolver) fromImports(dir, request string, as mode) (resolution, error) {
	m, err := r.packages.around(dir)
	if err != nil {
		return resolution{}, err
	}
	if m != nil && m.imports != nil && request != "#" && !strings.HasPrefix(request, "#/") {
		t, star := m.imports.match(request)
		for _, kind := range as.kinds() {
			found := r.choose(m, t, star, kind)
			switch {
			case found == nil:
			case relative(found.text):
				path, err := m.inside(found.text, star, "imports")
				if err != nil {
					return resolution{}, err
				}
				return r.exactly(path)
			default:
				return r.resolve(m.dir, strings.ReplaceAll(found.text, "*", star), as)
			}
		}
	}
	message := fmt.Sprintf(`Package import specifier "%s" is not defined`, request)
	if m != nil {
		message += " in package " + m.file()
	}
	return resolution{}, &resolveError{"ERR_PACKAGE_IMPORT_NOT_DEFINED", message}
}

// match finds the entry for a key: the same key, or the pattern with the
// longest text before its star; star is what the star stands for.
func (t *target) match(key string) (found *target, star string) {
	if exact, ok := t.fields[key]; ok && !strings.Contains(key, "*") {
		return exact, ""
	}
	best := ""
	for _, pattern := range t.keys {
		before, after, isPattern := strings.Cut(pattern, "*")
		if !isPattern || len(key) < len(pattern) || !strings.HasPrefix(key, before) || !strings.HasSuffix(key, after) {
			continue
		}
		bestBefore, _, _ := strings.Cut(best, "*")
		if found == nil || len(before) > len(bestBefore) || len(before) == len(bestBefore) && len(pattern) > len(best) {
			best, found = pattern, t.fields[pattern]
			star = key[len(before) : len(key)-len(after)]
		}
	}
	return found, star
}

// pick follows conditions down to a text, nil when none holds.
func (t *target) pick(conditions []string) *target {
	switch {
	case t == nil:
	case t.isText:
		return t
	case t.list != nil:
		for _, item := range t.list {
			if found := item.pick(conditions); found != nil {
				return found
			}
		}
	default:
		for _, key := range t.keys {
			if key != "default" && key != conditions[0] && key != conditions[1] {
				continue
			}
			found := t.fields[key]
			if found.forbids() {
				return nil
			}
			if found = found.pick(conditions); found != nil {
				return found
			}
		}
	}
	return nil
}

// forbids tells whether t is null or false.
func (t *target) forbids() bool { return !t.isText && t.list == nil && t.fields == nil }

// inside returns the path that a target names, which must be in the package.
func (m *manifest) inside(text, star, field string) (string, error) {
	if !strings.HasPrefix(text, "./") || leavesPackage(text[2:]) {
		return "", &resolveError{
			"ERR_INVALID_PACKAGE_TARGET",
			fmt.Sprintf(`Invalid "%s" target "%s" defined in the package config %s`, field, text, m.file()),
		}
	}
	if leavesPackage(star) {
		return "", &resolveError{"ERR_INVALID_MODULE_SPECIFIER", fmt.Sprintf(
			`Invalid module "%s" request is not a valid match in pattern "%s" for the "%s" resolution of %s`,
			star, text, field, m.file())}
	}
	return filepath.Join(m.dir, filepath.FromSlash(strings.ReplaceAll(text, "*", star))), nil
}

func leavesPackage(path string) bool {
	for _, part := range strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' }) {
		if part == "." || part == ".." || part == "node_modules" {
			return true
		}
	}
	return false
}
