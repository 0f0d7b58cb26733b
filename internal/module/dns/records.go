package dns

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

func itoa(b byte) string { return strconv.Itoa(int(b)) }

// host is a name without the dot at its end.
func host(name dnsmessage.Name) string { return strings.TrimSuffix(name.String(), ".") }

// records returns what was asked for as values for JavaScript: one of
// {value, ttl} for each record.
func (q *question) records(m *dnsmessage.Message) (any, error) {
	list := []any{}
	for _, r := range m.Answers {
		if r.Header.Type != q.kind {
			continue
		}
		if v := record(r.Body); v != nil {
			list = append(list, map[string]any{"value": v, "ttl": int64(r.Header.TTL)})
		}
	}
	switch {
	case m.RCode == dnsmessage.RCodeNameError:
		return nil, q.failure("ENOTFOUND", errors.New("there is no such name"))
	case len(list) == 0:
		return nil, q.failure("ENODATA", errors.New("the name has no such record"))
	}
	return list, nil
}

// record is the value of a record, as Node shows it.
func record(body dnsmessage.ResourceBody) any {
	switch r := body.(type) {
	case *dnsmessage.AResource:
		return netip.AddrFrom4(r.A).String()
	case *dnsmessage.AAAAResource:
		return netip.AddrFrom16(r.AAAA).String()
	case *dnsmessage.CNAMEResource:
		return host(r.CNAME)
	case *dnsmessage.NSResource:
		return host(r.NS)
	case *dnsmessage.PTRResource:
		return host(r.PTR)
	case *dnsmessage.TXTResource:
		return r.TXT
	case *dnsmessage.MXResource:
		return map[string]any{"exchange": host(r.MX), "priority": int(r.Pref)}
	case *dnsmessage.SRVResource:
		return map[string]any{"name": host(r.Target), "port": int(r.Port), "priority": int(r.Priority), "weight": int(r.Weight)}
	case *dnsmessage.SOAResource:
		return map[string]any{
			"nsname": host(r.NS), "hostmaster": host(r.MBox), "serial": int64(r.Serial), "refresh": int64(r.Refresh),
			"retry": int64(r.Retry), "expire": int64(r.Expire), "minttl": int64(r.MinTTL),
		}
	}
	return nil
}
