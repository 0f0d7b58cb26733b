package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
)

// configFlag names the file that flags are read from.
const configFlag = "--config"

// expandFile puts the flags of the file that --config names behind the command,
// so that those of the command line come later and win. secret tells that one
// of them is a password.
func expandFile(args []string) (expanded []string, secret bool, err error) {
	if len(args) == 0 || !slices.Contains([]string{"run", "pub", "sub"}, args[0]) {
		return args, false, nil
	}
	path, found := "", false
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, configFlag+"="); ok {
			path, found = value, true
		} else if arg == configFlag && i+1 < len(args) {
			path, found = args[i+1], true
		}
	}
	if !found {
		return args, false, nil
	}
	flags, secret, err := readFlags(path)
	if err != nil {
		return nil, false, fmt.Errorf("--config: %w", err)
	}
	return slices.Concat(args[:1], flags, args[1:]), secret, nil
}

// readFlags reads a file: an object of JSON with the names of flags, without
// their hyphens, and their values: text, a number, true or false, or an array of
// these for a flag that is repeatable.
func readFlags(path string) (flags []string, secret bool, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, false, err
	}
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	var values map[string]any
	if err := in.Decode(&values); err != nil {
		return nil, false, fmt.Errorf("%s is no object of JSON such as {\"url\": \"mqtt://127.0.0.1\", \"qos\": 1}: %w", path, err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, false, fmt.Errorf("%s has more than one object", path)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list, ok := values[name].([]any)
		if !ok {
			list = []any{values[name]}
		}
		for _, value := range list {
			flag, err := flagOf(name, value)
			if err != nil {
				return nil, false, fmt.Errorf("%s: %w", path, err)
			}
			flags = append(flags, flag)
		}
	}
	_, secret = values["password"]
	return flags, secret, private(path, secret)
}

// flagOf writes a flag as the command line has it.
func flagOf(name string, value any) (string, error) {
	switch {
	case name == "config" || name == "" || strings.HasPrefix(name, "-") || strings.ContainsAny(name, "= "):
		return "", fmt.Errorf("%q is no name of a flag, without its hyphens", name)
	}
	switch value := value.(type) {
	case string:
		return "--" + name + "=" + value, nil
	case json.Number:
		return "--" + name + "=" + value.String(), nil
	case bool:
		return fmt.Sprintf("--%s=%v", name, value), nil
	}
	return "", fmt.Errorf("%q must be text, a number, true, false or an array of these", name)
}

// private refuses a file with a password that others can read.
func private(path string, secret bool) error {
	info, err := os.Stat(path)
	if err != nil || !secret || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return fmt.Errorf("others on this machine can read %s, which holds a password (mode %04o): chmod 600 it", path, info.Mode().Perm())
}
