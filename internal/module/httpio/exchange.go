package httpio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// Define defines the functions of a client for a module.
//
//	open(settings, request, headers, tell)  a request; tell(what, …) hears of it
//	write(x, chunk, done)                   a part of its body, one at a time
//	finish(x, trailers)                     the end of its body
//	abort(x)                                breaks it off
//	read(x)                                 a promise of a part of the answer, null at the end
//	decode(x, codings)                      has read undo these codings
//	trailers(x)                             what came after the answer's body
//	upgraded(x)                             gives the socket its connection back after "upgrade"
//	forget(settings)                        closes connections that nobody uses
func (c *Client) Define(f *native.Functions) {
	defineReading(f)
	defineLending(c.env, f)
	f.Sync("open", c.newExchange)
	on := func(name string, do func(x *Exchange, a native.Args)) {
		f.Sync(name, func(a native.Args) (any, error) {
			if x, ok := a.Handle(0).(*Exchange); ok {
				do(x, a)
			}
			return goja.Undefined(), nil
		})
	}
	on("write", func(x *Exchange, a native.Args) {
		done := newListener(c.env, a.At(2))
		x.upload.put(a.Copy(1), func() { done.tell() })
	})
	on("finish", func(x *Exchange, a native.Args) {
		for i, list := 0, texts(a.At(1)); i+1 < len(list); i += 2 {
			x.trailer.Add(list[i], fromLatin1(list[i+1]))
		}
		x.upload.end()
	})
	on("abort", func(x *Exchange, _ native.Args) { _ = x.Close() })
	on("upgraded", func(x *Exchange, _ native.Args) { x.upgraded() })
	on("decode", func(x *Exchange, a native.Args) { x.body.decode(a.String(1)) })
	f.Sync("trailers", func(a native.Args) (any, error) {
		x, ok := a.Handle(0).(*Exchange)
		if !ok || x.answer == nil {
			return goja.Undefined(), nil
		}
		return listener{env: c.env}.value(flat(x.answer.Trailer)), nil
	})
	f.Sync("forget", func(a native.Args) (any, error) {
		c.forget(a.String(0))
		return goja.Undefined(), nil
	})
}

// exchangeKey finds the exchange that a connection is made for.
type exchangeKey struct{}

// Exchange is a request and its answer.
type Exchange struct {
	client  *Client
	listen  listener
	upload  *upload // of a request with a body
	trailer http.Header
	cancel  context.CancelFunc
	release func()
	once    sync.Once

	conn *lent // the one in use, when the script makes the connections

	// Set before "response" is told.
	answer *http.Response
	body   *download
}

func (x *Exchange) reading() *download { return x.body }

// errAborted ends an upload that the script broke off.
var errAborted = errors.New("the request was broken off")

// Close breaks the exchange off. From anywhere.
func (x *Exchange) Close() error {
	x.upload.fail(errAborted)
	x.cancel()
	x.ended()
	return nil
}

// ended takes the exchange off the books, once. From anywhere.
func (x *Exchange) ended() {
	x.once.Do(func() {
		x.release()
		x.client.env.Loop.Answer(&departure{x.client})
	})
}

// departure counts an exchange off, on the loop.
type departure struct{ client *Client }

// Run counts.
func (d *departure) Run() { d.client.open-- }

// Drop does nothing: the count is not asked for any more.
func (d *departure) Drop() {}

// newExchange begins a request: see Define.
func (c *Client) newExchange(a native.Args) (any, error) {
	if c.open >= maxExchanges {
		return nil, &native.Failure{
			Class: nodeerr.Error, Code: "EMFILE",
			Message: fmt.Sprintf("too many requests are under way: %d", maxExchanges),
		}
	}
	transport, err := c.transport(a.String(0))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	x := &Exchange{
		client: c, listen: newListener(c.env, a.At(3)), upload: newUpload(), cancel: cancel, trailer: http.Header{},
	}
	req, err := x.request(a.At(1).(*goja.Object), texts(a.At(2)))
	if err != nil {
		cancel()
		return nil, err
	}
	req = req.WithContext(httptrace.WithClientTrace(context.WithValue(ctx, exchangeKey{}, x), x.trace()))
	c.open++
	x.release = c.env.Resources.Hold(x)
	c.env.Resources.Go(func(context.Context) { x.run(transport, req) })
	return x, nil
}

