package packet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"reflect"
	"runtime"
	"testing"
	"testing/iotest"
)

// decodeAll decodes the one packet that b holds.
func decodeAll(b []byte, v Version) (Packet, error) {
	h, n, err := ParseHeader(b, v)
	if err != nil {
		return nil, err
	}
	if n == 0 || len(b) < n+h.Length {
		return nil, io.ErrUnexpectedEOF
	}
	return Decode(h, b[n:n+h.Length], v)
}

// length returns the packet's Length field, and 0 for packets without one.
func length(p Packet) int {
	if f := reflect.ValueOf(p).Elem().FieldByName("Length"); f.IsValid() {
		return int(f.Int())
	}
	return 0
}

// withoutLength sets the Length field to 0 and returns p.
func withoutLength(p Packet) Packet {
	if f := reflect.ValueOf(p).Elem().FieldByName("Length"); f.IsValid() {
		f.SetInt(0)
	}
	return p
}

func TestDecode(t *testing.T) {
	for _, f := range fixtures {
		t.Run(f.v.String()+" "+f.name, func(t *testing.T) {
			b := wireBytes(t, f.wire)
			got, err := decodeAll(b, f.v)
			if err != nil {
				t.Fatal(err)
			}
			if body := len(b) - 2; body < 128 && hasLength(got) && length(got) != body {
				t.Errorf("Length is %d, want %d", length(got), body)
			}
			if got := withoutLength(got); !reflect.DeepEqual(got, f.packet) {
				t.Errorf("decoded\n%#v, want\n%#v", got, f.packet)
			}
		})
	}
}

func hasLength(p Packet) bool {
	return reflect.ValueOf(p).Elem().FieldByName("Length").IsValid()
}

func TestAppend(t *testing.T) {
	for _, f := range fixtures {
		t.Run(f.v.String()+" "+f.name, func(t *testing.T) {
			got, err := f.packet.Append([]byte("before"), f.v)
			if err != nil {
				t.Fatal(err)
			}
			if want := append([]byte("before"), wireBytes(t, f.wire)...); !bytes.Equal(got, want) {
				t.Errorf("encoded\n%x, want\n%x", got, want)
			}
		})
	}
}

// TestFixturesCoverEverything keeps the table honest: every type in every
// version, and every property in every packet that may have it.
func TestFixturesCoverEverything(t *testing.T) {
	types := map[Version]map[Type]bool{V31: {}, V311: {}, V5: {}}
	properties := map[PropertyID]home{}
	note := func(p Properties, t Type) {
		for prop := range p.All() {
			properties[prop.ID] |= 1 << t
		}
	}
	for _, f := range fixtures {
		types[f.v][f.packet.Type()] = true
		if p := reflect.ValueOf(f.packet).Elem().FieldByName("Properties"); p.IsValid() {
			note(p.Bytes(), f.packet.Type())
		}
		if c, ok := f.packet.(*Connect); ok && c.Will != nil {
			note(c.Will.Properties, will)
		}
	}
	for v, seen := range types {
		for typ := CONNECT; typ <= AUTH; typ++ {
			if !seen[typ] && (typ != AUTH || v == V5) {
				t.Errorf("no fixture of %v in MQTT %v", typ, v)
			}
		}
	}
	for id, r := range propertyRules {
		optional := PropertyID(id) == PropUserProperty || PropertyID(id) == PropReasonString // in most packets, the same in each
		if properties[PropertyID(id)]&^r.home != 0 || !optional && properties[PropertyID(id)] != r.home {
			t.Errorf("property 0x%02x is in the fixtures of %016b, allowed in %016b", id, properties[PropertyID(id)], r.home)
		}
	}
}

// TestRead reads all fixtures of a version as one stream, in one piece and
// byte by byte.
func TestRead(t *testing.T) {
	for _, v := range []Version{V31, V311, V5} {
		var stream []byte
		var want []Packet
		for _, f := range fixtures {
			if f.v == v {
				stream = append(stream, wireBytes(t, f.wire)...)
				want = append(want, f.packet)
			}
		}
		readers := map[string]io.Reader{
			"one piece": bytes.NewReader(stream),
			"bytewise":  iotest.OneByteReader(bytes.NewReader(stream)),
		}
		for name, r := range readers {
			t.Run(v.String()+" "+name, func(t *testing.T) {
				br := bufio.NewReader(r)
				for i, want := range want {
					got, err := Read(br, v, 0)
					if err != nil {
						t.Fatalf("packet %d: %v", i, err)
					}
					if got := withoutLength(got); !reflect.DeepEqual(got, want) {
						t.Fatalf("packet %d is %#v, want %#v", i, got, want)
					}
				}
				if _, err := Read(br, v, 0); err != io.EOF { //nolint:errorlint // io.EOF itself is promised
					t.Errorf("at the end: %v, want io.EOF", err)
				}
			})
		}
	}
}

func TestReadEndsInside(t *testing.T) {
	whole := wireBytes(t, "30 [{'a/b'} 'hello']")
	for n := 1; n < len(whole); n++ {
		_, err := Read(bufio.NewReader(bytes.NewReader(whole[:n])), V311, 0)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %d bytes: %v, want io.ErrUnexpectedEOF", n, err)
		}
	}
	big := append([]byte{0x30, 0x80, 0x80, 0x80, 0x01}, make([]byte, 3*trusted)...) // 2 MiB announced, 3 MiB there
	if _, err := Read(bufio.NewReader(bytes.NewReader(big[:len(big)-2*trusted])), V311, 0); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("large packet cut short: %v, want io.ErrUnexpectedEOF", err)
	}
}

func TestReadLargePacket(t *testing.T) {
	want := &Publish{Topic: "a", Payload: bytes.Repeat([]byte{7}, 3*trusted)}
	wire, err := want.Append(nil, V5)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(bufio.NewReader(bytes.NewReader(wire)), V5, 4*trusted)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(withoutLength(got), Packet(want)) {
		t.Error("a packet of 3 MiB came back changed")
	}
}

// TestReadLimit checks that the limit is found out from the header alone:
// nothing is set aside for the body.
func TestReadLimit(t *testing.T) {
	packet := wireBytes(t, "30 [{'a/b'} [] 'hello']")
	for limit, refused := range map[int]bool{0: false, len(packet) - 1: true, len(packet): false} {
		_, err := Read(bufio.NewReader(bytes.NewReader(packet)), V5, limit)
		if (err != nil) != refused || refused && !isCode(err, PacketTooLarge) {
			t.Errorf("a packet of %d bytes with the limit %d: %v", len(packet), limit, err)
		}
	}

	r := bufio.NewReader(bytes.NewReader([]byte{0x30, 0xff, 0xff, 0xff, 0x7f}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(r, V5, MaxLength)
	runtime.ReadMemStats(&after)
	if !isCode(err, PacketTooLarge) {
		t.Errorf("a packet of 256 MiB and 4 bytes with a limit of 4 bytes less: %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("refusing a packet of 256 MiB took %d bytes", n)
	}
}

func isCode(err error, code ReasonCode) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
