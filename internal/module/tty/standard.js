'use strict'

// process.stdout and process.stderr: what is written goes to the script's
// console, line by line.

const { Writable } = native.require('stream')
const { setImmediate } = globalThis

function standard(fd, level) {
  let rest = ''
  const show = () => {
    if (rest !== '') native.print(level, rest)
    rest = ''
  }
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, callback) {
      const lines = (rest + (typeof chunk === 'string' ? chunk : chunk.toString())).split('\n')
      const before = rest
      rest = lines.pop()
      for (const line of lines) native.print(level, line)
      // A line without an end is shown when nothing more is written to it now.
      if (rest !== '' && (before === '' || lines.length > 0)) setImmediate(show)
      callback()
    },
  })
  return Object.assign(stream, { fd })
}

module.exports = { stdout: standard(1, 0), stderr: standard(2, 1) }
