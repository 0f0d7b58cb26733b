// The global crypto and the module crypto.

type CryptoData = NodeJS.TypedArray | DataView | ArrayBuffer;
type CryptoAlgorithm = string | { name: string; [parameter: string]: any };

interface CryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: any;
  readonly usages: any[];
}

/** HMAC, AES-GCM, AES-CBC, PBKDF2, HKDF, and SHA-1 and SHA-2. */
interface SubtleCrypto {
  decrypt(algorithm: CryptoAlgorithm, key: CryptoKey, data: CryptoData): Promise<ArrayBuffer>;
  deriveBits(algorithm: CryptoAlgorithm, key: CryptoKey, length: number): Promise<ArrayBuffer>;
  deriveKey(algorithm: CryptoAlgorithm, key: CryptoKey, derived: CryptoAlgorithm, extractable: boolean, usages: string[]): Promise<CryptoKey>;
  digest(algorithm: CryptoAlgorithm, data: CryptoData): Promise<ArrayBuffer>;
  encrypt(algorithm: CryptoAlgorithm, key: CryptoKey, data: CryptoData): Promise<ArrayBuffer>;
  exportKey(format: 'raw', key: CryptoKey): Promise<ArrayBuffer>;
  exportKey(format: 'jwk', key: CryptoKey): Promise<any>;
  generateKey(algorithm: CryptoAlgorithm, extractable: boolean, usages: string[]): Promise<CryptoKey>;
  importKey(format: 'raw' | 'jwk', key: any, algorithm: CryptoAlgorithm, extractable: boolean, usages: string[]): Promise<CryptoKey>;
  sign(algorithm: CryptoAlgorithm, key: CryptoKey, data: CryptoData): Promise<ArrayBuffer>;
  verify(algorithm: CryptoAlgorithm, key: CryptoKey, signature: CryptoData, data: CryptoData): Promise<boolean>;
}

/** Random values and cryptography as browsers have them. */
declare var crypto: {
  readonly subtle: SubtleCrypto;
  /** Fills a typed array of whole numbers, of 65536 bytes at most, and returns it. */
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
  CryptoKey: { prototype: CryptoKey };
};

declare module 'crypto' {
  type Binary = NodeJS.TypedArray | DataView | ArrayBuffer;
  type Text = string | Binary;
  type Key = Text | KeyObject;
  type Encoding = BufferEncoding | 'buffer';
  type Callback<T> = (error: Error | null, value: T) => void;
  interface ScryptOptions {
    N?: number;
    cost?: number;
    r?: number;
    blockSize?: number;
    p?: number;
    parallelization?: number;
    /** Bytes; 32 MiB unless given. */
    maxmem?: number;
  }
  interface CipherOptions {
    authTagLength?: number;
  }

