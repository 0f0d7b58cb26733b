// The modules http, https, http2, diagnostics_channel, async_hooks and tty.

declare module 'http' {
  import EventEmitter = require('events');
  import stream = require('stream');
  import net = require('net');

  export interface IncomingHttpHeaders {
    [name: string]: any;
    'set-cookie'?: string[];
  }
  export type OutgoingHttpHeader = number | string | readonly string[];
  export interface OutgoingHttpHeaders {
    [name: string]: OutgoingHttpHeader | undefined;
  }

  export interface AgentOptions {
    /** Whether connections are used again. */
    keepAlive?: boolean;
    keepAliveMsecs?: number;
    /** How many connections to one server there are at most. */
    maxSockets?: number;
    maxTotalSockets?: number;
    /** How many unused connections to one server are kept. */
    maxFreeSockets?: number;
    scheduling?: 'fifo' | 'lifo';
    /** Milliseconds after which an unused connection is closed. */
    timeout?: number;
    [option: string]: any;
  }
  export class Agent extends EventEmitter {
    constructor(options?: AgentOptions);
    maxSockets: number;
    maxFreeSockets: number;
    maxTotalSockets: number;
    keepAlive: boolean;
    createConnection(options: any, callback?: (error: Error | null, socket?: net.Socket) => void): net.Socket | undefined;
    getName(options?: any): string;
    destroy(): void;
  }

  export interface RequestOptions {
    protocol?: string | null;
    host?: string | null;
    hostname?: string | null;
    port?: number | string | null;
    defaultPort?: number | string;
    family?: number;
    localAddress?: string;
    /** A socket of the file system. */
    socketPath?: string;
    method?: string;
    path?: string | null;
    headers?: OutgoingHttpHeaders | readonly string[];
    /** "name:password" */
    auth?: string | null;
    agent?: Agent | boolean;
    createConnection?(options: any, callback: (error: Error | null, socket?: net.Socket) => void): net.Socket | undefined;
    setHost?: boolean;
    /** Milliseconds without anything happening until the event timeout. */
    timeout?: number;
    signal?: AbortSignal;
    maxHeaderSize?: number;
    joinDuplicateHeaders?: boolean;
    [option: string]: any;
  }

  export class IncomingMessage extends stream.Readable {
    constructor(socket: net.Socket);
    aborted: boolean;
    complete: boolean;
    readonly connection: net.Socket;
    headers: IncomingHttpHeaders;
    readonly headersDistinct: Record<string, string[]>;
    httpVersion: string;
    httpVersionMajor: number;
    httpVersionMinor: number;
    method?: string;
    rawHeaders: string[];
    rawTrailers: string[];
    socket: net.Socket;
    statusCode?: number;
    statusMessage?: string;
    trailers: Record<string, string | undefined>;
    readonly trailersDistinct: Record<string, string[]>;
    url?: string;
    setTimeout(milliseconds: number, callback?: () => void): this;
  }

  export class OutgoingMessage extends stream.Writable {
    constructor();
    readonly headersSent: boolean;
    readonly connection: net.Socket | null;
    readonly socket: net.Socket | null;
    finished: boolean;
    sendDate: boolean;
    shouldKeepAlive: boolean;
    addTrailers(trailers: OutgoingHttpHeaders | ReadonlyArray<[string, string]>): void;
    appendHeader(name: string, value: string | readonly string[]): this;
    flushHeaders(): void;
    getHeader(name: string): OutgoingHttpHeader | undefined;
    getHeaderNames(): string[];
    getHeaders(): OutgoingHttpHeaders;
    getRawHeaderNames(): string[];
    hasHeader(name: string): boolean;
    removeHeader(name: string): void;
    setHeader(name: string, value: OutgoingHttpHeader): this;
    setHeaders(headers: Headers | Map<string, OutgoingHttpHeader>): this;
    setTimeout(milliseconds: number, callback?: () => void): this;
  }

  export class ClientRequest extends OutgoingMessage {
    constructor(url: string | URL | RequestOptions, callback?: (res: IncomingMessage) => void);
    aborted: boolean;
    host: string;
    method: string;
    path: string;
    protocol: string;
    reusedSocket: boolean;
    abort(): void;
    setNoDelay(on?: boolean): void;
    setSocketKeepAlive(on?: boolean, delay?: number): void;
  }

  export class ServerResponse extends OutgoingMessage {
    constructor(req: IncomingMessage);
    req: IncomingMessage;
    statusCode: number;
    /** The words behind the status. What is sent are always the usual ones. */
    statusMessage: string;
    writeContinue(callback?: () => void): void;
    writeEarlyHints(hints: Record<string, string | string[]>, callback?: () => void): void;
    writeHead(status: number, headers?: OutgoingHttpHeaders | OutgoingHttpHeader[]): this;
    writeHead(status: number, reason: string, headers?: OutgoingHttpHeaders | OutgoingHttpHeader[]): this;
    writeProcessing(callback?: () => void): void;
  }

  export type RequestListener = (req: IncomingMessage, res: ServerResponse) => void;
  export interface ServerOptions {
    /** Milliseconds for the head of a request. Default 60000. */
    headersTimeout?: number;
    /** Milliseconds for a whole request. Default 300000. */
    requestTimeout?: number;
    /** Milliseconds that a connection may wait for its next request. Default 5000. */
    keepAliveTimeout?: number;
    maxHeaderSize?: number;
    noDelay?: boolean;
    keepAlive?: boolean;
    joinDuplicateHeaders?: boolean;
    [option: string]: any;
  }
  export class Server extends net.Server {
    constructor(listener?: RequestListener);
    constructor(options: ServerOptions, listener?: RequestListener);
    headersTimeout: number;
    keepAliveTimeout: number;
    requestTimeout: number;
    timeout: number;
    closeAllConnections(): void;
    closeIdleConnections(): void;
    setTimeout(milliseconds?: number, callback?: (socket: net.Socket) => void): this;
  }

