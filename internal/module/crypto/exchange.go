package crypto

import (
	"context"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// Key exchange on elliptic curves, and with prime numbers.

func operationFailed(what string) error {
	return &native.Failure{Class: nodeerr.Error, Code: "ERR_CRYPTO_OPERATION_FAILED", Message: "Failed to " + what}
}

var (
	errCurve       = &native.Failure{Class: nodeerr.TypeError, Code: "ERR_CRYPTO_INVALID_CURVE", Message: "Invalid EC curve name"}
	errPrivate     = &native.Failure{Class: nodeerr.RangeError, Code: "ERR_CRYPTO_INVALID_KEYTYPE", Message: "Private key is not valid for specified curve."}
	errPublic      = &native.Failure{Class: nodeerr.Error, Code: "ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY", Message: "Public key is not valid for specified curve"}
	errMismatching = openssl("ERR_OSSL_MISMATCHING_DOMAIN_PARAMETERS", "1C8000CB", "mismatching domain parameters")
)

// point reads a point in any of its forms and writes it whole.
func point(curve elliptic.Curve, data []byte) ([]byte, error) {
	size := (curve.Params().BitSize + 7) / 8
	if len(data) == size+1 {
		x, y := elliptic.UnmarshalCompressed(curve, data)
		if x == nil {
			return nil, errPublic
		}
		out := make([]byte, 1+2*size)
		out[0] = 4
		x.FillBytes(out[1 : 1+size])
		y.FillBytes(out[1+size:])
		data = out
	}
	if len(data) == 1+2*size && (data[0] == 6 || data[0] == 7) && data[0]&1 == data[2*size]&1 {
		data = append([]byte{4}, data[1:]...)
	}
	if _, err := ecdsa.ParseUncompressedPublicKey(curve, data); err != nil {
		return nil, errPublic
	}
	return data, nil
}

// pointAs writes a whole point in a form: compressed, hybrid or uncompressed.
func pointAs(data []byte, form string) []byte {
	odd := data[len(data)-1] & 1
	switch form {
	case "compressed":
		return append([]byte{2 + odd}, data[1:1+len(data)/2]...)
	case "hybrid":
		return append([]byte{6 + odd}, data[1:]...)
	}
	return data
}

// curveKey makes the key of a number, as long as the curve's are.
func curveKey(curve elliptic.Curve, number []byte) (*ecdsa.PrivateKey, error) {
	n := new(big.Int).SetBytes(number)
	size := (curve.Params().N.BitLen() + 7) / 8
	if n.BitLen() > 8*size {
		return nil, errPrivate
	}
	key, err := ecdsa.ParseRawPrivateKey(curve, n.FillBytes(make([]byte, size)))
	if err != nil {
		return nil, errPrivate
	}
	return key, nil
}

// agree computes what two keys have in common.
func agree(private, public any) ([]byte, error) {
	var own *ecdh.PrivateKey
	var other *ecdh.PublicKey
	var err error
	switch k := private.(type) {
	case *ecdh.PrivateKey:
		own = k
	case *ecdsa.PrivateKey:
		if own, err = k.ECDH(); err != nil {
			return nil, err
		}
	}
	switch k := public.(type) {
	case *ecdh.PublicKey:
		other = k
	case *ecdsa.PublicKey:
		if other, err = k.ECDH(); err != nil {
			return nil, err
		}
	}
	if own == nil || other == nil || own.Curve() != other.Curve() {
		return nil, errMismatching
	}
	out, err := own.ECDH(other)
	if err != nil {
		return nil, operationFailed("derive bits")
	}
	return out, nil
}

// withCurve defines a function whose first argument is the name of a curve.
func withCurve(f *native.Functions, name string, do func(curve elliptic.Curve, a native.Args) (any, error)) {
	f.Sync(name, func(a native.Args) (any, error) {
		curve := curveNames[a.String(0)]
		if curve == nil {
			return nil, errCurve
		}
		return do(curve, a)
	})
}

func defineExchange(f *native.Functions) {
	withCurve(f, "curveCheck", func(elliptic.Curve, native.Args) (any, error) { return nil, nil })
	withCurve(f, "curveGenerate", func(curve elliptic.Curve, _ native.Args) (any, error) {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			return nil, err
		}
		return key.Bytes()
	})
	withCurve(f, "curvePublic", func(curve elliptic.Curve, a native.Args) (any, error) {
		key, err := curveKey(curve, a.Bytes(1))
		if err != nil {
			return nil, err
		}
		return key.PublicKey.Bytes()
	})
	withCurve(f, "curvePoint", func(curve elliptic.Curve, a native.Args) (any, error) {
		whole, err := point(curve, a.Bytes(1))
		if err != nil {
			return nil, err
		}
		return pointAs(whole, a.String(2)), nil
	})
	withCurve(f, "curveSecret", func(curve elliptic.Curve, a native.Args) (any, error) {
		key, err := curveKey(curve, a.Bytes(1))
		if err != nil {
			return nil, err
		}
		whole, err := point(curve, a.Bytes(2))
		if err != nil {
			return nil, err
		}
		public, err := ecdsa.ParseUncompressedPublicKey(curve, whole)
		if err != nil {
			return nil, errPublic
		}
		return agree(key, public)
	})
	f.Sync("agree", func(a native.Args) (any, error) {
		own, err := pairAt(a, 0)
		if err != nil {
			return nil, err
		}
		other, err := pairAt(a, 1)
		if err != nil {
			return nil, err
		}
		return agree(own.private, other.public)
	})
	definePrimes(f)
}

