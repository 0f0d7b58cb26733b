package permission_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/permission"
)

func policy(t *testing.T, c permission.Config) *permission.Policy {
	t.Helper()
	p, err := permission.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDefaults compares no flags with strict.
func TestDefaults(t *testing.T) {
	for _, p := range []*permission.Policy{nil, policy(t, permission.Config{})} {
		if p.Connect("example.com", 80) != nil || p.Listen("", 0) != nil || p.Unix("/run/x") != nil || !p.Env("HOME") {
			t.Error("without flags, net, listen and env are open")
		}
		if p.Strict() || len(p.ReadFolders()) > 0 || len(p.WriteFolders()) > 0 {
			t.Error("without flags there are no more folders")
		}
	}
	p := policy(t, permission.Config{Strict: true})
	if p.Connect("example.com", 80) == nil || p.Connect("localhost", 0) == nil || p.Listen("127.0.0.1", 0) == nil || p.Unix("/run/x") == nil || p.Env("HOME") {
		t.Error("strict leaves something open")
	}
	p = policy(t, permission.Config{Strict: true, Net: []string{"*"}, Listen: []string{"*"}, Env: []string{"*"}})
	if p.Connect("example.com", 80) != nil || p.Listen("", 0) != nil || p.Unix("/run/x") != nil || !p.Env("HOME") {
		t.Error("* does not open everything")
	}
}

// TestConnect has each way to write a host that a rule covers, and some that it
// does not.
func TestConnect(t *testing.T) {
	for _, test := range []struct{ rules, yes, no string }{
		{"example.com", "example.com:80 example.com:0 EXAMPLE.com:443 example.com.:80", "www.example.com:80 example.org:80 93.184.216.34:80 example.com\x00.org:80"},
		{"example.com:80", "example.com:80 example.com:0", "example.com:443"},
		{"*.example.com", "a.example.com:1 A.B.Example.COM.:80", "example.com:80 evilexample.com:80 evil.org\x00.example.com:80 evil.org/.example.com:80 a..example.com:80"},
		{"*:8080", "anything:8080 10.0.0.1:8080", "anything:80"},
		{"127.0.0.1", "127.0.0.1:80 127.1:80 0x7f.1:80 0x7f000001:80 2130706433:80 017700000001:80 [::ffff:127.0.0.1]:80 [::ffff:7f00:1]:80", "127.0.0.2:80 localhost:80 0.0.0.0:80 :80 [::1]:80 127.0.0.1.example.com:80 0:80"},
		{"0x7f.1:80", "127.0.0.1:80", "127.0.0.1:81"},
		{"10.0.0.0/8", "10.1.2.3:80 0xa000001:80 10.65535:80", "11.0.0.1:80 10.0.0.0.example.com:80"},
		{"10.1.2.3/8:80", "10.200.0.1:80", "10.200.0.1:81"},
		{"::1", "[::1]:80 [0:0:0:0:0:0:0:1]:80 [::1%lo]:80", "[::2]:80 localhost:80 127.0.0.1:80"},
		{"[::1]:80", "[::1]:80", "[::1]:81"},
		{"[::1]", "[::1]:80", "[::2]:80"},
		{"fe80::/10", "[fe80::1%eth0]:80", "[fd00::1]:80"},
		{"localhost", "localhost:80 :80 LOCALHOST.:80", "127.0.0.1:80 localhost.localdomain:80"},
		{"kelvin.example", "Kelvin.Example:80", "\u212aelvin.example:80"},
		{"a.example b.example:80", "a.example:1 b.example:80", "b.example:1"},
	} {
		p := policy(t, permission.Config{Net: strings.Fields(test.rules)})
		check := func(list string, want bool) {
			for _, at := range strings.Split(list, " ") {
				host, port := split(t, at)
				if err := p.Connect(host, port); (err == nil) != want {
					t.Errorf("%s: Connect(%q, %d) = %v", test.rules, host, port, err)
				}
			}
		}
		check(test.yes, true)
		check(test.no, false)
	}
}

func split(t *testing.T, at string) (string, int) {
	t.Helper()
	host, service, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	port, err := net.DefaultResolver.LookupPort(t.Context(), "tcp", service)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// TestListen has the addresses to listen on.
func TestListen(t *testing.T) {
	for _, test := range []struct{ rules, yes, no string }{
		{":8080", ":8080 127.0.0.1:8080 [::]:8080", ":80 :0"},
		{"127.0.0.1", "127.0.0.1:80 127.0.0.1:0 127.1:80", ":80 0.0.0.0:80 [::]:80 localhost:80"},
		{"127.0.0.1:80", "127.0.0.1:80", "127.0.0.1:0 127.0.0.1:81"},
		{"localhost", "localhost:1", ":1"},
		{"*", ":0 :80 10.0.0.1:80", ""},
	} {
		p := policy(t, permission.Config{Listen: strings.Fields(test.rules)})
		check := func(list string, want bool) {
			for _, at := range strings.Fields(list) {
				host, port := split(t, at)
				if err := p.Listen(host, port); (err == nil) != want {
					t.Errorf("%s: Listen(%q, %d) = %v", test.rules, host, port, err)
				}
			}
		}
		check(test.yes, true)
		check(test.no, false)
	}
}

// TestDeniedNamesItsFlag checks that the flag in an error is one that New takes
// and that then allows what was denied.
func TestDeniedNamesItsFlag(t *testing.T) {
	strict := policy(t, permission.Config{Strict: true})
	for _, test := range []struct {
		ask  func(*permission.Policy) error
		want string
	}{
		{func(p *permission.Policy) error { return p.Connect("example.com", 80) }, "connecting to example.com:80 is denied; --allow-net=example.com:80 allows it"},
		{func(p *permission.Policy) error { return p.Connect("example.com", 0) }, "connecting to example.com is denied; --allow-net=example.com allows it"},
		{func(p *permission.Policy) error { return p.Connect("::1", 80) }, "connecting to [::1]:80 is denied; --allow-net=[::1]:80 allows it"},
		{func(p *permission.Policy) error { return p.Connect("0x7f.1", 80) }, "connecting to 0x7f.1:80 is denied; --allow-net=0x7f.1:80 allows it"},
		{func(p *permission.Policy) error { return p.Connect("", 80) }, "connecting to localhost:80 is denied; --allow-net=localhost:80 allows it"},
		{func(p *permission.Policy) error { return p.Listen("", 80) }, "listening on :80 is denied; --allow-listen=:80 allows it"},
		{func(p *permission.Policy) error { return p.Listen("", 0) }, "listening on * is denied; --allow-listen=* allows it"},
		{func(p *permission.Policy) error { return p.Listen("127.0.0.1", 0) }, "listening on 127.0.0.1 is denied; --allow-listen=127.0.0.1 allows it"},
		{func(p *permission.Policy) error { return p.Unix("/run/x.sock") }, "using the socket /run/x.sock is denied; --allow-net=unix:/run/x.sock allows it"},
	} {
		err := test.ask(strict)
		var denied *permission.Denied
		if !errors.As(err, &denied) || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
			continue
		}
		c := permission.Config{Strict: true}
		name, value, _ := strings.Cut(denied.Flag, "=")
		if name == "--allow-net" {
			c.Net = []string{value}
		} else {
			c.Listen = []string{value}
		}
		if err := test.ask(policy(t, c)); err != nil {
			t.Errorf("with %s: %v", denied.Flag, err)
		}
	}
}

// TestUnix follows symbolic links before it decides.
func TestUnix(t *testing.T) {
	dir := t.TempDir()
	inside := filepath.Join(dir, "inside")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"out": dir, "in": inside} {
		if err := os.Symlink(target, filepath.Join(inside, name)); err != nil {
			t.Fatal(err)
		}
	}
	p := policy(t, permission.Config{Net: []string{"unix:" + inside, "unix:@abstract"}})
	for path, want := range map[string]bool{
		inside + "/a.sock": true, inside + "/in/a.sock": true, "@abstract": true,
		dir + "/a.sock": false, inside + "/out/a.sock": false, inside + "/out": false, inside + "x/a.sock": false, inside + "/../a.sock": false, "@other": false, "": false,
	} {
		if err := p.Unix(path); (err == nil) != want {
			t.Errorf("Unix(%q) = %v", path, err)
		}
	}
	if p.Connect("localhost", 80) == nil {
		t.Error("naming a socket leaves hosts open")
	}
	if policy(t, permission.Config{Net: []string{"*:80"}}).Unix("/run/x") == nil {
		t.Error("a rule for ports opens sockets")
	}
}

