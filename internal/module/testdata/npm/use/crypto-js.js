const CryptoJS = require('crypto-js');

require('./same')((same) => {
  same(CryptoJS.SHA256('abc').toString(), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  same(CryptoJS.HmacMD5('a', 'b').toString(CryptoJS.enc.Base64), 'Xmn64l9LTz6Mxd4JqBY1IA==');
  const secret = CryptoJS.AES.encrypt('hello', 'key').toString();
  same(CryptoJS.AES.decrypt(secret, 'key').toString(CryptoJS.enc.Utf8), 'hello');
});
