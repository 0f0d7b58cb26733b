package crypto

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	kdf "crypto/pbkdf2"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// Private keys that a passphrase protects: PKCS #8 with PBES2 (RFC 8018), and
// the older form that only PEM has (RFC 1423).

var (
	errPassphrase = &native.Failure{
		Class: nodeerr.Error, Code: "ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED",
		Message: "error:07880109:common libcrypto routines::interrupted or cancelled",
	}
	errUnknownCipher = &native.Failure{Class: nodeerr.Error, Code: "ERR_CRYPTO_UNKNOWN_CIPHER", Message: "Unknown cipher"}
)

type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

type pbes2 struct {
	Derivation pkix.AlgorithmIdentifier
	Encryption pkix.AlgorithmIdentifier
}

type pbkdf2Parameters struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	Hash       pkix.AlgorithmIdentifier `asn1:"optional"`
}

var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
)

// macs are the hashes of PBKDF2 by the last number of their identifiers below
// 1.2.840.113549.2.
var macs = map[int]crypto.Hash{7: crypto.SHA1, 8: crypto.SHA224, 9: crypto.SHA256, 10: crypto.SHA384, 11: crypto.SHA512}

// wrapping is a cipher that keys are encrypted with.
type wrapping struct {
	oid     asn1.ObjectIdentifier
	keySize int
	block   func(key []byte) (cipher.Block, error)
	legacy  x509.PEMCipher
}

var wrappings = map[string]wrapping{
	"aes-128-cbc":  {asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}, 16, aes.NewCipher, x509.PEMCipherAES128},
	"aes-192-cbc":  {asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 22}, 24, aes.NewCipher, x509.PEMCipherAES192},
	"aes-256-cbc":  {asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, 32, aes.NewCipher, x509.PEMCipherAES256},
	"des-ede3-cbc": {asn1.ObjectIdentifier{1, 2, 840, 113549, 3, 7}, 24, des.NewTripleDESCipher, x509.PEMCipher3DES},
}

// iterationsMost bounds what a key from outside makes a script compute.
const iterationsMost = 10_000_000

// decryptKey decrypts PKCS #8.
func decryptKey(der, passphrase []byte) (*pair, error) {
	var key encryptedKey
	var scheme pbes2
	var derivation pbkdf2Parameters
	if _, err := asn1.Unmarshal(der, &key); err != nil || !key.Algorithm.Algorithm.Equal(oidPBES2) {
		return nil, errKeyFormat
	}
	if _, err := asn1.Unmarshal(key.Algorithm.Parameters.FullBytes, &scheme); err != nil || !scheme.Derivation.Algorithm.Equal(oidPBKDF2) {
		return nil, errKeyFormat
	}
	if _, err := asn1.Unmarshal(scheme.Derivation.Parameters.FullBytes, &derivation); err != nil || derivation.Iterations > iterationsMost {
		return nil, errKeyFormat
	}
	hash := crypto.SHA1
	if oid := derivation.Hash.Algorithm; len(oid) > 0 {
		hash = macs[oid[len(oid)-1]]
	}
	var iv []byte
	if _, err := asn1.Unmarshal(scheme.Encryption.Parameters.FullBytes, &iv); err != nil || hash == 0 {
		return nil, errKeyFormat
	}
	for _, w := range wrappings {
		if w.oid.Equal(scheme.Encryption.Algorithm) {
			plain, err := w.decrypt(hash, derivation, passphrase, iv, key.Data)
			if err != nil {
				return nil, err
			}
			return parseDER(plain)
		}
	}
	return nil, errKeyFormat
}

func (w wrapping) decrypt(hash crypto.Hash, d pbkdf2Parameters, passphrase, iv, data []byte) ([]byte, error) {
	key, err := kdf.Key(hash.New, string(passphrase), d.Salt, d.Iterations, w.keySize)
	if err != nil {
		return nil, errKeyFormat
	}
	block, err := w.block(key)
	if err != nil || len(iv) != block.BlockSize() || len(data) == 0 || len(data)%block.BlockSize() != 0 {
		return nil, errKeyFormat
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	n := int(out[len(out)-1])
	if n == 0 || n > block.BlockSize() || !bytes.Equal(out[len(out)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, errPadding
	}
	return out[:len(out)-n], nil
}

// encryptKey encrypts PKCS #8 as OpenSSL does: PBKDF2 with SHA-256 and 2048
// iterations.
func encryptKey(der []byte, name string, passphrase []byte) ([]byte, error) {
	w, ok := wrappings[name]
	if !ok {
		return nil, errUnknownCipher
	}
	derivation := pbkdf2Parameters{
		Salt: make([]byte, 16), Iterations: 2048,
		Hash: pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}, Parameters: asn1.NullRawValue},
	}
	_, _ = rand.Read(derivation.Salt) // it does not fail
	key, err := kdf.Key(crypto.SHA256.New, string(passphrase), derivation.Salt, derivation.Iterations, w.keySize)
	if err != nil {
		return nil, err
	}
	block, err := w.block(key)
	if err != nil {
		return nil, err
	}
	iv := make([]byte, block.BlockSize())
	_, _ = rand.Read(iv)
	n := block.BlockSize() - len(der)%block.BlockSize()
	data := append(bytes.Clone(der), bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(data, data)
	return marshalEncrypted(derivation, w.oid, iv, data)
}

func marshalEncrypted(derivation pbkdf2Parameters, oid asn1.ObjectIdentifier, iv, data []byte) ([]byte, error) {
	raw := func(v any, failed *error) asn1.RawValue {
		der, err := asn1.Marshal(v)
		if err != nil {
			*failed = err
		}
		return asn1.RawValue{FullBytes: der}
	}
	var err error
	scheme := pbes2{
		Derivation: pkix.AlgorithmIdentifier{Algorithm: oidPBKDF2, Parameters: raw(derivation, &err)},
		Encryption: pkix.AlgorithmIdentifier{Algorithm: oid, Parameters: raw(iv, &err)},
	}
	parameters := raw(scheme, &err)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(encryptedKey{Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidPBES2, Parameters: parameters}, Data: data})
}

// decryptBlock decrypts the older form.
func decryptBlock(block *pem.Block, passphrase []byte) (*pair, error) {
	der, err := x509.DecryptPEMBlock(block, passphrase) //nolint:staticcheck // keys that people have
	if err != nil {
		return nil, errPadding
	}
	p, err := parseDER(der)
	if err != nil { // the padding of a wrong passphrase may be right by chance
		return nil, errPadding
	}
	return p, nil
}

// encryptBlock writes a private key in PEM under a passphrase.
func encryptBlock(label string, der []byte, name string, passphrase []byte) (*pem.Block, error) {
	w, ok := wrappings[name]
	if !ok {
		return nil, errUnknownCipher
	}
	if label == "PRIVATE KEY" {
		data, err := encryptKey(der, name, passphrase)
		return &pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: data}, err
	}
	return x509.EncryptPEMBlock(rand.Reader, label, der, passphrase, w.legacy) //nolint:staticcheck // what Node writes
}
