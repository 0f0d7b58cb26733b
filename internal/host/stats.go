package host

import (
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"text/tabwriter"
	"time"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/script"
)

// Stats are the counters of a host at one moment.
type Stats struct {
	Client  mqtt.Info
	Scripts []ScriptStats
	// Goroutines and Memory are those of the whole process; Memory is what it
	// has of the system, in bytes.
	Goroutines int
	Memory     uint64
}

// ScriptStats are the counters of one script.
type ScriptStats struct {
	Name  string
	State script.State
	script.Stats
	// Dropped is how many messages the script should have had and could not
	// take: QoS 0 ones are lost to it, the others stay unacknowledged.
	Dropped uint64
	// Stuck tells that the client does not wait for the script.
	Stuck bool
}

// add counts what an earlier script in the same place did.
func (s *ScriptStats) add(past ScriptStats) {
	s.MessagesReceived += past.MessagesReceived
	s.MessagesHandled += past.MessagesHandled
	s.MessagesDropped += past.MessagesDropped
	s.EventsDropped += past.EventsDropped
	s.Failed += past.Failed
	s.Publishes += past.Publishes
	s.HandlerTime += past.HandlerTime
	s.MaxHandlerTime = max(s.MaxHandlerTime, past.MaxHandlerTime)
	s.Dropped += past.Dropped
}

// stats returns the counters of one script as they are now.
func (r *resident) stats() ScriptStats {
	state, _ := r.script.Result()
	return ScriptStats{
		Name: r.script.Name(), State: state, Stats: r.script.Stats(),
		Dropped: r.dropped.Load(), Stuck: r.stall.stuck.Load(),
	}
}

// Stats returns the counters as they are now. Those of a place go on when one
// script there follows another.
func (h *Host) Stats() Stats {
	out := Stats{Client: h.client.Info(), Goroutines: runtime.NumGoroutine(), Memory: memoryInUse()}
	for _, r := range *h.residents.Load() {
		one := r.stats()
		if p := r.place; p != nil {
			p.mu.Lock()
			one.add(p.past)
			one.Backlog += len(p.kept)
			one.BacklogBytes += p.size
			p.mu.Unlock()
		}
		out.Scripts = append(out.Scripts, one)
	}
	return out
}

// memoryInUse is what Go's runtime has of the system and has not given back.
func memoryInUse() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}

// Print writes the counters as people read them. An error is the writer's.
func (s Stats) Print(w io.Writer) error {
	state := "disconnected"
	if s.Client.Connected {
		state = "connected"
	}
	_, err := fmt.Fprintf(w, "client %s at %s: %s, %d connections, %d publications waiting (%d bytes), %d in flight, %d messages unacknowledged\n",
		s.Client.ClientID, s.Client.URL, state, s.Client.Connections,
		s.Client.Queued, s.Client.QueuedBytes, s.Client.Inflight, s.Client.Unacked)
	if err != nil {
		return fmt.Errorf("printing counters: %w", err)
	}
	if s.Client.Postponed > 0 {
		_, _ = fmt.Fprintf(w, "the broker had no room for a publication %d times; they stay in the session until it has\n", s.Client.Postponed)
	}
	_, _ = fmt.Fprintf(w, "process: %d goroutines, %.1f MB of memory\n", s.Goroutines, float64(s.Memory)/1e6)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "script\tstate\treceived\thandled\tfailed\tdropped\twaiting\tpublished\thandler time\tlongest")
	for _, one := range s.Scripts {
		state := one.State.String()
		if one.Stuck {
			state += ", stuck"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%v\t%v\n",
			one.Name, state, one.MessagesReceived, one.MessagesHandled, one.Failed, one.Dropped+one.EventsDropped,
			one.Backlog, one.Publishes, one.HandlerTime.Round(time.Microsecond), one.MaxHandlerTime.Round(time.Microsecond))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing counters: %w", err)
	}
	return nil
}
