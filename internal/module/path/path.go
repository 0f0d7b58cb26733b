// Package path is Node's module "path" in its POSIX form.
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

// Exports makes the exports of the module. cwd is what relative paths are
// resolved against.
func Exports(vm *goja.Runtime, cwd func() string) goja.Value {
	exports := vm.NewObject()
	text := func(v goja.Value, name string) string {
		if !goja.IsString(v) {
			panic(nodeerr.ArgType(vm, name, "of type string", v))
		}
		return v.String()
	}
	define := func(name string, length int, f func(arg func(i int, name string) string, call goja.FunctionCall) any) {
		_ = exports.Set(name, eventloop.Function(vm, name, length, func(call goja.FunctionCall) goja.Value {
			return vm.ToValue(f(func(i int, name string) string { return text(call.Argument(i), name) }, call))
		}))
	}
	all := func(call goja.FunctionCall, name string) []string {
		parts := make([]string, len(call.Arguments))
		for i, v := range call.Arguments {
			parts[i] = text(v, name)
		}
		return parts
	}
	type args = func(i int, name string) string
	define("join", 2, func(_ args, call goja.FunctionCall) any { return Join(all(call, "path")...) })
	define("resolve", 2, func(_ args, call goja.FunctionCall) any {
		for i, v := range call.Arguments {
			text(v, "paths["+strconv.Itoa(i)+"]")
		}
		return Resolve(cwd(), all(call, "paths")...)
	})
	define("normalize", 1, func(arg args, _ goja.FunctionCall) any { return Normalize(arg(0, "path")) })
	define("isAbsolute", 1, func(arg args, _ goja.FunctionCall) any { return strings.HasPrefix(arg(0, "path"), "/") })
	define("dirname", 1, func(arg args, _ goja.FunctionCall) any { return Dir(arg(0, "path")) })
	define("extname", 1, func(arg args, _ goja.FunctionCall) any { return Ext(arg(0, "path")) })
	define("basename", 2, func(arg args, call goja.FunctionCall) any {
		suffix := ""
		if !goja.IsUndefined(call.Argument(1)) {
			suffix = arg(1, "suffix")
		}
		return Base(arg(0, "path"), suffix)
	})
	define("relative", 2, func(arg args, _ goja.FunctionCall) any {
		return Relative(Resolve(cwd(), arg(0, "from")), Resolve(cwd(), arg(1, "to")))
	})
	define("parse", 1, func(arg args, _ goja.FunctionCall) any { return parse(vm, arg(0, "path")) })
	define("format", 1, func(_ args, call goja.FunctionCall) any { return format(vm, call.Argument(0)) })
	define("toNamespacedPath", 1, func(_ args, call goja.FunctionCall) any { return call.Argument(0) })
	_ = exports.Set("sep", "/")
	_ = exports.Set("delimiter", ":")
	_ = exports.Set("posix", exports)
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

// Ext returns the extension with its dot.
func Ext(path string) string {
	base := Base(path, "")
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

func parse(vm *goja.Runtime, path string) *goja.Object {
	root, dir, base := "", "", Base(path, "")
	if strings.HasPrefix(path, "/") {
		root = "/"
	}
	if trimmed := strings.TrimRight(path, "/"); strings.Contains(trimmed, "/") {
		dir = Dir(path)
	} else if root != "" {
		dir = root
	}
	ext := Ext(path)
	o := vm.NewObject()
	_ = o.Set("root", root)
	_ = o.Set("dir", dir)
	_ = o.Set("base", base)
	_ = o.Set("ext", ext)
	_ = o.Set("name", strings.TrimSuffix(base, ext))
	return o
}

func format(vm *goja.Runtime, v goja.Value) string {
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
	return dir + "/" + base
}
