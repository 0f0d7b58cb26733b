package packet

import (
	"errors"
	"strings"
	"testing"
)

func TestMatchTopic(t *testing.T) {
	const yes, no = true, false
	for _, c := range []struct {
		filter, topic string
		want          bool
	}{
		{"a", "a", yes},
		{"a", "A", no},
		{"a", "ab", no},
		{"ab", "a", no},
		{"a/b", "a/b", yes},
		{"a/b", "a", no},
		{"a", "a/b", no},
		{"a", "a/", no},
		{"a/", "a", no},
		{"a/", "a/", yes},
		{"/", "/", yes},
		{"/a", "a", no},
		{"//", "/", no},
		{"#", "a", yes},
		{"#", "a/b/c", yes},
		{"#", "/", yes},
		{"a/#", "a", yes}, // the parent level is included
		{"a/#", "a/", yes},
		{"a/#", "a/b/c", yes},
		{"a/#", "ab", no},
		{"a/#", "b", no},
		{"/#", "/", yes},
		{"/#", "/a", yes},
		{"/#", "a", no},
		{"+", "a", yes},
		{"+", "a/b", no},
		{"+", "/a", no},
		{"+/+", "/a", yes},
		{"/+", "/a", yes},
		{"a/+", "a", no},
		{"a/+", "a/", yes}, // an empty level is a level
		{"a/+", "a/b", yes},
		{"a/+", "a/b/c", no},
		{"a/+/c", "a/b/c", yes},
		{"a/+/c", "a//c", yes},
		{"a/+/c", "a/b/d", no},
		{"+/b/#", "a/b", yes},
		{"+/b/#", "a/b/c/d", yes},
		{"+/#", "a", yes},
		{"+/+/#", "a", no},
		{"+/€", "a/€", yes},
		// [MQTT-4.7.2-1]
		{"#", "$SYS/a", no},
		{"+/a", "$SYS/a", no},
		{"$SYS/#", "$SYS/a", yes},
		{"$SYS/+", "$SYS/a", yes},
		{"a/#", "a/$b", yes},
		{"+", "$", no},
		// [MQTT-4.8.2-2]
		{"$share/g/a/+", "a/b", yes},
		{"$share/g/a/+", "c/b", no},
		{"$share/g/#", "a", yes},
		{"$share/g/#", "$SYS/a", no},
		{"$share/g//a", "/a", yes},
		{"$share/g/a", "$share/g/a", no},
		{"$shared/a", "$shared/a", yes},
		// Neither is valid, so nothing matches.
		{"", "a", no},
		{"a", "", no},
		{"$share/g", "g", no},
		{"$share/g/", "a", no},
	} {
		if got := MatchTopic(c.filter, c.topic); got != c.want {
			t.Errorf("filter %q and topic %q: %v, want %v", c.filter, c.topic, got, c.want)
		}
	}
}

func TestValidTopicName(t *testing.T) {
	for name, statement := range map[string]string{
		"a": "", "/": "", "a/b": "", "$SYS/a": "", "€": "", " ": "", "a//b": "", tooLong[1:]: "", "$share/g/a": "",
		"": "MQTT-4.7.3-1", "+": "MQTT-3.3.2-2", "a/#": "MQTT-3.3.2-2", "a+b": "MQTT-3.3.2-2",
		"\x00": "MQTT-1.5.4-2", "é\x00": "MQTT-1.5.4-2", "\xff": "MQTT-1.5.4-1", tooLong: "MQTT-4.7.3-3",
	} {
		checkStatement(t, name, ValidTopicName(name), statement)
	}
}

func TestValidTopicFilter(t *testing.T) {
	for filter, statement := range map[string]string{
		"a": "", "/": "", "#": "", "+": "", "+/+": "", "a/#": "", "/#": "", "+/#": "", "a/+/b": "", "€/+": "", tooLong[1:]: "",
		"$share/g/a": "", "$share/g/#": "", "$share/g//": "", "$share": "", "$sharexyz/+": "", "$share/g/$share/h/a": "",
		"": "MQTT-4.7.3-1", "#/a": "MQTT-4.7.1-1", "a#": "MQTT-4.7.1-1", "a/b#": "MQTT-4.7.1-1", "##": "MQTT-4.7.1-1",
		"#/": "MQTT-4.7.1-1", "+a": "MQTT-4.7.1-2", "a+": "MQTT-4.7.1-2", "a/++": "MQTT-4.7.1-2", "+#": "MQTT-4.7.1-2",
		"$share/": "MQTT-4.8.2-1", "$share//a": "MQTT-4.8.2-1", "$share/g": "MQTT-4.8.2-2", "$share/g/": "MQTT-4.8.2-2",
		"$share/+/a": "MQTT-4.8.2-2", "$share/g#/a": "MQTT-4.8.2-2", "$share/g/a#": "MQTT-4.7.1-1",
		"\x00": "MQTT-1.5.4-2", "\xed\xa0\x80": "MQTT-1.5.4-1", tooLong: "MQTT-4.7.3-3",
	} {
		checkStatement(t, filter, ValidTopicFilter(filter), statement)
	}
}

// checkStatement checks that err is an *Error of that statement, or nil when
// the statement is "".
func checkStatement(t *testing.T, what string, err error, statement string) {
	t.Helper()
	what = strings.ToValidUTF8(what, "?")
	var e *Error
	switch {
	case err == nil && statement != "":
		t.Errorf("%.20q is valid, want %s", what, statement)
	case err != nil && (!errors.As(err, &e) || statement == "" || e.Statement != statement):
		t.Errorf("%.20q: %v, want %q", what, err, statement)
	}
}
