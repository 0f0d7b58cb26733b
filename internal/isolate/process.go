package isolate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/script"
)

// process is one process of a script, seen from the host's.
type process struct {
	s          *Script
	generation uint64
	cmd        *exec.Cmd
	in, out    *os.File // its standard input and output
	words      excerpt  // its standard error
	cancel     context.CancelFunc
	free       chan struct{} // closed: the host must not keep it waiting
	freeOnce   sync.Once
	read       chan struct{} // closed: its standard output has ended

	heard  atomic.Int64 // when it last said something or was told to wait, ns since began
	asked  atomic.Int64 // when it was last asked for a sign of life, so; 0: it has answered
	inHost atomic.Bool  // the host keeps it waiting
	stuck  atomic.Int64 // ns since its script was interrupted in vain
	began  time.Time

	sentence atomic.Pointer[string] // why it was killed from here

	// All below is the reading goroutine's until read is closed.
	final *ended // what it said at its end
	err   error  // what was wrong with what it said
}

// ended is a child's last word.
type ended struct {
	State script.State
	Text  string // why the script did not load
	Cause cause  // why the child ended it, if so
}

// cause says why a child ended its script.
type cause string

const (
	causeMemory  cause = "memory"
	causeOverdue cause = "overdue"
)

// live starts a process and returns when it has ended.
func (s *Script) live() ending {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := &process{
		s: s, generation: s.mail.current(), cancel: cancel, began: time.Now(),
		free: make(chan struct{}), read: make(chan struct{}),
	}
	if err := p.start(ctx); err != nil {
		s.mail.processEnded(false)
		return ending{died: true, reason: fmt.Sprintf("its process could not be started: %v", err)}
	}
	var group sync.WaitGroup
	group.Go(p.write)
	group.Go(p.listen)
	p.watch()
	_ = p.in.Close()
	patience := time.AfterFunc(s.cfg.Grace, cancel)
	err := p.cmd.Wait()
	patience.Stop()
	group.Wait()
	_ = p.out.Close()
	e := p.ending(err)
	s.afterProcess(e)
	return e
}

// start starts the process with its pipes.
func (p *process) start(ctx context.Context) error {
	childIn, in, err := os.Pipe()
	if err != nil {
		return err
	}
	out, childOut, err := os.Pipe()
	if err != nil {
		return errors.Join(err, childIn.Close(), in.Close())
	}
	defer func() { _, _ = childIn.Close(), childOut.Close() }()
	cmd := exec.CommandContext(ctx, p.s.cfg.Program, p.s.cfg.Args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = childIn, childOut, &p.words
	cmd.Env = environment()
	cmd.SysProcAttr = attributes()
	cmd.WaitDelay = p.s.cfg.Grace
	if err := cmd.Start(); err != nil {
		return errors.Join(err, in.Close(), out.Close())
	}
	p.cmd, p.in, p.out = cmd, in, out
	return nil
}

// environment is the process's own, which is not what its script is shown:
// without what belongs to the client.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "MQSCRIPT_") })
}

// afterProcess takes account of a process that has ended.
func (s *Script) afterProcess(e ending) {
	s.mu.Lock()
	s.earlier, s.now = s.earlier.plus(s.now), counts{}
	if s.state == script.StateRunning {
		s.state = script.StateLoading
	}
	s.mu.Unlock()
	for _, p := range s.mail.processEnded(e.died) {
		s.opts.Console.Write(script.LevelError, fmt.Sprintf(
			"a message on '%s' was given up: %d processes died while they had it", p.message.Topic, p.deaths))
		s.settle(p.message, true)
	}
	if online := s.online.Load(); online != nil {
		s.mail.reconnect(online)
	}
}

// watch returns when the process says nothing any more. It kills it when it
// has to.
func (p *process) watch() {
	s := p.s
	kill, stop := s.killed, s.stopped
	var overdue <-chan time.Time
	tick := time.NewTicker(min(max(s.opts.HandlerLimit/4, 20*time.Millisecond), 2500*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-p.read:
			return
		case <-kill:
			kill = nil
			p.kill("")
		case <-stop:
			stop = nil
			overdue = time.After(2*s.opts.ExitLimit + s.cfg.Grace)
		case <-overdue:
			p.kill(overdueReason(s.opts.ExitLimit))
		case <-tick.C:
			p.examine()
		}
	}
}

func overdueReason(limit time.Duration) string {
	return fmt.Sprintf("it did not finish within %v of being stopped", limit)
}

// examine kills a process that does not do what it must, and asks for a sign of
// life.
func (p *process) examine() {
	limit, grace := p.s.opts.HandlerLimit, p.s.cfg.Grace
	if stuck := time.Duration(p.stuck.Load()); stuck >= grace {
		p.kill(fmt.Sprintf("it did not return within %v and could not be interrupted, because it was in a function of the engine such as a search or a sort", limit))
		return
	}
	now := time.Since(p.began)
	asked := time.Duration(p.asked.Load())
	if asked == 0 {
		p.asked.Store(int64(now))
		p.s.mail.hurry(bare(kindPing))
		return
	}
	silent := now - max(asked, time.Duration(p.heard.Load()))
	if silent > p.s.cfg.Silence+grace && !p.inHost.Load() {
		p.kill(fmt.Sprintf("its process gave no sign of life for %v", silent.Round(time.Millisecond)))
	}
}

// kill ends the process; why is the reason, "" when there is nothing to say.
func (p *process) kill(why string) {
	p.sentence.CompareAndSwap(nil, &why)
	p.freeOnce.Do(func() { close(p.free) })
	p.cancel()
}

