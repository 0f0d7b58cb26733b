package module

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/mqscript/mqscript/internal/permission"
)

// nodeModules are the modules of Node; those that are not built in here get a
// clear refusal in place of "cannot find module".
var nodeModules = " assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram " +
	"diagnostics_channel dns dns/promises domain events fs fs/promises http http2 https inspector module net os path " +
	"path/posix path/win32 perf_hooks process punycode querystring readline readline/promises repl stream " +
	"stream/consumers stream/promises stream/web string_decoder sys timers timers/promises tls trace_events tty " +
	"url util util/types v8 vm wasi worker_threads zlib "

// extensions are tried in this order when a request has none.
var extensions = []string{".js", ".cjs", ".mjs", ".json", ".ts", ".mts", ".cts"}

// sourceOf names the extensions that a TypeScript file may have when another
// names it by the one that it will have.
var sourceOf = map[string]string{".js": ".ts", ".mjs": ".mts", ".cjs": ".cts"}

// resolver finds the file that a request means.
type resolver struct {
	files    Files
	packages manifests
	builtin  func(name string) bool // tells whether a built-in module is there
	runnable map[string]bool        // see runs
}

// newResolver makes a resolver that finds every file.
func newResolver(builtin func(name string) bool) resolver {
	files := everything{}
	return resolver{files: files, packages: manifests{files: files, known: map[string]*manifest{}}, builtin: builtin, runnable: map[string]bool{}}
}

// resolution is what a request means: one of these.
type resolution struct {
	path    string // a file
	builtin string // a built-in module
	empty   bool   // a module that a package leaves out, by "browser"
}

// resolve finds what a request from a file in dir means. An error is one of
// those in resolve_error.go.
func (r *resolver) resolve(dir, request string, as mode) (resolution, error) {
	if r.builtin(request) {
		return resolution{builtin: request}, nil
	}
	if strings.HasPrefix(request, "file:") {
		request = filePath(request)
	}
	switch {
	case strings.HasPrefix(request, "node:"):
		return resolution{}, &builtinMissing{request}
	case strings.HasPrefix(request, "#"):
		return r.fromImports(dir, request, as)
	case relative(request) || filepath.IsAbs(request):
		path := filepath.FromSlash(request)
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		folderOnly := strings.HasSuffix(request, "/") || strings.HasSuffix("/"+request, "/.") || strings.HasSuffix("/"+request, "/..")
		return r.found(request, path, folderOnly)
	}
	return r.fromPackages(dir, request, as)
}

// isModule tells whether the name of a file or its package.json says that it
// is an ES module.
func (r *resolver) isModule(path string) (bool, error) {
	switch filepath.Ext(path) {
	case ".mjs", ".mts":
		return true, nil
	case ".js", ".ts":
		m, err := r.packages.around(filepath.Dir(path))
		return m != nil && m.module, err
	}
	return false, nil
}

// filePath is the path that a file: URL names.
func filePath(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Path == "" {
		return text
	}
	return u.Path
}

func relative(request string) bool {
	return request == "." || request == ".." ||
		strings.HasPrefix(request, "./") || strings.HasPrefix(request, "../")
}

// fromPackages finds a request that starts with the name of a package.
func (r *resolver) fromPackages(dir, request string, as mode) (resolution, error) {
	own, err := r.packages.around(dir)
	if err != nil {
		return resolution{}, err
	}
	if own != nil && strings.Contains(nodeModules, " "+request+" ") {
		if instead := own.browserEntry(request); instead != nil {
			return r.replaced(own, instead, as)
		}
	}
	name, subpath := splitRequest(request)
	if own != nil && own.exports != nil && own.name == name {
		path, err := r.fromExports(own, subpath, as)
		if err != nil {
			return resolution{}, err
		}
		return r.exactly(path)
	}
	install := name
	for _, folder := range folders(dir) {
		found, present, err := r.fromFolder(filepath.Join(folder, filepath.FromSlash(name)), request, subpath, as)
		if err == nil {
			return found, nil
		}
		var absent *notFound
		if !errors.As(err, &absent) || absent.request != request {
			return resolution{}, err
		}
		if present {
			install = ""
		}
	}
	if strings.Contains(nodeModules, " "+request+" ") {
		return resolution{}, &builtinMissing{request}
	}
	return resolution{}, &notFound{request: request, install: install}
}

