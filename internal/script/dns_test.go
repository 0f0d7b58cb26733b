package script_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// nameServer answers on UDP and TCP, on one port of loopback, and returns its
// address.
func nameServer(t *testing.T) string {
	t.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp", tcp.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{}, 2)
	t.Cleanup(func() {
		_, _ = tcp.Close(), udp.Close()
		<-done
		<-done
	})
	go func() {
		defer func() { done <- struct{}{} }()
		buffer := make([]byte, 1<<16)
		for {
			n, from, err := udp.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer := answerTo(buffer[:n], false); answer != nil {
				stray := append([]byte{answer[0] + 1}, answer[1:]...) // of another question
				_, _ = udp.WriteTo(stray, from)
				_, _ = udp.WriteTo(answer, from)
			}
		}
	}()
	go func() {
		defer func() { done <- struct{}{} }()
		for {
			c, err := tcp.Accept()
			if err != nil {
				return
			}
			var length [2]byte
			_, _ = io.ReadFull(c, length[:])
			question := make([]byte, binary.BigEndian.Uint16(length[:]))
			_, _ = io.ReadFull(c, question)
			answer := answerTo(question, true)
			_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
			_ = c.Close()
		}
	}()
	return tcp.Addr().String()
}

// answerTo is what the server knows. Names say how it answers.
func answerTo(packed []byte, overTCP bool) []byte {
	var m dnsmessage.Message
	if m.Unpack(packed) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable = true, true
	first, _, _ := strings.Cut(q.Name.String(), ".")
	switch first {
	case "silent":
		return nil
	case "nobody":
		m.RCode = dnsmessage.RCodeNameError
	case "broken":
		m.RCode = dnsmessage.RCodeServerFailure
	case "refused":
		m.RCode = dnsmessage.RCodeRefused
	case "empty":
	case "long":
		m.Truncated = !overTCP
		if overTCP {
			m.Answers = records(q)
		}
	default:
		m.Answers = records(q)
	}
	answer, _ := m.Pack()
	return answer
}

func records(q dnsmessage.Question) []dnsmessage.Resource {
	name := dnsmessage.MustNewName
	var bodies []dnsmessage.ResourceBody
	switch q.Type {
	case dnsmessage.TypeA:
		bodies = append(bodies, &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}}, &dnsmessage.AResource{A: [4]byte{192, 0, 2, 2}})
	case dnsmessage.TypeAAAA:
		bodies = append(bodies, &dnsmessage.AAAAResource{AAAA: [16]byte{0x20, 1, 0xd, 0xb8, 15: 1}})
	case dnsmessage.TypeMX:
		bodies = append(bodies, &dnsmessage.MXResource{Pref: 10, MX: name("mail.test.")})
	case dnsmessage.TypeTXT:
		bodies = append(bodies, &dnsmessage.TXTResource{TXT: []string{"one", "two"}})
	case dnsmessage.TypeSRV:
		bodies = append(bodies, &dnsmessage.SRVResource{Priority: 1, Weight: 2, Port: 1883, Target: name("broker.test.")})
	case dnsmessage.TypeNS:
		bodies = append(bodies, &dnsmessage.NSResource{NS: name("ns.test.")})
	case dnsmessage.TypeCNAME:
		bodies = append(bodies, &dnsmessage.CNAMEResource{CNAME: name("other.test.")})
	case dnsmessage.TypePTR:
		bodies = append(bodies, &dnsmessage.PTRResource{PTR: q.Name})
	case dnsmessage.TypeSOA:
		bodies = append(bodies, &dnsmessage.SOAResource{NS: name("ns.test."), MBox: name("root.test."), Serial: 1, Refresh: 2, Retry: 3, Expire: 4, MinTTL: 5})
	}
	var all []dnsmessage.Resource
	for _, body := range bodies {
		all = append(all, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60}, Body: body})
	}
	return all
}

// TestRecords asks a server of the test for every kind of record, and for what
// it answers with an error, or not at all.
func TestRecords(t *testing.T) {
	got := scripttest.Output(t, fmt.Sprintf(`
		const dns = require('dns'), { promises } = dns
		dns.setServers([%q])
		const resolver = new promises.Resolver({ timeout: 30, tries: 2 })
		resolver.setServers(dns.getServers())
		const shown = (e) => [e.code, e.message, e.syscall, e.hostname, e.errno].join('|')
		const ask = async (name, ...args) => console.log(name, await resolver[name](...args).then(JSON.stringify, shown))
		async function main() {
			for (const name of ['resolve4', 'resolve6', 'resolveMx', 'resolveTxt', 'resolveSrv', 'resolveNs', 'resolveCname', 'resolvePtr', 'resolveSoa', 'resolve']) await ask(name, 'a.test')
			await ask('resolve', 'a.test', 'MX')
			await ask('resolve4', 'a.test', { ttl: true })
			await ask('resolve4', 'long.test')
			await ask('reverse', '192.0.2.1')
			await ask('reverse', '2001:db8::1')
			for (const name of ['nobody', 'broken', 'refused', 'empty', 'silent']) await ask('resolve4', name + '.test')
			await ask('resolve4', 'x'.repeat(64) + '.test')
			await ask('resolveTxt', 'x'.repeat(300))
			const pending = resolver.resolve4('silent.test').catch(shown)
			resolver.cancel()
			console.log(await pending)
			dns.resolveMx('a.test', (e, list) => { console.log(e, list); exit() })
		}
		main().catch((e) => { console.log(e); exit() })
		module.exports = { onMessage() {} }`, nameServer(t)))
	want := `resolve4 ["192.0.2.1","192.0.2.2"]
resolve6 ["2001:db8::1"]
resolveMx [{"exchange":"mail.test","priority":10}]
resolveTxt [["one","two"]]
resolveSrv [{"name":"broker.test","port":1883,"priority":1,"weight":2}]
resolveNs ["ns.test"]
resolveCname ["other.test"]
resolvePtr ["a.test"]
resolveSoa {"nsname":"ns.test","hostmaster":"root.test","serial":1,"refresh":2,"retry":3,"expire":4,"minttl":5}
resolve ["192.0.2.1","192.0.2.2"]
resolve [{"exchange":"mail.test","priority":10}]
resolve4 [{"address":"192.0.2.1","ttl":60},{"address":"192.0.2.2","ttl":60}]
resolve4 ["192.0.2.1","192.0.2.2"]
reverse ["1.2.0.192.in-addr.arpa"]
reverse ["1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"]
resolve4 ENOTFOUND|queryA ENOTFOUND nobody.test|queryA|nobody.test|
resolve4 ESERVFAIL|queryA ESERVFAIL broken.test|queryA|broken.test|
resolve4 EREFUSED|queryA EREFUSED refused.test|queryA|refused.test|
resolve4 ENODATA|queryA ENODATA empty.test|queryA|empty.test|
resolve4 ETIMEOUT|queryA ETIMEOUT silent.test|queryA|silent.test|`
	lines := strings.Split(got, "\n")
	if len(lines) != 24 {
		t.Fatalf("%d lines:\n%s", len(lines), got)
	}
	if got := strings.Join(lines[:20], "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for i, code := range []string{"resolve4 EBADNAME|", "resolveTxt EBADNAME|", "ECANCELLED|queryA ECANCELLED silent.test|"} {
		if !strings.HasPrefix(lines[20+i], code) {
			t.Errorf("got %q, want %s", lines[20+i], code)
		}
	}
	if want := "null [ { exchange: 'mail.test', priority: 10 } ]"; lines[23] != want {
		t.Errorf("got %s, want %s", lines[23], want)
	}
}
