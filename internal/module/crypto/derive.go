package crypto

import (
	"context"
	"crypto"
	"crypto/hkdf"
	"crypto/hmac"
	"encoding/binary"
	"hash"
	"math/bits"

	"golang.org/x/crypto/scrypt"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// pbkdf2 is a derivation that can be done in steps, so that a script which
// does it on its own goroutine can be interrupted.
type pbkdf2 struct {
	mac        hash.Hash
	salt       []byte
	iterations int
	key        []byte // as far as it is complete
	length     int

	block, last []byte // the one being computed
	left        int    // iterations to do on it
}

func newPBKDF2(h crypto.Hash, password, salt []byte, iterations, length int) *pbkdf2 {
	return &pbkdf2{mac: hmac.New(h.New, password), salt: salt, iterations: iterations, length: length}
}

// step does at most n iterations and tells whether the key is complete.
func (p *pbkdf2) step(n int) bool {
	for len(p.key) < p.length {
		if p.block == nil {
			p.begin()
		}
		for ; p.left > 0; p.left-- {
			if n--; n < 0 {
				return false
			}
			p.mac.Reset()
			p.mac.Write(p.last)
			p.last = p.mac.Sum(p.last[:0])
			for i, b := range p.last {
				p.block[i] ^= b
			}
		}
		p.key = append(p.key, p.block...)
		p.block = nil
	}
	return true
}

func (p *pbkdf2) begin() {
	p.mac.Reset()
	p.mac.Write(p.salt)
	p.mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(p.key)/p.mac.Size()+1)))
	p.last = p.mac.Sum(nil)
	p.block = append([]byte(nil), p.last...)
	p.left = p.iterations - 1
}

func (p *pbkdf2) result() []byte { return p.key[:p.length] }

// stepSize takes about a millisecond.
const stepSize = 2000

func defineDerivation(f *native.Functions) {
	newDerivation := func(a native.Args) *pbkdf2 {
		return newPBKDF2(digest(a.String(4)), a.Copy(0), a.Copy(1), a.Int(2), a.Int(3))
	}
	f.Sync("pbkdf2Begin", func(a native.Args) (any, error) { return newDerivation(a), nil })
	f.Sync("pbkdf2Step", func(a native.Args) (any, error) {
		p, _ := a.Handle(0).(*pbkdf2)
		return p.step(stepSize), nil
	})
	f.Sync("pbkdf2Key", func(a native.Args) (any, error) {
		p, _ := a.Handle(0).(*pbkdf2)
		return p.result(), nil
	})
	f.Async("pbkdf2", func(a native.Args) native.Work {
		p := newDerivation(a)
		return func(ctx context.Context) (any, error) {
			for !p.step(stepSize) {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
			}
			return p.result(), nil
		}
	})
	f.Sync("scryptCheck", func(a native.Args) (any, error) { return nil, checkScrypt(a.Int(0), a.Int(1), a.Int(2), a.Int(3)) })
	doScrypt := func(a native.Args) native.Work {
		password, salt, n, r, p, length := a.Copy(0), a.Copy(1), a.Int(2), a.Int(3), a.Int(4), a.Int(5)
		return func(context.Context) (any, error) { return scrypt.Key(password, salt, n, r, p, length) }
	}
	f.Sync("scryptSync", func(a native.Args) (any, error) { return doScrypt(a)(context.Background()) })
	f.Async("scrypt", doScrypt)
	f.Sync("hkdf", func(a native.Args) (any, error) {
		h := digest(a.String(0))
		if h == 0 {
			return nil, invalidDigest(a.String(0))
		}
		key, err := hkdf.Key(h.New, a.Bytes(1), a.Bytes(2), string(a.Bytes(3)), a.Int(4))
		if err != nil {
			return nil, &native.Failure{Class: nodeerr.RangeError, Code: "ERR_CRYPTO_INVALID_KEYLEN", Message: "Invalid key length"}
		}
		return key, nil
	})
}

// scryptMost bounds a derivation whatever the script allows it: the bytes that
// it fills, one after the other, and with them its memory and its time.
const scryptMost = 512 << 20

func checkScrypt(n, r, p, maxmem int) error {
	invalid := func(why string) error {
		return &native.Failure{
			Class: nodeerr.RangeError, Code: "ERR_CRYPTO_INVALID_SCRYPT_PARAMS",
			Message: "Invalid scrypt params" + why,
		}
	}
	if n < 2 || bits.OnesCount(uint(n)) != 1 || r < 1 || p < 1 {
		return invalid("")
	}
	blocks, need := float64(p)*float64(r), float64(n+2)*float64(r)*128
	if need+blocks*128 > float64(maxmem) || need*float64(p) > scryptMost || blocks >= 1<<30 {
		return invalid(": error:030000AC:digital envelope routines::memory limit exceeded")
	}
	return nil
}
