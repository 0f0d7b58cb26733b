package isolate

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// Script is one script that lives in a process of its own. Create it with New,
// then Start it.
type Script struct {
	cfg  Config
	opts script.Options
	mail *mailbox

	wants  atomic.Uint64                // what wantsOf says of the child's script
	online atomic.Pointer[script.Event] // the event of the connection that is up

	loaded, done       chan struct{}
	stopped, killed    chan struct{} // closed by Stop and Kill
	stopOnce, killOnce sync.Once

	mu      sync.Mutex
	begun   bool
	ran     bool // one of its processes has loaded it, to the end of its file
	state   script.State
	reason  error
	earlier counts // of the processes that have ended
	now     counts // of the one that lives
}

// The limits of package script, where the options name none.
const (
	defaultInboxMessages = script.DefaultInboxMessages
	defaultInboxBytes    = script.DefaultInboxBytes
)

// New creates a script. Nothing is started before Start.
func New(cfg Config, opts script.Options) *Script {
	cfg = cfg.withDefaults()
	if opts.Name == "" {
		base := filepath.Base(opts.Path)
		opts.Name = strings.TrimSuffix(base, filepath.Ext(base))
	}
	opts.HandlerLimit = orDefault(opts.HandlerLimit, script.DefaultHandlerLimit)
	opts.ExitLimit = orDefault(opts.ExitLimit, script.DefaultExitLimit)
	cfg.Silence = orDefault(cfg.Silence, max(10*time.Second, opts.HandlerLimit))
	if opts.InboxMessages <= 0 {
		opts.InboxMessages = defaultInboxMessages
	}
	if opts.InboxBytes <= 0 {
		opts.InboxBytes = defaultInboxBytes
	}
	if cfg.Memory > 0 {
		// What waits in the child counts against its budget.
		opts.InboxBytes = int(min(int64(opts.InboxBytes), cfg.Memory/4))
	}
	s := &Script{
		cfg: cfg, opts: opts,
		mail:   newMailbox(opts.InboxMessages, opts.InboxBytes),
		loaded: make(chan struct{}), done: make(chan struct{}),
		stopped: make(chan struct{}), killed: make(chan struct{}),
	}
	s.wants.Store(wantsAll)
	return s
}

// Name returns what the script is called.
func (s *Script) Name() string { return s.opts.Name }

// Start lets the script load and run, in a process that is started for it.
func (s *Script) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun {
		return
	}
	s.begun = true
	go s.run()
}

// run is the goroutine that owns the script's processes.
func (s *Script) run() {
	defer close(s.done)
	delay := s.cfg.FirstDelay
	for {
		began := time.Now()
		e := s.live()
		if time.Since(began) >= s.cfg.StableAfter {
			delay = s.cfg.FirstDelay
		}
		if !s.goesOn(e) {
			s.end(e)
			return
		}
		s.wants.Store(wantsAll) // what the next process will want
		s.announce(e, delay)
		if !s.pause(delay) {
			s.end(ending{state: script.StateStopped})
			return
		}
		if h, ok := s.opts.Host.(interface{ Restarting() }); ok {
			h.Restarting() // the new process has not seen what the old one has
		}
		delay = min(2*delay, s.cfg.LongestDelay)
	}
}

// pause waits before the next process; false: there will be none.
func (s *Script) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.stopped:
	case <-s.killed:
	}
	return false
}

// goesOn tells whether another process follows.
func (s *Script) goesOn(e ending) bool {
	if isClosed(s.stopped) || isClosed(s.killed) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.cfg.Restart {
	case Never:
		return false
	case Always:
		return true
	}
	return e.died || e.state == script.StateFailed && s.ran
}

// announce says on the script's console why another process follows.
func (s *Script) announce(e ending, delay time.Duration) {
	level, text := script.LevelError, ""
	switch {
	case e.died:
		text = "the script was ended: " + e.reason + "; it starts again in " + delay.String()
	case e.state == script.StateFailed:
		text = e.reason + "\nthe script starts again in " + delay.String()
	default:
		level, text = script.LevelWarn, "the script has ended; it starts again in "+delay.String()
	}
	s.opts.Console.Write(level, text)
}

// end gives the script its final state and settles what is left.
func (s *Script) end(e ending) {
	s.wants.Store(0)
	s.mu.Lock()
	s.state = e.state
	if e.died {
		s.state = script.StateFailed
		if isClosed(s.stopped) || isClosed(s.killed) {
			s.state = script.StateStopped
		}
	}
	if s.state == script.StateFailed {
		s.reason = &script.LoadError{Text: e.reason, Cause: errors.New(e.reason)}
		if e.died {
			s.reason = &DeathError{Name: s.opts.Name, Reason: e.reason}
		}
	}
	s.mu.Unlock()
	if e.died && !isClosed(s.killed) {
		s.opts.Console.Write(script.LevelError, "the script was ended: "+e.reason)
	}
	parcels, warnings := s.mail.close()
	for _, w := range warnings {
		s.opts.Console.Write(script.LevelWarn, string(w))
	}
	for _, p := range parcels {
		s.settle(p.message, false)
	}
	s.nowLoaded()
}

// DeathError is the reason of a script whose process died and is not started
// again.
type DeathError struct {
	Name   string // of the script
	Reason string
}

// Error returns a sentence.
func (e *DeathError) Error() string {
	return fmt.Sprintf("script %s was ended: %s", e.Name, e.Reason)
}

