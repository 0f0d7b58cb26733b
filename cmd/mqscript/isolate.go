package main

import (
	"cmp"
	"fmt"
	"os"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/host"
	"github.com/mqscript/mqscript/internal/isolate"
	"github.com/mqscript/mqscript/internal/script"
)

// scriptProcess is the program of a script's process, which run starts with
// --isolate. What is not for the script's host goes to stderr.
func scriptProcess(c console) error {
	os.Stdout = os.Stderr
	return isolate.Main(c.in, c.out)
}

// makeScript returns how scripts are made: nil for scripts of this process.
func makeScript(s *config.Isolation) (func(script.Options) host.Script, error) {
	if !s.Isolate {
		return nil, nil
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("--isolate: finding the program's file: %w", err)
	}
	return func(opts script.Options) host.Script {
		return isolate.New(isolate.Config{
			Program: program, Args: []string{isolate.Command, opts.Name},
			Memory: s.Memory.Bytes(), Restart: cmp.Or(isolate.Restart(s.Restart), isolate.OnFailure),
		}, opts)
	}, nil
}
