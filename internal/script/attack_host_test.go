package script_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// everything makes one of each kind of object that a script can get hold of.
const everything = `
	const found = globalThis.found = []
	const names = ['assert', 'buffer', 'console', 'crypto', 'dgram', 'dns', 'dns/promises', 'events', 'fs', 'fs/promises', 'http', 'https', 'module', 'mqscript', 'net', 'os', 'path', 'process', 'querystring', 'stream', 'stream/consumers', 'stream/promises', 'stream/web', 'string_decoder', 'timers', 'timers/promises', 'tls', 'url', 'util', 'zlib', '@ttqm/ttqm-support']
	const m = {}
	for (const name of names) try { m[name] = require(name); found.push(m[name]) } catch {}
	const make = (f) => { try { const v = f(); found.push(v); if (v instanceof Promise) v.then((x) => found.push(x), (e) => found.push(e)) } catch (e) { found.push(e) } }
	const { crypto: c, zlib, fs, net, http, dgram, tls, mqscript } = m
	for (const f of [
		() => module, () => require, () => process.versions, () => process.memoryUsage(), () => process.hrtime(), () => process.stdout, () => process.env,
		() => c.createHash('md5'), () => c.createHmac('md5', 'k'), () => c.createCipheriv('aes-128-cbc', 'k'.repeat(16), 'i'.repeat(16)), () => c.createDecipheriv('aes-128-gcm', 'k'.repeat(16), 'i'.repeat(16)),
		() => c.createSign('sha256'), () => c.createVerify('sha256'), () => c.createSecretKey('k', 'utf8'), () => c.generateKeyPairSync('ec', { namedCurve: 'P-256' }), () => c.createECDH('prime256v1'),
		() => crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']), () => crypto.subtle.digest('SHA-1', Buffer.from('a')),
		() => zlib.createGzip(), () => zlib.createGunzip(), () => zlib.gzipSync('a'), () => new Promise((done) => zlib.gzip('a', done)),
		() => new TextDecoder(), () => new TextEncoder(), () => new URL('http://a/?b=c'), () => new URL('http://a/?b=c').searchParams, () => new URLSearchParams('a=b').entries(), () => new (m.string_decoder.StringDecoder)(),
		() => setTimeout(() => {}, 1), () => setImmediate(() => {}), () => setInterval(() => {}, 1e6), () => new AbortController(), () => AbortSignal.timeout(1e6), () => new Event('a'),
		() => fs.statSync(__filename), () => fs.readdirSync(__dirname, { withFileTypes: true }), () => fs.createReadStream(__filename), () => fs.createWriteStream('w'), () => fs.promises.open(__filename), () => fs.promises.stat(__filename), () => { try { fs.readFileSync('none') } catch (e) { return e } },
		() => net.createServer().listen(0, '127.0.0.1'), () => net.connect(1, '127.0.0.1').on('error', () => {}), () => new net.Socket(), () => new net.BlockList(), () => dgram.createSocket('udp4').bind(0, '127.0.0.1'),
		() => http.createServer().listen(0, '127.0.0.1'), () => http.get('http://127.0.0.1:1').on('error', () => {}), () => new http.Agent(), () => http.globalAgent, () => tls.createSecureContext({}), () => tls.connect(1, '127.0.0.1').on('error', () => {}),
		() => fetch('http://127.0.0.1:1'), () => new Headers(), () => new Request('http://127.0.0.1:1'), () => new Response('a'), () => new Response('a').body, () => new Blob(['a']), () => new FormData(), () => new WebSocket('ws://127.0.0.1:1'),
		() => m.stream.Readable.from(['a']), () => new m.stream.PassThrough(), () => m.events.once(new m.events(), 'a'), () => structuredClone(new Map([[1, { a: new Date() }]])), () => performance,
		() => m.util.inspect, () => m.util.promisify(setTimeout)(1), () => m.dns.promises, () => new m.dns.Resolver(), () => m['timers/promises'].setInterval(1),
		() => mqscript.client, () => mqscript.script, () => mqscript.store, () => mqscript.env, () => mqscript.subscribe('a'), () => publish('a', 'b', { qos: 1 }), () => mqscript.nextMessage('x', { timeout: 1 }), () => mqscript.store.get('a'),
		() => publish(1), () => publish('a', 'b', { qos: 7 }), () => { try { null.x } catch (e) { return e } }, () => { try { eval('(') } catch (e) { return e } }, () => Error('a').stack, () => new Error('a', { cause: 1 }),
		() => [].values(), () => new Map().entries(), () => 'a'.matchAll(/a/g), () => (function* () {})(), () => (async () => {})(), () => new Proxy({}, {}), () => Symbol.iterator, () => 1n, () => new Intl.DateTimeFormat(), () => new Intl.NumberFormat(), () => new WeakRef({}),
	]) make(f)
	exports.onMessage = (topic, payload, packet) => found.push(topic, payload, packet, packet.properties)
	exports.onPublish = exports.onPacketSend = exports.onPacketReceive = exports.onConnect = (...all) => found.push(...all)
	setTimeout(() => console.log('made'), 50)`