func TestEnv(t *testing.T) {
	p := policy(t, permission.Config{Env: []string{"HOME", "APP_*"}})
	for name, want := range map[string]bool{"HOME": true, "APP_": true, "APP_KEY": true, "HOMES": false, "APP": false, "XAPP_KEY": false, "": false} {
		if p.Env(name) != want {
			t.Errorf("Env(%q) = %v", name, !want)
		}
	}
}

func TestFolders(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	p := policy(t, permission.Config{Read: []string{"a/../b", "*"}, Write: []string{"/x/"}})
	root := filepath.VolumeName(here) + string(filepath.Separator)
	if got := p.ReadFolders(); !slices.Equal(got, []string{filepath.Join(here, "b"), root}) {
		t.Error("read", got)
	}
	if got := p.WriteFolders(); !slices.Equal(got, []string{filepath.FromSlash("/x")}) {
		t.Error("write", got)
	}
}

// TestMistakes has a sentence for each wrong value.
func TestMistakes(t *testing.T) {
	const takes = "; the flag takes HOST, HOST:PORT, [IPV6]:PORT, *.DOMAIN, a network such as 10.0.0.0/8, unix:PATH or *, and can be given several times"
	for value, want := range map[string]string{
		"http://x":      "--allow-net=http://x: a URL is no host" + takes,
		"":              "--allow-net=: no host name" + takes,
		"a:b":           `--allow-net=a:b: "b" is no port` + takes,
		"a:0":           `--allow-net=a:0: "0" is no port` + takes,
		"a:65536":       `--allow-net=a:65536: "65536" is no port` + takes,
		"[::1":          "--allow-net=[::1: the brackets enclose no address" + takes,
		"[::1]x":        "--allow-net=[::1]x: the brackets enclose no address" + takes,
		"[::1]:":        `--allow-net=[::1]:: "" is no port` + takes,
		"10.0.0.0/33":   "--allow-net=10.0.0.0/33: no network in the form ADDRESS/BITS" + takes,
		"example.com/x": "--allow-net=example.com/x: no network in the form ADDRESS/BITS" + takes,
		"a,b":           "--allow-net=a,b: no host name" + takes,
		"a.*.b":         "--allow-net=a.*.b: no host name" + takes,
		"bücher.de":     "--allow-net=bücher.de: no host name" + takes,
		"unix:":         "--allow-net=unix:: no path of a socket" + takes,
	} {
		if _, err := permission.New(permission.Config{Net: []string{value}}); err == nil || err.Error() != want {
			t.Errorf("%q: %v", value, err)
		}
	}
	for want, c := range map[string]permission.Config{
		"--allow-listen=unix:/x: \"/x\" is no port; the flag takes HOST:PORT, :PORT, [IPV6]:PORT or HOST, and can be given several times": {Listen: []string{"unix:/x"}},
		`--allow-read takes the path of a file or folder, not ""`:                                                                         {Read: []string{""}},
		`--allow-write takes the path of a file or folder, not "a\x00"`:                                                                   {Write: []string{"a\x00"}},
		`--allow-env takes the name of one variable, such as HOME, or NAME* for all that begin with NAME, not "A=b"`:                      {Env: []string{"A=b"}},
	} {
		if _, err := permission.New(c); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestDial checks before it connects, and connects.
func TestDial(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // nothing was written to it
	at := listener.Addr().String()
	dial := func(rule, network, address string) error {
		conn, err := policy(t, permission.Config{Net: []string{rule}}).DialContext(&net.Dialer{})(context.Background(), network, address)
		if err == nil {
			_ = conn.Close()
		}
		return err
	}
	if err := dial(at, "tcp", at); err != nil {
		t.Error(err)
	}
	var denied *permission.Denied
	for _, wrong := range [][2]string{{"tcp", "localhost:80"}, {"tcp", "127.0.0.1:http"}, {"udp", "127.0.0.1:53"}, {"unix", "/run/x"}} {
		if err := dial(at, wrong[0], wrong[1]); !errors.As(err, &denied) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	if err := dial("*", "tcp", "nonsense"); err == nil || errors.As(err, &denied) {
		t.Errorf("nonsense: %v", err)
	}
}

// FuzzConnect looks for hosts that a rule for one name or one address covers
// although a resolver could not take them for it.
func FuzzConnect(f *testing.F) {
	for _, seed := range []string{"example.com", "127.0.0.1", "0x7f.1", "a.example.com", "::1", "[::1]", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		p := policy(t, permission.Config{Net: []string{"example.com"}})
		if p.Connect(host, 80) == nil && strings.TrimSuffix(strings.ToLower(host), ".") != "example.com" {
			t.Errorf("%q is taken for example.com", host)
		}
		_, _ = permission.New(permission.Config{Net: []string{host}, Listen: []string{host}})
	})
}
