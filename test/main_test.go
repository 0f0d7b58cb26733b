// Package test proves the contract on the real binary, built with the race
// detector, against mosquitto and against the embedded broker.
package test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is the program under test.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "mqscript-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := 1
	if binary, err = build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// build makes the program, with the race detector where the machine has the C
// compiler that it needs.
func build(dir string) (string, error) {
	if _, err := exec.LookPath("gcc"); err == nil {
		return compile(filepath.Join(dir, "mqscript"), "-race")
	}
	return buildLean(dir)
}

// buildLean makes the program as users have it.
func buildLean(dir string) (string, error) {
	return compile(filepath.Join(dir, "mqscript-lean"))
}

func compile(file string, flags ...string) (string, error) {
	args := append([]string{"build", "-o", file}, flags...)
	cmd := exec.Command("go", append(args, "../cmd/mqscript")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return file, nil
}
