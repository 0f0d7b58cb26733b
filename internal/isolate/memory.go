package isolate

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// limitMemory has the collector keep the process within its budget, as far as
// it can, and sets the limits that end it for what watchMemory is too slow for.
// The host's process recognises the words with which the Go runtime then ends.
func limitMemory(budget int64) {
	if budget <= 0 {
		return
	}
	debug.SetMemoryLimit(budget)
	debug.SetMaxStack(int(min(max(budget/4, 32<<20), 512<<20)))
	buildWall(3*budget + wallSpace)
}

// wallSpace is what the wall leaves to the program itself.
const wallSpace = 256 << 20

// The watch over the memory: how often it looks, and how seldom when nothing
// changes.
const (
	lookOften  = 20 * time.Millisecond
	lookSeldom = 160 * time.Millisecond
)

// watchMemory closes tooMuch when the process uses more than its budget and
// collecting garbage does not help, or when it uses half as much again.
func watchMemory(budget int64, done, quit <-chan struct{}, tooMuch chan<- struct{}) {
	timer := time.NewTimer(lookOften)
	defer timer.Stop()
	wait, before := lookOften, int64(0)
	for {
		select {
		case <-done:
			return
		case <-quit:
			return
		case <-timer.C:
		}
		used := memoryInUse()
		if used > budget && used <= budget+budget/2 {
			runtime.GC()
			used = memoryInUse()
		}
		if used > budget {
			close(tooMuch)
			return
		}
		if wait = min(2*wait, lookSeldom); used-before > 1<<20 || before-used > 1<<20 || used > budget/2 {
			wait = lookOften
		}
		before = used
		timer.Reset(wait)
	}
}

// memoryInUse is the memory of the process that the script's objects, and what
// goes with them, take.
func memoryInUse() int64 {
	samples := [...]metrics.Sample{
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
		{Name: "/memory/classes/heap/free:bytes"},
		{Name: "/memory/classes/heap/unused:bytes"},
	}
	metrics.Read(samples[:])
	used := int64(samples[0].Value.Uint64())
	for _, s := range samples[1:] {
		used -= int64(s.Value.Uint64())
	}
	return used
}
