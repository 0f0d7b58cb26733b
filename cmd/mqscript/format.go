package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
)

// format prints a message: its pieces after each other.
type format []func(out *bufio.Writer, m *mqtt.Message)

// newFormat makes the form that the settings ask for.
func newFormat(s *config.Sub) (format, error) {
	text := s.Format
	switch {
	case text != "":
	case s.Verbose:
		text = "%t %p"
	default:
		text = "%p"
	}
	f, err := parseFormat(text)
	if err != nil || s.NoNewline {
		return f, err
	}
	return append(f, literal("\n")), nil
}

var formatPieces = map[byte]func(out *bufio.Writer, m *mqtt.Message){
	't': func(out *bufio.Writer, m *mqtt.Message) { _, _ = out.WriteString(m.Topic) },
	'p': func(out *bufio.Writer, m *mqtt.Message) { _, _ = out.Write(m.Packet.Payload) },
	'x': func(out *bufio.Writer, m *mqtt.Message) { _, _ = out.WriteString(hex.EncodeToString(m.Packet.Payload)) },
	'q': func(out *bufio.Writer, m *mqtt.Message) { _ = out.WriteByte('0' + m.Packet.QoS) },
	'r': func(out *bufio.Writer, m *mqtt.Message) { _ = out.WriteByte(digit(m.Packet.Retain)) },
	'l': func(out *bufio.Writer, m *mqtt.Message) { _, _ = out.WriteString(strconv.Itoa(len(m.Packet.Payload))) },
	'I': func(out *bufio.Writer, _ *mqtt.Message) { _, _ = out.WriteString(time.Now().Format(time.RFC3339)) },
	'j': writeJSON,
	'%': func(out *bufio.Writer, _ *mqtt.Message) { _ = out.WriteByte('%') },
}

var formatEscapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '0': 0, '\\': '\\'}

func digit(b bool) byte {
	if b {
		return '1'
	}
	return '0'
}

func parseFormat(text string) (format, error) {
	var f format
	for text != "" {
		at := strings.IndexAny(text, `%\`)
		if at < 0 {
			return append(f, literal(text)), nil
		}
		if at > 0 {
			f = append(f, literal(text[:at]))
		}
		if at+1 == len(text) {
			return nil, fmt.Errorf("--format ends with %q, which needs a letter after it", text[at:])
		}
		kind, letter := text[at], text[at+1]
		piece, ok := formatPieces[letter]
		if kind == '\\' {
			var char byte
			char, ok = formatEscapes[letter]
			piece = literal(string(char))
		}
		if !ok {
			return nil, fmt.Errorf("--format does not know %q", text[at:at+2])
		}
		f = append(f, piece)
		text = text[at+2:]
	}
	return f, nil
}

func literal(text string) func(*bufio.Writer, *mqtt.Message) {
	return func(out *bufio.Writer, _ *mqtt.Message) { _, _ = out.WriteString(text) }
}

// write prints one message; an error shows when out is flushed.
func (f format) write(out *bufio.Writer, m *mqtt.Message) {
	for _, piece := range f {
		piece(out, m)
	}
}

// jsonMessage is %j. A payload that is not UTF-8 is in PayloadBase64.
type jsonMessage struct {
	Time          string         `json:"tst"`
	Topic         string         `json:"topic"`
	QoS           byte           `json:"qos"`
	Retain        byte           `json:"retain"`
	Length        int            `json:"payloadlen"`
	ID            uint16         `json:"mid,omitempty"`
	Properties    map[string]any `json:"properties,omitempty"`
	Payload       *string        `json:"payload,omitempty"`
	PayloadBase64 []byte         `json:"payload_base64,omitempty"`
}

func writeJSON(out *bufio.Writer, m *mqtt.Message) {
	j := jsonMessage{
		Time: time.Now().Format(time.RFC3339Nano), Topic: m.Topic, QoS: m.Packet.QoS,
		Retain: digit(m.Packet.Retain) - '0', Length: len(m.Packet.Payload), ID: m.Packet.ID,
		Properties: jsonProperties(m.Packet.Properties),
	}
	if utf8.Valid(m.Packet.Payload) {
		text := string(m.Packet.Payload)
		j.Payload = &text
	} else {
		j.PayloadBase64 = m.Packet.Payload
	}
	encoded, err := json.Marshal(j)
	if err != nil { // nothing in it can fail to encode
		return
	}
	_, _ = out.Write(encoded)
}

// propertyNames are the properties that an incoming PUBLISH can have, by the
// names that --property takes.
var propertyNames = map[packet.PropertyID]string{
	packet.PropPayloadFormatIndicator: "payload-format-indicator",
	packet.PropMessageExpiryInterval:  "message-expiry-interval",
	packet.PropContentType:            "content-type",
	packet.PropResponseTopic:          "response-topic",
	packet.PropCorrelationData:        "correlation-data",
	packet.PropTopicAlias:             "topic-alias",
}

// jsonProperties turns properties into a JSON object. User properties and
// subscription identifiers, which may repeat, are arrays.
func jsonProperties(props packet.Properties) map[string]any {
	if len(props) == 0 {
		return nil
	}
	object := make(map[string]any)
	var users []map[string]string
	var identifiers []uint32
	for p := range props.All() {
		name := propertyNames[p.ID]
		switch p.ID {
		case packet.PropUserProperty:
			users = append(users, map[string]string{string(p.Key): string(p.Bytes)})
		case packet.PropSubscriptionIdentifier:
			identifiers = append(identifiers, p.Int)
		case packet.PropContentType, packet.PropResponseTopic, packet.PropCorrelationData:
			object[name] = string(p.Bytes)
		default:
			object[name] = p.Int
		}
	}
	if users != nil {
		object["user-properties"] = users
	}
	if identifiers != nil {
		object["subscription-identifiers"] = identifiers
	}
	return object
}
