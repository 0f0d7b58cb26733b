// The modules net, tls, dgram, dns and dns/promises.

declare module 'net' {
  import EventEmitter = require('events');
  import { Duplex } from 'stream';

  export interface AddressInfo {
    address: string;
    /** 'IPv4' or 'IPv6'. */
    family: string;
    port: number;
  }
  /** Finds the address of a host, as `dns.lookup` does. */
  export type LookupFunction = (
    host: string,
    options: any,
    callback: (error: Error | null, address: string | Array<{ address: string; family: number }>, family?: number) => void,
  ) => void;

  export interface SocketConstructorOpts {
    /** True: the socket does not end by itself when the peer has. Default false. */
    allowHalfOpen?: boolean;
    readable?: boolean;
    writable?: boolean;
    /** Bytes that are kept before either side is held up. Default 16384. */
    highWaterMark?: number;
    signal?: AbortSignal;
    noDelay?: boolean;
    keepAlive?: boolean;
    /** Milliseconds. */
    keepAliveInitialDelay?: number;
  }
  export interface TcpSocketConnectOpts {
    port: number;
    /** Default 'localhost'. */
    host?: string;
    localAddress?: string;
    localPort?: number;
    /** 4, 6, or 0 for both. */
    family?: number;
    hints?: number;
    lookup?: LookupFunction;
    /** False: only the first address of a host is tried. Default true. */
    autoSelectFamily?: boolean;
    /** How long one address of several is tried, in milliseconds. Default 250. */
    autoSelectFamilyAttemptTimeout?: number;
    noDelay?: boolean;
    keepAlive?: boolean;
    keepAliveInitialDelay?: number;
  }
  export interface IpcSocketConnectOpts {
    /** A socket of the file system. */
    path: string;
  }
  export type SocketConnectOpts = TcpSocketConnectOpts | IpcSocketConnectOpts;
  export type NetConnectOpts = SocketConnectOpts & SocketConstructorOpts & { timeout?: number };

  export class Socket extends Duplex {
    constructor(options?: SocketConstructorOpts);
    connect(options: SocketConnectOpts, connected?: () => void): this;
    connect(port: number, host: string, connected?: () => void): this;
    connect(port: number, connected?: () => void): this;
    connect(path: string, connected?: () => void): this;
    /** Ends it once everything is written. */
    destroySoon(): void;
    /** Cuts the connection: the peer sees a reset. */
    resetAndDestroy(): this;
    /** Milliseconds without traffic after which `timeout` is emitted; 0 for never. */
    setTimeout(milliseconds: number, callback?: () => void): this;
    setNoDelay(on?: boolean): this;
    /** The delay is in milliseconds. */
    setKeepAlive(on?: boolean, delay?: number): this;
    address(): AddressInfo | {};
    /** A script stays without sockets, too; this does nothing. */
    ref(): this;
    unref(): this;
    readonly connecting: boolean;
    readonly pending: boolean;
    readonly readyState: 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed';
    readonly bytesRead: number;
    readonly bytesWritten: number;
    readonly bufferSize: number | undefined;
    readonly timeout?: number;
    readonly remoteAddress?: string;
    readonly remoteFamily?: string;
    readonly remotePort?: number;
    readonly localAddress?: string;
    readonly localFamily?: string;
    readonly localPort?: number;
  }
  export const Stream: typeof Socket;

