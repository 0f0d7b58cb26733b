const show = (...a) => console.log(...a)
const fails = f => { try { show('no error', f()) } catch (e) { show(e.name, e.code, e.message) } }
// Making
show(Buffer.from('héllo €😀'), Buffer.from('6869', 'hex'), Buffer.from('686', 'hex'), Buffer.from('zz68', 'hex'), Buffer.from('68zz', 'hex'))
show(Buffer.from('aGk=', 'base64'), Buffer.from('aGk', 'base64'), Buffer.from('a-_/+w==', 'base64'), Buffer.from('a Gk\n=', 'base64url'), Buffer.from('=aGk', 'base64'), Buffer.from('aGk=aGk=', 'base64'))
show(Buffer.from('é€', 'latin1'), Buffer.from('é€', 'binary'), Buffer.from('é€', 'ascii'), Buffer.from('é€😀', 'utf16le'), Buffer.from('ab', 'ucs2'), Buffer.from('ab', 'UCS-2'), Buffer.from('ab', 'UTF8'), Buffer.from('ab', 'Hex'))
show(Buffer.from([1, 2, 300, -1, 'x', '7', 1.9, NaN, null]), Buffer.from([]), Buffer.from(''), Buffer.from({ length: 2, 0: 5 }), Buffer.from({ length: 'x' }), Buffer.from(new Uint8Array([1, 2])), Buffer.from(new Uint16Array([256, 257])), Buffer.from(Buffer.from('x')))
show(Buffer.from(new String('boxed')), Buffer.from({ type: 'Buffer', data: [1, 2] }), Buffer.from({ [Symbol.toPrimitive]() { return 'prim' } }), Buffer.from({ valueOf() { return 'val' } }), Buffer.from(JSON.parse(JSON.stringify(Buffer.from('json')))))
const ab = new ArrayBuffer(8), over = Buffer.from(ab, 2, 3); over[0] = 7
show(over, new Uint8Array(ab), over.byteOffset, over.buffer === ab, Buffer.from(ab).length, Buffer.from(ab, 4).length, over.parent === ab, over.offset)
show(Buffer.alloc(3), Buffer.alloc(3, 1), Buffer.alloc(5, 'ab'), Buffer.alloc(5, 'YWI=', 'base64'), Buffer.alloc(3, Buffer.from('xy')), Buffer.alloc(2, ''), Buffer.allocUnsafe(4).length, Buffer.allocUnsafeSlow(2).length, Buffer.alloc(3, 257))
show(Buffer.of(1, 2, 3), Buffer.concat([]), Buffer.concat([Buffer.from('a'), new Uint8Array([98])]), Buffer.concat([Buffer.from('abc')], 2), Buffer.concat([Buffer.from('a')], 3))
show(Buffer.byteLength('héé'), Buffer.byteLength('6869', 'hex'), Buffer.byteLength('aGk=', 'base64'), Buffer.byteLength('ab', 'ucs2'), Buffer.byteLength(new ArrayBuffer(3)), Buffer.byteLength('😀\ud800'), Buffer.byteLength('x', 'nonsense'))
show(Buffer.isBuffer(Buffer.alloc(1)), Buffer.isBuffer(new Uint8Array(1)), Buffer.isBuffer('x'), Buffer.isBuffer(), Buffer.isEncoding('utf8'), Buffer.isEncoding('UTF-8'), Buffer.isEncoding('base64URL'), Buffer.isEncoding('x'), Buffer.isEncoding(1), Buffer.isEncoding(''))
show(Buffer.compare(Buffer.from('a'), Buffer.from('b')), Buffer.compare(Buffer.from('b'), Buffer.from('a')), Buffer.compare(Buffer.from('a'), Buffer.from('a')), Buffer.poolSize, Buffer.name, Buffer.length > 0, typeof Buffer)
show(Buffer.alloc(1) instanceof Uint8Array, Buffer.alloc(1) instanceof Buffer, Object.prototype.toString.call(Buffer.alloc(1)), ArrayBuffer.isView(Buffer.alloc(1)), Buffer.alloc(1).constructor === Buffer)
// Text
const b = Buffer.from('Grüße, 世界 😀')
for (const e of ['utf8', 'utf-8', 'hex', 'base64', 'base64url', 'latin1', 'binary', 'ascii', 'utf16le', 'ucs2', 'HEX']) show(e, b.toString(e), b.toString(e, 2, 7))
show(b.toString(undefined, 0, 4), b.toString('utf8', -3), b.toString('utf8', 3, 2), b.toString('utf8', '1', '3'), b.toString('utf8', 100), `${Buffer.from('tpl')}`, Buffer.from('a') + 'b', b.toLocaleString() === b.toString())
show(Buffer.from([0xff, 0xfe, 0x41]).toString(), Buffer.from([0xe4, 0xbd]).toString(), Buffer.from([0xe4, 0xbd, 0x41]).toString(), Buffer.from([0xf0, 0x9f, 0x98]).toString(), Buffer.from([0xc0, 0x80]).toString(), Buffer.from([0xed, 0xa0, 0x80]).toString(), Buffer.from([0xf4, 0x90, 0x80, 0x80]).toString(), Buffer.from('a\ud800b').toString('hex'))
show(JSON.stringify(Buffer.from('ab')), Buffer.from('ab').toJSON(), [...Buffer.from('ab')], [...Buffer.from('ab').entries()], Object.keys(Buffer.from('ab')))
// Memory
const m = Buffer.from('0123456789'), s = m.slice(2, 5); s[0] = 65
show(m.toString(), s.toString(), m.subarray(-3).toString(), m.slice(-5, -2).toString(), m.slice(5, 2), m.slice(100), m.slice('2', '4').toString(), m.slice(1.7).toString(), s.buffer === m.buffer, s instanceof Buffer, m.subarray(1, 3) instanceof Buffer, m.slice(NaN).toString(), m.slice(undefined, 2).toString())
const t = Buffer.alloc(6); show(m.copy(t), t.toString(), m.copy(t, 4), t.toString(), m.copy(t, 0, 8), t.toString(), m.copy(t, 1, 0, 2), t.toString(), m.copy(t, 10), m.copy(t, 0, 5, 3), m.copy(t, 0, 0, 100))
show(Buffer.alloc(4).fill('ab').toString(), Buffer.alloc(4).fill(0x61).toString(), Buffer.alloc(4).fill('a', 1), Buffer.alloc(4).fill('a', 1, 3), Buffer.alloc(4).fill('6162', 'hex').toString(), Buffer.alloc(4).fill('61', 1, 'hex'), Buffer.alloc(4).fill('61', 1, 2, 'hex'), Buffer.alloc(4).fill(Buffer.from('xyz')).toString(), Buffer.alloc(3).fill('é'))
const w = Buffer.alloc(8); show(w.write('abc'), w, w.write('def', 6), w, w.write('zz', 1, 1), w, w.write('6162', 'hex'), w, w.write('€€€'), w, w.write('xyz', 2, 'latin1'), w, w.write('ab', 0, 3, 'utf16le'), w)
show(Buffer.from('a').equals(Buffer.from('a')), Buffer.from('a').equals(new Uint8Array([97])), Buffer.from('a').equals(Buffer.from('b')), Buffer.from('abc').compare(Buffer.from('abd')), Buffer.from('xabc').compare(Buffer.from('abc'), 0, 3, 1, 4), Buffer.from('b').compare(Buffer.from('a')))
show(Buffer.from([1, 2, 3, 4]).swap16(), Buffer.from([1, 2, 3, 4]).swap32(), Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).swap64(), Buffer.from([1, 2, 3]).reverse(), Buffer.from([3, 1, 2]).sort())
// Searching
const h = Buffer.from('this is a buffer, this is')
show(h.indexOf('is'), h.indexOf('is', 3), h.indexOf('is', -2), h.indexOf('zz'), h.indexOf(97), h.indexOf(97.9), h.indexOf(Buffer.from('buf')), h.indexOf('', 5), h.indexOf('', 500), h.indexOf('6973', 'hex'), h.indexOf('is', 'utf8'), h.indexOf('is', NaN), h.indexOf('this', 1), h.indexOf(256 + 97), h.indexOf('is', 100))
show(h.lastIndexOf('is'), h.lastIndexOf('is', 5), h.lastIndexOf('is', -3), h.lastIndexOf('is', -100), h.lastIndexOf('this', undefined), h.lastIndexOf('this', null), h.lastIndexOf('', 3), h.lastIndexOf('zz'), h.lastIndexOf(97), h.includes('buffer'), h.includes('x'), h.includes(Buffer.from('a b')), h.includes('is', 24))
show(Buffer.from('aXbX', 'utf16le').indexOf('X', 0, 'utf16le'), Buffer.from('abab', 'utf16le').lastIndexOf('b', undefined, 'utf16le'))
// Numbers
const n = Buffer.from([0x81, 0x02, 0xff, 0x04, 0x85, 0x06, 0x07, 0xf8, 0x40, 0x09])
for (const k of ['UInt8', 'Int8', 'UInt16LE', 'UInt16BE', 'Int16LE', 'Int16BE', 'UInt32LE', 'UInt32BE', 'Int32LE', 'Int32BE', 'FloatLE', 'FloatBE', 'DoubleLE', 'DoubleBE', 'BigInt64LE', 'BigInt64BE', 'BigUInt64LE', 'BigUInt64BE', 'Uint8', 'Uint16LE', 'BigUint64BE']) show(k, n['read' + k](), n['read' + k](1), n['read' + k](2))
for (const k of ['UIntLE', 'UIntBE', 'IntLE', 'IntBE', 'UintBE']) for (let i = 1; i <= 6; i++) show(k, i, n['read' + k](0, i), n['read' + k](2, i))
for (const [k, v] of [['UInt8', 200], ['Int8', -100], ['UInt16LE', 50000], ['UInt16BE', 50000], ['Int16LE', -30000], ['Int16BE', -30000], ['UInt32LE', 4e9], ['UInt32BE', 4e9], ['Int32LE', -2e9], ['Int32BE', -2e9], ['FloatLE', 1.5], ['FloatBE', -0.1], ['DoubleLE', Math.PI], ['DoubleBE', 1e300], ['BigInt64LE', -5n], ['BigInt64BE', 2n ** 62n], ['BigUInt64LE', 2n ** 64n - 1n], ['BigUInt64BE', 1n], ['UInt8', '12'], ['UInt8', 1.9], ['Int8', undefined], ['UInt16BE', true]]) { const o = Buffer.alloc(9); show(k, o['write' + k](v), o, o['write' + k](v, 1), o) }
for (const k of ['UIntLE', 'UIntBE', 'IntLE', 'IntBE']) for (let i = 1; i <= 6; i++) { const o = Buffer.alloc(7); show(k, i, o['write' + k](100, 1, i), o) }
show(Buffer.alloc(6).writeIntBE(-123456789012, 0, 6), new Float32Array([NaN])[0])
// Errors
fails(() => Buffer.from()); fails(() => Buffer.from(null)); fails(() => Buffer.from(5)); fails(() => Buffer.from({})); fails(() => Buffer.from(true)); fails(() => Buffer.from('x', 'nonsense')); fails(() => Buffer.from(Symbol('s'))); fails(() => Buffer.from(() => 1)); fails(() => Buffer.from(new ArrayBuffer(2), 5)); fails(() => Buffer.from(new ArrayBuffer(2), 0, 5))
fails(() => Buffer.alloc('5')); fails(() => Buffer.alloc()); fails(() => Buffer.concat('x')); fails(() => Buffer.concat([1])); fails(() => Buffer.concat(['x'])); fails(() => Buffer.byteLength(5)); fails(() => Buffer.byteLength()); fails(() => Buffer.compare('a', Buffer.from('a')))
fails(() => n.readUInt8(10)); fails(() => n.readUInt8(-1)); fails(() => n.readUInt8(1.5)); fails(() => n.readUInt8('1')); fails(() => n.readUInt32LE(7)); fails(() => Buffer.alloc(2).readUInt32LE()); fails(() => n.readUInt8(null)); fails(() => n.readUIntBE(0, 7)); fails(() => n.readUIntBE(0)); fails(() => n.readIntLE(undefined, 2)); fails(() => n.readBigInt64LE(5))
fails(() => n.writeUInt8(256)); fails(() => n.writeUInt8(-1)); fails(() => n.writeInt8(128)); fails(() => n.writeUInt16LE(70000)); fails(() => n.writeInt32BE(3e9)); fails(() => n.writeUInt32BE(5e9)); fails(() => n.writeUInt8(1, 10)); fails(() => n.writeUIntBE(2 ** 48, 0, 6)); fails(() => n.writeIntBE(2 ** 40, 0, 5)); fails(() => n.writeBigInt64LE(2n ** 63n)); fails(() => n.writeBigUInt64LE(-1n)); fails(() => n.writeDoubleLE(1, 5)); fails(() => n.writeUInt16BE(1, 'a'))
fails(() => Buffer.alloc(3).swap16()); fails(() => Buffer.alloc(3).swap32()); fails(() => b.toString('nope')); fails(() => b.indexOf({})); fails(() => b.indexOf()); fails(() => b.equals('x')); fails(() => b.compare('x')); fails(() => b.write(5)); fails(() => b.write('a', 100)); fails(() => b.write('a', -1)); fails(() => b.write('a', 0, 'bad')); fails(() => b.copy('x')); fails(() => b.copy(t, -1)); fails(() => b.copy(t, 0, 100)); fails(() => Buffer.alloc(4).fill('a', 5)); fails(() => Buffer.alloc(4).fill('zz', 'hex'))
// What it inherits
show(Buffer.from([1, 2, 3]).map(x => x * 2), Buffer.from([1, 2, 3]).filter(x => x > 1), Buffer.from([1, 2, 3]).reduce((a, x) => a + x), Buffer.from([1, 2]).join('-'), Buffer.from([1, 2]).at(-1), Buffer.from([1, 2]).length, Buffer.from('ab').byteLength, Uint8Array.from(Buffer.from('a')), Buffer.from('ab').every(x => x > 0))
const set = Buffer.alloc(4); set.set([1, 2], 1); show(set, set.findIndex(x => x === 2), new Uint8Array(set.buffer, set.byteOffset, set.length).length); for (const [i, x] of set.entries()) if (i < 2) show(i, x)
const extra = Buffer.from('a'); extra.prop = 1; show(extra, Buffer.from('x').toString.length >= 0)
const { Buffer: B2, kMaxLength } = require('buffer'); show(B2 === Buffer, require('node:buffer').Buffer === Buffer, kMaxLength > 1e6)
const listed = []; for (const name in Buffer.prototype) listed.push(name); show(['copy', 'slice', 'toString', 'writeUInt32LE', 'readDoubleBE', 'swap16', 'constructor'].map((name) => listed.includes(name)), Object.keys(Buffer.from('ab')))
exit()
