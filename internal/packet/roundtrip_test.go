package packet

import (
	"bytes"
	"reflect"
	"testing"
)

// checkRoundTrip proves that a decoded packet can be encoded, that decoding
// that gives the same packet, and that it encodes to the same bytes again. It
// returns the bytes.
func checkRoundTrip(t testing.TB, p Packet, v Version) []byte {
	t.Helper()
	first, err := p.Append(nil, v)
	if err != nil {
		t.Fatalf("encoding what was decoded, %#v: %v", p, err)
	}
	again, err := decodeAll(first, v)
	if err != nil {
		t.Fatalf("decoding what was encoded, %x: %v", first, err)
	}
	second, err := again.Append(nil, v)
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("encoded first as\n%x, then as\n%x, %v", first, second, err)
	}
	// The packet came in a form that is not the shortest when it is longer
	// than it is now; only then may Length differ.
	if length(again) > length(p) {
		t.Fatalf("%x is longer than the %d bytes it was decoded from", first, length(p))
	}
	if length(again) < length(p) {
		withoutLength(again)
		withoutLength(p)
	}
	if !reflect.DeepEqual(p, again) {
		t.Fatalf("decoded first\n%#v, then\n%#v", p, again)
	}
	return first
}
