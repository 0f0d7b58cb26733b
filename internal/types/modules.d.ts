// The built-in modules of Node.js that a script can require.

declare module 'path' {
  interface ParsedPath {
    root: string;
    dir: string;
    base: string;
    ext: string;
    name: string;
  }
  interface Path {
    /** `/`, and a backslash in `win32`. */
    readonly sep: string;
    readonly delimiter: string;
    readonly posix: Path;
    /** Paths as Windows has them. */
    readonly win32: Path;
    basename(path: string, suffix?: string): string;
    dirname(path: string): string;
    extname(path: string): string;
    format(path: Partial<ParsedPath>): string;
    isAbsolute(path: string): boolean;
    join(...paths: string[]): string;
    normalize(path: string): string;
    parse(path: string): ParsedPath;
    relative(from: string, to: string): string;
    resolve(...paths: string[]): string;
    toNamespacedPath(path: string): string;
  }
  const path: Path;
  export = path;
}

declare module 'path/win32' {
  import { win32 } from 'path';
  export = win32;
}
declare module 'node:path/win32' {
  import { win32 } from 'path';
  export = win32;
}

declare module 'events' {
  type Listener = (...args: any[]) => void;
  class EventEmitter {
    constructor(options?: { captureRejections?: boolean });
    static defaultMaxListeners: number;
    static captureRejections: boolean;
    static readonly captureRejectionSymbol: unique symbol;
    static readonly errorMonitor: unique symbol;
    static readonly usingDomains: boolean;
    static EventEmitter: typeof EventEmitter;
    static init(this: EventEmitter): void;
    /** Calls the listener when the signal is aborted, at once when it is already. */
    static addAbortListener(signal: AbortSignal, listener: (event: Event) => void): object;
    static getEventListeners(emitter: EventEmitter | EventTarget, event: string | symbol): Function[];
    static getMaxListeners(emitter: EventEmitter | EventTarget): number;
    static setMaxListeners(n?: number, ...emitters: Array<EventEmitter | EventTarget>): void;
    static listenerCount(emitter: EventEmitter, event: string | symbol): number;
    /** The arguments of the next such event. */
    static once(emitter: EventEmitter | EventTarget, event: string | symbol, options?: EventEmitter.StaticOptions): Promise<any[]>;
    /** The arguments of each such event, for `for await`. */
    static on(emitter: EventEmitter | EventTarget, event: string | symbol, options?: EventEmitter.OnOptions): AsyncIterableIterator<any[]>;
    addListener(event: string | symbol, listener: Listener): this;
    emit(event: string | symbol, ...args: any[]): boolean;
    eventNames(): Array<string | symbol>;
    getMaxListeners(): number;
    listenerCount(event: string | symbol, listener?: Function): number;
    listeners(event: string | symbol): Function[];
    off(event: string | symbol, listener: Listener): this;
    on(event: string | symbol, listener: Listener): this;
    once(event: string | symbol, listener: Listener): this;
    prependListener(event: string | symbol, listener: Listener): this;
    rawListeners(event: string | symbol): Function[];
    prependOnceListener(event: string | symbol, listener: Listener): this;
    removeAllListeners(event?: string | symbol): this;
    removeListener(event: string | symbol, listener: Listener): this;
    setMaxListeners(n: number): this;
  }
  import itself = require('node:events');
  // The compiler lets a class be imported by the names of its parts only when
  // there is a namespace beside it.
  namespace EventEmitter {
    export type EventEmitter = itself;
    export interface StaticOptions {
      /** Gives up when it is aborted. */
      signal?: AbortSignal;
    }
    export interface OnOptions extends StaticOptions {
      /** Events that end the iteration. */
      close?: string[];
      highWaterMark?: number;
      lowWaterMark?: number;
    }
  }
  export = EventEmitter;
}

