// Package dgram is Node's module "dgram": sockets of UDP.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. What
// waits does so on goroutines of the VM's native.Resources. A socket has one
// receive and one send under way: what arrives meanwhile waits in the system's
// buffer for the socket, which drops what it has no room for.
package dgram

import (
	_ "embed" // the module's source
	"errors"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed dgram.js
var text string

var source = native.NewSource("dgram", text)

// Exports makes the exports of the module.
func Exports(env *native.Env) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		f.Sync("bind", func(a native.Args) (any, error) { return bind(env, a) })
		f.Callback("receive", func(a native.Args) (any, native.Work) { return nil, socketOf(a).receive })
		f.Callback("send", func(a native.Args) (any, native.Work) { return nil, socketOf(a).send(env, a) })
		f.Sync("close", func(a native.Args) (any, error) {
			socketOf(a).close()
			return nil, nil
		})
		f.Sync("address", func(a native.Args) (any, error) { return socketOf(a).address(), nil })
		f.Sync("allowed", func(a native.Args) (any, error) { return nil, env.Permissions.Connect(a.String(0), a.Int(1)) })
		for name, set := range settings {
			f.Sync(name, func(a native.Args) (any, error) {
				err := set(socketOf(a), a)
				var shown *nodeerr.System
				if err != nil && !errors.As(err, &shown) {
					err = nodeerr.SystemOf(name, err)
				}
				return nil, err
			})
		}
	})
}
