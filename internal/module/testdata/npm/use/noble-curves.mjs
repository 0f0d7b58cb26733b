import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import run from './same.js';

run((same) => {
  const hex = (bytes) => Buffer.from(bytes).toString('hex');
  const secret = new Uint8Array(32).fill(1), message = new TextEncoder().encode('on');
  const key = ed25519.getPublicKey(secret);
  same(hex(key), '8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c');
  const signature = ed25519.sign(message, secret);
  same([ed25519.verify(signature, message, key), ed25519.verify(signature, new Uint8Array([1]), key)], [true, false]);
  const other = secp256k1.getPublicKey(secret);
  same([hex(other).slice(0, 10), secp256k1.verify(secp256k1.sign(message, secret), message, other)], ['031b84c556', true]);
});
