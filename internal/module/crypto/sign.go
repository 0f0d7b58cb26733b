package crypto

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/asn1"
	"hash"
	"math/big"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// Node's numbers of the paddings.
const (
	paddingPKCS1 = 1
	paddingOAEP  = 4
	paddingPSS   = 6
)

// scheme is how a signature is made.
type scheme struct {
	hash    crypto.Hash // 0 for ed25519
	padding int
	salt    int  // as in Go: 0 is the most, -1 the hash's length
	plain   bool // ecdsa: r and s one after the other in place of DER
}

var errBadDigest = &native.Failure{
	Class: nodeerr.Error, Code: "ERR_OSSL_INVALID_DIGEST", Message: "error:1C80007A:Provider routines::invalid digest",
}

func (s scheme) sum(data []byte) []byte {
	h := s.hash.New()
	h.Write(data)
	return h.Sum(nil)
}

func (s scheme) sign(key privateKey, data []byte) ([]byte, error) {
	if k, ok := key.(ed25519.PrivateKey); ok {
		if s.hash != 0 {
			return nil, errBadDigest
		}
		return ed25519.Sign(k, data), nil
	}
	if s.hash == 0 {
		s.hash = crypto.SHA256
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if s.padding == paddingPSS {
			return rsa.SignPSS(rand.Reader, k, s.hash, s.sum(data), &rsa.PSSOptions{SaltLength: s.salt})
		}
		return rsa.SignPKCS1v15(rand.Reader, k, s.hash, s.sum(data))
	case *ecdsa.PrivateKey:
		der, err := ecdsa.SignASN1(rand.Reader, k, s.sum(data))
		if err != nil || !s.plain {
			return der, err
		}
		return plainSignature(der, k.Params().BitSize)
	}
	return nil, errNotRSA
}

type signature struct{ R, S *big.Int }

func plainSignature(der []byte, bits int) ([]byte, error) {
	var sig signature
	if _, err := asn1.Unmarshal(der, &sig); err != nil {
		return nil, err
	}
	n := (bits + 7) / 8
	out := make([]byte, 2*n)
	sig.R.FillBytes(out[:n])
	sig.S.FillBytes(out[n:])
	return out, nil
}

func (s scheme) verify(key crypto.PublicKey, data, sig []byte) (bool, error) {
	if k, ok := key.(ed25519.PublicKey); ok {
		if s.hash != 0 {
			return false, errBadDigest
		}
		return ed25519.Verify(k, data, sig), nil
	}
	if s.hash == 0 {
		s.hash = crypto.SHA256
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		if s.padding == paddingPSS {
			return rsa.VerifyPSS(k, s.hash, s.sum(data), sig, &rsa.PSSOptions{SaltLength: s.salt}) == nil, nil
		}
		return rsa.VerifyPKCS1v15(k, s.hash, s.sum(data), sig) == nil, nil
	case *ecdsa.PublicKey:
		if !s.plain {
			return ecdsa.VerifyASN1(k, s.sum(data), sig), nil
		}
		n := (k.Params().BitSize + 7) / 8
		if len(sig) != 2*n {
			return false, nil
		}
		r, t := new(big.Int).SetBytes(sig[:n]), new(big.Int).SetBytes(sig[n:])
		return ecdsa.Verify(k, s.sum(data), r, t), nil
	}
	return false, errNotRSA
}

func openRSA(code, number, reason string) error {
	return &native.Failure{Class: nodeerr.Error, Code: code, Message: "error:" + number + ":rsa routines::" + reason}
}

var (
	errTooLarge = openRSA("ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE", "0200006E", "data too large for key size")
	errOAEP     = openRSA("ERR_OSSL_RSA_OAEP_DECODING_ERROR", "02000079", "oaep decoding error")
	errPKCS1    = openRSA("ERR_OSSL_RSA_PADDING_CHECK_FAILED", "02000072", "padding check failed")
	errNotRSA   = &native.Failure{Class: nodeerr.Error, Code: "ERR_OSSL_EVP_OPERATION_NOT_SUPPORTED_FOR_THIS_KEYTYPE", Message: "error:03000096:digital envelope routines::operation not supported for this keytype"}
)

func oaepHash(name string) (hash.Hash, error) {
	if name == "" {
		return sha1.New(), nil
	}
	if h := digest(name); h != 0 {
		return h.New(), nil
	}
	return nil, invalidDigest(name)
}

// encrypt and decrypt read: key, data, padding, hash, label.
func encrypt(a native.Args) (any, error) {
	p, err := pairAt(a, 0)
	if err != nil {
		return nil, err
	}
	k, ok := p.public.(*rsa.PublicKey)
	if !ok {
		return nil, errNotRSA
	}
	var out []byte
	if a.Int(2) == paddingNone {
		return encryptRaw(k, a.Bytes(1))
	}
	if a.Int(2) == paddingPKCS1 {
		out, err = rsa.EncryptPKCS1v15(rand.Reader, k, a.Bytes(1)) //nolint:staticcheck // what a peer that scripts talk to may demand
	} else {
		h, hashErr := oaepHash(a.String(3))
		if hashErr != nil {
			return nil, hashErr
		}
		out, err = rsa.EncryptOAEP(h, rand.Reader, k, a.Bytes(1), a.Bytes(4))
	}
	if err != nil {
		return nil, errTooLarge
	}
	return out, nil
}

func decrypt(a native.Args) (any, error) {
	p, err := pairAt(a, 0)
	if err != nil {
		return nil, err
	}
	k, ok := p.private.(*rsa.PrivateKey)
	if !ok {
		return nil, errNotRSA
	}
	if a.Int(2) == paddingPKCS1 {
		out, err := rsa.DecryptPKCS1v15(nil, k, a.Bytes(1)) //nolint:staticcheck // what a peer that scripts talk to may demand
		if err != nil {
			return nil, errPKCS1
		}
		return out, nil
	}
	h, err := oaepHash(a.String(3))
	if err != nil {
		return nil, err
	}
	out, err := rsa.DecryptOAEP(h, nil, k, a.Bytes(1), a.Bytes(4))
	if err != nil {
		return nil, errOAEP
	}
	return out, nil
}

func schemeAt(a native.Args, i int) scheme {
	s := scheme{padding: a.Int(i + 1), salt: a.Int(i + 2), plain: a.Bool(i + 3)}
	if a.Given(i) {
		s.hash = digest(a.String(i))
	}
	return s
}

func defineSigning(f *native.Functions) {
	f.Sync("sign", func(a native.Args) (any, error) {
		p, err := pairAt(a, 0)
		if err != nil {
			return nil, err
		}
		return schemeAt(a, 2).sign(p.private, a.Bytes(1))
	})
	f.Sync("verify", func(a native.Args) (any, error) {
		p, err := pairAt(a, 0)
		if err != nil {
			return nil, err
		}
		return schemeAt(a, 3).verify(p.public, a.Bytes(1), a.Bytes(2))
	})
	f.Sync("encrypt", encrypt)
	f.Sync("decrypt", decrypt)
	f.Sync("privateEncrypt", privateEncrypt)
	f.Sync("publicDecrypt", publicDecrypt)
}
