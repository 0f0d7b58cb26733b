// Package watch tells when files have changed. It watches their folders, so that
// files which editors write by renaming are seen too, and takes several changes
// within a moment for one.
//
// # Concurrency
//
// A Watcher has one goroutine, which Close joins. All methods may be called from
// anywhere.
//
// # Queues
//
// A Set holds one change that was not taken; further ones are the same one.
package watch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settle is how long nothing must change before a change is told, and
	// longest how long it may take when there is no end of them.
	settle, longest = 100 * time.Millisecond, time.Second
	// inFolder stands for a change of any file in a folder.
	inFolder = ""
)

// Watcher watches the files of many sets. Create it with New, end it with Close.
type Watcher struct {
	notify *fsnotify.Watcher
	ended  chan struct{}

	mu      sync.Mutex
	folders map[string]int // how many sets watch them
	sets    map[*Set]struct{}
}

// Set is files that are watched for one reader.
type Set struct {
	watcher *Watcher
	changed chan string

	// Guarded by watcher.mu.
	files   map[string]struct{}
	links   map[string]string              // what a path led to, for those that lead elsewhere
	folders map[string]map[string]struct{} // the names in them that count; inFolder for all
	first   time.Time                      // of a change that was not told; zero: there is none
	last    time.Time
	what    string // the file of the first
}

// New begins to watch. The error is the system's.
func New() (*Watcher, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	w := &Watcher{
		notify: notify, ended: make(chan struct{}),
		folders: make(map[string]int), sets: make(map[*Set]struct{}),
	}
	go w.run()
	return w, nil
}

// Close ends the watching. No change is told any more.
func (w *Watcher) Close() error {
	err := w.notify.Close()
	<-w.ended
	if err != nil {
		return fmt.Errorf("watching files: %w", err)
	}
	return nil
}

// NewSet returns a set without files.
func (w *Watcher) NewSet() *Set {
	s := &Set{watcher: w, changed: make(chan string, 1)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sets[s] = struct{}{}
	return s
}

// Changed gives the path of a file that has changed, when nothing else has
// changed for a moment; "" when it is not one of the set's, see Watch.
func (s *Set) Changed() <-chan string { return s.changed }

// Watch watches these files, by their absolute paths, in place of those before.
// With anything, whatever appears in their folders or goes from there counts. A file that is not there yet is watched; when its folder is
// not there, whatever appears in the nearest one that is counts. The error names
// the folders that the system does not let it watch; the others are watched.
func (s *Set) Watch(files []string, anything bool) error {
	w := s.watcher
	w.mu.Lock()
	defer w.mu.Unlock()
	before := s.folders
	s.files, s.links = make(map[string]struct{}), make(map[string]string)
	s.folders = make(map[string]map[string]struct{})
	for _, file := range files {
		dir := s.include(file)
		if anything {
			s.count(dir, inFolder)
		}
	}
	var errs []error
	for dir := range s.folders {
		errs = append(errs, w.enter(dir))
	}
	for dir := range before {
		w.leave(dir)
	}
	return errors.Join(errs...)
}

// Add watches one file more.
func (s *Set) Add(file string) error {
	w := s.watcher
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, is := s.files[file]; is {
		return nil
	}
	known := len(s.folders)
	dir := s.include(file)
	if len(s.folders) == known {
		return nil
	}
	return w.enter(dir)
}

// include notes a file and returns the folder that is to be watched for it. It
// is called locked.
func (s *Set) include(file string) (dir string) {
	if s.files == nil {
		s.files, s.links = make(map[string]struct{}), make(map[string]string)
		s.folders = make(map[string]map[string]struct{})
	}
	s.files[file] = struct{}{}
	if real, err := filepath.EvalSymlinks(file); err == nil && real != file {
		s.links[file] = real
	}
	dir, name := filepath.Dir(file), filepath.Base(file)
	for !isFolder(dir) && filepath.Dir(dir) != dir {
		dir, name = filepath.Dir(dir), inFolder
	}
	s.count(dir, name)
	return dir
}

func isFolder(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}

// count says that a name in a folder counts. It is called locked.
func (s *Set) count(dir, name string) {
	if s.folders[dir] == nil {
		s.folders[dir] = make(map[string]struct{})
	}
	s.folders[dir][name] = struct{}{}
}

// enter watches a folder for one set more. A folder that was removed and made
// again is another one, so that the system is asked each time. It is called
// locked.
func (w *Watcher) enter(dir string) error {
	w.folders[dir]++
	if err := w.notify.Add(dir); err != nil {
		return fmt.Errorf("watching %s: %w", dir, err)
	}
	return nil
}

// leave watches a folder for one set less. It is called locked.
func (w *Watcher) leave(dir string) {
	if w.folders[dir]--; w.folders[dir] == 0 {
		delete(w.folders, dir)
		_ = w.notify.Remove(dir) // it may be gone
	}
}

// run is the watcher's goroutine.
func (w *Watcher) run() {
	defer close(w.ended)
	timer := time.NewTimer(longest)
	timer.Stop()
	for {
		select {
		case event, open := <-w.notify.Events:
			if !open {
				timer.Stop()
				return
			}
			w.happened(event)
		case err, open := <-w.notify.Errors:
			if !open {
				timer.Stop()
				return
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) { // anything may have changed
				w.happened(fsnotify.Event{})
			}
		case <-timer.C:
		}
		if wait, due := w.tell(time.Now()); due {
			timer.Reset(wait)
		}
	}
}

// happened notes a change.
func (w *Watcher) happened(event fsnotify.Event) {
	if event.Op == fsnotify.Chmod {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	for s := range w.sets {
		what, counts := s.concerns(event)
		if !counts {
			continue
		}
		if s.first.IsZero() {
			s.first, s.what = now, what
		} else if s.what == inFolder {
			s.what = what
		}
		s.last = now
	}
}

// concerns tells whether a change is one of the set's, and of which file. It is
// called locked.
func (s *Set) concerns(event fsnotify.Event) (what string, counts bool) {
	path := event.Name
	if path == "" {
		return inFolder, true
	}
	names := s.folders[filepath.Dir(path)]
	if names == nil {
		return "", false
	}
	if _, is := s.files[path]; is {
		return path, true
	}
	for link, before := range s.links {
		if real, err := filepath.EvalSymlinks(link); err == nil && real != before {
			return link, true
		}
	}
	_, anything := names[inFolder]
	return inFolder, anything && event.Op != fsnotify.Write
}

// tell tells what is due and returns how long it is until more is; due is false
// when nothing is waited for.
func (w *Watcher) tell(now time.Time) (wait time.Duration, due bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range w.sets {
		if s.first.IsZero() {
			continue
		}
		left := min(s.last.Add(settle).Sub(now), s.first.Add(longest).Sub(now))
		if left > 0 {
			if !due || left < wait {
				wait = left
			}
			due = true
			continue
		}
		s.first = time.Time{}
		select {
		case s.changed <- s.what:
		default: // one waits already
		}
	}
	return wait, due
}