  export interface ServerOpts {
    allowHalfOpen?: boolean;
    pauseOnConnect?: boolean;
    highWaterMark?: number;
    noDelay?: boolean;
    keepAlive?: boolean;
    keepAliveInitialDelay?: number;
  }
  export interface ListenOptions {
    /** 0 for any that is free. */
    port?: number;
    /** Default: all addresses of the machine. */
    host?: string;
    path?: string;
    /** The system decides. */
    backlog?: number;
    ipv6Only?: boolean;
    signal?: AbortSignal;
  }
  export class Server extends EventEmitter {
    constructor(listener?: (socket: Socket) => void);
    constructor(options?: ServerOpts, listener?: (socket: Socket) => void);
    listen(port?: number, host?: string, backlog?: number, listening?: () => void): this;
    listen(port?: number, host?: string, listening?: () => void): this;
    listen(port?: number, listening?: () => void): this;
    listen(path: string, listening?: () => void): this;
    listen(options: ListenOptions, listening?: () => void): this;
    listen(listening: () => void): this;
    /** No more connections; `close` is emitted when those that are there have ended. */
    close(closed?: (error?: Error) => void): this;
    address(): AddressInfo | string | null;
    getConnections(callback: (error: Error | null, count: number) => void): this;
    ref(): this;
    unref(): this;
    readonly listening: boolean;
    /** Beyond it, connections are closed and `drop` is emitted. */
    maxConnections?: number;
  }

  export function createServer(listener?: (socket: Socket) => void): Server;
  export function createServer(options?: ServerOpts, listener?: (socket: Socket) => void): Server;
  export function connect(options: NetConnectOpts, connected?: () => void): Socket;
  export function connect(port: number, host?: string, connected?: () => void): Socket;
  export function connect(port: number, connected?: () => void): Socket;
  export function connect(path: string, connected?: () => void): Socket;
  export function createConnection(options: NetConnectOpts, connected?: () => void): Socket;
  export function createConnection(port: number, host?: string, connected?: () => void): Socket;
  export function createConnection(port: number, connected?: () => void): Socket;
  export function createConnection(path: string, connected?: () => void): Socket;
  /** 4, 6, or 0 for what is no address. */
  export function isIP(input: string): number;
  export function isIPv4(input: string): boolean;
  export function isIPv6(input: string): boolean;
  export function getDefaultAutoSelectFamily(): boolean;
  export function setDefaultAutoSelectFamily(value: boolean): void;
  export function getDefaultAutoSelectFamilyAttemptTimeout(): number;
  export function setDefaultAutoSelectFamilyAttemptTimeout(value: number): void;
}
declare module 'node:net' {
  export * from 'net';
}

declare module 'tls' {
  import { Server as NetServer, ServerOpts, Socket, NetConnectOpts } from 'net';
  type Text = string | NodeJS.TypedArray | DataView;

  export type SecureVersion = 'TLSv1.3' | 'TLSv1.2' | 'TLSv1.1' | 'TLSv1';
  export interface SecureContextOptions {
    /** Authorities to trust, in PEM. Default: those of the system. */
    ca?: Text | Text[];
    cert?: Text | Text[];
    /** PEM, a key of `crypto`, or an array of `{ pem, passphrase }`. */
    key?: any;
    passphrase?: string;
    /** Names of cipher suites, for TLS 1.2. */
    ciphers?: string;
    /** Lower ones than TLS 1.2 mean TLS 1.2. */
    minVersion?: SecureVersion;
    maxVersion?: SecureVersion;
  }
  export class SecureContext {
    constructor(options?: SecureContextOptions);
  }
  export interface Certificate {
    [name: string]: string | string[];
  }
  export interface PeerCertificate {
    subject: Certificate;
    issuer: Certificate;
    subjectaltname?: string;
    ca: boolean;
    bits?: number;
    modulus?: string;
    exponent?: string;
    pubkey?: Buffer;
    asn1Curve?: string;
    nistCurve?: string;
    valid_from: string;
    valid_to: string;
    fingerprint: string;
    fingerprint256: string;
    fingerprint512: string;
    ext_key_usage?: string[];
    serialNumber: string;
    raw: Buffer;
    issuerCertificate?: PeerCertificate;
  }
  export interface CipherNameAndProtocol {
    name: string;
    standardName: string;
    version: string;
  }
  type Protocols = string[] | Uint8Array[] | Uint8Array;

