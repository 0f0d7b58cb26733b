package script

import "github.com/mqscript/mqscript/internal/module/console"

// Level is the kind of a console call.
type Level = console.Level

// The levels of a console.
const (
	LevelLog   = console.LevelLog
	LevelInfo  = console.LevelInfo
	LevelDebug = console.LevelDebug
	LevelWarn  = console.LevelWarn
	LevelError = console.LevelError
)

// Console receives what a script writes: one call for each console call of the
// script, report of an error or warning. text may have several lines and ends
// without a line break. It is called from the script's goroutine, and after
// the script has ended from the host's when that still has a warning.
type Console interface {
	Write(level Level, text string)
}

var _ console.Writer = Console(nil)
