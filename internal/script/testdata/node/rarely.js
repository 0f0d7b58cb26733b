// What people rarely use, one after the other.
module.exports = { onMessage() {} }
const fs = require('fs'), net = require('net'), path = require('path'), stream = require('stream'), url = require('url'), util = require('util'), zlib = require('zlib')
const dns = require('dns'), crypto = require('crypto'), tls = require('tls'), channel = require('diagnostics_channel'), os = require('os')
const show = (...a) => console.log(...a)
const fails = (f) => { try { show('no error', f()) } catch (e) { show(e.name, e.code, e.message) } }

// Constants.
for (const name of ['NODATA', 'FORMERR', 'SERVFAIL', 'NOTFOUND', 'NOTIMP', 'REFUSED', 'BADQUERY', 'BADNAME', 'BADFAMILY', 'BADRESP', 'CONNREFUSED', 'TIMEOUT', 'EOF', 'NOMEM', 'DESTRUCTION', 'BADSTR', 'BADFLAGS', 'NONAME', 'BADHINTS', 'NOTINITIALIZED', 'LOADIPHLPAPI', 'ADDRGETNETWORKPARAMS', 'CANCELLED']) show(name, dns[name], dns.promises[name])
show(dns.ADDRCONFIG, dns.V4MAPPED, dns.ALL, fs.F_OK, fs.R_OK, fs.W_OK, fs.X_OK)
show(tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION, tls.DEFAULT_ECDH_CURVE, tls.CLIENT_RENEG_LIMIT, tls.CLIENT_RENEG_WINDOW, typeof tls.DEFAULT_CIPHERS, tls.createSecureContext() instanceof tls.SecureContext)

// util
process.noDeprecation = true
const old = util.deprecate((a, b) => a + b, 'old() is old', 'OLD1'); show(old(1, 2), old(3, 4))
const values = [true, null, undefined, 5, 'text', Symbol('s'), new Date(0), [], {}, /x/, () => 1, new Error('e'), Buffer.alloc(1)]
for (const name of ['isBoolean', 'isNull', 'isNumber', 'isString', 'isSymbol', 'isUndefined', 'isDate']) show(name, values.map((v) => Number(util[name](v))).join(''))
const things = [
  new Date(0), (function () { return arguments })(), Object(1n), Object(true), Object(1), Object('s'), Object(Symbol('x')), new TypeError('t'), async () => 1, function* () {}, (function* () {})(), Promise.resolve(), new Map(), new Set(),
  new Map().entries(), new Set().values(), new WeakMap(), new WeakSet(), new ArrayBuffer(1), new DataView(new ArrayBuffer(1)), new Proxy({}, {}), new Uint8Array(1), new Uint8ClampedArray(1), new Uint16Array(1), new Uint32Array(1), new Int8Array(1), new Int16Array(1),
  new Int32Array(1), new Float32Array(1), new Float64Array(1), new BigInt64Array(1), new BigUint64Array(1), Buffer.alloc(1), crypto.createSecretKey(Buffer.alloc(1)), 1, 's', null, undefined, {}, [],
]
for (const name of ['isExternal', 'isDate', 'isArgumentsObject', 'isBigIntObject', 'isBooleanObject', 'isNumberObject', 'isStringObject', 'isSymbolObject', 'isBoxedPrimitive', 'isNativeError', 'isAsyncFunction', 'isGeneratorFunction', 'isGeneratorObject', 'isPromise', 'isMap', 'isSet', 'isMapIterator', 'isSetIterator', 'isWeakMap', 'isWeakSet', 'isArrayBuffer', 'isAnyArrayBuffer', 'isSharedArrayBuffer', 'isDataView', 'isArrayBufferView', 'isProxy', 'isModuleNamespaceObject', 'isTypedArray', 'isUint8Array', 'isUint8ClampedArray', 'isUint16Array', 'isUint32Array', 'isInt8Array', 'isInt16Array', 'isInt32Array', 'isFloat32Array', 'isFloat64Array', 'isBigInt64Array', 'isBigUint64Array', 'isKeyObject', 'isCryptoKey', 'isRegExp']) show(name, things.map((v) => Number(util.types[name](v))).join(''), require('util/types')[name] === util.types[name])

// zlib's classes
const text = Buffer.from('some text '.repeat(100))
const made = { Deflate: zlib.deflateSync(text), Gzip: zlib.gzipSync(text), DeflateRaw: zlib.deflateRawSync(text) }
show(zlib.unzipSync(made.Gzip).equals(text), zlib.unzipSync(made.Deflate).equals(text), [zlib.Deflate, zlib.Inflate, zlib.Gzip, zlib.Gunzip, zlib.DeflateRaw, zlib.InflateRaw, zlib.Unzip].map((type) => type.name).join())
show(zlib.createInflate() instanceof zlib.Inflate, zlib.createGunzip() instanceof zlib.Gunzip, zlib.createInflateRaw() instanceof zlib.InflateRaw, zlib.createUnzip() instanceof zlib.Unzip, zlib.createDeflate() instanceof zlib.Deflate, zlib.createDeflateRaw() instanceof zlib.DeflateRaw)
const through = (stream, data) => new Promise((done, fail) => { const out = []; stream.on('data', (d) => out.push(d)).on('end', () => done(Buffer.concat(out))).on('error', fail); stream.end(data) })

