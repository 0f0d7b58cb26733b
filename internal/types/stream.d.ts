// The modules stream and zlib.

declare module 'stream' {
  import EventEmitter = require('events');
  type Done = (error?: Error | null) => void;
  type Stage = stream.Readable | stream.Writable | Iterable<any> | AsyncIterable<any> | ((source: any) => any);

  interface StreamOptions {
    /** What is kept before the source is held up: bytes, or objects in object mode. */
    highWaterMark?: number;
    objectMode?: boolean;
    emitClose?: boolean;
    autoDestroy?: boolean;
    construct?(this: any, done: Done): void;
    destroy?(this: any, error: Error | null, done: Done): void;
  }
  interface ReadableOptions extends StreamOptions {
    encoding?: BufferEncoding;
    read?(this: any, size: number): void;
  }
  interface WritableOptions extends StreamOptions {
    decodeStrings?: boolean;
    defaultEncoding?: BufferEncoding;
    write?(this: any, chunk: any, encoding: BufferEncoding, done: Done): void;
    writev?(this: any, chunks: Array<{ chunk: any; encoding: BufferEncoding }>, done: Done): void;
    final?(this: any, done: Done): void;
  }
  interface DuplexOptions extends ReadableOptions, WritableOptions {
    allowHalfOpen?: boolean;
    readable?: boolean;
    writable?: boolean;
    readableObjectMode?: boolean;
    writableObjectMode?: boolean;
    readableHighWaterMark?: number;
    writableHighWaterMark?: number;
  }
  interface TransformOptions extends DuplexOptions {
    transform?(this: any, chunk: any, encoding: BufferEncoding, done: (error?: Error | null, data?: any) => void): void;
    flush?(this: any, done: (error?: Error | null, data?: any) => void): void;
  }
  interface FinishedOptions {
    readable?: boolean;
    writable?: boolean;
    error?: boolean;
  }

  class stream extends EventEmitter {}
  namespace stream {
    const Stream: typeof stream;
    class Readable extends stream {
      constructor(options?: ReadableOptions);
      static from(iterable: Iterable<any> | AsyncIterable<any>, options?: ReadableOptions): Readable;
      static fromWeb(stream: AsyncIterable<any>, options?: ReadableOptions): Readable;
      static toWeb(stream: Readable): ReadableStream<any>;
      readonly readable: boolean;
      readonly readableEnded: boolean;
      readonly readableFlowing: boolean | null;
      readonly readableHighWaterMark: number;
      readonly readableLength: number;
      readonly readableObjectMode: boolean;
      readonly readableEncoding: BufferEncoding | null;
      readonly destroyed: boolean;
      readonly closed: boolean;
      readonly errored: Error | null;
      read(size?: number): any;
      push(chunk: any, encoding?: BufferEncoding): boolean;
      unshift(chunk: any, encoding?: BufferEncoding): boolean;
      pause(): this;
      resume(): this;
      isPaused(): boolean;
      setEncoding(encoding: BufferEncoding): this;
      pipe<T>(target: T, options?: { end?: boolean }): T;
      unpipe(target?: Writable | Duplex): this;
      toArray(): Promise<any[]>;
      forEach(fn: (chunk: any) => any): Promise<void>;
      destroy(error?: Error | null): this;
      _read(size: number): void;
      _destroy(error: Error | null, done: Done): void;
      [Symbol.asyncIterator](): AsyncIterableIterator<any>;
    }
    class Writable extends stream {
      constructor(options?: WritableOptions);
      readonly writable: boolean;
      readonly writableEnded: boolean;
      readonly writableFinished: boolean;
      readonly writableHighWaterMark: number;
      readonly writableLength: number;
      readonly writableObjectMode: boolean;
      readonly writableCorked: number;
      readonly writableNeedDrain: boolean;
      readonly destroyed: boolean;
      readonly closed: boolean;
      readonly errored: Error | null;
      /** False: wait for the event `drain` before the next one. */
      write(chunk: any, done?: Done): boolean;
      write(chunk: any, encoding: BufferEncoding, done?: Done): boolean;
      end(done?: () => void): this;
      end(chunk: any, done?: () => void): this;
      end(chunk: any, encoding: BufferEncoding, done?: () => void): this;
      cork(): void;
      uncork(): void;
      setDefaultEncoding(encoding: BufferEncoding): this;
      destroy(error?: Error | null): this;
      _write(chunk: any, encoding: BufferEncoding, done: Done): void;
      _destroy(error: Error | null, done: Done): void;
    }
    class Duplex extends Readable {
      constructor(options?: DuplexOptions);
      allowHalfOpen: boolean;
      readonly writable: boolean;
      readonly writableEnded: boolean;
      readonly writableFinished: boolean;
      readonly writableHighWaterMark: number;
      readonly writableLength: number;
      readonly writableObjectMode: boolean;
      readonly writableCorked: number;
      readonly writableNeedDrain: boolean;
      write(chunk: any, done?: Done): boolean;
      write(chunk: any, encoding: BufferEncoding, done?: Done): boolean;
      end(done?: () => void): this;
      end(chunk: any, done?: () => void): this;
      end(chunk: any, encoding: BufferEncoding, done?: () => void): this;
      cork(): void;
      uncork(): void;
      setDefaultEncoding(encoding: BufferEncoding): this;
      _write(chunk: any, encoding: BufferEncoding, done: Done): void;
    }
    class Transform extends Duplex {
      constructor(options?: TransformOptions);
      _transform(chunk: any, encoding: BufferEncoding, done: (error?: Error | null, data?: any) => void): void;
    }
    class PassThrough extends Transform {}
    /** Connects streams, iterables and functions; calls back at the end, or with the first error. */
    function pipeline(first: Stage, second: Stage, ...more: Array<Stage | ((error?: Error, value?: any) => void)>): any;
    /** Calls back when a stream has ended or failed; the result stops listening. */
    function finished(target: Readable | Writable, done: Done): () => void;
    function finished(target: Readable | Writable, options: FinishedOptions, done: Done): () => void;
    const promises: typeof import('stream/promises');
    function destroy(target: Readable | Writable, error?: Error): void;
    function isDisturbed(target: any): boolean;
    function isErrored(target: any): boolean;
    function isReadable(target: any): boolean | null;
    function getDefaultHighWaterMark(objectMode: boolean): number;
    function setDefaultHighWaterMark(objectMode: boolean, value: number): void;
  }
  export = stream;
}
declare module 'node:stream' {
  import stream = require('stream');
  export = stream;
}
declare module 'stream/promises' {
  /** Connects streams, iterables and functions; resolves with what the last function has come to. */
  export function pipeline(first: any, second: any, ...more: any[]): Promise<any>;
  export function finished(target: any, options?: { readable?: boolean; writable?: boolean; error?: boolean }): Promise<void>;
}
declare module 'node:stream/promises' {
  export * from 'stream/promises';
}
declare module 'stream/consumers' {
  export function text(source: AsyncIterable<any>): Promise<string>;
  export function json(source: AsyncIterable<any>): Promise<any>;
  export function buffer(source: AsyncIterable<any>): Promise<Buffer>;
  export function arrayBuffer(source: AsyncIterable<any>): Promise<ArrayBuffer>;
}
declare module 'node:stream/consumers' {
  export * from 'stream/consumers';
}

