package dns

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// question is a query of records as a script asks it.
type question struct {
	call    string // what errors name, such as "queryA"
	shown   string // the name or address that errors name
	name    dnsmessage.Name
	kind    dnsmessage.Type
	servers []netip.AddrPort
	timeout time.Duration // of one try
	tries   int           // of each server
}

var kinds = map[string]dnsmessage.Type{
	"A": dnsmessage.TypeA, "AAAA": dnsmessage.TypeAAAA, "CNAME": dnsmessage.TypeCNAME, "MX": dnsmessage.TypeMX,
	"NS": dnsmessage.TypeNS, "PTR": dnsmessage.TypePTR, "SOA": dnsmessage.TypeSOA, "SRV": dnsmessage.TypeSRV,
	"TXT": dnsmessage.TypeTXT,
}

// query reads its arguments: kind; name, or address for the names of one; what
// errors call it; the servers, with blanks between them, "" for the system's;
// milliseconds for a try; tries.
func query(env *native.Env, a native.Args) native.Work {
	q := &question{
		kind: kinds[a.String(0)], shown: a.String(1), call: a.String(2),
		timeout: time.Duration(a.Int(4)) * time.Millisecond, tries: a.Int(5),
	}
	err := q.prepare(env, a.String(3))
	return func(ctx context.Context) (any, error) {
		if err != nil {
			return nil, err
		}
		return q.ask(ctx)
	}
}

// prepare checks the name, the servers and whether the script may ask them.
func (q *question) prepare(env *native.Env, servers string) error {
	if err := env.Permissions.Connect(q.shown, 0); err != nil {
		return err
	}
	wanted := strings.TrimSuffix(q.shown, ".") + "."
	if address, err := netip.ParseAddr(q.shown); err == nil && q.kind == dnsmessage.TypePTR {
		wanted = reverseName(address)
	}
	var err error
	if q.name, err = dnsmessage.NewName(wanted); err != nil {
		return q.failure("EBADNAME", err)
	}
	if _, _, err := q.pack(); err != nil { // a part of the name is too long
		return q.failure("EBADNAME", err)
	}
	list := strings.Fields(servers)
	own := len(list) > 0
	if !own {
		list = systemServers()
	}
	for _, text := range list {
		server, ok := parseServer(text)
		if !ok {
			continue
		}
		if own { // the system's own are part of looking up a name
			if err := env.Permissions.Connect(server.Addr().String(), int(server.Port())); err != nil {
				return err
			}
		}
		q.servers = append(q.servers, server)
	}
	return nil
}

// reverseName is the name under which the names of an address are.
func reverseName(address netip.Addr) string {
	bytes := address.Unmap().AsSlice()
	var b strings.Builder
	const digits = "0123456789abcdef"
	for i := len(bytes) - 1; i >= 0; i-- {
		if len(bytes) == net.IPv4len {
			b.WriteString(itoa(bytes[i]) + ".")
			continue
		}
		b.Write([]byte{digits[bytes[i]&15], '.', digits[bytes[i]>>4], '.'})
	}
	if len(bytes) == net.IPv4len {
		return b.String() + "in-addr.arpa."
	}
	return b.String() + "ip6.arpa."
}

// ask tries the servers in turn until one answers.
func (q *question) ask(ctx context.Context) (any, error) {
	last := q.failure("ECONNREFUSED", errors.New("there is no server"))
	for range max(q.tries, 1) {
		for _, server := range q.servers {
			answer, err := q.askOne(ctx, server)
			if ctx.Err() != nil {
				return nil, q.failure("ECANCELLED", ctx.Err())
			}
			if err != nil {
				last = q.unanswered(err)
				continue
			}
			if answer.RCode == dnsmessage.RCodeSuccess || answer.RCode == dnsmessage.RCodeNameError {
				return q.records(answer)
			}
			last = q.refused(answer.RCode)
		}
	}
	return nil, last
}

// unanswered is the failure when no answer came.
func (q *question) unanswered(err error) error {
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return q.failure("ETIMEOUT", err)
	case errors.Is(err, errMalformed):
		return q.failure("EBADRESP", err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return q.failure("ECONNREFUSED", err)
	}
	return q.failure("ECONNREFUSED", err)
}

func (q *question) refused(code dnsmessage.RCode) error {
	name := map[dnsmessage.RCode]string{
		dnsmessage.RCodeFormatError: "EFORMERR", dnsmessage.RCodeServerFailure: "ESERVFAIL",
		dnsmessage.RCodeNotImplemented: "ENOTIMP", dnsmessage.RCodeRefused: "EREFUSED",
	}[code]
	if name == "" {
		name = "ESERVFAIL"
	}
	return q.failure(name, errors.New(code.String()))
}

func (q *question) failure(code string, cause error) error {
	return &nodeerr.System{Call: q.call, Code: code, Host: q.shown, Cause: cause}
}

var errMalformed = errors.New("the answer is malformed")

// askOne asks one server over UDP, and over TCP when the answer is too long
// for that.
func (q *question) askOne(ctx context.Context, server netip.AddrPort) (*dnsmessage.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	id, packed, err := q.pack()
	if err != nil {
		return nil, err
	}
	for _, network := range []string{"udp", "tcp"} {
		answer, err := q.exchange(ctx, network, server, id, packed)
		if err != nil || !answer.Truncated {
			return answer, err
		}
	}
	return nil, errMalformed
}

func (q *question) pack() (id uint16, packed []byte, err error) {
	var random [2]byte
	_, _ = rand.Read(random[:]) // it never fails
	id = binary.BigEndian.Uint16(random[:])
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: id, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: q.name, Type: q.kind, Class: dnsmessage.ClassINET}},
	}
	packed, err = m.Pack()
	return id, packed, err
}

func (q *question) exchange(ctx context.Context, network string, server netip.AddrPort, id uint16, packed []byte) (*dnsmessage.Message, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, server.String())
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	defer func() { _ = conn.Close() }()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline) // a connection that was just made takes it
	}
	if network == "tcp" {
		packed = append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...)
	}
	if _, err := conn.Write(packed); err != nil {
		return nil, err
	}
	buffer := make([]byte, 1<<16)
	for {
		n, err := receive(conn, network, buffer)
		if err != nil {
			return nil, err
		}
		answer := new(dnsmessage.Message)
		if answer.Unpack(buffer[:n]) == nil && answer.ID == id && answer.Response && q.asked(answer) {
			return answer, nil
		}
		if network == "tcp" {
			return nil, errMalformed
		}
	}
}

// asked tells whether a message is about this question. Others that come over
// UDP are not from whom was asked.
func (q *question) asked(m *dnsmessage.Message) bool {
	return len(m.Questions) == 1 && m.Questions[0].Type == q.kind &&
		strings.EqualFold(m.Questions[0].Name.String(), q.name.String())
}

func receive(conn net.Conn, network string, buffer []byte) (int, error) {
	if network == "udp" {
		return conn.Read(buffer)
	}
	if _, err := io.ReadFull(conn, buffer[:2]); err != nil {
		return 0, err
	}
	return io.ReadFull(conn, buffer[:binary.BigEndian.Uint16(buffer)])
}
