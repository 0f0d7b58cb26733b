package script_test

import (
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestPromisesOfPublish calls publish in many ways: where the script can see
// the value it is a promise that behaves as one.
func TestPromisesOfPublish(t *testing.T) {
	for name, source := range map[string]string{
		"value":        `const p = publish('t', 'm'); say(p)`,
		"comma":        `say((0, publish)('t', 'm'))`,
		"call":         `say(publish.call(null, 't', 'm'))`,
		"apply":        `say(Reflect.apply(publish, null, ['t', 'm']))`,
		"bound":        `const f = publish.bind(null, 't'); say(f('m'))`,
		"arrow":        `const f = () => publish('t', 'm'); say(f())`,
		"map":          `[1].map(() => publish('t', 'm')).forEach(say)`,
		"map itself":   `const f = publish; ['t'].map(t => f(t, 'm')).forEach(say)`,
		"native":       `let a; function publishAll() { a = ['t'].map(publish) } publishAll(); say(a[0])`,
		"getter":       `const o = { get p() { return publish('t', 'm') } }; say(o.p)`,
		"shadowed map": `let a; { const all = ['t']; const publish = (...x) => { a = all.map(...x) }; publish(globalThis.publish) } say(a[0])`,
		"eval":         `say(eval("publish('t', 'm')"))`,
		"new function": `say(new Function("return publish('t', 'm')")())`,
		"conditional":  `const p = true ? publish('t', 'm') : null; say(p)`,
		"and":          `const p = true && publish('t', 'm'); say(p)`,
		"left of and":  `publish('t', 'm') && say(Promise.resolve())`,
		"left of or":   `publish('t', 'm') || say('not truthy'); say(Promise.resolve())`,
		"test":         `publish('t', 'm') ? say(Promise.resolve()) : say('not truthy')`,
		"template":     "say(publish`t`.catch(() => {}))",
		"async":        `(async () => { say(publish('t', 'm')); await publish('t', 'm'); })()`,
		"then":         `publish('t', 'm').then(v => say(Promise.resolve(v)))`,
		"module":       `const client = require('mqscript'); say(client.publish('t', 'm'))`,
		"then itself":  `Promise.resolve('t').then(publish).then(say, () => say(Promise.resolve()))`,
		"statement":    `publish('t', 'm'); say(Promise.resolve())`,
		"microtask":    `queueMicrotask(() => { publish('t', 'm') }); say(Promise.resolve())`,
	} {
		t.Run(name, func(t *testing.T) {
			r := scripttest.New(t, `
				function say(p) {
					console.log(p instanceof Promise, typeof p.then)
					p.then(v => { console.log('done', v); setImmediate(exit) }, e => { console.log(e.message); exit() })
				}
				`+source)
			r.Script.Start()
			_, _ = r.Ended()
			if text := r.Console.Text(); !strings.HasPrefix(text, "true function\n") {
				t.Errorf("%s", text)
			}
			if n := len(r.Host.Published()); n == 0 && name != "native" && name != "shadowed map" && name != "template" && name != "then itself" {
				t.Error("nothing was published")
			}
		})
	}
}

// TestFailuresOfPublishStatements: what fails is reported as for a promise
// that nobody handles.
func TestFailuresOfPublishStatements(t *testing.T) {
	const later = "later"
	for name, c := range map[string]struct {
		source string
		hold   bool
		refuse error
	}{
		"arguments": {source: `publish('t/+', 'm')`},
		"refused":   {source: `publish('t', 'm')`, refuse: &script.ClientError{Name: "Error", Message: later}},
		"later":     {source: `publish('t', 'm')`, hold: true},
		"if":        {source: `if (1) publish('t', 'm')`, hold: true},
		"and":       {source: `1 && publish('t', 'm')`, hold: true},
		"or":        {source: `0 || publish('t', 'm')`, hold: true},
		"ternary":   {source: `1 ? publish('t', 'm') : 0`, hold: true},
		"member":    {source: `globalThis.publish('t', 'm')`, hold: true},
	} {
		t.Run(name, func(t *testing.T) {
			run := func(source string) string {
				r := scripttest.New(t, `setTimeout(() => {}, 1e6); `+source)
				r.Host.Hold, r.Host.Refuse = c.hold, c.refuse
				r.Script.Start()
				<-r.Loaded()
				if c.hold {
					if id := r.Host.Published()[0].ID; (id>>63 == 1) != (source == c.source) {
						t.Errorf("ID %x of %s", id, source)
					}
					r.PublishDone(r.Host.Published()[0].ID, &script.ClientError{Name: "Error", Message: later})
				}
				r.Until("a report", func() bool { return r.Console.Text() != "" })
				first, _, _ := strings.Cut(r.Console.Text(), "\n")
				return first
			}
			statement, value := run(c.source), run(`globalThis.keep = publish.call(null, 't`+map[bool]string{true: "/+"}[name == "arguments"]+`', 'm')`)
			if statement != value || statement == "" {
				t.Errorf("as a statement: %s\nas a value: %s", statement, value)
			}
		})
	}
}
