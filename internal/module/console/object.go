package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/module/inspect"
	"github.com/mqscript/mqscript/internal/module/stack"
)

// Console is the console object of one VM.
type Console struct {
	vm     *goja.Runtime
	out    Writer
	in     *inspect.Inspector
	object *engine.Lazy
	indent string // of the open groups
	counts map[string]int
	timers map[string]time.Time
}

// New creates a console. It becomes no global by that.
func New(vm *goja.Runtime, out Writer, in *inspect.Inspector) *Console {
	c := &Console{
		vm: vm, out: out, in: in, object: engine.NewLazy(vm, vm.NewObject().Prototype()),
		counts: make(map[string]int), timers: make(map[string]time.Time),
	}
	for _, l := range []Level{LevelLog, LevelInfo, LevelDebug, LevelWarn, LevelError} {
		c.define(l.String(), func(args []goja.Value) { c.write(l, in.Format(args)) })
	}
	c.define("trace", c.trace)
	c.define("assert", c.assert)
	c.define("dir", c.dir)
	c.define("dirxml", func(args []goja.Value) { c.write(LevelLog, in.Format(args)) })
	c.define("table", c.table)
	c.define("group", c.group)
	c.define("groupCollapsed", c.group)
	c.define("groupEnd", func([]goja.Value) { c.indent = strings.TrimSuffix(c.indent, "  ") })
	c.define("count", c.count)
	c.define("countReset", c.countReset)
	for _, name := range []string{"clear", "timeStamp", "profile", "profileEnd"} { // for terminals and inspectors
		c.define(name, func([]goja.Value) {})
	}
	c.define("time", c.time)
	c.define("timeLog", func(args []goja.Value) { c.timeLog("timeLog", args) })
	c.define("timeEnd", func(args []goja.Value) {
		c.timeLog("timeEnd", args[:min(len(args), 1)])
		delete(c.timers, label(args))
	})
	return c
}

// Object returns the console for JavaScript.
func (c *Console) Object() *goja.Object { return c.object.Object() }

func (c *Console) define(name string, f func(args []goja.Value)) {
	c.object.DefineEnumerable(name, func() goja.Value {
		fn := c.vm.ToValue(func(call goja.FunctionCall) goja.Value {
			f(call.Arguments)
			return goja.Undefined()
		}).(*goja.Object)
		_ = fn.DefineDataProperty("name", c.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		return fn
	})
}

// write sends one call's text, every line indented by the open groups.
func (c *Console) write(level Level, text string) {
	if strings.Contains(text, "\n\tat ") { // error.stack as goja writes it
		text = stack.Tidy(text)
	}
	if c.indent != "" {
		text = c.indent + strings.ReplaceAll(text, "\n", "\n"+c.indent)
	}
	c.out.Write(level, text)
}

func (c *Console) trace(args []goja.Value) {
	text := "Trace"
	if len(args) > 0 {
		text += ": " + c.in.Format(args)
	}
	frames := c.vm.CaptureCallStack(0, nil)
	c.write(LevelError, text+stack.Frames(frames))
}

func (c *Console) assert(args []goja.Value) {
	if len(args) > 0 && args[0].ToBoolean() {
		return
	}
	text := "Assertion failed"
	if len(args) > 1 {
		first := c.vm.ToValue(text + ": " + args[1].String())
		text = c.in.Format(append([]goja.Value{first}, args[2:]...))
	}
	c.write(LevelWarn, text)
}

func (c *Console) dir(args []goja.Value) {
	v, opts := goja.Undefined(), goja.Undefined()
	if len(args) > 0 {
		v = args[0]
	}
	if len(args) > 1 {
		opts = args[1]
	}
	o := inspect.OptionsFrom(opts)
	o.NoCustom = true
	c.write(LevelLog, c.in.InspectWith(v, o))
}

func (c *Console) group(args []goja.Value) {
	if len(args) > 0 {
		c.write(LevelLog, c.in.Format(args))
	}
	c.indent += "  "
}

// label is the name of a counter or timer.
func label(args []goja.Value) string {
	if len(args) == 0 || goja.IsUndefined(args[0]) {
		return "default"
	}
	return args[0].String()
}

func (c *Console) count(args []goja.Value) {
	name := label(args)
	c.counts[name]++
	c.write(LevelLog, fmt.Sprintf("%s: %d", name, c.counts[name]))
}

func (c *Console) countReset(args []goja.Value) {
	name := label(args)
	if _, ok := c.counts[name]; !ok {
		c.write(LevelWarn, fmt.Sprintf("Warning: Count for '%s' does not exist", name))
		return
	}
	delete(c.counts, name)
}

func (c *Console) time(args []goja.Value) {
	name := label(args)
	if _, ok := c.timers[name]; ok {
		c.write(LevelWarn, fmt.Sprintf("Warning: Label '%s' already exists for console.time()", name))
		return
	}
	c.timers[name] = time.Now()
}

func (c *Console) timeLog(function string, args []goja.Value) {
	name := label(args)
	start, ok := c.timers[name]
	if !ok {
		c.write(LevelWarn, fmt.Sprintf("Warning: No such label '%s' for console.%s()", name, function))
		return
	}
	text := name + ": " + elapsed(time.Since(start))
	if len(args) > 1 {
		text += " " + c.in.Format(args[1:])
	}
	c.write(LevelLog, text)
}

// elapsed writes a duration as console.timeEnd does.
func elapsed(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%d:%02d:%02d (h:mm:ss)", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	case d >= time.Minute:
		s := d.Seconds() - 60*float64(int(d.Minutes()))
		return fmt.Sprintf("%d:%06.3f (m:ss.mmm)", int(d.Minutes()), s)
	case d >= time.Second:
		return fmt.Sprintf("%.3fs", d.Seconds())
	}
	text := fmt.Sprintf("%.3f", float64(d)/float64(time.Millisecond))
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "ms"
}
