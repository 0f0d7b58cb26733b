package script_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// expression turns bytes into a JavaScript expression; every input is one.
type expression struct {
	data  []byte
	depth int
}

func (e *expression) next(n int) int {
	if len(e.data) == 0 {
		return 0
	}
	b := int(e.data[0])
	e.data = e.data[1:]
	return b % n
}

var (
	optionNames = []string{
		"qos", "dup", "retain", "resolveWhen", "properties", "payloadFormatIndicator", "messageExpiryInterval", "topicAlias",
		"responseTopic", "correlationData", "userProperties", "subscriptionIdentifier", "contentType", "['__proto__']", "'a b'", "7", "[Symbol.iterator]", "toString",
	}
	leaves = []string{
		"undefined", "null", "true", "false", "0", "1", "2", "-1", "1.5", "NaN", "Infinity", "-0", "65535", "65536", "4294967295", "4294967296", "268435455", "1e308", "5n",
		"''", "'a'", "'a/b'", "'a/#'", "'\\0'", "'\\ud800'", "'é😀'", "'x'.repeat(65536)", "'stored'", "'acknowledged'", "Symbol('s')", "() => 1", "class {}",
		"Buffer.from('ab')", "Buffer.alloc(65536)", "new Uint16Array(2)", "new ArrayBuffer(3)", "new DataView(new ArrayBuffer(1))", "new Date(0)", "/a/", "new Map([['a', 1]])",
		"new Proxy({}, {})", "new Proxy({}, { ownKeys() { throw new Error('thrown') } })", "Object.create({ qos: 1 })", "new String('a')", "new Number(1)", "globalThis", "module",
	}
)

func (e *expression) source() string {
	e.depth++
	defer func() { e.depth-- }()
	if e.depth > 4 {
		return leaves[e.next(len(leaves))]
	}
	switch e.next(6) {
	case 0, 1:
		var b strings.Builder
		b.WriteString("{")
		for range e.next(6) {
			name := optionNames[e.next(len(optionNames))]
			switch e.next(8) {
			case 0:
				fmt.Fprintf(&b, "get %s() { return %s },", name, e.source())
			case 1:
				fmt.Fprintf(&b, "get %s() { throw new Error('thrown') },", name)
			default:
				fmt.Fprintf(&b, "%s: %s,", name, e.source())
			}
		}
		return "(" + b.String() + "})"
	case 2:
		var items []string
		for range e.next(4) {
			items = append(items, e.source())
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		return leaves[e.next(len(leaves))]
	}
}

// FuzzPublish calls publish with anything: it is published as a packet that can
// be sent, or refused with an error that says why.
func FuzzPublish(f *testing.F) {
	f.Add([]byte{}, []byte{}, []byte{0, 5, 0, 2, 2, 6})
	f.Add([]byte{3, 20}, []byte{3, 32}, []byte{0, 3, 4, 2, 0, 2, 10, 2, 3, 20})
	f.Add([]byte{3, 19}, []byte{2, 3, 3, 5, 3, 12}, []byte{0, 1, 9, 2, 3, 33})
	f.Fuzz(func(t *testing.T, topic, message, opts []byte) {
		call := fmt.Sprintf("[%s, %s, %s]",
			(&expression{data: topic}).source(), (&expression{data: message}).source(), (&expression{data: opts}).source())
		// What the engine cannot make is not publish's matter.
		r := scripttest.Start(t, `let args; try { args = `+call+` } catch { exit() }; publish(...args).then(() => console.log('sent'), (e) => console.log(e instanceof Error, e.message)).then(exit)`)
		if state, err := r.Ended(); state != script.StateExited {
			t.Fatalf("%s: %v %v", call, state, err)
		}
		text, sent := r.Console.Text(), r.Host.Published()
		switch {
		case text == "" && len(sent) == 0:
		case strings.HasPrefix(text, "sent") && len(sent) == 1:
			p := sent[0].Packet
			p.ID, p.Dup = 1, false // both are the client's
			if _, ok := p.Properties.Get(packet.PropSubscriptionIdentifier); ok {
				return // the client leaves it out
			}
			if _, err := p.Append(nil, packet.V5); err != nil {
				t.Errorf("%s made a packet that cannot be sent: %v", call, err)
			}
		case len(sent) > 0 || !strings.HasPrefix(text, "true publish: ") && !strings.Contains(text, "true thrown"):
			t.Errorf("%s: %q, %d published", call, text, len(sent))
		}
	})
}
