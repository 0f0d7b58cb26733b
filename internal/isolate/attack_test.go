package isolate

import (
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/script"
)

// Why a script may be ended.
const (
	forMemory    = "it used more than 64 MB of memory"
	forRecursion = "its recursion was deeper than its process could bear"
	forStuck     = "could not be interrupted"
)

// Each script does harm when it gets a message. It is either ended, with the
// reason on its console, or goes on with an error there.
func TestHarmIsContained(t *testing.T) {
	for _, c := range []struct {
		name, harm string
		ended      []string // one of these is the reason
		survives   string   // or this is on the console
		endless    bool     // it is up to the handler limit
	}{
		{name: "allocates arrays", harm: `const keep = []; for (;;) keep.push(new Array(10000).fill(keep.length))`, ended: []string{forMemory}},
		{name: "allocates buffers", harm: `const keep = []; for (;;) keep.push(Buffer.alloc(1 << 20, 'x'))`, ended: []string{forMemory}},
		{name: "allocates text", harm: `let text = 'x'; for (;;) text += text + 'y'`, ended: []string{forMemory}},
		{name: "allocates promises", harm: `const keep = []; for (;;) keep.push(new Promise(() => {}).then(() => keep))`, ended: []string{forMemory}},
		{name: "allocates in a timer", harm: `const keep = []; setInterval(() => { for (let i = 0; i < 100; i++) keep.push(new Array(10000).fill(i)) }, 0)`, ended: []string{forMemory}},
		{name: "a giant string", harm: `'x'.repeat(2 ** 40)`, ended: []string{forMemory}, survives: "Invalid string length"},
		{name: "a large string", harm: `'x'.repeat(2 ** 30).length`, ended: []string{forMemory}, survives: "Invalid string length"},
		{name: "a giant array", harm: `new Array(2 ** 32 - 1).fill(0)`, ended: []string{forMemory, forStuck}, survives: "RangeError", endless: true},
		{name: "a giant buffer", harm: `Buffer.alloc(2 ** 40)`, survives: "ERR_OUT_OF_RANGE"},
		{name: "a giant ArrayBuffer", harm: `new ArrayBuffer(2 ** 45)`, ended: []string{forMemory}, survives: "RangeError"},
		{name: "recursion", harm: `(function f() { return f() + 1 })()`, survives: "Maximum call stack size exceeded"},
		{name: "recursion by yield*", harm: `(function* g() { yield* g() })().next()`, ended: []string{forRecursion, forMemory}, survives: "Maximum call stack size exceeded"},
		{name: "recursion by toString", harm: `const o = { toString() { return String(o) } }; String(o)`, survives: "Maximum call stack size exceeded"},
		{name: "recursion by a getter", harm: `const o = { get x() { return this.x } }; o.x`, survives: "Maximum call stack size exceeded"},
		{name: "nested brackets", harm: `eval('['.repeat(3e6))`, ended: []string{forRecursion, forMemory}, survives: "Error"},
		{name: "nested parentheses", harm: `eval('('.repeat(3e6) + '1' + ')'.repeat(3e6))`, ended: []string{forRecursion, forMemory}, survives: "Error"},
		{name: "nested JSON", harm: `JSON.parse('['.repeat(5e6))`, survives: "SyntaxError"},
		{name: "a search without end", harm: `/^(?=(a+)+$)\1?/.test('a'.repeat(60) + 'b')`, ended: []string{forStuck}, survives: "Error", endless: true},
		{name: "a sort that takes long", harm: `const list = 'b,a,d,c,'.repeat(1 << 17).split(','); for (;;) list.sort()`, ended: []string{forStuck}, survives: "interrupted after", endless: true},
		{name: "looks for something for long", harm: `Array.prototype.indexOf.call({ length: 2 ** 52 }, 1)`, ended: []string{forStuck}, endless: true},
		{name: "joins nothing for long", harm: `new Array(2 ** 32 - 1).join('')`, ended: []string{forStuck, forMemory}, survives: "Error", endless: true},
		{name: "an endless loop", harm: `for (;;) ;`, survives: "interrupted after 500ms", endless: true},
		{name: "endless promises", harm: `const f = () => Promise.resolve().then(f); f()`, survives: "interrupted after 500ms", endless: true},
		{name: "endless ticks", harm: `const f = () => process.nextTick(f); f()`, survives: "interrupted after 500ms", endless: true},
		{name: "kills", harm: `process.kill ? process.kill(process.pid, 'SIGKILL') : (() => { throw new Error('cannot') })()`, ended: []string{"killed"}, survives: "Error"},
		{name: "aborts", harm: `process.abort ? process.abort() : (() => { throw new Error('cannot') })()`, ended: []string{"ended"}, survives: "Error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, `exports.onMessage = (t, p) => { if (String(p) === 'well') return console.log('lives'); `+c.harm+` }`,
				func(cfg *Config, o *script.Options) {
					cfg.Memory, cfg.Grace = 64<<20, 200*time.Millisecond
					if o.HandlerLimit = 500 * time.Millisecond; !c.endless {
						o.HandlerLimit = time.Minute // which is not what ends it
					}
				}).running()
			r.message(1, "harm")
			r.message(1, "well")
			r.until("end or life", func() bool {
				return isClosed(r.Done()) || strings.Contains(strings.Join(r.lines, "\n"), "lives") && !strings.Contains(c.harm, "setInterval")
			})
			text := r.text()
			if !isClosed(r.Done()) {
				if c.survives == "" || !strings.Contains(text, c.survives) {
					t.Errorf("it lives, and its console says\n%s", text)
				}
				return
			}
			state, err := r.ended()
			if state != script.StateFailed || err == nil || !containsOne(err.Error(), c.ended) || !strings.Contains(text, "! the script was ended: ") {
				t.Errorf("%v %v; the console:\n%s", state, err, text)
			}
			if strings.Contains(c.harm, "setInterval") {
				return // the messages were handled before
			}
			if r.settledNow() != "harm false,well false" {
				t.Errorf("settled %s", r.settledNow())
			}
		})
	}
}

func containsOne(s string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// A script that needs a lot for a moment and gives it back is left alone, and so
// is one that keeps most of its budget.
func TestBudgetIsForWhatIsKept(t *testing.T) {
	r := start(t, `
let kept = []
exports.onMessage = (t, p) => {
  if (String(p) === 'churn') for (let i = 0; i < 400; i++) { const b = Buffer.alloc(1 << 20, i); if (b[5] !== i % 256) throw new Error() }
  else for (let i = 0; i < 60; i++) kept.push(Buffer.alloc(1 << 20, i))
  console.log(String(p), kept.length)
}`, func(cfg *Config, _ *script.Options) { cfg.Memory = 128 << 20 }).running()
	r.message(0, "churn")
	r.message(0, "keep")
	r.message(0, "churn")
	r.prints("churn 0\nkeep 60\nchurn 60")
	if isClosed(r.Done()) {
		t.Error("it was ended")
	}
}
