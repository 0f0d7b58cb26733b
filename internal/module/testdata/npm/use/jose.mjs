import { EncryptJWT, SignJWT, jwtDecrypt, jwtVerify } from 'jose';
import run from './same.js';

run(async (same) => {
  const key = new TextEncoder().encode('0123456789abcdef0123456789abcdef');
  const token = await new SignJWT({ room: 'hall' }).setProtectedHeader({ alg: 'HS256' }).setIssuer('lamp').sign(key);
  same(token.split('.')[0], 'eyJhbGciOiJIUzI1NiJ9');
  const { payload } = await jwtVerify(token, key, { issuer: 'lamp' });
  same(payload, { room: 'hall', iss: 'lamp' });
  same(await jwtVerify(`${token}x`, key).catch((error) => error.code), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  const sealed = await new EncryptJWT({ n: 1 }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(key);
  same((await jwtDecrypt(sealed, key)).payload, { n: 1 });
});
