package packet

import (
	"bufio"
	"bytes"
	"testing"
)

// TestAppendAllocations proves that no packet allocates when it is encoded.
func TestAppendAllocations(t *testing.T) {
	dst := make([]byte, 0, 1024)
	for _, f := range fixtures {
		n := testing.AllocsPerRun(100, func() {
			if _, err := f.packet.Append(dst, f.v); err != nil {
				t.Fatal(err)
			}
		})
		if n != 0 {
			t.Errorf("encoding MQTT %v %s allocates %v times", f.v, f.name, n)
		}
	}
}

// TestDecodePublishAllocations proves that a PUBLISH is decoded without any,
// and read from a connection with two: the packet and its bytes.
func TestDecodePublishAllocations(t *testing.T) {
	for _, f := range fixtures {
		if f.packet.Type() != PUBLISH {
			continue
		}
		wire := wireBytes(t, f.wire)
		var p Publish
		n := testing.AllocsPerRun(100, func() {
			h, n, err := ParseHeader(wire, f.v)
			if err != nil {
				t.Fatal(err)
			}
			if err := DecodePublish(&p, h, wire[n:], f.v); err != nil {
				t.Fatal(err)
			}
		})
		if n != 0 {
			t.Errorf("decoding MQTT %v %s allocates %v times", f.v, f.name, n)
		}
		source := bytes.NewReader(nil)
		r := bufio.NewReader(source)
		n = testing.AllocsPerRun(100, func() {
			source.Reset(wire)
			r.Reset(source)
			if _, err := Read(r, f.v, 0); err != nil {
				t.Fatal(err)
			}
		})
		if n > 2 {
			t.Errorf("reading MQTT %v %s allocates %v times", f.v, f.name, n)
		}
	}
}

// TestPropertiesAllocations proves that looking at properties costs nothing.
func TestPropertiesAllocations(t *testing.T) {
	p := append(users, none.AppendInt(PropTopicAlias, 3).AppendString(PropContentType, "text/plain")...)
	n := testing.AllocsPerRun(100, func() {
		if p.Int(PropTopicAlias, 0) != 3 || p.Validate(PUBLISH) != nil || len(p.Without(PropReasonString)) != len(p) {
			t.Fatal("wrong properties")
		}
		for prop := range p.All() {
			if prop.ID == 0 {
				t.Fatal("wrong property")
			}
		}
	})
	if n != 0 {
		t.Errorf("looking at properties allocates %v times", n)
	}
}

// TestMatchTopicAllocations proves the same of topics.
func TestMatchTopicAllocations(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		if !MatchTopic("$share/g/a/+/#", "a/b/c/d") || ValidTopicFilter("$share/g/a/+/#") != nil || ValidTopicName("a/€/c") != nil {
			t.Fatal("wrong")
		}
	})
	if n != 0 {
		t.Errorf("topics allocate %v times", n)
	}
}