// TestNoGoValueIsInReach walks over all objects that a script can reach, hidden
// properties and getters included, and finds none whose fields or methods are
// those of a Go value.
func TestNoGoValueIsInReach(t *testing.T) {
	r := scripttest.Start(t, everything)
	r.Until("the objects", func() bool { return strings.Contains(r.Console.Text(), "made") })
	r.Message("t", "p", 1)
	done := make(chan map[string]string, 1)
	count := 0
	script.OnLoop(r.Script, func(vm *goja.Runtime) {
		defer close(done)
		w := walker{vm: vm, seen: map[*goja.Object]bool{}, wrong: map[string]string{}}
		w.queue = []step{{"globalThis", vm.GlobalObject()}}
		for len(w.queue) > 0 {
			next := w.queue[0]
			w.queue = w.queue[1:]
			w.visit(next)
		}
		count = len(w.seen)
		done <- w.wrong
	})
	wrong, ok := <-done
	if !ok {
		t.Fatal(r.Console.Text())
	}
	for kind, path := range wrong {
		t.Errorf("a script reaches a %s as %s", kind, path)
	}
	if count < 2000 {
		t.Errorf("only %d objects were found", count)
	}
}

// walker visits every object that can be reached.
type walker struct {
	vm    *goja.Runtime
	seen  map[*goja.Object]bool
	queue []step
	wrong map[string]string // Go type -> where it was found
}

type step struct {
	path  string
	value goja.Value
}

// harmless are the types that the engine gives its own objects.
var harmless = []reflect.Type{
	reflect.TypeFor[map[string]any](), reflect.TypeFor[[]any](), reflect.TypeFor[func(goja.FunctionCall) goja.Value](),
	reflect.TypeFor[[][2]any](), reflect.TypeFor[*goja.Promise](), reflect.TypeFor[goja.ArrayBuffer](), reflect.TypeFor[goja.Proxy](),
}

func (w *walker) visit(s step) {
	obj, ok := s.value.(*goja.Object)
	if !ok || w.seen[obj] || strings.Count(s.path, ".") > 12 {
		return
	}
	w.seen[obj] = true
	kind := obj.ExportType()
	known := kind == nil || kind.PkgPath() == "" && kind.Kind() != reflect.Pointer && kind.NumMethod() == 0 && kind.Kind() != reflect.Map && kind.Kind() != reflect.Struct
	for _, one := range harmless {
		known = known || kind == one
	}
	if !known && kind.String() != "time.Time" && !strings.HasPrefix(kind.String(), "*native.handle") {
		w.wrong[fmt.Sprint(kind, " ", obj.ClassName())] = s.path
	}
	if proto := obj.Prototype(); proto != nil {
		w.queue = append(w.queue, step{s.path + ".__proto__", proto})
	}
	for _, name := range obj.GetOwnPropertyNames() {
		w.add(s.path+"."+name, func() goja.Value { return obj.Get(name) })
	}
	for _, symbol := range obj.Symbols() {
		w.add(s.path+"."+symbol.String(), func() goja.Value { return obj.GetSymbol(symbol) })
	}
}

// add takes a property, whose getter may throw.
func (w *walker) add(path string, get func() goja.Value) {
	_ = w.vm.Try(func() {
		if v := get(); v != nil {
			w.queue = append(w.queue, step{path, v})
		}
	})
}
