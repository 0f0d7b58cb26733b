package permission

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
)

// rule allows some hosts, all of the fields that are set together, or one
// socket of the file system.
type rule struct {
	any    bool         // every host
	name   string       // one host by its name
	below  string       // all names that end so, ".example.com"
	net    netip.Prefix // addresses
	port   int          // 0: every port
	socket string       // the path of a socket, or of a folder with sockets
}

type rules []rule

func parseRules(flag string, texts []string) (rules, error) {
	var all rules
	for _, text := range texts {
		r, err := parseRule(flag, text)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// forms says what each flag takes.
var forms = map[string]string{
	"--allow-net":    "HOST, HOST:PORT, [IPV6]:PORT, *.DOMAIN, a network such as 10.0.0.0/8, unix:PATH or *",
	"--allow-listen": "HOST:PORT, :PORT, [IPV6]:PORT or HOST",
}

func parseRule(flag, text string) (rule, error) {
	wrong := func(why string) (rule, error) {
		return rule{}, fmt.Errorf("%s=%s: %s; the flag takes %s, and can be given several times", flag, text, why, forms[flag])
	}
	if path, ok := strings.CutPrefix(text, "unix:"); ok && flag == "--allow-net" {
		if path == "" || strings.HasPrefix(path, "//") {
			return wrong("no path of a socket")
		}
		return rule{socket: socketPath(path)}, nil
	}
	if strings.Contains(text, "://") {
		return wrong("a URL is no host")
	}
	host, port, err := splitRule(text)
	if err != nil {
		return wrong(err.Error())
	}
	r := rule{port: port}
	switch {
	case host == "*", host == "" && port != 0:
		r.any = true
		return r, nil
	case strings.Contains(host, "/"):
		prefix, err := netip.ParsePrefix(host)
		if err != nil {
			return wrong("no network in the form ADDRESS/BITS")
		}
		r.net = prefix.Masked()
		return r, nil
	}
	if addr, ok := address(host); ok {
		r.net = netip.PrefixFrom(addr, addr.BitLen())
		return r, nil
	}
	name := normal(host)
	below, wildcard := strings.CutPrefix(name, "*.")
	if !validName(below) {
		return wrong("no host name")
	}
	if wildcard {
		r.below = "." + below
	} else {
		r.name = name
	}
	return r, nil
}

// splitRule cuts off the port, 0 when there is none.
func splitRule(text string) (host string, port int, err error) {
	rest := ""
	switch inside, after, ok := strings.Cut(strings.TrimPrefix(text, "["), "]"); {
	case strings.HasPrefix(text, "["):
		if !ok || after != "" && after[0] != ':' {
			return "", 0, fmt.Errorf("the brackets enclose no address")
		}
		host, rest = inside, strings.TrimPrefix(after, ":")
		if after == "" {
			return host, 0, nil
		}
	case strings.Count(text, ":") == 1:
		host, rest, _ = strings.Cut(text, ":")
	default:
		return text, 0, nil
	}
	port, err = strconv.Atoi(rest)
	if err != nil || port < 1 || port > 65535 {
		return "", 0, fmt.Errorf("%q is no port", rest)
	}
	return host, port, nil
}

// normal makes names comparable. Only ASCII has capital letters here: others
// become letters of ASCII, such as the sign for kelvin.
func normal(host string) string {
	lower := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, host)
	return strings.TrimSuffix(lower, ".")
}

// validName tells whether a text can be the name of a host. Anything else must
// not be compared with the end of a name.
func validName(name string) bool {
	if name == "" || len(name) > 253 || name[0] == '.' || strings.Contains(name, "..") {
		return false
	}
	return strings.IndexFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
	}) < 0
}

// allow tells whether a rule covers a host and a port; port 0 asks for any.
func (all rules) allow(host string, port int) bool {
	if host == "" {
		host = "localhost"
	}
	addr, isAddr := address(host)
	name := normal(host)
	for _, r := range all {
		if r.port != 0 && port != 0 && r.port != port {
			continue
		}
		switch {
		case r.any:
			return true
		case isAddr:
			if r.net.IsValid() && r.net.Contains(addr) {
				return true
			}
		case !validName(name):
		case r.name != "" && r.name == name, r.below != "" && strings.HasSuffix(name, r.below):
			return true
		}
	}
	return false
}

// allowListen is allow for an address to listen on: all addresses are not the
// host "localhost", and a port that the system chooses is not any port.
func (all rules) allowListen(host string, port int) bool {
	if host == "" {
		host = "::"
	}
	for _, r := range all {
		if port == 0 && r.port != 0 {
			continue
		}
		if (rules{r}).allow(host, port) {
			return true
		}
	}
	return false
}

func (all rules) allowUnix(path string) bool {
	path = socketPath(path)
	for _, r := range all {
		if r.any && r.port == 0 {
			return true
		}
		if r.socket == "" {
			continue
		}
		if path == r.socket || filepath.IsAbs(path) && strings.HasPrefix(path, r.socket+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// socketPath makes paths of sockets comparable: absolute, with symbolic links
// followed as far as the path exists. A name that is not in the file system
// stays as it is.
func socketPath(path string) string {
	if strings.HasPrefix(path, "@") || strings.HasPrefix(path, "\x00") {
		return path
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if real, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(real, filepath.Base(abs))
	}
	return abs
}

// address reads an IP address in every form that a system's resolver takes:
// with brackets or a zone, an IPv4 address inside of IPv6, and the old forms of
// IPv4 with fewer parts, hexadecimal or octal ones.
func address(host string) (netip.Addr, bool) {
	if inside, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inside, "]")
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	parts := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var bits uint64
	for i, part := range parts {
		size := 8 // the last part fills what is left
		if i == len(parts)-1 {
			size = 8 * (5 - len(parts))
		}
		n, err := oldNumber(part)
		if err != nil || n >= 1<<size {
			return netip.Addr{}, false
		}
		bits = bits<<size | n
	}
	return netip.AddrFrom4([4]byte{byte(bits >> 24), byte(bits >> 16), byte(bits >> 8), byte(bits)}), true
}

// oldNumber reads a part of an IPv4 address: decimal, 0x hexadecimal, or octal
// after a zero.
func oldNumber(text string) (uint64, error) {
	if hex, ok := strings.CutPrefix(strings.ToLower(text), "0x"); ok {
		if hex == "" {
			return 0, nil
		}
		return strconv.ParseUint(hex, 16, 64)
	}
	if len(text) > 1 && text[0] == '0' {
		return strconv.ParseUint(text[1:], 8, 64)
	}
	return strconv.ParseUint(text, 10, 64)
}

// hostPort is how a host is named on the command line.
func hostPort(host string, port int) string {
	if host == "" {
		host = "localhost"
	}
	host = printable(host)
	if port == 0 {
		return host
	}
	if strings.Contains(host, ":") && host[0] != '[' {
		host = "[" + host + "]"
	}
	return host + ":" + strconv.Itoa(port)
}

// printable shows text of a script in one line.
func printable(text string) string {
	quoted := strconv.Quote(text)
	if plain := quoted[1 : len(quoted)-1]; plain != text {
		return quoted
	}
	return text
}
