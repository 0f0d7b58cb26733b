package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/console"
	"github.com/mqscript/mqscript/internal/module/inspect"
	"github.com/mqscript/mqscript/internal/packetjs"
)

// installGlobals gives the VM everything that a script finds there.
func (s *Script) installGlobals() {
	vm := s.vm
	s.uint8Array, _ = goja.AssertConstructor(vm.Get("Uint8Array"))
	s.buffers = buffer.New(vm)
	s.packets = packetjs.New(vm, s.buffers.Wrap)
	s.installErrors()
	s.inspector = inspect.New(vm, s.buffers)
	s.modules = module.NewSystem(s.loop)

	publish := eventloop.Function(vm, "publish", 3, s.publish)
	exit := eventloop.Function(vm, "exit", 0, s.exitNow)
	_ = vm.Set("Buffer", s.buffers.Constructor())
	_ = vm.Set("console", console.New(vm, s.opts.Console, s.inspector).Object())
	_ = vm.Set("publish", publish)
	_ = vm.Set("exit", exit)

	s.modules.Define("buffer", s.buffers.Exports)
	s.modules.Define("mqscript", func() goja.Value {
		exports := vm.NewObject()
		_ = exports.Set("publish", publish)
		_ = exports.Set("exit", exit)
		return exports
	})
}
