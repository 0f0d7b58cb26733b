package crypto

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"math/big"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// JSON Web Keys (RFC 7517, RFC 8037).

func part(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// jwk returns the parts of a key by their names.
func (p *pair) jwk() (map[string]string, error) {
	switch k := p.public.(type) {
	case *rsa.PublicKey:
		out := map[string]string{"kty": "RSA", "n": part(k.N.Bytes()), "e": part(big.NewInt(int64(k.E)).Bytes())}
		if key, ok := p.private.(*rsa.PrivateKey); ok && len(key.Primes) == 2 {
			key.Precompute()
			for name, n := range map[string]*big.Int{
				"d": key.D, "p": key.Primes[0], "q": key.Primes[1], "dp": key.Precomputed.Dp, "dq": key.Precomputed.Dq, "qi": key.Precomputed.Qinv,
			} {
				out[name] = part(n.Bytes())
			}
		}
		return out, nil
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			return nil, err
		}
		half := len(point) / 2
		out := map[string]string{"kty": "EC", "crv": k.Params().Name, "x": part(point[1 : 1+half]), "y": part(point[1+half:])}
		if key, ok := p.private.(*ecdsa.PrivateKey); ok {
			d, err := key.Bytes()
			if err != nil {
				return nil, err
			}
			out["d"] = part(d)
		}
		return out, nil
	case *ecdh.PublicKey:
		out := map[string]string{"kty": "OKP", "crv": "X25519", "x": part(k.Bytes())}
		if key, ok := p.private.(*ecdh.PrivateKey); ok {
			out["d"] = part(key.Bytes())
		}
		return out, nil
	case ed25519.PublicKey:
		out := map[string]string{"kty": "OKP", "crv": "Ed25519", "x": part(k)}
		if key, ok := p.private.(ed25519.PrivateKey); ok {
			out["d"] = part(key.Seed())
		}
		return out, nil
	}
	return nil, errKeyFormat
}

func invalidJWK(what string) error {
	return &native.Failure{Class: nodeerr.TypeError, Code: "ERR_CRYPTO_INVALID_JWK", Message: "Invalid JWK " + what}
}

// fromJWK makes a key of the parts that parts returns by their names, nil for
// one that is not there. Without d it is a public one.
func fromJWK(kty, crv string, parts func(name string) []byte) (*pair, error) {
	switch kty {
	case "RSA":
		return rsaFromJWK(parts)
	case "EC":
		return ecFromJWK(crv, parts)
	}
	x, d := parts("x"), parts("d")
	switch {
	case crv == "X25519" && d != nil:
		key, err := ecdh.X25519().NewPrivateKey(d)
		if err != nil {
			return nil, invalidJWK("data")
		}
		return privatePair(key)
	case crv == "X25519":
		key, err := ecdh.X25519().NewPublicKey(x)
		if err != nil {
			return nil, invalidJWK("data")
		}
		return publicPair(key)
	case d != nil && len(d) == ed25519.SeedSize:
		return privatePair(ed25519.NewKeyFromSeed(d))
	case d == nil && len(x) == ed25519.PublicKeySize:
		return publicPair(ed25519.PublicKey(x))
	}
	return nil, invalidJWK("data")
}

func rsaFromJWK(parts func(name string) []byte) (*pair, error) {
	number := func(name string) *big.Int { return new(big.Int).SetBytes(parts(name)) }
	e := number("e")
	if !e.IsInt64() || e.Int64() < 2 || e.Int64() > 1<<31-1 || number("n").Sign() == 0 {
		return nil, invalidJWK("RSA key")
	}
	public := rsa.PublicKey{N: number("n"), E: int(e.Int64())}
	if parts("d") == nil {
		return publicPair(&public)
	}
	key := &rsa.PrivateKey{PublicKey: public, D: number("d"), Primes: []*big.Int{number("p"), number("q")}}
	if err := key.Validate(); err != nil {
		return nil, invalidJWK("RSA key")
	}
	key.Precompute()
	return privatePair(key)
}

func ecFromJWK(crv string, parts func(name string) []byte) (*pair, error) {
	curve := curveNames[crv]
	if curve == nil {
		return nil, &native.Failure{Class: nodeerr.TypeError, Code: "ERR_CRYPTO_INVALID_CURVE", Message: "Invalid EC curve name"}
	}
	size := (curve.Params().BitSize + 7) / 8
	x, y := parts("x"), parts("y")
	if len(x) != size || len(y) != size {
		return nil, invalidJWK("EC key")
	}
	public, err := ecdsa.ParseUncompressedPublicKey(curve, append(append([]byte{4}, x...), y...))
	if err != nil {
		return nil, invalidJWK("EC key")
	}
	d := parts("d")
	if d == nil {
		return publicPair(public)
	}
	key, err := ecdsa.ParseRawPrivateKey(curve, d)
	if err != nil || !key.PublicKey.Equal(public) {
		return nil, invalidJWK("EC key")
	}
	return privatePair(key)
}
