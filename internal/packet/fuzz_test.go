package packet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzDecode proves for any bytes that decoding does not panic, that what
// decodes encodes and decodes to the same again, and that it encodes to the
// same bytes when they were in the shortest form.
func FuzzDecode(f *testing.F) {
	versions := []Version{V31, V311, V5}
	add := func(wire string, v Version) { f.Add(wireBytes(f, wire), byte(v-V31)) }
	for _, c := range fixtures {
		add(c.wire, c.v)
	}
	for _, c := range malformedCases {
		add(c.wire, c.v)
	}
	for _, c := range strictness {
		add(c.wire, c.v)
	}
	f.Fuzz(func(t *testing.T, b []byte, version byte) {
		v := versions[int(version)%len(versions)]
		p, err := decodeAll(b, v)
		var e *Error
		switch {
		case errors.As(err, &e) || errors.Is(err, io.ErrUnexpectedEOF):
			return
		case err != nil:
			t.Fatalf("%v is not an *Error", err)
		}
		h, n, err := ParseHeader(b, v)
		if err != nil {
			t.Fatal(err)
		}
		checkCanonical(t, p, v, b[:n+h.Length], checkRoundTrip(t, p, v))
	})
}

// checkCanonical compares the bytes that a packet came in with those that it
// is encoded to.
func checkCanonical(t *testing.T, p Packet, v Version, in, out []byte) {
	t.Helper()
	if c, ok := p.(*Connect); ok {
		v = c.Version
	}
	_, inHeader, _ := readVarint(in[1:], V311)
	_, outHeader, _ := readVarint(out[1:], V311)
	inBody, outBody := in[1+inHeader:], out[1+outHeader:]
	switch p := p.(type) {
	case *Ack:
		if v == V5 && p.ReasonCode == Success && p.Properties == nil {
			inBody = inBody[:2] // the reason code may be left out
		}
	case *Disconnect:
		if v == V5 && p.ReasonCode == Success && p.Properties == nil {
			inBody = nil
		}
	}
	if v == V31 { // flags that do not count are not kept
		if len(inBody) != len(outBody) {
			t.Fatalf("%x becomes %x", in, out)
		}
		return
	}
	if in[0] != out[0] || !bytes.Equal(inBody, outBody) {
		t.Fatalf("%x becomes %x", in, out)
	}
}

// FuzzTopic compares validation and matching with implementations that look at
// nothing but whole levels.
func FuzzTopic(f *testing.F) {
	for _, filter := range []string{"#", "+", "a/+/b", "a/#", "+/#", "$share/g/a/#", "$share//", "$SYS/#", "/", "a#", "a/+b", "\xff", "\x00", "€/+"} {
		for _, topic := range []string{"a", "a/b", "a//b", "/", "$SYS/a", "€/€", "", "a/#", "\xff"} {
			f.Add(filter, topic)
		}
	}
	f.Fuzz(func(t *testing.T, filter, topic string) {
		if got, want := ValidTopicName(topic) == nil, plainValidName(topic); got != want {
			t.Fatalf("topic %q is valid: %v, want %v", topic, got, want)
		}
		if got, want := ValidTopicFilter(filter) == nil, plainValidFilter(filter); got != want {
			t.Fatalf("filter %q is valid: %v, want %v", filter, got, want)
		}
		got := MatchTopic(filter, topic) // must not panic, whatever it is given
		if plainValidName(topic) && plainValidFilter(filter) && got != plainMatch(filter, topic) {
			t.Fatalf("filter %q and topic %q: %v", filter, topic, got)
		}
	})
}

func plainValidText(s string) bool {
	return s != "" && len(s) <= 65535 && utf8.ValidString(s) && !strings.Contains(s, "\x00")
}

func plainValidName(s string) bool { return plainValidText(s) && !strings.ContainsAny(s, "+#") }

func plainValidFilter(s string) bool {
	if !plainValidText(s) {
		return false
	}
	levels := strings.Split(s, "/")
	if levels[0] == "$share" && len(levels) > 1 {
		if len(levels) < 3 || levels[1] == "" || strings.ContainsAny(levels[1], "+#") {
			return false
		}
		if levels = levels[2:]; len(levels) == 1 && levels[0] == "" {
			return false
		}
	}
	for i, level := range levels {
		if strings.ContainsAny(level, "+#") && level != "+" && (level != "#" || i < len(levels)-1) {
			return false
		}
	}
	return true
}

func plainMatch(filter, topic string) bool {
	levels := strings.Split(filter, "/")
	if levels[0] == "$share" && len(levels) > 1 {
		levels = levels[2:]
	}
	if strings.HasPrefix(topic, "$") && (levels[0] == "+" || levels[0] == "#") {
		return false
	}
	return matchLevels(levels, strings.Split(topic, "/"))
}

func matchLevels(filter, topic []string) bool {
	switch {
	case len(filter) == 0:
		return len(topic) == 0
	case filter[0] == "#":
		return true
	case len(topic) == 0:
		return false
	}
	return (filter[0] == "+" || filter[0] == topic[0]) && matchLevels(filter[1:], topic[1:])
}
