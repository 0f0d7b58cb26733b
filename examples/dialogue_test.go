package examples

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A dialogue is what an example's first comment shows: commands as a person
// types them, and what the script prints on standard output.
type dialogue struct {
	steps []step
	own   []string // the command for a broker of one's own, HOST not replaced
}

type step struct {
	kind stepKind
	text string   // an expected line; * stands for any text
	args []string // of a command, after "mqscript"
	code int      // the expected exit code
}

type stepKind int

const (
	expectLine  stepKind = iota // a line of output
	skipLines                   // "...": any lines up to the next expected one
	runScript                   // "$ mqscript run …": the example starts
	command                     // "$ mqscript …" runs to its end
	background                  // "$ mqscript … &"
	killLast                    // "$ kill -9 $!": the one in the background
	interrupt                   // "^C"
	expectedEnd                 // "(exit code N)": no more lines
)

const ownBroker = "// On a broker of your own:"

// readDialogue reads the comment at the top of a script; nil when it shows no
// command.
func readDialogue(t *testing.T, file string) *dialogue {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var d dialogue
	own := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "//") {
			break
		}
		shown, indented := strings.CutPrefix(line, "//   ")
		switch {
		case line == ownBroker:
			own = true
		case !indented:
		case own:
			d.own = words(t, shown)
		case len(d.steps) > 0 || strings.HasPrefix(shown, "$ "):
			d.steps = append(d.steps, readStep(t, shown))
		}
	}
	if len(d.steps) == 0 {
		return nil
	}
	if d.steps[0].kind != runScript || d.steps[len(d.steps)-1].kind != expectedEnd || len(d.own) == 0 {
		t.Fatalf("%s: a dialogue begins with mqscript run, ends with an exit code and names the command for a broker of one's own", file)
	}
	return &d
}

var exitCode = regexp.MustCompile(`^\(exit code (\d+)\)$`)

func readStep(t *testing.T, shown string) step {
	t.Helper()
	typed, isCommand := strings.CutPrefix(shown, "$ ")
	switch {
	case shown == "...":
		return step{kind: skipLines}
	case shown == "^C":
		return step{kind: interrupt}
	case typed == "kill -9 $!":
		return step{kind: killLast}
	case isCommand:
		rest, inBackground := strings.CutSuffix(typed, " &")
		args := words(t, rest)
		switch {
		case inBackground:
			return step{kind: background, args: args}
		case args[0] == "run":
			return step{kind: runScript, args: args}
		}
		return step{kind: command, args: args}
	}
	if m := exitCode.FindStringSubmatch(shown); m != nil {
		code, _ := strconv.Atoi(m[1])
		return step{kind: expectedEnd, code: code}
	}
	return step{kind: expectLine, text: shown}
}

var word = regexp.MustCompile(`'([^']*)'|(\S+)`)

// words splits a command line as a shell does, as far as the examples need it,
// and takes the program's name off.
func words(t *testing.T, line string) []string {
	t.Helper()
	var out []string
	for _, m := range word.FindAllStringSubmatch(line, -1) {
		out = append(out, m[1]+m[2])
	}
	if len(out) < 2 || out[0] != "mqscript" {
		t.Fatalf("not a command of mqscript: %s", line)
	}
	return out[1:]
}

// matches tells whether the line is the expected one.
func (s step) matches(line string) bool {
	parts := strings.Split(s.text, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$").MatchString(line)
}

func (s step) String() string {
	switch s.kind {
	case expectLine:
		return fmt.Sprintf("the line %q", s.text)
	case expectedEnd:
		return fmt.Sprintf("the end with exit code %d", s.code)
	default:
		return strings.Join(s.args, " ")
	}
}
