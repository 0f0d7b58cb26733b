package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/absent"
	"github.com/mqscript/mqscript/internal/module/assert"
	"github.com/mqscript/mqscript/internal/module/ecma"
	"github.com/mqscript/mqscript/internal/module/event"
	"github.com/mqscript/mqscript/internal/module/intl"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/module/storejs"
	"github.com/mqscript/mqscript/internal/module/topicmap"
)

// installWeb defines the globals of the web platform that are written in
// JavaScript. Each is made when it is first used.
func (s *Script) installWeb(env *native.Env) {
	s.internals = map[string]func() goja.Value{
		"internal/store":  func() goja.Value { return storejs.Exports(env, s.store) },
		"internal/topics": func() goja.Value { return topicmap.Exports(env) },
		"internal/event":  func() goja.Value { return event.Exports(env, s.began) },
		"internal/equal":  func() goja.Value { return assert.Equal(env) },
		"internal/absent": func() goja.Value { return absent.Exports(env) },
		"internal/ecma":   func() goja.Value { return ecma.Exports(env) },
		"internal/intl":   func() goja.Value { return intl.Exports(env) },
		"internal/weak":   func() goja.Value { return ecma.Weak(env) },
	}
	ecma.Install(env)
	intl.Install(env, func() *goja.Object { return s.builtin("internal/intl").(*goja.Object) })
	for module, names := range map[string][]string{
		"internal/event":  event.Globals,
		"url":             {"URL", "URLSearchParams"},
		"internal/intl":   {"Intl"},
		"internal/weak":   {"WeakRef", "FinalizationRegistry"},
		"internal/absent": {"MessagePort"},
	} {
		for _, name := range names {
			s.lazyGlobal(name, func() *goja.Object { return s.builtin(module).(*goja.Object).Get(name).(*goja.Object) })
		}
	}
}

// builtin returns the exports of a built-in module for other built-in modules:
// beyond what a script can require, that is what they share.
func (s *Script) builtin(name string) goja.Value {
	if v := s.shared[name]; v != nil {
		return v
	}
	if make := s.internals[name]; make != nil {
		if s.shared == nil {
			s.shared = map[string]goja.Value{}
		}
		s.shared[name] = make()
		return s.shared[name]
	}
	return s.modules.Builtin(name)
}
