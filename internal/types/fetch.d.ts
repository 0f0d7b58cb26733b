// fetch and the streams of the web platform.

type HeadersInit = Headers | Iterable<readonly [string, string]> | Record<string, string>;
type BodyInit =
  | string | Buffer | ArrayBuffer | ArrayBufferView | Blob | FormData | URLSearchParams | ReadableStream
  | AsyncIterable<string | Uint8Array>;

interface Headers extends Iterable<[string, string]> {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  has(name: string): boolean;
  set(name: string, value: string): void;
  getSetCookie(): string[];
  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: any): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
}
declare var Headers: {
  prototype: Headers;
  new (init?: HeadersInit): Headers;
};

interface Body {
  readonly body: ReadableStream<any> | null;
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  formData(): Promise<FormData>;
  json(): Promise<any>;
  text(): Promise<string>;
}

interface RequestInit {
  method?: string;
  headers?: HeadersInit;
  body?: BodyInit | null;
  /** follow (the default), error or manual, which gives out the redirecting answer itself. */
  redirect?: 'follow' | 'error' | 'manual';
  /** Gives up when it is aborted. */
  signal?: AbortSignal | null;
  /** Must be 'half' when the body is a stream. */
  duplex?: 'half';
  keepalive?: boolean;
  integrity?: string;
  credentials?: 'omit' | 'same-origin' | 'include';
  mode?: 'same-origin' | 'no-cors' | 'cors';
  cache?: 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached';
  referrerPolicy?: string;
}

interface Request extends Body {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: 'follow' | 'error' | 'manual';
  readonly signal: AbortSignal;
  readonly keepalive: boolean;
  readonly integrity: string;
  readonly duplex: 'half';
  clone(): Request;
}
declare var Request: {
  prototype: Request;
  new (input: string | URL | Request, init?: RequestInit): Request;
};

interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
}

interface Response extends Body {
  readonly status: number;
  readonly statusText: string;
  /** Whether the status is from 200 to 299. */
  readonly ok: boolean;
  readonly headers: Headers;
  readonly url: string;
  readonly redirected: boolean;
  readonly type: 'basic' | 'default' | 'error';
  clone(): Response;
}
declare var Response: {
  prototype: Response;
  new (body?: BodyInit | null, init?: ResponseInit): Response;
  error(): Response;
  json(data: any, init?: ResponseInit): Response;
  redirect(url: string | URL, status?: number): Response;
};

/** Sends a request over HTTP or HTTPS. The promise is that of the answer's head; its body comes after it. */
declare function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;

interface Blob {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  slice(start?: number, end?: number, type?: string): Blob;
  stream(): ReadableStream<any>;
  text(): Promise<string>;
}
declare var Blob: {
  prototype: Blob;
  new (parts?: Iterable<string | ArrayBuffer | ArrayBufferView | Blob>, options?: { type?: string; endings?: 'transparent' | 'native' }): Blob;
};

interface File extends Blob {
  readonly name: string;
  readonly lastModified: number;
}
declare var File: {
  prototype: File;
  new (
    parts: Iterable<string | ArrayBuffer | ArrayBufferView | Blob>, name: string,
    options?: { type?: string; endings?: 'transparent' | 'native'; lastModified?: number },
  ): File;
};

interface FormData extends Iterable<[string, string | File]> {
  append(name: string, value: string | Blob, filename?: string): void;
  delete(name: string): void;
  get(name: string): string | File | null;
  getAll(name: string): Array<string | File>;
  has(name: string): boolean;
  set(name: string, value: string | Blob, filename?: string): void;
  forEach(callback: (value: string | File, name: string, form: FormData) => void, thisArg?: any): void;
  entries(): IterableIterator<[string, string | File]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string | File>;
}
declare var FormData: {
  prototype: FormData;
  new (): FormData;
};

interface QueuingStrategy<T = any> {
  highWaterMark?: number;
  size?(chunk: T): number;
}
interface StreamPipeOptions {
  preventClose?: boolean;
  preventAbort?: boolean;
  preventCancel?: boolean;
  signal?: AbortSignal;
}

interface ReadableStreamDefaultController<R = any> {
  readonly desiredSize: number | null;
  enqueue(chunk: R): void;
  close(): void;
  error(reason?: any): void;
}
declare var ReadableStreamDefaultController: { prototype: ReadableStreamDefaultController; new (): ReadableStreamDefaultController };

interface ReadableStreamDefaultReader<R = any> {
  readonly closed: Promise<any>;
  read(): Promise<any>;
  cancel(reason?: any): Promise<void>;
  releaseLock(): void;
}
declare var ReadableStreamDefaultReader: {
  prototype: ReadableStreamDefaultReader;
  new (stream: ReadableStream): ReadableStreamDefaultReader;
};

