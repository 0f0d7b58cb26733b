package script_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestBigBodies sends 20 MB both ways at once, through fetch and http, and
// compares the hashes. No side keeps much of it: what it holds is asked for at
// each chunk.
func TestBigBodies(t *testing.T) {
	patient := func(o *script.Options) { o.HandlerLimit = time.Minute }
	r := scripttest.New(t, `
		const http = require('http'), crypto = require('crypto')
		const { pipeline } = require('stream/promises')
		const { Readable, Transform } = require('stream')
		const size = 20 * 1024 * 1024, piece = crypto.randomBytes(64 * 1024)
		const want = () => { const h = crypto.createHash('sha256'); for (let i = 0; i < size / piece.length; i++) h.update(piece); return h.digest('hex') }
		let held = 0
		function* pieces() { for (let i = 0; i < size / piece.length; i++) yield piece }
		const server = http.createServer(async (req, res) => {
			const watch = new Transform({ transform(chunk, encoding, done) { held = Math.max(held, req.readableLength + res.writableLength); done(null, chunk) } })
			await pipeline(req, watch, res)
		})
		async function viaFetch(url) {
			const answer = await fetch(url, { method: 'POST', duplex: 'half', body: ReadableStream.from(pieces()) })
			const hash = crypto.createHash('sha256')
			for await (const chunk of answer.body) hash.update(chunk)
			return hash.digest('hex')
		}
		function viaRequest(url) {
			return new Promise((resolve, reject) => {
				const req = http.request(url, { method: 'POST' }, async (res) => {
					const hash = crypto.createHash('sha256')
					for await (const chunk of res) hash.update(chunk)
					resolve(hash.digest('hex'))
				})
				req.on('error', reject)
				Readable.from(pieces()).pipe(req)
			})
		}
		server.listen(0, '127.0.0.1', async () => {
			const url = 'http://127.0.0.1:' + server.address().port
			const wanted = want()
			for (const [name, by] of Object.entries({ viaFetch, viaRequest })) console.log(name, await by(url) === wanted)
			console.log(held > 0 && held < 1024 * 1024 || held)
			exit()
		})`, patient)
	r.Script.Start()
	select {
	case <-r.Done():
	case <-time.After(time.Minute): // the race detector takes its time
	}
	got := r.Console.Text()
	if want := "viaFetch true\nviaRequest true\ntrue"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestASlowReaderHoldsTheServerUp leaves an answer unread and sees that the
// server can write only so much of it.
func TestASlowReaderHoldsTheServerUp(t *testing.T) {
	var mu sync.Mutex
	written, ended := 0, make(chan struct{})
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		defer close(ended)
		for chunk := make([]byte, 64<<10); ; {
			n, err := w.Write(chunk)
			mu.Lock()
			written += n
			mu.Unlock()
			if err != nil {
				return
			}
		}
	}))
	r := scripttest.Start(t, fmt.Sprintf(`
		const http = require('http')
		http.get(%q, (res) => res.once('readable', () => console.log('readable')))
		module.exports = { onMessage() {} }`, url))
	r.Prints("readable")
	r.Kill()
	_, _ = r.Ended()
	<-ended // the end of the script closes the connection
	if mu.Lock(); written > 64<<20 {
		t.Errorf("%d bytes were written to a script that does not read", written)
	}
	mu.Unlock()
}

// serve runs a server of Go for the time of the test.
func serve(t *testing.T, handler http.Handler) (url string) {
	t.Helper()
	l := listen(t)
	server := &http.Server{Handler: handler}
	var group sync.WaitGroup
	group.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() {
		_ = server.Close()
		group.Wait()
	})
	return "http://" + l.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// raw answers every request with a text and closes the connection.
func raw(t *testing.T, answer string) (url string) {
	t.Helper()
	l := listen(t)
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = conn.Write([]byte(answer))
			}
			_ = conn.Close()
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		group.Wait()
	})
	return "http://" + l.Addr().String()
}

