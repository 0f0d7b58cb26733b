package test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// A server floods two scripts, one of which takes far longer for a message than
// the flood: the other misses nothing, what is dropped is counted, the connection
// stays, and the memory is bounded.
func TestFloodHarmsNobodyElse(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this system does not tell the peak memory of a process")
	}
	const total = 60_000
	lean, err := buildLean(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir, quick := write(t, "quick.js", fmt.Sprintf(`
let n = 0
module.exports = {
  onMessage() { if (++n === %d) console.log('all of them') },
  onClose() { console.log('closed') },
}`, total))
	_, slow := write(t, "slow.js", `
module.exports = {
  onMessage() { const end = performance.now() + 2; while (performance.now() < end); },
}`)
	peer := mqtttest.NewPeer(t, packet.V5)
	p := startBinary(t, lean, dir, "run", "--url", peer.URL, "--keepalive", "1", "--stats", quick, slow)
	conn, _ := peer.AcceptClient(nil)
	pings := make(chan struct{}, 1)
	go func() {
		for {
			got, err := conn.ReadUnhurried()
			if err != nil {
				return
			}
			if _, ok := got.(*packet.Pingreq); ok {
				select {
				case pings <- struct{}{}:
				default:
				}
			}
		}
	}()
	message, err := (&packet.Publish{Topic: "flood", Payload: make([]byte, 400)}).Append(nil, packet.V5)
	if err != nil {
		t.Fatal(err)
	}
	pong, err := new(packet.Pingresp).Append(nil, packet.V5)
	if err != nil {
		t.Fatal(err)
	}
	hundred := []byte(strings.Repeat(string(message), 100))
	for range total / 100 {
		conn.SendBytes(hundred)
		select {
		case <-pings:
			conn.SendBytes(pong)
		default:
		}
	}
	p.expect("[[]quick] all of them")
	p.expectErr("*a script does not keep up*slow*")
	peak := peakMemory(t, p.cmd.Process.Pid)
	t.Logf("peak %d MB", peak>>20)
	if peak > 60<<20 {
		t.Errorf("the program held %d MB", peak>>20)
	}
	if strings.Contains(p.stdout.all(), "closed") {
		t.Error("the connection was lost")
	}
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if received, dropped := counted(t, p, "quick"); received != total || dropped != 0 {
		t.Errorf("the quick script received %d and missed %d of %d", received, dropped, total)
	}
	if received, dropped := counted(t, p, "slow"); received+dropped != total || dropped == 0 {
		t.Errorf("the slow script received %d and missed %d of %d", received, dropped, total)
	}
}

// counted reads what --stats says of a script's messages.
func counted(t *testing.T, p *process, script string) (received, dropped int) {
	t.Helper()
	for line := range strings.Lines(p.stderr.all()) {
		if fields := strings.Fields(line); strings.HasPrefix(line, script+" ") && len(fields) >= 10 {
			counts := fields[len(fields)-8:] // the state may be two words
			if _, err := fmt.Sscan(counts[0]+" "+counts[3], &received, &dropped); err != nil {
				t.Fatal(err)
			}
			return received, dropped
		}
	}
	t.Fatalf("no counters of %s in:\n%s", script, p.stderr.all())
	return 0, 0
}
