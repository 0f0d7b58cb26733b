// The module @ttqm/ttqm-support, for scripts that were written for TTQM.

declare module '@ttqm/ttqm-support' {
  import type { Socket, Server } from 'net';

  /** Numbers from 0 to 255. */
  type Bytes = number[] | NodeJS.TypedArray | ArrayBuffer;
  type Sendable = string | Bytes;

  export class CommonHelper {
    /** Ends the script at once. */
    static exit(): never;
  }

  export class UserScriptHelper {
    /** The function `publish`. */
    static publish(
      topic: string,
      message: import('mqscript').MessageData,
      opts?: import('mqscript').PublishOptions,
    ): Promise<void>;
  }

  export class ByteUtil {
    static bufferToByteArray(buffer: Bytes): number[];
    static byteArrayToBuffer(bytes: Bytes): Buffer;
    static stringToByteArray(text: string, encoding?: BufferEncoding): number[];
    static byteArrayToString(bytes: Bytes, encoding?: BufferEncoding): string;
    static byteArrayChunk(bytes: Bytes, size: number): number[][];
    static byteArrayToInt8(bytes: Bytes): number;
    static byteArrayToBigInt64BE(bytes: Bytes): bigint;
    static byteArrayToBigInt64LE(bytes: Bytes): bigint;
    static byteArrayToBigUInt64BE(bytes: Bytes): bigint;
    static byteArrayToBigUInt64LE(bytes: Bytes): bigint;
    static byteArrayToDoubleBE(bytes: Bytes): number;
    static byteArrayToDoubleLE(bytes: Bytes): number;
    static byteArrayToFloatBE(bytes: Bytes): number;
    static byteArrayToFloatLE(bytes: Bytes): number;
    static byteArrayToInt16BE(bytes: Bytes): number;
    static byteArrayToInt16LE(bytes: Bytes): number;
    static byteArrayToInt32BE(bytes: Bytes): number;
    static byteArrayToInt32LE(bytes: Bytes): number;
    static byteArrayToIntBE(bytes: Bytes): number;
    static byteArrayToIntLE(bytes: Bytes): number;
    static byteArrayToUInt16BE(bytes: Bytes): number;
    static byteArrayToUInt16LE(bytes: Bytes): number;
    static byteArrayToUInt32BE(bytes: Bytes): number;
    static byteArrayToUInt32LE(bytes: Bytes): number;
    static byteArrayToUIntBE(bytes: Bytes): number;
    static byteArrayToUIntLE(bytes: Bytes): number;
    /** An error unless the length is a multiple of 2. */
    static byteArraySwap16(bytes: Bytes): number[];
    static byteArraySwap32(bytes: Bytes): number[];
    static byteArraySwap64(bytes: Bytes): number[];
  }

  /** RSA. Keys and certificates are text in PEM form; what is encrypted is in base64. */
  export class CertUtil {
    static publicKeyEncrypt(pem: string, text: string, chunkSize: number): string;
    static publicKeyDecrypt(pem: string, base64: string, chunkSize?: number): string;
    static privateKeyEncrypt(pem: string, text: string, chunkSize: number): string;
    static privateKeyDecrypt(pem: string, base64: string, chunkSize?: number): string;
    static certEncrypt(pem: string, text: string, chunkSize: number): string;
    static certDecrypt(pem: string, base64: string, chunkSize?: number): string;
    /** The largest chunk size to encrypt with, in bytes. */
    static getCertEncryptMaxChunkSize(pem: string): number;
    /** The bytes that a chunk has once it is encrypted. */
    static getCertEncryptContentSize(pem: string): number;
    static getPublicKeyEncryptMaxChunkSize(pem: string): number;
    static getPublicKeyEncryptContentSize(pem: string): number;
    static getPrivateKeyEncryptMaxChunkSize(pem: string): number;
    static getPrivateKeyEncryptContentSize(pem: string): number;
  }

  export class EncryptUtil {
    /** The hash in hexadecimal; `sha1` unless named. */
    static getHash(text: string, name?: string): string;
  }

  export const FileHashType: { readonly MD5: 'md5'; readonly SHA1: 'sha1'; readonly SHA256: 'sha256'; readonly SHA512: 'sha512' };

  /** Files in the script's data folder and its temporary folder. */
  export class FileUtil {
    static getScriptDataPath(relative?: string): string;
    static getScriptTmpDataPath(relative?: string): string;
    static createDirSync(path: string): void;
    static getFileHash(path: string, name?: 'md5' | 'sha1' | 'sha256' | 'sha512'): Promise<string>;
    static existSync(path: string): boolean;
    static isDirSync(path: string): boolean;
    /** Writes a file, and makes the folders on the way to it. */
    static createStringFileSync(path: string, text: string): void;
    static appendStringFileSync(path: string, text: string): void;
    static readStringFileSync(path: string): string;
    /** Removes a file, or a folder with all that is in it. */
    static removeSync(path: string): void;
  }

