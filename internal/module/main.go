package module

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
)

// Evaluation returns the promise of a script that awaits outside of functions,
// nil when it has been run to its end. Its exports are there when the promise
// is fulfilled; Evaluated takes its value.
func (s *System) Evaluation() goja.Value { return s.evaluation }

// Evaluated completes the exports of the script with the value of its
// Evaluation, and returns them.
func (s *System) Evaluated(v goja.Value) goja.Value {
	exports, isObject := s.main.object.Get("exports").(*goja.Object)
	getters, ok := v.(*goja.Object)
	if !ok || !isObject {
		return s.main.object.Get("exports")
	}
	names := getters.Keys()
	if len(names) > 0 {
		_ = exports.DefineDataProperty("__esModule", s.vm.ToValue(true), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	}
	for _, name := range names {
		get := s.vm.ToValue(func(goja.FunctionCall) goja.Value { return getters.Get(name) })
		_ = exports.DefineAccessorProperty(name, get, nil, goja.FLAG_TRUE, goja.FLAG_TRUE)
	}
	return exports
}

// defineEvaluate gives a script that awaits the method that it is run with.
func (s *System) defineEvaluate(rec *record) {
	fn := eventloop.Function(s.vm, evaluate, 1, func(call goja.FunctionCall) goja.Value {
		run, ok := goja.AssertFunction(call.Argument(0))
		if !ok || s.evaluation != nil {
			return goja.Undefined()
		}
		promise, err := run(goja.Undefined())
		if err != nil {
			panic(err)
		}
		s.evaluation = promise
		return goja.Undefined()
	})
	_ = rec.object.DefineDataProperty(evaluate, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}
