package store_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// opened makes a store that the test's end closes.
func opened(t *testing.T, config store.Config) *store.Store {
	t.Helper()
	s := store.New(config)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

type outcome struct {
	store.Result
	err error
}

// begin hands an operation on.
func begin(t *testing.T, s *store.Store, op store.Op) <-chan outcome {
	t.Helper()
	ch := make(chan outcome, 1)
	op.Done = func(r store.Result, err error) { ch <- outcome{r, err} }
	if err := s.Do(&op); err != nil {
		t.Fatal(err)
	}
	return ch
}

func await(t *testing.T, ch <-chan outcome) outcome {
	t.Helper()
	select {
	case o := <-ch:
		return o
	case <-time.After(patience):
		t.Fatal("the operation was not answered")
		return outcome{}
	}
}

// do does an operation, which must succeed.
func do(t *testing.T, s *store.Store, op store.Op) store.Result {
	t.Helper()
	o := await(t, begin(t, s, op))
	if o.err != nil {
		t.Fatal(o.err)
	}
	return o.Result
}

func set(t *testing.T, s *store.Store, key, value string) {
	t.Helper()
	do(t, s, store.Op{Kind: store.Set, Key: key, Value: []byte(value)})
}

func get(t *testing.T, s *store.Store, key string) string {
	t.Helper()
	r := do(t, s, store.Op{Kind: store.Get, Key: key})
	if !r.Found {
		return "nothing"
	}
	return string(r.Value)
}

func codeOf(err error) string {
	var own *store.Error
	if errors.As(err, &own) {
		return own.Code
	}
	return fmt.Sprint(err)
}

// places are where a store can be: a file, and servers.
func places(t *testing.T) map[string]func(t *testing.T) store.Config {
	all := map[string]func(t *testing.T) store.Config{
		"file": func(t *testing.T) store.Config {
			return store.Config{File: filepath.Join(t.TempDir(), "folder", "script.store")}
		},
		"miniredis": func(t *testing.T) store.Config {
			return store.Config{URL: "redis://" + miniredis.RunT(t).Addr(), Name: "script"}
		},
	}
	if redisServer(t) != "" {
		all["redis"] = func(t *testing.T) store.Config {
			return store.Config{URL: startRedis(t, freePort(t)).url, Name: "script"}
		}
	}
	return all
}

// TestOperations does the same everywhere.
func TestOperations(t *testing.T) {
	for name, config := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, config(t))
			if got := get(t, s, "a"); got != "nothing" {
				t.Errorf("before set: %s", got)
			}
			for key, value := range map[string]string{"a": `{"b":[1,2]}`, "ab": `"x"`, "a*": "1.5", "ä": "null", "z": "7"} {
				set(t, s, key, value)
			}
			set(t, s, "a", `"second"`)
			if got := get(t, s, "a"); got != `"second"` {
				t.Errorf("after set: %s", got)
			}
			for prefix, want := range map[string][]string{"": {"a", "a*", "ab", "z", "ä"}, "a": {"a", "a*", "ab"}, "a*": {"a*"}, "q": {}} {
				if got := do(t, s, store.Op{Kind: store.Keys, Key: prefix}).Keys; !slices.Equal(got, want) {
					t.Errorf("keys that begin with %q: %q", prefix, got)
				}
			}
			for _, want := range []bool{true, false} {
				if got := do(t, s, store.Op{Kind: store.Delete, Key: "a"}).Found; got != want {
					t.Errorf("delete found it: %v, want %v", got, want)
				}
			}
			if got := get(t, s, "a"); got != "nothing" {
				t.Errorf("after delete: %s", got)
			}
		})
	}
}

