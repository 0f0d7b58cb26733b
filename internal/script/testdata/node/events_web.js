// Event, EventTarget, CustomEvent, AbortController, AbortSignal, DOMException.
const log = console.log
const attempt = (f) => { try { log(f()) } catch (e) { log(e.name, e.code, e.message) } }

{ // DOMException
  const e = new DOMException('m', 'AbortError')
  log(e.name, e.message, e.code, String(e), e instanceof Error, e instanceof DOMException, Object.prototype.toString.call(e), e.stack.split('\n')[0])
  log(new DOMException().name, new DOMException('a') + '', new DOMException('x', { name: 'Foo', cause: 3 }).cause, new DOMException('x', 'Foo').code)
  log(Object.getOwnPropertyNames(DOMException).join(), DOMException.ABORT_ERR, e.TIMEOUT_ERR)
  for (const name of ['IndexSizeError', 'NotFoundError', 'NotSupportedError', 'InvalidStateError', 'SyntaxError', 'NetworkError', 'TimeoutError', 'DataCloneError', 'QuotaExceededError', 'EncodingError']) log(name, new DOMException('', name).code)
}
{ // Event
  const e = new Event('foo', { cancelable: true, bubbles: true })
  log(e.type, e.bubbles, e.cancelable, e.composed, e.defaultPrevented, e.returnValue, e.target, e.currentTarget, e.eventPhase, e.cancelBubble, e.composedPath(), typeof e.timeStamp, e.isTrusted)
  e.preventDefault(); e.stopPropagation()
  log(e.defaultPrevented, e.returnValue, e.cancelBubble, Event.AT_TARGET, Event.NONE, Object.prototype.toString.call(e))
  log(new CustomEvent('x', { detail: 3 }).detail, new CustomEvent('x').detail, new CustomEvent('x') instanceof Event)
  e.initEvent('bar', true, false); log(e.type, e.cancelable)
  log(Object.getOwnPropertyNames(Event.prototype).sort().join())
}
{ // EventTarget
  const target = new EventTarget()
  const order = []
  const second = () => order.push('second')
  target.addEventListener('a', function (e) { order.push('first', this === target, e.target === target, e.currentTarget === target, e.eventPhase, e.composedPath().length) })
  target.addEventListener('a', second, { once: true })
  target.addEventListener('a', second, { once: true })
  target.addEventListener('a', second, { capture: true })
  target.addEventListener('a', { handleEvent(e) { order.push('object', this !== target, e.type) } })
  const controller = new AbortController()
  target.addEventListener('a', () => order.push('with signal'), { signal: controller.signal })
  log(target.dispatchEvent(new Event('a')), order.splice(0))
  controller.abort()
  target.removeEventListener('a', second, { capture: true })
  log(target.dispatchEvent(new Event('a')), order.splice(0))
  target.addEventListener('b', (e) => { order.push(1); e.preventDefault(); e.stopImmediatePropagation() })
  target.addEventListener('b', () => order.push(2))
  log(target.dispatchEvent(new Event('b', { cancelable: true })), target.dispatchEvent(new Event('b')), order.splice(0))
  target.addEventListener('p', (e) => e.preventDefault(), { passive: true })
  log(target.dispatchEvent(new Event('p', { cancelable: true })))
  target.addEventListener('added', () => { target.addEventListener('added', () => order.push('late')); target.removeEventListener('added', gone) })
  const gone = () => order.push('gone')
  target.addEventListener('added', gone)
  target.dispatchEvent(new Event('added')); log(order.splice(0))
  const again = new Event('again')
  target.addEventListener('again', (e) => attempt(() => target.dispatchEvent(e)))
  target.dispatchEvent(again)
}
for (const f of [() => new Event(), () => new Event('a', 1), () => new CustomEvent(), () => new EventTarget().addEventListener('a'), () => new EventTarget().addEventListener('a', 3), () => new EventTarget().dispatchEvent({}), () => new AbortSignal(), () => AbortSignal.timeout('a'), () => AbortSignal.timeout(-1), () => AbortSignal.any([3]), () => AbortSignal.abort().throwIfAborted(), () => AbortSignal.abort(5).throwIfAborted(), () => EventTarget.prototype.addEventListener.call({}, 'a', () => {}), () => Event.prototype.preventDefault.call({}), () => new EventTarget().removeEventListener('a'), () => new EventTarget().addEventListener('a', () => {}, 3), () => new EventTarget().addEventListener('a', () => {}, { signal: 3 })]) {
  try { log(f()) } catch (e) { log(e.name, e.code, e.message) }
}
{ // abort
  const c = new AbortController(), s = c.signal
  const order = []
  log(s.aborted, s.reason, s.onabort, c, new EventTarget(), AbortSignal.abort())
  s.addEventListener('abort', (e) => order.push('listener', e.type, e.target === s, e.isTrusted !== undefined))
  s.onabort = () => order.push('replaced'); s.onabort = function () { order.push('onabort', this === s) }
  const any = AbortSignal.any([s, new AbortController().signal]), anyAny = AbortSignal.any([any])
  any.addEventListener('abort', () => order.push('any', any.reason === s.reason))
  s.throwIfAborted(); c.abort(); c.abort('again')
  log(order, s.aborted, s.reason.name, s.reason.message, s.reason.code, anyAny.reason === s.reason)
  const own = new AbortController(); own.abort('mine'); log(own.signal.reason)
  log(AbortSignal.any([]).aborted, AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason)
  own.signal.addEventListener('abort', () => log('never'))
  log(Object.getOwnPropertyNames(AbortSignal).sort().join(), Object.getOwnPropertyNames(AbortSignal.prototype).sort().join(), Object.keys(EventTarget.prototype).join())
}
const t = AbortSignal.timeout(20)
setTimeout(() => {}, 60)
t.addEventListener('abort', () => { log(t.aborted, t.reason.name, t.reason.code, t.reason.message); exit() })
class Mine extends EventTarget { constructor() { super(); this.n = 1 } fire() { return this.dispatchEvent(new Event('x')) } }
const mine = new Mine(); mine.addEventListener('x', () => log('mine')); log(mine.fire(), mine instanceof EventTarget)
log(typeof globalThis.Event, Object.keys(globalThis).includes('Event'))
