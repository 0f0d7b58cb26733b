package host

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/script"
)

// ErrSealed is Replace's error when the host takes no script any more.
var ErrSealed = errors.New("the host takes no script any more")

// finishTime is how long a script that is replaced may go on with the messages
// that it has before it is stopped. Most have none by then, so that nothing is
// handled by halves.
const finishTime = time.Second

// Place is where one script follows another on the client. What comes between
// two of them waits, and so does what a script leaves behind: QoS 1 and 2
// messages that it was given and has not handled go to the next one, in the
// order in which they arrived. All methods may be called from anywhere.
//
// When a script has failed, QoS 1 and 2 messages wait for the next one, QoS 0
// ones are dropped and counted. When it has called exit, nothing waits.
type Place struct {
	host *Host
	opts script.Options

	turn    sync.Mutex // one Replace after the other
	current atomic.Pointer[resident]
	keeping atomic.Bool // messages wait for the next script

	mu     sync.Mutex // guards the following; the client's lock may be held with it
	coming bool       // the next script is under way
	kept   []keptMessage
	size   int // bytes of payload
	past   ScriptStats
}

// keptMessage is a message for the next script.
type keptMessage struct {
	*script.Message
	number uint64 // see delivery.number; that of the one before for QoS 0
	left   bool   // the script before has left it
}

// AddPlace is Add for a script that others will follow.
func (h *Host) AddPlace(opts script.Options) *Place {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := &Place{host: h, opts: opts}
	r := newResident(h, p, opts)
	p.current.Store(r)
	list := append(slices.Clone(*h.residents.Load()), r)
	h.residents.Store(&list)
	h.begin(r)
	return p
}

// Script is the one that is there now, or was there last.
func (p *Place) Script() Script { return p.current.Load().script }

// Replace ends the script, with onWillExit and its limit, and starts its file
// anew, on the same connection. It returns when the next one runs or has failed
// to load, which its Result tells. When ctx is done, what still runs is killed.
// The error is ErrSealed.
func (p *Place) Replace(ctx context.Context) error {
	p.turn.Lock()
	defer p.turn.Unlock()
	p.mu.Lock()
	p.coming = true
	p.keeping.Store(true)
	p.mu.Unlock()
	old := p.current.Load()
	p.finish(ctx, old)
	old.script.Stop()
	select {
	case <-old.script.Done():
	case <-ctx.Done():
		old.script.Kill()
		<-old.script.Done()
	}
	next := p.host.succeed(p, old)
	if next == nil {
		return ErrSealed
	}
	<-next.script.Loaded()
	p.handOver(next)
	return nil
}

// finish lets a script come to the end of what it has, within limits.
func (p *Place) finish(ctx context.Context, old *resident) {
	deadline := time.NewTimer(finishTime)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		if n, _ := old.script.Backlog(); n == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			return
		case <-old.script.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// succeed puts the next script where the old one was and starts it; nil when
// the host is sealed.
func (h *Host) succeed(p *Place, old *resident) *resident {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sealed {
		return nil
	}
	next := newResident(h, p, p.opts)
	p.mu.Lock()
	p.past.add(old.stats())
	p.current.Store(next)
	p.mu.Unlock()
	list := slices.Clone(*h.residents.Load())
	list[slices.Index(list, old)] = next
	h.residents.Store(&list)
	h.begin(next)
	return next
}

// deliver hands a message to the script, or keeps it for the next one.
func (p *Place) deliver(msg *script.Message) (taken, missed bool) {
	if !p.keeping.Load() {
		taken, missed = p.current.Load().offer(msg)
		if taken || p.host.stopping.Load() || !p.hasFailed() {
			return taken, missed
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.keeping.Load() {
		if !p.hasFailed() {
			return p.current.Load().offer(msg)
		}
		p.keeping.Store(true)
	}
	return p.keep(msg)
}

// hasFailed tells whether the script has ended without having wanted to.
func (p *Place) hasFailed() bool {
	state, _ := p.Script().Result()
	return state == script.StateFailed || state == script.StateStopped || state == script.StateStopping
}

// keep takes a message for the next script as far as the bounds allow. It is
// called locked.
func (p *Place) keep(msg *script.Message) (taken, missed bool) {
	size := len(msg.Packet.Payload)
	full := len(p.kept) >= inboxMessages || len(p.kept) > 0 && p.size+size > inboxBytes
	if full || msg.Packet.QoS == 0 && !p.coming {
		p.current.Load().dropped.Add(1)
		return false, true
	}
	p.kept = append(p.kept, keptMessage{msg, p.host.number.Load(), false})
	p.size += size
	return true, false
}

// takesBack takes a message that a script has left behind. It is false when the
// message is not for the next script.
func (p *Place) takesBack(msg *script.Message) bool {
	if p == nil || p.host.stopping.Load() {
		return false
	}
	d, ok := msg.Tag.(*delivery)
	if !ok {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = append(p.kept, keptMessage{msg, d.number, true})
	p.size += len(msg.Packet.Payload)
	return true
}

// handOver gives the next script what was kept for it, and what comes from then
// on.
func (p *Place) handOver(next *resident) {
	var concluded []keptMessage
	wants := next.script.WantsMessages()
	p.mu.Lock()
	p.coming = false
	kept := p.kept
	p.kept, p.size = nil, 0
	slices.SortStableFunc(kept, func(a, b keptMessage) int { return cmp.Compare(a.number, b.number) })
	for i, k := range kept {
		if p.hasFailed() {
			p.wait(kept[i:])
			break
		}
		switch {
		case !wants, k.left && p.host.late.has(next, k.Message):
			concluded = append(concluded, k)
		case !next.script.Deliver(k.Message):
			k.miss()
			next.dropped.Add(1)
			concluded = append(concluded, k)
		}
	}
	p.keeping.Store(len(p.kept) > 0 || p.hasFailed())
	p.mu.Unlock()
	p.conclude(next, concluded, true)
}

// miss says that a script should have had the message.
func (k keptMessage) miss() {
	if d, ok := k.Tag.(*delivery); ok {
		d.missed.Store(true)
	}
}

// wait keeps what may wait for a script that is not under way. It is called
// locked.
func (p *Place) wait(messages []keptMessage) {
	for _, k := range messages {
		if k.Packet.QoS == 0 {
			p.current.Load().dropped.Add(1)
			continue
		}
		p.kept = append(p.kept, k)
		p.size += len(k.Packet.Payload)
	}
}

// ended is told when a script has ended: nothing waits for the successor of one
// that wanted to end.
func (p *Place) ended(r *resident, state script.State) {
	p.mu.Lock()
	if p.coming || r != p.current.Load() {
		p.mu.Unlock()
		return
	}
	kept := p.kept
	p.kept, p.size = nil, 0
	exited := state == script.StateExited
	if !exited {
		p.wait(kept)
		kept = nil
	}
	p.keeping.Store(!exited)
	p.mu.Unlock()
	p.conclude(r, kept, false)
}

// conclude counts messages that no script of this place will get.
func (p *Place) conclude(r *resident, messages []keptMessage, handled bool) {
	for _, k := range messages {
		if d, ok := k.Tag.(*delivery); ok {
			p.host.concluded(r, d, handled)
		} else if !handled {
			r.dropped.Add(1)
		}
	}
}
