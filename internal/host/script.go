package host

import (
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

var _ Script = (*script.Script)(nil)

// Script is one script as a host sees it: a *script.Script, which lives in this
// process, or a stand-in for one that lives in another. Its methods may be
// called from anywhere, and none of them blocks.
type Script interface {
	// Name returns what the script is called.
	Name() string
	// Start lets it load and run. It is called once.
	Start()
	// Stop ends it, with onWillExit and its limit.
	Stop()
	// Kill ends it at once.
	Kill()

	// Loaded is closed when the script runs for the first time, or has failed.
	Loaded() <-chan struct{}
	// Done is closed when it has ended and all that belongs to it is gone.
	Done() <-chan struct{}
	// Result returns the state, and the reason when it is StateFailed.
	Result() (script.State, error)
	// Wants tells whether it may have a handler for the event, once Loaded is
	// closed.
	Wants(kind script.EventKind) bool
	// WantsMessages tells whether it takes messages, once Loaded is closed.
	WantsMessages() bool

	// Deliver hands over a message. When it returns false, the script has not
	// taken it, and Options.Settled is not called for it.
	Deliver(m *script.Message) bool
	// Notify hands over a client event.
	Notify(e *script.Event)
	// PublishDone answers Host.Publish.
	PublishDone(id uint64, err *script.ClientError)
	// SubscribeDone answers Host.Subscribe and Host.Unsubscribe.
	SubscribeDone(id uint64, codes []packet.ReasonCode, err *script.ClientError)
	// Warn writes a warning of the host on the script's console.
	Warn(text string)

	// Backlog returns how many messages, with how many bytes of payload, were
	// delivered and are not finished.
	Backlog() (messages, bytes int)
	// Stats returns the counters as they are now.
	Stats() script.Stats
}

// Awaits tells whether a script's file still awaits something outside of its
// functions, so that it is not known what it wants.
func Awaits(s Script) bool {
	a, ok := s.(interface{ Awaits() bool })
	return ok && a.Awaits()
}