  export interface TLSSocketOptions extends SecureContextOptions {
    isServer?: boolean;
    secureContext?: SecureContext;
    requestCert?: boolean;
    rejectUnauthorized?: boolean;
    ALPNProtocols?: Protocols;
    servername?: string;
    SNICallback?: (name: string, callback: (error: Error | null, context?: SecureContext) => void) => void;
    allowHalfOpen?: boolean;
  }
  export class TLSSocket extends Socket {
    constructor(socket: Socket, options?: TLSSocketOptions);
    readonly authorized: boolean;
    readonly authorizationError: any;
    readonly encrypted: true;
    readonly alpnProtocol?: string | false;
    readonly servername: string | false;
    getProtocol(): string | null;
    getCipher(): CipherNameAndProtocol;
    getPeerCertificate(detailed?: boolean): PeerCertificate;
    getCertificate(): object | PeerCertificate | null;
    getEphemeralKeyInfo(): object | null;
    getSession(): Buffer | undefined;
    getTLSTicket(): Buffer | undefined;
    isSessionReused(): boolean;
    setServername(name: string): void;
    exportKeyingMaterial(length: number, label: string, context?: Buffer): Buffer;
    setMaxSendFragment(size: number): boolean;
    disableRenegotiation(): void;
    enableTrace(): void;
  }

  export type ConnectionOptions = SecureContextOptions & Partial<NetConnectOpts & { port: number; host: string; path: string }> & {
    /** A connection that is there already. */
    socket?: Socket;
    /** The name to ask for and to look for in the certificate. Default: the host. */
    servername?: string;
    /** False: connect in spite of a certificate that cannot be trusted. Default true. */
    rejectUnauthorized?: boolean;
    checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
    ALPNProtocols?: Protocols;
    secureContext?: SecureContext;
    timeout?: number;
  };
  export interface TlsOptions extends SecureContextOptions, ServerOpts {
    requestCert?: boolean;
    rejectUnauthorized?: boolean;
    ALPNProtocols?: Protocols;
    SNICallback?: (name: string, callback: (error: Error | null, context?: SecureContext) => void) => void;
    /** Milliseconds. Default 120000. */
    handshakeTimeout?: number;
  }
  export class Server extends NetServer {
    constructor(listener?: (socket: TLSSocket) => void);
    constructor(options: TlsOptions, listener?: (socket: TLSSocket) => void);
    /** For clients that ask for this name; `*` stands for one part. */
    addContext(name: string, context: SecureContextOptions | SecureContext): void;
    setSecureContext(options: SecureContextOptions): void;
  }

  export function connect(options: ConnectionOptions, connected?: () => void): TLSSocket;
  export function connect(port: number, host?: string, options?: ConnectionOptions, connected?: () => void): TLSSocket;
  export function connect(port: number, options?: ConnectionOptions, connected?: () => void): TLSSocket;
  export function createServer(listener?: (socket: TLSSocket) => void): Server;
  export function createServer(options: TlsOptions, listener?: (socket: TLSSocket) => void): Server;
  export function createSecureContext(options?: SecureContextOptions): SecureContext;
  export function checkServerIdentity(host: string, certificate: any): Error | undefined;
  export function getCiphers(): string[];
  export const DEFAULT_MIN_VERSION: SecureVersion;
  export const DEFAULT_MAX_VERSION: SecureVersion;
  export const DEFAULT_ECDH_CURVE: string;
  export const DEFAULT_CIPHERS: string;
  export const CLIENT_RENEG_LIMIT: number;
  export const CLIENT_RENEG_WINDOW: number;
}
declare module 'node:tls' {
  export * from 'tls';
}

declare module 'dgram' {
  import EventEmitter = require('events');
  import { AddressInfo } from 'net';

