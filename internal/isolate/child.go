package isolate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// Main is the program of a script's process. It returns when the script has
// ended or in is at its end, because the host's process is; then the program
// should end at once. An error is for standard error.
func Main(in io.Reader, out io.Writer) error {
	ignoreSignals()
	frames := newFrames(in)
	k, body, err := frames.next()
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	if k != kindSettings {
		return errVersion
	}
	set, err := decodeSettings(body)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	c, err := newChild(set, out)
	if err != nil {
		return err
	}
	c.out.add(func(buf []byte) []byte { return appendNumbers(buf, kindHello, protocol) })
	if set.Protocol != protocol {
		return c.out.drain(patience)
	}
	limitMemory(set.Memory)
	return c.live(frames, set.Memory)
}

// patience is how long a child waits at its end for its last words to be read,
// when the script did not end by itself.
const patience = time.Second

// child is the host of a script that lives here.
type child struct {
	script *script.Script
	out    *outbox
	client atomic.Pointer[script.ClientInfo]

	loose, looseSize atomic.Int64 // QoS 0 messages finished, and not told yet
	wanted           atomic.Bool  // what the script wants may have changed, or is known at last
	waits            atomic.Bool  // the script waits for room in out
	dying            atomic.Bool  // what is settled from now on, is so by the end only
	spoiled          atomic.Uint64

	// Of what out writes before all else; the writer's.
	told struct {
		loaded bool
		wants  uint64
		counts counts
	}
}

var (
	_ script.Host    = (*child)(nil)
	_ script.Console = (*child)(nil)
)

// newChild makes the host of a script, and the script. The error is that of the
// settings.
func newChild(set settings, out io.Writer) (*child, error) {
	opts, err := set.Options.script()
	if err != nil {
		return nil, err
	}
	c := new(child)
	c.client.Store(&set.Client)
	c.out = newOutbox(out, c.news)
	opts.Host, opts.Console, opts.Settled, opts.Finished = c, c, c.settled, c.finished
	if set.Requires {
		opts.Required = func(path string) {
			c.out.add(func(buf []byte) []byte { return appendBlob(buf, kindRequired, path) })
		}
	}
	opts.Wanted = c.wantsOther
	eventloop.BoundRegExps(opts.HandlerLimit)
	c.script = script.New(opts)
	return c, nil
}

// live runs the script to its end.
func (c *child) live(frames *frames, memory int64) error {
	var group sync.WaitGroup
	quit := make(chan struct{})
	group.Go(c.out.write)
	tooMuch := make(chan struct{})
	if memory > 0 {
		group.Go(func() { watchMemory(memory, c.script.Done(), quit, tooMuch) })
	}
	c.script.Start()
	group.Go(func() {
		select {
		case <-c.script.Loaded():
			c.wantsOther()
		case <-quit:
		}
	})
	gone := make(chan error, 1)
	go func() { gone <- c.listen(frames) }() // ends with the pipe, or the process
	overdue := make(chan struct{})
	group.Go(func() { c.awaitOverdue(quit, overdue) })
	defer func() {
		close(quit)
		group.Wait()
	}()

	var err error
	select {
	case err = <-gone:
		c.out.close()
		return err
	case <-c.script.Done():
		c.last(ended{})
		err = c.out.drain(0)
	case <-overdue:
		c.last(ended{Cause: causeOverdue})
		err = c.out.drain(patience)
	case <-tooMuch:
		c.dying.Store(true)
		c.script.Kill() // it makes no more of it meanwhile
		c.last(ended{Cause: causeMemory})
		err = c.out.drain(patience)
	}
	return err
}

// wantsOther has news tell what the script wants.
func (c *child) wantsOther() {
	c.wanted.Store(true)
	c.out.nudge()
}

// wants is what the script wants. It is not ok when the script has ended or
// failed, whatever it wanted then.
func (c *child) wants() (bits uint64, ok bool) {
	bits = wantsOf(c.script)
	state, _ := c.script.Result()
	return bits, state <= script.StateStopping
}

// last adds the child's last word.
func (c *child) last(e ended) {
	var reason error
	if e.State, reason = c.script.Result(); reason != nil {
		e.Text = reason.Error()
	}
	text, err := json.Marshal(e)
	if err != nil {
		text = nil // not reached: all of it can be written
	}
	c.out.add(func(buf []byte) []byte { return appendBlob(buf, kindEnded, text) })
}

// overdueGrace is how long a script may go on that was interrupted at its end.
const overdueGrace = 100 * time.Millisecond

// awaitOverdue closes overdue when the script was ended without waiting and yet
// goes on, in a function that cannot be interrupted.
func (c *child) awaitOverdue(quit <-chan struct{}, overdue chan<- struct{}) {
	select {
	case <-quit:
		return
	case <-c.script.Interrupted():
	}
	timer := time.NewTimer(overdueGrace)
	defer timer.Stop()
	select {
	case <-quit:
	case <-c.script.Done():
	case <-timer.C:
		close(overdue)
	}
}

