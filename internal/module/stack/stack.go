// Package stack writes JavaScript stack traces as Node does: four spaces, "at",
// the function and file:line:column of the author's file.
//
// # Concurrency
//
// The functions are pure.
package stack

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// A frame as goja writes it: a tab, "at", optionally the function with the
// rest in brackets, the position, and an instruction number in brackets.
var frameLine = regexp.MustCompile(`^\tat (?:(.*) \()?(.*):(\d+):(\d+)\(\d+\)(\))?$`)

var nativeLine = regexp.MustCompile(`^\tat (?:(.*) \(native\)|native)$`)

// goFunction begins the name of a function of Go that got none for scripts.
const goFunction = "github.com/"

// internal is how the files of this program are named, which are not shown.
const internal = "mqscript:"

// Tidy rewrites the frames in the text of a stack property. Other lines stay.
func Tidy(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	out := lines[:0]
	for _, line := range lines {
		if m := frameLine.FindStringSubmatch(line); m != nil {
			if strings.HasPrefix(m[2], internal) {
				continue
			}
			out = append(out, frame(m[1], fileName(m[2])+":"+m[3]+":"+m[4]))
			continue
		}
		if m := nativeLine.FindStringSubmatch(line); m != nil {
			if m[1] != "" && !strings.HasPrefix(m[1], goFunction) {
				out = append(out, frame(m[1], "<anonymous>"))
			}
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// Frames writes frames, each with a line break in front.
func Frames(frames []goja.StackFrame) string {
	var b strings.Builder
	for i := range frames {
		f := &frames[i]
		pos := f.Position()
		if pos.Filename == "" || strings.HasPrefix(pos.Filename, internal) {
			continue
		}
		name := f.FuncName()
		if name == "<anonymous>" {
			name = ""
		}
		b.WriteByte('\n')
		b.WriteString(frame(name, fileName(pos.Filename)+":"+strconv.Itoa(pos.Line)+":"+strconv.Itoa(pos.Column)))
	}
	return b.String()
}

func frame(function, position string) string {
	if function == "" {
		return "    at " + position
	}
	return "    at " + function + " (" + position + ")"
}

// fileName undoes the URL form that positions from a source map have.
func fileName(name string) string {
	if !strings.Contains(name, "%") {
		return name
	}
	if plain, err := url.PathUnescape(name); err == nil {
		return plain
	}
	return name
}
