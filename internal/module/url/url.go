// Package url is Node's module "url" and the global classes URL and
// URLSearchParams.
//
// # Concurrency
//
// The classes belong to one VM and are used on that VM's goroutine only. The
// compiled sources are shared between VMs.
package url

import (
	"embed"
	"strings"

	"github.com/dop251/goja"
	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/idna"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("url", files, "params", "url", "legacy", "module")

// Exports makes the exports of the module, with the classes in it.
func Exports(env *native.Env) goja.Value {
	return parts.Exports(env, env.VM.NewObject(), func(_ string, f *native.Functions) {
		defineFunctions(f)
	})
}

func defineFunctions(f *native.Functions) {
	f.Sync("parse", func(a native.Args) (any, error) {
		u, err := parse(a.String(0), a)
		if err != nil {
			return nil, nil // what is no address is undefined
		}
		return components(a, u), nil
	})
	f.Sync("set", func(a native.Args) (any, error) {
		u, err := parser.Parse(a.String(0))
		if err != nil {
			return nil, err
		}
		set(u, a.String(1), a.String(2))
		return components(a, u), nil
	})
	f.Sync("percentDecode", func(a native.Args) (any, error) {
		return strings.ToValidUTF8(percentDecode(a.String(0)), "\ufffd"), nil
	})
	f.Sync("formEncode", func(a native.Args) (any, error) { return formEncode(a.String(0)), nil })
	f.Sync("toASCII", func(a native.Args) (any, error) {
		u, err := parser.Parse("ws://" + a.String(0))
		if err != nil || strings.ContainsAny(a.String(0), "/?#@:") {
			return "", nil
		}
		return u.Hostname(), nil
	})
	f.Sync("toUnicode", func(a native.Args) (any, error) {
		u, err := parser.Parse("ws://" + a.String(0))
		if err != nil {
			return "", nil
		}
		text, _ := idna.ToUnicode(u.Hostname())
		return text, nil
	})
}

var parser = whatwg.NewParser()

// parse reads an address; the second argument, if there is one, is what it is
// relative to.
func parse(input string, a native.Args) (*whatwg.Url, error) {
	if !a.Given(1) {
		return parser.Parse(input)
	}
	return parser.ParseRef(a.String(1), input)
}

func set(u *whatwg.Url, name, value string) {
	switch name {
	case "protocol":
		u.SetProtocol(value)
	case "username":
		u.SetUsername(value)
	case "password":
		u.SetPassword(value)
	case "host":
		u.SetHost(value)
	case "hostname":
		u.SetHostname(value)
	case "port":
		u.SetPort(value)
	case "pathname":
		u.SetPathname(value)
	case "search":
		u.SetSearch(value)
	case "hash":
		u.SetHash(value)
	}
}

// components lists the parts of an address in the order that url.js has them.
func components(a native.Args, u *whatwg.Url) any {
	return a.Array(
		u.Href(false), u.Protocol(), u.Username(), u.Password(), u.Host(), u.Hostname(), u.Port(), u.Pathname(), u.Search(), u.Hash(),
	)
}

func percentDecode(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			high, low := unhex(text[i+1]), unhex(text[i+2])
			if high >= 0 && low >= 0 {
				b.WriteByte(byte(high<<4 | low))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// formEncode writes text as it stands in the body of a form.
func formEncode(text string) string {
	const plain = "*-._"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case c == ' ':
			b.WriteByte('+')
		case c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte(plain, c) >= 0:
			b.WriteByte(c)
		default:
			const digits = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}
