// Files: the modules fs and fs/promises.

declare module 'fs' {
  import stream = require('stream');
  type PathLike = string | Buffer | URL;
  /** A path or the number of an open file. */
  type FileOrPath = PathLike | number | promises.FileHandle;
  type WriteOptions =
    | BufferEncoding
    | { encoding?: BufferEncoding | null; mode?: number | string; flag?: string; flush?: boolean; signal?: AbortSignal }
    | null;
  type FileData = string | NodeJS.TypedArray | DataView;
  type StatOptions = { bigint?: boolean; throwIfNoEntry?: boolean };
  /** Seconds since 1970, or a date. */
  type Time = number | string | Date;
  type Failure = (Error & { code?: string; errno?: number; path?: string; syscall?: string }) | null;
  type Callback = (...args: any[]) => void;

  export class Stats {
    isFile(): boolean;
    isDirectory(): boolean;
    isSymbolicLink(): boolean;
    isFIFO(): boolean;
    isSocket(): boolean;
    isCharacterDevice(): boolean;
    isBlockDevice(): boolean;
    dev: number;
    mode: number;
    nlink: number;
    uid: number;
    gid: number;
    rdev: number;
    blksize: number;
    ino: number;
    /** Bytes. */
    size: number;
    blocks: number;
    atimeMs: number;
    mtimeMs: number;
    ctimeMs: number;
    birthtimeMs: number;
    atime: Date;
    mtime: Date;
    ctime: Date;
    birthtime: Date;
  }

  export class Dirent {
    isFile(): boolean;
    isDirectory(): boolean;
    isSymbolicLink(): boolean;
    isFIFO(): boolean;
    isSocket(): boolean;
    isCharacterDevice(): boolean;
    isBlockDevice(): boolean;
    name: string;
    parentPath: string;
    path: string;
  }

  /** The entries of a folder, one after the other. */
  export class Dir {
    readonly path: string;
    read(): Promise<Dirent | null>;
    readSync(): Dirent | null;
    close(): Promise<void>;
    closeSync(): void;
    [Symbol.asyncIterator](): AsyncIterableIterator<Dirent>;
  }

  interface StreamOptions {
    flags?: string;
    encoding?: BufferEncoding;
    fd?: number | promises.FileHandle;
    mode?: number;
    autoClose?: boolean;
    emitClose?: boolean;
    start?: number;
    highWaterMark?: number;
    signal?: AbortSignal;
  }
  export class ReadStream extends stream.Readable {
    readonly path: string;
    readonly bytesRead: number;
    readonly pending: boolean;
    close(callback?: Callback): void;
  }
  export class WriteStream extends stream.Writable {
    readonly path: string;
    readonly bytesWritten: number;
    readonly pending: boolean;
    close(callback?: Callback): void;
  }
  export const FileReadStream: typeof ReadStream;
  export const FileWriteStream: typeof WriteStream;
  export function createReadStream(path: PathLike, options?: BufferEncoding | (StreamOptions & { end?: number })): ReadStream;
  export function createWriteStream(path: PathLike, options?: BufferEncoding | (StreamOptions & { flush?: boolean })): WriteStream;

