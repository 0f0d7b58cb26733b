const log = (...values) => console.log(...values)
const readline = require('readline'), { PassThrough, Readable } = require('stream'), fs = require('fs'), os = require('os'), path = require('path')
const attempt = (f) => { try { log(f()) } catch (e) { log(e.code ?? e.name) } }
const until = (emitter, name) => new Promise((resolve) => { emitter.once(name, resolve) })

const events = async (chunks, options = {}) => {
  const seen = [], input = Readable.from(chunks)
  const lines = readline.createInterface({ input, ...options })
  for (const name of ['line', 'pause', 'resume', 'close']) lines.on(name, (line) => seen.push(line === undefined ? name : [line]))
  await until(lines, 'close')
  return seen
}

async function main() {
  log(await events(['a\nb\r\nc\rd\u2028e\u2029f']), await events(['one', ' line\ntw', 'o\n']), await events(['']), await events(['\n\n']))
  log(await events(['a\r', '\nb\r', 'c']), await events(['a\r', '\n', '\n'], { crlfDelay: Infinity }), await events([Buffer.from('ü😀').subarray(0, 3), Buffer.from('ü😀').subarray(3), Buffer.from('\nx')]))
  { // a file, in every way
    const file = path.join(os.tmpdir(), `lines-${Date.now()}.txt`)
    fs.writeFileSync(file, Array.from({ length: 1500 }, (_, i) => `line ${i}`).join('\n'))
    let n = 0, last
    for await (const line of readline.createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity })) { n++; last = line }
    log(n, last)
    n = 0
    const lines = readline.createInterface({ input: fs.createReadStream(file) })
    lines.on('line', () => { if (++n === 10) lines.close() })
    await until(lines, 'close')
    log(n >= 10, lines.closed, lines.terminal)
    for await (const line of readline.createInterface(fs.createReadStream(file))) { log(line); break }
    const slow = readline.createInterface({ input: fs.createReadStream(file) })
    n = 0
    for await (const line of slow) { if (n++ % 500 === 0) await new Promise((resolve) => { setTimeout(resolve, 1) }); last = line }
    log(n, last)
    fs.unlinkSync(file)
  }
  { // questions
    const input = new PassThrough(), output = new PassThrough(), written = []
    output.on('data', (chunk) => written.push(`${chunk}`))
    const lines = readline.createInterface({ input, output, prompt: 'say> ' })
    log(lines.getPrompt(), lines.terminal, lines.line, lines.cursor)
    lines.on('line', (line) => log('line', line))
    lines.prompt()
    lines.question('name? ', (answer) => log('answer', answer))
    input.write('bob\nfree\n')
    await new Promise(setImmediate)
    log(lines.getPrompt(), written)
    lines.setPrompt('> ')
    log(lines.getPrompt(), lines.pause() === lines, lines.pause(), lines.resume() === lines, lines.resume())
    const stop = new AbortController()
    lines.question('never? ', { signal: stop.signal }, () => log('must not be'))
    stop.abort()
    input.write('a line\n')
    await new Promise(setImmediate)
    lines.close(); lines.close()
    attempt(() => lines.question('x', () => {}))
    log(lines.closed, written)
  }
  { // promises
    const input = new PassThrough(), output = new PassThrough()
    const lines = require('readline/promises').createInterface({ input, output })
    const first = lines.question('a? ')
    input.write('1\n')
    log(await first, `${output.read()}`)
    const stop = new AbortController(), second = lines.question('b? ', { signal: stop.signal })
    stop.abort()
    await second.catch((e) => log(e.name, e.code))
    await lines.question('c? ', { signal: AbortSignal.abort() }).catch((e) => log(e.name, e.code))
    lines.close()
    await lines.question('d? ').catch((e) => log(e.code))
    log(require('readline/promises') === readline.promises, require('node:readline') === readline, lines instanceof readline.promises.Interface, lines instanceof readline.Interface)
  }
  { // by a signal, and by nothing
    const stop = new AbortController(), lines = readline.createInterface({ input: new PassThrough(), signal: stop.signal })
    const closed = until(lines, 'close')
    stop.abort()
    const gone = readline.createInterface({ input: new PassThrough(), signal: AbortSignal.abort() })
    await Promise.all([closed, until(gone, 'close')])
    log(lines.closed, gone.closed)
    for (const f of [() => readline.createInterface().closed, () => readline.createInterface({}).closed]) try { f() } catch (e) { log(e instanceof TypeError) }
    const both = readline.Interface({ input: new PassThrough() })
    log(both instanceof readline.Interface, readline.Interface.name)
    both.close()
  }
  log(readline.emitKeypressEvents(new PassThrough()))
  { // cursors
    const out = new PassThrough(), read = () => JSON.stringify(`${out.read()}`)
    log(readline.cursorTo(out, 1), read(), readline.cursorTo(out, 1, 2), read(), readline.moveCursor(out, 1, -1), read(), readline.moveCursor(out, 0, 0), readline.clearLine(out, -1), read(), readline.clearLine(out, 0), read(), readline.clearScreenDown(out), read())
    for (const f of [() => readline.cursorTo(out, 'a'), () => readline.cursorTo(out, 'a', 1)]) attempt(f)
    await new Promise((resolve) => { log(readline.clearLine(out, 1, resolve), readline.cursorTo(null, 1)) })
  }
  { // other modules
    const vm = require('vm'), v8 = require('v8')
    log(vm.runInThisContext('1 + 1'), new vm.Script('typeof require + this.undefined').runInThisContext(), vm.isContext({}), v8.startupSnapshot.isBuildingSnapshot(), require('sys') === require('util'), require('trace_events').getEnabledCategories())
    attempt(() => new vm.Script('{'))
    const buffer = require('buffer')
    log(buffer.Blob === Blob, buffer.File === File, buffer.kStringMaxLength, buffer.INSPECT_MAX_BYTES, buffer.isUtf8(Buffer.from('ü')), buffer.isUtf8(new Uint8Array([0xff])), buffer.isAscii(Buffer.from('ü')), buffer.isAscii(new ArrayBuffer(2)), buffer.isAscii(new Uint16Array([65])))
    for (const f of [() => buffer.isUtf8('a'), () => buffer.isAscii()]) attempt(f)
    const event = new MessageEvent('message', { data: { a: 1 }, origin: 'here', lastEventId: 7, cancelable: true })
    log(event.data, event.origin, event.lastEventId, event.source, event.ports, event.type, event instanceof Event)
    log(new MessageEvent('x').data, MessageEvent.name, MessageEvent.length)
    attempt(() => MessageEvent.prototype.data)
    log(console.clear(), console.timeStamp('a'), console.profile(), console.profileEnd())
  }
}
main().then(exit, (e) => { log('failed', e); exit() })
