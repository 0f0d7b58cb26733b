package main

import (
	"syscall"
	"time"
)

// pause sleeps on the calling thread. The runtime's own timers are exact to a
// millisecond only while nothing else happens.
func pause(d time.Duration) {
	if d <= 0 {
		return
	}
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil) // a signal makes it shorter, and the caller looks at the clock
}
