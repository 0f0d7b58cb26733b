const { Writable } = require('stream');
const pino = require('pino');

require('./same.js')((same) => {
  const lines = [];
  const sink = new Writable({ write(chunk, encoding, done) { lines.push(JSON.parse(chunk)); done(); } });
  const logger = pino({ level: 'debug', base: { script: 'meter' }, timestamp: false, redact: ['password'] }, sink);
  logger.info('%s is %d', 'lamp', 5);
  logger.child({ room: 'hall' }).debug({ value: 0.5, password: 'secret' }, 'dim');
  logger.trace('not written');
  logger.error(new TypeError('broken'), 'failed');
  same(lines.slice(0, 2), [
    { level: 30, script: 'meter', msg: 'lamp is 5' },
    { level: 20, script: 'meter', room: 'hall', value: 0.5, password: '[Redacted]', msg: 'dim' },
  ]);
  same([lines[2].level, lines[2].err.type, lines[2].err.message, lines[2].msg, lines.length], [50, 'TypeError', 'broken', 'failed', 3]);
});
