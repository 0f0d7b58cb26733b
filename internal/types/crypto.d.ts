// The module crypto.

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
    readonly type: 'secret';
    /** Bytes. */
    readonly symmetricKeySize?: number;
    equals(other: KeyObject): boolean;
    export(options?: { format?: 'buffer' }): Buffer;
    export(options: { format: 'jwk' }): { kty?: string; k?: string };
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
