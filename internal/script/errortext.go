package script

import (
	"errors"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module"
	"github.com/mqscript/mqscript/internal/module/stack"
)

// describeError writes an error for the console: for what a script threw its
// stack, with the author's files and lines.
func (s *Script) describeError(err error) string {
	var thrown *goja.Exception
	var rejection *eventloop.Rejection
	var overrun *eventloop.Overrun
	var overflow *eventloop.Overflow
	var syntax *module.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return syntax.Error()
	case errors.As(err, &overrun):
		return "Error: " + overrun.Error() + stack.Frames(overrun.Stack)
	case errors.As(err, &overflow):
		return overflow.Error() + stack.Frames(first(overflow.Stack, 10))
	case errors.As(err, &rejection):
		return s.describeThrown(rejection.Value, "")
	case errors.As(err, &thrown):
		return s.describeThrown(thrown.Value(), stack.Frames(thrown.Stack()))
	}
	return err.Error()
}

func first(frames []goja.StackFrame, n int) []goja.StackFrame {
	return frames[:min(n, len(frames))]
}

// describeThrown writes a value that was thrown; where says from where it was
// thrown when the value does not know.
func (s *Script) describeThrown(v goja.Value, where string) string {
	obj, ok := v.(*goja.Object)
	if !ok {
		return s.inspector.Safe(v) + where
	}
	text := s.inspector.Safe(v)
	if obj.ClassName() != "Error" {
		text += where
	}
	return text
}
