// Stacks differ by nature; these have none, or one that is set.
const bare = (e, stack) => { e.stack = stack === undefined ? String(e) : stack; return e }
class MyError extends Error {}
class Named extends Error { constructor(m) { super(m); this.name = 'Named' } }
class CodeError extends TypeError { constructor(m, code) { super(m); this.code = code } }
console.log(bare(new Error('plain')))
console.log(bare(new Error('')))
console.log(bare(new Error('plain'), 'Error: plain\n    at one (file.js:1:2)\n    at two (file.js:3:4)'))
console.log([bare(new Error('in array'), 'Error: in array\n    at one (file.js:1:2)')])
console.log({ e: bare(new Error('in object'), 'Error: in object\n    at one (file.js:1:2)') })
console.log({ e: bare(new TypeError('bare in object')) })
console.log(bare(new MyError('mine')))
console.log(bare(new MyError('mine'), 'Error: mine\n    at one (file.js:1:2)'))
console.log(bare(new Named('named')))
console.log(bare(new CodeError('coded', 'E_CODE')))
console.log(bare(new CodeError('coded', 'E_CODE'), 'TypeError: coded\n    at one (file.js:1:2)'))
console.log(Object.assign(bare(new Error('props')), { a: 1, b: { c: 2 } }))
console.log(bare(new Error('cause', { cause: bare(new Error('inner')) })))
console.log(bare(new Error('cause', { cause: { why: 1 } }), 'Error: cause\n    at one (file.js:1:2)'))
console.log(bare(new AggregateError([bare(new Error('a')), bare(new Error('b'))], 'many')))
console.log(bare(new RangeError('range')), 'text', bare(new Error('second')))
console.log('%s', bare(new Error('as text')))
console.log(String(new MyError('mine')), new Error('x') + '', new Named('n').toString())
const e = new Error('keys'); bare(e); e.name = 'Changed'; console.log(e)
exit()
