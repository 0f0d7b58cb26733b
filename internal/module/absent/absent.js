'use strict'

// Modules whose purpose a script cannot have: other processes, threads and worlds.
// They can be asked what there is, and what they would do is an error.

// What comes to a script never is a port.
class MessagePort extends EventTarget {
  constructor() { throw tools.error('TypeError', 'ERR_CONSTRUCT_CALL_INVALID', 'Constructor cannot be called') }
}
tools.missing(MessagePort.prototype, 'MessagePort.prototype', 'postMessage start ref unref hasRef close')

const threads = {
  isMainThread: true, threadId: 0, parentPort: null, workerData: null, resourceLimits: {},
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  MessagePort,
  markAsUntransferable() {},
  isMarkedAsUntransferable: () => false,
}
tools.missing(threads, 'worker_threads', `Worker MessageChannel BroadcastChannel getEnvironmentData setEnvironmentData
  moveMessagePortToContext receiveMessageOnPort`)

const processes = {}
tools.missing(processes, 'child_process', 'ChildProcess exec execFile execFileSync execSync fork spawn spawnSync')

const cluster = { isMaster: true, isPrimary: true, isWorker: false, workers: {}, settings: {}, SCHED_NONE: 1, SCHED_RR: 2, schedulingPolicy: 2 }
tools.missing(cluster, 'cluster', 'Worker fork disconnect setupMaster setupPrimary on once off emit addListener removeListener')

const v8 = { startupSnapshot: { isBuildingSnapshot: () => 0 } }
tools.missing(v8, 'v8', `Deserializer DefaultDeserializer GCProfiler Serializer DefaultSerializer cachedDataVersionTag deserialize
  getHeapCodeStatistics getHeapSnapshot getHeapSpaceStatistics getHeapStatistics promiseHooks queryObjects serialize
  setFlagsFromString setHeapSnapshotNearHeapLimit stopCoverage takeCoverage writeHeapSnapshot`)

// Another world for code there is not; this one there is.
const vm = {
  runInThisContext: (code) => (0, eval)(`${code}`),
  isContext: () => false,
  Script: class Script {
    #code
    constructor(code) {
      this.#code = `${code}`
      Function(`{${this.#code}\n}`) // throws when it is no program
    }

    runInThisContext() { return (0, eval)(this.#code) }
  },
}
tools.missing(vm.Script.prototype, 'vm.Script', 'runInContext runInNewContext createCachedData')
tools.missing(vm, 'vm', 'createContext createScript runInContext runInNewContext compileFunction measureMemory')

const inspector = { url() {}, console: globalThis.console }
tools.missing(inspector, 'inspector', 'Session open close waitForDebugger')

const domain = {}
tools.missing(domain, 'domain', 'Domain create createDomain')

const repl = {}
tools.missing(repl, 'repl', 'REPLServer Recoverable start')

const tracing = { getEnabledCategories: () => undefined }
tools.missing(tracing, 'trace_events', 'createTracing')

module.exports = { threads, processes, cluster, v8, vm, inspector, domain, repl, tracing, MessagePort }
