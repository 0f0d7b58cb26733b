declare module 'readline' {
  import { EventEmitter } from 'events';
  import { Readable, Writable } from 'stream';
  import { createInterface as promisesInterface } from 'readline/promises';
  export interface Options {
    /** What the lines are read from. */
    input: Readable;
    /** What prompts and questions are written to. */
    output?: Writable;
    /** Within this time, in ms, \r and \n are one end of a line. At least 100, which is the default. */
    crlfDelay?: number;
    /** `'> '` by default. */
    prompt?: string;
    /** Closes the interface when it is aborted. */
    signal?: AbortSignal;
    terminal?: false;
  }
  export interface Lines extends EventEmitter {
    readonly closed: boolean;
    readonly terminal: false;
    readonly line: string;
    readonly cursor: undefined;
    readonly input: Readable;
    readonly output?: Writable;
    /** Stops reading. The last event is `close`. */
    close(): void;
    pause(): this | undefined;
    resume(): this | undefined;
    /** Writes the prompt to the output. */
    prompt(): void;
    getPrompt(): string;
    setPrompt(prompt: string): void;
    getCursorPos(): { rows: number; cols: number };
    on(event: 'line', listener: (line: string) => void): this;
    on(event: string | symbol, listener: (...args: any[]) => void): this;
    /** The lines from now on. The input waits while they are not asked for. */
    [Symbol.asyncIterator](): AsyncIterableIterator<string>;
  }
  interface Interface extends Lines {
    /** Writes the query; the next line is the answer. */
    question(query: string, answer: (line: string) => void): void;
    question(query: string, options: { signal?: AbortSignal }, answer: (line: string) => void): void;
  }
  const Interface: { new (options: Options): Interface; new (input: Readable, output?: Writable): Interface };
  /** The lines of a stream. */
  function createInterface(options: Options): Interface;
  function createInterface(input: Readable, output?: Writable): Interface;
  /** These write the codes of terminals to a stream. */
  function clearLine(stream: Writable, direction: -1 | 0 | 1, callback?: () => void): boolean;
  function clearScreenDown(stream: Writable, callback?: () => void): boolean;
  function cursorTo(stream: Writable, x: number, y?: number, callback?: () => void): boolean;
  function moveCursor(stream: Writable, dx: number, dy: number, callback?: () => void): boolean;
  /** Does nothing: there are no keys. */
  function emitKeypressEvents(stream: Readable): void;
  const promises: { createInterface: typeof promisesInterface };
  export { Interface, clearLine, clearScreenDown, createInterface, cursorTo, emitKeypressEvents, moveCursor, promises };
}
declare module 'node:readline' {
  export * from 'readline';
}
declare module 'readline/promises' {
  import { Lines, Options } from 'readline';
  import { Readable, Writable } from 'stream';
  interface Interface extends Lines {
    /** Writes the query; resolves with the next line. */
    question(query: string, options?: { signal?: AbortSignal }): Promise<string>;
  }
  const Interface: { new (options: Options): Interface; new (input: Readable, output?: Writable): Interface };
  function createInterface(options: Options): Interface;
  function createInterface(input: Readable, output?: Writable): Interface;
  export { Interface, createInterface };
}
declare module 'node:readline/promises' {
  export * from 'readline/promises';
}

declare module 'vm' {
  /** Runs code as `(0, eval)(code)` does. */
  export function runInThisContext(code: string): any;
  export function isContext(object: any): false;
  export class Script {
    constructor(code: string);
    runInThisContext(): any;
  }
}
declare module 'node:vm' {
  export * from 'vm';
}
declare module 'v8' {
  export const startupSnapshot: { isBuildingSnapshot(): 0 };
}
declare module 'node:v8' {
  export * from 'v8';
}
declare module 'trace_events' {
  export function getEnabledCategories(): undefined;
}
declare module 'node:trace_events' {
  export * from 'trace_events';
}