// request makes the request of Go from a description: method, path, length (-1:
// unknown, 0: no body), secure and host, or name, by which requests share the
// connections that the script makes; and its headers, each a name followed by a
// value.
func (x *Exchange) request(from *goja.Object, headers []string) (*http.Request, error) {
	scheme := "http"
	if from.Get("secure").ToBoolean() {
		scheme = "https"
	}
	var host string
	if v := from.Get("host"); v != nil {
		host = v.String()
	}
	if name := from.Get("name"); name != nil {
		sum := sha256.Sum256([]byte(name.String())) // it may hold characters that no host has
		host = hex.EncodeToString(sum[:])
	}
	req := &http.Request{
		Method: from.Get("method").String(), ProtoMajor: 1, ProtoMinor: 1, Proto: "HTTP/1.1",
		URL: target(scheme, host, from.Get("path").String()), Header: http.Header{},
		ContentLength: from.Get("length").ToInteger(),
	}
	if req.ContentLength != 0 {
		req.Body = x.upload
	}
	setHeaders(req.Header, headers)
	takeHeaders(req)
	if names := req.Header.Values("Trailer"); len(names) > 0 && req.ContentLength < 0 {
		req.Trailer = x.trailer
		for _, list := range names {
			for name := range strings.SplitSeq(list, ",") {
				x.trailer[http.CanonicalHeaderKey(strings.TrimSpace(name))] = nil
			}
		}
		req.Header.Del("Trailer")
	}
	return req, nil
}

// known are the headers that net/http looks at or writes itself, which have to
// be in its form; others keep the letters that the script gave them.
var known = []string{
	"Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer", "Connection", "Upgrade", "Expect",
	"Content-Type", "Date", "Accept-Encoding", "Range", "Cookie",
}

// setHeaders adds names and values, in turn, to a header.
func setHeaders(header http.Header, list []string) {
	for i := 0; i+1 < len(list); i += 2 {
		name := list[i]
		if canonical := http.CanonicalHeaderKey(name); slices.Contains(known, canonical) {
			name = canonical
		}
		header[name] = append(header[name], fromLatin1(list[i+1]))
	}
}

// takeHeaders gives net/http what it does not take from the header itself.
func takeHeaders(req *http.Request) {
	h := req.Header
	req.Host = h.Get("Host")
	if _, set := h["User-Agent"]; !set {
		h["User-Agent"] = nil // none, rather than Go's own
	}
	if length, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil && req.Body != nil {
		req.ContentLength = length
	}
	for _, value := range h["Connection"] {
		req.Close = req.Close || strings.EqualFold(strings.TrimSpace(value), "close")
	}
	h.Del("Host")
	h.Del("Content-Length")
	h.Del("Transfer-Encoding")
}

// target is the URL of a request whose path is sent as it stands.
func target(scheme, host, path string) *url.URL {
	u := &url.URL{Scheme: scheme, Host: host}
	raw, query, asked := strings.Cut(path, "?")
	plain, err := url.PathUnescape(raw)
	if err != nil || !strings.HasPrefix(raw, "/") {
		u.Opaque = path
		return u
	}
	u.Path, u.RawPath, u.RawQuery, u.ForceQuery = plain, raw, query, asked && query == ""
	if u.EscapedPath() != raw {
		return &url.URL{Scheme: scheme, Host: host, Opaque: path}
	}
	return u
}

// maxInformation is how many 1xx answers to one request are told.
const maxInformation = 5

// trace tells what happens before the answer.
func (x *Exchange) trace() *httptrace.ClientTrace {
	told := 0
	return &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			if l := lentOf(info.Conn); l != nil {
				x.conn = l
				x.listen.tell("socket", l.id, info.Reused)
			}
		},
		Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
			if told++; told <= maxInformation {
				x.listen.tell("information", code, http.StatusText(code), flat(http.Header(header)))
			}
			return nil
		},
	}
}

// run sends the request and tells of its answer.
func (x *Exchange) run(transport *http.Transport, req *http.Request) {
	res, err := transport.RoundTrip(req)
	if err != nil {
		_ = x.Close()
		x.listen.tell("error", problemOf(err))
		return
	}
	x.answer = res
	x.body = newDownload(res.Body, x.ended)
	reason := strings.TrimPrefix(strings.TrimPrefix(res.Status, strconv.Itoa(res.StatusCode)), " ")
	what := "response"
	if res.StatusCode == http.StatusSwitchingProtocols {
		what = "upgrade"
	}
	x.listen.tell(what, res.StatusCode, latin1(reason), version(res.ProtoMajor, res.ProtoMinor), answerHeaders(res))
}

func version(major, minor int) string { return fmt.Sprintf("%d.%d", major, minor) }

// answerHeaders are the headers of an answer with those that net/http takes
// out of them.
func answerHeaders(res *http.Response) []string {
	list := flat(res.Header)
	if len(res.TransferEncoding) > 0 {
		list = append(list, "Transfer-Encoding", strings.Join(res.TransferEncoding, ", "))
	}
	return list
}

// flat lists names and values in turn, by name.
func flat(header http.Header) []string {
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	list := make([]string, 0, 2*len(names))
	for _, name := range names {
		for _, value := range header[name] {
			list = append(list, name, latin1(value))
		}
	}
	return list
}

// upgraded gives a socket its connection back after an answer of 101. On the
// loop.
func (x *Exchange) upgraded() {
	both, ok := x.answer.Body.(io.ReadWriteCloser)
	if ok && x.conn != nil {
		x.conn.giveBack(both)
	}
	x.ended()
}
