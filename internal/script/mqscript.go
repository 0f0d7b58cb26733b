package script

import (
	"maps"
	"path/filepath"
	"slices"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/store"
)

// mqscriptModule makes the module "mqscript".
func (s *Script) mqscriptModule(globals map[string]func() *goja.Object) goja.Value {
	vm := s.vm
	exports := vm.NewObject()
	_ = exports.Set("publish", globals["publish"]())
	_ = exports.Set("exit", globals["exit"]())
	_ = exports.Set("subscribe", eventloop.Function(vm, "subscribe", 2, s.rejecting(s.subscribe)))
	_ = exports.Set("unsubscribe", eventloop.Function(vm, "unsubscribe", 1, s.rejecting(s.unsubscribe)))
	_ = exports.Set("nextMessage", eventloop.Function(vm, "nextMessage", 2, s.rejecting(s.nextMessage)))
	_ = exports.Set("request", eventloop.Function(vm, "request", 3, s.rejecting(s.request)))
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
	store := vm.ToValue(func(goja.FunctionCall) goja.Value { return s.builtin("internal/store") })
	_ = exports.DefineAccessorProperty("store", store, nil, goja.FLAG_FALSE, goja.FLAG_TRUE)
	topicMap := vm.ToValue(func(goja.FunctionCall) goja.Value {
		return s.builtin("internal/topics").(*goja.Object).Get("TopicMap")
	})
	_ = exports.DefineAccessorProperty("TopicMap", topicMap, nil, goja.FLAG_FALSE, goja.FLAG_TRUE)
	_ = exports.Set("env", s.environment())
	return exports
}

// environment makes the frozen object of what the script may see of the
// environment, as it was at the start.
func (s *Script) environment() goja.Value {
	env := s.vm.NewObject()
	allowed := s.allowedEnv()
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		_ = env.DefineDataProperty(name, s.vm.ToValue(allowed[name]), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE)
	}
	freeze, ok := goja.AssertFunction(s.vm.Get("Object").(*goja.Object).Get("freeze"))
	if ok { // unless the script has taken it away
		_, _ = freeze(goja.Undefined(), env)
	}
	return env
}

// newStore makes the store that the options ask for.
func newStore(opts Options) *store.Store {
	config := opts.Store
	config.Name = opts.Name
	if config.File == "" && opts.DataDir != "" {
		config.File = filepath.Clean(opts.DataDir) + ".store"
	}
	return store.New(config)
}

// closeStore writes what the script gave to its store and closes it.
func (s *Script) closeStore() {
	if err := s.store.Close(); err != nil {
		s.opts.Console.Write(LevelWarn, "closing the store: "+err.Error())
	}
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
