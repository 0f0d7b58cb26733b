package buffer

import (
	"bytes"

	"github.com/dop251/goja"
)

// fill repeats a value over dst: a string in an encoding, bytes, or a number.
func (c *Class) fill(dst []byte, v, encoding goja.Value) {
	var pattern []byte
	switch s, isString := v.(goja.String); {
	case isString:
		pattern = c.encoding(encoding).Decode(s)
		if len(pattern) == 0 {
			pattern = []byte{0}
		}
	default:
		if data, ok := c.Memory(v); ok {
			pattern = data
			break
		}
		pattern = []byte{byte(toUint32(v))}
	}
	if len(pattern) == 0 || len(dst) == 0 {
		return
	}
	for n := copy(dst, pattern); n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

func compare(a, b []byte) int { return bytes.Compare(a, b) }
