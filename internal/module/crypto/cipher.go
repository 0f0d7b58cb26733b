package crypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"slices"
	"strconv"
	"strings"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// kind is what a cipher's name says.
type kind struct {
	mode    string // cbc, ctr, ecb, gcm
	keySize int    // bytes
}

var modes = []string{"cbc", "ctr", "ecb", "gcm"}

// kindOf reads a name such as aes-256-cbc; mode "" means that it is unknown.
func kindOf(name string) kind {
	name = strings.ToLower(name)
	if bits, ok := strings.CutPrefix(name, "aes"); ok && len(bits) == 3 {
		name = "aes-" + bits + "-cbc"
	}
	parts := strings.Split(strings.TrimPrefix(name, "id-"), "-")
	if len(parts) == 2 && strings.HasPrefix(name, "id-aes") { // id-aes128-GCM
		parts = []string{"aes", strings.TrimPrefix(parts[0], "aes"), parts[1]}
	}
	if len(parts) != 3 || parts[0] != "aes" || !slices.Contains(modes, parts[2]) {
		return kind{}
	}
	bits, _ := strconv.Atoi(parts[1])
	if bits != 128 && bits != 192 && bits != 256 {
		return kind{}
	}
	return kind{parts[2], bits / 8}
}

// ivSize returns what the mode wants, in bytes; GCM takes any but 0.
func (k kind) ivSize() int {
	switch k.mode {
	case "ecb":
		return 0
	case "gcm":
		return 12
	}
	return aes.BlockSize
}

// crypt is a cipher or a decipher at work.
type crypt struct {
	kind
	decrypt bool
	padding bool
	blocks  cipher.BlockMode // cbc and ecb
	stream  cipher.Stream    // ctr
	gcm     *gcm
	rest    []byte // what is not yet a block
}

func newCrypt(k kind, key, iv []byte, decrypt bool) (*crypt, error) {
	if len(key) != k.keySize {
		return nil, &native.Failure{Class: nodeerr.RangeError, Code: "ERR_CRYPTO_INVALID_KEYLEN", Message: "Invalid key length"}
	}
	if len(iv) != k.ivSize() && (k.mode != "gcm" || len(iv) == 0) {
		return nil, &native.Failure{Class: nodeerr.TypeError, Code: "ERR_CRYPTO_INVALID_IV", Message: "Invalid initialization vector"}
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	iv = bytes.Clone(iv)
	c := &crypt{kind: k, decrypt: decrypt, padding: true}
	switch {
	case k.mode == "ctr":
		c.stream = cipher.NewCTR(block, iv)
	case k.mode == "gcm":
		c.gcm = newGCM(block, iv)
	case k.mode == "ecb":
		c.blocks = &ecb{block, decrypt}
	case decrypt:
		c.blocks = cipher.NewCBCDecrypter(block, iv)
	default:
		c.blocks = cipher.NewCBCEncrypter(block, iv)
	}
	return c, nil
}

// ecb does each block on its own.
type ecb struct {
	block   cipher.Block
	decrypt bool
}

// BlockSize returns the size of a block in bytes.
func (e *ecb) BlockSize() int { return e.block.BlockSize() }

// CryptBlocks does whole blocks.
func (e *ecb) CryptBlocks(dst, src []byte) {
	for i := 0; i < len(src); i += e.BlockSize() {
		if e.decrypt {
			e.block.Decrypt(dst[i:], src[i:])
		} else {
			e.block.Encrypt(dst[i:], src[i:])
		}
	}
}

func (c *crypt) update(data []byte) []byte {
	switch {
	case c.stream != nil:
		out := make([]byte, len(data))
		c.stream.XORKeyStream(out, data)
		return out
	case c.gcm != nil:
		return c.gcm.update(data, c.decrypt)
	}
	c.rest = append(c.rest, data...)
	n := len(c.rest) / aes.BlockSize * aes.BlockSize
	if c.decrypt && c.padding && n > 0 && n == len(c.rest) {
		n -= aes.BlockSize // the last block has the padding
	}
	out := make([]byte, n)
	c.blocks.CryptBlocks(out, c.rest[:n])
	c.rest = c.rest[n:]
	return out
}

func openssl(code, number, reason string) error {
	return &native.Failure{Class: nodeerr.Error, Code: code, Message: "error:" + number + ":Provider routines::" + reason}
}

var (
	errBlockLength  = openssl("ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH", "1C80006B", "wrong final block length")
	errPadding      = openssl("ERR_OSSL_BAD_DECRYPT", "1C800064", "bad decrypt")
	errNotAuthentic = &native.Failure{Class: nodeerr.Error, Message: "Unsupported state or unable to authenticate data"}
)

func (c *crypt) final() ([]byte, error) {
	switch {
	case c.stream != nil:
		return nil, nil
	case c.gcm != nil:
		return nil, c.gcm.final(c.decrypt)
	case !c.decrypt && c.padding:
		n := aes.BlockSize - len(c.rest)
		c.rest = append(c.rest, bytes.Repeat([]byte{byte(n)}, n)...)
	case !c.padding && len(c.rest) == 0:
		return nil, nil
	}
	if len(c.rest) != aes.BlockSize {
		return nil, errBlockLength
	}
	out := make([]byte, aes.BlockSize)
	c.blocks.CryptBlocks(out, c.rest)
	if !c.decrypt || !c.padding {
		return out, nil
	}
	n := int(out[len(out)-1])
	if n == 0 || n > len(out) || !bytes.Equal(out[len(out)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, errPadding
	}
	return out[:len(out)-n], nil
}

func defineCiphers(f *native.Functions) {
	f.Sync("cipherNames", func(native.Args) (any, error) {
		var names []string
		for _, bits := range []string{"128", "192", "256"} {
			for _, mode := range modes {
				names = append(names, "aes-"+bits+"-"+mode)
			}
			names = append(names, "aes"+bits, "id-aes"+bits+"-GCM")
		}
		slices.Sort(names)
		return names, nil
	})
	f.Sync("cipherInfo", func(a native.Args) (any, error) {
		k := kindOf(a.String(0))
		if k.mode == "" {
			return nil, nil
		}
		return map[string]any{"mode": k.mode, "keyLength": k.keySize, "ivLength": k.ivSize()}, nil
	})
	f.Sync("crypt", func(a native.Args) (any, error) {
		return newCrypt(kindOf(a.String(0)), a.Bytes(1), a.Bytes(2), a.Bool(3))
	})
	with := func(name string, do func(c *crypt, a native.Args) (any, error)) {
		f.Sync(name, func(a native.Args) (any, error) {
			c, _ := a.Handle(0).(*crypt)
			return do(c, a)
		})
	}
	with("cryptUpdate", func(c *crypt, a native.Args) (any, error) { return c.update(a.Bytes(1)), nil })
	with("cryptFinal", func(c *crypt, _ native.Args) (any, error) {
		out, err := c.final()
		if out == nil {
			out = []byte{}
		}
		return out, err
	})
	with("cryptPadding", func(c *crypt, a native.Args) (any, error) { c.padding = a.Bool(1); return nil, nil })
	with("cryptAAD", func(c *crypt, a native.Args) (any, error) { c.gcm.authenticate(a.Bytes(1)); return nil, nil })
	with("cryptSetTag", func(c *crypt, a native.Args) (any, error) { c.gcm.expected = a.Copy(1); return nil, nil })
	with("cryptTag", func(c *crypt, a native.Args) (any, error) { return c.gcm.tag()[:a.Int(1)], nil })
}
