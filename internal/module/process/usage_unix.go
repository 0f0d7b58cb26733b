//go:build unix

package process

import "syscall"

// processorTime is what the process has used so far, in microseconds.
func processorTime() (user, system int64) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, 0
	}
	return usage.Utime.Nano() / 1000, usage.Stime.Nano() / 1000
}