// TestAnswersThatAreWrong has clients read what is no proper answer.
func TestAnswersThatAreWrong(t *testing.T) {
	cases := []struct{ answer, byRequest, byFetch string }{
		{"", "ECONNRESET", "UND_ERR_SOCKET"},
		{"garbage\r\n\r\n", "HPE_INVALID_CONSTANT", "HPE_INVALID_CONSTANT"},
		{"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HPE_INVALID_HEADER_TOKEN", "HPE_INVALID_HEADER_TOKEN"},
		{"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HPE_INVALID_CONTENT_LENGTH", "HPE_INVALID_CONTENT_LENGTH"},
		{"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 40_000) + "\r\n\r\n", "HPE_HEADER_OVERFLOW", "HPE_HEADER_OVERFLOW"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "ECONNRESET", "UND_ERR_SOCKET"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", "HPE_INVALID_CHUNK_SIZE", "HPE_INVALID_CHUNK_SIZE"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc", "ECONNRESET", "UND_ERR_SOCKET"},
		{"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "3", "Z_DATA_ERROR"},
	}
	for i, c := range cases {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			got := scripttest.Output(t, fmt.Sprintf(`
				const url = %q
				const byRequest = new Promise((resolve) => {
					require('http').get(url, (res) => {
						let n = 0
						res.on('data', (chunk) => { n += chunk.length }).on('end', () => resolve(n)).on('error', (error) => resolve(error.code))
					}).on('error', (error) => resolve(error.code))
				})
				const byFetch = fetch(url).then((answer) => answer.text()).catch((error) => error.cause?.code ?? error)
				Promise.all([byRequest, byFetch]).then((all) => { console.log(...all); exit() })`, raw(t, c.answer)))
			if want := c.byRequest + " " + c.byFetch; got != want {
				t.Errorf("%q: got %s, want %s", c.answer[:min(len(c.answer), 60)], got, want)
			}
		})
	}
}

// TestTheEndClosesConnections ends a script in the middle of everything.
func TestTheEndClosesConnections(t *testing.T) {
	r := scripttest.Start(t, `
		const http = require('http')
		const server = http.createServer((req, res) => {
			if (req.url === '/stream') res.write('a')
		})
		server.on('upgrade', (req, socket) => { socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n') })
		server.listen(0, '127.0.0.1', async () => {
			const { port } = server.address()
			const url = 'http://127.0.0.1:' + port
			fetch(url + '/hang').catch(() => {})
			http.get(url + '/hang').on('error', () => {})
			http.request(url, { method: 'POST' }).write('never ends')
			const reader = (await fetch(url + '/stream')).body.getReader()
			await reader.read()
			reader.read().catch(() => {})
			http.get(url, { headers: { Connection: 'Upgrade', Upgrade: 'x' } }).on('upgrade', () => console.log('ready'))
		})
		module.exports = { onMessage() {} }`)
	r.Prints("ready")
	r.Kill()
	if state, err := r.Ended(); state != script.StateStopped || err != nil {
		t.Errorf("%v: %v", state, err)
	}
}

// TestHTTPAsksForPermission has requests, redirects and servers refused.
func TestHTTPAsksForPermission(t *testing.T) {
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		port := r.Host[strings.LastIndex(r.Host, ":"):]
		http.Redirect(w, r, "http://localhost"+port+"/other", http.StatusFound)
	}))
	policy, err := permission.New(permission.Config{Net: []string{"127.0.0.1"}, Listen: []string{":1"}})
	if err != nil {
		t.Fatal(err)
	}
	got := scripttest.Output(t, fmt.Sprintf(`
		const http = require('http')
		const url = %q, other = url.replace('127.0.0.1', 'localhost')
		const said = (error) => console.log((error.cause ?? error).code)
		const get = (url, options) => new Promise((resolve, reject) => { http.get(url, options, (res) => { res.resume(); resolve(res.statusCode) }).on('error', reject) })
		async function main() {
			console.log(await get(url))
			await get(other).catch(said)
			await get('http://127.0.0.1/', { hostname: 'localhost' }).catch(said)
			await fetch(other).catch(said)
			await fetch(url).catch(said)
			await new Promise((resolve) => http.createServer().on('error', (error) => resolve(said(error))).listen(0))
			exit()
		}
		main()`, url), func(o *script.Options) { o.Permissions = policy })
	want := "302" + strings.Repeat("\nERR_ACCESS_DENIED", 5)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
