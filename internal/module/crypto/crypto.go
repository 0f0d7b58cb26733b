// Package crypto is Node's module "crypto" and the global "crypto", on Go's
// standard cryptography.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. The
// promise and callback forms of what takes long run on the VM's pool.
package crypto

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	_ "embed" // the module's source
	"math/big"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed crypto.js
var text string

//go:embed keys.js
var keysText string

var keysSource = native.NewSource("crypto/keys", keysText)

//go:embed streams.js
var streamsText string

var streamsSource = native.NewSource("crypto/streams", streamsText)

//go:embed exchange.js
var exchangeText string

var exchangeSource = native.NewSource("crypto/exchange", exchangeText)

//go:embed certificate.js
var certificateText string

var certificateSource = native.NewSource("crypto/certificate", certificateText)

//go:embed webcrypto.js
var webText string

var webSource = native.NewSource("crypto/webcrypto", webText)

var source = native.NewSource("crypto", text)

// Exports makes the exports of the module.
func Exports(env *native.Env) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		defineHashes(f)
		defineRandom(f)
		defineCiphers(f)
		defineDerivation(f)
		f.Raw("web", func(call goja.FunctionCall) goja.Value {
			return env.Exports(webSource, func(f *native.Functions) { f.Value("node", call.Argument(0)) })
		})
		streams := env.Exports(streamsSource, nil)
		f.Value("streams", streams)
		keys := env.Exports(keysSource, func(f *native.Functions) {
			f.Value("streams", streams)
			defineRandom(f)
			defineHashes(f)
			defineKeys(f)
			defineSigning(f)
		})
		f.Value("keys", keys)
		f.Value("exchange", env.Exports(exchangeSource, func(f *native.Functions) {
			f.Value("keys", keys)
			defineExchange(f)
		}))
		f.Value("certificates", env.Exports(certificateSource, func(f *native.Functions) {
			f.Value("keys", keys)
			defineKeys(f)
			defineCertificates(f)
		}))
	})
}

func defineRandom(f *native.Functions) {
	f.Sync("fill", func(a native.Args) (any, error) {
		_, err := rand.Read(a.Bytes(0))
		return goja.Undefined(), err
	})
	f.Sync("below", func(a native.Args) (any, error) {
		n, err := rand.Int(rand.Reader, big.NewInt(a.At(0).ToInteger()))
		if err != nil {
			return nil, err
		}
		return n.Int64(), nil
	})
	f.Sync("equal", func(a native.Args) (any, error) {
		if len(a.Bytes(0)) != len(a.Bytes(1)) {
			return nil, &native.Failure{
				Class: nodeerr.RangeError, Code: "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
				Message: "Input buffers must have the same byte length",
			}
		}
		return subtle.ConstantTimeCompare(a.Bytes(0), a.Bytes(1)) == 1, nil
	})
	f.Sync("same", func(a native.Args) (any, error) { return bytes.Equal(a.Bytes(0), a.Bytes(1)), nil })
}
