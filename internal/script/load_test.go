package script_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/eventloop"
	"github.com/mqscript/mqscript/internal/module"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestFormsOfAScript(t *testing.T) {
	for _, c := range []struct{ name, file, source string }{
		{"CommonJS", "s.js", `module.exports = { onMessage(topic, payload) { console.log(topic, String(payload)) } }`},
		{"exports", "s.cjs", `exports.onMessage = (topic, payload) => console.log(topic, String(payload))`},
		{"exported class instance", "s.js", `class H { onMessage(topic, payload) { console.log(topic, this.text(payload)) } text(p) { return String(p) } } module.exports = new H()`},
		{"ES module in .js", "s.js", `export function onMessage(topic, payload) { console.log(topic, String(payload)) }`},
		{"ES module in .mjs", "s.mjs", `export const onMessage = (topic, payload) => console.log(topic, String(payload))`},
		{"ES default", "s.mjs", `export default { onMessage(topic, payload) { console.log(topic, String(payload)) } }`},
		{"ES default and named", "s.mjs", `export default { onClose() {} }; export function onMessage(topic, payload) { console.log(topic, String(payload)) }`},
		{"ES import", "s.mjs", `import { inspect } from 'node:util'; import fs, { existsSync } from 'fs'; import * as path from 'path'
			export function onMessage(topic, payload) { console.log(topic, inspect(String(payload)).slice(1, -1) + (fs.existsSync === existsSync && path.join('a', 'b') === 'a/b' ? '' : '!')) }`},
		{"ES import of mqscript", "s.mjs", `import { publish, exit } from 'mqscript'; export const onMessage = (t, p) => { if (publish === globalThis.publish && exit === globalThis.exit) console.log(t, String(p)) }`},
		{"TypeScript", "s.ts", `import type { X } from './nowhere'; enum E { A = 'a/b' } interface T { x: number }
			export function onMessage(topic: string, payload: Buffer): void { const t: T = { x: 1 }; console.log(topic as E.A, String(payload!)) }`},
		{"TypeScript .cts", "s.cts", `const f = (topic: string, payload: Uint8Array) => console.log(topic, String(payload)); module.exports = { onMessage: f }`},
		{"TypeScript .mts", "s.mts", `export default { onMessage(topic: string, payload: Buffer) { console.log(topic, String(payload)) } } satisfies object`},
		{"async generator and for await", "s.js", `async function* words(p) { for (const w of String(p).split(' ')) yield w }
			exports.onMessage = async (topic, p) => { for await (const w of words(p)) console.log(topic, w) }`},
		{"dynamic import", "s.js", `exports.onMessage = async (topic, p) => { const { format } = await import('util'); console.log(format('%s %s', topic, p.toString())) }`},
		{"modern syntax", "s.js", `class A { #x = 1; static s = 2; static { A.t = 3 } get x() { return this.#x } has(o) { return #x in o } }
			exports.onMessage = async function (topic, p, { qos } = {}) { const o = { a: null }; o.a ??= p?.toString(); o.b ||= topic; let n = 1_000n ** 2n
			const { a, ...rest } = o; try { throw 0 } catch { console.log(rest.b, [a].at(-1)) } label: for (;;) break label }`},
		{"byte order mark and hashbang", "s.js", "\ufeff#!/usr/bin/env mqscript\nexports.onMessage = (topic, p) => console.log(topic, String(p))"},
		{"return outside of functions", "s.js", "exports.onMessage = (topic, p) => console.log(topic, String(p)); if (exports) return\nconsole.log('never')"},
		{"strict mode", "s.js", `'use strict'; exports.onMessage = function (topic, p) { console.log(topic, String(p)); if ((function () { return this })() !== undefined) console.log('sloppy') }`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := scripttest.Start(t, c.source, scripttest.File(c.file))
			if state, err := r.Result(); state != script.StateRunning {
				t.Fatalf("%v: %v", state, err)
			}
			if !r.WantsMessages() {
				t.Error("it wants no messages")
			}
			r.Message("a/b", "hello", 0)
			r.Prints("a/b hello")
		})
	}
}

