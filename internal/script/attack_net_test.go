package script_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
)

// traps are servers that no attacker may reach, and one that leads there.
type traps struct {
	reached atomic.Int64 // connections and datagrams that got to where they must not
	port    string       // of the TCP trap
	udp     string       // port of the UDP trap
	unix    string       // path of the trap in the file system
	open    *httptest.Server
}

// setTraps listens on the loopback.
func setTraps(t *testing.T) *traps {
	t.Helper()
	tr := &traps{unix: filepath.Join(t.TempDir(), "trap.sock")}
	for _, network := range [][2]string{{"tcp", "127.0.0.1:0"}, {"unix", tr.unix}} {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), network[0], network[1])
		if err != nil {
			t.Fatal(err)
		}
		if network[0] == "tcp" {
			_, tr.port, _ = net.SplitHostPort(l.Addr().String())
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				tr.reached.Add(1)
				_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\n" + stolen))
				_ = conn.Close()
			}
		}()
		t.Cleanup(func() { _ = l.Close(); <-done })
	}
	packets, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, tr.udp, _ = net.SplitHostPort(packets.LocalAddr().String())
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			if _, _, err := packets.ReadFrom(buf); err != nil {
				return
			}
			tr.reached.Add(1)
		}
	}()
	t.Cleanup(func() { _ = packets.Close(); <-done })
	tr.open = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		_, _ = w.Write([]byte("open"))
	}))
	t.Cleanup(tr.open.Close)
	return tr
}

const netPlaces = `
	const net = require('net'), http = require('http'), dgram = require('dgram'), dns = require('dns'), tls = require('tls'), https = require('https')
	const [, , port, udp, unix, open] = process.argv
	const connected = (socket) => new Promise((done, fail) => { socket.on('error', fail); socket.on('connect', () => done('connected')); socket.on('data', () => {}) })
	const answered = (request) => new Promise((done, fail) => { request.on('error', fail); request.on('response', (r) => { let all = ''; r.on('data', (c) => { all += c }); r.on('end', () => done(all)) }); request.end() })
	const sent = (socket, ...args) => new Promise((done, fail) => { socket.on('error', fail); socket.send('x', ...args, (e) => e ? fail(e) : done('sent')) })
	const listening = (server, ...args) => new Promise((done, fail) => { server.on('error', fail); server.on('listening', () => { server.close(); done('listening') }); server.listen ? server.listen(...args) : server.bind(...args) });`

