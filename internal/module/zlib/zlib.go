// Package zlib is Node's module "zlib" but for Brotli, on Go's standard
// library.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only. The
// callback forms, and streams that decompress, do their work on the VM's pool.
package zlib

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	_ "embed" // the module's source
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed zlib.js
var text string

var source = native.NewSource("zlib", text)

// Exports makes the exports of the module.
func Exports(env *native.Env) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		f.Sync("compress", func(a native.Args) (any, error) { return compression(a)(context.Background()) })
		f.Async("compressLater", func(a native.Args) native.Work { return compression(a) })
		f.Sync("decompress", func(a native.Args) (any, error) { return decompression(a)(context.Background()) })
		f.Async("decompressLater", decompression)
		f.Sync("crc32", func(a native.Args) (any, error) {
			return int64(crc32.Update(uint32(a.At(1).ToInteger()), crc32.IEEETable, a.Bytes(0))), nil
		})
		f.Sync("writer", func(a native.Args) (any, error) { return newWriter(a.String(0), a.Int(1), dictionary(a, 2)) })
		on := func(name string, do func(w *writer, a native.Args) error) {
			f.Sync(name, func(a native.Args) (any, error) {
				w, _ := a.Handle(0).(*writer)
				err := do(w, a)
				return w.take(), err
			})
		}
		on("write", func(w *writer, a native.Args) error {
			_, err := w.to.Write(a.Bytes(1))
			return err
		})
		on("flush", func(w *writer, _ native.Args) error { return w.to.Flush() })
		on("close", func(w *writer, _ native.Args) error { return w.to.Close() })
	})
}

func dictionary(a native.Args, i int) []byte {
	if !a.Given(i) {
		return nil
	}
	return a.Copy(i)
}

// writer compresses what is written to it.
type writer struct {
	out bytes.Buffer
	to  interface {
		io.WriteCloser
		Flush() error
	}
}

// unixHeader is the system that Node names in a gzip header.
const unixHeader = 3

func newWriter(format string, level int, dictionary []byte) (w *writer, err error) {
	w = &writer{}
	switch format {
	case "gzip":
		var to *gzip.Writer
		if to, err = gzip.NewWriterLevel(&w.out, level); err == nil {
			to.OS = unixHeader
		}
		w.to = to
	case "deflate":
		w.to, err = zlib.NewWriterLevelDict(&w.out, level, dictionary)
	default:
		w.to, err = flate.NewWriterDict(&w.out, level, dictionary)
	}
	return w, err
}

// take returns what has come out since it was last called.
func (w *writer) take() []byte {
	out := bytes.Clone(w.out.Bytes())
	w.out.Reset()
	if out == nil {
		out = []byte{}
	}
	return out
}

// compression reads its arguments: data, format, level, dictionary.
func compression(a native.Args) native.Work {
	data, format, level, dict := a.Copy(0), a.String(1), a.Int(2), dictionary(a, 3)
	return func(context.Context) (any, error) {
		w, err := newWriter(format, level, dict)
		if err != nil {
			return nil, err
		}
		if _, err := w.to.Write(data); err != nil {
			return nil, err
		}
		if err := w.to.Close(); err != nil {
			return nil, err
		}
		return w.take(), nil
	}
}

// decompression reads its arguments: data, format, most bytes to give out,
// whether the data may end early, dictionary.
func decompression(a native.Args) native.Work {
	data, format, most, early, dict := a.Copy(0), a.String(1), a.Int(2), a.Bool(3), dictionary(a, 4)
	return func(ctx context.Context) (any, error) {
		r, err := newReader(format, data, dict)
		if err != nil {
			return nil, failure(err)
		}
		var out bytes.Buffer
		for err == nil && ctx.Err() == nil {
			_, err = io.CopyN(&out, r, 1<<20)
			if out.Len() > most {
				return nil, &native.Failure{
					Class: nodeerr.RangeError, Code: "ERR_BUFFER_TOO_LARGE",
					Message: fmt.Sprintf("Cannot create a Buffer larger than %d bytes", most),
				}
			}
		}
		if err != nil && !errors.Is(err, io.EOF) && (!early || !errors.Is(err, io.ErrUnexpectedEOF)) {
			return nil, failure(err)
		}
		return append([]byte{}, out.Bytes()...), nil
	}
}

func newReader(format string, data, dict []byte) (io.Reader, error) {
	isGzip := len(data) > 0 && data[0] == 0x1f && (len(data) == 1 || data[1] == 0x8b)
	if format == "unzip" {
		format = "deflate"
		if isGzip {
			format = "gzip"
		}
	}
	in := bytes.NewReader(data)
	switch {
	case len(data) == 0:
		return nil, io.ErrUnexpectedEOF
	case format == "gzip" && !isGzip:
		return nil, gzip.ErrHeader
	case format == "gzip":
		return gzip.NewReader(in)
	case format == "deflate" && dict == nil:
		return zlib.NewReader(in)
	case format == "deflate":
		return zlib.NewReaderDict(in, dict)
	}
	return flate.NewReaderDict(in, dict), nil
}

// failure is the error with zlib's code and words.
func failure(err error) error {
	f := &native.Failure{Class: nodeerr.Error, Code: "Z_DATA_ERROR"}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		f.Code, f.Message = "Z_BUF_ERROR", "unexpected end of file"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zlib.ErrHeader):
		f.Message = "incorrect header check"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrChecksum):
		f.Message = "incorrect data check"
	case errors.Is(err, zlib.ErrDictionary):
		f.Code, f.Message = "Z_NEED_DICT", "Missing dictionary"
	default:
		f.Message = "invalid block type"
	}
	return f
}
