'use strict'

module.exports = native.require('stream').promises
