package module_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// packages are the files that the tests below find packages in; each says what
// it is.
var packages = map[string]string{
	"package.json": `{"name":"home","imports":{"#lib/*":"./lib/*.js","#dep":"cond","#gone":"./gone.js","#os":"path","#null":null},
		"exports":{".":"./script.js","./own":"./lib/own.js"}}`,
	"lib/own.js":  `module.exports = 'own'`,
	"lib/deep.js": `module.exports = require('../lib/own') + ' ' + require.resolve('..').split('/').pop()`,
	"native.node": "",
	"typed.ts":    `export const typed: string = 'ts'`,
	"typed2.mts":  `export default 'mts' as string`,
	"data.json":   "\ufeff" + `{"n":1}`,

	"node_modules/cond/package.json": `{"exports":{".":{"types":"./t.d.ts","import":"./i.mjs","require":"./r.js"},"./package.json":"./package.json",
		"./f/*":"./files/*.js","./f/private/*":null,"./f/long-*":"./long/*.js","./deep/*/x":"./deep/*/y.js","./list":["bad",{"nope":"./x.js"},"./r.js"],
		"./out":"../out.js","./missing":"./missing.js","./nested":{"node":{"worker":"./x.js"},"default":{"import":"./i.mjs","default":"./r.js"}}}}`,
	"node_modules/cond/i.mjs":                   `export default 'import'; export const named = 'import named'`,
	"node_modules/cond/r.js":                    `module.exports = 'require'`,
	"node_modules/cond/files/a.js":              `module.exports = 'file a'`,
	"node_modules/cond/files/b/c.js":            `module.exports = 'file b/c'`,
	"node_modules/cond/files/private/s.js":      `module.exports = 'secret'`,
	"node_modules/cond/long/x.js":               `module.exports = 'long x'`,
	"node_modules/cond/deep/q/y.js":             `module.exports = 'deep q'`,
	"node_modules/cond/hidden.js":               `module.exports = 'hidden'`,
	"node_modules/nomain/package.json":          `{"exports":{"./x":"./x.js"}}`,
	"node_modules/sugar/package.json":           `{"exports":"./main.cjs"}`,
	"node_modules/sugar/main.cjs":               `module.exports = 'sugar'`,
	"node_modules/esmonly/package.json":         `{"type":"module","exports":{"import":"./index.js"}}`,
	"node_modules/esmonly/index.js":             `export default 'esm only'`,
	"node_modules/web/package.json":             `{"exports":{"node":"./node.js","browser":"./browser.js","default":"./node.js"}}`,
	"node_modules/web/browser.js":               `module.exports = 'for browsers'`,
	"node_modules/web/node.js":                  `require('worker_threads')`,
	"node_modules/both/package.json":            `{"exports":{"browser":"./browser.js","default":"./node.js"}}`,
	"node_modules/both/browser.js":              `module.exports = 'for browsers'`,
	"node_modules/both/node.js":                 `module.exports = 'for node ' + typeof require('path')`,
	"node_modules/nodeonly/package.json":        `{"exports":{"node":"./node.js"}}`,
	"node_modules/nodeonly/node.js":             `module.exports = 'for node'`,
	"node_modules/webmain/package.json":         `{"main":"./node.js","browser":"./browser"}`,
	"node_modules/webmain/browser.js":           `module.exports = 'browser main'`,
	"node_modules/webmap/package.json":          `{"main":"./index","browser":{"./node.js":"./browser.js","./fine.js":"./browser.js","wasi":false,"punycode": "./vm.js","path":false,"./gone":false}}`,
	"node_modules/webmap/index.js":              `module.exports = [require('./node'), require('./fine'), Object.keys(require('wasi')).length, require('punycode'), require('path').sep, typeof require('./gone')].join()`,
	"node_modules/webmap/node.js":               `require('node:wasi')`,
	"node_modules/webmap/fine.js":               `module.exports = 'fine'`,
	"node_modules/webmap/browser.js":            `module.exports = 'browser'`,
	"node_modules/webmap/vm.js":                 `module.exports = 'no vm'`,
	"node_modules/webmap/gone.js":               `require("wasi"); throw new Error('not for browsers')`,
	"node_modules/@s/p/package.json":            `{"name":"@s/p","main":"lib","exports":{".":"./index.js","./sub":"./sub.js"}}`,
	"node_modules/@s/p/index.js":                `module.exports = 'scoped and ' + require('@s/p/sub')`,
	"node_modules/@s/p/sub.js":                  `module.exports = 'itself'`,
	"node_modules/old/package.json":             `{"main":"lib"}`,
	"node_modules/old/lib/index.js":             `module.exports = 'lib/index'`,
	"node_modules/old/sub/package.json":         `{"main":"./s.js"}`,
	"node_modules/old/sub/s.js":                 `module.exports = 'sub main'`,
	"node_modules/old/node_modules/in/index.js": `module.exports = 'inner'`,
	"node_modules/old/inner.js":                 `module.exports = require('in')`,
	"node_modules/badmain/package.json":         `{"main":"./gone.js"}`,
	"node_modules/badmain/index.js":             `module.exports = 'index in spite of main'`,
	"node_modules/broken/package.json":          `{"main":`,
	"node_modules/broken/index.js":              ``,
	"node_modules/punycode/index.js":            `module.exports = 'a package named like a module'`,
	"node_modules/interop/index.js":             `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'its default'; exports.named = 'named'`,
	"strict.mjs":                                `import x, { named } from 'interop'; import * as all from 'interop'; export default [typeof x, x.default, named, Object.keys(all).sort()].join()`,
	"loose.js":                                  `import x, { named } from 'interop'; export default x + named`,
	"lexical.mjs":                               `const __dirname = import.meta.dirname, __filename = 'mine', require = 1; const module = 2; export default [__dirname === import.meta.url.slice(7, -12), __filename, require, module].join()`,
	"circ-a.mjs":                                `import { b } from './circ-b.mjs'; export let a = 'a'; export const both = () => a + b()`,
	"circ-b.mjs":                                `import { a } from './circ-a.mjs'; export const b = () => 'b sees ' + a`,
}

