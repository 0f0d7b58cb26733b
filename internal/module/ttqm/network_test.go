package ttqm_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestTCP lets a server and two clients talk in one script, and bridges what
// comes to MQTT.
func TestTCP(t *testing.T) {
	r := scripttest.Start(t, `
		const { TcpServer, TcpClient, ByteUtil, UserScriptHelper } = require('@ttqm/ttqm-support')
		const log = (...words) => console.log(...words)
		const server = new TcpServer(0, {
			onListening: () => log('server listens'),
			onConnection: (info) => { info.name = 'peer' + info.id; log('server: connection', info.id, typeof info.socket.remotePort) },
			onSocketData: (info, data) => {
				log('server:', info.name, Array.isArray(data), ByteUtil.byteArrayToString(data))
				UserScriptHelper.publish('tcp/' + info.name, data)
				server.send('to ' + info.name, info.id)
			},
			onSocketClose: (info, hadError) => log('server: closed', info.name, hadError),
			onSocketError: (info, e) => log('server: error', e.code),
			onClose: () => log('server closed'),
		})
		const got = {}
		const client = (name) => new TcpClient('127.0.0.1', server.port, {
			onConnect: () => log(name, 'connected'), onReady: () => log(name, 'ready'), onData: (data) => got[name]?.(ByteUtil.byteArrayToString(data)),
			onEnd: () => log(name, 'end'), onClose: (hadError) => log(name, 'closed', hadError), onError: (e) => log(name, 'error', e.code),
		})
		const next = (name) => new Promise((resolve) => { got[name] = resolve })
		;(async () => {
			await server.start()
			const a = client('a'), b = client('b')
			await a.send('early').catch((e) => log(e.code))
			await a.connect()
			let answer = next('a'); await a.send('hello'); log(await answer)
			answer = next('a'); await a.send([1, 2]); log(await answer)
			await b.connect()
			const both = [next('a'), next('b')]
			await new Promise((done) => setTimeout(function look() { server.socketInfoMap.size === 2 ? done() : setTimeout(look, 1) }, 1))
			await server.send(new Uint8Array([33])); log(await Promise.all(both))
			answer = next('b'); await server.send('only b', 'peer2'); log(await answer)
			await server.send('x', 'nobody').catch((e) => log(e.code, e.message))
			await a.disconnect(); await a.disconnect()
			await server.stop(); await server.stop()
			await b.send('late').catch((e) => log(e.code)) // b has heard of the end, or will
			const c = client('c')
			c.listener.onClose = (hadError) => { log('c closed', hadError); exit() }
			await c.connect().catch((e) => log(e.code))
		})()`)
	_, _ = r.Ended()
	got := r.Console.Text()
	for _, want := range []string{
		"server listens", "ERR_SOCKET_CLOSED", "a connected", "a ready", "server: connection 1 number", "server: peer1 true hello", "to peer1",
		"[ '!', '!' ]", "only b", "ERR_INVALID_ARG_VALUE There is no socket with the id or name 'nobody'", "a closed false",
		"server: closed peer1 false", "server closed", "c error ECONNREFUSED", "c closed true",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the console lacks %q", want)
		}
	}
	if sent := r.Host.Published(); len(sent) != 2 || sent[0].Packet.Topic != "tcp/peer1" || string(sent[0].Packet.Payload) != "hello" {
		t.Errorf("published %v", sent)
	}
	if t.Failed() {
		t.Log(got)
	}
}

// patience is how long a peer waits for what must come.
const patience = 30 * time.Second

const echoServer = `
	const { WsServer } = require('@ttqm/ttqm-support')
	const server = new WsServer(0, {
		onListening: () => console.log('port', server.port),
		onConnection: (info) => console.log('connection', info.id),
		onSocketMessage: (info, data) => server.send(data, info.id),
		onSocketClose: (info, code, reason) => console.log('closed', info.id, code, reason),
		onSocketError: (info, e) => console.log('error', e.code),
		onError: (e) => console.log(e.code), onClose: () => console.log('server closed'),
	})
	server.start()
	module.exports = { onWillExit: () => server.stop() }`

// portOf waits for the port that a script prints.
func portOf(t *testing.T, r *scripttest.Run) string {
	t.Helper()
	line := regexp.MustCompile(`port (\d+)`)
	r.Until("port", func() bool { return line.MatchString(r.Console.Text()) })
	return line.FindStringSubmatch(r.Console.Text())[1]
}

func until(r *scripttest.Run, text string) {
	r.Until(text, func() bool { return strings.Contains(r.Console.Text(), text) })
}

