// Package fs is the part of Node's module "fs" that scripts have. A script
// reads the folder of its own file and the folders below it, and reads and
// writes its data and tmp folders; relative paths are in the data folder.
//
// # Concurrency
//
// A module belongs to one VM and is used on that VM's goroutine only. The
// functions of fs.promises do their work at once, on that goroutine, and
// return settled promises.
package fs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/buffer"
)

// Module is fs for one VM.
type Module struct {
	loop    *eventloop.Loop
	vm      *goja.Runtime
	buffers *buffer.Class
	folders *Folders

	exports, promises *goja.Object
}

// operation is a function of fs: a failure or an object is thrown.
type operation struct {
	name   string
	length int
	run    func(args arguments) (goja.Value, error)
}

// thrown is an error that is an object already.
type thrown struct{ object *goja.Object }

// Error returns the object's text.
func (t *thrown) Error() string { return t.object.String() }

// New makes the module.
func New(loop *eventloop.Loop, buffers *buffer.Class, folders *Folders) *Module {
	m := &Module{loop: loop, vm: loop.VM(), buffers: buffers, folders: folders}
	m.exports, m.promises = m.vm.NewObject(), m.vm.NewObject()
	for _, op := range []operation{
		{"readFile", 2, m.readFile},
		{"writeFile", 3, m.writeFile},
		{"appendFile", 3, m.appendFile},
		{"mkdir", 2, m.mkdir},
		{"readdir", 2, m.readdir},
		{"stat", 2, m.stat},
		{"unlink", 1, m.unlink},
		{"rm", 2, m.rm},
		{"rename", 2, m.rename},
		{"access", 2, m.access},
	} {
		m.define(op)
	}
	_ = m.exports.Set("existsSync", eventloop.Function(m.vm, "existsSync", 1, func(call goja.FunctionCall) goja.Value {
		_, err := m.access(arguments{m, call.Arguments})
		return m.vm.ToValue(err == nil)
	}))
	constants := m.vm.NewObject()
	for name, value := range map[string]int{"F_OK": 0, "R_OK": 4, "W_OK": 2, "X_OK": 1} {
		_ = constants.Set(name, value)
	}
	_ = m.exports.Set("constants", constants)
	_ = m.promises.Set("constants", constants)
	_ = m.exports.Set("promises", m.promises)
	return m
}

// Exports returns the exports of "fs".
func (m *Module) Exports() goja.Value { return m.exports }

// Promises returns the exports of "fs/promises".
func (m *Module) Promises() goja.Value { return m.promises }

// define makes both forms of an operation.
func (m *Module) define(op operation) {
	_ = m.exports.Set(op.name+"Sync", eventloop.Function(m.vm, op.name+"Sync", op.length, func(call goja.FunctionCall) goja.Value {
		v, err := op.run(arguments{m, call.Arguments})
		if err != nil {
			panic(m.errorObject(err))
		}
		return v
	}))
	_ = m.promises.Set(op.name, eventloop.Function(m.vm, op.name, op.length, func(call goja.FunctionCall) goja.Value {
		d := m.loop.Defer()
		v, err := op.run(arguments{m, call.Arguments})
		if err != nil {
			d.Reject(m.errorObject(err))
		} else {
			d.Resolve(v)
		}
		return d.Promise()
	}))
}

func (m *Module) errorObject(err error) *goja.Object {
	var failed *failure
	if errors.As(err, &failed) {
		return failed.object(m.vm)
	}
	var raised *thrown
	if errors.As(err, &raised) {
		return raised.object
	}
	return nodeerr.New(m.vm, nodeerr.Error, "", err.Error())
}

// Unwrap returns the cause.
func (f *failure) Unwrap() error { return f.err }

// Error returns the failure's text, without Node's form.
func (f *failure) Error() string { return fmt.Sprintf("%s %s: %v", f.call, f.path, f.err) }

// arguments are the arguments of a call.
type arguments struct {
	m    *Module
	list []goja.Value
}

func (a arguments) at(i int) goja.Value {
	if i < len(a.list) {
		return a.list[i]
	}
	return goja.Undefined()
}

// path reads a path: a string, a Buffer, or a file URL.
func (a arguments) path(i int) (string, error) {
	v := a.at(i)
	if goja.IsString(v) {
		return a.m.folders.absolute(v.String()), nil
	}
	if data, ok := a.m.buffers.Memory(v); ok && a.m.buffers.Is(v) {
		return a.m.folders.absolute(string(data)), nil
	}
	if obj, ok := v.(*goja.Object); ok {
		if href := obj.Get("href"); href != nil && goja.IsString(href) {
			if u, err := url.Parse(href.String()); err == nil && u.Scheme == "file" {
				return a.m.folders.absolute(u.Path), nil
			}
		}
	}
	return "", &thrown{nodeerr.ArgType(a.m.vm, "path", "of type string or an instance of Buffer or URL", v)}
}

