// A device that tells when it comes and goes; will-watcher.js watches it and
// says how to run it with a last will.

/** @type {import('mqscript').Handlers} */
module.exports = {
  onConnect: () => publish('devices/pump/status', 'online', { qos: 1 }),
  onWillExit: () => publish('devices/pump/status', 'offline', { qos: 1 }),
};
