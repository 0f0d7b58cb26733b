package config

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Secret is a text that must not be printed.
type Secret string

// String returns "***", or "" for the empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString returns what String does.
func (s Secret) GoString() string { return s.String() }

// MarshalText writes what String returns.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// readSecret reads a file's first line. warning is a sentence when others can
// read the file too.
func readSecret(path string) (secret, warning string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", "", fmt.Errorf("reading the password: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	info, err := os.Stat(path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		warning = fmt.Sprintf("others on this machine can read %s (mode %04o); chmod 600 keeps it private", path, info.Mode().Perm())
	}
	return strings.TrimSuffix(line, "\r"), warning, nil
}

// passwordFrom returns the password in a file, or else the environment's when
// there is a user whom it can belong to, or else nil.
func passwordFrom(file string, user bool) (password []byte, warning string, err error) {
	if file != "" {
		secret, warning, err := readSecret(file)
		if err != nil {
			return nil, "", fmt.Errorf("--password-file: %w", err)
		}
		return []byte(secret), warning, nil
	}
	if text := os.Getenv("MQSCRIPT_PASSWORD"); text != "" && user {
		return []byte(text), "", nil
	}
	return nil, "", nil
}