// option reads a named option of an argument that may be an object.
func (a arguments) option(i int, name string) goja.Value {
	if obj, ok := a.at(i).(*goja.Object); ok {
		if v := obj.Get(name); v != nil {
			return v
		}
	}
	return goja.Undefined()
}

// encoding reads an encoding given as a string or as an option; 0: none.
func (a arguments) encoding(i int) (buffer.Encoding, error) {
	v := a.at(i)
	if !goja.IsString(v) {
		v = a.option(i, "encoding")
	}
	if !goja.IsString(v) || v.String() == "buffer" {
		return 0, nil
	}
	e := buffer.EncodingOf(v.String())
	if e == 0 {
		return 0, &thrown{nodeerr.New(a.m.vm, nodeerr.TypeError, nodeerr.InvalidArgValue,
			"The argument 'encoding' is invalid encoding. Received '"+v.String()+"'")}
	}
	return e, nil
}

// data reads what to write.
func (a arguments) data(i, options int) ([]byte, error) {
	v := a.at(i)
	if s, ok := v.(goja.String); ok {
		e, err := a.encoding(options)
		if err != nil {
			return nil, err
		}
		return e.Decode(s), nil
	}
	if data, ok := a.m.buffers.Memory(v); ok {
		return data, nil
	}
	return nil, &thrown{nodeerr.ArgType(a.m.vm, "data",
		"of type string or an instance of Buffer, TypedArray, or DataView", v)}
}

// open finds the tree that a path is in.
func (m *Module) open(call, path string, write bool) (*os.Root, string, error) {
	root, rel, err := m.folders.find(call, path, write)
	if err != nil {
		return nil, "", &failure{call, path, err}
	}
	return root, rel, nil
}

func (m *Module) readFile(a arguments) (goja.Value, error) {
	path, err := a.path(0)
	if err != nil {
		return nil, err
	}
	e, err := a.encoding(1)
	if err != nil {
		return nil, err
	}
	root, rel, err := m.open("read", path, false)
	if err != nil {
		return nil, err
	}
	data, err := m.read(root, rel, path)
	if err != nil {
		return nil, err
	}
	if e == 0 {
		return m.buffers.Wrap(data), nil
	}
	return e.Encode(m.vm, data), nil
}

func (m *Module) read(root *os.Root, rel, path string) ([]byte, error) {
	file, err := root.Open(rel)
	if err != nil {
		return nil, &failure{"open", path, err}
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	if err != nil {
		return nil, &failure{"fstat", path, err}
	}
	if info.Size() > buffer.MaxLength {
		return nil, &thrown{nodeerr.New(m.vm, nodeerr.RangeError, "ERR_FS_FILE_TOO_LARGE",
			fmt.Sprintf("File size (%d) is greater than %d bytes", info.Size(), buffer.MaxLength))}
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, &failure{"read", path, err}
	}
	return data, nil
}

func (m *Module) writeFile(a arguments) (goja.Value, error) {
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	switch flag := a.option(2, "flag"); {
	case !goja.IsString(flag) || flag.String() == "w":
	case flag.String() == "a":
		flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	case flag.String() == "wx":
		flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	default:
		return nil, &thrown{nodeerr.New(m.vm, nodeerr.TypeError, nodeerr.InvalidArgValue,
			"The argument 'flags' is invalid. Received '"+flag.String()+"'")}
	}
	return m.put(a, flags)
}

func (m *Module) appendFile(a arguments) (goja.Value, error) {
	return m.put(a, os.O_WRONLY|os.O_CREATE|os.O_APPEND)
}

func (m *Module) put(a arguments, flags int) (goja.Value, error) {
	path, err := a.path(0)
	if err != nil {
		return nil, err
	}
	data, err := a.data(1, 2)
	if err != nil {
		return nil, err
	}
	root, rel, err := m.open("open", path, true)
	if err != nil {
		return nil, err
	}
	file, err := root.OpenFile(rel, flags, 0o666)
	if err != nil {
		return nil, &failure{"open", path, err}
	}
	_, err = file.Write(data)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, &failure{"write", path, err}
	}
	return goja.Undefined(), nil
}

func (m *Module) access(a arguments) (goja.Value, error) {
	_, err := m.info(a, "access")
	return goja.Undefined(), err
}

func (m *Module) info(a arguments, call string) (fs.FileInfo, error) {
	path, err := a.path(0)
	if err != nil {
		return nil, err
	}
	root, rel, err := m.folders.find(call, path, false)
	if err != nil {
		return nil, &failure{"read", path, err}
	}
	info, err := root.Stat(rel)
	if err != nil {
		return nil, &failure{call, path, err}
	}
	return info, nil
}
