// Package os is the part of Node's module "os" that scripts use. What it tells
// of the machine and the people on it depends on the script's permissions.
//
// # Concurrency
//
// The exports belong to one VM and are used on that VM's goroutine only.
package os

import (
	_ "embed" // the module's source
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

//go:embed os.js
var text string

var source = native.NewSource("os", text)

//go:embed constants.js
var constantsText string

var constantsSource = native.NewSource("constants", constantsText)

// Constants makes the exports of Node's module "constants".
func Constants(env *native.Env) goja.Value { return env.Exports(constantsSource, nil) }

// Exports makes the exports of the module; tmp finds what tmpdir returns, and
// data what homedir returns to a script without permissions.
func Exports(env *native.Env, tmp, data func() (string, error)) goja.Value {
	return env.Exports(source, func(f *native.Functions) {
		machine(env, f, data)
		f.Sync("constants", func(native.Args) (any, error) {
			return native.List{errorNumbers(), signalNumbers()}, nil
		})
		f.Sync("version", func(native.Args) (any, error) {
			text, err := os.ReadFile("/proc/sys/kernel/version")
			if err != nil {
				return nil, notHere("version")
			}
			return strings.TrimSpace(string(text)), nil
		})
		f.Value("littleEndian", binary.NativeEndian.Uint16([]byte{1, 0}) == 1)
		f.Sync("processors", func(native.Args) (any, error) { return runtime.NumCPU(), nil })
		f.Sync("tmpdir", func(native.Args) (any, error) { return tmp() })
		f.Sync("release", func(native.Args) (any, error) {
			fields, err := words("release", "/proc/sys/kernel/osrelease", 1)
			if err != nil {
				return nil, err
			}
			return fields[0], nil
		})
		f.Sync("uptime", func(native.Args) (any, error) {
			fields, err := words("uptime", "/proc/uptime", 1)
			if err != nil {
				return nil, err
			}
			return strconv.ParseFloat(fields[0], 64)
		})
		f.Sync("load", func(native.Args) (any, error) { return load() })
		f.Sync("memory", func(a native.Args) (any, error) { return memory(a.String(0)) })
	})
}

// words reads a file of the Linux kernel, which has at least n words; what
// names the function for the error on other systems.
func words(what, path string, n int) ([]string, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		if fields := strings.Fields(string(data)); len(fields) >= n {
			return fields, nil
		}
	}
	return nil, notHere(what)
}

// notHere is the error of a function that only Linux has an answer for.
func notHere(what string) error {
	return &native.Failure{
		Class: nodeerr.Error, Code: "ERR_NOT_IMPLEMENTED",
		Message: "os." + what + " is not implemented in mqscript on this system",
	}
}

func load() (any, error) {
	fields, err := words("loadavg", "/proc/loadavg", 3)
	if err != nil {
		return nil, err
	}
	averages := make([]float64, 3)
	for i := range averages {
		if averages[i], err = strconv.ParseFloat(fields[i], 64); err != nil {
			return nil, fmt.Errorf("reading the load: %w", err)
		}
	}
	return averages, nil
}

// memory returns a figure of /proc/meminfo in bytes.
func memory(name string) (any, error) {
	fields, err := words("totalmem", "/proc/meminfo", 3)
	if err != nil {
		return nil, err
	}
	for i := range fields[:len(fields)-1] {
		if fields[i] == name+":" {
			kib, err := strconv.ParseFloat(fields[i+1], 64)
			return kib * 1024, err
		}
	}
	return nil, fmt.Errorf("the system does not say its %s", name)
}
