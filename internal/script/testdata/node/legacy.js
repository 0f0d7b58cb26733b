// What ECMAScript keeps for old programs, and what engines are apt to forget.
const log = (...values) => console.log(...values)
const attempt = (f) => { try { log(f()) } catch (e) { log(e.name) } }

{ // the last match
  log([RegExp.$1, RegExp.$9, RegExp.lastMatch, RegExp['$&'], RegExp.leftContext])
  const state = () => [RegExp.$1, RegExp.$2, RegExp.$3, RegExp.lastMatch, RegExp.lastParen, RegExp.leftContext, RegExp.rightContext, RegExp.input]
  const short = () => [RegExp['$&'], RegExp['$+'], RegExp['$`'], RegExp["$'"], RegExp.$_]
  log(/(b)(x)?(c)/.test('abcd'), state(), short())
  log(/z/.test('abcd'), state())
  log('k1=v1;k2=v2'.replace(/(\w+)=(\w+)/g, '$2=$1'), state())
  log('k1=v1;k2=v2'.replace(/(\w)(\d)/g, (m) => `${m}${RegExp.$1}`), state())
  log('2024-05-06'.match(/(\d+)-(\d+)/).index, state())
  log('a1b2'.match(/[a-z](\d)/g), state(), 'a-b'.search(/-(.)/), RegExp.$1)
  log(/(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)/.exec('0123456789'), RegExp.$9, RegExp.lastParen)
  log([...'x1y2'.matchAll(/([a-z])(\d)/g)].map((m) => m[1]), RegExp.$2, 'ü😀x'.replace(/(😀)/u, '-'), RegExp.$1, RegExp.leftContext, RegExp.rightContext)
  RegExp.$1 = 'changed'
  log(RegExp.$1, Object.keys(RegExp), RegExp.prototype.exec.name, RegExp.prototype.exec.length, /a/.exec === RegExp.prototype.exec)
  attempt(() => RegExp.prototype.exec.call({}, 'a'))
  const format = (date, text) => { // as it is found in a thousand places
    if (/(y+)/.test(text)) text = text.replace(RegExp.$1, String(date.getFullYear()).substr(4 - RegExp.$1.length))
    const parts = { 'M+': date.getMonth() + 1, 'd+': date.getDate(), 'h+': date.getHours(), 'm+': date.getMinutes() }
    for (const k in parts) if (new RegExp(`(${k})`).test(text)) text = text.replace(RegExp.$1, RegExp.$1.length === 1 ? parts[k] : `00${parts[k]}`.substr(String(parts[k]).length))
    return text
  }
  log(format(new Date(2024, 1, 3, 4, 5), 'yyyy-MM-dd hh:mm'), format(new Date(2024, 11, 3), 'yy/M/d'))
  class Mine extends RegExp { exec(s) { const found = super.exec(s); return found && { ...found, 0: found[0].toUpperCase() } } }
  log('abc'.replace(new Mine('b'), '[$&]'), /y/y.test('xy'), 'aXbX'.split(/x/i), /(?<name>a)/.exec('a').groups.name)
}
{ // fields of classes with the names of keywords
  class Fields { get = 1; set = (a) => a + 1; static = 2; async = 'x'; static get = 3; static async = [4] }
  const f = new Fields()
  log(f.get, f.static, f.async, f.set(1), Fields.get, Fields.async, Object.keys(f))
  class Both { get; set; static static = 5; get value() { return this.get } set value(v) { this.set = v } async() { return 'method' } }
  const b = new Both()
  b.value = 7
  log(b, b.value, Both.static, b.async())
  class Private { #get = 1; get = () => this.#get; static #async = 2; static read() { return Private.#async } }
  log(new Private().get(), Private.read())
}
{ // what is async says so
  class Has { async a() { return super.toString === Object.prototype.toString } static async b() {} async #c() {} get c() { return this.#c } }
  const object = { async a() { return this === object }, async 'b c'() {}, async [`d${1}`]() {}, plain() {}, async: 1 }
  for (const f of [object.a, object['b c'], object.d1, Has.prototype.a, Has.b, new Has().c, async () => {}, async function () {}]) {
    log(f.constructor.name, Object.prototype.toString.call(f), require('util').types.isAsyncFunction(f), f.name, f.length, 'prototype' in f, f instanceof Function)
  }
  log(object.plain.constructor.name, Object.getPrototypeOf(object.a) === Object.getPrototypeOf(async () => {}), object)
  object.a().then((value) => log('a', value))
  new Has().a().then((value) => log('super', value))
}
{ // typed arrays of strings
  log(Uint8Array.from('123'), Float64Array.from('1😀2'), Uint16Array.from('12', (x) => x * 2), Uint8Array.from(''), Buffer.from('12').length)
  log(Uint8Array.from(5), Uint8Array.from(new String('42')), Uint8Array.from.name, Uint8Array.from.length, Uint8Array.from === Int8Array.from)
  for (const f of [() => Uint8Array.from(null), () => Uint8Array.from.call({}, '1'), () => Uint8Array.from('1', 5), () => Uint8Array.from(Symbol('x'))]) attempt(f)
}
{ // the years of dates
  const d = new Date(1999, 5, 15)
  log(d.getYear(), new Date(2024, 0).getYear(), new Date(NaN).getYear(), d.setYear(95) === d.getTime(), d.getFullYear(), d.setYear(2030) > 0, d.getFullYear(), d.getMonth())
  log(new Date(0).toGMTString(), Date.prototype.toGMTString === Date.prototype.toUTCString, Date.prototype.getYear.length, Date.prototype.setYear.length)
  const never = new Date(NaN)
  log(never.setYear(NaN), never.setYear(70) === new Date(1970, 0, 1).getTime())
  for (const f of [() => Date.prototype.getYear.call({}), () => Date.prototype.setYear.call(1, 2)]) attempt(f)
}
setImmediate(exit)
