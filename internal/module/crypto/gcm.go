package crypto

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
)

// gcm is Galois counter mode in pieces (NIST SP 800-38D): Go's own takes the
// whole message at once, and Node's ciphers give out each piece as it comes.
type gcm struct {
	stream   cipher.Stream
	mask     [16]byte // E(K, J0)
	table    [16]element
	sum      element
	aad, len uint64 // bytes so far
	block    []byte // what is not yet a block of the sum
	expected []byte // the tag that a decipher wants
}

// element is an element of GF(2^128), the first bit being the highest of hi.
type element struct{ hi, lo uint64 }

func load(b []byte) element {
	return element{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

func (e element) plus(o element) element { return element{e.hi ^ o.hi, e.lo ^ o.lo} }

// half multiplies by x.
func (e element) half() element {
	out := element{e.hi >> 1, e.lo>>1 | e.hi<<63}
	if e.lo&1 == 1 {
		out.hi ^= 0xe1 << 56
	}
	return out
}

func newGCM(block cipher.Block, iv []byte) *gcm {
	g := &gcm{}
	var zero [16]byte
	block.Encrypt(zero[:], zero[:])
	g.fillTable(load(zero[:]))
	var start [16]byte
	if len(iv) == 12 {
		copy(start[:], iv)
		start[15] = 1
	} else {
		g.absorb(iv)
		g.pad()
		g.add(element{0, uint64(len(iv)) * 8})
		start = g.sum.bytes()
		g.sum = element{}
	}
	block.Encrypt(g.mask[:], start[:])
	binary.BigEndian.PutUint32(start[12:], binary.BigEndian.Uint32(start[12:])+1)
	if len(iv) == 12 { // its 32 bits do not overflow within what a script can hold
		g.stream = cipher.NewCTR(block, start[:])
	} else {
		g.stream = &counter{block: block, value: start}
	}
	return g
}

// counter is counter mode whose last 32 bits count.
type counter struct {
	block cipher.Block
	value [16]byte
	key   [16]byte
	used  int // bytes of key; 0 means that a new one is needed
}

// XORKeyStream encrypts or decrypts.
func (c *counter) XORKeyStream(dst, src []byte) {
	for i, b := range src {
		if c.used == 0 {
			c.block.Encrypt(c.key[:], c.value[:])
			binary.BigEndian.PutUint32(c.value[12:], binary.BigEndian.Uint32(c.value[12:])+1)
		}
		dst[i] = b ^ c.key[c.used]
		c.used = (c.used + 1) % 16
	}
}

// fillTable computes h times every polynomial of degree below 4.
func (g *gcm) fillTable(h element) {
	g.table[8] = h
	for i := 4; i > 0; i /= 2 {
		g.table[i] = g.table[2*i].half()
	}
	for i := 2; i < 16; i *= 2 {
		for j := 1; j < i; j++ {
			g.table[i+j] = g.table[i].plus(g.table[j])
		}
	}
}

// add takes one block into the sum.
func (g *gcm) add(e element) {
	x, z := g.sum.plus(e), element{}
	for _, word := range []uint64{x.lo, x.hi} {
		for range 16 {
			carry := z.lo & 15
			z = element{z.hi >> 4, z.lo>>4 | z.hi<<60}
			z.hi ^= reduction[carry]
			z = z.plus(g.table[word&15])
			word >>= 4
		}
	}
	g.sum = z
}

// reduction is what four bits that fall out at the end put back at the start.
var reduction = func() (table [16]uint64) {
	for i := range uint64(16) {
		e := element{0, i}
		for range 4 {
			e = e.half()
		}
		table[i] = e.hi
	}
	return table
}()

func (e element) bytes() (b [16]byte) {
	binary.BigEndian.PutUint64(b[:], e.hi)
	binary.BigEndian.PutUint64(b[8:], e.lo)
	return b
}

func (g *gcm) absorb(data []byte) {
	g.block = append(g.block, data...)
	for len(g.block) >= 16 {
		g.add(load(g.block))
		g.block = g.block[16:]
	}
	g.block = append([]byte(nil), g.block...)
}

func (g *gcm) pad() {
	if n := len(g.block); n > 0 {
		g.absorb(make([]byte, 16-n))
	}
}

// authenticate takes data that is not encrypted; before any update.
func (g *gcm) authenticate(data []byte) {
	g.aad += uint64(len(data))
	g.absorb(data)
}

func (g *gcm) update(data []byte, decrypt bool) []byte {
	if g.len == 0 {
		g.pad()
	}
	g.len += uint64(len(data))
	out := make([]byte, len(data))
	g.stream.XORKeyStream(out, data)
	if decrypt {
		g.absorb(data)
	} else {
		g.absorb(out)
	}
	return out
}

func (g *gcm) final(decrypt bool) error {
	g.pad()
	g.add(element{g.aad * 8, g.len * 8})
	tag := g.tag()
	if decrypt && (len(g.expected) == 0 || subtle.ConstantTimeCompare(tag[:len(g.expected)], g.expected) != 1) {
		return errNotAuthentic
	}
	return nil
}

// tag returns the sixteen bytes; after final.
func (g *gcm) tag() []byte {
	tag := g.sum.bytes()
	subtle.XORBytes(tag[:], tag[:], g.mask[:])
	return tag[:]
}
