package script_test

import (
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestScriptsThatAwaitOutsideOfFunctions(t *testing.T) {
	for _, c := range []struct{ name, file, source string }{
		{"named function", "s.mjs", `await null; export function onMessage(topic, payload) { console.log(topic, String(payload)) }`},
		{"constant", "s.mjs", `const word = await Promise.resolve('hello'); export const onMessage = (topic) => console.log(topic, word)`},
		{"default", "s.mjs", "const { sep } = await import('path')\nexport default { onMessage(topic, payload) { console.log(topic.replaceAll('/', sep), String(payload)) } }"},
		{"renamed", "s.js", `const f = await (async () => (topic, payload) => console.log(topic, String(payload)))(); export { f as onMessage }`},
		{"destructured", "s.mjs", `export const { onMessage } = await Promise.resolve({ onMessage: (topic, payload) => console.log(topic, String(payload)) })`},
		{"timer", "s.mjs", `import { setTimeout as sleep } from 'timers/promises'; import * as u from 'util'
			await sleep(2); await sleep(2); export const onMessage = (topic, payload) => console.log(u.format('%s %s', topic, payload.toString()))`},
		{"for await", "s.mjs", `let words = ''; for await (const w of [Promise.resolve('hel'), 'lo']) words += w; export const onMessage = (topic) => console.log(topic, words)`},
		{"CommonJS", "s.js", `await 1; module.exports = { onMessage: (topic, payload) => console.log(topic, String(payload)) }`},
		{"TypeScript", "s.ts", `import { format } from 'util'; interface X { a: string } const x: X = await Promise.resolve({ a: 'hello' })
			export class Never {} export const onMessage = (topic: string): void => console.log(format(topic, x.a!))`},
		{"text that looks like a statement", "s.mjs", "const text = await `\nimport x from 'y'\nexport default 1\nhello`; export const onMessage = (topic) => console.log(topic, text.split('\\n')[3])"},
		{"re-export", "s.mjs", `await 1; export * from './lib.mjs'; export { x as onClose } from './lib.mjs'`},
		{"publish", "s.mjs", `import { publish as p } from 'mqscript'; await p('t', 'x'); export const onMessage = (topic, payload) => console.log(topic, String(payload))`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := scripttest.New(t, c.source, scripttest.File(c.file))
			r.Write("lib.mjs", `export const onMessage = (topic, payload) => console.log(topic, String(payload)); export const x = () => {}`)
			r.Script.Start()
			m := r.Message("a/b", "hello", 1)
			r.Prints("a/b hello")
			r.Until("the end of the handler", func() bool { return len(r.Settled()) == 1 && r.Settled()[0] == m })
		})
	}
}

// TestMessagesWaitForTheExports holds what comes while the script awaits, in
// its order, and gives it to nextMessage at once.
func TestMessagesWaitForTheExports(t *testing.T) {
	r := scripttest.Start(t, `import { nextMessage } from 'mqscript'
		const { payload } = await nextMessage('go')
		console.log('got', String(payload))
		export const onMessage = (topic, p) => console.log('message', String(p)), onClose = () => console.log('close')`, scripttest.File("s.mjs"))
	if state, err := r.Result(); state != script.StateRunning {
		t.Fatalf("%v: %v", state, err)
	}
	r.Message("t", "1", 1)
	r.Notify(&script.Event{Kind: script.EventClose})
	r.Message("go", "2", 1)
	r.Prints("got 2\nmessage 1\nclose\nmessage 2")
	r.Until("both settled", func() bool { return len(r.Settled()) == 2 })
	if r.Wants(script.EventError) || !r.WantsMessages() {
		t.Error("it wants what it has no handler for, or no messages")
	}
}

func TestAnAwaitThatFailsMeansNotLoaded(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"rejection":   {"const a = 1\n\nawait Promise.reject(new Error('no'))", "Error: no"},
		"exception":   {"import { format } from 'util'\nawait 1\n\n    null.x", "s.mjs:4:"},
		"bad exports": {"await 1; export const onMessage = 1", "onMessage is a number; it must be a function"},
		"syntax":      {"await 1\nconst = 2", "s.mjs:2:7"},
		"required":    {"import './lib.mjs'", "await outside of functions is for the script's own file alone"},
	} {
		t.Run(name, func(t *testing.T) {
			r := scripttest.New(t, c.source, scripttest.File("s.mjs"))
			r.Write("lib.mjs", "await 1")
			r.Script.Start()
			state, err := r.Ended()
			if state != script.StateFailed || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v: %v, want %q", state, err, c.want)
			}
		})
	}
}

func TestAScriptThatAwaitsForEverCanBeStopped(t *testing.T) {
	r := scripttest.Start(t, `await new Promise(() => {}); export const onMessage = () => {}`, scripttest.File("s.mjs"))
	m := r.Message("t", "", 1)
	r.Stop()
	if state, err := r.Ended(); state != script.StateStopped {
		t.Errorf("%v: %v", state, err)
	}
	if s := r.Settled(); len(s) != 1 || s[0] != m {
		t.Errorf("settled %v", s)
	}
}

func TestAwaitsUntilTheHandlersAreKnown(t *testing.T) {
	for source, prints := range map[string]string{
		`await nextMessage('go'); export function onMessage() { console.log('known') }`: "known",
		`await nextMessage('go'); throw new Error('unknown')`:                           "",
	} {
		r := scripttest.Start(t, `import { nextMessage } from 'mqscript'; `+source, scripttest.File("s.mjs"))
		if !r.Awaits() {
			t.Error("it does not await")
		}
		r.Message("go", "", 0)
		if prints == "" {
			if state, _ := r.Ended(); state != script.StateFailed {
				t.Errorf("it is %v", state)
			}
		} else {
			r.Prints(prints)
		}
		if r.Awaits() {
			t.Error("it awaits still")
		}
	}
}
