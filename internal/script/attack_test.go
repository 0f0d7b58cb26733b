package script_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// stolen is in every file that an attack must not read.
const stolen = "STOLEN-5d1c"

// refused is what most attacks must meet with.
const refused = "ERR_ACCESS_DENIED"

// attack is a piece of JavaScript that tries to get at what it must not have.
type attack struct {
	name, code string
	meets      string // a regular expression for what it prints; default: refused
}

// attackers wraps attacks in one script. Each prints its name and the code of
// the error that it met, or what it got.
func attackers(attacks []attack) string {
	var b strings.Builder
	b.WriteString(`
		const attacks = [], show = (v) => typeof v === 'object' || typeof v === 'function' ? Object.prototype.toString.call(v) : String(v)
		const stringify = (v) => { try { return v instanceof Error ? v.code + v.message + v.stack : String(v) + JSON.stringify(v) } catch { return '' } }
		const say = console.log.bind(console)
	`)
	for _, a := range attacks {
		fmt.Fprintf(&b, "attacks.push([%q, async () => { %s }])\n", a.name, a.code)
	}
	b.WriteString(`
		;(async () => {
			for (const [name, f] of attacks) {
				let met, all
				try { const v = await f(); met = 'got ' + show(v); all = stringify(v) } catch (e) { met = e && (e.code || e.name + ': ' + e.message); all = stringify(e) }
				say(name + ' | ' + met + (all.includes('` + stolen[:7] + `' + '` + stolen[7:] + `') ? ' | it got the secret' : ''))
			}
			exit()
		})()`)
	return b.String()
}

// judge compares what attacks printed with what they must meet.
func judge(t *testing.T, attacks []attack, console string) {
	t.Helper()
	if strings.Contains(console, "it got the secret") || strings.Contains(console, stolen) {
		t.Error("a secret got out")
	}
	met := make(map[string]string)
	for _, line := range strings.Split(console, "\n") {
		if name, what, ok := strings.Cut(line, " | "); ok {
			met[name] = what
		}
	}
	for _, a := range attacks {
		want := a.meets
		if want == "" {
			want = refused
		}
		if got, ok := met[a.name]; !ok || !regexp.MustCompile("^(?:"+want+")$").MatchString(got) {
			t.Errorf("%s: met %q, want %s", a.name, got, want)
		}
	}
	if t.Failed() {
		t.Log(console)
	}
}

