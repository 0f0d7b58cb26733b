package script_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// allow runs a script with these permissions.
func allow(t *testing.T, c permission.Config) scripttest.Option {
	t.Helper()
	policy, err := permission.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *script.Options) { o.Permissions = policy }
}

// TestTheEndClosesSockets ends scripts that have every kind of socket open, and
// looks from outside whether they are closed. Goroutines that are left would
// fail the package.
func TestTheEndClosesSockets(t *testing.T) {
	certificates := mqtttest.NewCertificates(t)
	for name, end := range map[string]func(r *scripttest.Run){
		"exit": func(r *scripttest.Run) { r.Message("exit", "", 0) },
		"stop": func(r *scripttest.Run) { r.Stop() },
		"kill": func(r *scripttest.Run) { r.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := fmt.Sprintf(`
				const net = require('net'), tls = require('tls'), dgram = require('dgram'), dns = require('dns')
				const [cert, key] = [%q, %q]
				const server = net.createServer((socket) => { socket.on('error', () => {}) ; socket.write(Buffer.alloc(1 << 24)) })
				server.listen(0, '127.0.0.1', () => {
					const { port } = server.address()
					for (let i = 0; i < 20; i++) net.connect(port, '127.0.0.1').pause()
					const secure = tls.createServer({ cert, key }, (socket) => { socket.on('error', () => {}); socket.write(Buffer.alloc(1 << 22)) })
					secure.listen(0, '127.0.0.1', () => {
						for (let i = 0; i < 5; i++) tls.connect({ port: secure.address().port, rejectUnauthorized: false }).pause()
						net.connect(secure.address().port) // never shakes hands
						dgram.createSocket('udp4').bind(0, '127.0.0.1', () => console.log('port ' + port))
					})
				})
				module.exports = { onMessage() { exit() } }`, read(t, certificates.CertFile), read(t, certificates.KeyFile))
			r := scripttest.Start(t, source)
			r.Until("the port", func() bool { return strings.HasPrefix(r.Console.Text(), "port ") })
			address := "127.0.0.1:" + strings.TrimPrefix(r.Console.Text(), "port ")
			outside, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = outside.Close() }()
			end(r)
			_, _ = r.Ended()
			_ = outside.SetReadDeadline(time.Now().Add(scripttest.Patience))
			if _, err := io.Copy(io.Discard, outside); os.IsTimeout(err) {
				t.Error("the connection is open after the end")
			}
			if c, err := net.Dial("tcp", address); err == nil {
				t.Error("the server listens after the end")
				_ = c.Close()
			}
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPermissionsOfSockets asks for what the flags do not allow. The checks come
// before anything is sent.
func TestPermissionsOfSockets(t *testing.T) {
	got := scripttest.Output(t, `
		const net = require('net'), tls = require('tls'), dgram = require('dgram'), dns = require('dns')
		const said = (what) => (e) => console.log(what, e ? e.code + ' ' + e.message : 'allowed')
		const failed = (socket) => new Promise((resolve) => socket.once('error', (e) => resolve(e)))
		async function main() {
			said('net')(await failed(net.connect(1, '127.0.0.1')))
			said('port')(await failed(net.connect(2, '127.0.0.2')))
			said('unix')(await failed(net.connect('/tmp/x')))
			said('tls')(await failed(tls.connect(443, 'example.com')))
			said('own lookup')(await failed(net.connect({ port: 1, host: '127.0.0.2', lookup: null })))
			said('own lookup')(await failed(net.connect({ port: 80, host: 'allowed.test', lookup: (h, o, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) })))
			said('listen')(await failed(net.createServer().listen(0)))
			said('listen')(await failed(net.createServer().listen(0, '127.0.0.1')))
			said('listen unix')(await failed(net.createServer().listen('/tmp/x')))
			const udp = dgram.createSocket('udp4')
			await new Promise((resolve) => udp.send('x', 9, '127.0.0.1', (e) => { said('udp')(e); resolve() }))
			try { udp.connect(9, '127.0.0.1') } catch (e) { said('udp connect')(e) }
			said('udp bind')(await failed(dgram.createSocket('udp4').bind(0, '127.0.0.1')))
			await new Promise((resolve) => dns.lookup('example.com', (e) => { said('lookup')(e); resolve() }))
			await new Promise((resolve) => dns.resolve4('example.com', (e) => { said('resolve')(e); resolve() }))
			dns.lookup = (host, options, done) => setImmediate(done, null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4)
			said('patched')(await failed(net.connect(80, 'allowed.test')))
			await new Promise((resolve) => dgram.createSocket('udp4').send('x', 80, 'allowed.test', (e) => { said('udp patched')(e); resolve() }))
			const lookup = (host, family, done) => done(null, '127.0.0.1', 4)
			await new Promise((resolve) => dgram.createSocket({ type: 'udp4', lookup }).send('x', 80, 'allowed.test', (e) => { said('udp lookup')(e); resolve() }))
			const resolver = new dns.Resolver()
			resolver.setServers(['127.0.0.1:9'])
			await new Promise((resolve) => resolver.resolve4('allowed.test', (e) => { said('server')(e); resolve() }))
			exit()
		}
		main().catch((e) => { console.log(e); exit() })
		module.exports = { onMessage() {} }`,
		allow(t, permission.Config{Strict: true, Net: []string{"127.0.0.2:1", "allowed.test"}}))
	want := `net ERR_ACCESS_DENIED connecting to 127.0.0.1:1 is denied; --allow-net=127.0.0.1:1 allows it
port ERR_ACCESS_DENIED connecting to 127.0.0.2:2 is denied; --allow-net=127.0.0.2:2 allows it
unix ERR_ACCESS_DENIED using the socket /tmp/x is denied; --allow-net=unix:/tmp/x allows it
tls ERR_ACCESS_DENIED connecting to example.com is denied; --allow-net=example.com allows it
own lookup ECONNREFUSED connect ECONNREFUSED 127.0.0.2:1
own lookup ERR_ACCESS_DENIED connecting to 127.0.0.1:80 is denied; --allow-net=127.0.0.1:80 allows it
listen ERR_ACCESS_DENIED listening on * is denied; --allow-listen=* allows it
listen ERR_ACCESS_DENIED listening on 127.0.0.1 is denied; --allow-listen=127.0.0.1 allows it
listen unix ERR_ACCESS_DENIED using the socket /tmp/x is denied; --allow-net=unix:/tmp/x allows it
udp ERR_ACCESS_DENIED connecting to 127.0.0.1:9 is denied; --allow-net=127.0.0.1:9 allows it
udp connect ERR_ACCESS_DENIED connecting to 127.0.0.1:9 is denied; --allow-net=127.0.0.1:9 allows it
udp bind ERR_ACCESS_DENIED listening on 127.0.0.1 is denied; --allow-listen=127.0.0.1 allows it
lookup ERR_ACCESS_DENIED connecting to example.com is denied; --allow-net=example.com allows it
resolve ERR_ACCESS_DENIED connecting to example.com is denied; --allow-net=example.com allows it
patched ERR_ACCESS_DENIED connecting to 127.0.0.1:80 is denied; --allow-net=127.0.0.1:80 allows it
udp patched ERR_ACCESS_DENIED connecting to 127.0.0.1:80 is denied; --allow-net=127.0.0.1:80 allows it
udp lookup ERR_ACCESS_DENIED connecting to 127.0.0.1:80 is denied; --allow-net=127.0.0.1:80 allows it
server ERR_ACCESS_DENIED connecting to 127.0.0.1:9 is denied; --allow-net=127.0.0.1:9 allows it`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestASenderHearsItsPeersAlone sends from a script that may not listen, and
// answers from two sockets, of which it knows one.
func TestASenderHearsItsPeersAlone(t *testing.T) {
	peer, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = peer.Close() }()
	stranger, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stranger.Close() }()
	r := scripttest.Start(t, fmt.Sprintf(`
		const socket = require('dgram').createSocket('udp4', (data) => { console.log(String(data)); if (String(data) === 'last') exit() })
		socket.send('hello', %d, '127.0.0.1')
		module.exports = { onMessage() {} }`, peer.LocalAddr().(*net.UDPAddr).Port),
		allow(t, permission.Config{Strict: true, Net: []string{peer.LocalAddr().String()}}))
	_ = peer.SetReadDeadline(time.Now().Add(scripttest.Patience))
	_, from, err := peer.ReadFrom(make([]byte, 100))
	if err != nil {
		t.Fatal(err)
	}
	for _, sent := range []struct {
		socket net.PacketConn
		text   string
	}{{stranger, "unasked"}, {peer, "answer"}, {stranger, "unasked"}, {peer, "last"}} {
		if _, err := sent.socket.WriteTo([]byte(sent.text), from); err != nil {
			t.Fatal(err)
		}
	}
	_, _ = r.Ended()
	if got := r.Console.Text(); got != "answer\nlast" {
		t.Errorf("it heard %q", got)
	}
}

// TestASlowScriptHoldsUpItsPeer sends more than any buffer takes to a socket
// that nobody reads, and sees that the sender is stopped, then goes on.
func TestASlowScriptHoldsUpItsPeer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	const total = 64 << 20
	sent := make(chan int, 1)
	held := make(chan struct{})
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		chunk, n, stopped := make([]byte, 1<<16), 0, false
		for n < total {
			_ = c.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
			if stopped {
				_ = c.SetWriteDeadline(time.Now().Add(scripttest.Patience))
			}
			written, err := c.Write(chunk)
			n += written
			switch {
			case err == nil:
			case os.IsTimeout(err) && !stopped:
				stopped = true
				close(held)
			default:
				sent <- n
				return
			}
		}
		sent <- n
	}()
	r := scripttest.Start(t, fmt.Sprintf(`
		let received = 0
		const socket = require('net').connect(%d, '127.0.0.1')
		socket.on('data', (chunk) => { received += chunk.length })
		socket.on('close', () => { console.log('received', received); exit() })
		socket.pause()
		module.exports = { onMessage() { console.log('kept', socket.readableLength <= 128 * 1024); socket.resume() } }`,
		l.Addr().(*net.TCPAddr).Port))
	select {
	case <-held:
	case <-time.After(scripttest.Patience):
		t.Fatal("the sender was not held up")
	}
	r.Message("go on", "", 0)
	_, _ = r.Ended()
	n := <-sent
	if n < total {
		t.Errorf("the peer sent %d of %d", n, total)
	}
	if got, want := r.Console.Text(), fmt.Sprintf("kept true\nreceived %d", n); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestThousandsOfConnections makes short connections, some at the same time, and