declare module 'util' {
  /** Formats with `%s %d %i %f %j %o %O %c %%`, as `console.log` does. */
  export function format(format?: any, ...params: any[]): string;
  /** The text that `console.log` shows for a value. */
  export function inspect(value: any, options?: { depth?: number | null; showHidden?: boolean; breakLength?: number; compact?: boolean | number; sorted?: boolean }): string;
  export function formatWithOptions(options: object, format?: any, ...params: any[]): string;
  /** Turns a function with a callback at its end into one that returns a promise. */
  export function promisify(original: Function): (...args: any[]) => Promise<any>;
  export namespace promisify {
    const custom: unique symbol;
  }
  /** Turns a function that returns a promise into one with a callback at its end. */
  export function callbackify(original: Function): (...args: any[]) => void;
  export function inherits(constructor: Function, superConstructor: Function): void;
  /** Resolves when the signal is aborted. */
  export function aborted(signal: AbortSignal, resource: object): Promise<any>;
  /** The function; its first call writes a warning. */
  export function deprecate<T extends Function>(fn: T, message: string, code?: string): T;
  /** Writes when the environment variable NODE_DEBUG names the set. */
  export function debuglog(set: string, callback?: (log: Function) => void): ((...data: any[]) => void) & { readonly enabled: boolean };
  export function isDeepStrictEqual(a: unknown, b: unknown): boolean;
  /** What a command line says. */
  export function parseArgs(config?: ParseArgsConfig): { values: { [name: string]: any }; positionals: string[]; tokens?: any[] };
  interface ParseArgsConfig {
    args?: string[];
    options?: { [name: string]: { type: 'string' | 'boolean'; short?: string; multiple?: boolean; default?: any } };
    strict?: boolean;
    allowPositionals?: boolean;
    allowNegative?: boolean;
    tokens?: boolean;
  }
  /** The variables that a .env file sets. */
  export function parseEnv(content: string): { [name: string]: string };
  export function stripVTControlCharacters(text: string): string;
  /** The text with the terminal's codes for a style, such as `red` or `bold`. */
  export function styleText(format: string | string[], text: string): string;
  export function toUSVString(text: string): string;
  /** What an object is. */
  type TypeTest =
    | 'isExternal' | 'isDate' | 'isArgumentsObject' | 'isBigIntObject' | 'isBooleanObject' | 'isNumberObject'
    | 'isStringObject' | 'isSymbolObject' | 'isBoxedPrimitive' | 'isNativeError' | 'isAsyncFunction'
    | 'isGeneratorFunction' | 'isGeneratorObject' | 'isPromise' | 'isMap' | 'isSet' | 'isMapIterator'
    | 'isSetIterator' | 'isWeakMap' | 'isWeakSet' | 'isArrayBuffer' | 'isAnyArrayBuffer'
    | 'isSharedArrayBuffer' | 'isDataView' | 'isArrayBufferView' | 'isProxy' | 'isModuleNamespaceObject'
    | 'isTypedArray' | 'isUint8Array' | 'isUint8ClampedArray' | 'isUint16Array' | 'isUint32Array'
    | 'isInt8Array' | 'isInt16Array' | 'isInt32Array' | 'isFloat32Array' | 'isFloat64Array' | 'isBigInt64Array'
    | 'isBigUint64Array' | 'isKeyObject' | 'isCryptoKey' | 'isRegExp';
  export const types: { readonly [is in TypeTest]: (value: unknown) => boolean };
  export function _extend(target: any, source: any): any;
  export const debug: typeof debuglog;
  export function log(...data: any[]): void;
  export function isArray(value: unknown): boolean;
  export function isBoolean(value: unknown): boolean;
  export function isBuffer(value: unknown): boolean;
  export function isDate(value: unknown): boolean;
  export function isError(value: unknown): boolean;
  export function isFunction(value: unknown): boolean;
  export function isNull(value: unknown): boolean;
  export function isNullOrUndefined(value: unknown): boolean;
  export function isNumber(value: unknown): boolean;
  export function isObject(value: unknown): boolean;
  export function isPrimitive(value: unknown): boolean;
  export function isRegExp(value: unknown): boolean;
  export function isString(value: unknown): boolean;
  export function isSymbol(value: unknown): boolean;
  export function isUndefined(value: unknown): boolean;
  export const TextEncoder: typeof globalThis.TextEncoder;
  export const TextDecoder: typeof globalThis.TextDecoder;
}