  export function readFileSync(path: FileOrPath, options?: { encoding?: null; flag?: string; signal?: AbortSignal } | null): Buffer;
  export function readFileSync(path: FileOrPath, options: BufferEncoding | { encoding: BufferEncoding; flag?: string; signal?: AbortSignal }): string;
  export function writeFileSync(path: FileOrPath, data: FileData, options?: WriteOptions): void;
  export function appendFileSync(path: FileOrPath, data: FileData, options?: WriteOptions): void;
  export function accessSync(path: PathLike, mode?: number): void;
  export function statSync(path: PathLike, options?: StatOptions): Stats;
  export function lstatSync(path: PathLike, options?: StatOptions): Stats;
  export function mkdirSync(path: PathLike, options?: { recursive?: boolean; mode?: number | string } | number): string | undefined;
  export function mkdtempSync(prefix: string): string;
  export function readdirSync(path: PathLike, options?: { withFileTypes?: false; recursive?: boolean } | BufferEncoding | null): string[];
  export function readdirSync(path: PathLike, options: { withFileTypes: true; recursive?: boolean }): Dirent[];
  export function rmSync(path: PathLike, options?: { force?: boolean; recursive?: boolean }): void;
  export function rmdirSync(path: PathLike, options?: { recursive?: boolean }): void;
  export function copyFileSync(from: PathLike, to: PathLike, mode?: number): void;
  export function renameSync(from: PathLike, to: PathLike): void;
  export function linkSync(existing: PathLike, created: PathLike): void;
  export function symlinkSync(target: PathLike, path: PathLike, type?: string | null): void;
  export function readlinkSync(path: PathLike): string;
  export function realpathSync(path: PathLike): string;
  export function truncateSync(path: PathLike, length?: number): void;
  export function unlinkSync(path: PathLike): void;
  export function chmodSync(path: PathLike, mode: number | string): void;
  export function utimesSync(path: PathLike, accessed: Time, changed: Time): void;
  export function openSync(path: PathLike, flags?: string | number, mode?: number | string): number;
  export function closeSync(fd: number): void;
  export function fstatSync(fd: number, options?: StatOptions): Stats;
  export function fsyncSync(fd: number): void;
  export function fdatasyncSync(fd: number): void;
  export function ftruncateSync(fd: number, length?: number): void;
  export function fchmodSync(fd: number, mode: number | string): void;
  export function futimesSync(fd: number, accessed: Time, changed: Time): void;
  export function readSync(fd: number, buffer: NodeJS.TypedArray | DataView, offset?: number, length?: number, position?: number | null): number;
  export function readvSync(fd: number, buffers: readonly (NodeJS.TypedArray | DataView)[], position?: number | null): number;
  export function writeSync(fd: number, data: FileData, offset?: number | null, length?: number | BufferEncoding | null, position?: number | null): number;
  export function writevSync(fd: number, buffers: readonly (NodeJS.TypedArray | DataView)[], position?: number | null): number;
  export function existsSync(path: PathLike): boolean;
  export function opendirSync(path: PathLike, options?: { recursive?: boolean }): Dir;