// fromFolder finds a subpath of the package in a folder; present tells whether
// there is such a package.
func (r *resolver) fromFolder(dir, request, subpath string, as mode) (found resolution, present bool, err error) {
	m, err := r.packages.in(dir)
	if err != nil {
		return resolution{}, true, err
	}
	if m != nil && m.exports != nil {
		path, err := r.fromExports(m, subpath, as)
		if err != nil {
			return resolution{}, true, err
		}
		found, err = r.exactly(path)
		return found, true, err
	}
	found, err = r.found(request, filepath.Join(dir, filepath.FromSlash(subpath)), strings.HasSuffix(request, "/"))
	return found, m != nil, err
}

// splitRequest parts the name of a package from the path in it.
func splitRequest(request string) (name, subpath string) {
	n := 1
	if strings.HasPrefix(request, "@") {
		n = 2
	}
	parts := strings.SplitN(request, "/", n+1)
	if len(parts) <= n {
		return request, "."
	}
	return strings.Join(parts[:n], "/"), "./" + parts[n]
}

// folders lists the node_modules folders from dir to the root.
func folders(dir string) []string {
	var list []string
	for {
		if filepath.Base(dir) != "node_modules" {
			list = append(list, filepath.Join(dir, "node_modules"))
		}
		up := filepath.Dir(dir)
		if up == dir {
			return list
		}
		dir = up
	}
}

// exactly is for a path that a package.json names in full.
func (r *resolver) exactly(path string) (resolution, error) {
	if !r.isFile(path) {
		return resolution{}, &notFound{request: path}
	}
	return r.forBrowser(real(path))
}

// found looks for a path as a file and as a folder.
func (r *resolver) found(request, path string, folderOnly bool) (resolution, error) {
	if !folderOnly {
		if file := r.withExtension(path); file != "" {
			return r.forBrowser(real(file))
		}
	}
	m, err := r.packages.in(path)
	if err != nil {
		return resolution{}, err
	}
	file := ""
	if m != nil {
		file = r.entry(m)
	}
	if file == "" {
		file = r.withExtension(filepath.Join(path, "index"))
	}
	if file == "" {
		var denied *permission.Denied
		if _, err := r.files.StatCode(path); errors.As(err, &denied) {
			return resolution{}, denied
		}
		return resolution{}, &notFound{request: request}
	}
	return r.forBrowser(real(file))
}

// entry is the file that a package without "exports" is loaded from, "" when
// its package.json names none that is there.
func (r *resolver) entry(m *manifest) string {
	names := []string{m.main}
	if b := m.browser; b != nil {
		if b.isText {
			names = append(names, b.text)
		} else if dot := b.fields["."]; dot != nil && dot.isText {
			names = append(names, dot.text)
		}
	}
	first := ""
	for _, name := range names {
		if name == "" {
			continue
		}
		path := filepath.Join(m.dir, filepath.FromSlash(name))
		file := r.withExtension(path)
		if file == "" {
			file = r.withExtension(filepath.Join(path, "index"))
		}
		if file != "" && (len(names) == 1 || r.runs(file)) {
			return file
		}
		if first == "" {
			first = file
		}
	}
	return first
}

// browserEntry is the entry of the map in "browser" for a file or a request;
// nil when there is none.
func (m *manifest) browserEntry(key string) *target {
	if m.browser == nil || m.browser.fields == nil {
		return nil
	}
	instead := m.browser.fields[key]
	if instead == nil || instead.isText && instead.text == key {
		return nil
	}
	return instead
}

// replaced resolves what the map in "browser" has in place of a package.
func (r *resolver) replaced(m *manifest, instead *target, as mode) (resolution, error) {
	if !instead.isText {
		return resolution{empty: true}, nil
	}
	if relative(instead.text) {
		return r.found(instead.text, filepath.Join(m.dir, filepath.FromSlash(instead.text)), false)
	}
	name, subpath := splitRequest(instead.text)
	for _, folder := range folders(m.dir) {
		found, _, err := r.fromFolder(filepath.Join(folder, filepath.FromSlash(name)), instead.text, subpath, as)
		if err == nil {
			return found, nil
		}
	}
	return resolution{}, &notFound{request: instead.text, install: name}
}

func real(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		return p
	}
	return path
}

func (r *resolver) withExtension(path string) string {
	if r.isFile(path) {
		return path
	}
	for _, ext := range extensions {
		if r.isFile(path + ext) {
			return path + ext
		}
	}
	ext := filepath.Ext(path)
	if source := sourceOf[ext]; source != "" && r.isFile(strings.TrimSuffix(path, ext)+source) {
		return strings.TrimSuffix(path, ext) + source
	}
	return ""
}

func (r *resolver) isFile(path string) bool {
	info, err := r.files.StatCode(path)
	return err == nil && info.Mode().IsRegular()
}