// TestIncrement adds as JavaScript does.
func TestIncrement(t *testing.T) {
	for name, config := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, config(t))
			steps := []struct{ by, want float64 }{{1, 1}, {1, 2}, {-5, -3}, {0.1, -2.9}, {1e21, 1e21}, {9007199254740991, 1.000009007199254740991e21}}
			if name == "miniredis" { // its Lua reads no exponents
				steps = steps[:4]
			}
			for _, c := range steps {
				if got := do(t, s, store.Op{Kind: store.Increment, Key: "n", By: c.by}).Number; got != c.want {
					t.Errorf("incremented by %v: %v, want %v", c.by, got, c.want)
				}
			}
			one, two := 0.1, 0.2 // at run time, where they are not 0.3
			do(t, s, store.Op{Kind: store.Increment, Key: "f", By: one})
			if got := do(t, s, store.Op{Kind: store.Increment, Key: "f", By: two}).Number; got != one+two {
				t.Errorf("0.1 and 0.2 are %v", got)
			}
			for _, value := range []string{`"5"`, "null", "true", "[1]", `{"$number":"NaN"}`} {
				set(t, s, "other", value)
				o := await(t, begin(t, s, store.Op{Kind: store.Increment, Key: "other", By: 1}))
				if codeOf(o.err) != "ERR_STORE_NOT_A_NUMBER" || get(t, s, "other") != value {
					t.Errorf("incrementing %s: %v, and then it is %s", value, o.err, get(t, s, "other"))
				}
			}
			if name == "miniredis" {
				return
			}
			set(t, s, "most", "1.7976931348623157e308")
			if o := await(t, begin(t, s, store.Op{Kind: store.Increment, Key: "most", By: 1e308})); codeOf(o.err) != "ERR_STORE_NOT_A_NUMBER" {
				t.Errorf("beyond the largest number: %v %v", o.Number, o.err)
			}
		})
	}
}

// TestOrder hands on thousands of operations at once: they are done in that
// order.
func TestOrder(t *testing.T) {
	for name, config := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := opened(t, config(t))
			var gets []<-chan outcome
			for i := range 3000 {
				key := fmt.Sprint("key", i%7)
				begin(t, s, store.Op{Kind: store.Set, Key: key, Value: fmt.Append(nil, i)})
				gets = append(gets, begin(t, s, store.Op{Kind: store.Get, Key: key}))
				if i%500 == 0 {
					begin(t, s, store.Op{Kind: store.Keys})
				}
				if i%6 == 0 { // not more at once than a store takes
					await(t, gets[len(gets)-1])
					gets[len(gets)-1] = nil
				}
			}
			for i, ch := range gets {
				if ch == nil {
					continue
				}
				if o := await(t, ch); string(o.Value) != fmt.Sprint(i) {
					t.Fatalf("number %d found %s, %v", i, o.Value, o.err)
				}
			}
		})
	}
}

// TestStaysAfterClose closes and opens again.
func TestStaysAfterClose(t *testing.T) {
	for name, config := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			s := store.New(c)
			written := begin(t, s, store.Op{Kind: store.Set, Key: "a", Value: []byte("1")})
			if err := s.Close(); err != nil { // what waits is still done
				t.Fatal(err)
			}
			if o := await(t, written); o.err != nil {
				t.Fatal(o.err)
			}
			if err := s.Do(&store.Op{Kind: store.Get, Key: "a"}); !errors.Is(err, store.ErrClosed) {
				t.Errorf("after Close: %v", err)
			}
			if got := get(t, opened(t, c), "a"); got != "1" {
				t.Errorf("opened again: %s", got)
			}
			if err := s.Close(); err != nil {
				t.Errorf("closed a second time: %v", err)
			}
		})
	}
}

// TestBusy keeps a store from answering and sees that the queue is bounded.
func TestBusy(t *testing.T) {
	s := opened(t, store.Config{File: filepath.Join(t.TempDir(), "a.store")})
	hold, held := make(chan struct{}), make(chan struct{})
	err := s.Do(&store.Op{Kind: store.Get, Key: "a", Done: func(store.Result, error) {
		close(held)
		<-hold
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-held
	defer close(hold)
	taken := 0
	for err = nil; err == nil && taken < 100_000; taken++ {
		err = s.Do(&store.Op{Kind: store.Get, Key: "a", Done: func(store.Result, error) {}})
	}
	if !errors.Is(err, store.ErrBusy) || taken != 16_385 {
		t.Errorf("%d taken, then %v", taken-1, err)
	}
}

func TestUnopenedStoreCloses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.store")
	if err := store.New(store.Config{File: file}).Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was made for nothing: %v", err)
	}
}

func TestCheckURL(t *testing.T) {
	for _, good := range []string{"redis://host", "rediss://u:p@host:1/2", "redis://[::1]:6379/0"} {
		if err := store.CheckURL(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	bad := map[string]string{
		"host:6379": "not at host", "http://u:secret@host": "not at http", "redis://": "no host", "redis://h/x": "a number", "redis://u:secret@%": "no URL",
	}
	for _, text := range slices.Sorted(maps.Keys(bad)) {
		err := store.CheckURL(text)
		if err == nil || !strings.Contains(err.Error(), bad[text]) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
