package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// binaryDir holds the program under test, built by TestMain.
var binaryDir string

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "mqscript-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := build(filepath.Join(dir, "mqscript"+exeSuffix())); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	binaryDir = dir
	return m.Run()
}

// build builds the program, with the race detector where that is possible: it
// needs cgo and a C compiler.
func build(to string) error {
	args := []string{"build", "-o", to}
	if raceDetector() {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, ".")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return nil
}

func raceDetector() bool {
	out, err := exec.Command("go", "env", "CGO_ENABLED", "CC").Output()
	fields := strings.Fields(string(out))
	if err != nil || len(fields) < 2 || fields[0] != "1" {
		return false
	}
	_, err = exec.LookPath(fields[1])
	return err == nil
}

func exeSuffix() string {
	if os.PathSeparator == '\\' {
		return ".exe"
	}
	return ""
}

// TestScripts runs the scripts in testdata against the real program. Besides
// testscript's own commands there are those below.
func TestScripts(t *testing.T) {
	certificates := certificateFiles(t)
	required := strings.Split(os.Getenv("MQSCRIPT_REQUIRE"), ",")
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", binaryDir+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("COLUMNS", "100")
			if isolate := os.Getenv("MQSCRIPT_ISOLATE"); isolate != "" {
				env.Setenv("MQSCRIPT_ISOLATE", isolate) // all of it in both ways
			}
			env.Setenv("GORACE", "atexit_sleep_ms=0") // one second otherwise, for each program
			for name, file := range certificates {
				env.Setenv(name, file)
			}
			background := &processes{}
			env.Values[processesKey{}] = background
			env.Defer(background.end)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "mosquitto" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			if mosquittoPath() != "" {
				return true, nil
			}
			if slices.Contains(required, name) {
				return false, errors.New("MQSCRIPT_REQUIRE demands mosquitto, which is not installed")
			}
			return false, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     cmdExits,
			"spawn":     cmdSpawn,
			"await":     cmdAwait,
			"signal":    cmdSignal,
			"ended":     cmdEnded,
			"mosquitto": cmdMosquitto,
		},
	})
}

// certificateFiles makes certificates for TLS and returns their files by the
// variables that scripts know them by.
func certificateFiles(t *testing.T) map[string]string {
	t.Helper()
	c := mqtttest.NewCertificates(t)
	dir := t.TempDir()
	key, err := x509.MarshalPKCS8PrivateKey(c.Client.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"CA": c.CAFile, "SERVER_CERT": c.CertFile, "SERVER_KEY": c.KeyFile,
		"OTHER_CA":    mqtttest.NewCertificates(t).CAFile,
		"CLIENT_CERT": filepath.Join(dir, "client.pem"), "CLIENT_KEY": filepath.Join(dir, "client-key.pem"),
	}
	for file, block := range map[string]*pem.Block{
		files["CLIENT_CERT"]: {Type: "CERTIFICATE", Bytes: c.Client.Certificate[0]},
		files["CLIENT_KEY"]:  {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func mosquittoPath() string {
	if path, err := exec.LookPath("mosquitto"); err == nil {
		return path
	}
	// Where Debian puts it is not in everybody's PATH.
	if _, err := os.Stat("/usr/sbin/mosquitto"); err == nil {
		return "/usr/sbin/mosquitto"
	}
	return ""
}

// cmdExits runs a program that must end with an exit code:
//
//	exits CODE PROGRAM [ARG...]
func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("running %s: %v", args[1], err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code is %d, want %d", code, want)
	}
}