  export class Hash {
    constructor(algorithm: string, options?: { outputLength?: number });
    update(data: Text, encoding?: BufferEncoding): this;
    digest(): Buffer;
    digest(encoding: BufferEncoding): string;
    copy(): Hash;
  }
  export class Hmac {
    constructor(algorithm: string, key: Key);
    update(data: Text, encoding?: BufferEncoding): this;
    digest(): Buffer;
    digest(encoding: BufferEncoding): string;
  }
  export class KeyObject {
    readonly type: 'secret' | 'public' | 'private';
    /** Bytes. */
    readonly symmetricKeySize?: number;
    readonly asymmetricKeyType?: 'rsa' | 'ec' | 'ed25519';
    readonly asymmetricKeyDetails?: { modulusLength?: number; publicExponent?: bigint; namedCurve?: string };
    equals(other: KeyObject): boolean;
    export(options?: { format?: 'buffer' }): Buffer;
    export(options: { format: 'jwk' }): { kty?: string; k?: string };
    export(options: KeyEncoding<'pem'>): string;
    export(options: KeyEncoding<'der'>): Buffer;
  }
  interface KeyEncoding<T extends 'pem' | 'der'> {
    type: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki';
    format: T;
  }
  type PairKey = Key | { key: Key; format?: 'pem' | 'der'; type?: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki' };
  type SigningKey = Key | { key: Key; padding?: number; saltLength?: number; dsaEncoding?: 'der' | 'ieee-p1363' };
  type CryptingKey = Key | { key: Key; padding?: number; oaepHash?: string; oaepLabel?: Binary };
  interface PairOptions {
    /** Bits, of an RSA key. */
    modulusLength?: number;
    /** Such as `prime256v1`, of an EC key. */
    namedCurve?: string;
    publicKeyEncoding?: KeyEncoding<'pem' | 'der'>;
    privateKeyEncoding?: KeyEncoding<'pem' | 'der'>;
  }
  export class Sign {
    constructor(algorithm: string);
    update(data: Text, encoding?: BufferEncoding): this;
    sign(key: SigningKey): Buffer;
    sign(key: SigningKey, encoding: BufferEncoding): string;
  }
  export class Verify {
    constructor(algorithm: string);
    update(data: Text, encoding?: BufferEncoding): this;
    verify(key: SigningKey, signature: Text, encoding?: BufferEncoding): boolean;
  }
  export class Cipheriv {
    constructor(algorithm: string, key: Key, iv: Text | null, options?: CipherOptions);
    update(data: Text, inputEncoding?: Encoding | null): Buffer;
    update(data: Text, inputEncoding: Encoding | null | undefined, outputEncoding: BufferEncoding): string;
    final(): Buffer;
    final(encoding: BufferEncoding): string;
    setAutoPadding(on?: boolean): this;
    setAAD(data: Text, options?: { encoding?: BufferEncoding }): this;
    /** After `final`. */
    getAuthTag(): Buffer;
  }
  export class Decipheriv {
    constructor(algorithm: string, key: Key, iv: Text | null, options?: CipherOptions);
    update(data: Text, inputEncoding?: Encoding | null): Buffer;
    update(data: Text, inputEncoding: Encoding | null | undefined, outputEncoding: BufferEncoding): string;
    final(): Buffer;
    final(encoding: BufferEncoding): string;
    setAutoPadding(on?: boolean): this;
    setAAD(data: Text, options?: { encoding?: BufferEncoding }): this;
    /** Before `final`. */
    setAuthTag(tag: Text, encoding?: BufferEncoding): this;
  }

  export function createHash(algorithm: string, options?: { outputLength?: number }): Hash;
  export function createHmac(algorithm: string, key: Key): Hmac;
  export function hash(algorithm: string, data: Text, encoding?: BufferEncoding): string;
  export function hash(algorithm: string, data: Text, encoding: 'buffer'): Buffer;
  export function getHashes(): string[];
  /** AES with 128, 192 or 256 bits in the modes cbc, ctr, ecb and gcm. */
  export function createCipheriv(algorithm: string, key: Key, iv: Text | null, options?: CipherOptions): Cipheriv;
  export function createDecipheriv(algorithm: string, key: Key, iv: Text | null, options?: CipherOptions): Decipheriv;
  export function getCiphers(): string[];
  export function getCipherInfo(name: string): { mode: string; name: string; keyLength: number; blockSize?: number; ivLength?: number } | undefined;
  export function createSecretKey(key: Binary): KeyObject;
  export function createSecretKey(key: string, encoding: BufferEncoding): KeyObject;
  export function createPrivateKey(key: PairKey): KeyObject;
  export function createPublicKey(key: PairKey): KeyObject;
  export function createSign(algorithm: string): Sign;
  export function createVerify(algorithm: string): Verify;
  export function sign(algorithm: string | null | undefined, data: Text, key: SigningKey): Buffer;
  export function sign(algorithm: string | null | undefined, data: Text, key: SigningKey, callback: Callback<Buffer>): void;
  export function verify(algorithm: string | null | undefined, data: Text, key: SigningKey, signature: Binary): boolean;
  export function verify(algorithm: string | null | undefined, data: Text, key: SigningKey, signature: Binary, callback: Callback<boolean>): void;
  export function publicEncrypt(key: CryptingKey, data: Text): Buffer;
  export function privateDecrypt(key: CryptingKey, data: Text): Buffer;
  export function generateKeyPairSync(type: 'rsa' | 'ec' | 'ed25519', options?: PairOptions): { publicKey: any; privateKey: any };
  export function generateKeyPair(type: 'rsa' | 'ec' | 'ed25519', options: PairOptions | undefined, callback: (error: Error | null, publicKey: any, privateKey: any) => void): void;
  export const webcrypto: typeof globalThis.crypto;
  export const subtle: SubtleCrypto;
  export function getRandomValues<T extends NodeJS.TypedArray>(array: T): T;
  export const constants: { readonly [name: string]: number };
  export function randomBytes(size: number): Buffer;
  export function randomBytes(size: number, callback: Callback<Buffer>): void;
  export function randomFill<T extends Binary>(buffer: T, callback: Callback<T>): void;
  export function randomFill<T extends Binary>(buffer: T, offset: number, callback: Callback<T>): void;
  export function randomFill<T extends Binary>(buffer: T, offset: number, size: number, callback: Callback<T>): void;
  export function randomFillSync<T extends Binary>(buffer: T, offset?: number, size?: number): T;
  /** A whole number from `min`, or 0, up to but without `max`. */
  export function randomInt(max: number): number;
  export function randomInt(min: number, max: number): number;
  export function randomInt(min: number, max: number, callback: Callback<number>): void;
  export function randomUUID(options?: { disableEntropyCache?: boolean }): string;
  export function timingSafeEqual(a: Binary, b: Binary): boolean;
  export function pbkdf2(password: Text, salt: Text, iterations: number, length: number, digest: string, callback: Callback<Buffer>): void;
  export function pbkdf2Sync(password: Text, salt: Text, iterations: number, length: number, digest: string): Buffer;
  export function scrypt(password: Text, salt: Text, length: number, callback: Callback<Buffer>): void;
  export function scrypt(password: Text, salt: Text, length: number, options: ScryptOptions, callback: Callback<Buffer>): void;
  export function scryptSync(password: Text, salt: Text, length: number, options?: ScryptOptions): Buffer;
  export function hkdf(digest: string, key: Key, salt: Text, info: Text, length: number, callback: Callback<ArrayBuffer>): void;
  export function hkdfSync(digest: string, key: Key, salt: Text, info: Text, length: number): ArrayBuffer;
}
declare module 'node:crypto' {
  export * from 'crypto';
}
