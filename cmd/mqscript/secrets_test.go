package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// secret is what nothing may print.
const secret = "hunter2-7f3a9c"

// nosy shows everything that a script can find, fails in many ways and ends.
const nosy = `
const util = require('util'), mqscript = require('mqscript');
const show = (...all) => { for (const v of all) { console.log(util.inspect(v, { depth: Infinity, showHidden: true, getters: true })); try { console.log(JSON.stringify(v)); } catch {} console.error(v); } };
show(process.argv, process.execArgv, process.env, mqscript.client, mqscript.env, mqscript.script, globalThis);
const events = ['onConnect', 'onReconnect', 'onClose', 'onDisconnect', 'onOffline', 'onError', 'onPacketSend', 'onPacketReceive', 'onPublish', 'onEnd'];
for (const name of events) exports[name] = (...all) => show(name, ...all);
exports.onMessage = () => { throw new Error('thrown'); };
Promise.reject(new Error('rejected'));
setTimeout(() => { null.x; }, 1);
mqscript.store.get('x').catch(show);
publish('t', 'm', { qos: 1 }).catch(show);
publish('t/#', 'm').catch(show);
setTimeout(exit, 300);
`

// TestSecretsAreNowhereInTheOutput runs the program in ways that fail and in
// ways that succeed, with a secret in each place that takes one, and searches
// all that it prints.
func TestSecretsAreNowhereInTheOutput(t *testing.T) {
	dir := t.TempDir()
	script, password := filepath.Join(dir, "nosy.js"), filepath.Join(dir, "password")
	for path, text := range map[string]string{
		script: nosy, password: secret + "\n",
		filepath.Join(dir, "throws.js"): "throw new Error('at load')", filepath.Join(dir, "wrong.js"): "const =",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	closed := closedPort(t)
	broker := startBroker(t)
	plain := "mqtt://" + broker
	withUser := func(scheme, at string) string { return scheme + "://user:" + secret + "@" + at }
	stdenv := []string{}
	for _, test := range []struct {
		name string
		env  []string
		args []string
	}{
		{"flag", stdenv, []string{"run", "--url", plain, "-u", "user", "-P", secret, script}},
		{"file", stdenv, []string{"run", "--url", plain, "-u", "user", "--password-file", password, script}},
		{"environment", []string{"MQSCRIPT_PASSWORD=" + secret}, []string{"run", "--url", plain, "-u", "user", script}},
		{"URL", stdenv, []string{"run", "--url", withUser("mqtt", broker), script}},
		{"URL in the environment", []string{"MQSCRIPT_URL=" + withUser("mqtt", broker)}, []string{"run", script}},
		{"isolated", []string{"MQSCRIPT_URL=" + withUser("mqtt", broker), "MQSCRIPT_PASSWORD=" + secret}, []string{"run", "--isolate", script}},
		{"store", []string{"MQSCRIPT_STORE=redis://:" + secret + "@127.0.0.1:" + closed}, []string{"run", "--url", plain, script}},
		{"store by flag", stdenv, []string{"run", "--url", plain, "--store", "redis://:" + secret + "@127.0.0.1:" + closed, script}},
		{"wrong store", stdenv, []string{"run", "--url", plain, "--store", "http://:" + secret + "@127.0.0.1:" + closed, script}},
		{"JSON log", stdenv, []string{"run", "--url", withUser("mqtt", broker), "--log-format", "json", "--log-level", "debug", "--stats", script}},
		{"nobody there", stdenv, []string{"run", "--url", withUser("mqtt", "127.0.0.1:"+closed), "--reconnect-period", "0", "--log-level", "debug", script}},
		{"wrong protocol", stdenv, []string{"run", "--url", withUser("mqtts", broker), "--reconnect-period", "0", script}},
		{"wrong scheme", stdenv, []string{"run", "--url", withUser("http", broker), script}},
		{"wrong port", stdenv, []string{"run", "--url", "mqtt://user:" + secret + "@127.0.0.1:nonsense", script}},
		{"broken URL", stdenv, []string{"run", "--url", "mqtt://user:" + secret + "%zz@127.0.0.1", script}},
		{"no scheme", stdenv, []string{"run", "--url", "user:" + secret + "@127.0.0.1", script}},
		{"WebSocket", stdenv, []string{"run", "--url", withUser("ws", "127.0.0.1:"+closed), "--reconnect-period", "0", script}},
		{"throws", stdenv, []string{"run", "--url", withUser("mqtt", broker), filepath.Join(dir, "throws.js")}},
		{"does not compile", stdenv, []string{"run", "--url", withUser("mqtt", broker), filepath.Join(dir, "wrong.js")}},
		{"no script", stdenv, []string{"run", "--url", withUser("mqtt", broker), filepath.Join(dir, "none.js")}},
		{"two passwords", stdenv, []string{"run", "--url", plain, "-u", "user", "-P", secret, "--password-file", password, script}},
		{"no user", stdenv, []string{"run", "--url", plain, "-P", secret, script}},
		{"pub", stdenv, []string{"pub", "--url", withUser("mqtt", broker), "-t", "a", "-m", "b", "--log-level", "debug"}},
		{"pub to nobody", stdenv, []string{"pub", "--url", withUser("mqtt", "127.0.0.1:"+closed), "-t", "a", "-m", "b"}},
		{"pub with a wrong flag", stdenv, []string{"pub", "-P", secret, "-t", "a", "-m", "b", "--frobnicate"}},
		{"sub", stdenv, []string{"sub", "--url", withUser("mqtt", broker), "-t", "a", "-W", "0.3", "--log-level", "debug"}},
		{"broker that cannot listen", []string{"MQSCRIPT_PASSWORD=" + secret}, []string{"broker", "--listen", broker, "--user", "user"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			cmd := exec.CommandContext(ctx, filepath.Join(binaryDir, "mqscript"+exeSuffix()), test.args...)
			cmd.Dir = dir
			cmd.Env = append([]string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "GORACE=atexit_sleep_ms=0"}, test.env...)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			err := cmd.Run()
			if ctx.Err() != nil {
				t.Fatalf("it does not end; it printed\n%s", out.String())
			}
			if text := out.String(); leaks(text) {
				t.Errorf("%v: the secret is in the output:\n%s", err, excerpt(text))
			}
			if out.Len() == 0 && test.args[0] == "run" {
				t.Error("it printed nothing at all")
			}
		})
	}
}

