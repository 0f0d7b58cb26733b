package types

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// blocks says which object, given as a JavaScript expression, has the members
// that are declared after the line that begins with from. Of an object marked
// whole every member must be declared.
var blocks = []struct {
	from, object, names string
	whole               bool
}{
	{"declare module 'mqscript'", "require('mqscript')", exported, true},
	{"  export const client:", "require('mqscript').client", properties, true},
	{"  export const store:", "require('mqscript').store", methods, true},
	{"  export const script:", "require('mqscript').script", properties, true},
	{"  interface Process {", "process", methods + "|" + properties, true},
	{"  interface Process {", "require('process')", methods + "|" + properties, true},
	{"  interface Timeout {", "setTimeout(() => {}, 1)", methods, false},
	{"  interface Immediate {", "setImmediate(() => {})", methods, false},
	{"interface Console {", "console", methods, true},
	{"interface Console {", "require('console')", methods, true},
	{"interface Buffer<", "Buffer.alloc(1)", methods, false},
	{"interface BufferConstructor {", "Buffer", methods + "|" + properties, true},
	{"interface URL {", "new URL('mqtt://u:p@host:1883/a?b=c#d')", methods + "|" + properties, false},
	{"interface URLSearchParams {", "new URLSearchParams('a=b')", methods, false},
	{"interface TextEncoder {", "new TextEncoder()", methods + "|" + properties, false},
	{"interface TextDecoder {", "new TextDecoder()", methods + "|" + properties, false},
	{"interface Event {", "new Event('a')", methods + "|" + properties, false},
	{"interface EventTarget {", "new EventTarget()", methods, false},
	{"interface AbortSignal ", "AbortSignal.abort()", methods + "|" + properties, false},
	{"interface AbortController {", "new AbortController()", methods + "|" + properties, false},
	{"interface DOMException ", "new DOMException()", properties, false},
	{"declare module 'fs' {", "require('fs')", exported, true},
	{"  export class Stats {", "require('fs').statSync(__filename)", methods + "|" + properties, true},
	{"  export class Dirent {", "require('fs').readdirSync(__dirname, { withFileTypes: true })[0]", methods + "|" + properties, false},
	{"  export class Dir {", "require('fs').opendirSync(__dirname)", methods + "|" + properties, false},
	{"  export class ReadStream ", "require('fs').createReadStream(__filename)", methods + "|" + properties, false},
	{"  export class WriteStream ", "require('fs').createWriteStream('written')", methods + "|" + properties, false},
	{"  export namespace promises {", "require('fs').promises", exported, true},
	{"  export namespace promises {", "require('node:fs/promises')", exported, true},
	{"  export namespace constants {", "require('fs').constants", exported, true},
	{"  interface Path {", "require('path')", methods + "|" + properties, true},
	{"  class EventEmitter ", "new (require('events'))()", methods, false},
	{"  class EventEmitter ", "require('events')", statics, true},
	{"declare module 'util' {", "require('util')", exported, true},
	{"declare module 'url' {", "require('url')", exported, true},
	{"declare module 'buffer' {", "require('buffer')", exported, true},
	{"interface SubtleCrypto {", "crypto.subtle", methods, true},
	{"declare var crypto: {", "crypto", methods + "|" + properties, true},
	{"declare module '@ttqm/ttqm-support' {", "require('@ttqm/ttqm-support')", exported, true},
	{"  export class CommonHelper {", "require('@ttqm/ttqm-support').CommonHelper", statics, true},
	{"  export class UserScriptHelper {", "require('@ttqm/ttqm-support').UserScriptHelper", statics, true},
	{"  export class ByteUtil {", "require('@ttqm/ttqm-support').ByteUtil", statics, true},
	{"  export class CertUtil {", "require('@ttqm/ttqm-support').CertUtil", statics, true},
	{"  export class EncryptUtil {", "require('@ttqm/ttqm-support').EncryptUtil", statics, true},
	{"  export class FileUtil {", "require('@ttqm/ttqm-support').FileUtil", statics, true},
	{"  export class TimeUtil {", "require('@ttqm/ttqm-support').TimeUtil", statics, true},
	{"  export class TopicUtil {", "require('@ttqm/ttqm-support').TopicUtil", statics, true},
	{"  export class TcpClient {", "new (require('@ttqm/ttqm-support').TcpClient)('h', 1)", methods + "|" + properties, false},
	{"  export class TcpServer {", "new (require('@ttqm/ttqm-support').TcpServer)(1)", methods + "|" + properties, false},
	{"  export class WsClient {", "new (require('@ttqm/ttqm-support').WsClient)('ws://h')", methods + "|" + properties, false},
	{"  export class WsServer {", "new (require('@ttqm/ttqm-support').WsServer)(1)", methods + "|" + properties, false},
	{"declare module 'crypto' {", "require('crypto')", exported, true},
	{"  export class Hash ", "require('crypto').createHash('md5')", methods, false},
	{"  export class Hmac ", "require('crypto').createHmac('md5', '')", methods, false},
	{"  export class KeyObject {", "require('crypto').createSecretKey('k', 'utf8')", methods + "|" + properties, false},
	{"  export class X509Certificate {", "require('crypto').X509Certificate.prototype", methods, false},
	{"  export class ECDH {", "require('crypto').createECDH('prime256v1')", methods, false},
	{"  export class ECDH {", "require('crypto').ECDH", statics, false},
	{"  export class DiffieHellmanGroup {", "require('crypto').getDiffieHellman('modp1')", methods + "|" + properties, false},
	{"  export class DiffieHellman ", "require('crypto').createDiffieHellman(Buffer.from([23]))", methods, false},
	{"  export class Sign ", "require('crypto').createSign('sha256')", methods, false},
	{"  export class Verify ", "require('crypto').createVerify('sha256')", methods, false},
	{"  export class Cipheriv ", "require('crypto').createCipheriv('aes128', 'k'.repeat(16), 'i'.repeat(16))", methods, false},
	{"  export class Decipheriv ", "require('crypto').createDecipheriv('aes128', 'k'.repeat(16), 'i'.repeat(16))", methods, false},
	{"declare module 'string_decoder' {", "require('string_decoder')", exported, true},
	{"  export class StringDecoder {", "new (require('string_decoder').StringDecoder)()", methods + "|" + properties, false},
	{"  namespace stream {", "require('stream')", exported, true},
	{"    class Readable ", "new (require('stream').Readable)()", methods + "|" + properties, false},
	{"    class Readable ", "require('stream').Readable", statics, false},
	{"    class Writable ", "new (require('stream').Writable)()", methods + "|" + properties, false},
	{"    class Duplex ", "new (require('stream').Duplex)()", methods + "|" + properties, false},
	{"    class Transform ", "new (require('stream').Transform)()", methods + "|" + properties, false},
	{"declare module 'readline' {", "require('readline')", exported, true},
	{"  export interface Lines extends EventEmitter {", "new (require('readline').Interface)({ input: new (require('stream').PassThrough)() })", methods + "|" + properties, false},
	{"declare module 'readline/promises' {", "require('readline/promises')", exported, true},
	{"declare module 'vm' {", "require('vm')", exported, true},
	{"declare module 'stream/promises' {", "require('stream/promises')", exported, true},
	{"declare module 'stream/consumers' {", "require('stream/consumers')", exported, true},
	{"declare module 'zlib' {", "require('zlib')", exported, true},
	{"  export class Gzip ", "require('zlib').createGzip()", methods, false},
	{"declare module 'querystring' {", "require('querystring')", exported, true},
	{"declare module 'os' {", "require('os')", exported, true},
	{"  namespace assert {", "require('assert')", exported, true},
	{"  namespace assert {", "require('node:assert/strict')", exported, true},
	{"interface Headers ", "new Headers()", methods, false},
	{"interface Request ", "new Request('http://localhost/')", methods + "|" + properties, false},
	{"interface Response ", "new Response()", methods + "|" + properties, false},
	{"interface Body {", "new Response()", methods + "|" + properties, false},
	{"interface Blob {", "new Blob()", methods + "|" + properties, false},
	{"interface File ", "new File([], '')", properties, false},
	{"interface FormData ", "new FormData()", methods, false},
	{"interface ReadableStream<", "new ReadableStream()", methods + "|" + properties, false},
	{"interface ReadableStreamDefaultReader<", "new ReadableStream().getReader()", methods + "|" + properties, false},
	{"interface WritableStream<", "new WritableStream()", methods + "|" + properties, false},
	{"interface WritableStreamDefaultWriter<", "new WritableStream().getWriter()", methods + "|" + properties, false},
	{"interface TransformStream<", "new TransformStream()", properties, false},
	{"declare module 'stream/web'", "require('stream/web')", exported, true},
	{"declare module 'net' {", "require('net')", exported, true},
	{"  export class Socket extends Duplex {", "new (require('net').Socket)()", methods + "|" + properties, false},
	{"  export class Server extends EventEmitter {", "require('net').createServer()", methods, false},
	{"declare module 'tls' {", "require('tls')", exported, true},
	{"  export class TLSSocket ", "new (require('tls').TLSSocket)()", methods, false},
	{"  export class Server extends NetServer {", "require('tls').createServer()", methods, false},
	{"declare module 'dgram' {", "require('dgram')", exported, true},
	{"  export class Socket extends EventEmitter {", "require('dgram').createSocket('udp4')", methods, false},
	{"declare module 'dns' {", "require('dns')", exported, true},
	{"  export class Resolver {", "new (require('dns').Resolver)()", methods, false},
	{"  export class Resolver {", "new (require('dns/promises').Resolver)()", methods, false},
	{"declare module 'dns/promises' {", "require('dns').promises", exported, true},
	{"declare module 'dns/promises' {", "require('dns/promises')", exported, true},
	{"declare module 'http' {", "require('http')", exported, true},
	{"  export class Agent ", "new (require('http').Agent)()", methods + "|" + properties, false},
	{"  export class IncomingMessage ", "new (require('http').IncomingMessage)()", methods + "|" + properties, false},
	{"  export class OutgoingMessage ", "new (require('http').OutgoingMessage)()", methods + "|" + properties, false},
	{"  export class ClientRequest ", "new (require('http').ClientRequest)({})", methods + "|" + properties, false},
	{"  export class ServerResponse ", "new (require('http').ServerResponse)({})", methods + "|" + properties, false},
	{"declare module 'https' {", "require('https')", exported, true},
	{"declare module 'http2' {", "require('http2')", exported, true},
	{"declare module 'diagnostics_channel' {", "require('diagnostics_channel')", exported, true},
	{"  export class Channel ", "require('diagnostics_channel').channel('c')", methods + "|" + properties, false},
	{"declare module 'async_hooks' {", "require('async_hooks')", exported, true},
	{"  export class AsyncLocalStorage<T> ", "new (require('async_hooks').AsyncLocalStorage)()", methods, false},
	{"  export class AsyncResource ", "new (require('async_hooks').AsyncResource)('x')", methods, false},
	{"declare module 'tty' {", "require('tty')", exported, true},
	{"declare module 'timers' {", "require('timers')", exported, true},
	{"declare module 'timers/promises' {", "require('timers').promises", exported, true},
	{"declare module 'timers/promises' {", "require('timers/promises')", exported, true},
}

