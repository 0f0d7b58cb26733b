// Channels, and the streams of process.
const channels = require('diagnostics_channel')
const c = channels.channel('c')
const heard = (message, name) => console.log(name, message)
console.log(c === channels.channel('c'), c.hasSubscribers, channels.hasSubscribers('c'))
c.subscribe(heard)
c.publish({ a: 1 })
console.log(channels.hasSubscribers('c'), c.unsubscribe(heard), c.unsubscribe(heard))
const tracing = channels.tracingChannel('work')
const log = (phase) => (context) => console.log(phase, context.result, context.error && context.error.message)
tracing.subscribe({ start: log('start'), end: log('end'), asyncStart: log('asyncStart'), asyncEnd: log('asyncEnd'), error: log('error') })
console.log(tracing.traceSync((a, b) => a + b, {}, null, 1, 2))
try { tracing.traceSync(() => { throw new Error('bad') }) } catch (error) { console.log(error.message) }
tracing.traceCallback((n, done) => done(null, n * 2), 1, {}, null, 4, (error, value) => console.log(error, value))
for (const use of [() => channels.channel(1), () => c.subscribe(1)]) {
  try { use() } catch (error) { console.log(error.code, error.message) }
}
console.log(require('tty').isatty(1), process.stdout.fd, process.stderr.fd, process.stdout.isTTY, Object.prototype.toString.call(process))
tracing.tracePromise(async () => 'later').then(() => {
  process.stdout.write('two\nli')
  process.stdout.write('nes\n', () => exit())
})
