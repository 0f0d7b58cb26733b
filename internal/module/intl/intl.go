// Package intl is the global Intl: dates, times, numbers, lists and plurals as
// people write them, and the characters, words and sentences of texts. Dates and
// words are English; numbers, plurals and the order of text follow any language.
//
// # Concurrency
//
// The classes belong to one VM and are used on that VM's goroutine only. The
// compiled sources are shared between VMs.
package intl

import (
	"embed"
	"os"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a system may have no time zones of its own

	"github.com/dop251/goja"
	"golang.org/x/text/collate"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("internal/intl", files, "locale", "number", "dateparts", "date", "words", "segment", "intl")

// Exports makes an object with Intl and, as locale, the functions that Date,
// Number, BigInt, String and Array have in its terms.
func Exports(env *native.Env) goja.Value {
	return parts.Exports(env, env.VM.NewObject(), func(_ string, f *native.Functions) {
		defineFunctions(env.VM, f)
	})
}

func defineFunctions(vm *goja.Runtime, f *native.Functions) {
	f.Sync("canonical", func(a native.Args) (any, error) { return canonical(a.String(0)), nil })
	f.Sync("zone", func(a native.Args) (any, error) {
		if zone := zoneNamed(a.String(0)); zone != nil {
			return zone.String(), nil
		}
		return nil, nil // there is no such zone
	})
	f.Sync("localZone", func(native.Args) (any, error) { return localZone(), nil })
	f.Sync("offset", func(a native.Args) (any, error) {
		ms := a.At(1).ToFloat()
		name, offset := time.UnixMilli(int64(ms)).In(zoneNamed(a.String(0))).Zone()
		return native.List{float64(offset), name}, nil
	})
	f.Sync("symbols", func(a native.Args) (any, error) { return symbols(tagOf(a.String(0))), nil })
	f.Sync("plural", func(a native.Args) (any, error) {
		rules := plural.Cardinal
		if a.Bool(1) {
			rules = plural.Ordinal
		}
		form := rules.MatchPlural(tagOf(a.String(0)), a.Int(2), a.Int(3), a.Int(4), a.Int(5), a.Int(6))
		return [...]string{"other", "zero", "one", "two", "few", "many"}[form], nil
	})
	f.Sync("segments", func(a native.Args) (any, error) { return segmentsOf(a.String(0), a.String(1)), nil })
	f.Raw("comparison", func(call goja.FunctionCall) goja.Value {
		c := collator(call.Argument(0).String(), call.Argument(1).String(), call.Argument(2).ToBoolean())
		return vm.ToValue(func(call goja.FunctionCall) goja.Value {
			return vm.ToValue(c.CompareString(call.Argument(0).String(), call.Argument(1).String()))
		})
	})
}

// localZone is the name of the time zone that dates are in.
func localZone() string {
	if name := time.Local.String(); name != "Local" {
		return name
	}
	if name, ok := os.LookupEnv("TZ"); ok {
		if zone := zoneNamed(strings.TrimPrefix(name, ":")); zone != nil {
			return zone.String()
		}
	}
	if target, err := os.Readlink("/etc/localtime"); err == nil {
		if _, name, found := strings.Cut(target, "zoneinfo/"); found && zoneNamed(name) != nil {
			return zoneNamed(name).String()
		}
	}
	return "UTC"
}

func tagOf(locale string) language.Tag { return language.Make(locale) }

// canonical returns a language tag as it is usually written, nil when it is
// none.
func canonical(text string) any {
	if text == "" || strings.ContainsAny(text, "_ ") {
		return nil
	}
	tag, err := language.BCP47.Parse(text)
	if err != nil {
		if _, known := err.(language.ValueError); !known { //nolint:errorlint // it is not wrapped
			return nil
		}
	}
	return tag.String()
}

var zones sync.Map // by name in small letters

// zoneNamed finds a time zone, whatever the case of its name; nil when there is
// none.
func zoneNamed(name string) *time.Location {
	if found, ok := zones.Load(name); ok {
		zone, _ := found.(*time.Location)
		return zone
	}
	if name == "" || strings.EqualFold(name, "local") || len(name) > 64 {
		return nil
	}
	for _, spelling := range []string{name, titled(name), strings.ToUpper(name)} {
		if zone, err := time.LoadLocation(spelling); err == nil {
			zones.Store(name, zone)
			return zone
		}
	}
	return nil
}

// titled writes a name as most zones are: America/New_York.
func titled(name string) string {
	out := []byte(strings.ToLower(name))
	for i, c := range out {
		if c >= 'a' && c <= 'z' && (i == 0 || strings.IndexByte("/_-", out[i-1]) >= 0) {
			out[i] = c - 'a' + 'A'
		}
	}
	return string(out)
}

// symbols are what numbers of a language are written with: the decimal sign,
// the sign between groups, the sizes of the last group and the others, the
// digit zero, what stands around a percentage, and the minus sign.
func symbols(tag language.Tag) native.List {
	p := message.NewPrinter(tag)
	sample := p.Sprint(number.Decimal(1234567.5, number.MinFractionDigits(1)))
	var signs []rune
	var runs []int
	run := 0
	zero := '0'
	for _, r := range sample {
		if isDigit(r) {
			if run == 0 && len(runs) == 0 {
				zero = r - 1
			}
			run++
			continue
		}
		signs = append(signs, r)
		runs = append(runs, run)
		run = 0
	}
	decimal, group, first, other := ".", "", 0, 0
	if n := len(signs); n > 0 {
		decimal = string(signs[n-1])
		if n > 1 {
			group, first, other = string(signs[0]), runs[n-1], runs[n-1]
		}
		if n > 2 {
			other = runs[n-2]
		}
	}
	percent := p.Sprint(number.Percent(0.05))
	at := strings.IndexRune(percent, zero+5)
	before, after := "", "%"
	if at >= 0 {
		before, after = percent[:at], percent[at+len(string(zero+5)):]
	}
	minus := strings.TrimRight(p.Sprint(number.Decimal(-5)), string(zero+5))
	return native.List{decimal, group, float64(first), float64(other), string(zero), before, after, minus}
}

func isDigit(r rune) bool {
	for _, zero := range []rune{'0', 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0xf20} {
		if r >= zero && r <= zero+9 {
			return true
		}
	}
	return false
}

// collator returns what compares text.
func collator(locale, sensitivity string, numeric bool) *collate.Collator {
	var options []collate.Option
	switch sensitivity {
	case "base":
		options = append(options, collate.IgnoreCase, collate.IgnoreDiacritics)
	case "accent":
		options = append(options, collate.IgnoreCase)
	case "case":
		options = append(options, collate.IgnoreDiacritics)
	}
	if numeric {
		options = append(options, collate.Numeric)
	}
	return collate.New(tagOf(locale), options...)
}
