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
