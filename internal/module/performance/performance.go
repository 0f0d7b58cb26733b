// Package performance is Node's module "perf_hooks" and the global performance.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package performance

import (
	_ "embed" // the module's source
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed performance.js
var text string

var source = native.NewSource("perf_hooks", text)

// Exports makes the exports of "perf_hooks". Times count from began.
func Exports(env *native.Env, began time.Time) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		f.Value("timeOrigin", float64(began.UnixMicro())/1000)
		f.Sync("now", func(native.Args) (any, error) { return float64(time.Since(began).Nanoseconds()) / 1e6, nil })
	})
}
