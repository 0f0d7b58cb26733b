package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mqscript/mqscript/internal/broker"
	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/host"
	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/store"
	"github.com/mqscript/mqscript/internal/watch"
)

// unheardAfter is how long after the first connection a script with onMessage
// may leave everything unsubscribed before a warning says so.
const unheardAfter = 2 * time.Second

// runner is one call of "mqscript run".
type runner struct {
	settings *config.Run
	console  console
	log      *slog.Logger
	host     *host.Host
	scripts  []host.Script
	// reloaders have the scripts in place of scripts when files are watched.
	reloaders []*reloader
	embedded  string // the embedded broker's URL; "" when there is none
}

// run lets the scripts live on one client until all have ended, the program is
// interrupted, or the client gives up.
func run(ctx context.Context, settings *config.Run, c console) (err error) {
	r := &runner{settings: settings, console: c, log: newLog(settings.Log, c)}
	eventloop.BoundRegExps(time.Duration(settings.HandlerLimit))
	for _, path := range settings.Scripts {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("no script %s: %w", path, errors.Unwrap(err))
		}
	}
	client, warning, err := settings.Client()
	if err != nil {
		return usage(err)
	}
	if warning != "" {
		r.log.Warn(warning)
	}
	if settings.PasswordIsVisible() {
		r.log.Warn("other users of this machine can see --password among its processes; --password-file and $MQSCRIPT_PASSWORD keep it private")
	}
	if settings.URL == "" {
		embedded, err := r.startBroker(client)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, embedded.Close()) }()
		client.URL = embedded.URL()
	}
	scripts, err := makeScript(&settings.Isolation)
	if err != nil {
		return err
	}
	r.host, err = host.New(host.Options{Client: client, Subscriptions: r.subscriptions(), New: scripts, Log: r.log})
	if err != nil {
		return usage(err)
	}
	tmp, err := os.MkdirTemp("", "mqscript-")
	if err != nil {
		return fmt.Errorf("making the folder for temporary files: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	var watcher *watch.Watcher
	if settings.Watch {
		if watcher, err = watch.New(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, watcher.Close()) }()
	}
	if err := r.addScripts(tmp, watcher); err != nil {
		return err
	}
	return r.live(ctx)
}

// startBroker starts the embedded broker. At an address that was chosen the
// user name and the password, when they are given, are what every client needs.
func (r *runner) startBroker(client mqtt.Config) (*broker.Broker, error) {
	opts := r.settings.BrokerOptions()
	if r.settings.Listen != "" && client.Username != "" && client.Password != nil {
		opts.Users = map[string]string{client.Username: string(client.Password)}
	}
	opts.Log = r.log
	b, err := broker.Start(opts)
	if errors.Is(err, broker.ErrOpen) {
		return nil, usage(errors.New(err.Error() + " with --username and a password, or --anonymous"))
	}
	if err != nil {
		return nil, usage(err)
	}
	r.embedded = b.URL()
	return b, nil
}

// greet says where the embedded broker is, once there is a script to talk to.
func (r *runner) greet() {
	if r.embedded == "" {
		return
	}
	r.log.Info("the embedded broker listens on " + r.embedded)
	user := ""
	if r.settings.Listen != "" && r.settings.Username != "" {
		user = " -u " + r.settings.Username + " --password-file FILE"
	}
	r.log.Info("talk to the scripts: " + commandName() + " pub --url " + r.embedded + user + " -t " + r.sampleTopic() + " -m hello")
}

// commandName is how the user started the program.
func commandName() string {
	if strings.Contains(os.Args[0], "go-build") {
		return "go run ./cmd/mqscript"
	}
	return "mqscript"
}

// sampleTopic is a topic that reaches the scripts.
func (r *runner) sampleTopic() string {
	if len(r.settings.Topic) == 0 {
		return "test"
	}
	return strings.NewReplacer("+", "x", "#", "x").Replace(r.settings.Topic[0])
}

// subscriptions is what the client subscribes. The default on the embedded
// broker is everything that the scripts did not publish themselves.
func (r *runner) subscriptions() []packet.Subscription {
	if len(r.settings.Topic) == 0 && r.settings.URL == "" {
		return []packet.Subscription{{Filter: "#", QoS: byte(r.settings.QoS), NoLocal: true}}
	}
	var subs []packet.Subscription
	for _, filter := range r.settings.Topic {
		subs = append(subs, packet.Subscription{Filter: filter, QoS: byte(r.settings.QoS)})
	}
	return subs
}

// addScripts starts the scripts, each with a name and folders of its own. The
// files of those are watched when there is a watcher, and no end of the last
// script is the end then.
func (r *runner) addScripts(tmp string, watcher *watch.Watcher) error {
	names := uniqueNames(r.settings.Scripts)
	data, err := filepath.Abs(r.settings.DataDir)
	if err != nil {
		return fmt.Errorf("finding the data folder: %w", err)
	}
	permissions, err := permission.New(r.settings.Permissions.Config())
	if err != nil {
		return usage(err)
	}
	env := environment()
	for i, path := range r.settings.Scripts {
		prefix := ""
		if len(names) > 1 {
			prefix = "[" + names[i] + "] "
		}
		opts := script.Options{
			Path: path, Name: names[i],
			Console:      &scriptConsole{console: r.console, prefix: prefix},
			DataDir:      filepath.Join(data, names[i]),
			TmpDir:       filepath.Join(tmp, names[i]),
			Env:          env,
			Args:         r.settings.Args,
			Hidden:       []string{data, tmp},
			Permissions:  permissions,
			Store:        store.Config{URL: string(r.settings.Store)},
			HandlerLimit: time.Duration(r.settings.HandlerLimit),
		}
		if watcher != nil {
			r.addReloader(watcher, opts)
		} else {
			r.scripts = append(r.scripts, r.host.Add(opts))
		}
	}
	if watcher == nil {
		r.host.Seal()
	}
	return nil
}

