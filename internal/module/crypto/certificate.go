package crypto

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// certificate is an X.509 certificate as X509Certificate shows it.
type certificate struct{ *x509.Certificate }

var (
	errNoPEM  = &native.Failure{Class: nodeerr.Error, Code: "ERR_OSSL_PEM_NO_START_LINE", Message: "error:0480006C:PEM routines::no start line"}
	errBadDER = &native.Failure{Class: nodeerr.Error, Code: "ERR_OSSL_ASN1_WRONG_TAG", Message: "error:068000A8:asn1 encoding routines::wrong tag"}
)

func parseCertificate(data []byte) (*certificate, error) {
	if cert, err := x509.ParseCertificate(data); err == nil {
		return &certificate{cert}, nil
	}
	block, _ := pem.Decode(data)
	for ; block != nil && !strings.HasSuffix(block.Type, "CERTIFICATE"); block, data = pem.Decode(data) {
		data = bytes.Clone(data)
	}
	if block == nil {
		return nil, errNoPEM
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, errBadDER
	}
	return &certificate{cert}, nil
}

// attributes are OpenSSL's short names of what a name consists of.
var attributes = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
	"2.5.4.9": "street", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.13": "description",
	"2.5.4.15": "businessCategory", "2.5.4.17": "postalCode", "2.5.4.42": "GN", "2.5.4.43": "initials",
	"2.5.4.46": "dnQualifier", "0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
	"1.2.840.113549.1.9.1": "emailAddress",
}

// namePart is a part of a name: OpenSSL's short name of what it is, and the
// value. joined tells that it belongs to the part before it.
type namePart struct {
	kind, value string
	joined      bool
}

// nameParts returns the parts of a name in their order.
func nameParts(der []byte) (parts []namePart) {
	var sequence pkix.RDNSequence
	if _, err := asn1.Unmarshal(der, &sequence); err != nil {
		return nil
	}
	for _, set := range sequence {
		for i, a := range set {
			name := attributes[a.Type.String()]
			if name == "" {
				name = a.Type.String()
			}
			parts = append(parts, namePart{name, fmt.Sprint(a.Value), i > 0})
		}
	}
	return parts
}