// listen does what the host's process says, until that is at its end.
func (c *child) listen(frames *frames) error {
	for {
		k, body, err := frames.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading from mqscript: %w", err)
		}
		if err := c.hear(k, body); err != nil {
			return fmt.Errorf("reading from mqscript: %w", err)
		}
	}
}

func (c *child) hear(k kind, body []byte) error {
	f := &fields{rest: body}
	switch k {
	case kindClient:
		c.client.Store(f.client())
	case kindMessage:
		f = owned(body)
		number, m := f.message()
		if f.err != nil {
			break
		}
		m.Tag = number
		if c.script.Deliver(m) {
			break
		}
		if m.Packet.QoS > 0 {
			c.settled(m, false)
		} else {
			c.finished(m)
		}
	case kindEvent:
		f = owned(body)
		if e := f.event(); f.err == nil {
			c.script.Notify(e)
			break
		}
		c.spoiled.Add(1) // a packet that this program wrote and would not read
		return nil
	case kindPublishDone:
		c.script.PublishDone(f.uint(), f.clientError())
	case kindSubscribeDone:
		id, codes, e := f.subscribeDone()
		c.script.SubscribeDone(id, codes, e)
	case kindWarning:
		c.script.Warn(string(f.rest))
	case kindStop:
		c.script.Stop()
	case kindPing:
		c.out.add(func(buf []byte) []byte { return appendNumbers(buf, kindPong, uint64(c.stuck())) })
	default:
		return fmt.Errorf("a frame of the unknown kind %d", k)
	}
	return f.err
}

// stuck is how long the script was interrupted in vain. Waiting for the host is
// no fault of its own.
func (c *child) stuck() time.Duration {
	if c.waits.Load() {
		return 0
	}
	return c.script.Stuck()
}

// finished tells the host that the script is done with a message of QoS 0.
func (c *child) finished(m *script.Message) {
	c.looseSize.Add(int64(len(m.Packet.Payload)))
	c.loose.Add(1)
	c.out.nudge()
}

// settled tells the host that the script is done with a message of QoS 1 or 2.
func (c *child) settled(m *script.Message, handled bool) {
	number, _ := m.Tag.(uint64)
	flag := uint64(0)
	if handled && !c.dying.Load() {
		flag = 1
	}
	c.out.add(func(buf []byte) []byte { return appendNumbers(buf, kindSettled, number, flag) })
}

// news is what out writes before all else: what has changed in numbers.
func (c *child) news(buf []byte) []byte {
	if c.wanted.Swap(false) && isClosed(c.script.Loaded()) {
		buf = c.tellWants(buf)
	}
	if n := c.loose.Swap(0); n > 0 {
		size := c.looseSize.Swap(0)
		buf = appendNumbers(buf, kindFinished, uint64(n), uint64(size))
	}
	now := countsOf(c.script.Stats())
	now.eventsDropped += c.spoiled.Load()
	if now != c.told.counts {
		c.told.counts = now
		buf = appendCounts(buf, now)
	}
	return buf
}

// tellWants says that the script runs, the first time, and what it wants. Only
// what is said last holds, so nobody else says it.
func (c *child) tellWants(buf []byte) []byte {
	wants, ok := c.wants()
	if !ok || c.told.loaded && wants == c.told.wants {
		return buf
	}
	k := kindWants
	if !c.told.loaded {
		k = kindLoaded
	}
	c.told.loaded, c.told.wants = true, wants
	return appendNumbers(buf, k, wants)
}

// Publish implements [script.Host]. When what waits to be written is too much,
// it waits until the host's process has taken it.
func (c *child) Publish(req *script.PublishRequest, cancel <-chan struct{}) error {
	if !c.await(cancel) {
		return &script.ClientError{Name: "Error", Message: "the script was interrupted while it waited to publish"}
	}
	c.out.add(func(buf []byte) []byte { return appendRequest(buf, req) })
	return nil
}

// await waits for room in out.
func (c *child) await(cancel <-chan struct{}) bool {
	if c.out.roomy() {
		return true
	}
	c.waits.Store(true)
	defer c.waits.Store(false)
	return c.out.await(cancel)
}

// Subscribe implements [script.Host].
func (c *child) Subscribe(id uint64, subs []packet.Subscription, props packet.Properties) {
	c.await(c.script.Interrupted())
	c.out.add(func(buf []byte) []byte { return appendSubscribe(buf, id, subs, props) })
}

// Unsubscribe implements [script.Host].
func (c *child) Unsubscribe(id uint64, filters []string, props packet.Properties) {
	c.await(c.script.Interrupted())
	c.out.add(func(buf []byte) []byte { return appendUnsubscribe(buf, id, filters, props) })
}

// Client implements [script.Host].
func (c *child) Client() script.ClientInfo { return *c.client.Load() }

// Write implements [script.Console].
func (c *child) Write(level script.Level, text string) {
	c.await(c.script.Interrupted())
	c.out.add(func(buf []byte) []byte { return appendConsole(buf, level, text) })
}
