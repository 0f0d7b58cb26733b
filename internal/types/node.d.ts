// The part of Node.js that a script has without any package.

declare var module: { exports: any };
declare var exports: any;
/** Loads a module: a file, a folder, a package or a built-in module. */
declare function require(id: string): any;
/** The script file's path. */
declare var __filename: string;
/** The script file's folder; files in it can be read. */
declare var __dirname: string;

declare namespace NodeJS {
  type TypedArray =
    | Uint8Array
    | Uint8ClampedArray
    | Uint16Array
    | Uint32Array
    | Int8Array
    | Int16Array
    | Int32Array
    | BigUint64Array
    | BigInt64Array
    | Float32Array
    | Float64Array;

  interface Timeout {
    hasRef(): boolean;
    ref(): this;
    unref(): this;
    /** Starts the time again. */
    refresh(): this;
    [Symbol.toPrimitive](): number;
  }

  interface Immediate {
    hasRef(): boolean;
    ref(): this;
    unref(): this;
  }

  interface ProcessEnv {
    [name: string]: string | undefined;
  }

  interface ProcessVersions {
    [name: string]: string | undefined;
  }

  interface HRTime {
    /** Seconds and nanoseconds, since `time` if it is given. */
    (time?: [number, number]): [number, number];
    /** Nanoseconds. */
    bigint(): bigint;
  }

  interface Process {
    readonly env: ProcessEnv;
    /** The program, the script's path, and what followed `--` on the command line. */
    readonly argv: string[];
    readonly argv0: string;
    /** Whole lines go to the console, at the level of console.log. */
    readonly stdout: import('stream').Writable & { readonly fd: 1 };
    /** Whole lines go to the console, at the level of console.error. */
    readonly stderr: import('stream').Writable & { readonly fd: 2 };
    readonly execArgv: string[];
    readonly execPath: string;
    exitCode?: number | string | null;
    readonly pid: number;
    readonly platform: string;
    readonly arch: string;
    title: string;
    /** The version of Node.js whose behaviour scripts find. */
    readonly version: string;
    readonly versions: ProcessVersions;
    readonly hrtime: HRTime;
    /** The script's data folder. */
    cwd(): string;
    /** Bytes. */
    memoryUsage(): { rss: number; heapTotal: number; heapUsed: number; external: number; arrayBuffers: number };
    /** Seconds. */
    uptime(): number;
    nextTick(callback: Function, ...args: any[]): void;
    /** Ends the script, as the global `exit` does, once the listeners of `exit` were called. */
    exit(code?: number | string | null): never;
    /** Microseconds of the whole program, since `previous` if it is given. */
    cpuUsage(previous?: { user: number; system: number }): { user: number; system: number };
    umask(): number;
    readonly ppid: number;
    readonly release: { name: string; lts?: string };
    readonly features: object;
    readonly config: object;
    /** A built-in module, undefined when there is none of that name. */
    getBuiltinModule(id: string): any;
    /** Emits `warning`, and writes the warning to standard error. */
    /** Not on Windows. */
    getuid?(): number;
    geteuid?(): number;
    getgid?(): number;
    getegid?(): number;
    emitWarning(warning: string | Error, typeOrOptions?: string | { type?: string; code?: string; detail?: string }, code?: string): void;
    on(event: 'exit', listener: (code: number) => void): this;
    on(event: 'uncaughtException', listener: (error: Error, origin: string) => void): this;
    on(event: 'unhandledRejection', listener: (reason: unknown, promise: Promise<unknown>) => void): this;
    on(event: string | symbol, listener: (...args: any[]) => void): this;
    once(event: string | symbol, listener: (...args: any[]) => void): this;
    off(event: string | symbol, listener: (...args: any[]) => void): this;
    addListener(event: string | symbol, listener: (...args: any[]) => void): this;
    removeListener(event: string | symbol, listener: (...args: any[]) => void): this;
    removeAllListeners(event?: string | symbol): this;
    emit(event: string | symbol, ...args: any[]): boolean;
    listenerCount(event: string | symbol): number;
    listeners(event: string | symbol): Function[];
  }
}

declare var process: NodeJS.Process;
declare var global: typeof globalThis;
/** A copy of a value, and of what is in it. */
declare function structuredClone<T>(value: T): T;

