'use strict'

// The module "constants" of old: the numbers of several modules in one object.

const { dlopen, errno, priority, signals } = native.require('os').constants
module.exports = Object.freeze(Object.assign({}, dlopen, errno, priority, signals, native.require('fs').constants, native.require('crypto').constants))