// search looks for a prime number, one candidate at each step, so that a
// script which waits for it can be interrupted.
type search struct {
	bits     int
	safe     bool
	add, rem *big.Int // nil for none: the prime leaves rem when divided by add
	prime    *big.Int // nil until it is found
}

var one = big.NewInt(1)

// step tries a candidate and tells whether it was one.
func (s *search) step() (bool, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(one, uint(s.bits)))
	if err != nil {
		return false, err
	}
	n.SetBit(n, s.bits-1, 1)
	if s.add == nil { // two bits: the product of two primes has all its bits
		n.SetBit(n, s.bits-2, 1)
	}
	switch {
	case s.add != nil:
		n.Sub(n, new(big.Int).Mod(n, s.add)).Add(n, s.rem)
	case s.bits > 2:
		n.SetBit(n, 0, 1)
	}
	if n.BitLen() != s.bits || !n.ProbablyPrime(0) || !n.ProbablyPrime(20) {
		return false, nil
	}
	if half := new(big.Int).Rsh(n, 1); s.safe && !half.ProbablyPrime(20) {
		return false, nil
	}
	s.prime = n
	return true, nil
}

// primeBits bounds what a script can have computed in one step.
const primeBits = 16_384

func newSearch(a native.Args) (*search, error) {
	s := &search{bits: a.Int(0), safe: a.Bool(1)}
	if a.Given(2) {
		s.add, s.rem = new(big.Int).SetBytes(a.Bytes(2)), big.NewInt(1)
		if s.safe {
			s.rem.SetInt64(3)
		}
		if a.Given(3) {
			s.rem.SetBytes(a.Bytes(3))
		}
	}
	if s.bits < 2 || s.bits > primeBits || s.add != nil && (s.add.BitLen() > s.bits || s.add.Sign() == 0 || s.add.Cmp(s.rem) <= 0) {
		return nil, &native.Failure{Class: nodeerr.Error, Message: "error:01800076:bignum routines::bits too small"}
	}
	return s, nil
}

func isPrime(a native.Args) native.Work {
	n, rounds := new(big.Int).SetBytes(a.Bytes(0)), max(20, min(a.Int(1), 1000))
	return func(context.Context) (any, error) { return n.ProbablyPrime(rounds), nil }
}

func definePrimes(f *native.Functions) {
	f.Sync("primeSearch", func(a native.Args) (any, error) { return newSearch(a) })
	f.Sync("primeStep", func(a native.Args) (any, error) {
		s, _ := a.Handle(0).(*search)
		return s.step()
	})
	f.Sync("primeFound", func(a native.Args) (any, error) {
		s, _ := a.Handle(0).(*search)
		return s.prime.Bytes(), nil
	})
	f.Async("primeLater", func(a native.Args) native.Work {
		s, _ := a.Handle(0).(*search)
		return func(ctx context.Context) (any, error) {
			for {
				if found, err := s.step(); found || err != nil || ctx.Err() != nil {
					return s, err
				}
			}
		}
	})
	f.Sync("isPrime", func(a native.Args) (any, error) { return isPrime(a)(context.Background()) })
	f.Async("isPrimeLater", isPrime)
	f.Sync("power", func(a native.Args) (any, error) {
		base, exponent, modulus := new(big.Int).SetBytes(a.Bytes(0)), new(big.Int).SetBytes(a.Bytes(1)), new(big.Int).SetBytes(a.Bytes(2))
		out := base.Exp(base, exponent, modulus)
		if a.Bool(3) {
			return out.FillBytes(make([]byte, len(modulus.Bytes()))), nil
		}
		return out.Bytes(), nil
	})
	f.Sync("exponent", func(a native.Args) (any, error) { // from 1 to below the prime
		prime := new(big.Int).SetBytes(a.Bytes(0))
		n, err := rand.Int(rand.Reader, new(big.Int).Sub(prime, one))
		if err != nil {
			return nil, err
		}
		return n.Add(n, one).Bytes(), nil
	})
	f.Sync("groupPrime", func(a native.Args) (any, error) {
		if g, ok := groups[a.String(0)]; ok {
			return g.prime().Bytes(), nil
		}
		return nil, &native.Failure{Class: nodeerr.Error, Code: "ERR_CRYPTO_UNKNOWN_DH_GROUP", Message: "Unknown DH group"}
	})
}
