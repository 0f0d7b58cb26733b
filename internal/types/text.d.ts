// Small modules of Node.js.

declare module 'string_decoder' {
  /** Text from bytes that come in pieces. */
  export class StringDecoder {
    constructor(encoding?: BufferEncoding);
    readonly encoding: string;
    write(bytes: NodeJS.TypedArray | DataView | string): string;
    end(bytes?: NodeJS.TypedArray | DataView | string): string;
  }
}
declare module 'node:string_decoder' {
  export * from 'string_decoder';
}

declare module 'querystring' {
  interface Query {
    [name: string]: string | string[] | undefined;
  }
  export function parse(text: string, separator?: string | null, equals?: string | null, options?: { maxKeys?: number; decodeURIComponent?: (text: string) => string }): Query;
  export function stringify(object?: any, separator?: string | null, equals?: string | null, options?: { encodeURIComponent?: (text: string) => string }): string;
  export const decode: typeof parse;
  export const encode: typeof stringify;
  export function escape(text: string): string;
  export function unescape(text: string): string;
  export function unescapeBuffer(text: string, decodeSpaces?: boolean): Buffer;
}
declare module 'node:querystring' {
  export * from 'querystring';
}

declare module 'constants' {
  const constants: Readonly<Record<string, number>>;
  export = constants;
}
declare module 'node:constants' {
  const constants: Readonly<Record<string, number>>;
  export = constants;
}

declare module 'os' {
  export const EOL: string;
  /** The numbers of the system's errors and signals. */
  export const constants: {
    readonly UV_UDP_REUSEADDR: 4;
    readonly dlopen: Readonly<Record<string, number>>;
    readonly errno: Readonly<Record<string, number>>;
    readonly signals: Readonly<Record<string, number>>;
    readonly priority: Readonly<Record<string, number>>;
  };
  /** One for each processor; scripts are not told more than how many there are. */
  export function cpus(): {
    model: string;
    speed: number;
    times: { user: number; nice: number; sys: number; idle: number; irq: number };
  }[];
  /** Of the kernel; on Linux. */
  export function version(): string;
  export const devNull: string;
  export function arch(): string;
  export function availableParallelism(): number;
  export function endianness(): 'BE' | 'LE';
  /** Bytes; on Linux. */
  export function freemem(): number;
  /** The user's folder; the script's data folder with `--sandbox strict`. */
  export function homedir(): string;
  /** The machine's name; `localhost` with `--sandbox strict`. */
  export function hostname(): string;
  /** The load of the last 1, 5 and 15 minutes; on Linux. */
  export function loadavg(): number[];
  export function machine(): string;
  export interface NetworkInterfaceInfo {
    address: string;
    netmask: string;
    family: 'IPv4' | 'IPv6';
    mac: string;
    internal: boolean;
    cidr: string | null;
    scopeid?: number;
  }
  /** The addresses of the interfaces that are up; none with `--sandbox strict`. */
  export function networkInterfaces(): { [name: string]: NetworkInterfaceInfo[] | undefined };
  export function platform(): string;
  /** The version of the system; on Linux. */
  export function release(): string;
  /** The script's folder for files that nobody misses. */
  export function tmpdir(): string;
  /** Bytes; on Linux. */
  export function totalmem(): number;
  export function type(): string;
  /** Seconds since the machine was started; on Linux. */
  export function uptime(): number;
  export interface UserInfo<T> {
    username: T;
    uid: number;
    gid: number;
    homedir: T;
    shell: T | null;
  }
  /** The user that the program runs as; nobody with `--sandbox strict`. */
  export function userInfo(options: { encoding: 'buffer' }): UserInfo<Buffer>;
  export function userInfo(options?: { encoding?: string }): UserInfo<string>;
}
declare module 'node:os' {
  export * from 'os';
}

declare module 'assert' {
  type Wanted = RegExp | Function | object | Error;
  interface AssertionErrorOptions {
    message?: string;
    actual?: any;
    expected?: any;
    operator?: string;
  }
  function assert(value: any, message?: string | Error): asserts value;
  namespace assert {
    class AssertionError extends Error {
      constructor(options: AssertionErrorOptions);
      generatedMessage: boolean;
      code: 'ERR_ASSERTION';
      actual: any;
      expected: any;
      operator: string;
    }
    function ok(value: any, message?: string | Error): asserts value;
    function fail(message?: string | Error): never;
    function equal(actual: any, expected: any, message?: string | Error): void;
    function notEqual(actual: any, expected: any, message?: string | Error): void;
    function strictEqual<T>(actual: any, expected: T, message?: string | Error): asserts actual is T;
    function notStrictEqual(actual: any, expected: any, message?: string | Error): void;
    function deepEqual(actual: any, expected: any, message?: string | Error): void;
    function notDeepEqual(actual: any, expected: any, message?: string | Error): void;
    function deepStrictEqual<T>(actual: any, expected: T, message?: string | Error): asserts actual is T;
    function notDeepStrictEqual(actual: any, expected: any, message?: string | Error): void;
    function throws(fn: () => any, error?: Wanted | string, message?: string): void;
    function doesNotThrow(fn: () => any, error?: Wanted | string, message?: string): void;
    function rejects(promise: Promise<any> | (() => Promise<any>), error?: Wanted | string, message?: string): Promise<void>;
    function doesNotReject(promise: Promise<any> | (() => Promise<any>), error?: Wanted | string, message?: string): Promise<void>;
    /** Throws the value unless it is undefined or null. */
    function ifError(value: any): asserts value is null | undefined;
    function match(text: string, pattern: RegExp, message?: string | Error): void;
    function doesNotMatch(text: string, pattern: RegExp, message?: string | Error): void;
    /** The same, with `equal` and the like being strict. */
    const strict: typeof assert;
  }
  export = assert;
}
declare module 'node:assert' {
  import assert = require('assert');
  export = assert;
}
declare module 'assert/strict' {
  import { strict } from 'assert';
  export = strict;
}
declare module 'node:assert/strict' {
  import { strict } from 'assert';
  export = strict;
}
