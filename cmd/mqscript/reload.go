package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mqscript/mqscript/internal/host"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/watch"
)

// reloader loads a script anew when its files are saved.
type reloader struct {
	opts  script.Options
	place *host.Place
	set   *watch.Set
	log   *slog.Logger
	said  string // the errors that were shown and are not mended
}

// addReloader starts a script whose files are watched from before it is loaded.
func (r *runner) addReloader(watcher *watch.Watcher, opts script.Options) {
	w := &reloader{opts: opts, set: watcher.NewSet(), log: r.log.With("script", opts.Name)}
	w.opts.Required = w.required
	checked, _ := script.Check(opts.Path) // that there is no such file is said when it is loaded
	w.watch(checked)
	w.place = r.host.AddPlace(w.opts)
	r.reloaders = append(r.reloaders, w)
}

// watch watches the files that a script leads to. While they have errors, what
// mends them may be any file there, or a package.
func (w *reloader) watch(checked *script.Checked) {
	main := w.opts.Path
	if abs, err := filepath.Abs(main); err == nil {
		main = abs
	}
	files := []string{main}
	bad := checked == nil || len(checked.Fatal()) > 0
	if checked != nil {
		files = append(files, checked.Files...)
	}
	if bad {
		files = append(files, installed(filepath.Dir(main))...)
	}
	if err := w.set.Watch(files, bad); err != nil {
		w.log.Warn("not all files are watched", "reason", err)
	}
}

// installed are the files that npm writes when it is done with installing, in
// the folders above a script up to its package's, and beside it.
func installed(dir string) []string {
	mark := func(dir string) string { return filepath.Join(dir, "node_modules", ".package-lock.json") }
	files := []string{mark(dir)}
	for up := dir; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, "package.json")); err == nil {
			return append(files, mark(up))
		}
		if filepath.Dir(up) == up {
			return files
		}
	}
}

// required is told what the script loads, which may be more than its text shows.
func (w *reloader) required(path string) {
	if err := w.set.Add(path); err != nil {
		w.log.Warn("a file is not watched", "reason", err)
	}
}

// follow loads the script anew at each change until ctx is done.
func (w *reloader) follow(ctx context.Context) {
	ended := w.place.Script().Done()
	for {
		select {
		case <-ctx.Done():
			return
		case file := <-w.set.Changed():
			w.reload(ctx, file)
			ended = w.place.Script().Done()
		case <-ended:
			ended = nil
			w.log.Info("the script does not run; it starts again when it is saved")
		}
	}
}

// reload loads the script anew, unless its files have errors.
func (w *reloader) reload(ctx context.Context, file string) {
	checked, err := script.Check(w.opts.Path)
	w.watch(checked)
	if text := errorsOf(checked, err); text != "" {
		if file == "" && text == w.said {
			return // what has changed has to do with something else
		}
		w.said = text
		w.opts.Console.Write(script.LevelError, text)
		w.log.Warn("the script has errors and is not loaded anew")
		return
	}
	w.said = ""
	// A signal ends the scripts in its own way: they still get their time.
	if err := w.place.Replace(context.WithoutCancel(ctx)); errors.Is(err, host.ErrSealed) {
		return
	}
	if state, _ := w.place.Script().Result(); state == script.StateFailed {
		return // which the host has told
	}
	if file == "" {
		w.log.Info("loaded the script anew")
		return
	}
	w.log.Info("loaded the script anew", "changed", shownPath(file))
}

// errorsOf are the errors with which a script does not load, as text.
func errorsOf(checked *script.Checked, err error) string {
	if err != nil {
		return err.Error()
	}
	var lines []string
	for _, p := range checked.Fatal() {
		lines = append(lines, problemText(&p))
	}
	return strings.Join(lines, "\n")
}

// current are the scripts that are there now.
func (r *runner) current() []host.Script {
	list := slices.Clone(r.scripts)
	for _, w := range r.reloaders {
		list = append(list, w.place.Script())
	}
	return list
}
