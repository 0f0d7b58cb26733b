package process

import (
	_ "embed" // the source of what makes process an EventEmitter
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed events.js
var eventsText string

var eventsSource = native.NewSource("internal/process", eventsText)

// emitting are the names that make process an EventEmitter when one is read, and
// what is made along with that.
const emitting = `addListener emit emitWarning eventNames getegid geteuid getgid getMaxListeners getuid listenerCount listeners off on once
	prependListener prependOnceListener rawListeners removeAllListeners removeListener setMaxListeners`

// missing are names of Node's process that a script's has not.
const missing = `abort binding chdir dlopen getgroups initgroups kill loadEnvFile openStdin
	resourceUsage setegid seteuid setgid setgroups setuid setUncaughtExceptionCaptureCallback
	hasUncaughtExceptionCaptureCallback`

// Events are the events of process, for whoever ends the script or reports what
// it did not catch. Its methods are called on the loop.
type Events struct {
	process *goja.Object
	env     *native.Env
	warn    func(text string)
	exit    func(goja.FunctionCall) goja.Value

	ending, failed goja.Callable // nil as long as the script has not asked for events
}

// NewEvents prepares the events of a process. exit ends the script, warn writes
// a warning.
func NewEvents(env *native.Env, process *engine.Lazy, exit func(goja.FunctionCall) goja.Value, warn func(text string)) *Events {
	e := &Events{process: process.Object(), env: env, warn: warn, exit: exit}
	process.SetPrototype(e.prototype)
	return e
}

// prototype makes what process inherits.
func (e *Events) prototype() *goja.Object {
	vm := e.env.VM
	prototype := engine.NewLazy(vm, vm.NewObject().Prototype())
	for _, name := range append(strings.Fields(emitting), strings.Fields(missing)...) {
		get := func() goja.Value {
			e.begin()
			return e.process.Get(name)
		}
		set := func(v goja.Value) {
			_ = e.process.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
		}
		prototype.DefineAccessor(name, get, set)
	}
	return prototype.Object()
}

// begin makes process an EventEmitter.
func (e *Events) begin() {
	if e.ending != nil {
		return
	}
	made := e.env.Exports(eventsSource, func(f *native.Functions) {
		f.Value("process", e.process)
		f.Value("missing", strings.Join(strings.Fields(missing), " "))
		f.Raw("exit", e.exit)
		f.Sync("warn", func(a native.Args) (any, error) {
			e.warn(a.String(0))
			return nil, nil
		})
	}).(*goja.Object)
	e.ending, _ = goja.AssertFunction(made.Get("ending"))
	e.failed, _ = goja.AssertFunction(made.Get("failed"))
}

// Ending tells those who listen to "exit". A nil Events has nobody who does.
func (e *Events) Ending() error {
	if e == nil || e.ending == nil {
		return nil
	}
	_, err := e.ending(goja.Undefined())
	return err
}

// Failed gives what nobody caught to those who listen for it: an exception, or
// the reason of a promise's rejection. It returns false when nobody does. A nil
// Events has nobody who does.
func (e *Events) Failed(value goja.Value, rejected bool, promise goja.Value) (bool, error) {
	if e == nil || e.failed == nil {
		return false, nil
	}
	if promise == nil {
		promise = goja.Undefined()
	}
	v, err := e.failed(goja.Undefined(), e.env.VM.ToValue(rejected), value, promise)
	return err == nil && v.ToBoolean(), err
}
