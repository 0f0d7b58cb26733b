package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// mqscriptModule makes the module "mqscript".
func (s *Script) mqscriptModule(globals map[string]goja.Value) goja.Value {
	vm := s.vm
	exports := vm.NewObject()
	_ = exports.Set("publish", globals["publish"])
	_ = exports.Set("exit", globals["exit"])
	_ = exports.Set("subscribe", eventloop.Function(vm, "subscribe", 2, s.subscribe))
	_ = exports.Set("unsubscribe", eventloop.Function(vm, "unsubscribe", 1, s.unsubscribe))
	_ = exports.Set("nextMessage", eventloop.Function(vm, "nextMessage", 2, s.nextMessage))
	_ = exports.Set("request", eventloop.Function(vm, "request", 3, s.request))
	_ = exports.Set("client", s.object(map[string]func() any{
		"id":              func() any { return s.opts.Host.Client().ID },
		"connected":       func() any { return s.opts.Host.Client().Connected },
		"url":             func() any { return s.opts.Host.Client().URL },
		"protocolVersion": func() any { return int(s.opts.Host.Client().ProtocolVersion) },
	}, "id", "connected", "url", "protocolVersion"))
	_ = exports.Set("script", s.object(map[string]func() any{
		"name":    func() any { return s.opts.Name },
		"dataDir": func() any { return s.madeFolder(s.folders.Data) },
		"tmpDir":  func() any { return s.madeFolder(s.folders.Tmp) },
	}, "name", "dataDir", "tmpDir"))
	return exports
}

// object makes an object of getters, in that order.
func (s *Script) object(getters map[string]func() any, order ...string) *goja.Object {
	o := s.vm.NewObject()
	for _, name := range order {
		get := getters[name]
		getter := s.vm.ToValue(func(goja.FunctionCall) goja.Value { return s.vm.ToValue(get()) })
		_ = o.DefineAccessorProperty(name, getter, nil, goja.FLAG_FALSE, goja.FLAG_TRUE)
	}
	return o
}

// madeFolder returns the path of a folder after making it.
func (s *Script) madeFolder(folder func() (string, error)) string {
	path, err := folder()
	if err != nil {
		panic(nodeerr.New(s.vm, nodeerr.Error, "", err.Error()))
	}
	return path
}
