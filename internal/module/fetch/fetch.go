// Package fetch is the web platform's way to use HTTP: fetch, Headers, Request,
// Response, and the Blob, File and FormData that their bodies can be.
//
// # Concurrency
//
// The classes belong to one VM and are used on that VM's goroutine only. The
// network is used as httpio says.
package fetch

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/httpio"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed *.js
var files embed.FS

var parts = native.NewParts("internal/fetch", files, "blob", "formdata", "headers", "body", "request", "response", "fetch")

// Globals are the names of the exports, all of them global.
var Globals = []string{"fetch", "Headers", "Request", "Response", "Blob", "File", "FormData"}

// Exports makes an object with what Globals lists. streams are the parts of
// the package webstream.
func Exports(env *native.Env, client *httpio.Client, streams *goja.Object) goja.Value {
	made, exports := env.VM.NewObject(), env.VM.NewObject()
	for _, name := range []string{"web", "readable"} {
		_ = made.Set(name, streams.Get(name))
	}
	parts.Exports(env, made, func(_ string, f *native.Functions) {
		client.Define(f)
		f.Sync("formParts", formParts)
	})
	for _, global := range Globals {
		for _, name := range made.Keys() {
			if v := made.Get(name).(*goja.Object).Get(global); v != nil && exports.Get(global) == nil {
				_ = exports.Set(global, v)
			}
		}
	}
	return exports
}

// maxFormParts bounds the parts of one form.
const maxFormParts = 10_000

var errTooManyParts = errors.New("the form has too many parts")

// formParts reads a form of the type multipart/form-data: its bytes and
// boundary. It returns, for each part in turn, its name, file name (or null),
// type and bytes.
func formParts(a native.Args) (any, error) {
	list := []any{}
	reader := multipart.NewReader(bytes.NewReader(a.Copy(0)), a.String(1))
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return a.Array(list...), nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading a form: %w", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, fmt.Errorf("reading a form: %w", err)
		}
		if len(list) >= 4*maxFormParts {
			return nil, errTooManyParts
		}
		_, about, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if err != nil {
			return nil, fmt.Errorf("reading a form: %w", err)
		}
		var file any // null for a part that is no file
		if name, ok := about["filename"]; ok {
			file = name
		}
		list = append(list, about["name"], file, part.Header.Get("Content-Type"), data)
	}
}