  export interface RemoteInfo {
    address: string;
    family: 'IPv4' | 'IPv6';
    port: number;
    /** Bytes. */
    size: number;
  }
  export type SocketType = 'udp4' | 'udp6';
  export interface SocketOptions {
    type: SocketType;
    /** Others may use the address, too. */
    reuseAddr?: boolean;
    ipv6Only?: boolean;
    recvBufferSize?: number;
    sendBufferSize?: number;
    lookup?: (host: string, family: any, callback: (error: Error | null, address: string, family: number) => void) => void;
    signal?: AbortSignal;
  }
  type Message = string | NodeJS.TypedArray | DataView;
  type Sent = (error: Error | null, bytes: number) => void;

  export class Socket extends EventEmitter {
    bind(port?: number, address?: string, listening?: () => void): this;
    bind(port?: number, listening?: () => void): this;
    bind(listening: () => void): this;
    bind(options: { port?: number; address?: string }, listening?: () => void): this;
    send(message: Message | readonly any[], port?: number, address?: string, sent?: Sent): void;
    send(message: Message | readonly any[], port?: number, sent?: Sent): void;
    send(message: Message | readonly any[], sent?: Sent): void;
    send(message: Message, offset: number, length: number, port?: number, address?: string, sent?: Sent): void;
    send(message: Message, offset: number, length: number, port?: number, sent?: Sent): void;
    connect(port: number, address?: string, connected?: () => void): void;
    connect(port: number, connected: () => void): void;
    disconnect(): void;
    address(): AddressInfo;
    remoteAddress(): AddressInfo;
    close(closed?: () => void): this;
    setBroadcast(on: boolean): void;
    setTTL(ttl: number): number;
    setMulticastTTL(ttl: number): number;
    setMulticastLoopback(on: boolean): boolean;
    setMulticastInterface(address: string): void;
    addMembership(group: string, interfaceAddress?: string): void;
    dropMembership(group: string, interfaceAddress?: string): void;
    setRecvBufferSize(size: number): void;
    setSendBufferSize(size: number): void;
    getSendQueueCount(): number;
    getSendQueueSize(): number;
    ref(): this;
    unref(): this;
  }
  export function createSocket(type: SocketType, received?: (message: Buffer, from: RemoteInfo) => void): Socket;
  export function createSocket(options: SocketOptions, received?: (message: Buffer, from: RemoteInfo) => void): Socket;
}
declare module 'node:dgram' {
  export * from 'dgram';
}

declare module 'dns' {
  export interface LookupAddress {
    address: string;
    family: number;
  }
  export interface LookupOptions {
    family?: number | 'IPv4' | 'IPv6';
    hints?: number;
    all?: boolean;
    order?: 'ipv4first' | 'ipv6first' | 'verbatim';
    verbatim?: boolean;
  }
  export interface MxRecord {
    exchange: string;
    priority: number;
  }
  export interface SrvRecord {
    name: string;
    port: number;
    priority: number;
    weight: number;
  }
  export interface SoaRecord {
    nsname: string;
    hostmaster: string;
    serial: number;
    refresh: number;
    retry: number;
    expire: number;
    minttl: number;
  }
  export interface RecordWithTtl {
    address: string;
    /** Seconds. */
    ttl: number;
  }
  export interface ResolverOptions {
    /** Milliseconds for a try. Default 5000. */
    timeout?: number;
    /** Default 4. */
    tries?: number;
  }
  type Order = 'ipv4first' | 'ipv6first' | 'verbatim';
  type Answer<T> = (error: any, result: T) => void;

