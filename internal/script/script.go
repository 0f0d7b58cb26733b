// Package script is one resident user script: its file, its handlers, the
// functions it calls, its console and its life from loading to its end.
//
// # Concurrency
//
// A Script owns one goroutine, on which its VM lives. All exported methods of
// Script may be called from anywhere and none of them blocks. Host and Console
// are called on the script's goroutine.
//
// # Queues
//
// Messages wait in the script's inbox until its handler is done with them:
// at most Options.InboxMessages of them with Options.InboxBytes of payload,
// beyond that Deliver returns false. Client events wait beside them, in the
// same order: at most 4096 packet events (packetsend, packetreceive, publish)
// and 1024 others; beyond that an event is dropped and counted in
// Stats.EventsDropped.
package script

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/store"
)

// The defaults of Options.
const (
	DefaultHandlerLimit  = 10 * time.Second
	DefaultExitLimit     = 2 * time.Second
	DefaultInboxMessages = 4096
	DefaultInboxBytes    = 64 << 20
)

// Options describes a Script. Path, Host and Console are required.
type Options struct {
	Path    string // the script's file
	Name    string // what the script is called; default: the file's name without extension
	Host    Host
	Console Console

	DataDir string // where the script keeps its files; created when it is first used
	TmpDir  string // where the script keeps files that nobody misses; created when it is first used

	// Hidden are folders below the script's file that it may not read, such as
	// the one with the data folders of all scripts.
	Hidden []string

	Env  map[string]string // process.env, as far as Permissions shows it; it does not change
	Args []string          // process.argv after the script's path

	// Store is where the values are that require('mqscript').store keeps. The
	// zero value means a file beside DataDir: its path with ".store" after it.
	// The script's name is filled in.
	Store store.Config

	// Permissions says what the script may reach; nil allows the default.
	Permissions *permission.Policy

	// HandlerLimit is how long a turn of JavaScript may run before it is
	// interrupted, and after which an async onMessage counts as finished for
	// the acknowledgement. 0 means DefaultHandlerLimit.
	HandlerLimit time.Duration
	// ExitLimit is how long the script lives on after Stop. 0 means
	// DefaultExitLimit.
	ExitLimit time.Duration

	// InboxMessages and InboxBytes bound the messages that Deliver took and
	// the script has not finished. 0 means DefaultInboxMessages and
	// DefaultInboxBytes. One message is always taken, whatever its size.
	InboxMessages, InboxBytes int

	// Settled is called once for each QoS 1 and 2 message that Deliver took,
	// when the script is done with it: its handler settled or threw, there is
	// none, the limit passed, or the script ended. From any goroutine; nil is
	// allowed. It must not block.
	// handled is false when only the script's end came between, so that its
	// handler did not run or its promise was still pending.
	Settled func(m *Message, handled bool)

	// Required is told the path of each file that the script loads, before it is
	// read, its own first. On the script's goroutine; nil is allowed.
	Required func(path string)
	// Finished is the same for messages of QoS 0, of which nobody need know
	// whether they were handled.
	Finished func(m *Message)
	// Wanted is called when the answers of Wants and WantsMessages may have
	// changed, on the script's goroutine; nil is allowed.
	Wanted func()
}

// State is where a script is in its life.
type State int

// The states. The last three are final.
const (
	StateLoading State = iota
	StateRunning
	StateStopping
	StateExited  // it called exit()
	StateStopped // Stop or Kill ended it
	StateFailed  // it did not load, or crashed
)

var stateNames = [...]string{"loading", "running", "stopping", "exited", "stopped", "failed"}

// String returns the state in lower case, such as "running".
func (s State) String() string {
	if s >= 0 && int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", int(s))
}

// Script is one resident script. Create it with New, then Start it.
type Script struct {
	opts Options
	loop *eventloop.Loop

	mu      sync.Mutex
	state   State
	reason  error // why it failed
	begun   bool  // Start was called
	exiting bool  // the end is to be StateExited
	overdue bool  // ExitLimit passed
	limit   *time.Timer

	loaded chan struct{}
	done   chan struct{}

	stopping atomic.Bool   // no message is taken or handled any more
	cancel   chan struct{} // closed when the host must not keep the script waiting
	cancelMu sync.Once
	store    *store.Store // opened when it is first used
	inbox    inbox
	counts   counters
	wants    atomic.Uint64 // bit per EventKind, and wantsMessages
	awaits   atomic.Bool   // see Awaits
	unseen   atomic.Int64  // publishes under way that have no promise
	_        cacheLine

	// All below is touched on the loop only.
	runtime
}

// New creates a script. Nothing runs before Start.
func New(opts Options) *Script {
	if opts.Name == "" {
		base := filepath.Base(opts.Path)
		opts.Name = strings.TrimSuffix(base, filepath.Ext(base))
	}
	opts.HandlerLimit = orDefault(opts.HandlerLimit, DefaultHandlerLimit)
	opts.ExitLimit = orDefault(opts.ExitLimit, DefaultExitLimit)
	opts.InboxMessages = orDefault(opts.InboxMessages, DefaultInboxMessages)
	opts.InboxBytes = orDefault(opts.InboxBytes, DefaultInboxBytes)
	s := &Script{
		opts:   opts,
		loaded: make(chan struct{}),
		done:   make(chan struct{}),
		cancel: make(chan struct{}),
	}
	s.store = newStore(opts)
	s.loop = eventloop.New(eventloop.Config{
		Limit:     opts.HandlerLimit,
		Report:    s.report,
		AfterTurn: s.afterTurn,
	})
	return s
}

