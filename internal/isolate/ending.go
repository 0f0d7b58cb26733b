package isolate

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/mqscript/mqscript/internal/script"
)

// ending is how a process ended.
type ending struct {
	state  script.State // of the script, when the process did not die
	died   bool
	reason string // of a death or of StateFailed
}

// ending finds out how the process ended; err is what waiting for it gave.
func (p *process) ending(err error) ending {
	died := func(reason string) ending { return ending{died: true, reason: reason} }
	said := p.words.text()
	switch {
	case p.final != nil && p.final.Cause == causeMemory:
		return died(p.s.tooMuchMemory())
	case p.final != nil && p.final.Cause == causeOverdue:
		return died(overdueReason(p.s.opts.ExitLimit))
	case p.final != nil:
		if said != "" {
			p.s.opts.Console.Write(script.LevelError, said)
		}
		return ending{state: p.final.State, reason: p.final.Text}
	}
	if why := p.sentence.Load(); why != nil {
		return died(*why)
	}
	if reason := p.s.reasonIn(said); reason != "" {
		return died(reason)
	}
	if said != "" {
		p.s.opts.Console.Write(script.LevelError, said)
	}
	if p.err != nil && errors.Is(p.err, errVersion) {
		return died(p.err.Error())
	}
	how := "its process ended without a word"
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		how = fmt.Sprintf("its process ended (%v)", exit.ProcessState)
		if strings.Contains(exit.ProcessState.String(), "killed") {
			how = "its process was killed from outside, as the system does when it runs out of memory"
		}
	}
	if p.err != nil {
		how = fmt.Sprintf("%s; what it said last could not be read: %v", how, p.err)
	}
	return died(how)
}

func (s *Script) tooMuchMemory() string {
	if s.cfg.Memory == 0 {
		return "it used more memory than the system could give"
	}
	return fmt.Sprintf("it used more than %s of memory", size(s.cfg.Memory))
}

// reasonIn recognises what the Go runtime writes when it ends a process for
// something that a script did; "" when it is something else.
func (s *Script) reasonIn(words string) string {
	switch {
	case strings.Contains(words, "stack overflow"), strings.Contains(words, "stack exceeds"):
		return "its recursion was deeper than its process could bear"
	case strings.Contains(words, "out of memory"), strings.Contains(words, "cannot allocate memory"),
		strings.Contains(words, "failed to create new OS thread"), strings.Contains(words, "pthread_create failed"),
		// Where the runtime itself gets no memory at the wall, it trips over that.
		s.cfg.Memory > 0 && strings.HasPrefix(words, "SIGSEGV"):
		return s.tooMuchMemory()
	}
	return ""
}

// excerpt keeps the beginning and the end of what is written to it.
type excerpt struct {
	head, tail []byte
	cut        bool
}

const (
	headSize = 8 << 10
	tailSize = 4 << 10
)

// Write never fails.
func (e *excerpt) Write(p []byte) (int, error) {
	n := len(p)
	room := min(headSize-len(e.head), len(p))
	e.head = append(e.head, p[:room]...)
	e.tail = append(e.tail, p[room:]...)
	if over := len(e.tail) - tailSize; over > 0 {
		e.cut = true
		e.tail = append(e.tail[:0], e.tail[over:]...)
	}
	return n, nil
}

func (e *excerpt) text() string {
	gap := ""
	if e.cut {
		gap = "\n…\n"
	}
	return strings.TrimRight(string(e.head)+gap+string(e.tail), "\n")
}