// counts what the script still holds.
func TestThousandsOfConnections(t *testing.T) {
	r := scripttest.Start(t, `
		const net = require('net')
		let ended = 0
		const server = net.createServer((socket) => {
			socket.on('close', () => { ended++ })
			socket.pipe(socket)
		})
		const one = (port) => new Promise((resolve, reject) => {
			const socket = net.connect(port, '127.0.0.1', () => socket.end('hello'))
			let text = ''
			socket.on('data', (d) => { text += d })
			socket.on('error', reject)
			socket.on('close', () => resolve(text))
		})
		server.listen(0, '127.0.0.1', async () => {
			const { port } = server.address()
			let right = 0
			for (let i = 0; i < 2000; i += 20) {
				const texts = await Promise.all(Array.from({ length: 20 }, () => one(port)))
				right += texts.filter((text) => text === 'hello').length
			}
			while (ended < 2000) await new Promise(setImmediate)
			server.getConnections((e, n) => console.log(right, ended, n))
		})
		module.exports = { onMessage() { exit() } }`)
	deadline := time.Now().Add(6 * scripttest.Patience)
	for r.Console.Text() == "" {
		if time.Now().After(deadline) {
			t.Fatal("they did not come to their end")
		}
		time.Sleep(time.Millisecond)
	}
	if got := r.Console.Text(); got != "2000 2000 0" {
		t.Errorf("right, ended, open: %s", got)
	}
}

