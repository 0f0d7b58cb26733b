package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/dgram"
	"github.com/mqscript/mqscript/internal/module/dns"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/module/net"
	"github.com/mqscript/mqscript/internal/module/tls"
)

// defineSockets adds the built-in modules that reach the network below HTTP.
func (s *Script) defineSockets(env *native.Env) {
	for name, exports := range map[string]func(*native.Env) goja.Value{
		"dgram":        dgram.Exports,
		"dns":          dns.Exports,
		"dns/promises": dns.Promises,
		"net":          net.Exports,
		"tls":          tls.Exports,
	} {
		s.modules.Define(name, func() goja.Value { return exports(env) })
	}
}