var nameEscapes = strings.NewReplacer(`\`, `\\`, `,`, `\,`, `+`, `\+`, `"`, `\"`, `<`, `\<`, `>`, `\>`, `;`, `\;`)

func nameText(der []byte) string {
	var text strings.Builder
	for i, p := range nameParts(der) {
		switch {
		case p.joined:
			text.WriteString(" + ")
		case i > 0:
			text.WriteString("\n")
		}
		text.WriteString(p.kind + "=" + nameEscapes.Replace(p.value))
	}
	return text.String()
}

// alternatives is the text of the subject's other names, as Node writes it.
func (c *certificate) alternatives() string {
	var names []string
	add := func(kind, value string) {
		if strings.ContainsAny(value, `,"'\`) || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' }) {
			value = fmt.Sprintf("%q", value)
		}
		names = append(names, kind+":"+value)
	}
	for _, n := range c.otherNames() {
		switch n.Tag {
		case 1:
			add("email", string(n.Bytes))
		case 2:
			add("DNS", string(n.Bytes))
		case 6:
			add("URI", string(n.Bytes))
		case 7:
			if len(n.Bytes) == net.IPv4len || len(n.Bytes) == net.IPv6len {
				add("IP Address", addressText(n.Bytes))
			}
		case 8:
			var id asn1.ObjectIdentifier
			if _, err := asn1.UnmarshalWithParams(n.FullBytes, &id, "tag:8"); err == nil {
				add("Registered ID", id.String())
			}
		}
	}
	return strings.Join(names, ", ")
}

// addressText is OpenSSL's: IPv6 without leaving out zeros.
func addressText(ip []byte) string {
	if len(ip) == net.IPv4len {
		return net.IP(ip).String()
	}
	var groups []string
	for i := 0; i < len(ip); i += 2 {
		groups = append(groups, fmt.Sprintf("%X", int(ip[i])<<8|int(ip[i+1])))
	}
	return strings.Join(groups, ":")
}

// otherNames are those of the extension subjectAltName, in their order.
func (c *certificate) otherNames() []asn1.RawValue {
	for _, e := range c.Extensions {
		if e.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 17}) {
			var names []asn1.RawValue
			if _, err := asn1.Unmarshal(e.Value, &names); err == nil {
				return names
			}
		}
	}
	return nil
}

func (c *certificate) infoAccess() string {
	var lines []string
	for _, u := range c.OCSPServer {
		lines = append(lines, "OCSP - URI:"+u)
	}
	for _, u := range c.IssuingCertificateURL {
		lines = append(lines, "CA Issuers - URI:"+u)
	}
	return strings.Join(lines, "\n")
}

var usageNumbers = asn1.ObjectIdentifier{2, 5, 29, 37}

// purposes are the identifiers of the extended key usage.
func (c *certificate) purposes() (ids []string) {
	for _, e := range c.Extensions {
		var list []asn1.ObjectIdentifier
		if e.Id.Equal(usageNumbers) {
			if _, err := asn1.Unmarshal(e.Value, &list); err == nil {
				for _, id := range list {
					ids = append(ids, id.String())
				}
			}
		}
	}
	return ids
}

func colons(sum []byte) string {
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = hex.EncodeToString([]byte{b})
	}
	return strings.ToUpper(strings.Join(parts, ":"))
}

// describe tells JavaScript what a certificate says. Lists are joined with
// line breaks, as no part of theirs holds one.
func (c *certificate) describe() map[string]any {
	at := func(t time.Time) string { return t.UTC().Format("Jan _2 15:04:05 2006 GMT") }
	sum1, sum256, sum512 := sha1.Sum(c.Raw), sha256.Sum256(c.Raw), sha512.Sum512(c.Raw)
	serial := fmt.Sprintf("%X", c.SerialNumber)
	if len(serial)%2 == 1 {
		serial = "0" + serial
	}
	return map[string]any{
		"subject": nameText(c.RawSubject), "issuer": nameText(c.RawIssuer), "subjectAltName": c.alternatives(),
		"infoAccess": c.infoAccess(), "validFrom": at(c.NotBefore), "validTo": at(c.NotAfter),
		"fingerprint": colons(sum1[:]), "fingerprint256": colons(sum256[:]), "fingerprint512": colons(sum512[:]),
		"serialNumber": serial, "ca": c.IsCA, "keyUsage": strings.Join(c.purposes(), "\n"),
		"pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})),
	}
}

// matchingHost returns the name of the certificate that a host name matches.
// Without any DNS name the common name counts.
func (c *certificate) matchingHost(host string) any {
	names := c.DNSNames
	if len(names) == 0 {
		names = []string{c.Subject.CommonName}
	}
	for _, name := range names {
		one := x509.Certificate{DNSNames: []string{name}}
		if net.ParseIP(host) == nil && one.VerifyHostname(host) == nil {
			return name
		}
	}
	return nil
}

func (c *certificate) hasEmail(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	all := c.EmailAddresses
	for _, p := range nameParts(c.RawSubject) {
		if p.kind == "emailAddress" {
			all = append(all, p.value)
		}
	}
	for _, e := range all {
		l, d, found := strings.Cut(e, "@")
		if ok && found && l == local && strings.EqualFold(d, domain) {
			return true
		}
	}
	return false
}

func (c *certificate) hasIP(text string) bool {
	ip := net.ParseIP(text)
	for _, own := range c.IPAddresses {
		if ip != nil && own.Equal(ip) {
			return true
		}
	}
	return false
}

// issuedBy tells whether the other certificate could have issued this one; it
// does not look at the signature.
func (c *certificate) issuedBy(o *certificate) bool {
	names := bytes.Equal(c.RawIssuer, o.RawSubject)
	keys := len(c.AuthorityKeyId) == 0 || len(o.SubjectKeyId) == 0 || bytes.Equal(c.AuthorityKeyId, o.SubjectKeyId)
	return names && keys && (o.KeyUsage == 0 || o.KeyUsage&x509.KeyUsageCertSign != 0)
}

func (c *certificate) signedBy(p *pair) bool {
	signer := &x509.Certificate{PublicKey: p.public}
	return signer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func defineCertificates(f *native.Functions) {
	f.Sync("certificate", func(a native.Args) (any, error) { return parseCertificate(a.Bytes(0)) })
	with := func(name string, do func(c *certificate, a native.Args) any) {
		f.Sync(name, func(a native.Args) (any, error) {
			c, ok := a.Handle(0).(*certificate)
			if !ok {
				return nil, errBadDER
			}
			return do(c, a), nil
		})
	}
	with("certificateInfo", func(c *certificate, _ native.Args) any { return c.describe() })
	with("certificateRaw", func(c *certificate, _ native.Args) any { return bytes.Clone(c.Raw) })
	with("certificateHost", func(c *certificate, a native.Args) any { return c.matchingHost(a.String(1)) })
	with("certificateEmail", func(c *certificate, a native.Args) any { return c.hasEmail(a.String(1)) })
	with("certificateIP", func(c *certificate, a native.Args) any { return c.hasIP(a.String(1)) })
	with("certificateIssued", func(c *certificate, a native.Args) any {
		o, ok := a.Handle(1).(*certificate)
		return ok && c.issuedBy(o)
	})
	with("certificateSigned", func(c *certificate, a native.Args) any {
		p, err := pairAt(a, 1)
		return err == nil && c.signedBy(p)
	})
	f.Sync("certificateKey", func(a native.Args) (any, error) {
		c, ok := a.Handle(0).(*certificate)
		if !ok {
			return nil, errBadDER
		}
		return publicPair(c.PublicKey)
	})
	with("certificateName", func(c *certificate, a native.Args) any {
		der := c.RawSubject
		if a.Bool(1) {
			der = c.RawIssuer
		}
		var flat []any
		for _, p := range nameParts(der) {
			flat = append(flat, p.kind, p.value)
		}
		return flat
	})
}
