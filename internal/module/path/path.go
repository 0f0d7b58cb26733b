// Package path is Node's module "path" in its POSIX form, with the one for
// Windows as win32.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package path

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// flavour is how the paths of one kind of system are read.
type flavour struct {
	sep, delimiter string
	normalize, dir func(path string) string
	root           func(path string) string // what no ".." leads out of
	isAbsolute     func(path string) bool
	base           func(path, suffix string) string
	join           func(parts ...string) string
	resolve        func(cwd string, parts ...string) string
	relative       func(cwd, from, to string) string
	namespaced     func(cwd, path string) string
}

var posix = flavour{
	sep: "/", delimiter: ":",
	normalize: Normalize, dir: Dir, base: Base, join: Join, resolve: Resolve,
	root:       func(path string) string { return path[:len(path)-len(strings.TrimPrefix(path, "/"))] },
	isAbsolute: func(path string) bool { return strings.HasPrefix(path, "/") },
	relative:   func(cwd, from, to string) string { return Relative(Resolve(cwd, from), Resolve(cwd, to)) },
	namespaced: func(_, path string) string { return path },
}

// Exports makes the exports of the module. cwd is what relative paths are
// resolved against.
func Exports(vm *goja.Runtime, cwd func() string) goja.Value {
	exports, win32 := posix.exports(vm, cwd), windows.exports(vm, cwd)
	for _, one := range []*goja.Object{exports, win32} {
		_ = one.Set("posix", exports)
		_ = one.Set("win32", win32)
	}
	return exports
}

func (f *flavour) exports(vm *goja.Runtime, cwd func() string) *goja.Object {
	exports := vm.NewObject()
	text := func(v goja.Value, name string) string {
		if !goja.IsString(v) {
			panic(nodeerr.ArgType(vm, name, "of type string", v))
		}
		return v.String()
	}
	type args = func(i int, name string) string
	define := func(name string, length int, f func(arg args, call goja.FunctionCall) any) {
		_ = exports.Set(name, eventloop.Function(vm, name, length, func(call goja.FunctionCall) goja.Value {
			return vm.ToValue(f(func(i int, name string) string { return text(call.Argument(i), name) }, call))
		}))
	}
	all := func(call goja.FunctionCall, name func(i int) string) []string {
		parts := make([]string, len(call.Arguments))
		for i, v := range call.Arguments {
			parts[i] = text(v, name(i))
		}
		return parts
	}
	define("join", 2, func(_ args, call goja.FunctionCall) any {
		return f.join(all(call, func(int) string { return "path" })...)
	})
	define("resolve", 2, func(_ args, call goja.FunctionCall) any {
		return f.resolve(cwd(), all(call, func(i int) string { return "paths[" + strconv.Itoa(i) + "]" })...)
	})
	define("normalize", 1, func(arg args, _ goja.FunctionCall) any { return f.normalize(arg(0, "path")) })
	define("isAbsolute", 1, func(arg args, _ goja.FunctionCall) any { return f.isAbsolute(arg(0, "path")) })
	define("dirname", 1, func(arg args, _ goja.FunctionCall) any { return f.dir(arg(0, "path")) })
	define("extname", 1, func(arg args, _ goja.FunctionCall) any { return extension(f.base(arg(0, "path"), "")) })
	define("basename", 2, func(arg args, call goja.FunctionCall) any {
		suffix := ""
		if !goja.IsUndefined(call.Argument(1)) {
			suffix = arg(1, "suffix")
		}
		return f.base(arg(0, "path"), suffix)
	})
	define("relative", 2, func(arg args, _ goja.FunctionCall) any { return f.relative(cwd(), arg(0, "from"), arg(1, "to")) })
	define("parse", 1, func(arg args, _ goja.FunctionCall) any { return f.parse(vm, arg(0, "path")) })
	define("format", 1, func(_ args, call goja.FunctionCall) any { return f.format(vm, call.Argument(0)) })
	define("toNamespacedPath", 1, func(_ args, call goja.FunctionCall) any {
		if v := call.Argument(0); !goja.IsString(v) || v.String() == "" {
			return v
		}
		return f.namespaced(cwd(), call.Argument(0).String())
	})
	_ = exports.Set("sep", f.sep)
	_ = exports.Set("delimiter", f.delimiter)
	return exports
}

