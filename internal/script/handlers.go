package script

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"
)

// The handlers: one for each EventKind, by its number, and two more.
const (
	onMessage = int(EventPublish) + 1 + iota
	onWillExit
	handlerCount
)

var handlerNames = [handlerCount]string{
	EventConnect: "onConnect", EventReconnect: "onReconnect", EventDisconnect: "onDisconnect",
	EventClose: "onClose", EventEnd: "onEnd", EventError: "onError",
	EventPacketSend: "onPacketSend", EventPacketReceive: "onPacketReceive", EventPublish: "onPublish",
	onMessage: "onMessage", onWillExit: "onWillExit",
}

// handler is one exported function.
type handler struct {
	name string
	fn   goja.Callable // nil: not exported
	sees seen
}

// HandlerError is a module whose exports cannot be handlers.
type HandlerError struct {
	Message string
}

// Error returns the message.
func (e *HandlerError) Error() string { return e.Message }

// readExports finds the handlers in what the script's file exports.
func (s *Script) readExports(v goja.Value) error {
	exports, err := exportsObject(v)
	if err != nil {
		return err
	}
	s.exports = exports
	sources := []*goja.Object{exports}
	if es := exports.Get("__esModule"); es != nil && es.ToBoolean() {
		if def := exports.Get("default"); def != nil && !goja.IsUndefined(def) {
			obj, err := exportsObject(def)
			if err != nil {
				return err
			}
			sources = append(sources, obj)
			if len(handlersIn(exports)) == 0 {
				s.exports = obj
			}
		}
	}
	found := 0
	for _, source := range sources {
		n, err := s.readHandlers(source)
		if err != nil {
			return err
		}
		found += n
		s.warnUnknown(source)
	}
	s.unhandled = found == 0
	return nil
}

// warnIdle says so when a script that was loaded will never do anything. On the
// loop, after the turn in which the exports were read: what that turn left for
// its end may wait for something.
func (s *Script) warnIdle() {
	if s.unhandled && s.idle() && !s.loop.Stopped() {
		s.unhandled = false
		s.opts.Console.Write(LevelWarn, "the script exports no handler such as onMessage and waits for nothing")
	}
}

// exportsObject checks that v can hold handlers.
func exportsObject(v goja.Value) (*goja.Object, error) {
	const hint = "; export an object of handlers, such as module.exports = { onMessage(topic, payload) {} }"
	obj, ok := v.(*goja.Object)
	if !ok {
		return nil, &HandlerError{fmt.Sprintf("the script exports %s%s", describe(v), hint)}
	}
	if _, isFunction := goja.AssertFunction(obj); isFunction && len(handlersIn(obj)) == 0 {
		return nil, &HandlerError{"the script exports a function" + hint}
	}
	if obj.ClassName() == "Array" {
		return nil, &HandlerError{"the script exports an array" + hint}
	}
	return obj, nil
}

func describe(v goja.Value) string {
	switch {
	case v == nil || goja.IsUndefined(v):
		return "undefined"
	case goja.IsNull(v):
		return "null"
	case goja.IsString(v):
		return "a string"
	case goja.IsNumber(v):
		return "a number"
	}
	return v.String()
}

func handlersIn(obj *goja.Object) []string {
	var list []string
	for _, name := range handlerNames {
		if v := obj.Get(name); v != nil && !goja.IsUndefined(v) {
			list = append(list, name)
		}
	}
	return list
}

// readHandlers takes the handlers that obj has and that are not known yet.
func (s *Script) readHandlers(obj *goja.Object) (found int, err error) {
	for i, name := range handlerNames {
		v := obj.Get(name)
		if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
			continue
		}
		fn, ok := goja.AssertFunction(v)
		if !ok {
			return 0, &HandlerError{fmt.Sprintf("%s is %s; it must be a function", name, describe(v))}
		}
		found++
		if s.handlers[i].fn == nil {
			s.handlers[i] = handler{name: name, fn: fn, sees: seenBy(v.(*goja.Object))}
			s.want(i)
		}
	}
	return found, nil
}

// want notes that a handler is there, for Wants.
func (s *Script) want(i int) {
	s.wants.Or(1 << i)
	s.wanted()
}

func (s *Script) wanted() {
	if s.opts.Wanted != nil {
		s.opts.Wanted()
	}
}

// Wants tells whether the script has a handler for the event. It is valid
// once Loaded is closed.
func (s *Script) Wants(kind EventKind) bool { return s.wants.Load()&(1<<kind) != 0 }

// WantsMessages tells whether the script takes messages: it exports onMessage,
// or waits with nextMessage or request. It is valid once Loaded is closed.
func (s *Script) WantsMessages() bool { return s.wants.Load()&(1<<onMessage|1<<handlerCount) != 0 }

// warnUnknown warns about keys that look like handlers.
func (s *Script) warnUnknown(obj *goja.Object) {
	for _, key := range obj.Keys() {
		if near := nearest(key); near != "" {
			s.opts.Console.Write(LevelWarn, fmt.Sprintf("the script exports %s, which is no handler; did you mean %s?", key, near))
		}
	}
}

// nearest returns the handler that a key was probably meant to be, "" when it
// is one or looks like none.
func nearest(key string) string {
	best, bestDistance := "", 3
	for _, name := range handlerNames {
		if key == name {
			return ""
		}
		if d := distance(strings.ToLower(key), strings.ToLower(name)); d < bestDistance {
			best, bestDistance = name, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j]+1, row[j+1]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
