// Type declarations for mqscript scripts. With this file in the folder an
// editor completes and checks the handlers, publish and the packets.
//
// To have a script checked, write above its exports:
//
//     /** @type {import('mqscript').Handlers} */
//     module.exports = { … }

/**
 * Sends a message. Resolves when the message has succeeded, which is when
 * `onPublish` fires: QoS 0 when it was written to the network, QoS 1 when the
 * broker has accepted it, QoS 2 when the broker has completed it. Rejects with
 * the reason when it failed. While there is no connection the message waits in
 * a queue of limited size.
 */
declare function publish(
  topic: string,
  message: import('mqscript').MessageData,
  opts?: import('mqscript').PublishOptions,
): Promise<void>;

/**
 * Ends this script at once. Nothing after it runs, `onWillExit` included. What
 * was published before is still sent.
 */
declare function exit(): never;

declare module 'mqscript' {
  /** What `publish` sends. Turn an object into text with `JSON.stringify` first. */
  export type MessageData = string | Buffer | NodeJS.TypedArray | ArrayBuffer | number[];

  /** Quality of service: 0 at most once, 1 at least once, 2 exactly once. */
  export type QoS = 0 | 1 | 2;

  /**
   * User properties. A name that appears several times has an array of its
   * values.
   */
  export type UserProperties = Record<string, string | string[]>;

  /** The options of `publish`. */
  export interface PublishOptions {
    /** Quality of service. Default 0. */
    qos?: QoS;
    /**
     * Accepted for compatibility. The duplicate flag on the network belongs to
     * the client, which sets it when it sends a message again. Default false.
     */
    dup?: boolean;
    /** Ask the broker to keep the message for later subscribers. Default false. */
    retain?: boolean;
    /**
     * When the promise resolves: at the moment `onPublish` fires, or already
     * when the message is safe on disk, which is for QoS 1 and 2 and needs
     * `mqscript run --session DIR`. Default 'acknowledged'.
     */
    resolveWhen?: 'acknowledged' | 'stored';
    /**
     * MQTT 5 properties. On MQTT 3.1 and 3.1.1 they are left out of the packet,
     * with one warning on the console.
     */
    properties?: PublishProperties;
  }

  /** The MQTT 5 properties of a message that a script publishes. */
  export interface PublishProperties {
    /** True: the payload is UTF-8 text. */
    payloadFormatIndicator?: boolean;
    /** Lifetime of the message in seconds, 0 to 4294967295. Default: no end. */
    messageExpiryInterval?: number;
    /**
     * Number that stands for the topic on this connection, 1 to 65535. Above
     * the broker's maximum it is left out, with one warning on the console,
     * and the full topic is sent.
     */
    topicAlias?: number;
    /** Topic for the answer, without wildcards. */
    responseTopic?: string;
    /** Bytes that the answer carries back, up to 65535. */
    correlationData?: Uint8Array;
    /** Names and values of your own, each up to 65535 bytes. */
    userProperties?: UserProperties;
    /**
     * Accepted, but never sent: MQTT 5 forbids it in a client's message. Left
     * out with one warning on the console. 1 to 268435455.
     */
    subscriptionIdentifier?: number;
    /** What the payload is, such as `application/json`. */
    contentType?: string;
  }

  /**
   * What a script exports. Every handler is optional and may be async.
   * Events of one script come one at a time and in order.
   */
  export interface Handlers {
    /** The broker accepted the connection: at first and at each reconnect. */
    onConnect?(connack: Connack): unknown;
    /**
     * A message arrived. `payload` belongs to this script alone. A QoS 1 or 2
     * message is acknowledged once the handler is done, the promise of an
     * async one included.
     */
    onMessage?(topic: string, payload: Buffer, packet: ReceivedPublish): unknown;
    /** An attempt to connect again starts. */
    onReconnect?(): unknown;
    /** The broker sent DISCONNECT. MQTT 5 only. */
    onDisconnect?(packet: ReceivedDisconnect): unknown;
    /** The connection is closed, also after an attempt that failed. */
    onClose?(): unknown;
    /** The client was ended and will not connect again. */
    onEnd?(): unknown;
    /** Something went wrong on the connection. */
    onError?(error: ClientError): unknown;
    /** A packet was handed to the network. */
    onPacketSend?(packet: SentPacket): unknown;
    /**
     * A message that this client published has succeeded, whoever published
     * it. `message` has the type it was published with.
     */
    onPublish?(topic: string, message: MessageData, opts: PublishOptions): unknown;
    /** A packet arrived, before anything acts on it. */
    onPacketReceive?(packet: ReceivedPacket): unknown;
    /**
     * The script is being stopped. From here on it has 2 seconds; no more
     * messages come.
     */
    onWillExit?(): unknown;
  }

