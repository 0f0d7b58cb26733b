package module

import (
	"path/filepath"
	"regexp"
	"strings"
)

// A package may have one build for Node and one for browsers. The one for Node
// does more, so it is taken, unless it asks for a module of Node that is not
// here.

// runs tells whether a file asks for no module of Node that is missing. A file
// that cannot be read is for others to complain about.
func (r *resolver) runs(path string) bool {
	known, ok := r.runnable[path]
	if !ok {
		known = true
		source, _ := r.files.ReadCode(path) // of no file nothing is missing
		for _, found := range requested.FindAllSubmatch(source, -1) {
			name := strings.TrimPrefix(string(found[1]), "node:")
			if strings.Contains(nodeModules, " "+name+" ") && (!r.builtin(name) || namesAlone[name]) {
				known = false
			}
		}
		r.runnable[path] = known
	}
	return known
}

// namesAlone are the modules of Node that are there and do next to nothing.
var namesAlone = map[string]bool{
	"child_process": true, "cluster": true, "domain": true, "inspector": true, "repl": true, "trace_events": true, "v8": true,
	"vm": true, "worker_threads": true,
}

// requested finds what a file requires or imports, as far as that stands there
// as text.
var requested = regexp.MustCompile(`(?:\brequire\(|\bfrom|\bimport|\bimport\()\s*["']([\w:/]+)["']`)

// choose picks a target for one kind of module: that for Node, or the one for
// browsers.
func (r *resolver) choose(m *manifest, t *target, star, kind string) *target {
	forNode, forBrowsers := t.pick([]string{"node", kind}), t.pick([]string{"browser", kind})
	switch {
	case forNode == nil:
		return forBrowsers
	case forBrowsers == nil || forBrowsers.text == forNode.text:
		return forNode
	}
	path := filepath.Join(m.dir, filepath.FromSlash(strings.ReplaceAll(forNode.text, "*", star)))
	if relative(forNode.text) && !r.runs(path) {
		return forBrowsers
	}
	return forNode
}

// forBrowser gives the file that a package has in place of one that does not
// run, by the map in its "browser".
func (r *resolver) forBrowser(path string) (resolution, error) {
	m, err := r.packages.around(filepath.Dir(path))
	if err != nil || m == nil || m.browser == nil || r.runs(path) {
		return resolution{path: path}, err
	}
	rel, err := filepath.Rel(m.dir, path)
	if err != nil {
		return resolution{path: path}, nil
	}
	key := "./" + filepath.ToSlash(rel)
	for _, k := range []string{key, strings.TrimSuffix(key, filepath.Ext(key)), strings.TrimSuffix(key, "/index.js")} {
		instead := m.browserEntry(k)
		switch {
		case instead == nil:
		case instead.forbids():
			return resolution{empty: true}, nil
		case relative(instead.text):
			if file := r.withExtension(filepath.Join(m.dir, filepath.FromSlash(instead.text))); file != "" {
				return resolution{path: real(file)}, nil
			}
		}
	}
	return resolution{path: path}, nil
}
