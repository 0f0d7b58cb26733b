package store_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/store"
)

// TestKilled kills a process that writes, again and again, at any moment: what
// it was told to be written is there, and no value is torn.
func TestKilled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.store")
	if os.Getenv(writerFile) != "" {
		t.Skip("this is the writer")
	}
	rounds := 25
	if testing.Short() {
		rounds = 5
	}
	total, last := 0, 0
	for range rounds {
		confirmed := killWriter(t, file, last, 1+rand.IntN(40))
		s := store.New(store.Config{File: file})
		for slot := range slots {
			value := get(t, s, fmt.Sprint("slot", slot))
			if value == "nothing" {
				value = "-1:"
			}
			n, tail, _ := strings.Cut(value, ":")
			var number int
			if _, err := fmt.Sscan(n, &number); err != nil || number >= 0 && value != writerValue(number) {
				t.Fatalf("slot %d is torn: %.40q … %d bytes", slot, value, len(tail))
			}
			// The newest number of this slot that was confirmed.
			newest := confirmed - ((confirmed-slot)%slots+slots)%slots
			if newest > 0 && number < newest { // they begin at 1
				t.Fatalf("slot %d has number %d, but %d was confirmed", slot, number, newest)
			}
		}
		total += confirmed - last
		last = confirmed
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if total < rounds {
		t.Errorf("only %d values were confirmed in %d rounds", total, rounds)
	}
}

const (
	writerFile  = "MQSCRIPT_TEST_STORE"
	writerStart = "MQSCRIPT_TEST_STORE_START"
	slots       = 5
)

// writerValue is a value whose every part tells its number.
func writerValue(n int) string {
	return fmt.Sprintf("%d:%s", n, strings.Repeat(fmt.Sprintf("%08d", n), 100+n%700))
}

// killWriter lets a process write from a number on, kills it after some
// confirmations and returns the last number that it confirmed.
func killWriter(t *testing.T, file string, from, after int) (confirmed int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWriter$", "-test.v")
	cmd.Env = append(os.Environ(), writerFile+"="+file, fmt.Sprintf("%s=%d", writerStart, from+1))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	confirmed = from
	lines, killed := bufio.NewScanner(out), false
	for lines.Scan() {
		var n int
		if _, err := fmt.Sscanf(lines.Text(), "confirmed %d", &n); err != nil {
			continue
		}
		confirmed = n
		if after--; after <= 0 && !killed {
			killed = true
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the writer ended by itself")
	}
	return confirmed
}

// TestWriter is the process that TestKilled kills.
func TestWriter(t *testing.T) {
	file := os.Getenv(writerFile)
	if file == "" {
		t.Skip("it runs as a process of TestKilled")
	}
	var from int
	if _, err := fmt.Sscan(os.Getenv(writerStart), &from); err != nil {
		t.Fatal(err)
	}
	s := store.New(store.Config{File: file})
	for n := from; ; n++ {
		set(t, s, fmt.Sprint("slot", n%slots), writerValue(n))
		_, _ = io.WriteString(os.Stdout, fmt.Sprintf("confirmed %d\n", n))
	}
}

// TestInUse opens one file twice.
func TestInUse(t *testing.T) {
	config := store.Config{File: filepath.Join(t.TempDir(), "a.store")}
	first := opened(t, config)
	set(t, first, "a", "1")
	second := store.New(config)
	waiting := begin(t, second, store.Op{Kind: store.Get, Key: "a"})
	if err := second.Close(); err != nil { // it does not wait for the file any more
		t.Fatal(err)
	}
	o := await(t, waiting)
	if codeOf(o.err) != "ERR_STORE_IN_USE" || !strings.Contains(o.err.Error(), config.File) {
		t.Errorf("the second: %v", o.err)
	}
	third := opened(t, config)
	waiting = begin(t, third, store.Op{Kind: store.Get, Key: "a"})
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if o := await(t, waiting); o.err != nil || string(o.Value) != "1" {
		t.Errorf("after the first is closed: %s %v", o.Value, o.err)
	}
}

// TestDamaged opens files that are no whole stores.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.store")
	s := store.New(store.Config{File: whole})
	for i := range 200 {
		set(t, s, fmt.Sprint("key", i), `"`+strings.Repeat("x", 1000)+`"`)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	damages := map[string][]byte{
		"text":      []byte("hello"),
		"zeros":     make([]byte, 100_000),
		"one page":  data[:4096],
		"truncated": data[:len(data)/3],
		"noise":     noisy(data),
	}
	for name, content := range damages {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, name+".store")
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s := store.New(store.Config{File: file})
			failed := 0
			for i := range 200 {
				for _, op := range []store.Op{{Kind: store.Get, Key: fmt.Sprint("key", i)}, {Kind: store.Set, Key: fmt.Sprint("key", i), Value: []byte("1")}} {
					if o := await(t, begin(t, s, op)); o.err != nil {
						failed++
						if codeOf(o.err) != "ERR_STORE_DAMAGED" {
							t.Fatalf("%v", o.err)
						}
					}
				}
			}
			_ = s.Close() // a damaged one may say so once more
			if failed == 0 {
				t.Error("nothing was noticed")
			}
		})
	}
}

// noisy changes everything behind the first pages.
func noisy(data []byte) []byte {
	out := append([]byte(nil), data...)
	for i := 4 * 4096; i < len(out); i += 3 {
		out[i] ^= 0xa5
	}
	return out
}

// TestUnusableFolder keeps a store where none can be.
func TestUnusableFolder(t *testing.T) {
	dir := t.TempDir()
	blocked := filepath.Join(dir, "blocked")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{filepath.Join(blocked, "a.store"), dir} {
		s := opened(t, store.Config{File: file})
		o := await(t, begin(t, s, store.Op{Kind: store.Get, Key: "a"}))
		if codeOf(o.err) != "ERR_STORE_UNAVAILABLE" || !strings.Contains(o.err.Error(), file) {
			t.Errorf("%s: %v", file, o.err)
		}
	}
}

func BenchmarkSetAtOnce(b *testing.B) {
	s := store.New(store.Config{File: filepath.Join(b.TempDir(), "a.store")})
	value := []byte(`{"temperature":21.5,"humidity":40,"at":1700000000000}`)
	slots := make(chan struct{}, 4096)
	for i := range b.N {
		slots <- struct{}{}
		err := s.Do(&store.Op{Kind: store.Set, Key: fmt.Sprint("device", i%10_000), Value: value, Done: func(_ store.Result, err error) {
			if err != nil {
				b.Error(err)
			}
			<-slots
		}})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