declare module 'zlib' {
  import { Transform } from 'stream';
  type Input = string | NodeJS.TypedArray | DataView | ArrayBuffer;
  type Result = (error: Error | null, result: Buffer) => void;
  interface Options {
    /** 0 none, 1 fast, to 9 small; -1 is between them. */
    level?: number;
    dictionary?: NodeJS.TypedArray | DataView | ArrayBuffer;
    /** `constants.Z_SYNC_FLUSH`: data that ends early is not an error. */
    finishFlush?: number;
    /** Bytes. */
    maxOutputLength?: number;
  }

  export class Deflate extends Transform {
    constructor(options?: Options);
    /** Gives out what was written so far. */
    flush(callback?: () => void): void;
    close(callback?: () => void): void;
  }
  export function createDeflate(options?: Options): Deflate;
  export function deflate(data: Input, callback: Result): void;
  export function deflate(data: Input, options: Options, callback: Result): void;
  export function deflateSync(data: Input, options?: Options): Buffer;
  export class Inflate extends Transform {
    constructor(options?: Options);
    close(callback?: () => void): void;
  }
  export function createInflate(options?: Options): Inflate;
  export function inflate(data: Input, callback: Result): void;
  export function inflate(data: Input, options: Options, callback: Result): void;
  export function inflateSync(data: Input, options?: Options): Buffer;
  export class Gzip extends Transform {
    constructor(options?: Options);
    /** Gives out what was written so far. */
    flush(callback?: () => void): void;
    close(callback?: () => void): void;
  }
  export function createGzip(options?: Options): Gzip;
  export function gzip(data: Input, callback: Result): void;
  export function gzip(data: Input, options: Options, callback: Result): void;
  export function gzipSync(data: Input, options?: Options): Buffer;
  export class Gunzip extends Transform {
    constructor(options?: Options);
    close(callback?: () => void): void;
  }
  export function createGunzip(options?: Options): Gunzip;
  export function gunzip(data: Input, callback: Result): void;
  export function gunzip(data: Input, options: Options, callback: Result): void;
  export function gunzipSync(data: Input, options?: Options): Buffer;
  export class DeflateRaw extends Transform {
    constructor(options?: Options);
    /** Gives out what was written so far. */
    flush(callback?: () => void): void;
    close(callback?: () => void): void;
  }
  export function createDeflateRaw(options?: Options): DeflateRaw;
  export function deflateRaw(data: Input, callback: Result): void;
  export function deflateRaw(data: Input, options: Options, callback: Result): void;
  export function deflateRawSync(data: Input, options?: Options): Buffer;
  export class InflateRaw extends Transform {
    constructor(options?: Options);
    close(callback?: () => void): void;
  }
  export function createInflateRaw(options?: Options): InflateRaw;
  export function inflateRaw(data: Input, callback: Result): void;
  export function inflateRaw(data: Input, options: Options, callback: Result): void;
  export function inflateRawSync(data: Input, options?: Options): Buffer;
  export class Unzip extends Transform {
    constructor(options?: Options);
    close(callback?: () => void): void;
  }
  export function createUnzip(options?: Options): Unzip;
  export function unzip(data: Input, callback: Result): void;
  export function unzip(data: Input, options: Options, callback: Result): void;
  export function unzipSync(data: Input, options?: Options): Buffer;
  export function crc32(data: string | NodeJS.TypedArray | DataView, value?: number): number;
  export const constants: { readonly [name: string]: number };
  export const codes: { readonly [name: string]: number | string };
}
declare module 'node:zlib' {
  export * from 'zlib';
}
