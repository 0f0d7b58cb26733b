//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// statsRequests yields the signals that ask for the counters, until ignore is
// called.
func statsRequests() (requests <-chan os.Signal, ignore func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	return signals, func() { signal.Stop(signals) }
}
