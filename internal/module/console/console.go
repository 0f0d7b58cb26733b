// Package console is Node's console for goja. What it writes goes to a Writer,
// one call for each console call.
//
// # Concurrency
//
// A console belongs to one VM and is used on that VM's goroutine only.
package console

// Level is the kind of a console call.
type Level int

// The levels. trace and assert write at LevelError; dir, table, group and the
// timers and counters at LevelLog, or LevelWarn where they warn.
const (
	LevelLog Level = iota
	LevelInfo
	LevelDebug
	LevelWarn
	LevelError
)

var levelNames = [...]string{"log", "info", "debug", "warn", "error"}

// String returns the name of the console function, such as "warn".
func (l Level) String() string {
	if l >= 0 && int(l) < len(levelNames) {
		return levelNames[l]
	}
	return "log"
}

// Writer receives the text of one console call, without a line break at its
// end.
type Writer interface {
	Write(level Level, text string)
}