interface ReadableStream<R = any> extends AsyncIterable<R> {
  readonly locked: boolean;
  cancel(reason?: any): Promise<void>;
  getReader(): ReadableStreamDefaultReader<R>;
  tee(): [ReadableStream<R>, ReadableStream<R>];
  pipeTo(target: WritableStream<R>, options?: StreamPipeOptions): Promise<void>;
  pipeThrough<T>(pair: { readable: ReadableStream<T>; writable: WritableStream<R> }, options?: StreamPipeOptions): ReadableStream<T>;
  values(options?: { preventCancel?: boolean }): AsyncIterableIterator<R>;
}
declare var ReadableStream: {
  prototype: ReadableStream;
  new <R = any>(
    source?: {
      type?: 'bytes';
      start?(controller: ReadableStreamDefaultController<R>): any;
      pull?(controller: ReadableStreamDefaultController<R>): any;
      cancel?(reason?: any): any;
    },
    strategy?: QueuingStrategy<R>,
  ): ReadableStream<R>;
  from<R>(iterable: Iterable<R> | AsyncIterable<R>): ReadableStream<R>;
};

interface WritableStreamDefaultController {
  readonly signal: AbortSignal;
  error(reason?: any): void;
}
declare var WritableStreamDefaultController: { prototype: WritableStreamDefaultController; new (): WritableStreamDefaultController };

interface WritableStreamDefaultWriter<W = any> {
  readonly closed: Promise<any>;
  readonly ready: Promise<any>;
  readonly desiredSize: number | null;
  write(chunk?: W): Promise<void>;
  close(): Promise<void>;
  abort(reason?: any): Promise<void>;
  releaseLock(): void;
}
declare var WritableStreamDefaultWriter: {
  prototype: WritableStreamDefaultWriter;
  new (stream: WritableStream): WritableStreamDefaultWriter;
};

interface WritableStream<W = any> {
  readonly locked: boolean;
  getWriter(): WritableStreamDefaultWriter<W>;
  close(): Promise<void>;
  abort(reason?: any): Promise<void>;
}
declare var WritableStream: {
  prototype: WritableStream;
  new <W = any>(
    sink?: {
      start?(controller: WritableStreamDefaultController): any;
      write?(chunk: W, controller: WritableStreamDefaultController): any;
      close?(): any;
      abort?(reason?: any): any;
    },
    strategy?: QueuingStrategy<W>,
  ): WritableStream<W>;
};

interface TransformStreamDefaultController<O = any> {
  readonly desiredSize: number | null;
  enqueue(chunk: O): void;
  error(reason?: any): void;
  terminate(): void;
}
declare var TransformStreamDefaultController: { prototype: TransformStreamDefaultController; new (): TransformStreamDefaultController };

interface TransformStream<I = any, O = any> {
  readonly readable: ReadableStream<O>;
  readonly writable: WritableStream<I>;
}
declare var TransformStream: {
  prototype: TransformStream;
  new <I = any, O = any>(
    transformer?: {
      start?(controller: TransformStreamDefaultController<O>): any;
      transform?(chunk: I, controller: TransformStreamDefaultController<O>): any;
      flush?(controller: TransformStreamDefaultController<O>): any;
    },
    writableStrategy?: QueuingStrategy<I>,
    readableStrategy?: QueuingStrategy<O>,
  ): TransformStream<I, O>;
};

interface ByteLengthQueuingStrategy {
  readonly highWaterMark: number;
  readonly size: (chunk: any) => number;
}
declare var ByteLengthQueuingStrategy: {
  prototype: ByteLengthQueuingStrategy;
  new (init: { highWaterMark: number }): ByteLengthQueuingStrategy;
};

interface CountQueuingStrategy {
  readonly highWaterMark: number;
  readonly size: (chunk: any) => number;
}
declare var CountQueuingStrategy: {
  prototype: CountQueuingStrategy;
  new (init: { highWaterMark: number }): CountQueuingStrategy;
};

interface TextEncoderStream {
  readonly encoding: string;
  readonly readable: ReadableStream<any>;
  readonly writable: WritableStream<any>;
}
declare var TextEncoderStream: { prototype: TextEncoderStream; new (): TextEncoderStream };

interface TextDecoderStream {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  readonly readable: ReadableStream<any>;
  readonly writable: WritableStream<any>;
}
declare var TextDecoderStream: {
  prototype: TextDecoderStream;
  new (encoding?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoderStream;
};

declare module 'stream/web' {
  export const ReadableStream: typeof globalThis.ReadableStream;
  export const ReadableStreamDefaultReader: typeof globalThis.ReadableStreamDefaultReader;
  export const ReadableStreamDefaultController: typeof globalThis.ReadableStreamDefaultController;
  export const WritableStream: typeof globalThis.WritableStream;
  export const WritableStreamDefaultWriter: typeof globalThis.WritableStreamDefaultWriter;
  export const WritableStreamDefaultController: typeof globalThis.WritableStreamDefaultController;
  export const TransformStream: typeof globalThis.TransformStream;
  export const TransformStreamDefaultController: typeof globalThis.TransformStreamDefaultController;
  export const ByteLengthQueuingStrategy: typeof globalThis.ByteLengthQueuingStrategy;
  export const CountQueuingStrategy: typeof globalThis.CountQueuingStrategy;
  export const TextEncoderStream: typeof globalThis.TextEncoderStream;
  export const TextDecoderStream: typeof globalThis.TextDecoderStream;
}
declare module 'node:stream/web' {
  export * from 'stream/web';
}