  // With a callback at the end, which is given an error or null, and the result.
  export function readFile(path: FileOrPath, callback: (error: Failure, result: Buffer) => void): void;
  export function readFile(path: FileOrPath, options: { encoding?: null; flag?: string; signal?: AbortSignal } | null, callback: (error: Failure, result: Buffer) => void): void;
  export function readFile(path: FileOrPath, options: BufferEncoding | { encoding: BufferEncoding; flag?: string; signal?: AbortSignal }, callback: (error: Failure, result: string) => void): void;
  export function writeFile(path: FileOrPath, data: FileData, callback: (error: Failure) => void): void;
  export function writeFile(path: FileOrPath, data: FileData, options: WriteOptions, callback: (error: Failure) => void): void;
  export function appendFile(path: FileOrPath, data: FileData, callback: (error: Failure) => void): void;
  export function appendFile(path: FileOrPath, data: FileData, options: WriteOptions, callback: (error: Failure) => void): void;
  export function access(path: PathLike, callback: (error: Failure) => void): void;
  export function access(path: PathLike, mode: number, callback: (error: Failure) => void): void;
  export function stat(path: PathLike, callback: (error: Failure, result: Stats) => void): void;
  export function stat(path: PathLike, options: StatOptions, callback: (error: Failure, result: Stats) => void): void;
  export function lstat(path: PathLike, callback: (error: Failure, result: Stats) => void): void;
  export function lstat(path: PathLike, options: StatOptions, callback: (error: Failure, result: Stats) => void): void;
  export function mkdir(path: PathLike, callback: (error: Failure, result: string | undefined) => void): void;
  export function mkdir(path: PathLike, options: { recursive?: boolean; mode?: number | string } | number, callback: (error: Failure, result: string | undefined) => void): void;
  export function mkdtemp(prefix: string, callback: (error: Failure, result: string) => void): void;
  export function readdir(path: PathLike, callback: (error: Failure, result: string[]) => void): void;
  export function readdir(path: PathLike, options: { withFileTypes?: false; recursive?: boolean } | BufferEncoding | null, callback: (error: Failure, result: string[]) => void): void;
  export function readdir(path: PathLike, options: { withFileTypes: true; recursive?: boolean }, callback: (error: Failure, result: Dirent[]) => void): void;
  export function rm(path: PathLike, callback: (error: Failure) => void): void;
  export function rm(path: PathLike, options: { force?: boolean; recursive?: boolean }, callback: (error: Failure) => void): void;
  export function rmdir(path: PathLike, callback: (error: Failure) => void): void;
  export function rmdir(path: PathLike, options: { recursive?: boolean }, callback: (error: Failure) => void): void;
  export function copyFile(from: PathLike, to: PathLike, callback: (error: Failure) => void): void;
  export function copyFile(from: PathLike, to: PathLike, mode: number, callback: (error: Failure) => void): void;
  export function rename(from: PathLike, to: PathLike, callback: (error: Failure) => void): void;
  export function link(existing: PathLike, created: PathLike, callback: (error: Failure) => void): void;
  export function symlink(target: PathLike, path: PathLike, callback: (error: Failure) => void): void;
  export function symlink(target: PathLike, path: PathLike, type: string | null, callback: (error: Failure) => void): void;
  export function readlink(path: PathLike, callback: (error: Failure, result: string) => void): void;
  export function realpath(path: PathLike, callback: (error: Failure, result: string) => void): void;
  export function truncate(path: PathLike, callback: (error: Failure) => void): void;
  export function truncate(path: PathLike, length: number, callback: (error: Failure) => void): void;
  export function unlink(path: PathLike, callback: (error: Failure) => void): void;
  export function chmod(path: PathLike, mode: number | string, callback: (error: Failure) => void): void;
  export function utimes(path: PathLike, accessed: Time, changed: Time, callback: (error: Failure) => void): void;
  export function open(path: PathLike, callback: (error: Failure, result: number) => void): void;
  export function open(path: PathLike, flags: string | number, mode: number | string, callback: (error: Failure, result: number) => void): void;
  export function close(fd: number, callback: (error: Failure) => void): void;
  export function fstat(fd: number, callback: (error: Failure, result: Stats) => void): void;
  export function fstat(fd: number, options: StatOptions, callback: (error: Failure, result: Stats) => void): void;
  export function fsync(fd: number, callback: (error: Failure) => void): void;
  export function fdatasync(fd: number, callback: (error: Failure) => void): void;
  export function ftruncate(fd: number, callback: (error: Failure) => void): void;
  export function ftruncate(fd: number, length: number, callback: (error: Failure) => void): void;
  export function fchmod(fd: number, mode: number | string, callback: (error: Failure) => void): void;
  export function futimes(fd: number, accessed: Time, changed: Time, callback: (error: Failure) => void): void;
  export function read(fd: number, buffer: NodeJS.TypedArray | DataView, callback: (error: Failure, result: number, buffer: any) => void): void;
  export function read(fd: number, buffer: NodeJS.TypedArray | DataView, offset: number, length: number, position: number | null, callback: (error: Failure, result: number, buffer: any) => void): void;
  export function readv(fd: number, buffers: readonly (NodeJS.TypedArray | DataView)[], callback: (error: Failure, result: number, buffer: any) => void): void;
  export function readv(fd: number, buffers: readonly (NodeJS.TypedArray | DataView)[], position: number | null, callback: (error: Failure, result: number, buffer: any) => void): void;
  export function write(fd: number, data: FileData, callback: (error: Failure, result: number, buffer: any) => void): void;
  export function write(fd: number, data: FileData, offset: number | null, length: number | BufferEncoding | null, position: number | null, callback: (error: Failure, result: number, buffer: any) => void): void;
  export function writev(fd: number, buffers: readonly (NodeJS.TypedArray | DataView)[], callback: (error: Failure, result: number, buffer: any) => void): void;
  export function writev(fd: number, buffers: readonly (NodeJS.TypedArray | DataView)[], position: number | null, callback: (error: Failure, result: number, buffer: any) => void): void;
  export function opendir(path: PathLike, callback: (error: Failure, result: Dir) => void): void;
  export function opendir(path: PathLike, options: { recursive?: boolean }, callback: (error: Failure, result: Dir) => void): void;
  export function exists(path: PathLike, callback: (exists: boolean) => void): void;

  export const F_OK: number;
  export const R_OK: number;
  export const W_OK: number;
  export const X_OK: number;
  export namespace constants {
    const F_OK: number;
    const R_OK: number;
    const W_OK: number;
    const X_OK: number;
    const O_RDONLY: number;
    const O_WRONLY: number;
    const O_RDWR: number;
    const O_CREAT: number;
    const O_EXCL: number;
    const O_TRUNC: number;
    const O_APPEND: number;
    const O_SYNC: number;
    const S_IFMT: number;
    const S_IFREG: number;
    const S_IFDIR: number;
    const S_IFCHR: number;
    const S_IFBLK: number;
    const S_IFIFO: number;
    const S_IFLNK: number;
    const S_IFSOCK: number;
    const S_IRWXU: number;
    const S_IRUSR: number;
    const S_IWUSR: number;
    const S_IXUSR: number;
    const S_IRWXG: number;
    const S_IRGRP: number;
    const S_IWGRP: number;
    const S_IXGRP: number;
    const S_IRWXO: number;
    const S_IROTH: number;
    const S_IWOTH: number;
    const S_IXOTH: number;
    const COPYFILE_EXCL: number;
    const COPYFILE_FICLONE: number;
    const COPYFILE_FICLONE_FORCE: number;
  }

