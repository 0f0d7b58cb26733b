// Package fs is Node's module "fs". A script reads the folder of its own file
// and the folders below it, and reads and writes its data and tmp folders;
// relative paths are in the data folder. What it may use besides is the
// permission.Policy's to say.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. The
// operations behind them touch no VM: those with callbacks and promises run on
// goroutines of the script's Resources, eight at a time, and wait for each
// other's turn in a queue of the VM.
package fs

import (
	"context"
	"embed"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("fs", files, "calls", "stats", "paths", "descriptors", "handle", "streams", "fs")

// Exports makes the exports of "fs". What is open when the script ends is
// closed with the Resources.
func Exports(env *native.Env, folders *Folders) goja.Value {
	s := &system{folders: folders, open: make(map[int]*file)}
	env.Resources.Hold(s)
	return parts.Exports(env, env.VM.NewObject(), func(_ string, f *native.Functions) {
		f.Sync("now", func(a native.Args) (any, error) { return s.run(a.String(0), read(a, false)) })
		f.Wait("later", func(a native.Args) native.Work {
			name, args := a.String(0), read(a, true)
			return func(context.Context) (any, error) { return s.run(name, args) }
		})
	})
}

// Promises returns the exports of "fs/promises".
func Promises(env *native.Env) goja.Value { return env.Builtin("fs").(*goja.Object).Get("promises") }

// arguments are those of one operation: nil, bool, string, float64 and []byte.
type arguments []any

// read takes the arguments behind the name of the operation; bytes are copied
// for work that runs while JavaScript goes on.
func read(a native.Args, copied bool) arguments {
	list := make(arguments, a.Len()-1)
	for i := range list {
		v := a.At(i + 1)
		switch {
		case goja.IsUndefined(v) || goja.IsNull(v):
		case goja.IsString(v):
			list[i] = v.String()
		case goja.IsNumber(v):
			list[i] = v.ToFloat()
		default:
			if data := a.Bytes(i + 1); data == nil {
				list[i] = v.ToBoolean()
			} else if copied {
				list[i] = a.Copy(i + 1)
			} else {
				list[i] = data
			}
		}
	}
	return list
}

func (a arguments) given(i int) bool { return i < len(a) && a[i] != nil }

func (a arguments) text(i int) string {
	s, _ := a[i].(string)
	return s
}

func (a arguments) number(i int) int64 {
	n, _ := a[i].(float64)
	return int64(n)
}

func (a arguments) flag(i int) bool {
	b, _ := a[i].(bool)
	return b
}

func (a arguments) bytes(i int) []byte {
	b, _ := a[i].([]byte)
	return b
}