// TestAttacksOnTheNetwork tries to connect, to listen and to look names up
// where that is not allowed: without flags for it when strict, and beside the
// one host that a flag names.
func TestAttacksOnTheNetwork(t *testing.T) {
	cause := `try { %s } catch (e) { for (; e.cause; ) e = e.cause; throw e }`
	fetched := func(what string) string { return netPlaces + strings.ReplaceAll(cause, "%s", what) }
	attacks := []attack{
		{"connect", netPlaces + `return connected(net.connect(port, '127.0.0.1'))`, ""},
		{"connect by name", netPlaces + `return connected(net.connect(port, 'localhost'))`, ""},
		{"connect without host", netPlaces + `return connected(net.connect(port))`, ""},
		{"connect by number", netPlaces + `return connected(net.connect(port, '2130706433'))`, refused + "|ENOTFOUND"},
		{"connect by hex", netPlaces + `return connected(net.connect(port, '0x7f.1'))`, refused + "|ENOTFOUND"},
		{"connect by hex number", netPlaces + `return connected(net.connect(port, '0x7f000001'))`, refused + "|ENOTFOUND"},
		{"connect by octal", netPlaces + `return connected(net.connect(port, '0177.0.0.1'))`, refused + "|ENOTFOUND"},
		{"connect by short form", netPlaces + `return connected(net.connect(port, '127.1'))`, refused + "|ENOTFOUND"},
		{"connect by zero", netPlaces + `return connected(net.connect(port, '0.0.0.0'))`, ""},
		{"connect by 0", netPlaces + `return connected(net.connect(port, '0'))`, ""},
		{"connect by mapped address", netPlaces + `return connected(net.connect(port, '::ffff:127.0.0.1'))`, ""},
		{"connect by mapped hex", netPlaces + `return connected(net.connect(port, '::ffff:7f00:1'))`, ""},
		{"connect by IPv6", netPlaces + `return connected(net.connect(port, '::1'))`, ""},
		{"connect with a zone", netPlaces + `return connected(net.connect(port, '::1%lo'))`, ""},
		{"connect with a dot", netPlaces + `return connected(net.connect(port, 'localhost.'))`, ""},
		{"connect in capitals", netPlaces + `return connected(net.connect(port, 'LOCALHOST'))`, ""},
		{"connect with options", netPlaces + `return connected(net.createConnection({ port: +port, host: '127.0.0.1' }))`, ""},
		{"connect with own lookup", netPlaces + `return connected(net.connect({ port: +port, host: 'allowed.example', lookup: (name, o, done) => o.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4) }))`, ""},
		{"connect with changing host", netPlaces + `let n = 0; return connected(net.connect({ port: +port, get host() { return n++ ? '127.0.0.1' : 'allowed.example' } }))`, ""},
		{"connect with changing text", netPlaces + `let n = 0; return connected(net.connect({ port: +port, host: { toString: () => n++ ? '127.0.0.1' : 'allowed.example' } }))`, "ERR_INVALID_ARG_TYPE|" + refused},
		{"unix socket", netPlaces + `return connected(net.connect(unix))`, ""},
		{"unix socket by path", netPlaces + `return connected(net.connect({ path: unix }))`, ""},
		{"abstract socket", netPlaces + `return connected(net.connect({ path: '\0trap' }))`, refused + "|ERR_INVALID_ARG_VALUE"},
		{"tls", netPlaces + `return connected(tls.connect(port, '127.0.0.1', { rejectUnauthorized: false }))`, ""},
		{"tls on a socket", netPlaces + `return connected(tls.connect({ socket: net.connect(port, '127.0.0.1') }))`, ""},
		{"http", netPlaces + `return answered(http.request({ port, host: '127.0.0.1' }))`, ""},
		{"http by URL", netPlaces + `return answered(http.request('http://localhost:' + port))`, ""},
		{"http over a unix socket", netPlaces + `return answered(http.request({ socketPath: unix, path: '/' }))`, ""},
		{"http with another host header", netPlaces + `return answered(http.request({ port, host: '127.0.0.1', headers: { host: new URL(open).host } }))`, ""},
		{"http agent", netPlaces + `return answered(http.request({ port, host: '127.0.0.1', agent: new http.Agent({ keepAlive: true }) }))`, ""},
		{"http agent's connection", netPlaces + `const agent = new http.Agent(); agent.createConnection = () => net.connect(port, '127.0.0.1'); return answered(http.request({ host: new URL(open).hostname, port: new URL(open).port, agent }))`, ""},
		{"createConnection", netPlaces + `return answered(http.request({ host: new URL(open).hostname, port: new URL(open).port, createConnection: () => net.connect(port, '127.0.0.1') }))`, ""},
		{"agent with a proxy", netPlaces + `process.env.http_proxy = process.env.HTTP_PROXY = 'http://127.0.0.1:' + port; return answered(http.request('http://allowed.example/'))`, ""},
		{"http lookup", netPlaces + `return answered(http.request({ host: 'allowed.example', port, lookup: (name, o, done) => o.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4) }))`, ""},
		{"https", netPlaces + `return answered(https.request({ port, host: '127.0.0.1', rejectUnauthorized: false }))`, ""},
		{"fetch", fetched(`return await (await fetch('http://127.0.0.1:' + port)).text()`), ""},
		{"fetch by number", fetched(`return await (await fetch('http://2130706433:' + port)).text()`), ""},
		{"fetch by hex", fetched(`return await (await fetch('http://0x7f.1:' + port)).text()`), ""},
		{"fetch with user", fetched(`return await (await fetch('http://allowed.example@127.0.0.1:' + port)).text()`), refused + "|TypeError: .*"},
		{"fetch a file", fetched(`return await (await fetch('file:///etc/passwd')).text()`), "TypeError: .*|not implemented.*|Error: .*|" + refused},
		{"fetch over ws", fetched(`return await (await fetch('ws://127.0.0.1:' + port)).text()`), "TypeError: .*|Error: .*|" + refused},
		{"WebSocket", netPlaces + `return await new Promise((done, fail) => { const w = new WebSocket('ws://127.0.0.1:' + port); w.onopen = () => done('open'); w.onerror = (e) => fail(e.error ?? e) })`, refused + "|ReferenceError: WebSocket is not defined|undefined|TypeError: .*"},
		{"UDP", netPlaces + `return sent(dgram.createSocket('udp4'), +udp, '127.0.0.1')`, ""},
		{"UDP by name", netPlaces + `return sent(dgram.createSocket('udp4'), +udp, 'localhost')`, ""},
		{"UDP by number", netPlaces + `return sent(dgram.createSocket('udp4'), +udp, '2130706433')`, refused + "|ENOTFOUND"},
		{"UDP without host", netPlaces + `return sent(dgram.createSocket('udp4'), +udp)`, ""},
		{"UDP connected", netPlaces + `const s = dgram.createSocket('udp4'); return new Promise((done, fail) => { s.on('error', fail); s.connect(+udp, '127.0.0.1', () => done('connected')) })`, ""},
		{"DNS", netPlaces + `return (await dns.promises.lookup('secret.example')).address`, ""},
		{"DNS by callback", netPlaces + `return new Promise((done, fail) => dns.lookup('localhost', (e, a) => e ? fail(e) : done(a)))`, ""},
		{"DNS resolve", netPlaces + `return (await dns.promises.resolve4('secret.example')).join()`, ""},
		{"DNS text", netPlaces + `return (await dns.promises.resolveTxt('secret.example')).join()`, ""},
		{"DNS of its own server", netPlaces + `const r = new dns.promises.Resolver(); r.setServers(['127.0.0.1:' + udp]); return (await r.resolve4('secret.example')).join()`, ""},
		{"listen", netPlaces + `return listening(net.createServer(), 0)`, ""},
		{"listen on the loopback", netPlaces + `return listening(net.createServer(), 0, '127.0.0.1')`, ""},
		{"listen on a path", netPlaces + `return listening(net.createServer(), unix + '2')`, ""},
		{"listen by http", netPlaces + `return listening(http.createServer(), 0)`, ""},
		{"listen by UDP", netPlaces + `return listening(dgram.createSocket('udp4'), 0)`, ""},
	}
	// The address that the flag names may be looked up.
	lookUps := []attack{
		{"DNS reverse", netPlaces + `return (await dns.promises.reverse('127.0.0.1')).join()`, ""},
		{"DNS service", netPlaces + `return (await dns.promises.lookupService('127.0.0.1', 80)).hostname`, ""},
	}
	redirects := []attack{
		{"allowed", fetched(`return await (await fetch(open)).text()`), "got open"},
		{"allowed by http", netPlaces + `return answered(http.request(open))`, "got open"},
		{"redirect", fetched(`return await (await fetch(open + '/?to=' + encodeURIComponent('http://127.0.0.1:' + port))).text()`), ""},
		{"redirect to a name", fetched(`return await (await fetch(open + '/?to=' + encodeURIComponent('http://localhost:' + port))).text()`), ""},
		{"redirect of a redirect", fetched(`return await (await fetch(open + '/?to=' + encodeURIComponent(open + '/?to=' + encodeURIComponent('http://127.1:' + port)))).text()`), ""},
		{"redirect to a file", fetched(`return await (await fetch(open + '/?to=file:///etc/passwd')).text()`), "TypeError: .*|Error: .*|" + refused},
	}
	// A name that a flag allows, and what a script says of its address.
	lies := []attack{
		{"lookup of an allowed name", netPlaces + `return connected(net.connect({ port: +port, host: 'allowed.example', lookup: (name, o, done) => o.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4) }))`, ""},
		{"http lookup of an allowed name", netPlaces + `return answered(http.request({ host: 'allowed.example', port, lookup: (name, o, done) => o.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4) }))`, ""},
		{"UDP lookup of an allowed name", netPlaces + `return sent(dgram.createSocket({ type: 'udp4', lookup: (name, o, done) => done(null, '127.0.0.1', 4) }), +udp, 'allowed.example')`, ""},
	}
	for name, test := range map[string]struct {
		config  permission.Config
		attacks []attack
	}{
		"strict":   {permission.Config{Strict: true}, append(lookUps, attacks...)},
		"lies":     {permission.Config{Net: []string{"allowed.example"}}, lies},
		"narrowed": {permission.Config{Listen: []string{"192.0.2.1:1"}}, append(redirects, attacks...)},
	} {
		t.Run(name, func(t *testing.T) {
			tr := setTraps(t)
			u, err := url.Parse(tr.open.URL)
			if err != nil {
				t.Fatal(err)
			}
			c := test.config
			if name == "narrowed" {
				c.Net = []string{u.Host}
			}
			p, err := permission.New(c)
			if err != nil {
				t.Fatal(err)
			}
			raid(t, test.attacks, func(o *script.Options) {
				o.Permissions, o.Args = p, []string{tr.port, tr.udp, tr.unix, tr.open.URL}
			})
			if n := tr.reached.Load(); n > 0 {
				t.Errorf("%d connections got through", n)
			}
		})
	}
}

// TestStrictShowsNothing looks at what a strict script learns of the machine.
func TestStrictShowsNothing(t *testing.T) {
	raid(t, []attack{
		{"environment", `return JSON.stringify(process.env)`, `got \{"SHOWN":"yes"\}`},
		{"environment by module", `return JSON.stringify(require('mqscript').env)`, `got \{"SHOWN":"yes"\}`},
		{"host name", `return require('os').hostname()`, "got localhost"},
		{"user", `const u = require('os').userInfo(); return [u.username, u.uid, u.gid, u.homedir === require('mqscript').script.dataDir, u.shell].join()`, "got script,-1,-1,true,"},
		{"home", `return require('os').homedir() === require('mqscript').script.dataDir`, "got true"},
		{"networks", `return JSON.stringify(require('os').networkInterfaces())`, `got \{\}`},
	}, func(o *script.Options) {
		o.Permissions = strict(t, permission.Config{Env: []string{"SHOWN"}})
		o.Env = map[string]string{"SHOWN": "yes", "HIDDEN": stolen, "PATH": stolen}
	})
}
