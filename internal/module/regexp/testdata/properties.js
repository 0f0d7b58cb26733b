// Writes properties.txt anew, with the facts of the Unicode version of the Node
// that runs this: node testdata/properties.js
//
// A line has a kind (binary, gc or sc), the names of one property, a tab, and
// its ranges in base 36: how many code points are left out, how many are in,
// and so on. A line of kind scx is there for scripts whose extensions differ.
const fs = require('fs')
const path = require('path')

const file = path.join(__dirname, '..', 'properties.txt')
const units = new Array(0x110000)
for (let c = 0; c < units.length; c++) units[c] = String.fromCodePoint(c)

function ranges(expression) {
  const counts = []
  for (let c = 0, inside = false, start = 0; c <= units.length; c++) {
    const is = c < units.length && expression.test(units[c])
    if (is === inside && c < units.length) continue
    if (c < units.length || inside) counts.push((c - start).toString(36))
    start = c
    inside = is
  }
  return counts.join(' ')
}

const lines = []
for (const line of fs.readFileSync(file, 'utf8').trim().split('\n')) {
  const [kind, ...names] = line.split('\t')[0].split(' ')
  if (kind === 'scx') continue
  const name = kind === 'binary' ? names[0] : `${kind}=${names[0]}`
  const own = ranges(new RegExp(`\\p{${name}}`, 'u'))
  lines.push(`${kind} ${names.join(' ')}\t${own}`)
  if (kind !== 'sc') continue
  const extended = ranges(new RegExp(`\\p{scx=${names[0]}}`, 'u'))
  if (extended !== own) lines.push(`scx ${names.join(' ')}\t${extended}`)
}
fs.writeFileSync(file, lines.sort().join('\n') + '\n')
