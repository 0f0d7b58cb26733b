// Package mqtttest has what tests of MQTT programs talk to: a mosquitto broker
// of their own, a proxy whose connections can be cut, a peer that plays a
// script, and certificates.
//
// # Concurrency
//
// Everything here belongs to one test and is stopped by its Cleanup, which
// joins every goroutine and process. Methods may be called from any goroutine
// unless they take a testing.TB and may end the test: those are for the test's
// own goroutine.
package mqtttest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// Patience bounds every wait of a test. It is far longer than anything takes.
const Patience = 15 * time.Second

// Missing skips the test because something is not installed, or fails it when
// the environment variable MQSCRIPT_REQUIRE, a list separated by commas, says
// that it must be there.
func Missing(tb testing.TB, what string) {
	tb.Helper()
	if slices.Contains(strings.Split(os.Getenv("MQSCRIPT_REQUIRE"), ","), what) {
		tb.Fatalf("%s is required by MQSCRIPT_REQUIRE and not installed", what)
	}
	tb.Skipf("%s is not installed", what)
}

// Eventually waits until ok returns true, and fails the test when it does not.
func Eventually(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	deadline := time.Now().Add(Patience)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			tb.Fatalf("still waiting for %s after %v", what, Patience)
		}
		<-tick.C
	}
}
