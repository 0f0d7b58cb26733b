package regexp

import (
	"errors"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// reasons are parts of the engine's messages with what Node says.
var reasons = [][2]string{
	{"Unterminated group", "Unterminated group"},
	{"Unmatched ')'", "Unmatched ')'"},
	{"Unterminated character class", "Unterminated character class"},
	{"Invalid group", "Invalid group"},
	{"missing argument to repetition operator", "Nothing to repeat"},
	{"invalid nested repetition operator", "Nothing to repeat"},
	{"trailing backslash", `\ at end of pattern`},
	{`illegal \ at end`, `\ at end of pattern`},
	{"invalid character class range", "Range out of order in character class"},
	{"range in reverse order", "Range out of order in character class"},
	{"invalid capture group name", "Invalid capture group name"},
	{"invalid repeat count", "numbers out of order in {} quantifier"},
	{"undefined group name", "Invalid named capture referenced"},
	{"invalid escape sequence", "Invalid Unicode escape"},
	{"Invalid control escape", "Invalid Unicode escape"},
}

// inNodesWords is what is thrown when the engine does not take a pattern.
func (c *constructor) inNodesWords(err error, given written) any {
	var thrown *goja.Exception
	if !errors.As(err, &thrown) {
		return err
	}
	obj, ok := thrown.Value().(*goja.Object)
	if !ok || obj.Get("name") == nil || obj.Get("name").String() != "SyntaxError" {
		return err
	}
	message := obj.Get("message").String()
	if strings.HasPrefix(message, "Invalid flags") {
		return err
	}
	return nodeerr.New(c.vm, "SyntaxError", "", (&syntaxError{given, reasonOf(message)}).Error())
}

func reasonOf(message string) string {
	for _, r := range reasons {
		if strings.Contains(message, r[0]) {
			return r[1]
		}
	}
	if _, reason, ok := strings.Cut(message, "error parsing regexp: "); ok {
		return strings.TrimRight(reason, ")")
	}
	return message
}

// known are the flags that scripts can use.
const known = "gimsuvy"

// checkFlags returns what is wrong with flags that the engine, which is not given v, must not see.
func checkFlags(flags string) (message string) {
	message = "Invalid flags supplied to RegExp constructor '" + flags + "'"
	for i, letter := range flags {
		if letter != 'd' && !strings.ContainsRune(known, letter) || strings.ContainsRune(flags[:i], letter) {
			return message
		}
	}
	switch {
	case strings.Contains(flags, "u") && strings.Contains(flags, "v"):
		return message
	case strings.Contains(flags, "d"):
		return message + ": the flag d is not supported; results have no indices of groups"
	}
	return ""
}