  export namespace promises {
    /** An open file. */
    interface FileHandle {
      readonly fd: number;
      appendFile(data: FileData, options?: WriteOptions): Promise<void>;
      chmod(mode: number | string): Promise<void>;
      close(): Promise<void>;
      createReadStream(options?: StreamOptions): ReadStream;
      createWriteStream(options?: StreamOptions): WriteStream;
      datasync(): Promise<void>;
      read<T extends NodeJS.TypedArray | DataView>(buffer: T, offset?: number, length?: number, position?: number | null): Promise<{ bytesRead: number; buffer: T }>;
      readFile(options?: { encoding?: null } | null): Promise<Buffer>;
      readFile(options: BufferEncoding | { encoding: BufferEncoding }): Promise<string>;
      readv(buffers: readonly (NodeJS.TypedArray | DataView)[], position?: number | null): Promise<{ bytesRead: number; buffers: any[] }>;
      stat(options?: StatOptions): Promise<Stats>;
      sync(): Promise<void>;
      truncate(length?: number): Promise<void>;
      utimes(accessed: Time, changed: Time): Promise<void>;
      write(data: FileData, offset?: number | null, length?: number | BufferEncoding | null, position?: number | null): Promise<{ bytesWritten: number; buffer: any }>;
      writeFile(data: FileData, options?: WriteOptions): Promise<void>;
      writev(buffers: readonly (NodeJS.TypedArray | DataView)[], position?: number | null): Promise<{ bytesWritten: number; buffers: any[] }>;
    }
    function open(path: PathLike, flags?: string | number, mode?: number | string): Promise<FileHandle>;
    function opendir(path: PathLike, options?: { recursive?: boolean }): Promise<Dir>;
    function readFile(path: FileOrPath, options?: { encoding?: null; flag?: string; signal?: AbortSignal } | null): Promise<Buffer>;
    function readFile(path: FileOrPath, options: BufferEncoding | { encoding: BufferEncoding; flag?: string; signal?: AbortSignal }): Promise<string>;
    function writeFile(path: FileOrPath, data: FileData, options?: WriteOptions): Promise<void>;
    function appendFile(path: FileOrPath, data: FileData, options?: WriteOptions): Promise<void>;
    function access(path: PathLike, mode?: number): Promise<void>;
    function stat(path: PathLike, options?: StatOptions): Promise<Stats>;
    function lstat(path: PathLike, options?: StatOptions): Promise<Stats>;
    function mkdir(path: PathLike, options?: { recursive?: boolean; mode?: number | string } | number): Promise<string | undefined>;
    function mkdtemp(prefix: string): Promise<string>;
    function readdir(path: PathLike, options?: { withFileTypes?: false; recursive?: boolean } | BufferEncoding | null): Promise<string[]>;
    function readdir(path: PathLike, options: { withFileTypes: true; recursive?: boolean }): Promise<Dirent[]>;
    function rm(path: PathLike, options?: { force?: boolean; recursive?: boolean }): Promise<void>;
    function rmdir(path: PathLike, options?: { recursive?: boolean }): Promise<void>;
    function copyFile(from: PathLike, to: PathLike, mode?: number): Promise<void>;
    function rename(from: PathLike, to: PathLike): Promise<void>;
    function link(existing: PathLike, created: PathLike): Promise<void>;
    function symlink(target: PathLike, path: PathLike, type?: string | null): Promise<void>;
    function readlink(path: PathLike): Promise<string>;
    function realpath(path: PathLike): Promise<string>;
    function truncate(path: PathLike, length?: number): Promise<void>;
    function unlink(path: PathLike): Promise<void>;
    function chmod(path: PathLike, mode: number | string): Promise<void>;
    function utimes(path: PathLike, accessed: Time, changed: Time): Promise<void>;
    const constants: typeof import('fs').constants;
  }
}

declare module 'fs/promises' {
  import { promises } from 'fs';
  export = promises;
}
declare module 'node:fs' {
  export * from 'fs';
}
declare module 'node:fs/promises' {
  import { promises } from 'fs';
  export = promises;
}
