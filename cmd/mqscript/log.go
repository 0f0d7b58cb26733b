package main

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"

	"github.com/mqscript/mqscript/internal/config"
)

// newLog returns where the program's own words go: c.err, as lines or JSON.
func newLog(settings config.Log, c console) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(settings.LogLevel)) // config has checked it
	if settings.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(c.err, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(&lineHandler{mu: new(sync.Mutex), out: c.err, level: level})
}

// lineHandler writes a record as people read it on a terminal:
//
//	mqscript: warning: a client does not keep up client=x
//
// Attributes follow the message; groups put their name before a dot.
type lineHandler struct {
	mu     *sync.Mutex // one line after the other
	out    io.Writer
	level  slog.Level
	prefix string // of attributes: open groups
	attrs  string // those given to the logger
}

var _ slog.Handler = (*lineHandler)(nil)

// Enabled tells whether the level is shown.
func (h *lineHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle writes one line with one write.
func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	var line strings.Builder
	line.WriteString("mqscript: ")
	switch {
	case r.Level >= slog.LevelError:
		line.WriteString("error: ")
	case r.Level >= slog.LevelWarn:
		line.WriteString("warning: ")
	case r.Level < slog.LevelInfo:
		line.WriteString("debug: ")
	}
	line.WriteString(r.Message)
	line.WriteString(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		appendAttr(&line, h.prefix, a)
		return true
	})
	line.WriteByte('\n')
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.out, line.String())
	return err
}

// WithAttrs returns a handler that adds attributes to each line.
func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	var line strings.Builder
	for _, a := range attrs {
		appendAttr(&line, h.prefix, a)
	}
	with := *h
	with.attrs += line.String()
	return &with
}

// WithGroup returns a handler that puts the name before later attributes.
func (h *lineHandler) WithGroup(name string) slog.Handler {
	with := *h
	with.prefix += name + "."
	return &with
}

func appendAttr(line *strings.Builder, prefix string, a slog.Attr) {
	value := a.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, inner := range value.Group() {
			appendAttr(line, prefix, inner)
		}
		return
	}
	if a.Key == "" {
		return
	}
	text := value.String()
	if text == "" || strings.ContainsAny(text, " \"\n\t=") {
		text = strconv.Quote(text)
	}
	line.WriteString(" " + prefix + a.Key + "=" + text)
}
