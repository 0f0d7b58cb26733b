// The part of Node.js that a script has.
const fs = require('fs');
const path = require('path');
const EventEmitter = require('events');
const util = require('util');
const { URL } = require('url');
const fsp = require('fs/promises');

const timer = setInterval(() => clearInterval(timer), 1000);
setTimeout((a, b) => console.log(a + b), 10, 1, 2).unref();
setImmediate(() => queueMicrotask(() => {}));

const text = fs.readFileSync(path.join(__dirname, 'a.txt'), 'utf8');
const bytes = fs.readFileSync(path.join(__dirname, 'a.bin'));
console.log(text.trim(), bytes.readInt8(0), __filename);

class Meter extends EventEmitter {}
new Meter().on('x', () => {}).emit('x');
console.log(util.format('%s', 1), util.inspect({}, { depth: 1 }));
console.log(new URL('mqtt://host:1883').port, process.env.HOME, process.argv.length);
console.log(Buffer.concat([Buffer.from('a'), Buffer.alloc(2)]).indexOf('a'), Buffer.byteLength('é'));
fsp.readFile('state.json', 'utf8').then((state) => state.length);
fs.promises.writeFile('state.json', new TextEncoder().encode('x'));

module.exports = {};