// strict is the policy of --sandbox strict with these flags.
func strict(t *testing.T, c permission.Config) *permission.Policy {
	t.Helper()
	c.Strict = true
	p, err := permission.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// raid runs attacks in a script and judges them. A second script of the process
// must be unharmed and get its message.
func raid(t *testing.T, attacks []attack, options ...scripttest.Option) {
	t.Helper()
	neighbour := scripttest.Start(t, neighbourSource)
	source := attackers(attacks)
	r := scripttest.New(t, source, append(options, func(o *script.Options) { put(t, o.Path, source) })...)
	r.Script.Start()
	state, err := r.Ended()
	if state != script.StateExited {
		t.Errorf("the attacker ended as %v: %v", state, err)
	}
	judge(t, attacks, r.Console.Text())
	unharmed(t, neighbour)
}

// neighbourSource uses what attackers change in their own world.
const neighbourSource = `
	exports.onMessage = (topic, payload, packet) => {
		const all = [...JSON.parse('[1,2]'), ...[3].map((n) => n + Buffer.from('a').length)]
		all.push(packet.qos)
		return Promise.resolve(all.join()).then((text) => console.log('unharmed', topic, String(payload), text))
	}`

func unharmed(t *testing.T, r *scripttest.Run) {
	t.Helper()
	r.Message("t", "p", 1)
	r.Prints("unharmed t p 1,2,4,1")
}

// outside makes a folder with secrets and one beside it for the script.
func outside(t *testing.T) (secrets, app string) {
	t.Helper()
	top := t.TempDir()
	if real, err := filepath.EvalSymlinks(top); err == nil {
		top = real
	}
	secrets, app = filepath.Join(top, "secrets"), filepath.Join(top, "app")
	put(t, filepath.Join(secrets, "secret.txt"), stolen)
	put(t, filepath.Join(secrets, "secret.json"), `{"key":"`+stolen+`"}`)
	put(t, filepath.Join(secrets, "broken.json"), `{"key": `+stolen+`}`)
	put(t, filepath.Join(secrets, "secret.js"), `module.exports = '`+stolen+`'`)
	put(t, filepath.Join(secrets, "secret.mjs"), `export default '`+stolen+`'`)
	put(t, filepath.Join(secrets, "broken.js"), stolen+` is no = JavaScript`)
	put(t, filepath.Join(secrets, "secret.env"), `KEY=`+stolen)
	put(t, filepath.Join(secrets, "pkg", "package.json"), `{"main":"../secret.js","x":"`+stolen+`"}`)
	put(t, filepath.Join(secrets, "pkg", "index.js"), `module.exports = '`+stolen+`'`)
	put(t, filepath.Join(app, "data.json"), `{}`)
	for name, manifest := range map[string]string{
		"mainout": `{"main":"../../../secrets/secret.js"}`, "mainabs": `{"main":"` + secrets + `/secret.js"}`,
		"exportsout": `{"exports":"../../../secrets/secret.js"}`, "exportsdot": `{"exports":"./../../../secrets/secret.js"}`,
		"exportsstar": `{"exports":{"./*":"./*"}}`, "browserout": `{"main":"./a.js","browser":"../../../secrets/secret.js"}`,
		"browsermap": `{"main":"./a.js","browser":{"./a.js":"../../../secrets/secret.js"}}`,
		"importsout": `{"imports":{"#x":"../../../secrets/secret.js","#y":"` + secrets + `/secret.js"},"main":"./imports.js"}`,
	} {
		put(t, filepath.Join(app, "node_modules", name, "package.json"), manifest)
		put(t, filepath.Join(app, "node_modules", name, "a.js"), "")
		put(t, filepath.Join(app, "node_modules", name, "imports.js"), `exports.x = () => require('#x'); exports.y = () => require('#y')`)
	}
	for name, target := range map[string]string{
		"node_modules/linked": filepath.Join(secrets, "pkg"), "node_modules/@scope": secrets, "linked.js": filepath.Join(secrets, "secret.js"),
		"linked.txt": filepath.Join(secrets, "secret.txt"), "linkedfolder": secrets, "linkedroot": "/",
	} {
		if err := os.Symlink(target, filepath.Join(app, name)); err != nil {
			t.Fatal(err)
		}
	}
	return secrets, app
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// in runs the script in a folder and tells it where the secrets are.
func in(secrets, app string) scripttest.Option {
	return func(o *script.Options) {
		o.Path = filepath.Join(app, "script.js")
		o.DataDir = filepath.Join(app, "mqscript-data", "script")
		o.Hidden = []string{filepath.Join(app, "mqscript-data")}
		o.Args = []string{secrets}
	}
}

const places = `const fs = require('fs'), path = require('path'), secrets = process.argv[2], S = secrets + '/secret.txt', { script } = require('mqscript');`

// TestAttacksOnFiles tries to read and write outside of a script's folders.
func TestAttacksOnFiles(t *testing.T) {
	absent := "ENOENT|" + refused
	attacks := []attack{
		{"absolute", places + `return fs.readFileSync(S, 'utf8')`, ""},
		{"passwd", places + `return fs.readFileSync('/etc/passwd', 'utf8')`, ""},
		{"dots", places + `return fs.readFileSync(path.join(__dirname, '../secrets/secret.txt'), 'utf8')`, ""},
		{"raw dots", places + `return fs.readFileSync(__dirname + '/../secrets/secret.txt', 'utf8')`, ""},
		{"dots from data", places + `return fs.readFileSync('../../../secrets/secret.txt', 'utf8')`, ""},
		{"many dots", places + `return fs.readFileSync('../'.repeat(50) + 'etc/passwd', 'utf8')`, ""},
		{"dots in the middle", places + `return fs.readFileSync(script.dataDir + '/x/../../../../secrets/secret.txt', 'utf8')`, ""},
		{"dots through a link", places + `return fs.readFileSync(__dirname + '/linkedfolder/../secrets/secret.txt', 'utf8')`, absent},
		{"prefix of a folder", places + `return fs.readFileSync(__dirname + '-other/secret.txt', 'utf8')`, ""},
		{"link", places + `return fs.readFileSync(__dirname + '/linked.txt', 'utf8')`, ""},
		{"linked folder", places + `return fs.readFileSync(__dirname + '/linkedfolder/secret.txt', 'utf8')`, ""},
		{"linked root", places + `return fs.readFileSync(__dirname + '/linkedroot' + S, 'utf8')`, ""},
		{"linked package", places + `return fs.readFileSync(__dirname + '/node_modules/linked/index.js', 'utf8')`, ""},
		{"list a link", places + `return fs.readdirSync(__dirname + '/linkedfolder').join()`, ""},
		{"list the root", places + `return fs.readdirSync('/').join()`, ""},
		{"stat", places + `return fs.statSync(S).size`, ""},
		{"exists", places + `return [fs.existsSync(S), fs.existsSync('/etc/passwd'), fs.existsSync(__dirname + '/linked.txt')].join()`, "got false,false,false"},
		{"access", places + `return fs.accessSync(S)`, ""},
		{"proc root", places + `return fs.readFileSync('/proc/self/root' + S, 'utf8')`, ""},
		{"proc cwd", places + `return fs.readFileSync('/proc/self/cwd/go.mod', 'utf8')`, ""},
		{"proc environ", places + `return fs.readFileSync('/proc/self/environ', 'utf8')`, ""},
		{"proc mem", places + `return fs.writeFileSync('/proc/self/mem', 'x')`, ""},
		{"dev fd", places + `return fs.readFileSync('/dev/fd/0', 'utf8')`, ""},
		{"dev stdin", places + `return fs.readFileSync('/dev/stdin', 'utf8')`, ""},
		{"descriptor", places + `return fs.readFileSync(0, 'utf8')`, "EBADF|ERR_INVALID_ARG_TYPE|" + refused},
		{"descriptors", places + `for (let fd = 0; fd < 64; fd++) { try { fs.readSync(fd, Buffer.alloc(9)); return fd } catch (e) { if (e.code !== 'EBADF' && e.code !== 'ERR_NOT_IMPLEMENTED') throw e } }`, "got undefined"},
		{"case", places + `return fs.readFileSync(S.toUpperCase(), 'utf8')`, ""},
		{"percent", places + `return fs.readFileSync(__dirname + '/%2e%2e/secrets/secret.txt', 'utf8')`, "ENOENT"},
		{"backslash", places + `return fs.readFileSync(__dirname + '\\..\\secrets\\secret.txt', 'utf8')`, absent},
		{"NUL", places + `return fs.readFileSync(S + '\0.txt', 'utf8')`, "ERR_INVALID_ARG_VALUE|EINVAL|" + refused},
		{"NUL inside", places + `return fs.readFileSync('a\0/../../../../secrets/secret.txt', 'utf8')`, "ERR_INVALID_ARG_VALUE|EINVAL|" + refused},
		{"URL", places + `return fs.readFileSync(new URL('file://' + S), 'utf8')`, ""},
		{"URL with percent", places + `return fs.readFileSync(new URL('file://' + __dirname + '/%2e%2e/secrets/secret.txt'), 'utf8')`, ""},
		{"URL with coded slash", places + `return fs.readFileSync(new URL('file://' + __dirname + '/..%2fsecrets%2fsecret.txt'), 'utf8')`, "ERR_INVALID_FILE_URL_PATH|" + refused},
		{"URL with host", places + `return fs.readFileSync(new URL('file://host' + S), 'utf8')`, "ERR_INVALID_FILE_URL_HOST|" + refused},
		{"false URL", places + `return fs.readFileSync({ href: 'file://' + S, protocol: 'file:', pathname: S, hostname: '' }, 'utf8')`, "ERR_INVALID_ARG_TYPE|" + refused},
		{"changing name", places + `let n = 0; return fs.readFileSync({ toString: () => n++ ? S : 'a' }, 'utf8')`, "ERR_INVALID_ARG_TYPE"},
		{"changing URL", places + `let n = 0; const u = new URL('file:///a'); Object.defineProperty(u, 'href', { get: () => n++ ? 'file://' + S : 'file:///' + script.dataDir }); return fs.readFileSync(u, 'utf8')`, "ENOENT|EISDIR|" + refused},
		{"Buffer", places + `return fs.readFileSync(Buffer.from(S), 'utf8')`, ""},
		{"promises", places + `return await fs.promises.readFile(S, 'utf8')`, ""},
		{"promises of a link", places + `return await fs.promises.readFile(__dirname + '/linked.txt', 'utf8')`, ""},
		{"callback", places + `return await new Promise((done, fail) => fs.readFile(S, 'utf8', (e, v) => e ? fail(e) : done(v)))`, ""},
		{"stream", places + `let all = ''; for await (const chunk of fs.createReadStream(S)) all += chunk; return all`, ""},
		{"open", places + `return (await fs.promises.open(S)).fd`, ""},
		{"openSync", places + `return fs.openSync(S, 'r')`, ""},
		{"write", places + `return fs.writeFileSync(S, 'x')`, ""},
		{"append", places + `return fs.appendFileSync(S, 'x')`, ""},
		{"write own source", places + `return fs.writeFileSync(__filename, 'x')`, ""},
		{"write a package", places + `return fs.writeFileSync(__dirname + '/node_modules/mainout/a.js', 'x')`, ""},
		{"write a link", places + `return fs.writeFileSync(__dirname + '/linked.txt', 'x')`, ""},
		{"write stream", places + `return await new Promise((done, fail) => fs.createWriteStream(S).on('error', fail).end('x', (problem) => { if (!problem) done() }))`, ""},
		{"mkdir", places + `return fs.mkdirSync(secrets + '/new')`, ""},
		{"mkdir recursive", places + `return fs.mkdirSync(secrets + '/new/deep', { recursive: true })`, ""},
		{"mkdtemp", places + `return fs.mkdtempSync(secrets + '/new')`, ""},
		{"unlink", places + `return fs.unlinkSync(S)`, ""},
		{"rm", places + `return fs.rmSync(secrets, { recursive: true, force: true })`, ""},
		{"rm force of nothing", places + `return fs.rmSync(secrets + '/nothing', { force: true })`, ""},
		{"rm root", places + `return fs.rmSync('/', { recursive: true, force: true })`, ""},
		{"rm own data", places + `script.dataDir; return fs.rmSync('.', { recursive: true })`, ""},
		{"rename away", places + `fs.writeFileSync('a', 'x'); return fs.renameSync('a', secrets + '/a')`, ""},
		{"rename in", places + `return fs.renameSync(S, 'b')`, ""},
		{"rename own data", places + `return fs.renameSync('.', '../other')`, ""},
		{"copy in", places + `return fs.copyFileSync(S, 'c')`, ""},
		{"copy out", places + `fs.writeFileSync('a', 'x'); return fs.copyFileSync('a', secrets + '/a')`, ""},
		{"copy a link", places + `return fs.copyFileSync(__dirname + '/linked.txt', 'c')`, ""},
		{"own link", places + `fs.symlinkSync(S, 'mine'); return fs.readFileSync('mine', 'utf8')`, ""},
		{"own link to a folder", places + `fs.symlinkSync('../../../secrets', 'mine2'); return fs.readFileSync('mine2/secret.txt', 'utf8')`, ""},
		{"write by own link", places + `fs.symlinkSync(secrets, 'mine3'); return fs.writeFileSync('mine3/new', 'x')`, ""},
		{"link elsewhere", places + `return fs.symlinkSync(S, __dirname + '/x')`, ""},
		{"hard link in", places + `return fs.linkSync(S, 'hard')`, ""},
		{"hard link out", places + `fs.writeFileSync('a', 'x'); return fs.linkSync('a', secrets + '/hard')`, ""},
		{"hard link by own link", places + `fs.symlinkSync(S, 'mine4'); fs.linkSync('mine4', 'hard4'); return fs.readFileSync('hard4', 'utf8')`, ""},
		{"truncate", places + `return fs.truncateSync(S)`, ""},
		{"utimes", places + `return fs.utimesSync(S, 1, 1)`, ""},
		{"chmod", places + `return fs.chmodSync(S, 0o777)`, ""},
		{"realpath", places + `return fs.realpathSync(__dirname + '/linked.txt')`, ""},
		{"watch", places + `return fs.watch(secrets)`, "ERR_NOT_IMPLEMENTED"},
		{"opendir", places + `return (await fs.promises.opendir(secrets)).path`, ""},
		{"other script's data", places + `return fs.readFileSync(__dirname + '/mqscript-data/other/secret.txt', 'utf8')`, ""},
		{"list of scripts' data", places + `return fs.readdirSync(__dirname + '/mqscript-data').join()`, ""},
		{"other script's data by case", places + `return fs.readFileSync(__dirname + '/MQSCRIPT-data/other/secret.txt', 'utf8')`, absent},
		{"load other script's data", places + `return require('./mqscript-data/other/secret.js')`, ""},
	}
	for name, policy := range map[string]*permission.Policy{"default": nil, "strict": strict(t, permission.Config{})} {
		t.Run(name, func(t *testing.T) {
			secrets, app := outside(t)
			put(t, filepath.Join(app, "mqscript-data", "other", "secret.txt"), stolen)
			put(t, filepath.Join(app, "mqscript-data", "other", "secret.js"), `module.exports = '`+stolen+`'`)
			before := contents(t, secrets)
			raid(t, attacks, in(secrets, app), func(o *script.Options) { o.Permissions = policy })
			if after := contents(t, secrets); after != before {
				t.Errorf("the secrets were\n%s\nand are\n%s", before, after)
			}
		})
	}
}

// contents lists the files below a folder with what is in them.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			fmt.Fprintln(&b, path, err)
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintln(&b, path, info.Mode(), info.ModTime(), string(text), err)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
