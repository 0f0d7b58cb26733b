package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/mqscript/mqscript/internal/packet"
)

// The subjects: what is measured.
const (
	subjectMqscript    = "mqscript"
	subjectNode        = "MQTT.js"
	subjectBare        = "bare Go client"
	subjectMqttScripts = "mqtt-scripts"
	subjectNodeRED     = "Node-RED"
)

// subjects is who takes turns in a row.
func (r *row) subjects() []string {
	return append([]string{subjectMqscript, subjectNode}, r.beside...)
}

// errNoOthers says that the other programs are not installed.
var errNoOthers = errors.New("mqtt-scripts and Node-RED are not installed: run npm ci in bench/others")

// installed is an error when a subject of the row is not there. That of
// mqscript and MQTT.js was looked at when the harness was made.
func (h *harness) installed(r *row) error {
	for subject, folder := range map[string]string{subjectMqttScripts: "mqtt-scripts", subjectNodeRED: "node-red"} {
		if !slices.Contains(r.beside, subject) {
			continue
		}
		if _, err := os.Stat(filepath.Join(h.dir, "others", "node_modules", folder)); err != nil {
			return errNoOthers
		}
	}
	return nil
}

// command is how a subject is started with the row's scripts. The addr is
// host:port of the peer.
func (h *harness) command(r *row, subject, addr string) *exec.Cmd {
	url := "mqtt://" + addr
	qos, level := strconv.Itoa(int(r.qos)), strconv.Itoa(int(r.version))
	script := filepath.Join(h.dir, "cases", r.workload.script())
	others := filepath.Join(h.dir, "others")
	host, port, _ := net.SplitHostPort(addr) // the empty ones will not connect
	files := slices.Repeat([]string{script}, r.scripts)
	env := []string{"BENCH_QOS=" + qos, "BENCH_SCRIPT=" + script, "BENCH_HOST=" + host, "BENCH_PORT=" + port, "BENCH_LEVEL=" + level}
	var args []string
	switch subject {
	case subjectNode:
		args = append([]string{"node", filepath.Join(h.dir, "adapter.js"), url, level, qos}, files...)
	case subjectBare:
		args = []string{h.self, url, r.version.String(), qos, r.workload.name}
		env = append(env, roleVariable+"="+roleBare)
	case subjectMqttScripts:
		args = []string{
			"node", filepath.Join(others, "node_modules", "mqtt-scripts", "index.js"), "--url", url, "--name", "bench",
			"--dir", filepath.Join(others, "mqtt-scripts"), "--disable-watch", "--verbosity", "warn",
		}
	case subjectNodeRED:
		args = []string{
			"node", filepath.Join(others, "node_modules", "node-red", "red.js"),
			"--userDir", h.tmp, "--settings", filepath.Join(others, "node-red", "settings.js"),
		}
	default:
		args = append([]string{
			h.mqscript, "run", "--url", url, "-t", "in/#", "--qos", qos,
			"--protocol", r.version.String(), "--data-dir", h.tmp, "--log-level", "warn",
		}, files...)
	}
	cmd := exec.Command(args[0], args[1:]...) //nolint:noctx,gosec // startProcess ends it
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// bareProcess is the process that command starts for the bare loop.
func bareProcess(ctx context.Context, args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("the bare loop takes 4 arguments, not %q", args)
	}
	versions := map[string]packet.Version{"3.1": packet.V31, "3.1.1": packet.V311, "5": packet.V5}
	qos, err := strconv.ParseUint(args[2], 10, 8)
	if err != nil {
		return fmt.Errorf("reading the QoS: %w", err)
	}
	return runBare(ctx, args[0], versions[args[1]], byte(qos), args[3])
}