// loaded runs a script among the packages, each expression in turn, and returns
// what came of it: the value, or the code and the first line of the error.
func loaded(t *testing.T, file, head string, expressions []string) []string {
	t.Helper()
	var b strings.Builder
	b.WriteString(head + `;(async () => { const show = (v) => console.log(typeof v === 'string' ? v : JSON.stringify(v))
		const fail = (e) => console.log(e.name, e.code, e.message.split('\nRequire stack')[0].replaceAll(__dirname, '.'));` + "\n")
	for _, e := range expressions {
		b.WriteString("try { show(await (" + e + ")) } catch (e) { fail(e) }\n")
	}
	b.WriteString("exit() })()")
	r := scripttest.New(t, b.String(), scripttest.File(file))
	for name, text := range packages {
		r.Write(name, text)
	}
	if err := os.Symlink(filepath.Join("lib", "own.js"), filepath.Join(r.Dir, "link.js")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	r.Script.Start()
	if state, err := r.Ended(); state != script.StateExited {
		t.Fatalf("%v: %v\n%s", state, err, r.Console.Text())
	}
	return r.Console.Calls()
}

func compare(t *testing.T, got []string, expressions, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d results, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s\n got %s\nwant %s", expressions[i], got[i], want[i])
		}
	}
}

func TestRequestsFindTheirFiles(t *testing.T) {
	cases := [][2]string{
		{`require('cond')`, `require`},
		{`require('cond/f/a')`, `file a`},
		{`require('cond/f/b/c')`, `file b/c`},
		{`require('cond/f/long-x')`, `long x`},
		{`require('cond/deep/q/x')`, `deep q`},
		{`require('cond/nested')`, `require`},
		{`require('cond/list')`, `Error ERR_INVALID_PACKAGE_TARGET Invalid "exports" target "bad" defined in the package config ./node_modules/cond/package.json`},
		{`require('cond/hidden')`, `Error ERR_PACKAGE_PATH_NOT_EXPORTED Package subpath './hidden' is not defined by "exports" in ./node_modules/cond/package.json`},
		{`require('cond/f/private/s')`, `Error ERR_PACKAGE_PATH_NOT_EXPORTED Package subpath './f/private/s' is not defined by "exports" in ./node_modules/cond/package.json`},
		{`require('cond/f/../hidden')`, `TypeError ERR_INVALID_MODULE_SPECIFIER Invalid module "../hidden" request is not a valid match in pattern "./files/*.js" for the "exports" resolution of ./node_modules/cond/package.json`},
		{`require('cond/out')`, `Error ERR_INVALID_PACKAGE_TARGET Invalid "exports" target "../out.js" defined in the package config ./node_modules/cond/package.json`},
		{`require('cond/missing')`, `Error MODULE_NOT_FOUND Cannot find module './node_modules/cond/missing.js'`},
		{`require('nomain')`, `Error ERR_PACKAGE_PATH_NOT_EXPORTED No "exports" main defined in ./node_modules/nomain/package.json`},
		{`require('sugar')`, `sugar`},
		{`require('esmonly').default`, `esm only`},
		{`require('web')`, `for browsers`},
		{`require('both')`, `for node object`},
		{`require('nodeonly')`, `for node`},
		{`require('webmain')`, `browser main`},
		{`require('webmap')`, `browser,fine,0,no vm,/,object`},
		{`require('@s/p')`, `scoped and itself`},
		{`require('home/own')`, `own`},
		{`require('#lib/own')`, `own`},
		{`require('#dep')`, `require`},
		{`require('#os').sep`, `/`},
		{`require('#nope')`, `TypeError ERR_PACKAGE_IMPORT_NOT_DEFINED Package import specifier "#nope" is not defined in package ./package.json`},
		{`require('#null')`, `TypeError ERR_PACKAGE_IMPORT_NOT_DEFINED Package import specifier "#null" is not defined in package ./package.json`},
		{`require('#gone')`, `Error MODULE_NOT_FOUND Cannot find module './gone.js'`},
		{`require('old')`, `lib/index`},
		{`require('old/sub')`, `sub main`},
		{`require('old/inner')`, `inner`},
		{`require('badmain')`, `index in spite of main`},
		{`require('broken')`, `Error ERR_INVALID_PACKAGE_CONFIG Invalid package config ./node_modules/broken/package.json.`},
		{`require('punycode')`, `a package named like a module`},
		{`require('node:sqlite')`, `Error ERR_UNKNOWN_BUILTIN_MODULE the module 'node:sqlite' of Node is not available in scripts`},
		{`require('./lib/own.js') === require('./link') && require.resolve('./link').endsWith('lib/own.js')`, `true`},
		{`require(__dirname + '/lib/own')`, `own`},
		{`require('./lib/deep')`, `Error MODULE_NOT_FOUND Cannot find module '..'`},
		{`require('./typed.js').typed`, `ts`},
		{`require('./typed2.mjs').default`, `mts`},
		{`require('./data')`, `{"n":1}`},
		{`require('./native.node')`, `Error ERR_DLOPEN_FAILED native code cannot be loaded in scripts: ./native.node`},
		{`require('./lib')`, `Error MODULE_NOT_FOUND Cannot find module './lib'`},
		{`import('cond').then((m) => m.default)`, `require`},
		{`import('./typed2.mts').then((m) => m.default)`, `mts`},
		{`import('./data.json').then((m) => m.default)`, `{"n":1}`},
		{`import('./nowhere.js')`, `Error MODULE_NOT_FOUND Cannot find module './nowhere.js'`},
		{`require('./strict.mjs').default`, `object,its default,named,default,named`},
		{`require('./loose').default`, `its defaultnamed`},
		{`require('./lexical.mjs').default`, `true,mine,1,2`},
		{`require('./circ-a.mjs').both()`, `ab sees a`},
	}
	expressions, want := columns(cases)
	compare(t, loaded(t, "script.js", "", expressions), expressions, want)
}

