package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/absent"
	"github.com/mqscript/mqscript/internal/module/assert"
	"github.com/mqscript/mqscript/internal/module/asynchooks"
	"github.com/mqscript/mqscript/internal/module/crypto"
	"github.com/mqscript/mqscript/internal/module/encoding"
	"github.com/mqscript/mqscript/internal/module/events"
	"github.com/mqscript/mqscript/internal/module/fs"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/module/os"
	"github.com/mqscript/mqscript/internal/module/performance"
	"github.com/mqscript/mqscript/internal/module/querystring"
	"github.com/mqscript/mqscript/internal/module/readline"
	"github.com/mqscript/mqscript/internal/module/stream"
	"github.com/mqscript/mqscript/internal/module/stringdecoder"
	"github.com/mqscript/mqscript/internal/module/timers"
	"github.com/mqscript/mqscript/internal/module/ttqm"
	"github.com/mqscript/mqscript/internal/module/url"
	"github.com/mqscript/mqscript/internal/module/util"
	"github.com/mqscript/mqscript/internal/module/zlib"
)

// defineNatives adds the built-in modules and globals that are written in
// JavaScript on functions of Go.
func (s *Script) defineNatives() {
	env := &native.Env{
		VM: s.vm, Loop: s.loop, Buffers: s.buffers, Pool: &s.pool, Resources: &s.resources, Builtin: s.builtin,
		Permissions: s.opts.Permissions,
	}
	s.env = env
	encoding.Install(env)
	s.installWeb(env)
	timers.Install(env)
	s.installHTTP(env)
	for name, exports := range map[string]func(*native.Env) goja.Value{
		"assert":            assert.Exports,
		"assert/strict":     assert.Strict,
		"async_hooks":       asynchooks.Exports,
		"constants":         os.Constants,
		"crypto":            crypto.Exports,
		"events":            events.Exports,
		"fs":                func(env *native.Env) goja.Value { return fs.Exports(env, s.folders) },
		"fs/promises":       fs.Promises,
		"module":            func(*native.Env) goja.Value { return s.modules.Exports() },
		"os":                func(env *native.Env) goja.Value { return os.Exports(env, s.folders.Tmp, s.folders.Data) },
		"perf_hooks":        func(env *native.Env) goja.Value { return performance.Exports(env, s.began) },
		"querystring":       querystring.Exports,
		"readline":          readline.Exports,
		"readline/promises": readline.Promises,
		"stream":            stream.Exports,
		"stream/consumers":  stream.Consumers,
		"stream/promises":   stream.Promises,
		"string_decoder":    stringdecoder.Exports,
		"timers":            timers.Exports,
		"timers/promises":   timers.Promises,
		"url":               url.Exports,
		"sys":               func(*native.Env) goja.Value { return s.builtin("util") },
		"util":              func(env *native.Env) goja.Value { return util.Exports(env, s.inspector) },
		"util/types":        util.Types,
		"zlib":              zlib.Exports,
	} {
		s.modules.Define(name, func() goja.Value { return exports(env) })
	}
	s.modules.Define("@ttqm/ttqm-support", func() goja.Value { return ttqm.Exports(env) })
	for name, part := range absent.Modules {
		s.modules.Define(name, func() goja.Value { return s.builtin("internal/absent").(*goja.Object).Get(part) })
	}
	s.defineSockets(env)
}