  export class TimeUtil {
    static sleep(ms: number): Promise<void>;
    static getCurrentUnixSecond(): number;
    static getCurrentUnixMillisecond(): number;
    /** Local time such as `2024-01-31 12:34:56`; NaN when it is none. */
    static getUnixSecondFromFormatDate(text: string): number;
    /** In the letters of Moment's formats; now unless a time is given. */
    static getFormatDateFromUnixSecond(format?: string, second?: number): string;
    static getFormatDateFromUnixMillisecond(format?: string, millisecond?: number): string;
  }

  export class TopicUtil {
    /** Whether a topic matches a filter with `+` and `#`. */
    static isSubTopic(filter: string, topic: string): boolean;
    /** `key1/value1/key2/value2` as an object. */
    static parseKeyValueTopic(topic: string): { [key: string]: string };
  }

  export interface TcpClientEventListener {
    onConnect?(): void;
    onReady?(): void;
    onData?(bytes: number[]): void;
    onError?(error: Error): void;
    onEnd?(): void;
    onTimeout?(): void;
    onClose?(hadError: boolean): void;
  }
  export class TcpClient {
    constructor(host: string, port: number, listener?: TcpClientEventListener);
    host: string;
    port: number;
    listener: TcpClientEventListener;
    client: Socket | null;
    connect(): Promise<void>;
    /** Resolves when the data was handed to the network. */
    send(data: Sendable): Promise<void>;
    disconnect(): Promise<void>;
  }

  export interface TcpSocketInfo {
    readonly id: number;
    /** A name of the script's choice, to send to. */
    name?: string;
    readonly socket: Socket;
  }
  export interface TcpServerEventListener {
    onListening?(): void;
    onConnection?(info: TcpSocketInfo): void;
    onSocketData?(info: TcpSocketInfo, bytes: number[]): void;
    onSocketError?(info: TcpSocketInfo, error: Error): void;
    onSocketClose?(info: TcpSocketInfo, hadError: boolean): void;
    onError?(error: Error): void;
    onClose?(): void;
  }
  export class TcpServer {
    constructor(port: number, listener?: TcpServerEventListener);
    /** 0 is replaced by the port that was found. */
    port: number;
    listener: TcpServerEventListener;
    server: Server | null;
    readonly socketInfoMap: Map<number, TcpSocketInfo>;
    readonly socketIndex: number;
    start(): Promise<void>;
    /** To the sockets with that id or name; to all without one. */
    send(data: Sendable, idOrName?: number | string): Promise<void>;
    stop(): Promise<void>;
  }

  /** A WebSocket's connection. */
  export interface WebSocketConnection {
    /** 1 open, 2 closing, 3 closed. */
    readonly readyState: number;
    readonly remoteAddress: string;
    /** Bytes that wait to be sent. */
    readonly bufferedAmount: number;
    send(data: Sendable): Promise<void>;
    close(code?: number, reason?: string): void;
  }
  export interface WsClientEventListener {
    onOpen?(): void;
    onMessage?(bytes: number[]): void;
    onError?(error: Error): void;
    onClose?(code: number, reason: string): void;
  }
  export class WsClient {
    constructor(url: string, listener?: WsClientEventListener);
    url: string;
    listener: WsClientEventListener;
    client: WebSocketConnection | null;
    connect(): Promise<void>;
    /** A string is sent as text, anything else as bytes. */
    send(data: Sendable): Promise<void>;
    disconnect(): Promise<void>;
  }

  export interface WebSocketInfo {
    readonly id: number;
    name?: string;
    readonly socket: WebSocketConnection;
  }
  export interface WsServerEventListener {
    onListening?(): void;
    onConnection?(info: WebSocketInfo): void;
    onSocketMessage?(info: WebSocketInfo, bytes: number[]): void;
    onSocketError?(info: WebSocketInfo, error: Error): void;
    onSocketClose?(info: WebSocketInfo, code: number, reason: string): void;
    onError?(error: Error): void;
    onClose?(): void;
  }
  export class WsServer {
    constructor(port: number, listener?: WsServerEventListener);
    port: number;
    listener: WsServerEventListener;
    readonly server: unknown;
    readonly socketInfoMap: Map<number, WebSocketInfo>;
    readonly socketIndex: number;
    start(): Promise<void>;
    send(data: Sendable, idOrName?: number | string): Promise<void>;
    stop(): Promise<void>;
  }

  /** Charts are TTQM's own: its functions throw an error with the code `ERR_NOT_IMPLEMENTED`. */
  export class ChartHelper {}
}
