package test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The client holds under 40 MB while a million messages pass. The race
// detector multiplies memory, so that this test has a binary without it.
func TestMemoryStaysBounded(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this system does not tell the peak memory of a process")
	}
	total := 1_000_000
	if testing.Short() {
		total = 100_000
	}
	lean, err := buildLean(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := newMosquitto(t, "max_queued_messages 0")
	dir, file := write(t, "echo.js", fmt.Sprintf(`
let n = 0
module.exports = {
  onConnect() { console.log('connected') },
  onMessage(topic, payload) {
    publish('out', payload)
    if (++n === %d) console.log('echoed all')
  },
}`, total))
	p := startBinary(t, lean, dir, "run", "--url", b.url(), "-t", "in", file)
	p.expectErr("*subscribed to in*")
	_, source := write(t, "source.js", fmt.Sprintf(`
module.exports = {
  async onConnect() {
    for (let i = 0; i < %d; i++) {
      const sent = publish('in', 'temperature 21.5 in the room to the south of the corridor, ' + i)
      if (i %% 500 === 0) { await sent; await new Promise((done) => setTimeout(done, 1)) }
    }
    console.log('sent all')
  },
}`, total))
	s := startBinary(t, lean, dir, "run", "--url", b.url(), "--handler-limit", "1h", source)
	p.stdout.patience, s.stdout.patience = 10*patience, 10*patience
	p.expect("echoed all")
	s.expect("sent all")
	for name, one := range map[string]*process{"echo": p, "source": s} {
		peak := peakMemory(t, one.cmd.Process.Pid)
		t.Logf("%s: peak %d MB", name, peak>>20)
		if peak > 40<<20 {
			t.Errorf("the %s held %d MB", name, peak>>20)
		}
	}
}

// peakMemory is the most resident memory that a process ever had, in bytes.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Fatal("the system does not tell the peak memory")
	return 0
}
