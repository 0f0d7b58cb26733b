// Package dns is Node's modules "dns" and "dns/promises": names looked up as
// the system does it, and records asked of name servers.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. Each
// question waits for its answer on a goroutine of the VM's native.Resources.
package dns

import (
	_ "embed" // the modules' source
	"net/netip"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed dns.js
var text string

var source = native.NewSource("dns", text)

// Exports makes the exports of "dns".
func Exports(env *native.Env) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		f.Sync("systemServers", func(native.Args) (any, error) { return systemServers(), nil })
		f.Sync("server", func(a native.Args) (any, error) {
			if server, ok := parseServer(a.String(0)); ok {
				return shownServer(server), nil
			}
			return nil, nil
		})
		f.Sync("version", func(a native.Args) (any, error) {
			address, err := netip.ParseAddr(a.String(0))
			if err != nil {
				return 0, nil //nolint:nilerr // the text is no address, which is the answer
			}
			return familyOf(address), nil
		})
		f.Callback("lookup", func(a native.Args) (any, native.Work) {
			return nil, lookup(env, a.String(0), a.Int(1))
		})
		f.Callback("service", func(a native.Args) (any, native.Work) {
			return nil, service(env, a.String(0), a.Int(1))
		})
		f.Callback("query", func(a native.Args) (any, native.Work) { return nil, query(env, a) })
	})
}

// Promises makes the exports of "dns/promises".
func Promises(env *native.Env) goja.Value {
	return env.Builtin("dns").ToObject(env.VM).Get("promises")
}
