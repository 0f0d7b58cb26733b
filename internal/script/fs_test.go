package script_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestFiles(t *testing.T) {
	r := scripttest.New(t, `
		const fs = require('fs'), path = require('path'), { script } = require('mqscript')
		const fails = f => { try { console.log('no error', f()) } catch (e) { console.log(e.code, e.syscall, e.message.replaceAll(script.dataDir, 'DATA').replaceAll(__dirname, 'SOURCE')) } }
		fs.writeFileSync('a.txt', 'héllo'); fs.appendFileSync('a.txt', Buffer.from('!')); console.log(fs.readFileSync('a.txt', 'utf8'), fs.readFileSync('a.txt').length, fs.readFileSync('a.txt', { encoding: 'hex' }).slice(0, 4))
		console.log(fs.readFileSync(path.join(script.dataDir, 'a.txt'), 'latin1'), fs.existsSync('a.txt'), fs.existsSync('b.txt'), fs.existsSync('/etc/passwd'))
		fs.writeFileSync('a.txt', 'x', { flag: 'a' }); fs.writeFileSync('h.bin', '0102', 'hex'); console.log(fs.readFileSync('a.txt', 'utf8'), fs.readFileSync('h.bin'), fs.readFileSync(Buffer.from('a.txt'), 'utf8'), fs.readFileSync(new URL('file://' + script.dataDir + '/a.txt'), 'utf8'))
		fs.mkdirSync('d/e/f', { recursive: true }); fs.mkdirSync('d/e', { recursive: true }); fs.writeFileSync('d/z', ''); fs.writeFileSync('d/b', ''); console.log(fs.readdirSync('d'), fs.readdirSync('d', { withFileTypes: true }).map(e => e.name + e.isDirectory()))
		const s = fs.statSync('a.txt'); console.log(s.size, s.isFile(), s.isDirectory(), s.mtime instanceof Date, fs.statSync('d').isDirectory(), fs.statSync('none', { throwIfNoEntry: false }))
		fs.renameSync('a.txt', 'd/a2.txt'); fs.unlinkSync('d/a2.txt'); fs.rmSync('d', { recursive: true }); fs.rmSync('none', { force: true }); console.log(fs.readdirSync('.'))
		fs.writeFileSync(path.join(script.tmpDir, 't'), 'tmp'); console.log(fs.readFileSync(path.join(script.tmpDir, 't'), 'utf8'), fs.readFileSync(path.join(__dirname, 'beside.txt'), 'utf8'), fs.readFileSync(__dirname + '/sub/deep.txt', 'utf8'))
		fails(() => fs.readFileSync('none')); fails(() => fs.readdirSync('none')); fails(() => fs.statSync('none')); fails(() => fs.unlinkSync('none')); fails(() => fs.rmSync('none')); fails(() => fs.writeFileSync('no/dir', '')); fails(() => fs.accessSync('none'))
		fs.mkdirSync('dir'); fails(() => fs.mkdirSync('dir')); fails(() => fs.readFileSync('dir')); fails(() => fs.rmSync('dir')); fails(() => fs.unlinkSync('dir')); fails(() => fs.readdirSync('h.bin')); fails(() => fs.writeFileSync('h.bin', 'x', { flag: 'wx' }))
		fails(() => fs.readFileSync('/etc/passwd')); fails(() => fs.readFileSync('../../../../../../etc/passwd')); fails(() => fs.writeFileSync('/tmp/never', 'x')); fails(() => fs.writeFileSync(path.join(__dirname, 'beside.txt'), 'x')); fails(() => fs.unlinkSync(__filename)); fails(() => fs.rmSync(script.dataDir, { recursive: true })); fails(() => fs.readFileSync('link')); fails(() => fs.readdirSync('/'))
		fails(() => fs.readFileSync(5.5)); fails(() => fs.writeFileSync('x', {})); fails(() => fs.readFileSync('h.bin', 'nonsense')); fails(() => fs.writeFileSync('x', 'y', { flag: 'q' })); fails(() => fs.renameSync('h.bin', path.join(script.tmpDir, 'x')));
		(async () => {
			const p = fs.promises; await p.writeFile('p.txt', 'one'); await p.appendFile('p.txt', 'two'); console.log(await p.readFile('p.txt', 'utf8'), (await p.stat('p.txt')).size, await p.readdir('.'), await p.rm('p.txt'))
			await p.readFile('p.txt').catch(e => console.log(e.code, e instanceof Error)); await p.readFile('/etc/passwd').catch(e => console.log(e.code)); await p.access('h.bin'); await p.mkdir('q'); console.log(await require('node:fs/promises').readdir('q'))
			exit()
		})()`)
	r.Write("beside.txt", "beside")
	r.Write("sub/deep.txt", "deep")
	r.Script.Start()
	if state, err := r.Ended(); state != script.StateExited {
		t.Fatal(err, r.Console.Text())
	}
	const denied = " is denied; a script may write files in its data and tmp folders (require('mqscript').script has their paths)"
	const unread = " is denied; a script may read files beside itself and in its data and tmp folders (require('mqscript').script has their paths)"
	want := strings.Join([]string{
		"héllo! 7 68c3", "hÃ©llo! true false false", "héllo!x <Buffer 01 02> héllo!x héllo!x",
		"[ 'b', 'e', 'z' ] [ 'bfalse', 'etrue', 'zfalse' ]", "8 true false true true undefined", "[ 'h.bin' ]", "tmp beside deep",
		"ENOENT open ENOENT: no such file or directory, open 'none'",
		"ENOENT scandir ENOENT: no such file or directory, scandir 'none'",
		"ENOENT stat ENOENT: no such file or directory, stat 'none'",
		"ENOENT unlink ENOENT: no such file or directory, unlink 'none'",
		"ENOENT lstat ENOENT: no such file or directory, lstat 'none'",
		"ENOENT open ENOENT: no such file or directory, open 'no/dir'",
		"ENOENT access ENOENT: no such file or directory, access 'none'",
		"EEXIST mkdir EEXIST: file already exists, mkdir 'dir'",
		"EISDIR read EISDIR: illegal operation on a directory, read",
		"ERR_FS_EISDIR rm Path is a directory: rm returned EISDIR (is a directory) dir",
		"EISDIR unlink EISDIR: illegal operation on a directory, unlink 'dir'",
		"ENOTDIR scandir ENOTDIR: not a directory, scandir 'h.bin'",
		"EEXIST open EEXIST: file already exists, open 'h.bin'",
		"ERR_ACCESS_DENIED undefined access to '/etc/passwd'" + unread + "; --allow-read=/etc/passwd allows it",
		"ERR_ACCESS_DENIED undefined access to '/etc/passwd'" + unread + "; --allow-read=/etc/passwd allows it",
		"ERR_ACCESS_DENIED undefined access to '/tmp/never'" + denied + "; --allow-write=/tmp/never allows it",
		"ERR_ACCESS_DENIED undefined access to 'SOURCE/beside.txt'" + denied + "; --allow-write=SOURCE/beside.txt allows it",
		"ERR_ACCESS_DENIED undefined access to 'SOURCE/script.js'" + denied + "; --allow-write=SOURCE/script.js allows it",
		"ERR_ACCESS_DENIED undefined access to 'DATA'" + denied,
		"ENOENT open ENOENT: no such file or directory, open 'link'",
		"ERR_ACCESS_DENIED undefined access to '/'" + unread + "; --allow-read=/ allows it",
		`ERR_INVALID_ARG_TYPE undefined The "path" argument must be of type string or an instance of Buffer or URL. Received type number (5.5)`,
		`ERR_INVALID_ARG_TYPE undefined The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received an instance of Object`,
		"ERR_INVALID_ARG_VALUE undefined The argument 'encoding' is invalid encoding. Received 'nonsense'",
		"ERR_INVALID_ARG_VALUE undefined The argument 'flags' is invalid. Received 'q'",
	}, "\n")
	got := r.Console.Text()
	for i, line := range strings.Split(want, "\n") {
		lines := strings.Split(got, "\n")
		if i >= len(lines) || lines[i] != line {
			t.Errorf("line %d\n got %s\nwant %s", i+1, at(lines, i), line)
		}
	}
	if !strings.HasSuffix(got, "\nonetwo 6 [ 'dir', 'h.bin', 'p.txt' ] undefined\nENOENT true\nERR_ACCESS_DENIED\n[]") {
		t.Errorf("end of:\n%s", got)
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

func TestLinksDoNotLeadOutside(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(data, 0o750); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"link": outside, "folder": filepath.Dir(outside)} {
		if err := os.Symlink(target, filepath.Join(data, name)); err != nil {
			t.Fatal(err)
		}
	}
	r := scripttest.New(t, `
		const fs = require('fs')
		for (const f of [() => fs.readFileSync('link', 'utf8'), () => fs.writeFileSync('link', 'x'), () => fs.readdirSync('folder'), () => fs.writeFileSync('folder/new', 'x')])
			try { console.log('no error', f()) } catch (e) { console.log(e.code) }
		exit()`, func(o *script.Options) { o.DataDir = data })
	r.Script.Start()
	_, _ = r.Ended()
	if got := r.Console.Text(); got != strings.TrimSuffix(strings.Repeat("ERR_ACCESS_DENIED\n", 4), "\n") {
		t.Errorf("console %q", got)
	}
	if text, _ := os.ReadFile(outside); string(text) != "secret" {
		t.Errorf("the file outside is %q", text)
	}
}

func TestFoldersAreCreatedWhenUsed(t *testing.T) {
	var opts script.Options
	r := scripttest.New(t, `exit()`, func(o *script.Options) { opts = *o })
	r.Script.Start()
	_, _ = r.Ended()
	for _, dir := range []string{opts.DataDir, opts.TmpDir} {
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s was created", dir)
		}
	}
}

