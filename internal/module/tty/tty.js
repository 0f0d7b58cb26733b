'use strict'

// The exports of "tty": a script has no terminal.
module.exports = { isatty: () => false }
tools.missing(module.exports, 'tty', 'ReadStream WriteStream')
