package eventloop_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop"
)

// carrying starts a loop whose VM has carry(object) and carried(), which is the
// object's name.
func carrying(t *testing.T, reactions bool) *harness {
	t.Helper()
	h := start(t, eventloop.Config{})
	defined := make(chan struct{})
	h.offer(job(func() {
		defer close(defined)
		vm := h.VM()
		_ = vm.Set("carry", func(call goja.FunctionCall) goja.Value {
			o, _ := call.Argument(0).(*goja.Object)
			h.Carry(o)
			return goja.Undefined()
		})
		_ = vm.Set("carried", func(goja.FunctionCall) goja.Value {
			if o := h.Carried(); o != nil {
				return o.Get("name")
			}
			return vm.ToValue("nothing")
		})
		_ = vm.Set("tick", func(call goja.FunctionCall) goja.Value {
			fn, _ := goja.AssertFunction(call.Argument(0))
			h.NextTick("tick", fn)
			return goja.Undefined()
		})
		if reactions {
			h.CarryToReactions()
		}
	}))
	<-defined
	return h
}

func TestWhatIsCarriedGoesAlong(t *testing.T) {
	h := carrying(t, true)
	h.eval(`
		const tell = (what) => log(what + ':' + carried())
		carry({ name: 'a' })
		setTimeout(tell, 1, 'timeout')
		Promise.resolve().then(() => tell('then'))
		tick(() => { tell('tick'); carry({ name: 'other' }); tick(() => tell('its tick')) })
		carry({ name: 'b' });
		(async () => { await null; tell('await'); await null; tell('again'); setImmediate(tell, 'immediate') })()
		queueMicrotask(() => tell('microtask'))
		carry(null)
		tell('sync')`)
	// Whether the timer or the immediate comes first is the clock's matter.
	h.until(func() string {
		words := strings.Fields(strings.ReplaceAll(h.logged(), "its tick", "its-tick"))
		slices.Sort(words)
		return strings.Join(words, " ")
	}, "again:b await:b immediate:b its-tick:other microtask:b sync:nothing then:a tick:a timeout:a")
}

func TestNothingIsCarriedIntoAnotherTurn(t *testing.T) {
	h := carrying(t, true)
	h.eval(`carry({ name: 'left' }); setTimeout(() => {}, 1)`)
	h.eval(`log(carried()); carry({ name: 'thrown' }); throw new Error('boom')`)
	h.eval(`log(carried())`)
	h.until(h.logged, "nothing nothing")
}

func TestReactionsHaveWhatTheirTurnCarriesUnlessAsked(t *testing.T) {
	h := carrying(t, false)
	h.eval(`
		carry({ name: 'a' })
		const p = new Promise((resolve) => setTimeout(resolve, 1))
		p.then(() => log(carried())).then(() => log(carried()))
		setTimeout(() => log('timeout:' + carried()), 5)`)
	h.until(h.logged, "a a timeout:a")
}
