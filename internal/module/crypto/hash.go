package crypto

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/md5" // linked in, for crypto.Hash
	_ "crypto/sha1"
	_ "crypto/sha256"
	"crypto/sha3"
	_ "crypto/sha512" // likewise
	"encoding"
	"hash"
	"maps"
	"slices"
	"strings"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

var digests = map[string]crypto.Hash{
	"md5": crypto.MD5, "sha1": crypto.SHA1, "sha224": crypto.SHA224, "sha256": crypto.SHA256,
	"sha384": crypto.SHA384, "sha512": crypto.SHA512, "sha512-224": crypto.SHA512_224, "sha512-256": crypto.SHA512_256,
	"sha3-224": crypto.SHA3_224, "sha3-256": crypto.SHA3_256, "sha3-384": crypto.SHA3_384, "sha3-512": crypto.SHA3_512,
}

// digest finds a hash by any of the names that Node takes; 0 when there is
// none.
func digest(name string) crypto.Hash {
	name = strings.TrimPrefix(strings.ToLower(name), "rsa-")
	if h, ok := digests[name]; ok {
		return h
	}
	name = strings.ReplaceAll(name, "/", "-")
	if rest, ok := strings.CutPrefix(name, "sha-"); ok {
		name = "sha" + rest
	}
	return digests[name]
}

// xof is a hash whose length is chosen: SHAKE.
type xof struct {
	*sha3.SHAKE
	size  int
	fresh func() *sha3.SHAKE
}

// Size returns the chosen length in bytes.
func (x *xof) Size() int { return x.size }

// Sum appends the hash of what was written; more may be written after it.
func (x *xof) Sum(b []byte) []byte {
	state, _ := x.MarshalBinary()
	reader := x.fresh()
	_ = reader.UnmarshalBinary(state)
	out := make([]byte, x.size)
	_, _ = reader.Read(out)
	return append(b, out...)
}

// newXOF makes a SHAKE, nil when the name is none; without a size it is Node's.
func newXOF(name string, size int) hash.Hash {
	fresh, usual := sha3.NewSHAKE128, 16
	switch strings.ToLower(name) {
	case "shake128":
	case "shake256":
		fresh, usual = sha3.NewSHAKE256, 32
	default:
		return nil
	}
	if size < 0 {
		size = usual
	}
	return &xof{fresh(), size, fresh}
}

func newHash(name string, size int) (hash.Hash, error) {
	if x := newXOF(name, size); x != nil {
		return x, nil
	}
	h := digest(name)
	if h == 0 {
		return nil, &native.Failure{Class: nodeerr.Error, Message: "Digest method not supported"}
	}
	if size >= 0 && size != h.Size() {
		return nil, &native.Failure{
			Class: nodeerr.Error, Code: "ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH",
			Message: "error:030000B2:digital envelope routines::not XOF or invalid length",
		}
	}
	return h.New(), nil
}

func invalidDigest(name string) error {
	return &native.Failure{Class: nodeerr.TypeError, Code: "ERR_CRYPTO_INVALID_DIGEST", Message: "Invalid digest: " + name}
}

func defineHashes(f *native.Functions) {
	f.Sync("hashNames", func(native.Args) (any, error) {
		names := slices.AppendSeq([]string{"shake128", "shake256"}, maps.Keys(digests))
		for _, name := range []string{"MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA512/224", "SHA512/256", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512"} {
			names = append(names, "RSA-"+name)
		}
		slices.Sort(names)
		return names, nil
	})
	f.Sync("hasDigest", func(a native.Args) (any, error) { return digest(a.String(0)) != 0, nil })
	f.Sync("hash", func(a native.Args) (any, error) {
		size := -1
		if a.Given(1) {
			size = a.Int(1)
		}
		return newHash(a.String(0), size)
	})
	f.Sync("hmac", func(a native.Args) (any, error) {
		h := digest(a.String(0))
		if h == 0 {
			return nil, invalidDigest(a.String(0))
		}
		return hmac.New(h.New, a.Bytes(1)), nil
	})
	f.Sync("hashUpdate", func(a native.Args) (any, error) {
		if h, ok := a.Handle(0).(hash.Hash); ok {
			_, _ = h.Write(a.Bytes(1)) // a hash does not fail
		}
		return nil, nil
	})
	f.Sync("hashSum", func(a native.Args) (any, error) {
		h, _ := a.Handle(0).(hash.Hash)
		return h.Sum(nil), nil
	})
	f.Sync("hashCopy", func(a native.Args) (any, error) {
		return copyHash(a.Handle(0), a.String(1))
	})
}

// copyHash makes a hash of the same kind in the same state. As in Node, a
// chosen length is not copied.
func copyHash(from any, name string) (any, error) {
	to, err := newHash(name, -1)
	if err != nil {
		return nil, err
	}
	state, err := from.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return nil, err
	}
	return to, to.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
}
