package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// report is everything that a run of the harness found.
type report struct {
	Machine string
	Begun   time.Time
	Took    time.Duration
	Results []*result
}

// machine describes what was measured on and with.
func machine(ctx context.Context, dir string) string {
	node, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		node = []byte("of unknown version")
	}
	var mqtt struct{ Version string }
	if text, err := os.ReadFile(filepath.Join(dir, "node_modules", "mqtt", "package.json")); err == nil { //nolint:gosec // a file of npm's
		_ = json.Unmarshal(text, &mqtt) // the version stays empty
	}
	return fmt.Sprintf("%s/%s, %d CPUs, %s, Node.js %s, MQTT.js %s",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), strings.TrimSpace(string(node)), mqtt.Version)
}

// failed is an error when a run gave nothing, or the subjects disagree.
func (rep *report) failed() error {
	var all []error
	for _, res := range rep.Results {
		for _, text := range res.Failures {
			all = append(all, fmt.Errorf("%s: %s", res.ID, text))
		}
	}
	return errors.Join(all...)
}

// write writes REPORT.md and report.json.
func (rep *report) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // for everybody to read
		return fmt.Errorf("making the folder of the report: %w", err)
	}
	var text strings.Builder
	rep.print(&text)
	if err := os.WriteFile(filepath.Join(dir, "REPORT.md"), []byte(text.String()), 0o644); err != nil { //nolint:gosec // for everybody to read
		return fmt.Errorf("writing the report: %w", err)
	}
	return writeJSON(filepath.Join(dir, "report.json"), rep)
}

func writeJSON(file string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil { //nolint:gosec // for everybody to read
		return fmt.Errorf("writing %s: %w", file, err)
	}
	return nil
}

// column is one column of a table.
type column struct {
	title string
	cell  func(*result) string
}

func (rep *report) print(out io.Writer) {
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	p("# mqscript and MQTT.js side by side\n\n%s. %s, %v.\n\n", rep.Machine, rep.Begun.Format("2006-01-02 15:04 MST"), rep.Took.Round(time.Second))
	p("Ratios are mqscript by MQTT.js, pair by pair: median (least–most). CPU is user and system time of the whole process, its start included. mem is peak resident memory.\n")
	rep.aims(out)
	for _, t := range tables {
		rep.table(out, t)
	}
	for _, res := range rep.Results {
		for _, text := range res.Failures {
			p("\nFailed: %s: %s\n", res.ID, text)
		}
	}
}

// table prints the rows of a group, if there are any.
func (rep *report) table(out io.Writer, t table) {
	var rows []*result
	for _, res := range rep.Results {
		if res.Group == t.group {
			rows = append(rows, res)
		}
	}
	if len(rows) == 0 {
		return
	}
	_, _ = fmt.Fprintf(out, "\n## %s\n\n%s\n\n|", t.title, t.text)
	for _, c := range t.columns {
		_, _ = fmt.Fprintf(out, " %s |", c.title)
	}
	_, _ = fmt.Fprint(out, "\n|"+strings.Repeat("---|", len(t.columns))+"\n")
	for _, res := range rows {
		_, _ = fmt.Fprint(out, "|")
		for _, c := range t.columns {
			_, _ = fmt.Fprintf(out, " %s |", c.cell(res))
		}
		_, _ = fmt.Fprintln(out)
	}
}
