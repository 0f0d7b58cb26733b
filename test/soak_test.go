package test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

var soakTime = flag.Duration("soak", 0, "how long the soak test runs; 0 for not at all")

// Rounds of faults around one relay that is not killed: it must not come to hold
// more memory, goroutines or file handles.
func TestSoak(t *testing.T) {
	if *soakTime == 0 {
		t.Skip("-soak says for how long; make soak does")
	}
	if runtime.GOOS != "linux" {
		t.Skip("this system does not tell what a process holds")
	}
	lean, err := buildLean(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	seed := max(*faultSeed, 1)
	f := newFaults(t, "5", 2, seed)
	f.relayLives, f.binary = true, lean
	f.begin()
	var first holding
	var sum books
	begun := time.Now()
	for round := 1; time.Since(begun) < *soakTime; round++ {
		b := f.round(*faultMessages)
		sum.saidTwice += b.saidTwice
		sum.echoedTwice += b.echoedTwice
		now := f.holds(f.relay.process)
		t.Logf("round %d, %v: the relay holds %v", round, time.Since(begun).Round(time.Second), now)
		switch {
		case round <= 3: // by then every cache and buffer has its size
			first = now
		case now.memory > first.memory+first.memory/2+(8<<20) || now.files > first.files+4 || now.goroutines > first.goroutines+4:
			t.Fatalf("the relay held %v after three rounds and holds %v", first, now)
		}
	}
	f.audit(sum)
}

// holding is what a process holds.
type holding struct{ memory, files, goroutines int }

func (h holding) String() string {
	return fmt.Sprintf("%d MB, %d files, %d goroutines", h.memory>>20, h.files, h.goroutines)
}

// holds asks the system and, by its counters, the program.
func (f *faults) holds(p *process) (h holding) {
	t := f.t
	t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid))
	open, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		t.Fatal(err)
	}
	statm, err := os.ReadFile(filepath.Join(proc, "statm"))
	if err != nil {
		t.Fatal(err)
	}
	var pages int
	if _, err := fmt.Sscan(string(statm), new(int), &pages); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGUSR1)
	line := p.expectErr("process: * goroutines*")
	if _, err := fmt.Sscanf(line, "process: %d goroutines", &h.goroutines); err != nil {
		t.Fatal(err)
	}
	h.memory, h.files = pages*os.Getpagesize(), len(open)
	return h
}