/** Runs the callback once, after a number of milliseconds. */
declare function setTimeout<A extends any[]>(callback: (...args: A) => void, ms?: number, ...args: A): NodeJS.Timeout;
/** Runs the callback again and again, each time after a number of milliseconds. */
declare function setInterval<A extends any[]>(callback: (...args: A) => void, ms?: number, ...args: A): NodeJS.Timeout;
/** Runs the callback as soon as what is running now is done. */
declare function setImmediate<A extends any[]>(callback: (...args: A) => void, ...args: A): NodeJS.Immediate;
declare function clearTimeout(timer: NodeJS.Timeout | number | string | undefined): void;
declare function clearInterval(timer: NodeJS.Timeout | number | string | undefined): void;
declare function clearImmediate(timer: NodeJS.Immediate | undefined): void;
/** The characters, each standing for a byte, that base64 text means. */
declare function atob(text: string): string;
/** Base64 text of characters that each stand for a byte. */
declare function btoa(text: string): string;
/** The time since the script began, in milliseconds with fractions. */
interface PerformanceEntry {
  readonly name: string;
  readonly entryType: string;
  readonly startTime: number;
  readonly duration: number;
  readonly detail: any;
}
declare var performance: {
  now(): number;
  /** When the script began, in milliseconds since 1970. */
  readonly timeOrigin: number;
  mark(name: string, options?: { startTime?: number; detail?: any }): PerformanceEntry;
  /** The time between two marks. */
  measure(name: string, start?: string | { start?: string | number; end?: string | number; duration?: number; detail?: any }, end?: string): PerformanceEntry;
  clearMarks(name?: string): void;
  clearMeasures(name?: string): void;
  /** Does nothing: nobody can observe it. */
  markResourceTiming(...args: any[]): void;
  getEntries(): PerformanceEntry[];
  getEntriesByName(name: string, type?: string): PerformanceEntry[];
  getEntriesByType(type: string): PerformanceEntry[];
};
interface ErrorConstructor {
  /** Gives an object a stack, without the calls from the function above on. */
  captureStackTrace(object: object, above?: Function): void;
}
declare function queueMicrotask(callback: () => void): void;

/** `log`, `info` and `debug` go to standard output, `warn` and `error` to standard error. */
interface Console {
  assert(condition?: boolean, ...data: any[]): void;
  count(label?: string): void;
  countReset(label?: string): void;
  /** These four do nothing: there is no terminal and no inspector. */
  clear(): void;
  profile(label?: string): void;
  profileEnd(label?: string): void;
  timeStamp(label?: string): void;
  debug(...data: any[]): void;
  dir(item?: any, options?: any): void;
  dirxml(...data: any[]): void;
  error(...data: any[]): void;
  group(...data: any[]): void;
  groupCollapsed(...data: any[]): void;
  groupEnd(): void;
  info(...data: any[]): void;
  log(...data: any[]): void;
  table(data?: any, columns?: any): void;
  time(label?: string): void;
  timeEnd(label?: string): void;
  timeLog(label?: string, ...data: any[]): void;
  trace(...data: any[]): void;
  warn(...data: any[]): void;
}

declare var console: Console;

type BufferEncoding =
  | 'ascii'
  | 'utf8'
  | 'utf-8'
  | 'utf16le'
  | 'utf-16le'
  | 'ucs2'
  | 'ucs-2'
  | 'base64'
  | 'base64url'
  | 'latin1'
  | 'binary'
  | 'hex';