  /** An error of the connection or of a publish. */
  export interface ClientError extends Error {
    /**
     * Text such as `ECONNREFUSED` when the network or the client is the cause;
     * a number, the return code or reason code, when the broker is.
     */
    code?: string | number;
  }

  // ---------------------------------------------------------------- packets

  /** The keys that every received packet has. */
  interface ReceivedBase {
    /** Retain flag; false in packets that have none. */
    retain: boolean;
    /** QoS; the header's bits in packets that have none: 1 in PUBREL, else 0. */
    qos: QoS;
    /** Duplicate flag; false in packets that have none. */
    dup: boolean;
    /** Remaining length in bytes. */
    length: number;
    /** null in packets that have no topic. */
    topic: string | null;
    /** null in packets that have no payload. */
    payload: Buffer | null;
  }

  /** CONNACK: the broker's answer to CONNECT. */
  export interface Connack extends ReceivedBase {
    cmd: 'connack';
    topic: null;
    payload: null;
    /** The broker still has the session of this client. */
    sessionPresent: boolean;
    /** MQTT 3.1 and 3.1.1: 0 accepted, 1 to 5 refused. */
    returnCode?: number;
    /** MQTT 5: 0 accepted, 128 and above refused. */
    reasonCode?: number;
    /** MQTT 5. */
    properties?: ConnackProperties;
  }

  /** What the broker tells of itself and its limits. MQTT 5. */
  export interface ConnackProperties {
    /** How long the broker keeps the session after a close, in seconds. */
    sessionExpiryInterval?: number;
    /** How many QoS 1 and 2 messages may be unacknowledged. */
    receiveMaximum?: number;
    /** The highest QoS that the broker takes. Absent: 2. */
    maximumQoS?: number;
    /** False: the broker takes no retained messages. */
    retainAvailable?: boolean;
    /** The largest packet that the broker takes, in bytes. */
    maximumPacketSize?: number;
    /** The client identifier that the broker chose. */
    assignedClientIdentifier?: string;
    /** The highest topic alias that the broker takes. Absent: 0. */
    topicAliasMaximum?: number;
    reasonString?: string;
    userProperties?: UserProperties;
    wildcardSubscriptionAvailable?: boolean;
    subscriptionIdentifiersAvailable?: boolean;
    sharedSubscriptionAvailable?: boolean;
    /** The keepalive to use, in seconds. */
    serverKeepAlive?: number;
    responseInformation?: string;
    /** Another server to use. */
    serverReference?: string;
    authenticationMethod?: string;
    authenticationData?: Buffer;
  }

  /** PUBLISH as it was received. */
  export interface ReceivedPublish extends ReceivedBase {
    cmd: 'publish';
    /** Empty when the broker sent a topic alias in its place. */
    topic: string;
    payload: Buffer;
    /** With QoS 1 and 2 only. */
    messageId?: number;
    /** MQTT 5, when there are any. */
    properties?: ReceivedPublishProperties;
  }

  /** The MQTT 5 properties of a received message. */
  export interface ReceivedPublishProperties {
    payloadFormatIndicator?: boolean;
    /** What is left of the message's lifetime, in seconds. */
    messageExpiryInterval?: number;
    topicAlias?: number;
    responseTopic?: string;
    correlationData?: Buffer;
    userProperties?: UserProperties;
    /** The subscription that matched; an array when there are several. */
    subscriptionIdentifier?: number | number[];
    contentType?: string;
  }

  /** Properties that say why. MQTT 5. */
  export interface ReasonProperties {
    reasonString?: string;
    userProperties?: UserProperties;
  }

  /** PUBACK, PUBREC, PUBREL or PUBCOMP as it was received. */
  export interface ReceivedAck extends ReceivedBase {
    cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
    topic: null;
    payload: null;
    messageId: number;
    /** MQTT 5, when the packet carried one. Absent means 0, success. */
    reasonCode?: number;
    properties?: ReasonProperties;
  }

  /** SUBACK: one granted QoS, or failure code (128 and above), a filter. */
  export interface Suback extends ReceivedBase {
    cmd: 'suback';
    topic: null;
    payload: null;
    granted: number[];
    messageId: number;
    properties?: ReasonProperties;
  }

  /** UNSUBACK. */
  export interface Unsuback extends ReceivedBase {
    cmd: 'unsuback';
    topic: null;
    payload: null;
    messageId: number;
    /** MQTT 5: one reason code a filter. */
    granted?: number[];
    properties?: ReasonProperties;
  }

  /** PINGRESP. */
  export interface Pingresp extends ReceivedBase {
    cmd: 'pingresp';
    topic: null;
    payload: null;
  }

  /** DISCONNECT from the broker. MQTT 5. */
  export interface ReceivedDisconnect extends ReceivedBase {
    cmd: 'disconnect';
    topic: null;
    payload: null;
    reasonCode: number;
    properties?: ReasonProperties & {
      sessionExpiryInterval?: number;
      /** Another server to use. */
      serverReference?: string;
    };
  }