// fs on descriptors
const descriptors = () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rarely-')), file = path.join(dir, 'a.txt'), fd = fs.openSync(file, 'w+')
  fs.writeSync(fd, 'hello world'); fs.fsyncSync(fd); fs.fdatasyncSync(fd); fs.ftruncateSync(fd, 5); fs.fchmodSync(fd, 0o600); fs.futimesSync(fd, 1000, 2000)
  const stat = fs.fstatSync(fd); show(stat.size, stat.mode & 0o777, stat.mtimeMs)
  const parts = [Buffer.alloc(2), Buffer.alloc(9)]; show(fs.readvSync(fd, parts, 0), parts.map(String).map((s) => s.replace(/\0/g, '.')))
  return new Promise((done) => fs.fstat(fd, (e, s) => fs.readv(fd, [Buffer.alloc(3)], 0, (e2, n) => fs.ftruncate(fd, 1, (e3) => fs.fsync(fd, (e4) => fs.fdatasync(fd, (e5) => fs.fchmod(fd, 0o644, (e6) => fs.futimes(fd, 1, 2, (e7) => {
    show(e, s.size, e2, n, e3, e4, e5, e6, e7, fs.readFileSync(file, 'utf8')); fs.closeSync(fd); fs.accessSync(file, fs.constants.F_OK)
    show(fs.FileReadStream === fs.ReadStream, fs.FileWriteStream === fs.WriteStream); fs.rmSync(dir, { recursive: true }); done()
  }))))))))
}

// net, path, url, stream, process, tty
show(net.getDefaultAutoSelectFamilyAttemptTimeout()); net.setDefaultAutoSelectFamilyAttemptTimeout(500); show(net.getDefaultAutoSelectFamilyAttemptTimeout()); net.setDefaultAutoSelectFamily(false); show(net.getDefaultAutoSelectFamily()); fails(() => net.setDefaultAutoSelectFamily(1))
show(path.toNamespacedPath('/a/b'), require('path/posix').toNamespacedPath('/a/b'), path.posix.normalize('/a/../b'), url.resolveObject('http://a/b/c', '../d').href, url.parse('http://a/b') instanceof url.Url)
const readable = stream.Readable.from(['x']); show(stream.isReadable(readable), stream.isErrored(readable), stream.isDisturbed(readable), stream.getDefaultHighWaterMark(true)); stream.setDefaultHighWaterMark(true, 20); show(new stream.Readable({ objectMode: true }).readableHighWaterMark); stream.setDefaultHighWaterMark(true, 16)
show(typeof process.title, typeof process.argv0, typeof process.execPath, require('tty').isatty(99), crypto.getCurves().includes('prime256v1'))
const c = channel.channel('test'); show(c.hasSubscribers, channel.hasSubscribers('test')); channel.subscribe('test', (message, name) => show(message, name)); c.publish({ a: 1 }); show(channel.hasSubscribers('test'), typeof channel.tracingChannel('t').traceSync)
const kinds = []; new ReadableStream({ start(controller) { kinds.push(controller instanceof ReadableStreamDefaultController) } }); new WritableStream({ start(controller) { kinds.push(controller instanceof WritableStreamDefaultController) } }); new TransformStream({ start(controller) { kinds.push(controller instanceof TransformStreamDefaultController) } }); show(kinds)
const { Module, globalPaths, syncBuiltinESMExports, findSourceMap } = require('module'), hooks = require('perf_hooks'), cluster = require('cluster'), threads = require('worker_threads')
show(Module === require('module'), Array.isArray(globalPaths), syncBuiltinESMExports(), findSourceMap(__filename), hooks.performance instanceof hooks.Performance, typeof hooks.constants, typeof process.features); const mark = hooks.performance.mark('m'), measure = hooks.performance.measure('n', 'm'); show(mark instanceof hooks.PerformanceMark, measure instanceof hooks.PerformanceMeasure, measure instanceof hooks.PerformanceEntry)
show(cluster.isMaster, cluster.isPrimary, cluster.isWorker ?? false, cluster.workers, cluster.settings, cluster.SCHED_NONE, cluster.SCHED_RR, cluster.schedulingPolicy)
threads.markAsUntransferable({}); show(threads.threadId, threads.workerData, typeof threads.resourceLimits, typeof threads.SHARE_ENV)
show(typeof threads.isMarkedAsUntransferable === 'function' || process.version < 'v21')
descriptors().then(async () => {
  show((await through(zlib.createInflate(), made.Deflate)).equals(text), (await through(zlib.createInflateRaw(), made.DeflateRaw)).equals(text), (await through(zlib.createUnzip(), made.Gzip)).equals(text))
  exit()
})
