package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/packetjs"
)

// OnLoop runs f on a script's goroutine.
func OnLoop(s *Script, f func(vm *goja.Runtime)) {
	s.loop.Answer(&onLoop{s, f})
}

type onLoop struct {
	s *Script
	f func(*goja.Runtime)
}

// Run implements eventloop.Job.
func (o *onLoop) Run() { o.f(o.s.vm) }

// Drop implements eventloop.Job.
func (*onLoop) Drop() {}

// Borrows tells whether onMessage of a loaded script is lent its payloads.
func Borrows(s *Script) bool { return s.handlers[onMessage].sees.borrows }

// Lends tells whether onMessage of a loaded script is lent one of the objects of
// its packet.
func Lends(s *Script, h packetjs.Held) bool { return s.handlers[onMessage].sees.view.Lends(h) }
