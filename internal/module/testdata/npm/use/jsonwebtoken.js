const { generateKeyPairSync } = require('crypto');
const jwt = require('jsonwebtoken');

require('./same.js')((same) => {
  const token = jwt.sign({ device: 7, iat: 1 }, 'secret');
  same(token, 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkZXZpY2UiOjcsImlhdCI6MX0.' + require('crypto').createHmac('sha256', 'secret').update(token.split('.').slice(0, 2).join('.')).digest('base64url'));
  same(jwt.verify(token, 'secret'), { device: 7, iat: 1 });
  const attempt = (...args) => { try { return jwt.verify(...args); } catch (error) { return error.message; } };
  same([attempt(token, 'other'), attempt(jwt.sign({ exp: 1 }, 'secret'), 'secret')], ['invalid signature', 'jwt expired']);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  same(jwt.verify(jwt.sign({ a: 1, iat: 2 }, privateKey, { algorithm: 'ES256' }), publicKey), { a: 1, iat: 2 });
});
