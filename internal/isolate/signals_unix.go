//go:build unix

package isolate

import (
	"os"
	"os/signal"
	"syscall"
)

// ignoreSignals leaves to the host's process what is meant for the program: a
// service manager sends its signals to all processes.
func ignoreSignals() {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1)
}
