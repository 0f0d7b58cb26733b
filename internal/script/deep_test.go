package script_test

import (
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestRecursionEndsInAnError runs what would use up the stack of a goroutine,
// whose end would be the process's.
func TestRecursionEndsInAnError(t *testing.T) {
	for name, source := range map[string]string{
		"function":    `(function f() { f() })()`,
		"callback":    `(function f() { [1].forEach(f) })()`,
		"getter":      `const o = { get x() { return this.x } }; o.x`,
		"proxy":       `const p = new Proxy({}, { get(t, k, r) { return r[k] } }); p.x`,
		"toString":    `const o = { toString() { return '' + this } }; '' + o`,
		"toJSON":      `const o = { toJSON() { return JSON.stringify(this) } }; JSON.stringify(o)`,
		"sort":        `(function f() { [2, 1].sort(f) })()`,
		"replace":     `(function f() { return 'a'.replace(/a/, f) })()`,
		"constructor": `class A { constructor() { new A() } } new A()`,
		"bind":        `let f = () => f(); f = f.bind(null); f()`,
		"spread":      `(function f(...a) { f(...a) })()`,
		"apply":       `(function f() { f.apply(null, []) })()`,
		"Reflect":     `(function f() { Reflect.apply(f, null, []) })()`,
		"emit":        `const e = new (require('events'))(); e.on('x', () => e.emit('x')); e.emit('x')`,
		"inspect":     `const o = { [Symbol.for('nodejs.util.inspect.custom')]() { return require('util').inspect(this) } }; console.log(o)`,
		"async":       `(async function f() { await f() })()`,
		"promise":     `(function f() { new Promise(f) })()`,
		"eval":        `(function f() { eval('f()') })()`,
		"map":         `(function f() { new Map([[1, 1]]).forEach(f) })()`,
		"require":     `(function f() { require('./self'); f() })()`,
		"setter":      `const o = { set x(v) { this.x = v } }; o.x = 1`,
		"iterator":    `const o = { [Symbol.iterator]() { return [...this] } }; [...o]`,
		"valueOf":     `const o = { valueOf() { return +this } }; +o`,
		"clone":       `const o = {}; let p = o; for (let i = 0; i < 1e5; i++) p = p.x = {}; structuredClone(o)`,
		"show":        `const o = {}; let p = o; for (let i = 0; i < 1e4; i++) p = p.x = {}; console.dir(o, { depth: null })`,
		"stringify":   `const o = {}; let p = o; for (let i = 0; i < 1e4; i++) p = p.x = {}; JSON.stringify(o)`,
		"parse":       `JSON.parse('['.repeat(5e6))`,
		"parse pairs": `JSON.parse('['.repeat(2e6) + ']'.repeat(2e6))`,
		"flat":        `const a = []; let p = a; for (let i = 0; i < 1e5; i++) { const n = []; p.push(n); p = n } a.flat(Infinity)`,
		"pattern":     `new RegExp('('.repeat(1e5) + ')'.repeat(1e5))`,
		"prototypes":  `let o = {}; for (let i = 0; i < 1e5; i++) o = Object.create(o); o.x`,
	} {
		t.Run(name, func(t *testing.T) {
			r := scripttest.Start(t, `exports.onMessage = () => { `+source+` }; exports.onClose = () => console.log('alive')`)
			r.Message("t", "", 1)
			r.Notify(&script.Event{Kind: script.EventClose})
			r.Until("life", func() bool { return strings.HasSuffix(r.Console.Text(), "alive") })
		})
	}
}
