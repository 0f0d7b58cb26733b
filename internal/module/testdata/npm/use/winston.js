const { PassThrough } = require('stream');
const winston = require('winston');

require('./same.js')(async (same) => {
  const text = new PassThrough();
  const logger = winston.createLogger({
    level: 'debug',
    format: winston.format.combine(winston.format.errors({ stack: false }), winston.format.splat(), winston.format.json()),
    defaultMeta: { script: 'meter' },
    transports: [new winston.transports.Stream({ stream: text })],
  });
  logger.info('%s is %d', 'lamp', 5);
  logger.child({ room: 'hall' }).debug('dim', { value: 0.5 });
  logger.silly('not written');
  logger.error(new Error('broken'));
  await new Promise((resolve) => { logger.on('finish', resolve).end(); });
  const lines = text.read().toString().trim().split('\n').map((line) => JSON.parse(line));
  same(lines.map((line) => [line.level, line.message, line.script]), [['info', 'lamp is 5', 'meter'], ['debug', 'dim', 'meter'], ['error', 'broken', 'meter']]);
  same([lines[1].room, lines[1].value], ['hall', 0.5]);
  const { format } = winston;
  const line = format.combine(format.label({ label: 'hall' }), format.printf((info) => `${info.label} ${info.level}: ${info.message}`));
  same(line.transform({ level: 'warn', message: 'hot' })[Symbol.for('message')], 'hall warn: hot');
});
