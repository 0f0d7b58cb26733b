const tell = (f) => { try { console.log(f()) } catch (e) { console.log(e.name, e.message, e instanceof RangeError || e instanceof TypeError) } }
for (const f of [
  () => 'x'.repeat(2 ** 40), () => 'ab'.repeat(3), () => 'a'.repeat('2'), () => String.prototype.repeat.call(12, 2), () => ''.repeat(2 ** 28),
  () => 'x'.padStart(2 ** 40), () => 'x'.padEnd(2 ** 30), () => 'x'.padStart(3, 'ab'), () => 'x'.padEnd(3), () => 'xyz'.padEnd(2),
  () => Array.from({ length: 2 ** 53 }), () => Array.from({ length: 2, 0: 1 }), () => Array.from('ab', (c) => c + c), () => Array.from(new Set([1])),
  () => new ArrayBuffer(2 ** 53), () => new ArrayBuffer(3).byteLength, () => new Uint8Array(2 ** 53 - 1), () => new Float64Array(3), () => new Uint8Array([1, 300]), () => new Uint16Array(new Uint8Array([1, 2]).buffer),
  () => Uint8Array.from([1, 2], (n) => n * 2), () => Uint8Array.of(7), () => new Uint8Array({ length: 2, 1: 5 }), () => new Uint8Array(new Set([1, 2])), () => new Uint8Array('3'), () => new Uint8Array(-1), () => new Int16Array(),
  () => [Uint8Array.name, Uint8Array.length, Uint8Array.BYTES_PER_ELEMENT, ArrayBuffer.name, ArrayBuffer.length, ArrayBuffer.isView(new Int8Array(1))],
  () => new Uint8Array(1).constructor === Uint8Array, () => new ArrayBuffer(1).constructor === ArrayBuffer, () => new Uint8Array(2) instanceof Uint8Array, () => Buffer.from('a') instanceof Uint8Array, () => Object.getPrototypeOf(Uint8Array) === Object.getPrototypeOf(Int8Array), () => Object.getPrototypeOf(Buffer) === Uint8Array,
  () => Uint8Array.prototype === Object.getPrototypeOf(Buffer.prototype), () => new Uint8Array([1, 2, 3]).slice(1), () => new Uint8Array([1, 2, 3]).map((n) => n + 1), () => new Uint8Array([1, 2, 3]).subarray(1, 2), () => new ArrayBuffer(8).slice(2).byteLength, () => Uint8Array[Symbol.species] === Uint8Array,
  () => new (class Mine extends Uint8Array { more() { return this.length } })(4).more(), () => new (class Mine extends ArrayBuffer {})(4) instanceof ArrayBuffer, () => Object.prototype.toString.call(new Uint8Array(1)), () => JSON.stringify(Object.getOwnPropertyDescriptor(globalThis, 'Uint8Array'), (k, v) => typeof v === 'function' ? v.name : v),
  () => Object.getOwnPropertyNames(Int8Array).sort(), () => structuredClone(new Float32Array([1.5])), () => typeof new TextEncoder().encode('a').buffer,
]) tell(f)
exit()
