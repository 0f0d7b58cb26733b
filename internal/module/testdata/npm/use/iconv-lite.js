const iconv = require('iconv-lite');

require('./same')((same) => {
  same([...iconv.encode('größe', 'latin1')], [103, 114, 246, 223, 101]);
  same(iconv.decode(Buffer.from([0xa4, 0xa4, 0xa4, 0xe5]), 'big5'), '中文');
  same([iconv.decode(Buffer.from([0xd6, 0xd0]), 'gbk'), iconv.decode(Buffer.from([0x93, 0xfa]), 'shift_jis')], ['中', '日']);
});