// allowedEnv is the part of the environment that the script may see.
func (s *Script) allowedEnv() map[string]string {
	env := maps.Clone(s.opts.Env)
	maps.DeleteFunc(env, func(name, _ string) bool { return !s.opts.Permissions.Env(name) })
	return env
}

func orDefault[T time.Duration | int](v, def T) T {
	if v <= 0 {
		return def
	}
	return v
}

// Name returns what the script is called.
func (s *Script) Name() string { return s.opts.Name }

// Start loads the script's file and runs it, on a goroutine of its own.
func (s *Script) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun {
		return
	}
	s.begun = true
	go s.run()
}

// run is the script's goroutine.
func (s *Script) run() {
	defer close(s.done)
	s.loop.Turn("", s.load)
	s.warnIdle()
	if !s.ready && !s.loop.Stopped() {
		s.fail(errLoading)
	}
	s.mu.Lock()
	switch {
	case s.state != StateLoading:
	case s.stopping.Load():
		s.state = StateStopping
	default:
		s.state = StateRunning
	}
	s.mu.Unlock()
	close(s.loaded)
	s.loop.Run()
	s.resources.Close()
	s.closeStore()
	s.pool.Close()
	s.ended()
}

// errLoading is the reason when a fault of this program, which is on the
// console, kept the script from loading.
var errLoading = errors.New("the script was not loaded because of an internal error")

// fail makes the script a failed one. On the loop.
func (s *Script) fail(err error) {
	s.mu.Lock()
	if s.state < StateExited {
		s.state, s.reason = StateFailed, err
	}
	s.mu.Unlock()
	s.stopping.Store(true)
	s.loop.Stop()
}

// ended gives the script its final state.
func (s *Script) ended() {
	s.stopping.Store(true)
	s.awaits.Store(false)
	s.abandonPending()
	s.abandonHeld()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limit != nil {
		s.limit.Stop()
	}
	if s.overdue {
		s.opts.Console.Write(LevelError, fmt.Sprintf("the script was ended: it did not finish within %v of being stopped", s.opts.ExitLimit))
	}
	switch {
	case s.state == StateFailed:
	case s.exiting:
		s.state = StateExited
	default:
		s.state = StateStopped
	}
}

// Loaded is closed when the script runs or has failed.
func (s *Script) Loaded() <-chan struct{} { return s.loaded }

// Done is closed when the script has ended and its goroutine with it.
func (s *Script) Done() <-chan struct{} { return s.done }

// Result returns the state, and the reason when it is StateFailed.
func (s *Script) Result() (State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.reason
}

// Stop ends the script: onWillExit runs, and after ExitLimit at the latest the
// script is interrupted. It returns at once.
func (s *Script) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun {
		s.neverBegun()
		return
	}
	if s.state > StateRunning || s.limit != nil {
		return
	}
	if s.state == StateRunning {
		s.state = StateStopping
	}
	s.stopping.Store(true)
	s.limit = time.AfterFunc(s.opts.ExitLimit, s.exitLimitPassed)
	s.loop.Answer((*stopJob)(s))
}

// Kill ends the script at once. It returns at once.
func (s *Script) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun {
		s.neverBegun()
		return
	}
	if s.state <= StateRunning {
		s.state = StateStopping
	}
	s.stopping.Store(true)
	s.interrupt()
}

// interrupt ends the JavaScript that is running, and a wait in the host. From
// anywhere.
func (s *Script) interrupt() {
	s.cancelMu.Do(func() { close(s.cancel) })
	s.loop.Kill()
}

// neverBegun ends a script that was not started. It is called locked.
func (s *Script) neverBegun() {
	s.begun = true
	s.state = StateStopped
	s.stopping.Store(true)
	s.loop.Discard()
	close(s.loaded)
	close(s.done)
}

// Interrupted is closed when the script is ended without waiting for what it
// does: by Kill, and when ExitLimit has passed.
func (s *Script) Interrupted() <-chan struct{} { return s.cancel }

// Stuck returns how long it is since the JavaScript that runs was interrupted,
// and has not ended because a native function that it called goes on; 0 when
// that is not so.
func (s *Script) Stuck() time.Duration { return s.loop.Stuck() }

// Warn writes a warning of the host on the script's console.
func (s *Script) Warn(text string) {
	s.loop.Answer(&warning{s: s, text: text})
}

type warning struct {
	s    *Script
	text string
}

// Run implements eventloop.Job.
func (w *warning) Run() { w.s.opts.Console.Write(LevelWarn, w.text) }

// Drop implements eventloop.Job. The warning may be about the last thing that
// the script did.
func (w *warning) Drop() { w.Run() }