  export function createServer(listener?: RequestListener): Server;
  export function createServer(options: ServerOptions, listener?: RequestListener): Server;
  export function get(url: string | URL | RequestOptions, callback?: (res: IncomingMessage) => void): ClientRequest;
  export function get(url: string | URL, options: RequestOptions, callback?: (res: IncomingMessage) => void): ClientRequest;
  export function request(url: string | URL | RequestOptions, callback?: (res: IncomingMessage) => void): ClientRequest;
  export function request(url: string | URL, options: RequestOptions, callback?: (res: IncomingMessage) => void): ClientRequest;
  export function validateHeaderName(name: string): void;
  export function validateHeaderValue(name: string, value: string): void;
  export const METHODS: string[];
  export const STATUS_CODES: Record<string, string | undefined>;
  export const globalAgent: Agent;
  /** The most bytes of a head that are taken. */
  export const maxHeaderSize: number;
}
declare module 'node:http' {
  export * from 'http';
}

declare module 'https' {
  import http = require('http');
  import net = require('net');

  type RequestOptions = http.RequestOptions;
  export class Agent extends http.Agent {
    constructor(options?: http.AgentOptions);
  }
  export class Server extends http.Server {}
  /** The options are those of http and of tls. */
  export function createServer(listener?: http.RequestListener): Server;
  export function createServer(options: http.ServerOptions, listener?: http.RequestListener): Server;
  export function get(url: string | URL | RequestOptions, callback?: (res: http.IncomingMessage) => void): http.ClientRequest;
  export function get(url: string | URL, options: RequestOptions, callback?: (res: http.IncomingMessage) => void): http.ClientRequest;
  export function request(url: string | URL | RequestOptions, callback?: (res: http.IncomingMessage) => void): http.ClientRequest;
  export function request(url: string | URL, options: RequestOptions, callback?: (res: http.IncomingMessage) => void): http.ClientRequest;
  export const globalAgent: Agent;
}
declare module 'node:https' {
  export * from 'https';
}

declare module 'http2' {
  /** Names of headers. The protocol is used by fetch alone. */
  export const constants: Record<string, string | number>;
}
declare module 'node:http2' {
  export * from 'http2';
}

declare module 'diagnostics_channel' {
  type Subscriber = (message: any, name: string | symbol) => void;
  export class Channel {
    readonly name: string | symbol;
    readonly hasSubscribers: boolean;
    publish(message: any): void;
    subscribe(subscriber: Subscriber): void;
    unsubscribe(subscriber: Subscriber): boolean;
  }
  export function channel(name: string | symbol): Channel;
  export function hasSubscribers(name: string | symbol): boolean;
  export function subscribe(name: string | symbol, subscriber: Subscriber): void;
  export function tracingChannel(name: string | object): any;
  export function unsubscribe(name: string | symbol, subscriber: Subscriber): boolean;
}
declare module 'node:diagnostics_channel' {
  export * from 'diagnostics_channel';
}

declare module 'async_hooks' {
  interface AsyncResourceOptions {
    triggerAsyncId?: number;
    requireManualDestroy?: boolean;
  }
  interface HookCallbacks {
    init?(asyncId: number, type: string, triggerAsyncId: number, resource: object): void;
    before?(asyncId: number): void;
    after?(asyncId: number): void;
    destroy?(asyncId: number): void;
    promiseResolve?(asyncId: number): void;
  }
  interface AsyncHook {
    disable(): this;
  }
  /** A value that goes along with timers, promises and what else comes later. */
  export class AsyncLocalStorage<T> {
    /** The function; it is called with what is carried along now. */
    static bind<F extends (...args: any[]) => any>(fn: F): F;
    /** A function that calls others with what is carried along now. */
    static snapshot(): <A extends any[], R>(fn: (...args: A) => R, ...args: A) => R;
    disable(): void;
    enterWith(store: T): void;
    exit<A extends any[], R>(callback: (...args: A) => R, ...args: A): R;
    getStore(): T | undefined;
    run<A extends any[], R>(store: T, callback: (...args: A) => R, ...args: A): R;
  }
  /** Calls functions with what was carried along when it was made. */
  export class AsyncResource {
    constructor(type: string, options?: number | AsyncResourceOptions);
    static bind<F extends (...args: any[]) => any>(fn: F, type?: string, thisArg?: any): F;
    asyncId(): number;
    bind<F extends (...args: any[]) => any>(fn: F, thisArg?: any): F;
    emitDestroy(): this;
    runInAsyncScope<A extends any[], R>(fn: (...args: A) => R, thisArg?: any, ...args: A): R;
    triggerAsyncId(): number;
  }
  /** Hooks cannot be enabled; they are for packages that ask for them. */
  export function createHook(callbacks: HookCallbacks): AsyncHook;
  export function executionAsyncId(): number;
  export function executionAsyncResource(): object;
  export function triggerAsyncId(): number;
  export const asyncWrapProviders: Readonly<Record<string, number>>;
}
declare module 'node:async_hooks' {
  export * from 'async_hooks';
}

declare module 'tty' {
  export function isatty(fd: number): boolean;
}
declare module 'node:tty' {
  export * from 'tty';
}
