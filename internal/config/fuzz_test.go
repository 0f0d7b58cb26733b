package config

import (
	"io"
	"strings"
	"testing"
)

// FuzzParse takes any command line, words between line ends: the result is a
// valid command, or one sentence.
func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"run\na.js\n-t\nx/#\n--qos\n2\n--\n--device\n3",
		"run\na.js\n--session\nd\n--allow-net=a:1,b\n--sandbox\nstrict",
		"pub\n-t\na\n-m\nb\n-D\npublish\nuser-property\na\nb\n--url\nmqtts://u:p@h:1",
		"sub\n-t\na\n-F\n%t %p\\n\n-W\n1s\n-C\n3",
		"broker\n--listen\n127.0.0.1:0", "init\nx", "check\na.js", "types", "--help", "run\n--help", "",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, "\n")
		if line == "" {
			args = nil
		}
		command, err := Parse(args, Output{Stdout: io.Discard, Version: "test"})
		if err == nil {
			if run, ok := command.(*Run); ok && len(run.Scripts) == 0 {
				t.Errorf("%q is taken without a script", args)
			}
			return
		}
		if text := err.Error(); text == "" || strings.Contains(text, "\n") {
			t.Errorf("%q: %q is not one sentence", args, text)
		}
	})
}