func TestModulesOfFiles(t *testing.T) {
	r := scripttest.New(t, `
		const a = require('./lib/a'), pkg = require('pkg'), folder = require('./folder'), data = require('./data')
		console.log(a.name, pkg, folder, data.list[1], require('./lib/a') === a, require('./esm.mjs').default, require('./ts').typed)
		console.log(require('pkg/sub'), require.resolve('./lib/a').endsWith('lib/a.js'), require('@scope/p'), Object.keys(require.cache).length, require('./lib/../lib/a.js') === a)
		const c = require('./circular-a'); console.log(c.done, c.other.done, c.other.seen)
		try { require('./throws') } catch (e) { console.log(e.message) } try { require('./throws') } catch (e) { console.log(e.message) }
		try { require('./bad.json') } catch (e) { console.log(e.name, e.message) }
		try { require('./syntax') } catch (e) { console.log(e.name, e.message) }
		try { require('wasi') } catch (e) { console.log(e.message) } try { require('node:nope') } catch (e) { console.log(e.message) }
		exit()`)
	for name, text := range map[string]string{
		"lib/a.js":                       `exports.name = require('../lib/b').name; exports.dir = __dirname`,
		"lib/b.js":                       `exports.name = 'b of ' + module.filename.split('/').pop()`,
		"node_modules/pkg/package.json":  `{"main":"./main"}`,
		"node_modules/pkg/main.js":       `module.exports = 'package'`,
		"node_modules/pkg/sub.js":        `module.exports = 'sub'`,
		"node_modules/@scope/p/index.js": `module.exports = 'scoped'`,
		"folder/index.js":                `module.exports = 'folder'`,
		"data.json":                      `{"list":[1,2]}`,
		"esm.mjs":                        `export default 'esm'`,
		"ts.ts":                          `export const typed: string = 'typed'`,
		"circular-a.js":                  `exports.done = false; exports.other = require('./circular-b'); exports.done = true`,
		"circular-b.js":                  `const a = require('./circular-a'); exports.seen = a.done; exports.done = true`,
		"throws.js":                      `throw new Error('thrown ' + (globalThis.times = (globalThis.times ?? 0) + 1))`,
		"bad.json":                       "{\n  \"a\": x\n}",
		"syntax.js":                      `const = 1`,
	} {
		r.Write(name, text)
	}
	r.Script.Start()
	if state, err := r.Ended(); state != script.StateExited {
		t.Fatalf("%v: %v\n%s", state, err, r.Console.Text())
	}
	want := `b of b.js package folder 2 true esm typed
sub true scoped 10 true
true true false
thrown 1
thrown 2
SyntaxError invalid character 'x' looking for beginning of value
SyntaxError Expected identifier but found "="
the module 'wasi' of Node is not available in scripts
the module 'node:nope' of Node is not available in scripts`
	if got := r.Console.Text(); got != want {
		t.Errorf("console:\n%s\nwant:\n%s", got, want)
	}
}