  /** AUTH from the broker: a step of enhanced authentication. MQTT 5. */
  export interface ReceivedAuth extends ReceivedBase {
    cmd: 'auth';
    topic: null;
    payload: null;
    reasonCode: number;
    properties?: AuthProperties;
  }

  /** The properties of AUTH. MQTT 5. */
  export interface AuthProperties extends ReasonProperties {
    authenticationMethod?: string;
    authenticationData?: Buffer;
  }

  /** Every packet that `onPacketReceive` can get; `cmd` tells which. */
  export type ReceivedPacket =
    | Connack
    | ReceivedPublish
    | ReceivedAck
    | Suback
    | Unsuback
    | Pingresp
    | ReceivedDisconnect
    | ReceivedAuth;

  /** CONNECT. */
  export interface SentConnect {
    cmd: 'connect';
    protocolId: 'MQTT' | 'MQIsdp';
    /** 3 is MQTT 3.1, 4 is MQTT 3.1.1, 5 is MQTT 5. */
    protocolVersion: 3 | 4 | 5;
    /** Clean session, or clean start in MQTT 5. */
    clean: boolean;
    clientId: string;
    /** Seconds; 0 is off. */
    keepalive: number;
    username?: string;
    password?: Buffer;
    properties?: {
      /** Seconds. */
      sessionExpiryInterval?: number;
      receiveMaximum?: number;
      /** Bytes. */
      maximumPacketSize?: number;
      topicAliasMaximum?: number;
      requestResponseInformation?: boolean;
      requestProblemInformation?: boolean;
      userProperties?: UserProperties;
      authenticationMethod?: string;
      authenticationData?: Buffer;
    };
    will?: {
      topic: string;
      payload: Buffer;
      qos: QoS;
      retain: boolean;
      properties?: {
        /** Seconds. */
        willDelayInterval?: number;
        payloadFormatIndicator?: boolean;
        /** Seconds. */
        messageExpiryInterval?: number;
        contentType?: string;
        responseTopic?: string;
        correlationData?: Buffer;
        userProperties?: UserProperties;
      };
    };
  }

  /** PUBLISH as it was sent. */
  export interface SentPublish {
    cmd: 'publish';
    topic: string;
    /** In the type it was published with. */
    payload: MessageData;
    qos: QoS;
    retain: boolean;
    /** 0 with QoS 0. */
    messageId: number;
    dup: boolean;
    /** The key is there in MQTT 5 only. */
    properties?: PublishProperties;
  }

  /** PUBACK, PUBREC, PUBREL or PUBCOMP as it was sent. */
  export interface SentAck {
    cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
    /** PUBREL only. */
    qos?: QoS;
    messageId: number;
    reasonCode?: number;
  }

  /** SUBSCRIBE. */
  export interface SentSubscribe {
    cmd: 'subscribe';
    subscriptions: Array<{
      topic: string;
      qos: QoS;
      /** No local: not what this client publishes itself. MQTT 5. */
      nl?: boolean;
      /** Retain as published. MQTT 5. */
      rap?: boolean;
      /** Retain handling. MQTT 5. */
      rh?: 0 | 1 | 2;
      properties?: SubscribeProperties;
    }>;
    messageId: number;
    properties?: SubscribeProperties;
  }

  /** UNSUBSCRIBE. */
  export interface SentUnsubscribe {
    cmd: 'unsubscribe';
    messageId: number;
    unsubscriptions: string[];
    properties?: { userProperties?: UserProperties };
  }

  /** PINGREQ. */
  export interface Pingreq {
    cmd: 'pingreq';
  }

  /** DISCONNECT from this client. */
  export interface SentDisconnect {
    cmd: 'disconnect';
    /** MQTT 5. */
    reasonCode?: number;
    properties?: ReasonProperties & { sessionExpiryInterval?: number };
  }

  /** AUTH from this client. MQTT 5. */
  export interface SentAuth {
    cmd: 'auth';
    reasonCode: number;
    properties?: AuthProperties;
  }

  /** Every packet that `onPacketSend` can get; `cmd` tells which. */
  export type SentPacket =
    | SentConnect
    | SentPublish
    | SentAck
    | SentSubscribe
    | SentUnsubscribe
    | Pingreq
    | SentDisconnect
    | SentAuth;

  // -------------------------------------------------------------- functions

  /** The global `publish`. */
  export const publish: typeof globalThis.publish;

  /** The global `exit`. */
  export const exit: typeof globalThis.exit;

  /** The MQTT 5 properties of SUBSCRIBE. */
  export interface SubscribeProperties {
    /** Comes back with each message that matched, 1 to 268435455. */
    subscriptionIdentifier?: number;
    userProperties?: UserProperties;
  }

