//go:build !unix

package isolate

import (
	"os"
	"os/signal"
)

// ignoreSignals leaves to the host's process what is meant for the program.
func ignoreSignals() { signal.Ignore(os.Interrupt) }