func TestScriptsThatDoNotLoad(t *testing.T) {
	for _, c := range []struct {
		name, file, source string
		want               []string // in the error
	}{
		{"syntax error", "s.js", "const a = 1\nconst b = = 2\n", []string{"s.js:2:11\nconst b = = 2\n          ^\n\nSyntaxError: "}},
		{"syntax error after a tab", "s.js", "\tlet = 5 5\n", []string{"s.js:1:", "\tlet = 5 5\n\t"}},
		{"syntax error in TypeScript", "s.ts", "let a: string = 'x'\nlet b: = 2", []string{"s.ts:2:8\nlet b: = 2\n       ^\n\nSyntaxError: "}},
		{"twice declared", "s.js", "let a\nlet a", []string{"s.js:2:", "SyntaxError: ", "a"}},
		{"exception", "s.js", "\n\nfunction f() { throw new TypeError('boom') }\nf()", []string{"TypeError: boom\n    at f (", "s.js:3:22)\n    at ", "s.js:4:2"}},
		{"exception in the first line", "s.js", "undefined.x", []string{"TypeError: Cannot read property 'x' of undefined", "s.js:1:11"}},
		{"exception in TypeScript", "s.ts", "interface A {\n  b: number\n}\n\nfunction f(a: A): void {\n  throw new Error('boom')\n}\nf({ b: 1 })", []string{"Error: boom\n    at f (", "s.ts:6:9)"}},
		{"exception in an ES module", "s.mjs", "import 'fs'\n\nexport const x = 1\nthrow new Error('boom')", []string{"Error: boom", "s.mjs:4:7"}},
		{"thrown string", "s.js", "throw 'text'", []string{"'text'", "s.js:1:1"}},
		{"endless loop", "s.js", "for (;;) {}", []string{"interrupted after 50ms", "s.js:1:1"}},
		{"number", "s.js", "module.exports = 5", []string{"the script exports a number; export an object of handlers"}},
		{"null", "s.js", "module.exports = null", []string{"the script exports null"}},
		{"array", "s.js", "module.exports = []", []string{"the script exports an array"}},
		{"function", "s.js", "module.exports = () => {}", []string{"the script exports a function; export an object of handlers"}},
		{"default function", "s.mjs", "export default function () {}", []string{"the script exports a function"}},
		{"handler that is no function", "s.js", "module.exports = { onMessage: 'x' }", []string{"onMessage is a string; it must be a function"}},
		{"module that is missing", "s.js", "\nrequire('./gone')", []string{"Cannot find module './gone'", "s.js:2:8"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := scripttest.Start(t, c.source, scripttest.File(c.file), func(o *script.Options) {
				if c.name == "endless loop" {
					o.HandlerLimit = 50 * time.Millisecond
				}
			})
			state, err := r.Ended()
			if state != script.StateFailed || err == nil {
				t.Fatalf("%v: %v", state, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error:\n%s\nlacks:\n%s", err, want)
				}
			}
			if r.Deliver(&script.Message{}) {
				t.Error("a failed script took a message")
			}
		})
	}
}

func TestPathsThatAreNoScript(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ path, want string }{
		{filepath.Join(dir, "gone.js"), "there is no script " + filepath.Join(dir, "gone.js") + ": file does not exist"},
		{dir, dir + " is a folder; name the script file in it"},
	} {
		r := scripttest.Start(t, "", func(o *script.Options) { o.Path = c.path })
		if _, err := r.Ended(); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

func TestLoadErrorsHaveACause(t *testing.T) {
	_, err := scripttest.Start(t, "const = 1").Ended()
	var syntax *module.SyntaxError
	if !errors.As(err, &syntax) || syntax.Line != 1 || syntax.Column != 7 {
		t.Errorf("%v", err)
	}
	_, err = scripttest.Start(t, "", func(o *script.Options) { o.Path = filepath.Join(t.TempDir(), "gone.js") }).Ended()
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	var overrun *eventloop.Overrun
	_, err = scripttest.Start(t, "for(;;);", func(o *script.Options) { o.HandlerLimit = time.Millisecond }).Ended()
	if !errors.As(err, &overrun) {
		t.Errorf("%v", err)
	}
	var handler *script.HandlerError
	_, err = scripttest.Start(t, "exports.onClose = 1").Ended()
	if !errors.As(err, &handler) {
		t.Errorf("%v", err)
	}
}

func TestWarningsAboutExports(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{`exports.onMesage = () => {}`, "[warn] the script exports onMesage, which is no handler; did you mean onMessage?\n[warn] the script exports no handler such as onMessage and waits for nothing"},
		{`exports.onmessage = () => {}; exports.onClose = () => {}`, "[warn] the script exports onmessage, which is no handler; did you mean onMessage?"},
		{`export function onWilExit() {}; setTimeout(() => {}, 1e6)`, "[warn] the script exports onWilExit, which is no handler; did you mean onWillExit?"},
		{`exports.on_connect = 1; exports.onClose = () => {}`, "[warn] the script exports on_connect, which is no handler; did you mean onConnect?"},
		{``, "[warn] the script exports no handler such as onMessage and waits for nothing"},
		{`setInterval(() => {}, 1e6)`, ""},
		{`publish('a', 'b')`, ""},
		{`exports.helper = 1; exports.onClose = () => {}; exports.config = {}; exports.version = ''`, ""},
	} {
		r := scripttest.Start(t, c.source, func(o *script.Options) { o.Name = "n" })
		if got := r.Console.Text(); got != c.want {
			t.Errorf("%s\nconsole %q, want %q", c.source, got, c.want)
		}
	}
}