func (s *Script) settle(m *script.Message, handled bool) {
	if s.opts.Settled != nil {
		s.opts.Settled(m, handled)
	}
}

// nowLoaded closes loaded, once.
func (s *Script) nowLoaded() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !isClosed(s.loaded) {
		close(s.loaded)
	}
}

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// Stop ends the script: onWillExit runs, and after ExitLimit its process ends.
func (s *Script) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun {
		s.neverBegun()
		return
	}
	if s.state <= script.StateRunning {
		s.state = script.StateStopping
	}
	s.stopOnce.Do(func() {
		s.mail.stop()
		close(s.stopped)
	})
}

// Kill ends the script's process at once.
func (s *Script) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun {
		s.neverBegun()
		return
	}
	if s.state <= script.StateRunning {
		s.state = script.StateStopping
	}
	s.killOnce.Do(func() {
		s.mail.seal()
		close(s.killed)
	})
}

// neverBegun ends a script that was not started. It is called locked.
func (s *Script) neverBegun() {
	s.begun = true
	s.state = script.StateStopped
	parcels, _ := s.mail.close()
	for _, p := range parcels {
		s.settle(p.message, false)
	}
	close(s.loaded)
	close(s.done)
}

// Loaded is closed when the script runs for the first time, or has failed.
func (s *Script) Loaded() <-chan struct{} { return s.loaded }

// Done is closed when the script has ended and its process with it.
func (s *Script) Done() <-chan struct{} { return s.done }

// Result returns the state, and the reason when it is StateFailed. Between two
// processes the script is loading.
func (s *Script) Result() (script.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.reason
}

// Deliver hands over a message; false means that the script is stopping or has
// ended, or that its inbox is full.
func (s *Script) Deliver(m *script.Message) bool { return s.mail.deliver(m) }

// Notify hands over a client event.
func (s *Script) Notify(e *script.Event) {
	switch e.Kind {
	case script.EventConnect:
		s.online.Store(e)
	case script.EventClose, script.EventEnd:
		s.online.Store(nil)
	}
	s.mail.notify(e)
}

// What a script may want, as bits: one for each event, and one for messages.
const (
	awaits        = 1 << 62 // what it wants is not known yet
	wantsMessages = 1 << 63
	wantsAll      = (1<<64 - 1) &^ awaits
)

// wantsOf asks a script for all that it wants.
func wantsOf(s interface {
	Wants(script.EventKind) bool
	WantsMessages() bool
	Awaits() bool
},
) (bits uint64) {
	for k := script.EventConnect; k <= script.EventPublish; k++ {
		if s.Wants(k) {
			bits |= 1 << k
		}
	}
	if s.WantsMessages() {
		bits |= wantsMessages
	}
	if s.Awaits() {
		bits |= awaits
	}
	return bits
}

// Wants tells whether the script may have a handler for the event. Those that
// say how it is with the connection are always wanted: the child is told by
// them.
func (s *Script) Wants(k script.EventKind) bool {
	return tellsOfConnection(k) || s.wants.Load()&(1<<k) != 0
}

func tellsOfConnection(k script.EventKind) bool {
	return k == script.EventConnect || k == script.EventClose || k == script.EventEnd
}

// WantsMessages tells whether the script takes messages.
func (s *Script) WantsMessages() bool { return s.wants.Load()&wantsMessages != 0 }

// Awaits tells whether the script's file still awaits something outside of its
// functions.
func (s *Script) Awaits() bool { return s.wants.Load()&awaits != 0 }

// PublishDone answers Host.Publish.
func (s *Script) PublishDone(id uint64, err *script.ClientError) {
	generation, id := inside(id)
	s.mail.answer(generation, publishDone{id, err})
}

// SubscribeDone answers Host.Subscribe and Host.Unsubscribe.
func (s *Script) SubscribeDone(id uint64, codes []packet.ReasonCode, err *script.ClientError) {
	generation, id := inside(id)
	s.mail.answer(generation, subscribeDone{id, codes, err})
}

// The numbers that scripts give to their questions begin anew in each process.
// Outside, the generation of the process is in the bits that they do not reach.
const (
	generationShift = 40
	generationMask  = (1<<22 - 1) << generationShift
)

func outside(generation, id uint64) uint64 {
	return id | generation<<generationShift&generationMask
}

func inside(id uint64) (generation, number uint64) {
	return id & generationMask >> generationShift, id &^ generationMask
}

// Warn writes a warning of the host on the script's console.
func (s *Script) Warn(text string) {
	if !s.mail.warn(warning(text)) {
		s.opts.Console.Write(script.LevelWarn, text)
	}
}

// Backlog returns how many messages, with how many bytes of payload, were
// delivered and are not finished.
func (s *Script) Backlog() (messages, bytes int) {
	return int(s.mail.messages.Load()), int(s.mail.bytes.Load())
}

// Stats returns the counters, of all processes of the script together.
func (s *Script) Stats() script.Stats {
	s.mu.Lock()
	c := s.earlier.plus(s.now)
	s.mu.Unlock()
	t := s.mail.counts()
	messages, bytes := s.Backlog()
	return script.Stats{
		MessagesReceived: t.received, MessagesHandled: t.handled, MessagesDropped: t.dropped,
		EventsDropped: t.eventsDropped + c.eventsDropped,
		Failed:        c.failed, Publishes: c.publishes,
		Backlog: messages, BacklogBytes: bytes,
		HandlerTime: c.total, MaxHandlerTime: c.longest,
	}
}