declare module 'util/types' {
  import { types } from 'util';
  export = types;
}
declare module 'node:util/types' {
  import { types } from 'util';
  export = types;
}

declare module 'url' {
  export const URL: typeof globalThis.URL;
  export const URLSearchParams: typeof globalThis.URLSearchParams;
  export function domainToASCII(domain: string): string;
  export function domainToUnicode(domain: string): string;
  /** The path that a `file:` address means. */
  export function fileURLToPath(url: string | globalThis.URL): string;
  export function pathToFileURL(path: string): globalThis.URL;
  /** The options of `http.request` for an address. */
  export function urlToHttpOptions(url: globalThis.URL): { [name: string]: any };
  /** An address as `url.parse` takes it apart. */
  export class Url {
    protocol: string | null;
    slashes: boolean | null;
    auth: string | null;
    host: string | null;
    port: string | null;
    hostname: string | null;
    hash: string | null;
    search: string | null;
    query: any;
    pathname: string | null;
    path: string | null;
    href: string;
  }
  export function parse(url: string, parseQueryString?: boolean, slashesDenoteHost?: boolean): Url;
  export function format(url: string | Partial<Url> | globalThis.URL, options?: { auth?: boolean; fragment?: boolean; search?: boolean; unicode?: boolean }): string;
  export function resolve(from: string, to: string): string;
  export function resolveObject(from: string | Url, to: string | Url): Url;
}

declare module 'buffer' {
  export const Buffer: typeof globalThis.Buffer;
  export const atob: typeof globalThis.atob;
  export const btoa: typeof globalThis.btoa;
  export const kMaxLength: number;
  export const kStringMaxLength: number;
  export const INSPECT_MAX_BYTES: number;
  export const constants: { MAX_LENGTH: number; MAX_STRING_LENGTH: number };
  export const Blob: typeof globalThis.Blob;
  export const File: typeof globalThis.File;
  export function isUtf8(input: NodeJS.TypedArray | ArrayBuffer): boolean;
  export function isAscii(input: NodeJS.TypedArray | ArrayBuffer): boolean;
}

declare module 'timers' {
  export const setTimeout: typeof globalThis.setTimeout;
  export const setInterval: typeof globalThis.setInterval;
  export const setImmediate: typeof globalThis.setImmediate;
  export const clearTimeout: typeof globalThis.clearTimeout;
  export const clearInterval: typeof globalThis.clearInterval;
  export const clearImmediate: typeof globalThis.clearImmediate;
  export const promises: typeof import('timers/promises');
}

declare module 'timers/promises' {
  interface Options {
    signal?: AbortSignal;
    ref?: boolean;
  }
  /** Resolves with the value after a number of milliseconds. */
  export function setTimeout<T = void>(ms?: number, value?: T, options?: Options): Promise<T>;
  export function setImmediate<T = void>(value?: T, options?: Options): Promise<T>;
  /** The value again and again, for `for await`. */
  export function setInterval<T = void>(ms?: number, value?: T, options?: Options): AsyncIterableIterator<T>;
  export const scheduler: {
    wait(ms: number, options?: { signal?: AbortSignal }): Promise<void>;
    yield(): Promise<void>;
  };
}

declare module 'console' {
  const console: Console;
  export = console;
}

declare module 'process' {
  const process: NodeJS.Process;
  export = process;
}

declare module 'node:path' {
  import path = require('path');
  export = path;
}
declare module 'node:events' {
  import EventEmitter = require('events');
  export = EventEmitter;
}
declare module 'node:util' {
  export * from 'util';
}
declare module 'node:url' {
  export * from 'url';
}
declare module 'node:buffer' {
  export * from 'buffer';
}
declare module 'node:timers' {
  export * from 'timers';
}
declare module 'node:timers/promises' {
  export * from 'timers/promises';
}
declare module 'node:console' {
  const console: Console;
  export = console;
}
declare module 'node:process' {
  const process: NodeJS.Process;
  export = process;
}
