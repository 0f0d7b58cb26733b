const { Command } = require('commander');

require('./same.js')((same) => {
  const got = [];
  const program = new Command('meter').exitOverride().configureOutput({ writeOut: (text) => got.push(text), writeErr: (text) => got.push(text) });
  program.option('-t, --topic <topic>', 'where to', 'meter').option('--retain', 'keep it');
  program.command('send <value> [more...]').option('-q, --qos <qos>', 'quality', Number, 0).action((value, more, options) => got.push([value, more, options.qos, program.opts()]));
  program.parse(['--topic', 'lamp', '--retain', 'send', '5', 'a', 'b', '-q', '1'], { from: 'user' });
  same(got.pop(), ['5', ['a', 'b'], 1, { topic: 'lamp', retain: true }]);
  try {
    program.parse(['--nothing'], { from: 'user' });
  } catch (error) {
    same([error.code, got.pop()], ['commander.unknownOption', "error: unknown option '--nothing'\n"]);
  }
  same(program.helpInformation().split('\n')[0], 'Usage: meter [options] [command]');
});
