package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/crypto"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/module/stringdecoder"
)

// defineNatives adds the built-in modules that are written in JavaScript on
// functions of Go.
func (s *Script) defineNatives() {
	env := &native.Env{VM: s.vm, Loop: s.loop, Buffers: s.buffers, Pool: &s.pool, Builtin: s.modules.Builtin}
	for name, exports := range map[string]func(*native.Env) goja.Value{
		"crypto":         crypto.Exports,
		"string_decoder": stringdecoder.Exports,
	} {
		s.modules.Define(name, func() goja.Value { return exports(env) })
	}
}