  /** The options of `subscribe`. */
  export interface SubscribeOptions {
    /** The highest QoS to receive with. Default 0. */
    qos?: QoS;
    /** No local: not what this client publishes itself. MQTT 5. Default false. */
    nl?: boolean;
    /** Retain as published: keep the retain flag as it was sent. MQTT 5. Default false. */
    rap?: boolean;
    /**
     * Retained messages: 0 send them, 1 only when the subscription is new,
     * 2 do not. MQTT 5. Default 0.
     */
    rh?: 0 | 1 | 2;
    /** MQTT 5. */
    properties?: SubscribeProperties;
  }

  /** A filter that the broker has granted, and the highest QoS it sends with. */
  export interface Grant {
    topic: string;
    qos: QoS;
  }

  /**
   * Subscribes the client to a topic filter, or to several: an array, or an
   * object of filters and their options. The messages go to every script on
   * the client. Rejects when the broker refuses one. While there is no
   * connection it waits.
   */
  export function subscribe(
    filter: string | string[] | Record<string, Omit<SubscribeOptions, 'properties'>>,
    opts?: SubscribeOptions,
  ): Promise<Grant[]>;

  /** Ends the client's subscription, for all its scripts. */
  export function unsubscribe(filter: string | string[]): Promise<void>;

  /** A message as `nextMessage` and `request` give it. */
  export interface ReceivedMessage {
    topic: string;
    payload: Buffer;
    packet: ReceivedPublish;
  }

  /** How long to wait. */
  export interface WaitOptions {
    /**
     * Milliseconds, 1 to 2147483647. When they have passed, the promise rejects
     * with the code `ETIMEDOUT`. Default: `nextMessage` waits for ever,
     * `request` for 5000.
     */
    timeout?: number;
  }

  /**
   * Waits for the next message whose topic matches the filter. It does not
   * subscribe. `onMessage` gets the message as well.
   */
  export function nextMessage(filter: string, opts?: WaitOptions): Promise<ReceivedMessage>;

  /**
   * Publishes a request and waits for its answer. It sets the MQTT 5 response
   * topic and correlation data itself. Rejects on MQTT 3.1 and 3.1.1, which
   * have neither.
   */
  export function request(
    topic: string,
    message: MessageData,
    opts?: PublishOptions & WaitOptions,
  ): Promise<ReceivedMessage>;

  /**
   * A Map whose keys are topic filters. It finds the values of those that match
   * a topic, in a time that does not grow with their number. `set` throws when
   * its key is no topic filter.
   */
  export class TopicMap<V = any> extends Map<string, V> {
    constructor(entries?: Iterable<readonly [string, V]> | null);
    /** The value of the filter that matches and was added first; undefined when none matches. */
    first(topic: string): V | undefined;
    /** The values of all filters that match, in the order in which they were added. */
    matches(topic: string): V[];
  }

  /** The connection that the script lives on. */
  export const client: {
    /** The client identifier. */
    readonly id: string;
    readonly connected: boolean;
    /** The broker's address, without user name and password. */
    readonly url: string;
    /** 3 is MQTT 3.1, 4 is MQTT 3.1.1, 5 is MQTT 5. */
    readonly protocolVersion: 3 | 4 | 5;
  };

  /**
   * Values that outlive the script: they are there at its next start, also
   * after a crash. What a promise has confirmed is on disk. Every script has a
   * store of its own.
   *
   * It keeps `null`, booleans, numbers, bigints, strings, Dates, Buffers, and
   * arrays and plain objects of them, and gives back what it was given. A key
   * is text of 1024 bytes at most, a value 4 MiB as JSON.
   */
  export const store: {
    /** The value of a key; undefined when there is none. */
    get<T = any>(key: string): Promise<T | undefined>;
    /**
     * Gives a key a value. With `ttl` the value is gone after that many
     * milliseconds.
     */
    set(key: string, value: unknown, options?: { ttl?: number }): Promise<void>;
    /** Removes a key; tells whether it was there. */
    delete(key: string): Promise<boolean>;
    /** The keys that begin with a text, in the order of their bytes; without one, all of them. */
    keys(prefix?: string): Promise<string[]>;
    /**
     * Adds to a number, in one step, and gives the sum. A key that is not
     * there counts as 0. `by` is 1 unless given.
     */
    increment(key: string, by?: number): Promise<number>;
  };

  /** The environment that the script may see, as it was at the start. */
  export const env: { readonly [name: string]: string | undefined };

  /** This script. */
  export const script: {
    /** The file's name without its ending. */
    readonly name: string;
    /** The folder for what the script keeps. Relative paths of `fs` start here. */
    readonly dataDir: string;
    /** The folder for what may be thrown away; emptied when the script ends. */
    readonly tmpDir: string;
  };
}
