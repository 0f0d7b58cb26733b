// Package isolate lets a script live in a process of its own: the same program,
// started a second time. What goes over the border of package script goes over
// two pipes here, so that the script's host cannot tell the difference; but
// what the script does to its process, it does to that process alone.
//
// Script stands for the script in the host's process and starts the child as
// often as Config.Restart says. Main is the child.
//
// # Concurrency
//
// A Script owns one goroutine, which starts a process, watches it and waits for
// its end; beside it run, for each process, one that writes to it, one that
// reads from it and one that collects its standard error. All are joined before
// Done is closed. The Host and Console of the options are called on the reading
// goroutine, Settled on that and on the owner's. The methods of Script may be
// called from anywhere, and none of them blocks.
//
// In the child one goroutine reads, one writes and one watches the memory; the
// script has its own.
//
// # Queues
//
// What waits for the child, waits in the host's process: messages up to
// Options.InboxMessages and InboxBytes, those included that the child has and
// has not finished; 4,096 packet events and 1,024 others, beyond which they are
// dropped and counted; and as many answers as the script has asked questions.
// What waits for the host, waits in the child: when that is 1 MiB, the script
// waits until the host has taken it.
package isolate

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"time"

	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/store"
)

// Command is the argument that makes the program call Main. It is no command
// for users, and nothing secret follows it.
const Command = "script-process"

// Restart says when a script's process is followed by another.
type Restart string

// The answers.
const (
	// Never: as a script ends, however that is, it has ended.
	Never Restart = "never"
	// OnFailure: when the process died, and when a script that has run before
	// does not load.
	OnFailure Restart = "on-failure"
	// Always: also when a script does not load at all, and after exit().
	Always Restart = "always"
)

// Config says how scripts are isolated.
type Config struct {
	// Program and its Args are what is started; it must call Main.
	Program string
	Args    []string
	// Memory is how many bytes of memory a script may use; 0 sets no limit.
	Memory int64
	// Restart says what follows the end of a process. Default: OnFailure.
	Restart Restart
	// FirstDelay is the wait before the second process; each that follows
	// doubles it, up to LongestDelay. A process that lived for StableAfter
	// starts the row anew. Defaults: 250 ms, 30 s, 1 min.
	FirstDelay, LongestDelay, StableAfter time.Duration
	// Grace is how long the script may go on after the limit of a handler, or
	// of its end, without having been interrupted. Default: 2 s.
	Grace time.Duration
	// Silence is how long its process may say nothing before it is taken as
	// frozen. Default: 10 s, or the limit of a handler if that is longer.
	Silence time.Duration
}

func (c Config) withDefaults() Config {
	if c.Restart == "" {
		c.Restart = OnFailure
	}
	c.FirstDelay = orDefault(c.FirstDelay, 250*time.Millisecond)
	c.LongestDelay = orDefault(c.LongestDelay, 30*time.Second)
	c.StableAfter = orDefault(c.StableAfter, time.Minute)
	c.Grace = orDefault(c.Grace, 2*time.Second)
	return c
}

func orDefault(d, def time.Duration) time.Duration {
	if d <= 0 {
		return def
	}
	return d
}

// size writes a number of bytes as people do.
func size(bytes int64) string {
	if bytes%(1<<30) == 0 {
		return fmt.Sprintf("%d GB", bytes>>30)
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}

// settings is the first that the child is told. Nothing of it is seen in a list
// of processes.
type settings struct {
	Protocol int
	Memory   int64
	Options  options
	Requires bool // the host wants to know which files the script loads
	Client   script.ClientInfo
}

// decodeSettings reads what encode wrote.
func decodeSettings(body []byte) (s settings, err error) {
	err = gob.NewDecoder(bytes.NewReader(body)).Decode(&s)
	return s, err
}

func (s *settings) encode() ([]byte, error) {
	var text bytes.Buffer
	err := gob.NewEncoder(&text).Encode(s)
	return appendBlob(nil, kindSettings, text.Bytes()), err
}

// options is the part of script.Options that crosses the border: all but the
// functions.
type options struct {
	Path, Name                string
	DataDir, TmpDir           string
	Hidden                    []string
	Env                       map[string]string
	Args                      []string
	Store                     store.Config
	Permissions               permission.Config
	HandlerLimit, ExitLimit   time.Duration
	InboxMessages, InboxBytes int
}

func optionsOf(o *script.Options) options {
	return options{
		Path: o.Path, Name: o.Name, DataDir: o.DataDir, TmpDir: o.TmpDir, Hidden: o.Hidden,
		Env: o.Env, Args: o.Args, Store: o.Store, Permissions: o.Permissions.Config(),
		HandlerLimit: o.HandlerLimit, ExitLimit: o.ExitLimit,
		InboxMessages: o.InboxMessages, InboxBytes: o.InboxBytes,
	}
}

// script returns the options as the child's script takes them. The error is the
// policy's.
func (o *options) script() (script.Options, error) {
	policy, err := permission.New(o.Permissions)
	return script.Options{
		Path: o.Path, Name: o.Name, DataDir: o.DataDir, TmpDir: o.TmpDir, Hidden: o.Hidden,
		Env: o.Env, Args: o.Args, Store: o.Store, Permissions: policy,
		HandlerLimit: o.HandlerLimit, ExitLimit: o.ExitLimit,
		InboxMessages: o.InboxMessages, InboxBytes: o.InboxBytes,
	}, err
}