const (
	exported   = `(?:export )?(?:const|function|namespace|class) (\w+)`
	statics    = `static (?:readonly )?(\w+)`
	methods    = `(\w+)(?:<[^>]*>)?\(`
	properties = `(?:readonly )?(\w+)\??:`
)

// members returns the names that stand between the line that begins with from
// and its end, at the first level.
func members(t *testing.T, from, names string) []string {
	t.Helper()
	_, rest, found := strings.Cut(Declarations, "\n"+from)
	if !found {
		t.Fatalf("the declarations have no line %q", from)
	}
	indent := from[:len(from)-len(strings.TrimLeft(from, " "))]
	body, _, found := strings.Cut(rest, "\n"+indent+"}")
	if !found {
		t.Fatalf("%q does not end", from)
	}
	list := submatches("(?m)^"+indent+"  (?:"+names+")", body)
	if len(list) == 0 {
		t.Errorf("%q declares nothing", from)
	}
	return list
}

func submatches(pattern, text string) []string {
	var names []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		names = append(names, strings.Join(m[1:], ""))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

var (
	globalPattern = `(?m)^declare (?:var|function) (\w+)`
	modulePattern = `(?m)^declare module '([\w:/@-]+)'`
)

// TestDeclaredNamesExist asks a script for every name that is declared.
func TestDeclaredNamesExist(t *testing.T) {
	var source strings.Builder
	check := func(what, condition string, args ...any) {
		fmt.Fprintf(&source, "check(%q, () => %s)\n", what, fmt.Sprintf(condition, args...))
	}
	for _, b := range blocks {
		for _, name := range members(t, b.from, b.names) {
			check(b.object+"."+name, "%q in Object(%s)", name, b.object)
		}
	}
	for _, name := range submatches(globalPattern, Declarations) {
		check("the global "+name, "typeof %s !== 'undefined'", name)
	}
	for _, name := range submatches(modulePattern, Declarations) {
		check("the module "+name, "require(%q) !== undefined", name)
	}
	out := scripttest.Output(t, `
function check(what, holds) {
  try {
    if (!holds()) console.log(what + ' does not exist')
  } catch (error) {
    console.log(what + ': ' + error.message)
  }
}
`+source.String()+"exit()")
	if out != "" {
		t.Error(out)
	}
}

// TestExistingNamesAreDeclared asks a script for the globals that it has
// beyond the language's own, and for the members of what is declared whole.
func TestExistingNamesAreDeclared(t *testing.T) {
	declared := submatches(globalPattern, Declarations)
	language := append(goja.New().GlobalObject().GetOwnPropertyNames(), "Intl", "WeakRef", "FinalizationRegistry")
	for _, name := range namesOf(t, "globalThis") {
		if !slices.Contains(language, name) && !slices.Contains(declared, name) {
			t.Errorf("the global %s is not declared", name)
		}
	}
	ofFunction := []string{"length", "name", "prototype"}
	for _, b := range blocks {
		if !b.whole {
			continue
		}
		declared := members(t, b.from, b.names)
		for _, name := range namesOf(t, b.object) {
			if !slices.Contains(declared, name) && !slices.Contains(ofFunction, name) {
				t.Errorf("%s.%s is not declared", b.object, name)
			}
		}
	}
}

// namesOf returns the names of an object's own members.
func namesOf(t *testing.T, object string) (names []string) {
	t.Helper()
	out := scripttest.Output(t, "console.log(JSON.stringify(Object.getOwnPropertyNames("+object+"))); exit()")
	if err := json.Unmarshal([]byte(out), &names); err != nil {
		t.Fatalf("the script printed %q: %v", out, err)
	}
	return names
}
