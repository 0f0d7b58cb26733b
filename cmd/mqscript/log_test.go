package main

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"

	"github.com/mqscript/mqscript/internal/config"
)

func TestLog(t *testing.T) {
	var buf bytes.Buffer
	log := newLog(config.Log{LogFormat: "text", LogLevel: "info"}, console{err: &buf})
	log.Debug("unseen")
	log.Info("plain")
	log.Warn("careful", "client", "x", "reason", "two words", "empty", "")
	log.With("a", 1).WithGroup("g").Error("bad", "err", errors.New("no\nway"), slog.Group("in", "b", true))
	want := "mqscript: plain\n" +
		"mqscript: warning: careful client=x reason=\"two words\" empty=\"\"\n" +
		"mqscript: error: bad a=1 g.err=\"no\\nway\" g.in.b=true\n"
	if got := buf.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	buf.Reset()
	newLog(config.Log{LogFormat: "text", LogLevel: "debug"}, console{err: &buf}).Debug("seen")
	if got := buf.String(); got != "mqscript: debug: seen\n" {
		t.Errorf("got %q", got)
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		said string
	}{
		{nil, 0, ""},
		{errors.New("it broke"), 1, "mqscript: error: it broke\n"},
		{usage(errors.New("wrong flag")), 2, "mqscript: error: wrong flag\n"},
		{&exitError{code: 27}, 27, ""},
	} {
		var buf bytes.Buffer
		if code := (console{err: &buf}).fail(c.err); code != c.code || buf.String() != c.said {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.err, code, buf.String(), c.code, c.said)
		}
	}
}
