// Package net is Node's module "net": sockets of TCP and of the file system,
// and servers for them.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. What
// waits, such as a read, does so on a goroutine of the VM's native.Resources,
// which close every connection and server when the script ends. A connection
// has at most one read and one write under way: a stream asks for more only
// when it has taken what came, so that the peer is held up by the network.
package net

import (
	"embed"
	"net"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("net", files, "address", "socket", "server")

// Exports makes the exports of the module: those of its last part.
func Exports(env *native.Env) goja.Value {
	return parts.Exports(env, env.VM.NewObject(), func(_ string, f *native.Functions) {
		define(env, f)
	})
}

// Socket makes a net.Socket of a connection that is open already. It is closed
// when the script ends. On the loop.
func Socket(env *native.Env, c net.Conn) goja.Value {
	_, held := NewConn(env.Resources, c)
	options := env.VM.NewObject()
	_ = options.Set("handle", held)
	socket, err := env.VM.New(env.Builtin("net").ToObject(env.VM).Get("Socket"), options)
	if err != nil {
		panic(err)
	}
	return socket
}

// define adds what the module is made of.
func define(env *native.Env, f *native.Functions) {
	f.Sync("isIP", func(a native.Args) (any, error) { return version(a.String(0)), nil })
	f.Sync("dial", func(a native.Args) (any, error) { return newDial(env, a) })
	f.Sync("cancel", func(a native.Args) (any, error) {
		if d, ok := a.Handle(0).(*dial); ok {
			d.cancel()
		}
		return nil, nil
	})
	f.Callback("connected", func(a native.Args) (any, native.Work) {
		d, _ := a.Handle(0).(*dial)
		return nil, d.connect
	})
	f.Sync("names", func(a native.Args) (any, error) { return ConnOf(a, 0).names(), nil })
	f.Callback("read", func(a native.Args) (any, native.Work) { return nil, ConnOf(a, 0).read })
	f.Sync("interrupt", func(a native.Args) (any, error) {
		ConnOf(a, 0).Interrupt()
		return nil, nil
	})
	f.Callback("write", func(a native.Args) (any, native.Work) { return nil, ConnOf(a, 0).write(a.Copy(1)) })
	f.Callback("shutdown", func(a native.Args) (any, native.Work) { return nil, ConnOf(a, 0).shutdown })
	f.Callback("close", func(a native.Args) (any, native.Work) { return nil, ConnOf(a, 0).close(a.Bool(1)) })
	f.Sync("setNoDelay", func(a native.Args) (any, error) {
		ConnOf(a, 0).setNoDelay(a.Bool(1))
		return nil, nil
	})
	f.Sync("setKeepAlive", func(a native.Args) (any, error) {
		ConnOf(a, 0).setKeepAlive(a.Bool(1), a.Int(2))
		return nil, nil
	})
	f.Sync("listen", func(a native.Args) (any, error) { return listen(env, a) })
	f.Sync("listeningAt", func(a native.Args) (any, error) { return listenerOf(a).address(), nil })
	f.Callback("accept", func(a native.Args) (any, native.Work) { return nil, listenerOf(a).accept(env.Resources) })
	f.Callback("closeServer", func(a native.Args) (any, native.Work) { return nil, listenerOf(a).close })
}