// TestFilesLeftOpen ends scripts that have opened files, as many as they may,
// and have more calls on their way than run at once.
func TestFilesLeftOpen(t *testing.T) {
	got := scripttest.Output(t, `
		const fs = require('fs')
		fs.writeFileSync('a', 'x')
		let open = 0
		try { for (;;) { fs.openSync('a'); open++ } } catch (error) { console.log(open <= 4096, error.code) }
		for (let i = 0; i < 1000; i++) fs.promises.readFile('a').then(() => {}, (error) => console.log(error.code))
		fs.readFile('a', () => exit())`)
	if got != "true EMFILE" {
		t.Errorf("console %q", got)
	}
}

// TestPipesDoNotHoldUpTheEnd reads and writes a pipe that nobody else has
// open.
func TestPipesDoNotHoldUpTheEnd(t *testing.T) {
	mkfifo, err := exec.LookPath("mkfifo")
	if err != nil {
		t.Skip("there is no command mkfifo here")
	}
	data := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), mkfifo, filepath.Join(data, "pipe")).CombinedOutput(); err != nil {
		t.Skipf("no pipe can be made: %s", out)
	}
	got := scripttest.Output(t, `
		const fs = require('fs')
		console.log(fs.statSync('pipe').isFIFO(), fs.readFileSync('pipe').length)
		fs.writeFile('pipe', 'x', (error) => {
			console.log(error.code)
			fs.openSync('pipe')
			fs.open('pipe', 'r+', (error, fd) => {
				fs.read(fd, Buffer.alloc(1), 0, 1, null, () => console.log('never'))
				setTimeout(exit, 10)
			})
		})`, func(o *script.Options) { o.DataDir = data })
	if got != "true 0\nENXIO" {
		t.Errorf("console %q", got)
	}
}
