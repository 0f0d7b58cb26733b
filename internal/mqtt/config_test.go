package mqtt

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

func TestURLs(t *testing.T) {
	for in, want := range map[string]string{
		"mqtt://h":              "mqtt://h:1883",
		"tcp://h:1":             "tcp://h:1",
		"mqtts://h":             "mqtts://h:8883",
		"ssl://h":               "ssl://h:8883",
		"tls://h":               "tls://h:8883",
		"ws://h":                "ws://h:80/",
		"wss://h/mqtt?x=1":      "wss://h:443/mqtt?x=1",
		"unix:///run/mq.sock":   "unix:///run/mq.sock",
		"mqtt://[::1]":          "mqtt://[::1]:1883",
		"mqtt://u:s%40cret@h":   "mqtt://h:1883",
		"unix://u:secret@/sock": "unix:///sock",
	} {
		e, err := parseURL(in)
		if err != nil || e.String() != want {
			t.Errorf("%s: %v, %v", in, e, err)
		}
	}
}

func TestErrorsAndDescriptionsHideSecrets(t *testing.T) {
	for _, url := range []string{
		"mqtt://user:secret@h:port", "mqtt://user:secret/x@h", "http://user:secret@h", "mqtt://user:secret%zz@h",
		"mqtt://user:secret@", "user:secret@h", "unix://user:secret@x", "mqtt:user:secret@h", "://user:secret@h", "mqtt://us er:secret@h",
	} {
		_, err := New(Config{URL: url, Handler: new(journal)})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
	cfg := Config{URL: "mqtt://user:secret@127.0.0.1:1", Username: "u", Password: []byte("secret"), Handler: new(journal)}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	endNow(c)
	shown := fmt.Sprintf("%v %+v %#v %s %v %+v", cfg, cfg, cfg, c.URL(), c.Info(), &cfg)
	if strings.Contains(shown, "secret") || strings.Contains(shown, "115 101 99 114") {
		t.Errorf("shown: %s", shown)
	}
}

func TestCredentials(t *testing.T) {
	for _, tt := range []struct {
		url, user, password string
		v                   packet.Version
		want                string
	}{
		{"mqtt://h", "", "", packet.V5, "false/ false/"},
		{"mqtt://u:p%40@h", "", "", packet.V5, "true/u true/p@"},
		{"mqtt://u@h", "", "", packet.V311, "true/u false/"},
		{"mqtt://u:p@h", "v", "", packet.V5, "true/v false/"},
		{"mqtt://h", "", "p", packet.V5, "false/ true/p"},
		{"mqtt://h", "", "p", packet.V311, "true/ true/p"}, // [MQTT-3.1.2-22]
	} {
		cfg := Config{URL: tt.url, Username: tt.user, Version: tt.v, Handler: new(journal)}
		if tt.password != "" {
			cfg.Password = []byte(tt.password)
		}
		if _, err := cfg.prepare(); err != nil {
			t.Fatal(err)
		}
		p := cfg.connect("x", true)
		if got := fmt.Sprintf("%v/%s %v/%s", p.HasUsername, p.Username, p.HasPassword, p.Password); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

func TestConfigurationsThatCannotWork(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"no handler": func(c *Config) { c.Handler = nil },
		"version 6":  func(c *Config) { c.Version = 6 },
		"keepalive":  func(c *Config) { c.KeepAlive = 20 * time.Hour },
		"back-off":   func(c *Config) { c.ReconnectPeriod, c.ReconnectMax = time.Minute, time.Second },
		"window":     func(c *Config) { c.MaxInflight = 65_535 },
		"queue":      func(c *Config) { c.QueueLimit = -1 },
		"will topic": func(c *Config) { c.Will = &packet.Will{Topic: "a/#"} },
		"will QoS":   func(c *Config) { c.Will = &packet.Will{Topic: "a", QoS: 3} },
		"will property": func(c *Config) {
			c.Will = &packet.Will{Topic: "a", Properties: noProps.AppendInt(packet.PropTopicAlias, 1)}
		},
		"property twice": func(c *Config) { c.ConnectProperties = noProps.AppendInt(packet.PropReceiveMaximum, 1) },
		"authenticator":  func(c *Config) { c.Version, c.Authenticator = packet.V311, new(counting) },
	} {
		cfg := Config{URL: "mqtt://h", Handler: new(journal)}
		change(&cfg)
		if _, err := New(cfg); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestDefaultClientIdentifier(t *testing.T) {
	c, _ := offline(t, Config{})
	d, _ := offline(t, Config{})
	if id := c.Info().ClientID; !strings.HasPrefix(id, "mqscript_") || len(id) != 17 || id == d.Info().ClientID {
		t.Errorf("client identifiers %q and %q", id, d.Info().ClientID)
	}
}

func TestConnectCarriesTheConfiguration(t *testing.T) {
	expiry := uint32(60)
	peer := mqtttest.NewPeer(t, packet.V5)
	will := &packet.Will{Topic: "w", Payload: []byte("gone"), QoS: 1, Retain: true, Properties: noProps.AppendInt(packet.PropWillDelayInterval, 5)}
	c := newClient(t, new(journal), Config{
		URL: peer.URL, ClientID: "me", KeepAlive: 30 * time.Second, SessionExpiry: &expiry, ReceiveMaximum: 10,
		MaximumPacketSize: 1000, TopicAliasMaximum: 4, Will: will, ConnectProperties: noProps.AppendUser("k", "v"),
	})
	c.Start()
	_, p := peer.AcceptClient(nil)
	want := noProps.AppendInt(packet.PropSessionExpiryInterval, 60).AppendInt(packet.PropReceiveMaximum, 10).
		AppendInt(packet.PropMaximumPacketSize, 1000).AppendInt(packet.PropTopicAliasMaximum, 4).AppendUser("k", "v")
	if p.ClientID != "me" || p.KeepAlive != 30 || p.CleanStart || string(p.Properties) != string(want) {
		t.Errorf("CONNECT %+v", p)
	}
	if w := p.Will; w == nil || w.Topic != "w" || string(w.Payload) != "gone" || w.QoS != 1 || !w.Retain || string(w.Properties) != string(will.Properties) {
		t.Errorf("will %+v", p.Will)
	}
}

func TestNetworkErrorsHaveNodesForm(t *testing.T) {
	errno := func(call string, e syscall.Errno) error {
		return &net.OpError{Op: call, Err: os.NewSyscallError(call, e)}
	}
	for _, tt := range []struct {
		call string
		err  error
		want string
	}{
		{"connect", errno("dial", syscall.ECONNREFUSED), "connect ECONNREFUSED h:1 ECONNREFUSED"},
		{"connect", errno("dial", syscall.EHOSTUNREACH), "connect EHOSTUNREACH h:1 EHOSTUNREACH"},
		{"connect", errno("dial", syscall.ETIMEDOUT), "connect ETIMEDOUT h:1 ETIMEDOUT"},
		{"connect", &net.DNSError{Name: "h", IsNotFound: true}, "getaddrinfo ENOTFOUND h ENOTFOUND"},
		{"connect", &net.DNSError{Name: "h", IsTemporary: true}, "getaddrinfo EAI_AGAIN h EAI_AGAIN"},
		{"connect", io.EOF, "socket hang up ECONNRESET"},
		{"connect", fmt.Errorf("dialing: %w", syscall.ENOENT), "connect ENOENT h:1 ENOENT"},
		{"read", errno("read", syscall.ECONNRESET), "read ECONNRESET ECONNRESET"},
		{"write", errno("write", syscall.EPIPE), "write EPIPE EPIPE"},
		{"write", errors.New("odd"), "write: odd "},
	} {
		addr := ""
		if tt.call == "connect" {
			addr = "h:1"
		}
		e := networkError(tt.call, addr, tt.err)
		if got := e.Message + " " + e.Code; got != tt.want || !errors.Is(e, tt.err) {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}

// failure is the first error of a client that cannot connect.
func failure(t *testing.T, cfg Config) *Error {
	t.Helper()
	j := new(journal)
	cfg.ReconnectPeriod, cfg.ReconnectMax = time.Hour, time.Hour
	c := newClient(t, j, cfg)
	c.Start()
	j.await(t, "close", 1)
	defer endNow(c)
	j.mu.Lock()
	defer j.mu.Unlock()
	var e *Error
	if len(j.errs) != 1 || !errors.As(j.errs[0], &e) {
		t.Fatalf("errors: %v", j.errs)
	}
	return e
}

func TestConnectErrors(t *testing.T) {
	certs := mqtttest.NewCertificates(t)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certs.Server}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.(*tls.Conn).Handshake() // the client ends it
			_ = conn.Close()
		}
	}()
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	secure := "mqtts://" + listener.Addr().String()
	for _, tt := range []struct {
		cfg        Config
		code, text string
	}{
		{Config{URL: secure}, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"},
		{
			Config{URL: secure, TLS: &tls.Config{RootCAs: certs.CA, ServerName: "elsewhere"}},
			"ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames",
		},
		{
			Config{URL: secure, TLS: &tls.Config{RootCAs: certs.CA, Time: func() time.Time { return time.Now().Add(24 * time.Hour) }}},
			"CERT_HAS_EXPIRED", "certificate has expired",
		},
		{Config{URL: "ws" + strings.TrimPrefix(web.URL, "http")}, "", "Unexpected server response: 404"},
		{Config{URL: strings.Replace(web.URL, "http", "mqtts", 1)}, "ERR_SSL_WRONG_VERSION_NUMBER", "the server does not speak TLS on this port"},
		{Config{URL: "unix://" + filepath.Join(t.TempDir(), "none")}, "ENOENT", "connect ENOENT "},
	} {
		if e := failure(t, tt.cfg); e.Code != tt.code || !strings.HasPrefix(e.Message, tt.text) {
			t.Errorf("%s: %s %q, want %s %q", tt.cfg.URL, e.Code, e.Message, tt.code, tt.text)
		}
	}
}

// webSocketServer hands every connection over as one of a scripted server.
func webSocketServer(t *testing.T, secure bool) (url string, conns <-chan *websocket.Conn, headers <-chan http.Header, roots *tls.Config) {
	t.Helper()
	ch, hs := make(chan *websocket.Conn, 1), make(chan http.Header, 1)
	up := websocket.Upgrader{Subprotocols: []string{"mqtt", "mqttv3.1"}}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		hs <- r.Header
		ch <- conn
	}))
	if secure {
		srv.StartTLS()
		roots = srv.Client().Transport.(*http.Transport).TLSClientConfig
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	return "ws" + strings.TrimPrefix(srv.URL, "http"), ch, hs, roots
}

func TestWebSocket(t *testing.T) {
	for _, v := range versions {
		url, conns, headers, roots := webSocketServer(t, v == packet.V5)
		j := new(journal)
		c := newClient(t, j, Config{URL: url, Version: v, TLS: roots, Header: http.Header{"X-Token": {"abc"}}, ReconnectPeriod: time.Hour, ReconnectMax: time.Hour})
		c.Start()
		conn := <-conns
		want := map[packet.Version]string{packet.V31: "mqttv3.1"}[v]
		if want == "" {
			want = "mqtt"
		}
		if h := <-headers; h.Get("X-Token") != "abc" || conn.Subprotocol() != want {
			t.Errorf("MQTT %v: subprotocol %q, header %v", v, conn.Subprotocol(), h)
		}
		if kind, _, err := conn.ReadMessage(); err != nil || kind != websocket.BinaryMessage {
			t.Fatalf("MQTT %v: message of kind %d, %v", v, kind, err)
		}
		stream, err := new(packet.Connack).Append(nil, v)
		if err == nil {
			stream, err = (&packet.Publish{Topic: "t", Payload: []byte("cut")}).Append(stream, v)
		}
		if err != nil {
			t.Fatal(err)
		}
		// The borders of WebSocket messages mean nothing [MQTT-6.0.0-2].
		for _, b := range [][]byte{stream[:1], {}, stream[1:5], stream[5:]} {
			if err := conn.WriteMessage(websocket.BinaryMessage, b); err != nil {
				t.Fatal(err)
			}
		}
		j.await(t, "message(t cut", 1)
		if err := conn.WriteMessage(websocket.TextMessage, []byte("x")); err != nil { // [MQTT-6.0.0-1]
			t.Fatal(err)
		}
		j.await(t, "error(Error: read: the server sent a WebSocket message that is not binary", 1)
		j.await(t, "close", 1)
		_ = conn.Close()
	}
}

func TestWebSocketGoodbye(t *testing.T) {
	url, conns, _, _ := webSocketServer(t, false)
	j := new(journal)
	c := newClient(t, j, Config{URL: url, Version: packet.V311})
	c.Start()
	conn := <-conns
	if err := conn.WriteMessage(websocket.BinaryMessage, []byte{0x20, 2, 0, 0}); err != nil {
		t.Fatal(err)
	}
	j.await(t, "connect(", 1)
	ended := make(chan error, 1)
	go func() { ended <- c.End(within(t), false) }()
	var last []byte
	for {
		_, b, err := conn.ReadMessage()
		if err != nil {
			if !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
				t.Errorf("the connection ended with %v", err)
			}
			break
		}
		last = b
	}
	if string(last) != "\xE0\x00" {
		t.Errorf("the last message is %x, want DISCONNECT", last)
	}
	_ = conn.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestServerThatNeverAnswersTheWebSocketHandshake(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	j := new(journal)
	c := newClient(t, j, Config{URL: "ws://" + peer.Addr})
	c.Start()
	peer.Accept()
	if err := c.End(within(t), false); err != nil {
		t.Fatal(err)
	}
}