// Normalize resolves "." and ".." and doubled slashes; a slash at the end stays.
func Normalize(path string) string {
	if path == "" {
		return "."
	}
	absolute, folder := path[0] == '/', strings.HasSuffix(path, "/")
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		switch {
		case part == "" || part == ".":
		case part == ".." && len(parts) > 0 && parts[len(parts)-1] != "..":
			parts = parts[:len(parts)-1]
		case part == ".." && absolute:
		default:
			parts = append(parts, part)
		}
	}
	clean := strings.Join(parts, "/")
	if clean == "" && !absolute {
		clean = "."
	}
	if clean != "" && folder {
		clean += "/"
	}
	if absolute {
		clean = "/" + clean
	}
	return clean
}

// Join joins the parts that are not empty and normalizes the result.
func Join(parts ...string) string {
	var used []string
	for _, part := range parts {
		if part != "" {
			used = append(used, part)
		}
	}
	return Normalize(strings.Join(used, "/"))
}

// Resolve goes from cwd through the parts to an absolute path without a slash
// at its end.
func Resolve(cwd string, parts ...string) string {
	path := cwd
	for _, part := range parts {
		switch {
		case part == "":
		case part[0] == '/':
			path = part
		default:
			path += "/" + part
		}
	}
	if clean := strings.TrimRight(Normalize(path), "/"); clean != "" {
		return clean
	}
	return "/"
}

// Dir returns the folder part of a path.
func Dir(path string) string {
	trimmed := strings.TrimRight(path, "/")
	i := strings.LastIndexByte(trimmed, '/')
	switch {
	case trimmed == "" && path != "":
		return "/"
	case i < 0:
		return "."
	}
	if dir := strings.TrimRight(trimmed[:i], "/"); dir != "" {
		return trimmed[:i]
	}
	if i == 1 {
		return "//"
	}
	return "/"
}

// Base returns the last part of a path, without the suffix unless that is all.
func Base(path, suffix string) string {
	if path == suffix {
		return ""
	}
	base := strings.TrimRight(path, "/")
	base = base[strings.LastIndexByte(base, '/')+1:]
	if base != suffix {
		base = strings.TrimSuffix(base, suffix)
	}
	return base
}

// extension returns the extension of the last part of a path, with its dot.
func extension(base string) string {
	i := strings.LastIndexByte(base, '.')
	if i <= 0 || base == ".." {
		return ""
	}
	return base[i:]
}

// Relative returns the way from one absolute path to another.
func Relative(from, to string) string {
	split := func(p string) []string { return strings.FieldsFunc(p, func(r rune) bool { return r == '/' }) }
	a, b := split(from), split(to)
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	var way []string
	for range a[same:] {
		way = append(way, "..")
	}
	return strings.Join(append(way, b[same:]...), "/")
}

func (f *flavour) parse(vm *goja.Runtime, path string) *goja.Object {
	root := f.root(path)
	dir, base := root, f.base(path[len(root):], "")
	if begin := strings.LastIndex(path[len(root):], base); base != "" && begin > 0 {
		dir = path[:len(root)+begin-1]
	}
	ext := extension(base)
	o := vm.NewObject()
	_ = o.Set("root", root)
	_ = o.Set("dir", dir)
	_ = o.Set("base", base)
	_ = o.Set("ext", ext)
	_ = o.Set("name", strings.TrimSuffix(base, ext))
	return o
}

func (f *flavour) format(vm *goja.Runtime, v goja.Value) string {
	o, ok := v.(*goja.Object)
	if !ok {
		panic(nodeerr.ArgType(vm, "pathObject", "of type object", v))
	}
	get := func(name string) string {
		if v := o.Get(name); v != nil && v.ToBoolean() {
			return v.String()
		}
		return ""
	}
	dir, base := get("dir"), get("base")
	if dir == "" {
		dir = get("root")
	}
	if base == "" {
		ext := get("ext")
		if ext != "" && ext[0] != '.' {
			ext = "." + ext
		}
		base = get("name") + ext
	}
	if dir == "" || dir == get("root") {
		return dir + base
	}
	return dir + f.sep + base
}