// TestPasswordsOnTheCommandLine warns of them: others can see them there.
func TestPasswordsOnTheCommandLine(t *testing.T) {
	script := filepath.Join(t.TempDir(), "exit.js")
	if err := os.WriteFile(script, []byte("exit()"), 0o600); err != nil {
		t.Fatal(err)
	}
	url := "mqtt://" + startBroker(t)
	for _, test := range []struct {
		args []string
		want bool
	}{
		{[]string{"-P", secret}, true},
		{nil, false},
	} {
		cmd := exec.CommandContext(t.Context(), filepath.Join(binaryDir, "mqscript"+exeSuffix()), append([]string{"run", "--url", url, "-u", "user", script}, test.args...)...)
		cmd.Env = append(os.Environ(), "MQSCRIPT_PASSWORD="+secret)
		out, err := cmd.CombinedOutput()
		if err != nil || strings.Contains(string(out), "can see --password among its processes") != test.want {
			t.Errorf("%v: %v\n%s", test.args, err, out)
		}
	}
}

// TestOldTLSIsRefused talks to a server whose newest version of TLS is 1.1.
func TestOldTLSIsRefused(t *testing.T) {
	certs := mqtttest.NewCertificates(t)
	pair, err := tls.LoadX509KeyPair(certs.CertFile, certs.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]*tls.Config{
		"1.1": {Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
		"1.2": {Certificates: []tls.Certificate{pair}, MaxVersion: tls.VersionTLS12},
	} {
		listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
		if err != nil {
			t.Fatal(err)
		}
		shaken := make(chan error, 1)
		go func() {
			conn, err := listener.Accept()
			if err == nil {
				err = conn.(*tls.Conn).Handshake()
				_ = conn.Close()
			}
			shaken <- err
		}()
		out, runErr := exec.CommandContext(t.Context(), filepath.Join(binaryDir, "mqscript"+exeSuffix()),
			"pub", "--url", "mqtts://"+listener.Addr().String(), "--ca", certs.CAFile, "-t", "a", "-m", "b").CombinedOutput()
		_ = listener.Close()
		err = <-shaken
		if (err == nil) != (name == "1.2") || runErr == nil {
			t.Errorf("TLS %s: the server saw %v, the program printed %s", name, err, out)
		}
	}
}

// leaks tells whether a text has the secret in it, as it is or coded.
func leaks(text string) bool {
	var numbers, hex []string
	for _, b := range []byte(secret) {
		numbers, hex = append(numbers, fmt.Sprint(b)), append(hex, fmt.Sprintf("%02x", b))
	}
	for _, form := range []string{secret, strings.Join(numbers, ","), strings.Join(numbers, ", "), strings.Join(numbers, " "), strings.Join(hex, ""), strings.Join(hex, " ")} {
		if strings.Contains(text, form) {
			return true
		}
	}
	return false
}

// excerpt is the line that leaks.
func excerpt(text string) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if leaks(line) {
			lines = append(lines, line[:min(len(line), 500)])
		}
	}
	return strings.Join(lines, "\n")
}

func closedPort(t *testing.T) string {
	t.Helper()
	port, err := mqtttest.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(port)
}

// startBroker runs "mqscript broker" and returns its address.
func startBroker(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(binaryDir, "mqscript"+exeSuffix()), "broker", "--listen", "127.0.0.1:0")
	var out output
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	deadline := time.After(patience)
	for {
		text, changed := out.state()
		if _, rest, ok := strings.Cut(text, "listening on mqtt://"); ok && strings.Contains(rest, "\n") {
			at := strings.Fields(rest)[0]
			if _, _, err := net.SplitHostPort(at); err != nil {
				t.Fatal(err)
			}
			return at
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("no broker: %s", text)
		}
	}
}