  export function lookup(host: string, callback: (error: any, address: string, family: number) => void): object;
  export function lookup(host: string, family: number, callback: (error: any, address: string, family: number) => void): object;
  export function lookup(host: string, options: LookupOptions & { all: true }, callback: (error: any, addresses: LookupAddress[]) => void): object;
  export function lookup(host: string, options: LookupOptions, callback: (error: any, address: any, family: number) => void): object;
  export function lookupService(address: string, port: number, callback: (error: any, host: string, service: string) => void): object;
  export function resolve(host: string, callback: Answer<string[]>): object;
  export function resolve(host: string, kind: string, callback: Answer<any>): object;
  export function resolve4(host: string, callback: Answer<string[]>): object;
  export function resolve4(host: string, options: { ttl: true }, callback: Answer<RecordWithTtl[]>): object;
  export function resolve6(host: string, callback: Answer<string[]>): object;
  export function resolve6(host: string, options: { ttl: true }, callback: Answer<RecordWithTtl[]>): object;
  export function resolveCname(host: string, callback: Answer<string[]>): object;
  export function resolveMx(host: string, callback: Answer<MxRecord[]>): object;
  export function resolveNs(host: string, callback: Answer<string[]>): object;
  export function resolvePtr(host: string, callback: Answer<string[]>): object;
  export function resolveSoa(host: string, callback: Answer<SoaRecord>): object;
  export function resolveSrv(host: string, callback: Answer<SrvRecord[]>): object;
  export function resolveTxt(host: string, callback: Answer<string[][]>): object;
  /** The names of an address. */
  export function reverse(address: string, callback: Answer<string[]>): object;
  export function getServers(): string[];
  export function setServers(servers: readonly string[]): void;
  export function setDefaultResultOrder(order: Order): void;
  export function getDefaultResultOrder(): Order;
  export class Resolver {
    constructor(options?: ResolverOptions);
    /** What was asked before is answered with ECANCELLED. */
    cancel(): void;
    getServers(): string[];
    setServers(servers: readonly string[]): void;
    resolve(host: string, callback: Answer<string[]>): object;
    resolve(host: string, kind: string, callback: Answer<any>): object;
    resolve4(host: string, callback: Answer<string[]>): object;
    resolve6(host: string, callback: Answer<string[]>): object;
    resolveCname(host: string, callback: Answer<string[]>): object;
    resolveMx(host: string, callback: Answer<MxRecord[]>): object;
    resolveNs(host: string, callback: Answer<string[]>): object;
    resolvePtr(host: string, callback: Answer<string[]>): object;
    resolveSoa(host: string, callback: Answer<SoaRecord>): object;
    resolveSrv(host: string, callback: Answer<SrvRecord[]>): object;
    resolveTxt(host: string, callback: Answer<string[][]>): object;
    reverse(address: string, callback: Answer<string[]>): object;
  }
  export const promises: typeof import('dns/promises');
  export const NODATA: 'ENODATA';
  export const FORMERR: 'EFORMERR';
  export const SERVFAIL: 'ESERVFAIL';
  export const NOTFOUND: 'ENOTFOUND';
  export const NOTIMP: 'ENOTIMP';
  export const REFUSED: 'EREFUSED';
  export const BADQUERY: 'EBADQUERY';
  export const BADNAME: 'EBADNAME';
  export const BADFAMILY: 'EBADFAMILY';
  export const BADRESP: 'EBADRESP';
  export const CONNREFUSED: 'ECONNREFUSED';
  export const TIMEOUT: 'ETIMEOUT';
  export const EOF: 'EOF';
  export const FILE: 'EFILE';
  export const NOMEM: 'ENOMEM';
  export const DESTRUCTION: 'EDESTRUCTION';
  export const BADSTR: 'EBADSTR';
  export const BADFLAGS: 'EBADFLAGS';
  export const NONAME: 'ENONAME';
  export const BADHINTS: 'EBADHINTS';
  export const NOTINITIALIZED: 'ENOTINITIALIZED';
  export const LOADIPHLPAPI: 'ELOADIPHLPAPI';
  export const ADDRGETNETWORKPARAMS: 'EADDRGETNETWORKPARAMS';
  export const CANCELLED: 'ECANCELLED';
  export const ADDRCONFIG: number;
  export const V4MAPPED: number;
  export const ALL: number;
}
declare module 'node:dns' {
  export * from 'dns';
}

