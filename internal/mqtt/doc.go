// Package mqtt is an MQTT client for the versions 3.1, 3.1.1 and 5: the
// transports, the session with its flow control, and reconnecting. What happens
// is told to a [Handler], event by event.
//
// # What it promises
//
// Every Publication that Publish takes is reported to Handler.Published exactly
// once. QoS 1 and 2 survive a lost connection: with the session still at the
// server the unfinished handshakes go on where they were, with DUP set
// [MQTT-4.4.0-1]; without it the messages are published again, so that a lost
// session costs a duplicate and never a message. What was not handed to the
// socket, QoS 0 included, waits for the next connection in its old order.
//
// A QoS 1 or 2 message is acknowledged only after [Client.Ack], in the order of
// arrival [MQTT-4.6.0-2] [MQTT-4.6.0-3]. A QoS 2 message is delivered once a
// session, over any number of connections.
//
// # Bounds
//
//   - Publications that wait: Config.QueueLimit messages and Config.QueueBytes;
//     a full queue refuses with [QueueFullError].
//   - Publications without their acknowledgement: Config.MaxInflight, or the
//     server's receive maximum if that is lower, and blindWindow of QoS 2 before
//     MQTT 5; what is beyond waits in the queue.
//   - Encoded packets that wait for the socket: highWater bytes of publications;
//     the reader stops while replies wait in more than replyLimit bytes.
//   - Messages delivered and not acknowledged: Config.ReceiveMaximum. What
//     comes beyond it, although MQTT 5 tells the server [MQTT-3.3.4-9], is held
//     back, up to heldLimit bytes, and delivered when others have been
//     acknowledged; what comes beyond that is left to the server and fetched on
//     a new connection. Reading goes on meanwhile, because the acknowledgements
//     of our own publications and the answers to pings come on the same stream.
//   - SUBSCRIBE and UNSUBSCRIBE without their answer: requestLimit.
//   - Topic aliases: Config.TopicAliasMaximum for those of the server; those of
//     the caller are at most 65,535, as many as there are numbers.
//
// # Concurrency
//
// One mutex guards the whole state of a Client. All exported methods may be
// called from any goroutine, except that nothing may be called from inside a
// Handler method or a callback: they run with the mutex held.
//
// A Client that was started has one goroutine for its life (dialing, waiting
// for CONNACK, keepalive, back-off, end) and, while there is a network
// connection, one that reads and one that writes. The first joins the other
// two; [Client.End] joins the first.
package mqtt
