package script_test

import (
	"testing"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestGlobalsThatPackagesForBrowsersExpect(t *testing.T) {
	got := scripttest.Output(t, `
		const all = crypto.getRandomValues(new Uint8Array(64)), wide = new Uint32Array(16)
		console.log(all.some((b) => b), crypto.getRandomValues(wide) === wide, wide.some((n) => n > 65535))
		console.log(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(crypto.randomUUID()), crypto.randomUUID() !== crypto.randomUUID())
		for (const bad of [new Float32Array(1), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), [1], 1, new Uint8Array(65537)]) {
			try { crypto.getRandomValues(bad) } catch (e) { console.log(e.code) }
		}
		const before = performance.now()
		console.log(before >= 0, performance.now() >= before, Math.abs(performance.timeOrigin + before - Date.now()) < 5000, crypto === globalThis.crypto)
		class Failure extends Error { constructor(m) { super(m); this.name = 'Failure'; Error.captureStackTrace(this, Failure) } }
		function make() { return new Failure('no') }
		const lines = make().stack.split('\n')
		console.log(lines[0], lines[1].split('(')[0].trim())
		const plain = {}; Error.captureStackTrace(plain); console.log(plain.stack.includes('script.js:'), Object.keys(plain).length)
		try { Error.captureStackTrace(1) } catch (e) { console.log(e.name) }
		performance = 1; crypto = 2; console.log(performance, crypto)
		exit()`)
	want := `true true true
true true
17
17
17
17
17
22
true true true true
Failure: no at make
true 0
TypeError
1 2`
	if got != want {
		t.Errorf("%s\nwant:\n%s", got, want)
	}
}