declare module 'dns/promises' {
  import { LookupAddress, LookupOptions, MxRecord, RecordWithTtl, ResolverOptions, SoaRecord, SrvRecord } from 'dns';
  export function lookup(host: string, family: number): Promise<LookupAddress>;
  export function lookup(host: string, options: LookupOptions & { all: true }): Promise<LookupAddress[]>;
  export function lookup(host: string, options?: LookupOptions): Promise<LookupAddress>;
  export function lookupService(address: string, port: number): Promise<{ hostname: string; service: string }>;
  export function resolve(host: string): Promise<string[]>;
  export function resolve(host: string, kind: string): Promise<any>;
  export function resolve4(host: string): Promise<string[]>;
  export function resolve4(host: string, options: { ttl: true }): Promise<RecordWithTtl[]>;
  export function resolve6(host: string): Promise<string[]>;
  export function resolve6(host: string, options: { ttl: true }): Promise<RecordWithTtl[]>;
  export function resolveCname(host: string): Promise<string[]>;
  export function resolveMx(host: string): Promise<MxRecord[]>;
  export function resolveNs(host: string): Promise<string[]>;
  export function resolvePtr(host: string): Promise<string[]>;
  export function resolveSoa(host: string): Promise<SoaRecord>;
  export function resolveSrv(host: string): Promise<SrvRecord[]>;
  export function resolveTxt(host: string): Promise<string[][]>;
  export function reverse(address: string): Promise<string[]>;
  export function getServers(): string[];
  export function setServers(servers: readonly string[]): void;
  export function setDefaultResultOrder(order: 'ipv4first' | 'ipv6first' | 'verbatim'): void;
  export function getDefaultResultOrder(): 'ipv4first' | 'ipv6first' | 'verbatim';
  export class Resolver {
    constructor(options?: ResolverOptions);
    cancel(): void;
    getServers(): string[];
    setServers(servers: readonly string[]): void;
    resolve(host: string): Promise<string[]>;
    resolve(host: string, kind: string): Promise<any>;
    resolve4(host: string): Promise<string[]>;
    resolve6(host: string): Promise<string[]>;
    resolveCname(host: string): Promise<string[]>;
    resolveMx(host: string): Promise<MxRecord[]>;
    resolveNs(host: string): Promise<string[]>;
    resolvePtr(host: string): Promise<string[]>;
    resolveSoa(host: string): Promise<SoaRecord>;
    resolveSrv(host: string): Promise<SrvRecord[]>;
    resolveTxt(host: string): Promise<string[][]>;
    reverse(address: string): Promise<string[]>;
  }
  export const NODATA: 'ENODATA';
  export const FORMERR: 'EFORMERR';
  export const SERVFAIL: 'ESERVFAIL';
  export const NOTFOUND: 'ENOTFOUND';
  export const NOTIMP: 'ENOTIMP';
  export const REFUSED: 'EREFUSED';
  export const BADQUERY: 'EBADQUERY';
  export const BADNAME: 'EBADNAME';
  export const BADFAMILY: 'EBADFAMILY';
  export const BADRESP: 'EBADRESP';
  export const CONNREFUSED: 'ECONNREFUSED';
  export const TIMEOUT: 'ETIMEOUT';
  export const EOF: 'EOF';
  export const FILE: 'EFILE';
  export const NOMEM: 'ENOMEM';
  export const DESTRUCTION: 'EDESTRUCTION';
  export const BADSTR: 'EBADSTR';
  export const BADFLAGS: 'EBADFLAGS';
  export const NONAME: 'ENONAME';
  export const BADHINTS: 'EBADHINTS';
  export const NOTINITIALIZED: 'ENOTINITIALIZED';
  export const LOADIPHLPAPI: 'ELOADIPHLPAPI';
  export const ADDRGETNETWORKPARAMS: 'EADDRGETNETWORKPARAMS';
  export const CANCELLED: 'ECANCELLED';
}
declare module 'node:dns/promises' {
  export * from 'dns/promises';
}
