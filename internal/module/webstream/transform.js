'use strict'

// TransformStream: what is written comes out changed.

const { deferred, keeper, illegal, method, mark, sizing, named } = native.parts.shared
const { WritableStream } = native.parts.writable
const { ReadableStream } = native.parts.readable

const streams = keeper('TransformStream')
const controllers = keeper('TransformStreamDefaultController')
let inside = false // whether a controller may be made

class TransformStreamDefaultController {
  constructor() { if (!inside) throw illegal() }
  get desiredSize() { return controllers.of(this).out.desiredSize }
  enqueue(chunk) {
    const s = controllers.of(this)
    s.asked = false
    s.out.enqueue(chunk)
  }
  error(reason) { controllers.of(this).fail(reason) }
  terminate() {
    const s = controllers.of(this)
    s.out.close()
    s.in.error(tools.error('TypeError', 'ERR_INVALID_STATE', 'Invalid state: TransformStream is terminated'))
    s.wanted.resolve()
  }
}

class TransformStream {
  constructor(transformer = {}, writableStrategy = {}, readableStrategy = {}) {
    const s = streams.set(this, { out: undefined, in: undefined, asked: false, wanted: deferred() })
    inside = true
    s.controller = new TransformStreamDefaultController()
    inside = false
    controllers.set(s.controller, s)
    s.fail = (reason) => {
      s.out.error(reason)
      s.in.error(reason)
      s.wanted.resolve()
    }
    const transform = method(transformer, 'transform', 'transformer')
    const flush = method(transformer, 'flush', 'transformer')
    const cancel = method(transformer, 'cancel', 'transformer')
    s.readable = new ReadableStream({
      start(controller) { s.out = controller },
      pull() {
        s.asked = true
        s.wanted.resolve()
      },
      async cancel(reason) {
        s.in.error(reason)
        s.wanted.resolve()
        await cancel?.(reason)
      },
    }, { highWaterMark: mark(readableStrategy, 0), size: sizing(readableStrategy) })
    s.writable = new WritableStream({
      start(controller) {
        s.in = controller
        return method(transformer, 'start', 'transformer')?.(s.controller)
      },
      async write(chunk) {
        // Nothing is transformed before somebody wants to read it.
        while (!s.asked && s.out.desiredSize !== null && s.out.desiredSize <= 0) {
          s.wanted = deferred()
          await s.wanted.promise
        }
        try {
          if (transform) await transform(chunk, s.controller)
          else s.controller.enqueue(chunk)
        } catch (problem) {
          s.fail(problem)
          throw problem
        }
      },
      async close() {
        try {
          await flush?.(s.controller)
          if (s.out.desiredSize !== null) s.out.close()
        } catch (problem) {
          s.fail(problem)
          throw problem
        }
      },
      async abort(reason) {
        await cancel?.(reason)
        s.out.error(reason)
      },
    }, { highWaterMark: mark(writableStrategy, 1), size: sizing(writableStrategy) })
  }

  get readable() { return streams.of(this).readable }
  get writable() { return streams.of(this).writable }
}

module.exports = { TransformStream, TransformStreamDefaultController }
named(TransformStream, (stream) => ({ readable: stream.readable, writable: stream.writable }))
named(TransformStreamDefaultController)