// TestWebSocketServer talks to a script's server: small and large messages,
// many at once, a peer that is cut off, one that is none, and the end.
func TestWebSocketServer(t *testing.T) {
	r := scripttest.Start(t, echoServer)
	port := portOf(t, r)
	dial := func() *websocket.Conn {
		conn, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://127.0.0.1:"+port, http.Header{"Origin": {"http://elsewhere.example"}})
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	conn := dial()
	for _, size := range []int{0, 1, 125, 126, 70_000, 400_000} {
		data := bytes.Repeat([]byte{byte(size), 200}, size/2)
		if err := conn.WriteMessage(websocket.BinaryMessage, data); err != nil {
			t.Fatal(err)
		}
		kind, back, err := conn.ReadMessage()
		if err != nil || kind != websocket.BinaryMessage || sha256.Sum256(back) != sha256.Sum256(data) {
			t.Fatalf("%d bytes: %d came back as kind %d, %v", size, len(back), kind, err)
		}
	}
	go func() { // its errors are the reader's
		for i := range 2000 {
			_ = conn.WriteMessage(websocket.TextMessage, fmt.Append(nil, i))
		}
	}()
	for i := range 2000 {
		if _, back, err := conn.ReadMessage(); err != nil || string(back) != fmt.Sprint(i) {
			t.Fatalf("number %d: %q %v", i, back, err)
		}
	}
	cut := dial()
	until(r, "connection 2")
	_ = cut.NetConn().Close()
	until(r, "closed 2 1006")
	answer, err := http.Get("http://127.0.0.1:" + port)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("plain HTTP: %d %s", answer.StatusCode, text)
	}
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4001, "bye"), time.Now().Add(time.Second))
	until(r, "closed 1 4001 bye")
	last := dial()
	until(r, "connection 3")
	r.Stop()
	_, _, err = last.ReadMessage()
	if !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("at the end: %v", err)
	}
	_, _ = r.Ended()
	if !strings.HasSuffix(r.Console.Text(), "server closed") {
		t.Error(r.Console.Text())
	}
	_ = last.Close()
	http.DefaultClient.CloseIdleConnections()
}

// TestWebSocketClient connects a script to a script.
func TestWebSocketClient(t *testing.T) {
	server := scripttest.Start(t, echoServer)
	port := portOf(t, server)
	prints(t, `
		const { WsClient, ByteUtil } = require('@ttqm/ttqm-support')
		let heard = []
		const client = (url) => new WsClient(url, {
			onOpen: () => console.log('open'), onMessage: (data) => heard.push(data), onClose: (code, reason) => console.log('close', code, reason),
			onError: (e) => console.log('error', e.code ?? e.message),
		})
		const all = (n) => new Promise((done) => (function look() { heard.length === n ? done() : setTimeout(look, 1) })())
		;(async () => {
			const c = client('ws:127.0.0.1:`+port+`') // without slashes, as people write it
			await c.send('early').catch((e) => console.log(e.code))
			await c.connect()
			for (let i = 0; i < 100; i++) c.send('message ' + i)
			await all(100)
			console.log(heard.every((data, i) => Array.isArray(data) && ByteUtil.byteArrayToString(data) === 'message ' + i))
			heard = []; await c.send([0, 255]); await c.send(Buffer.from('x')); await all(2); console.log(heard)
			await c.disconnect(); await c.disconnect()
			await client('ws://127.0.0.1:1').connect().catch((e) => console.log(e.message))
			await client('http://127.0.0.1:1').connect().catch((e) => console.log(e.code))
			exit()
		})()`, `ERR_SOCKET_CLOSED
open
true
[ [ 0, 255 ], [ 120 ] ]
close 1000`+" "+`
error ECONNREFUSED
close 1006`+" "+`
connect ECONNREFUSED 127.0.0.1:1
ERR_INVALID_URL`)
	server.Stop()
	_, _ = server.Ended()
}

// TestNetworkIsDenied runs servers and clients under a policy that allows none.
func TestNetworkIsDenied(t *testing.T) {
	strict, err := permission.New(permission.Config{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	prints(t, `
		const { WsClient, WsServer, TcpClient, TcpServer } = require('@ttqm/ttqm-support')
		module.exports = { onMessage() {} } // or a warning may say that nothing is waited for
		;(async () => {
			for (const f of [() => new WsClient('ws://127.0.0.1:80').connect(), () => new WsServer(0).start(), () => new TcpClient('127.0.0.1', 80).connect(), () => new TcpServer(0).start()]) await f().catch((e) => console.log(e.code))
			exit()
		})()`, "ERR_ACCESS_DENIED\nERR_ACCESS_DENIED\nERR_ACCESS_DENIED\nERR_ACCESS_DENIED", func(o *script.Options) { o.Permissions = strict })
}

// TestLeftOpen ends scripts that leave everything open, and peers that say
// nothing.
func TestLeftOpen(t *testing.T) {
	r := scripttest.Start(t, echoServer)
	port := portOf(t, r)
	silent, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	open, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://127.0.0.1:"+port, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	until(r, "connection 1")
	r.Kill()
	_, _ = r.Ended()
	if _, _, err := open.ReadMessage(); err == nil {
		t.Error("the connection is still open")
	}
	if n, err := silent.Read(make([]byte, 1)); err == nil {
		t.Errorf("the silent one got %d bytes", n)
	}
	_, _ = open.Close(), silent.Close()
}
