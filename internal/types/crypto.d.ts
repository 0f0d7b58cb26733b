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
  import { Transform, Writable } from 'stream';

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

  export class Hash extends Transform {
    constructor(algorithm: string, options?: { outputLength?: number });
    update(data: Text, encoding?: BufferEncoding): this;
    digest(): Buffer;
    digest(encoding: BufferEncoding): string;
    copy(): Hash;
  }
  export class Hmac extends Transform {
    constructor(algorithm: string, key: Key);
    update(data: Text, encoding?: BufferEncoding): this;
    digest(): Buffer;
    digest(encoding: BufferEncoding): string;
  }
  export class KeyObject {
    readonly type: 'secret' | 'public' | 'private';
    /** Bytes. */
    readonly symmetricKeySize?: number;
    readonly asymmetricKeyType?: 'rsa' | 'ec' | 'ed25519' | 'x25519';
    readonly asymmetricKeyDetails?: { modulusLength?: number; publicExponent?: bigint; namedCurve?: string };
    equals(other: KeyObject): boolean;
    export(options?: { format?: 'buffer' }): Buffer;
    export(options: { format: 'jwk' }): JsonWebKey;
    export(options: KeyEncoding<'pem'>): string;
    export(options: KeyEncoding<'der'>): Buffer;
  }
  interface KeyEncoding<T extends 'pem' | 'der'> {
    type: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki';
    format: T;
    /** Encrypts a private key: aes-128-cbc, aes-192-cbc, aes-256-cbc or des-ede3-cbc. */
    cipher?: string;
    passphrase?: Text;
  }
  interface JsonWebKey {
    kty?: string;
    crv?: string;
    k?: string;
    n?: string;
    e?: string;
    d?: string;
    p?: string;
    q?: string;
    dp?: string;
    dq?: string;
    qi?: string;
    x?: string;
    y?: string;
  }
  type PairKey =
    | Key
    | { key: Key; format?: 'pem' | 'der'; type?: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki'; passphrase?: Text }
    | { key: JsonWebKey; format: 'jwk' };
  type SigningKey = Key | { key: Key; passphrase?: Text; padding?: number; saltLength?: number; dsaEncoding?: 'der' | 'ieee-p1363' };
  type CryptingKey = Key | { key: Key; passphrase?: Text; padding?: number; oaepHash?: string; oaepLabel?: Binary };
  type PrimeOptions = { add?: bigint | Binary; rem?: bigint | Binary; safe?: boolean; bigint?: boolean };
  type PointForm = 'uncompressed' | 'compressed' | 'hybrid';
  interface PairOptions {
    /** Bits, of an RSA key. */
    modulusLength?: number;
    /** Such as `prime256v1`, of an EC key. */
    namedCurve?: string;
    publicKeyEncoding?: KeyEncoding<'pem' | 'der'>;
    privateKeyEncoding?: KeyEncoding<'pem' | 'der'>;
  }
  export class Sign extends Writable {
    constructor(algorithm: string);
    update(data: Text, encoding?: BufferEncoding): this;
    sign(key: SigningKey): Buffer;
    sign(key: SigningKey, encoding: BufferEncoding): string;
  }
  export class Verify extends Writable {
    constructor(algorithm: string);
    update(data: Text, encoding?: BufferEncoding): this;
    verify(key: SigningKey, signature: Text, encoding?: BufferEncoding): boolean;
  }
  export class Cipheriv extends Transform {
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
  export class Decipheriv extends Transform {
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

  export class X509Certificate {
    constructor(data: string | Binary);
    /** Lines such as `CN=name`. */
    readonly subject?: string;
    readonly subjectAltName?: string;
    readonly issuer?: string;
    readonly issuerCertificate?: X509Certificate;
    readonly infoAccess?: string;
    readonly validFrom: string;
    readonly validTo: string;
    /** SHA-1. */
    readonly fingerprint: string;
    readonly fingerprint256: string;
    readonly fingerprint512: string;
    /** The purposes of the extended key usage, as numbers with dots. */
    readonly keyUsage?: string[];
    readonly serialNumber: string;
    readonly raw: Buffer;
    readonly publicKey: KeyObject;
    readonly ca: boolean;
    /** The name that matches, or undefined. */
    checkHost(name: string): string | undefined;
    checkEmail(email: string): string | undefined;
    checkIP(ip: string): string | undefined;
    /** Whether the other could have issued this one; `verify` looks at the signature. */
    checkIssued(other: X509Certificate): boolean;
    checkPrivateKey(key: KeyObject): boolean;
    verify(key: KeyObject): boolean;
    toString(): string;
    toJSON(): string;
    toLegacyObject(): any;
  }
  /** The curves prime256v1, secp384r1 and secp521r1. */
  export class ECDH {
    constructor(curve: string);
    static convertKey(key: Text, curve: string, inputEncoding?: Encoding | null, outputEncoding?: Encoding | null, format?: PointForm): any;
    generateKeys(): Buffer;
    generateKeys(encoding: BufferEncoding, format?: PointForm): string;
    computeSecret(other: Text, inputEncoding?: Encoding | null): Buffer;
    computeSecret(other: Text, inputEncoding: Encoding | null | undefined, outputEncoding: BufferEncoding): string;
    getPrivateKey(): Buffer;
    getPrivateKey(encoding: BufferEncoding): string;
    getPublicKey(encoding?: null, format?: PointForm): Buffer;
    getPublicKey(encoding: BufferEncoding, format?: PointForm): string;
    setPrivateKey(key: Text, encoding?: BufferEncoding): this;
    setPublicKey(key: Text, encoding?: BufferEncoding): this;
  }
  export class DiffieHellmanGroup {
    constructor(name: string);
    generateKeys(): Buffer;
    generateKeys(encoding: BufferEncoding): string;
    computeSecret(other: Text, inputEncoding?: Encoding | null): Buffer;
    computeSecret(other: Text, inputEncoding: Encoding | null | undefined, outputEncoding: BufferEncoding): string;
    getPrime(): Buffer;
    getPrime(encoding: BufferEncoding): string;
    getGenerator(): Buffer;
    getGenerator(encoding: BufferEncoding): string;
    getPublicKey(): Buffer;
    getPublicKey(encoding: BufferEncoding): string;
    getPrivateKey(): Buffer;
    getPrivateKey(encoding: BufferEncoding): string;
    readonly verifyError: number;
  }
  export class DiffieHellman extends DiffieHellmanGroup {
    constructor(prime: number | Text, ...more: any[]);
    setPublicKey(key: Text, encoding?: BufferEncoding): void;
    setPrivateKey(key: Text, encoding?: BufferEncoding): void;
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
  /** A signature without a hash: RSA with PKCS #1 v1.5 padding. */
  export function privateEncrypt(key: CryptingKey, data: Text): Buffer;
  export function publicDecrypt(key: CryptingKey, data: Text): Buffer;
  export function generateKeySync(type: 'hmac' | 'aes', options: { length: number }): KeyObject;
  export function generateKey(type: 'hmac' | 'aes', options: { length: number }, callback: Callback<KeyObject>): void;
  export function createECDH(curve: string): ECDH;
  export function createDiffieHellman(size: number, generator?: number | Binary): DiffieHellman;
  export function createDiffieHellman(prime: Binary, generator?: number | Binary): DiffieHellman;
  export function createDiffieHellman(prime: string, encoding: BufferEncoding, generator?: number | Text, generatorEncoding?: BufferEncoding): DiffieHellman;
  export function createDiffieHellmanGroup(name: string): DiffieHellmanGroup;
  /** `modp1`, `modp2`, `modp5`, `modp14` to `modp18`. */
  export function getDiffieHellman(name: string): DiffieHellmanGroup;
  export function diffieHellman(options: { privateKey: KeyObject; publicKey: KeyObject }): Buffer;
  export function getCurves(): string[];
  export function generatePrimeSync(bits: number, options: PrimeOptions & { bigint: true }): bigint;
  export function generatePrimeSync(bits: number, options?: PrimeOptions): ArrayBuffer;
  export function generatePrime(bits: number, callback: Callback<ArrayBuffer>): void;
  export function generatePrime(bits: number, options: PrimeOptions, callback: Callback<any>): void;
  export function checkPrimeSync(candidate: bigint | Binary, options?: { checks?: number }): boolean;
  export function checkPrime(candidate: bigint | Binary, callback: Callback<boolean>): void;
  export function checkPrime(candidate: bigint | Binary, options: { checks?: number }, callback: Callback<boolean>): void;
  /** 0: this cryptography is not that of FIPS 140. */
  export function getFips(): number;
  export function generateKeyPairSync(type: 'rsa' | 'ec' | 'ed25519' | 'x25519', options?: PairOptions): { publicKey: any; privateKey: any };
  export function generateKeyPair(type: 'rsa' | 'ec' | 'ed25519' | 'x25519', options: PairOptions | undefined, callback: (error: Error | null, publicKey: any, privateKey: any) => void): void;
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
