// Globals of the web platform.

interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

interface Event {
  readonly type: string;
  readonly target: EventTarget | null;
  readonly currentTarget: EventTarget | null;
  readonly srcElement: EventTarget | null;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly defaultPrevented: boolean;
  readonly returnValue: boolean;
  readonly eventPhase: number;
  readonly isTrusted: boolean;
  /** Milliseconds since the script began. */
  readonly timeStamp: number;
  cancelBubble: boolean;
  composedPath(): EventTarget[];
  initEvent(type: string, bubbles?: boolean, cancelable?: boolean): void;
  preventDefault(): void;
  stopPropagation(): void;
  stopImmediatePropagation(): void;
}
declare var Event: {
  prototype: Event;
  new (type: string, options?: EventInit): Event;
  readonly NONE: 0;
  readonly CAPTURING_PHASE: 1;
  readonly AT_TARGET: 2;
  readonly BUBBLING_PHASE: 3;
};

interface CustomEvent<T = any> extends Event {
  readonly detail: T;
}
declare var CustomEvent: {
  prototype: CustomEvent;
  new <T>(type: string, options?: EventInit & { detail?: T }): CustomEvent<T>;
};

interface MessageEvent<T = any> extends Event {
  readonly data: T;
  readonly origin: string;
  readonly lastEventId: string;
  readonly source: any;
  readonly ports: readonly any[];
}
declare var MessageEvent: {
  prototype: MessageEvent;
  new <T>(type: string, options?: EventInit & { data?: T; origin?: string; lastEventId?: string; source?: any; ports?: any[] }): MessageEvent<T>;
};

interface EventListener {
  (event: Event): void;
}
interface EventListenerObject {
  handleEvent(event: Event): void;
}
interface AddEventListenerOptions {
  capture?: boolean;
  /** For the next event only. */
  once?: boolean;
  passive?: boolean;
  /** Takes the listener off when it is aborted. */
  signal?: AbortSignal;
}

interface EventTarget {
  addEventListener(type: string, listener: EventListener | EventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener(type: string, listener: EventListener | EventListenerObject | null, options?: boolean | { capture?: boolean }): void;
  /** Calls the listeners; false when one of them prevented what the event stands for. */
  dispatchEvent(event: Event): boolean;
}
declare var EventTarget: {
  prototype: EventTarget;
  new (): EventTarget;
};

/** Tells that something is no longer wanted. */
interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  readonly reason: any;
  onabort: ((this: AbortSignal, event: Event) => any) | null;
  throwIfAborted(): void;
}
declare var AbortSignal: {
  prototype: AbortSignal;
  new (): AbortSignal;
  abort(reason?: any): AbortSignal;
  /** Is aborted when one of the signals is. */
  any(signals: AbortSignal[]): AbortSignal;
  /** Is aborted after a number of milliseconds, with a `TimeoutError`. */
  timeout(ms: number): AbortSignal;
};

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: any): void;
}
declare var AbortController: {
  prototype: AbortController;
  new (): AbortController;
};

interface DOMException extends Error {
  readonly name: string;
  readonly message: string;
  readonly code: number;
}
declare var DOMException: {
  prototype: DOMException;
  new (message?: string, nameOrOptions?: string | { name?: string; cause?: unknown }): DOMException;
};

// Modules about where a script runs.

declare module 'module' {
  /** A `require` that looks from a file, which is a path or a `file:` address. */
  export function createRequire(file: string | URL): any;
  export function isBuiltin(name: string): boolean;
  export const builtinModules: string[];
  /** The module itself, which is a function in Node.js. */
  export const Module: any;
  /** Empty: packages are looked for in the script's folders alone. */
  export const globalPaths: string[];
  /** Does nothing. */
  export function syncBuiltinESMExports(): void;
  /** Finds nothing: positions are those of the source already. */
  export function findSourceMap(path: string): undefined;
}
declare module 'node:module' {
  export * from 'module';
}
declare module 'perf_hooks' {
  export const performance: typeof globalThis.performance;
  export const Performance: { prototype: typeof globalThis.performance };
  export const PerformanceEntry: { prototype: PerformanceEntry };
  export const PerformanceMark: { prototype: PerformanceEntry };
  export const PerformanceMeasure: { prototype: PerformanceEntry };
  /** Empty. */
  export const constants: { readonly [name: string]: number };
}
declare module 'node:perf_hooks' {
  export * from 'perf_hooks';
}
/** There are none: it is for packages that ask whether a value is one. */
interface MessagePort extends EventTarget {}
declare var MessagePort: { prototype: MessagePort };
declare module 'worker_threads' {
  export const isMainThread: true;
  export const threadId: 0;
  export const parentPort: null;
  export const workerData: null;
  /** Empty. */
  export const resourceLimits: {};
  export const SHARE_ENV: symbol;
  const port: typeof globalThis.MessagePort;
  export { port as MessagePort };
  export function markAsUntransferable(object: any): void;
  export function isMarkedAsUntransferable(object: any): boolean;
}
declare module 'node:worker_threads' {
  export * from 'worker_threads';
}
/** There is one process: this one. */
declare module 'cluster' {
  export const isMaster: true;
  export const isPrimary: true;
  export const isWorker: false;
  export const workers: {};
  export const settings: {};
  export const SCHED_NONE: 1;
  export const SCHED_RR: 2;
  export const schedulingPolicy: 2;
}
declare module 'node:cluster' {
  export * from 'cluster';
}
