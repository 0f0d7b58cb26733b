'use strict'

// Modules whose purpose a script cannot have: other processes and threads.
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

module.exports = { threads, processes, cluster, MessagePort }