/** Bytes, as in Node.js. */
interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<TArrayBuffer> {
  compare(target: Uint8Array, targetStart?: number, targetEnd?: number, sourceStart?: number, sourceEnd?: number): -1 | 0 | 1;
  copy(target: Uint8Array, targetStart?: number, sourceStart?: number, sourceEnd?: number): number;
  equals(other: Uint8Array): boolean;
  fill(value: string | Uint8Array | number, offset?: number, end?: number, encoding?: BufferEncoding): this;
  fill(value: string | Uint8Array | number, encoding: BufferEncoding): this;
  includes(value: string | number | Buffer, byteOffset?: number, encoding?: BufferEncoding): boolean;
  indexOf(value: string | number | Uint8Array, byteOffset?: number, encoding?: BufferEncoding): number;
  lastIndexOf(value: string | number | Uint8Array, byteOffset?: number, encoding?: BufferEncoding): number;
  slice(start?: number, end?: number): Buffer<ArrayBuffer>;
  subarray(start?: number, end?: number): Buffer<TArrayBuffer>;
  swap16(): this;
  swap32(): this;
  swap64(): this;
  toJSON(): { type: 'Buffer'; data: number[] };
  toString(encoding?: BufferEncoding, start?: number, end?: number): string;
  write(text: string, encoding?: BufferEncoding): number;
  write(text: string, offset: number, encoding?: BufferEncoding): number;
  write(text: string, offset: number, length: number, encoding?: BufferEncoding): number;

  readBigInt64BE(offset?: number): bigint;
  readBigInt64LE(offset?: number): bigint;
  readBigUInt64BE(offset?: number): bigint;
  readBigUInt64LE(offset?: number): bigint;
  readDoubleBE(offset?: number): number;
  readDoubleLE(offset?: number): number;
  readFloatBE(offset?: number): number;
  readFloatLE(offset?: number): number;
  readInt8(offset?: number): number;
  readInt16BE(offset?: number): number;
  readInt16LE(offset?: number): number;
  readInt32BE(offset?: number): number;
  readInt32LE(offset?: number): number;
  readIntBE(offset: number, byteLength: number): number;
  readIntLE(offset: number, byteLength: number): number;
  readUInt8(offset?: number): number;
  readUInt16BE(offset?: number): number;
  readUInt16LE(offset?: number): number;
  readUInt32BE(offset?: number): number;
  readUInt32LE(offset?: number): number;
  readUIntBE(offset: number, byteLength: number): number;
  readUIntLE(offset: number, byteLength: number): number;

  writeBigInt64BE(value: bigint, offset?: number): number;
  writeBigInt64LE(value: bigint, offset?: number): number;
  writeBigUInt64BE(value: bigint, offset?: number): number;
  writeBigUInt64LE(value: bigint, offset?: number): number;
  writeDoubleBE(value: number, offset?: number): number;
  writeDoubleLE(value: number, offset?: number): number;
  writeFloatBE(value: number, offset?: number): number;
  writeFloatLE(value: number, offset?: number): number;
  writeInt8(value: number, offset?: number): number;
  writeInt16BE(value: number, offset?: number): number;
  writeInt16LE(value: number, offset?: number): number;
  writeInt32BE(value: number, offset?: number): number;
  writeInt32LE(value: number, offset?: number): number;
  writeIntBE(value: number, offset: number, byteLength: number): number;
  writeIntLE(value: number, offset: number, byteLength: number): number;
  writeUInt8(value: number, offset?: number): number;
  writeUInt16BE(value: number, offset?: number): number;
  writeUInt16LE(value: number, offset?: number): number;
  writeUInt32BE(value: number, offset?: number): number;
  writeUInt32LE(value: number, offset?: number): number;
  writeUIntBE(value: number, offset: number, byteLength: number): number;
  writeUIntLE(value: number, offset: number, byteLength: number): number;
}

interface BufferConstructor {
  alloc(size: number, fill?: string | Uint8Array | number, encoding?: BufferEncoding): Buffer<ArrayBuffer>;
  allocUnsafe(size: number): Buffer<ArrayBuffer>;
  allocUnsafeSlow(size: number): Buffer<ArrayBuffer>;
  byteLength(value: string | NodeJS.TypedArray | DataView | ArrayBuffer, encoding?: BufferEncoding): number;
  compare(a: Uint8Array, b: Uint8Array): -1 | 0 | 1;
  concat(list: readonly Uint8Array[], totalLength?: number): Buffer<ArrayBuffer>;
  from(text: string, encoding?: BufferEncoding): Buffer<ArrayBuffer>;
  from(bytes: ArrayLike<number> | Iterable<number>): Buffer<ArrayBuffer>;
  from(memory: ArrayBuffer, byteOffset?: number, length?: number): Buffer<ArrayBuffer>;
  of(...bytes: number[]): Buffer<ArrayBuffer>;
  poolSize: number;
  isBuffer(value: any): value is Buffer;
  isEncoding(name: string): name is BufferEncoding;
}

declare var Buffer: BufferConstructor;

/** An address taken apart. */
interface URL {
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toJSON(): string;
  toString(): string;
}

declare var URL: {
  prototype: URL;
  new (url: string | URL, base?: string | URL): URL;
  canParse(url: string | URL, base?: string | URL): boolean;
  /** The address, or null when it is none. */
  parse(url: string | URL, base?: string | URL): URL | null;
};

/** The query of an address. */
interface URLSearchParams {
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  entries(): IterableIterator<[string, string]>;
  forEach(callback: (value: string, key: string, parent: URLSearchParams) => void): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  keys(): IterableIterator<string>;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

declare var URLSearchParams: {
  prototype: URLSearchParams;
  new (init?: string | string[][] | Record<string, string> | URLSearchParams): URLSearchParams;
};

/** Text to UTF-8 bytes. */
interface TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare var TextEncoder: {
  prototype: TextEncoder;
  new (): TextEncoder;
};

/** Bytes to text. */
interface TextDecoder {
  readonly encoding: string;
  decode(bytes?: ArrayBuffer | ArrayBufferView): string;
}

declare var TextDecoder: {
  prototype: TextDecoder;
  new (label?: string): TextDecoder;
};