// writeSize is how much is written at once.
const writeSize = 64 << 10

// write is the goroutine that writes to the process.
func (p *process) write() {
	client := p.s.opts.Host.Client()
	buf, err := p.s.settings(client)
	if err != nil {
		p.kill(fmt.Sprintf("its settings could not be written: %v", err))
		return
	}
	var pace pace
	var batch []frame
	flush := func() bool {
		if len(buf) == 0 {
			return true
		}
		_, err := p.in.Write(buf)
		pace.wrote(len(buf))
		if buf = buf[:0]; cap(buf) > keepSize {
			buf = nil
		}
		return err == nil // what is wrong with it, the reader will learn
	}
	for {
		batch = p.s.mail.take(batch[:0])
		for i, f := range batch {
			if e, ok := f.(event); ok && tellsOfConnection(e.Kind) {
				if now := p.s.opts.Host.Client(); now != client {
					client = now
					buf = appendClient(buf, client)
				}
			}
			buf = f.append(buf)
			batch[i] = nil
			if len(buf) >= writeSize && !flush() {
				return
			}
		}
		if !flush() {
			return
		}
		select {
		case <-p.s.mail.wake:
			pace.wait(p.s.mail.waiting)
		case <-p.read:
			return
		}
	}
}

// settings is what the process is told first.
func (s *Script) settings(client script.ClientInfo) ([]byte, error) {
	set := settings{Protocol: protocol, Memory: s.cfg.Memory, Options: optionsOf(&s.opts), Requires: s.opts.Required != nil, Client: client}
	return set.encode()
}

// listen is the goroutine that reads from the process.
func (p *process) listen() {
	defer close(p.read)
	frames := newFrames(p.out)
	for {
		k, body, err := frames.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			p.heard.Store(int64(time.Since(p.began)))
			err = p.hear(k, body)
		}
		if err != nil {
			p.err = err
			p.freeOnce.Do(func() { close(p.free) })
			p.cancel()
			return
		}
	}
}

// hear does what a frame says.
func (p *process) hear(k kind, body []byte) error {
	f := &fields{rest: body}
	s := p.s
	switch k {
	case kindHello:
		if version := f.uint(); f.err == nil && version != protocol {
			return errVersion
		}
	case kindLoaded:
		s.running(f.uint())
	case kindWants:
		s.wanting(f.uint())
	case kindSettled:
		number, handled := f.uint(), f.uint() != 0
		if !handled || f.err != nil {
			break // whether another process gets it is seen at the end of this one
		}
		m := s.mail.settled(number)
		if m == nil {
			return fmt.Errorf("it was done with a message that it did not have")
		}
		s.settle(m, true)
	case kindFinished:
		if n, size := f.uint(), f.uint(); f.err == nil && !s.mail.finished(n, size) {
			return fmt.Errorf("it was done with more messages than it had")
		}
	case kindPublish, kindSubscribe, kindUnsubscribe:
		return p.ask(k, owned(body))
	case kindConsole:
		level := script.Level(f.byte())
		p.inHost.Store(true)
		s.opts.Console.Write(level, string(f.rest))
		p.inHost.Store(false)
	case kindCounts:
		now := f.counts()
		s.mu.Lock()
		s.now = now
		s.mu.Unlock()
	case kindRequired:
		if s.opts.Required != nil {
			s.opts.Required(string(body))
		}
	case kindPong:
		p.stuck.Store(int64(f.uint()))
		p.asked.Store(0)
	case kindEnded:
		p.final = new(ended)
		return json.Unmarshal(body, p.final)
	default:
		return fmt.Errorf("it sent a frame of the unknown kind %d", k)
	}
	return f.err
}

// errVersion is a child that is another version of the program.
var errVersion = errors.New("the program's file was replaced by another version while it ran; start mqscript again")

// wanting notes what the child's script wants.
func (s *Script) wanting(wants uint64) {
	s.wants.Store(wants)
	if wants&awaits == 0 {
		s.mu.Lock()
		s.ran = true
		s.mu.Unlock()
	}
}

// running notes that the child's script runs.
func (s *Script) running(wants uint64) {
	s.wanting(wants)
	s.mu.Lock()
	if s.state == script.StateLoading {
		s.state = script.StateRunning
	}
	s.mu.Unlock()
	s.nowLoaded()
}

// ask hands a question of the child to the host.
func (p *process) ask(k kind, f *fields) error {
	host := p.s.opts.Host
	switch k {
	case kindPublish:
		req := f.request()
		if f.err != nil {
			return f.err
		}
		id := req.ID
		req.ID = outside(p.generation, id)
		p.inHost.Store(true)
		err := host.Publish(req, p.free)
		p.inHost.Store(false)
		p.heard.Store(int64(time.Since(p.began)))
		if err != nil {
			p.s.mail.answer(p.generation, publishDone{id, clientError(err)})
		}
	case kindSubscribe:
		id, subs, props := f.subscribe()
		if f.err == nil {
			host.Subscribe(outside(p.generation, id), subs, props)
		}
	case kindUnsubscribe:
		id, filters, props := f.unsubscribe()
		if f.err == nil {
			host.Unsubscribe(outside(p.generation, id), filters, props)
		}
	}
	return f.err
}

// clientError makes an error of the host what can cross the border.
func clientError(err error) *script.ClientError {
	var e *script.ClientError
	if errors.As(err, &e) {
		return e
	}
	return &script.ClientError{Name: "Error", Message: err.Error()}
}
