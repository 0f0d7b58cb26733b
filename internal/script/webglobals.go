package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/event"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/module/storejs"
)

// installWeb defines the globals of the web platform that are written in
// JavaScript. Each is made when it is first used.
func (s *Script) installWeb(env *native.Env) {
	s.internals = map[string]func() goja.Value{
		"internal/store": func() goja.Value { return storejs.Exports(env, s.store) },
		"internal/event": func() goja.Value { return event.Exports(env, s.began) },
	}
	for _, name := range event.Globals {
		s.lazyGlobal(name, func() *goja.Object {
			return s.builtin("internal/event").(*goja.Object).Get(name).(*goja.Object)
		})
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
