package test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// harms are what hostile scripts do, and what their consoles must say.
var harms = []struct{ name, does, says string }{
	{"allocates", `const keep = []; for (;;) keep.push(Buffer.alloc(1 << 20, 1))`, "the script was ended: it used more than 64 MB of memory; it starts again in 250ms"},
	{"giant", `'x'.repeat(2 ** 40)`, "*Invalid string length"},
	{"large", `const keep = []; for (let i = 0; i < 100; i++) keep.push(new Array(1 << 22).fill(i))`, "the script was ended: it used more than 64 MB of memory; it starts again in 250ms"},
	{"deep", `(function* g() { yield* g() })().next()`, "the script was ended: it*; it starts again in 250ms"},
	{"stuck", `Array.prototype.indexOf.call({ length: 2 ** 52 }, 1)`, "the script was ended: it did not return within 2s and could not be interrupted*"},
	{"loops", `for (;;) ;`, "*interrupted after 2s*"},
	{"throws", `throw new Error('harm')`, "*Error: harm"},
	{"prints", `for (let i = 0; ; i++) if (i % 5000 === 0) console.error("harm", i); else console.log("harm", i)`, "harm 5000"},
	{"publishes", `for (let i = 0; ; i++) publish('harm/done', String(i))`, "*interrupted after 2s*"},
	{"exits", `exit()`, ""},
}

// Scripts do all the harm that they can, each once, in the middle of a stream of
// QoS 1 messages: their neighbour misses none, and nor do they.
func TestNeighbourMissesNothing(t *testing.T) {
	const messages = 3000
	lean, err := buildLean(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	test := func(t *testing.T, b broker) {
		dir, counts := write(t, "counts.js", `
let n = 0
module.exports = {
  onPacketReceive(packet) { if (packet.cmd === 'suback') console.log('ready') },
  onMessage(topic, payload) {
    if (topic !== 'in') return
    if (payload.toString() !== String(n)) console.log('expected', n, 'got', payload.toString())
    if (++n === 3000) console.log('counted all')
  },
}`)
		args := []string{"run", "--url", b.url(), "-t", "in", "-t", "harm", "-q", "1", "--isolate", "--memory", "64MB", "--handler-limit", "2s", "--stats", counts}
		for _, h := range harms {
			_, file := write(t, h.name+".js", fmt.Sprintf(`
const fs = require('fs')
exports.onMessage = (topic, payload) => {
  if (topic !== 'harm' || payload.toString() !== '%s' || fs.existsSync('done')) return
  fs.writeFileSync('done', '');
  %s
}`, h.name, h.does))
			args = append(args, file)
		}
		p := startBinary(t, lean, dir, args...)
		p.expect("*ready")
		var names []string
		for _, h := range harms {
			names = append(names, "'"+h.name+"'")
		}
		_, source := write(t, "source.js", fmt.Sprintf(`
const harms = [%s]
module.exports = {
  async onConnect() {
    for (let i = 0; i < 3000; i++) {
      if (i %% 250 === 125 && harms.length) await publish('harm', harms.shift(), { qos: 1 })
      await publish('in', String(i), { qos: 1 })
    }
    exit()
  },
}`, strings.Join(names, ",")))
		s := start(t, dir, "run", "--url", b.url(), source)
		p.expect("*counted all")
		if n := p.stdout.count("*expected*"); n > 0 {
			t.Errorf("%d messages were lost or out of order", n)
		}
		if code := s.wait(); code != 0 {
			t.Errorf("the source ended with %d", code)
		}
		for _, h := range harms {
			if h.says != "" && p.stderr.count("[[]"+h.name+"] "+h.says) == 0 {
				t.Errorf("%s: nothing on its console like %s", h.name, h.says)
			}
		}
		p.awaitHandled(harms[0].name, messages+len(harms))
		if code := p.stop(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		for _, h := range harms {
			if h.name == "exits" {
				continue
			}
			row := regexp.MustCompile(`(?m)^`+h.name+` .*$`).FindAllString(p.stderr.all(), -1)
			if fields := strings.Fields(row[len(row)-1]); fields[2] != fmt.Sprint(messages+len(harms)) || fields[3] != fields[2] || fields[5] != "0" {
				t.Errorf("received, handled and dropped are not %d, %d, 0: %s", messages+len(harms), messages+len(harms), row)
			}
		}
	}
	t.Run("mosquitto", func(t *testing.T) {
		t.Parallel()
		test(t, newMosquitto(t, "max_queued_messages 0")) // it drops messages for a client otherwise
	})
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		test(t, newEmbedded(t))
	})
}

// awaitHandled asks for counters until a script has handled all.
func (p *process) awaitHandled(name string, n int) {
	p.t.Helper()
	mqtttest.Eventually(p.t, name+" to handle all", func() bool {
		p.signal(syscall.SIGUSR1)
		return p.stderr.count(fmt.Sprintf("%s *%d *%d *", name, n, n)) > 0
	})
}

// pidOf waits for the line in which a script says its process.
func pidOf(p *process) int {
	p.t.Helper()
	p.expect("pid *")
	var pid int
	if _, err := fmt.Sscanf(p.stdout.matched(), "pid %d", &pid); err != nil {
		p.t.Fatal(err)
	}
	return pid
}

func onlyLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("this system does not tell of its processes in files")
	}
}

