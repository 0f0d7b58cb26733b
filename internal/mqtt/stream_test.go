package mqtt

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// streamOf is packets of many sizes on the wire.
func streamOf(t *testing.T, sizes ...int) []byte {
	t.Helper()
	var b []byte
	for _, n := range sizes {
		var err error
		if b, err = (&packet.Publish{Topic: "t", Payload: bytes.Repeat([]byte{byte(n)}, n)}).Append(b, packet.V311); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func TestFramerCutsWherePacketsEnd(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	sizes := []int{0, 1, 100, smallBuffer, 3, handOver, largeBuffer, 7, 300_000, 2, 2, largeBuffer - 5, 1 << 20, 0}
	stream := streamOf(t, sizes...)
	for _, most := range []int{1, 3, 1000, 40_000, len(stream)} {
		f := framer{version: packet.V311, limit: protocolMaximum}
		var kept [][]byte
		var got []byte
		for rest := stream; len(rest) > 0; {
			space := f.space()
			n := copy(space[:min(len(space), 1+rng.IntN(most))], rest)
			rest = rest[n:]
			batch, err := f.cut(n)
			if err != nil {
				t.Fatal(err)
			}
			kept = append(kept, batch)
			got = append(got, batch...)
			if len(f.buf) > 4*(1<<20) {
				t.Fatalf("the buffer has %d bytes", len(f.buf))
			}
		}
		if !bytes.Equal(got, stream) {
			t.Fatalf("reads of up to %d bytes: the stream was changed", most)
		}
		if all := slices.Concat(kept...); !bytes.Equal(all, stream) {
			t.Fatalf("reads of up to %d bytes: what was cut off was changed afterwards", most)
		}
		for _, b := range kept {
			for len(b) > 0 {
				h, n, err := packet.ParseHeader(b, packet.V311)
				if err != nil || n == 0 || n+h.Length > len(b) {
					t.Fatalf("a batch does not end with a packet: %v", err)
				}
				b = b[n+h.Length:]
			}
		}
	}
}

func TestFramerTrustsNoHeader(t *testing.T) {
	f := framer{version: packet.V311, limit: protocolMaximum}
	n := copy(f.space(), []byte{0x30, 0xFF, 0xFF, 0xFF, 0x7F})
	if _, err := f.cut(n); err != nil {
		t.Fatal(err)
	}
	if size := len(f.space()); size > largeBuffer {
		t.Errorf("%d bytes were set aside on the word of a header", size)
	}
}

func TestFramerGivesWhatCameBeforeTheError(t *testing.T) {
	good := streamOf(t, 10)
	for name, bad := range map[string][]byte{"reserved type": {0x00}, "large": {0x30, 0x64}} {
		f := framer{version: packet.V311, limit: 50}
		batch, err := f.cut(copy(f.space(), slices.Concat(good, bad)))
		var e *packet.Error
		if !bytes.Equal(batch, good) || !errors.As(err, &e) {
			t.Errorf("%s: %x, %v", name, batch, err)
		}
		if name == "large" && e.Code != packet.PacketTooLarge {
			t.Errorf("a packet over the limit is %v", e.Code)
		}
	}
}

func TestFifo(t *testing.T) {
	var f fifo[int]
	in, out := 0, 0
	rng := rand.New(rand.NewPCG(7, 8))
	for range 10_000 {
		for range rng.IntN(20) {
			f.push(in)
			in++
		}
		for range rng.IntN(22) {
			if f.n == 0 {
				break
			}
			if *f.front() != out || f.pop() != out {
				t.Fatalf("the order is lost at %d", out)
			}
			out++
		}
	}
	for f.n > 0 {
		if f.pop() != out {
			t.Fatalf("the order is lost at %d", out)
		}
		out++
	}
	if in != out || len(f.ring) > keptRing {
		t.Errorf("%d in, %d out, %d kept", in, out, len(f.ring))
	}
}

func TestPacerWaitsOnlyWhenItPays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := func(p *pacer, n int, gap time.Duration, size, packets int) (waited time.Duration) {
			for range n {
				before := time.Now()
				p.wait()
				waited += time.Since(before)
				time.Sleep(gap)
				p.read(time.Now(), size, packets, false)
			}
			return waited
		}
		if w := reads(new(pacer), 1000, time.Millisecond, 50, 1); w > 0 {
			t.Errorf("sparse traffic waited %v", w)
		}
		if w := reads(new(pacer), 1000, 10*time.Microsecond, largeBuffer, 500); w > 0 {
			t.Errorf("large reads waited %v", w)
		}
		var busy pacer
		if w := reads(&busy, paceRow+1, 10*time.Microsecond, 50, 1); w != 0 {
			t.Errorf("a short burst waited %v", w)
		}
		if w := reads(&busy, 1000, 10*time.Microsecond, 500, 10); w < 900*paceTime {
			t.Errorf("a busy stream waited %v in 1000 reads", w)
		}
		if w := reads(&busy, 100, time.Second, 50, 1); w > 2*paceTime {
			t.Errorf("after the stream ended it waited %v", w)
		}
		var echo pacer
		for range 1000 {
			before := time.Now()
			echo.wait()
			if w := time.Since(before); w > 0 {
				t.Fatalf("a read that publications wait for waited %v", w)
			}
			time.Sleep(10 * time.Microsecond)
			echo.read(time.Now(), 50, 1, true)
		}
		var dialogue pacer
		if w := reads(&dialogue, 10_000, 10*time.Microsecond, 50, 1); w > 10_000/paceSkip*2*paceTime {
			t.Errorf("a dialogue waited %v in 10,000 reads", w)
		}
	})
}

func TestLongLinesOfTopicsAreNotKept(t *testing.T) {
	// An alias must not keep the packet alive that introduced it.
	cn := &conn{aliasesIn: make([]string, 2)}
	big := strings.Repeat("x", 1000)
	m := &Message{Message: packet.Message{Packet: &packet.Publish{Topic: big[:3], Properties: noProps.AppendInt(packet.PropTopicAlias, 1)}}}
	if err := cn.resolveAlias(m); err != nil {
		t.Fatal(err)
	}
	if got := cn.aliasesIn[1]; got != "xxx" {
		t.Errorf("the alias stands for %q", got)
	}
}
