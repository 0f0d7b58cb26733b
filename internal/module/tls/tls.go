// Package tls is Node's module "tls" on Go's crypto/tls: TLS 1.2 and 1.3, as
// client and as server, over the sockets of the module net.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
// Handshakes run on goroutines of the VM's native.Resources; when a server asks
// the script for a certificate the handshake waits for its answer.
package tls

import (
	"crypto/tls"
	_ "embed" // the module's source
	"net/netip"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed tls.js
var text string

var source = native.NewSource("tls", text)

// Exports makes the exports of the module.
func Exports(env *native.Env) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		f.Sync("context", func(a native.Args) (any, error) { return newContext(env, a) })
		f.Sync("session", func(a native.Args) (any, error) { return newSession(env, a) })
		f.Callback("handshake", func(a native.Args) (any, native.Work) { return nil, sessionOf(a).handshake })
		f.Callback("hello", func(a native.Args) (any, native.Work) { return nil, sessionOf(a).hello })
		f.Sync("choose", func(a native.Args) (any, error) {
			chosen, _ := a.Handle(1).(*secureContext)
			sessionOf(a).choose(chosen, a.Bool(2))
			return nil, nil
		})
		f.Sync("info", func(a native.Args) (any, error) { return sessionOf(a).info(env), nil })
		f.Sync("canonical", func(a native.Args) (any, error) {
			address, err := netip.ParseAddr(a.String(0))
			if err != nil {
				return a.String(0), nil
			}
			return address.Unmap().String(), nil
		})
		f.Sync("ciphers", func(native.Args) (any, error) { return cipherNames(), nil })
		f.Sync("keyingMaterial", func(a native.Args) (any, error) {
			state := sessionOf(a).state()
			var context []byte
			if a.Given(3) {
				context = a.Copy(3)
			}
			return state.ExportKeyingMaterial(a.String(2), context, a.Int(1))
		})
	})
}

// sessionOf returns the session that the first argument stands for; one that
// ends at once for anything else.
func sessionOf(a native.Args) *session {
	if s, ok := a.Handle(0).(*session); ok {
		return s
	}
	return &session{err: errNone}
}

// versions are the protocol versions by their names.
var versions = map[string]uint16{"TLSv1.2": tls.VersionTLS12, "TLSv1.3": tls.VersionTLS13}

func versionName(v uint16) string {
	for name, number := range versions {
		if number == v {
			return name
		}
	}
	return ""
}