// lives tells whether a process is there and has not merely not been waited for.
func lives(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	state := stat[bytes.LastIndexByte(stat, ')')+2]
	return state != 'Z' && state != 'X'
}

// However the program ends, its children do.
func TestChildrenEndWithTheProgram(t *testing.T) {
	onlyLinux(t)
	dir, file := write(t, "pid.js", `console.log('pid', process.pid); exports.onMessage = () => { for (;;) ; }`)
	for _, end := range []os.Signal{syscall.SIGTERM, syscall.SIGKILL, syscall.SIGQUIT} {
		p := start(t, dir, "run", "--isolate", "--listen", "127.0.0.1:0", file)
		pid := pidOf(p)
		if !lives(pid) || pid == p.cmd.Process.Pid {
			t.Fatalf("the script's process %d does not live", pid)
		}
		p.signal(end)
		p.wait()
		mqtttest.Eventually(t, "the end of the child", func() bool { return !lives(pid) })
	}
}

// A signal that a service manager, or a terminal, sends to every process means
// the program, which stops its scripts; and the second one ends it at once.
func TestSignalsToTheScriptsProcess(t *testing.T) {
	onlyLinux(t)
	dir, file := write(t, "stays.js", `
console.log('pid', process.pid)
setInterval(() => console.log('tick'), 10)
module.exports = { onWillExit() { console.log('bye') } }`)
	p := start(t, dir, "run", "--isolate", "--listen", "127.0.0.1:0", file)
	pid := pidOf(p)
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGUSR1} {
		if err := syscall.Kill(pid, sig); err != nil {
			t.Fatal(err)
		}
	}
	p.expect("tick", "tick", "tick")
	if code := p.stop(); code != 0 || p.stdout.count("bye") != 1 {
		t.Errorf("exit code %d", code)
	}

	dir, file = write(t, "never.js", `console.log('pid', process.pid); module.exports = { onWillExit() { console.log('bye'); for (;;) ; } }`)
	p = start(t, dir, "run", "--isolate", "--listen", "127.0.0.1:0", file)
	pid = pidOf(p)
	p.signal(syscall.SIGINT)
	p.expect("bye")
	mqtttest.Eventually(t, "the end at the second signal", func() bool {
		select {
		case <-p.done:
			return true
		default: // signals that come close after each other count as one
			_ = p.cmd.Process.Signal(syscall.SIGINT)
			return false
		}
	})
	if code := p.wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	mqtttest.Eventually(t, "the end of the child", func() bool { return !lives(pid) })
}

// A process that is killed from outside is started again, unless that is not
// wanted; then the program says so and ends.
func TestKilledFromOutside(t *testing.T) {
	onlyLinux(t)
	dir, file := write(t, "pid.js", `console.log('pid', process.pid); exports.onMessage = () => {}`)
	p := start(t, dir, "run", "--isolate", "--listen", "127.0.0.1:0", file)
	for range 2 {
		if err := syscall.Kill(pidOf(p), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		p.expectErr("the script was ended: its process was killed from outside*; it starts again in *")
	}
	pidOf(p)
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	p = start(t, dir, "run", "--isolate", "--restart", "never", "--listen", "127.0.0.1:0", file)
	if err := syscall.Kill(pidOf(p), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if code := p.wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	p.expectErr("the script was ended: its process was killed from outside*", "mqscript: error: script pid was ended: *")
}

// What is secret is in no list of processes and in no environment that others
// could read, and a script does not see it.
func TestChildrenKeepSecrets(t *testing.T) {
	onlyLinux(t)
	const secret = "hunter2-secret"
	dir, file := write(t, "env.js", `
console.log('pid', process.pid)
console.log('env', JSON.stringify(process.env).includes('hunter2'), process.env.PLAIN)
module.exports = { onPacketSend(p) { if (p.cmd === 'connect') console.log('sent', JSON.stringify(p)) } }`)
	t.Setenv("MQSCRIPT_PASSWORD", secret)
	t.Setenv("MQSCRIPT_STORE", "redis://:"+secret+"@127.0.0.1:1")
	t.Setenv("PLAIN", "seen")
	b := newEmbedded(t)
	p := start(t, dir, "run", "--isolate", "--url", b.url(), "-u", "someone", file)
	pid := pidOf(p)
	p.expect("env false seen", "sent *")
	for _, name := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(pid), name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("the secret is in %s", name)
		}
		if name == "environ" && !bytes.Contains(data, []byte("PLAIN=seen")) {
			t.Error("the environment of the process is not that of the program")
		}
	}
	p.stop()
	if strings.Contains(p.stdout.all()+p.stderr.all(), secret) {
		t.Error("the secret is shown")
	}
}

// A program whose file has gone still runs the scripts that it has, and says
// what is the matter with the next.
func TestProgramWithoutFile(t *testing.T) {
	onlyLinux(t)
	moved := filepath.Join(t.TempDir(), "mqscript")
	if out, err := exec.Command("cp", binary, moved).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dir, file := write(t, "pid.js", `console.log('pid', process.pid)`)
	p := startBinary(t, moved, dir, "run", "--isolate", "--listen", "127.0.0.1:0", file)
	pid := pidOf(p)
	if err := os.Remove(moved); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.expectErr("the script was ended: its process could not be started: *no such file*; it starts again in *")
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
