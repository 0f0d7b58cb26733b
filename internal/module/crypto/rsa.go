package crypto

import (
	"bytes"
	"crypto/rsa"
	"math/big"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

const paddingNone = 3

var (
	errTooSmall  = openRSA("ERR_OSSL_RSA_DATA_TOO_SMALL_FOR_KEY_SIZE", "0200007A", "data too small for key size")
	errTooLong   = openRSA("ERR_OSSL_RSA_DATA_GREATER_THAN_MOD_LEN", "0200006C", "data greater than mod len")
	errModulus   = openRSA("ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_MODULUS", "02000084", "data too large for modulus")
	errSignature = openRSA("ERR_OSSL_RSA_INVALID_PADDING", "0200008A", "invalid padding")
	errMode      = openssl("ERR_OSSL_ILLEGAL_OR_UNSUPPORTED_PADDING_MODE", "1C8000A5", "illegal or unsupported padding mode")
)

// privateEncrypt reads key, data and padding: a signature without a hash.
func privateEncrypt(a native.Args) (any, error) {
	p, err := pairAt(a, 0)
	if err != nil {
		return nil, err
	}
	k, ok := p.private.(*rsa.PrivateKey)
	switch {
	case !ok:
		return nil, errNotRSA
	case a.Int(2) == paddingNone:
		return nil, &native.Failure{
			Class: nodeerr.Error, Code: "ERR_NOT_IMPLEMENTED", Message: "crypto.privateEncrypt without padding is not implemented in mqscript",
		}
	case a.Int(2) != paddingPKCS1:
		return nil, errMode
	}
	out, err := rsa.SignPKCS1v15(nil, k, 0, a.Bytes(1))
	if err != nil {
		return nil, errTooLarge
	}
	return out, nil
}

// publicDecrypt reads key, data and padding: what privateEncrypt was given.
func publicDecrypt(a native.Args) (any, error) {
	p, err := pairAt(a, 0)
	if err != nil {
		return nil, err
	}
	k, ok := p.public.(*rsa.PublicKey)
	if !ok {
		return nil, errNotRSA
	}
	block, err := power(k, a.Bytes(1))
	switch {
	case err != nil:
		return nil, err
	case a.Int(2) == paddingNone:
		return block, nil
	case a.Int(2) != paddingPKCS1:
		return nil, errMode
	}
	// EMSA-PKCS1-v1_5: 0, 1, at least eight times 255, 0, the data (RFC 8017).
	rest, found := bytes.CutPrefix(block, []byte{0, 1})
	data := bytes.TrimLeft(rest, "\xff")
	if !found || len(rest)-len(data) < 8 || len(data) == 0 || data[0] != 0 {
		return nil, errSignature
	}
	return bytes.Clone(data[1:]), nil
}

// power does the public operation of RSA; the result is as long as the key.
func power(k *rsa.PublicKey, data []byte) ([]byte, error) {
	n := new(big.Int).SetBytes(data)
	switch {
	case len(data) > k.Size():
		return nil, errTooLong
	case n.Cmp(k.N) >= 0:
		return nil, errModulus
	}
	return n.Exp(n, big.NewInt(int64(k.E)), k.N).FillBytes(make([]byte, k.Size())), nil
}

// encryptRaw is encryption without padding.
func encryptRaw(k *rsa.PublicKey, data []byte) (any, error) {
	if len(data) < k.Size() {
		return nil, errTooSmall
	}
	if len(data) > k.Size() {
		return nil, errTooLarge
	}
	return power(k, data)
}