// uniqueNames names each script after its file; a name that is taken gets a
// number.
func uniqueNames(paths []string) []string {
	names := make([]string, len(paths))
	for i, path := range paths {
		base := filepath.Base(path)
		name := strings.TrimSuffix(base, filepath.Ext(base))
		names[i] = name
		for n := 2; slices.Contains(names[:i], names[i]); n++ {
			names[i] = fmt.Sprintf("%s-%d", name, n)
		}
	}
	return names
}

// environment is process.env of the scripts, without the passwords of the
// connection and of the store.
func environment() map[string]string {
	env := make(map[string]string)
	for _, pair := range os.Environ() {
		if name, value, ok := strings.Cut(pair, "="); ok && name != "" {
			env[name] = value
		}
	}
	delete(env, "MQSCRIPT_PASSWORD")
	delete(env, "MQSCRIPT_STORE")
	if u, err := url.Parse(env["MQSCRIPT_URL"]); err != nil || u.User != nil {
		delete(env, "MQSCRIPT_URL")
	}
	return env
}

// live connects once a script runs, and stays until the end.
func (r *runner) live(ctx context.Context) error {
	following, stop := context.WithCancel(ctx)
	var followers sync.WaitGroup
	defer followers.Wait()
	defer stop()
	for _, w := range r.reloaders {
		followers.Go(func() { w.follow(following) })
	}
	followers.Go(func() { giveBack(following, r.current()) })
	select {
	case <-r.host.Running():
		r.greet()
		r.host.Start()
	case <-r.host.Empty():
	case <-ctx.Done():
	}
	err := r.await(ctx)
	// A signal has cancelled ctx; the scripts still get their time.
	err = errors.Join(err, r.host.Stop(context.WithoutCancel(ctx)))
	if r.settings.Stats {
		err = errors.Join(err, r.host.Stats().Print(r.console.err))
	}
	if err == nil && slices.ContainsFunc(r.current(), failed) {
		return &exitError{code: 1}
	}
	return err
}

func failed(s host.Script) bool {
	state, _ := s.Result()
	return state == script.StateFailed
}

// await returns at the end of the last script or of the client, or when the
// program is interrupted.
func (r *runner) await(ctx context.Context) error {
	requests, ignore := statsRequests()
	defer ignore()
	connected := r.host.Connection()
	var unheard <-chan time.Time
	for {
		select {
		case <-r.host.Empty():
			r.tellConnected(connected) // both may have come at once
			return nil
		case <-ctx.Done():
			return nil
		case <-r.host.Client().Done():
			return r.gaveUp(ctx)
		case <-connected:
			r.tellConnected(connected)
			connected = nil
			unheard = time.After(unheardAfter)
		case <-unheard:
			unheard = nil
			if slices.ContainsFunc(r.current(), host.Awaits) {
				unheard = time.After(unheardAfter) // it may yet subscribe
				continue
			}
			r.warnUnheard()
		case <-requests:
			if err := r.host.Stats().Print(r.console.err); err != nil {
				return err
			}
		}
	}
}

// tellConnected says where the client is connected to, if it is and that was not
// said; connected is nil then.
func (r *runner) tellConnected(connected <-chan struct{}) {
	select {
	case <-connected:
		r.log.Info("connected to " + r.host.Client().URL())
	default:
	}
}

// gaveUp ends the client, which tells the scripts, and explains why there is
// no point in going on. A refusal is a wrong setting.
func (r *runner) gaveUp(ctx context.Context) error {
	err := r.host.Client().Err()
	if endErr := r.host.Client().End(ctx, false); endErr != nil {
		r.log.Debug("ending the client", "reason", endErr)
	}
	var refused *mqtt.Error
	if !errors.As(err, &refused) || !refused.HasReason {
		return err
	}
	if hint := hint(err); hint != "" {
		return usage(errors.New(hint)) // the host has logged the rest
	}
	return &exitError{code: 2}
}

// warnUnheard says so when onMessage waits for what nobody subscribed.
func (r *runner) warnUnheard() {
	if r.host.Subscribed() {
		return
	}
	for _, s := range r.current() {
		if s.WantsMessages() {
			r.log.Warn("nothing is subscribed, so no message will reach onMessage: add --topic FILTER, or call subscribe in the script",
				"script", s.Name())
		}
	}
}

// scriptConsole writes what a script prints, one write for each call.
type scriptConsole struct {
	console console
	prefix  string // of each line
}

var _ script.Console = (*scriptConsole)(nil)

// Write implements [script.Console].
func (s *scriptConsole) Write(level script.Level, text string) {
	if s.prefix != "" {
		text = s.prefix + strings.ReplaceAll(text, "\n", "\n"+s.prefix)
	}
	out := s.console.out
	if level == script.LevelWarn || level == script.LevelError {
		out = s.console.err
	}
	_, _ = io.WriteString(out, text+"\n")
}