func TestImportsFindTheirFiles(t *testing.T) {
	cases := [][2]string{
		{`def + ' ' + named`, `import import named`},
		{`nested.default`, `import`},
		{`only`, `esm only`},
		{`dep`, `import`},
		{`data`, `{"n":1}`},
		{`inner`, `own`},
		{`import.meta.url`, `file://` + "DIR" + `/script.mjs`},
		{`[import.meta.filename === __filename, import.meta.dirname === __dirname]`, `[true,true]`},
		{`import.meta.resolve('#lib/own')`, `file://` + "DIR" + `/lib/own.js`},
		{`import(import.meta.resolve('./lib/own.js')).then((m) => m.default)`, `own`},
		{`[sep, Object.keys(p).includes('join')]`, `["/",true]`},
	}
	head := `import def, { named } from 'cond'; import * as nested from 'cond/nested'; import only from 'esmonly'; import dep from '#dep'
		import data from './data.json' with { type: 'json' }; import inner from 'home/own'; import p, { sep } from 'node:path'`
	expressions, want := columns(cases)
	got := loaded(t, "script.mjs", head, expressions)
	for i := range got {
		if strings.HasPrefix(got[i], "file://") {
			rest := got[i][strings.LastIndex(got[i], "/001/")+len("/001"):]
			got[i] = "file://DIR" + rest
		}
	}
	compare(t, got, expressions, want)
}

func columns(cases [][2]string) (expressions, want []string) {
	for _, c := range cases {
		expressions, want = append(expressions, c[0]), append(want, c[1])
	}
	return expressions, want
}

func TestAMissingPackageNamesItsInstallLine(t *testing.T) {
	r := scripttest.New(t, `try { require('./a') } catch (e) { console.log(e.message.replaceAll(__dirname, '.'), e.code, e.requireStack.length) } exit()`)
	r.Write("a.js", `require('@big/thing/sub')`)
	r.Script.Start()
	_, _ = r.Ended()
	want := `Cannot find module '@big/thing/sub'
Require stack:
- ./a.js
- ./script.js
The package is not installed; this line does it, in the script's folder: npm install @big/thing MODULE_NOT_FOUND 2`
	if got := r.Console.Text(); got != want {
		t.Errorf("%s\nwant:\n%s", got, want)
	}
}
