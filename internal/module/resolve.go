package module

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// builtinMissing is a module of Node's that scripts cannot have.
type builtinMissing struct{ name string }

// Error says that the module is not available.
func (e *builtinMissing) Error() string {
	return fmt.Sprintf("the module '%s' of Node is not available in scripts", e.name)
}

// nodeModules are the modules of Node; those that are not built in here get a
// clear refusal in place of "cannot find module".
var nodeModules = " assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram " +
	"diagnostics_channel dns dns/promises domain events fs fs/promises http http2 https inspector module net os path " +
	"path/posix path/win32 perf_hooks process punycode querystring readline readline/promises repl stream " +
	"stream/consumers stream/promises stream/web string_decoder sys timers timers/promises tls trace_events tty " +
	"url util util/types v8 vm wasi worker_threads zlib "

// extensions are tried in this order when a request has none.
var extensions = []string{".js", ".cjs", ".mjs", ".json", ".ts", ".mts", ".cts"}

// resolve finds the file that a request from a file in dir means.
func resolve(dir, request string) (string, error) {
	if relative(request) || filepath.IsAbs(request) {
		path := request
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, request)
		}
		if found := fileOrFolder(path, strings.HasSuffix(request, "/")); found != "" {
			return real(found), nil
		}
		return "", os.ErrNotExist
	}
	name, scheme := strings.CutPrefix(request, "node:")
	if scheme {
		return "", &builtinMissing{request}
	}
	for _, folder := range folders(dir) {
		if found := fileOrFolder(filepath.Join(folder, filepath.FromSlash(name)), false); found != "" {
			return real(found), nil
		}
	}
	if strings.Contains(nodeModules, " "+name+" ") {
		return "", &builtinMissing{name}
	}
	return "", os.ErrNotExist
}

func relative(request string) bool {
	return request == "." || request == ".." ||
		strings.HasPrefix(request, "./") || strings.HasPrefix(request, "../")
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

func real(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		return p
	}
	return path
}

// fileOrFolder tries the path as a file, with the extensions, and as a folder.
func fileOrFolder(path string, folderOnly bool) string {
	if !folderOnly {
		if found := withExtension(path); found != "" {
			return found
		}
	}
	if main := packageMain(path); main != "" {
		target := filepath.Join(path, main)
		if found := withExtension(target); found != "" {
			return found
		}
		if found := withExtension(filepath.Join(target, "index")); found != "" {
			return found
		}
	}
	return withExtension(filepath.Join(path, "index"))
}

func withExtension(path string) string {
	if isFile(path) {
		return path
	}
	for _, ext := range extensions {
		if isFile(path + ext) {
			return path + ext
		}
	}
	// A TypeScript file may name another by the extension it will have.
	if base, ok := strings.CutSuffix(path, ".js"); ok && isFile(base+".ts") {
		return base + ".ts"
	}
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// packageMain returns "main" of the folder's package.json.
func packageMain(dir string) string {
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return ""
	}
	var pkg struct {
		Main string `json:"main"`
	}
	if json.Unmarshal(data, &pkg) != nil {
		return ""
	}
	return pkg.Main
}