// TestConnectingCanBeGivenUp waits for a name that nobody finds.
func TestConnectingCanBeGivenUp(t *testing.T) {
	got := scripttest.Output(t, `
		const net = require('net')
		const socket = net.connect({ port: 81, host: 'never.test', lookup() {} })
		socket.setTimeout(20)
		socket.write('x', (e) => console.log(e.code))
		socket.on('timeout', () => { console.log('timeout', socket.connecting); socket.destroy() })
		socket.on('close', (failed) => { console.log('close', failed, socket.connecting); exit() })
		module.exports = { onMessage() {} }`)
	if want := "timeout true\nERR_SOCKET_CLOSED_BEFORE_CONNECTION\nclose false false"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSocketsFailWithoutHarm does what goes wrong, and sees that each says so
// and that the script goes on.
func TestSocketsFailWithoutHarm(t *testing.T) {
	got := scripttest.Output(t, `
		const net = require('net'), tls = require('tls'), dgram = require('dgram')
		const attempt = (what, f) => { try { f(); console.log(what, 'done') } catch (e) { console.log(what, e.code, e.message) } }
		attempt('fd', () => new net.Socket({ fd: 3 }))
		attempt('onread', () => new net.Socket({ onread: {} }))
		attempt('handle', () => new net.Socket({ handle: {} }).on('error', () => {}).destroy())
		attempt('pfx', () => tls.createSecureContext({ pfx: Buffer.alloc(1) }))
		attempt('old', () => tls.createSecureContext({ maxVersion: 'TLSv1.1' }))
		attempt('roots', () => tls.rootCertificates())
		attempt('block list', () => new net.BlockList())
		attempt('stream', () => tls.connect({ socket: new (require('stream').Duplex)() }))
		attempt('path', () => net.connect('a\0b'))
		attempt('size', () => dgram.createSocket('udp4').getRecvBufferSize())
		attempt('any', () => require('dns').resolveAny('a', () => {}))
		const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1', () => {
			const socket = net.connect(server.address().port, '127.0.0.1')
			socket.once('data', () => {
				socket.once('data', (d) => { console.log('still', String(d)); exit() })
				socket.write('here')
				throw new Error('thrown in data')
			})
			socket.write('a')
		})
		module.exports = { onMessage() {} }`)
	want := `fd ERR_NOT_IMPLEMENTED net.Socket with a file descriptor is not implemented in mqscript
onread ERR_NOT_IMPLEMENTED net.Socket with the option onread is not implemented in mqscript
handle done
pfx ERR_NOT_IMPLEMENTED The option pfx of tls is not implemented in mqscript
old ERR_NOT_IMPLEMENTED TLSv1.1 is not implemented in mqscript: the lowest version is TLSv1.2
roots ERR_NOT_IMPLEMENTED tls.rootCertificates is not implemented in mqscript
block list ERR_NOT_IMPLEMENTED net.BlockList is not implemented in mqscript
stream ERR_NOT_IMPLEMENTED tls over a stream that is not a net.Socket is not implemented in mqscript
path ERR_INVALID_ARG_VALUE The property 'options.path' must be a string, Uint8Array, or URL without null bytes. Received "a\u0000b"
size ERR_NOT_IMPLEMENTED Socket.prototype.getRecvBufferSize is not implemented in mqscript
any ERR_NOT_IMPLEMENTED dns.resolveAny is not implemented in mqscript
`
	rest, found := strings.CutPrefix(got, want)
	if !found || !strings.Contains(rest, "Error: thrown in data") || !strings.HasSuffix(rest, "still here") {
		t.Errorf("got\n%s\nwant\n%s[error] thrown in data\nstill here", got, want)
	}
}
