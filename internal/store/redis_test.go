package store_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/mqscript/mqscript/internal/store"
)

// redisServer finds a real one. Without it the tests do with an imitation,
// unless MQSCRIPT_REQUIRE lists "redis".
func redisServer(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil && slices.Contains(strings.Split(os.Getenv("MQSCRIPT_REQUIRE"), ","), "redis") {
		t.Fatalf("a Redis server is required: %v", err)
	}
	return path
}

type server struct {
	url string
	cmd *exec.Cmd
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// startRedis runs a server until the test's end.
func startRedis(t *testing.T, port string, flags ...string) *server {
	t.Helper()
	dir, err := os.MkdirTemp("", "mqscript-redis-")
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", dir, "--logfile", filepath.Join(dir, "log")}, flags...)
	s := &server{url: "redis://127.0.0.1:" + port, cmd: exec.Command(redisServer(t), args...)}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.stop()
		_ = os.RemoveAll(dir)
	})
	for deadline := time.Now().Add(patience); ; {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = conn.Close()
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("the Redis server does not answer: %v", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *server) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// TestRedisAway starts without a server, lets it come, go and come again.
func TestRedisAway(t *testing.T) {
	if redisServer(t) == "" {
		t.Skip("there is no Redis server to stop and start")
	}
	port := freePort(t)
	s := opened(t, store.Config{URL: "redis://somebody:hidden@127.0.0.1:" + port + "/1", Name: "script"})
	away := func() {
		t.Helper()
		o := await(t, begin(t, s, store.Op{Kind: store.Get, Key: "a"}))
		if codeOf(o.err) != "ERR_STORE_UNAVAILABLE" || !strings.Contains(o.err.Error(), "127.0.0.1:"+port+"/1") || strings.Contains(o.err.Error(), "hidden") {
			t.Errorf("without a server: %v", o.err)
		}
	}
	with := []string{"--user", "somebody", "on", ">hidden", "~*", "&*", "+@all"}
	away()
	running := startRedis(t, port, with...)
	set(t, s, "a", "1")
	running.stop()
	away()
	startRedis(t, port, with...)
	set(t, s, "a", "2")
	if got := get(t, s, "a"); got != "2" {
		t.Errorf("with a server again: %s", got)
	}
	wrong := opened(t, store.Config{URL: "redis://somebody:mistyped@127.0.0.1:" + port, Name: "script"})
	o := await(t, begin(t, wrong, store.Op{Kind: store.Get, Key: "a"}))
	if codeOf(o.err) != "ERR_STORE_REFUSED" || strings.Contains(o.err.Error(), "mistyped") {
		t.Errorf("with a wrong password: %v", o.err)
	}
}

// TestRedisIsShared lets two stores of one name count together, beside one of
// another name.
func TestRedisIsShared(t *testing.T) {
	url := "redis://" + miniredis.RunT(t).Addr()
	other := opened(t, store.Config{URL: url, Name: "a:b"})
	set(t, other, "n", "1000")
	stores := []*store.Store{opened(t, store.Config{URL: url, Name: "a"}), opened(t, store.Config{URL: url, Name: "a"})}
	var all []<-chan outcome
	for range 200 {
		for _, s := range stores {
			all = append(all, begin(t, s, store.Op{Kind: store.Increment, Key: "n", By: 1}))
		}
	}
	seen := make(map[float64]bool)
	for _, ch := range all {
		o := await(t, ch)
		if o.err != nil || seen[o.Number] {
			t.Fatalf("%v came twice, or %v", o.Number, o.err)
		}
		seen[o.Number] = true
	}
	if got := get(t, stores[0], "n"); got != "400" {
		t.Errorf("together they counted to %s", got)
	}
	if keys := do(t, other, store.Op{Kind: store.Keys}).Keys; fmt.Sprint(keys) != "[n]" || get(t, other, "n") != "1000" {
		t.Errorf("the other has %v", keys)
	}
}

// TestRedisExpiry lets time pass on the server.
func TestRedisExpiry(t *testing.T) {
	m := miniredis.RunT(t)
	s := opened(t, store.Config{URL: "redis://" + m.Addr(), Name: "a"})
	do(t, s, store.Op{Kind: store.Set, Key: "a", Value: []byte("1"), TTL: time.Minute})
	do(t, s, store.Op{Kind: store.Increment, Key: "a", By: 1})
	m.FastForward(time.Minute - time.Second)
	if got := get(t, s, "a"); got != "2" {
		t.Errorf("before its time: %s", got)
	}
	m.FastForward(time.Second)
	if got := get(t, s, "a"); got != "nothing" {
		t.Errorf("after its time: %s", got)
	}
}

// TestRedisRefuses has a server that refuses one operation.
func TestRedisRefuses(t *testing.T) {
	m := miniredis.RunT(t)
	s := opened(t, store.Config{URL: "redis://" + m.Addr(), Name: "a"})
	if _, err := m.Push("mqscript:a:list", "x"); err != nil {
		t.Fatal(err)
	}
	o := await(t, begin(t, s, store.Op{Kind: store.Get, Key: "list"}))
	if codeOf(o.err) != "ERR_STORE_REFUSED" || !strings.Contains(o.err.Error(), "WRONGTYPE") {
		t.Errorf("a list: %v", o.err)
	}
	set(t, s, "b", "1")
}
