package script_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mqscript/mqscript/internal/permission"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

// TestAttacksByLoading tries to get at files outside by loading them as code.
func TestAttacksByLoading(t *testing.T) {
	absent := "MODULE_NOT_FOUND|" + refused
	invalid := "ERR_INVALID_PACKAGE_TARGET|" + absent
	attacks := []attack{
		{"absolute", places + `return require(secrets + '/secret.js')`, ""},
		{"without extension", places + `return require(secrets + '/secret')`, ""},
		{"relative", places + `return require('../secrets/secret.js')`, ""},
		{"relative json", places + `return require('../secrets/secret.json')`, ""},
		{"broken json", places + `return require(secrets + '/broken.json')`, ""},
		{"broken js", places + `return require(secrets + '/broken.js')`, ""},
		{"text as js", places + `return require(S)`, ""},
		{"env file", places + `return require(secrets + '/secret.env')`, ""},
		{"passwd", places + `return require('/etc/passwd')`, ""},
		{"folder", places + `return require(secrets + '/pkg')`, ""},
		{"package.json", places + `return require(secrets + '/pkg/package.json')`, ""},
		{"not there", places + `return require(secrets + '/nothing.js')`, ""},
		{"import", places + `return await import(secrets + '/secret.mjs')`, ""},
		{"import json", places + `return await import('../secrets/secret.json')`, ""},
		{"import URL", places + `return await import('file://' + secrets + '/secret.mjs')`, ""},
		{"import coded URL", places + `return await import('file://' + __dirname + '/%2e%2e/secrets/secret.mjs')`, ""},
		{"import data", places + `return (await import('data:text/javascript,export default 1')).default`, absent},
		{"import http", places + `return await import('http://127.0.0.1/x.js')`, absent},
		{"resolve", places + `return require.resolve(secrets + '/secret.js')`, ""},
		{"resolve what is not there", places + `return require.resolve(secrets + '/nothing.js')`, ""},
		{"resolve passwd", places + `return require.resolve('/etc/passwd')`, ""},
		{"proc", places + `return require('/proc/self/root' + secrets + '/secret.js')`, ""},
		{"dev fd", places + `return require('/dev/fd/0')`, ""},
		{"dev zero", places + `return require('/dev/zero')`, ""},
		{"linked file", places + `return require('./linked.js')`, ""},
		{"linked folder", places + `return require('./linkedfolder/secret.js')`, ""},
		{"linked root", places + `return require('./linkedroot' + secrets + '/secret.js')`, ""},
		{"name with dots", places + `return require('mainout/../../../secrets/secret.js')`, absent},
		{"scope with dots", places + `return require('@scope/../../../secrets/secret.js')`, absent},
		{"main outside", places + `return require('mainout')`, absent},
		{"absolute main outside", places + `return require('mainabs')`, absent},
		{"exports outside", places + `return require('exportsout')`, invalid},
		{"exports outside by dots", places + `return require('exportsdot')`, invalid},
		{"exports by star", places + `return require('exportsstar/../../../secrets/secret.js')`, "ERR_INVALID_MODULE_SPECIFIER|" + absent},
		{"browser outside", places + `return require('browserout')`, "got .object Object.|" + absent},
		{"browser map outside", places + `return require('browsermap')`, "got .object Object.|" + absent},
		{"imports outside", places + `return require('importsout').x()`, invalid},
		{"absolute imports outside", places + `return require('importsout').y()`, invalid},
		{"changed module paths", places + `module.paths.unshift(secrets); module.path = secrets; module.filename = secrets + '/x.js'; return module.require('./secret.js')`, absent},
		{"changed cache", places + `require.cache[secrets + '/secret.js'] = { exports: 'mine', path: secrets, filename: secrets + '/x.js' }; return require('../secrets/secret.js')`, ""},
		{"written to data", places + `fs.writeFileSync('own.js', 'module.exports = require(' + JSON.stringify(secrets + '/secret.js') + ')'); return require(path.join(script.dataDir, 'own.js'))`, ""},
		{"package in data", places + `fs.mkdirSync('node_modules/p', { recursive: true }); fs.writeFileSync('node_modules/p/package.json', JSON.stringify({ main: secrets + '/secret.js' })); fs.writeFileSync('p.js', 'module.exports = require("p")'); return require(path.join(script.dataDir, 'p.js'))`, absent},
		{"link in data", places + `fs.symlinkSync(secrets, 'l'); return require(path.join(script.dataDir, 'l/secret.js'))`, ""},
		{"package link in data", places + `fs.mkdirSync('node_modules', { recursive: true }); fs.symlinkSync(secrets + '/pkg', 'node_modules/q'); fs.writeFileSync('q.js', 'module.exports = require("q")'); return require(path.join(script.dataDir, 'q.js'))`, absent},
		{"native code", places + `fs.writeFileSync('x.node', 'x'); return require(path.join(script.dataDir, 'x.node'))`, "ERR_DLOPEN_FAILED"},
		{"source map", places + `return eval('1\n//# sourceMappingURL=' + S)`, "got 1"},
		{"endless source map", places + `return eval('1\n//# sourceMappingURL=/dev/zero')`, "got 1"},
		{"source map of a function", places + `return new Function('return 1\n//# sourceMappingURL=/dev/zero')()`, "got 1"},
		{"source map of a file", places + `fs.writeFileSync('m.js', 'module.exports = 1\n//# sourceMappingURL=/dev/zero'); return require(path.join(script.dataDir, 'm.js'))`, "got 1"},
		{"source map of an ES module", places + `fs.writeFileSync('m.mjs', 'export default 1\n//# sourceMappingURL=/dev/zero'); return (await import(path.join(script.dataDir, 'm.mjs'))).default`, "got 1"},
		{"source map of broken text", places + `return eval('throw 1\n//# sourceMappingURL=data:application/json;base64,e30=')`, "undefined: undefined"},
		{"source map with wrong numbers", places + `return eval('throw 1\n//# sourceMappingURL=data:application/json;base64,' + btoa('{"version":3,"sources":[],"names":[],"mappings":"AAAA;zzzzzzzzzzzzzzzzzzzzB,//////////D,DDDDD"}'))`, "undefined: undefined"},
		{"process.binding", places + `return process.binding('fs')`, "ERR_NOT_IMPLEMENTED|TypeError: .*"},
		{"process.dlopen", places + `return process.dlopen(module, secrets)`, "ERR_NOT_IMPLEMENTED|TypeError: .*"},
		{"child_process", places + `return require('child_process').execSync('cat ' + S)`, "ERR_UNKNOWN_BUILTIN_MODULE|ERR_NOT_IMPLEMENTED"},
		{"worker", places + `return new (require('worker_threads').Worker)(secrets + '/secret.js')`, "ERR_UNKNOWN_BUILTIN_MODULE|ERR_NOT_IMPLEMENTED"},
		{"vm", places + `return require('vm').runInNewContext('1')`, "ERR_UNKNOWN_BUILTIN_MODULE|ERR_NOT_IMPLEMENTED"},
		{"internal module", places + `return require('internal/store')`, "ERR_UNKNOWN_BUILTIN_MODULE|" + absent},
		{"createRequire", places + `return require('module').createRequire(secrets + '/x.js')('./secret.js')`, "ERR_UNKNOWN_BUILTIN_MODULE|" + refused},
	}
	for name, policy := range map[string]*permission.Policy{"default": nil, "strict": strict(t, permission.Config{})} {
		t.Run(name, func(t *testing.T) {
			secrets, app := outside(t)
			raid(t, attacks, in(secrets, app), func(o *script.Options) { o.Permissions = policy })
		})
	}
	t.Run("linked packages", func(t *testing.T) {
		secrets, app := outside(t)
		raid(t, []attack{
			{"linked package", places + `return require('linked/package.json').x`, absent},
			{"linked package itself", places + `return require('linked')`, absent},
			{"linked scope", places + `return require('@scope/pkg')`, absent},
		}, in(secrets, app), func(o *script.Options) { o.Permissions = strict(t, permission.Config{}) })
	})
}

// TestWhatMayBeLoaded loads what a person's own script loads.
func TestWhatMayBeLoaded(t *testing.T) {
	top := t.TempDir()
	if real, err := filepath.EvalSymlinks(top); err == nil {
		top = real
	}
	for path, text := range map[string]string{
		"project/package.json":                                   `{"name":"project","version":"7"}`,
		"project/lib/shared.js":                                  `module.exports = 'shared'`,
		"project/config.json":                                    `{"a":"config"}`,
		"project/scripts/a/beside.js":                            `module.exports = 'beside'`,
		"project/node_modules/inproject/index.js":                `module.exports = 'inproject'`,
		"project/packages/workspace/index.js":                    `module.exports = 'workspace'`,
		"project/packages/workspace/package.json":                `{}`,
		"node_modules/above/index.js":                            `module.exports = require('fs').readFileSync(__dirname + '/data.txt', 'utf8')`,
		"node_modules/above/data.txt":                            `above`,
		"elsewhere/lib/package.json":                             `{}`,
		"elsewhere/lib/index.js":                                 `module.exports = 'elsewhere ' + require('./more') + require('dep')`,
		"elsewhere/lib/more.js":                                  `module.exports = 'more'`,
		"elsewhere/lib/node_modules/dep/index.js":                `module.exports = 'dep'`,
		"named/file.js":                                          `module.exports = 'named'`,
		"named/other.js":                                         `module.exports = 'other'`,
		"project/node_modules/.store/deep@1/node_modules/d/x.js": `module.exports = 'stored'`,
	} {
		put(t, filepath.Join(top, path), text)
	}
	for name, target := range map[string]string{
		"elsewhere": "../../elsewhere/lib", "workspace": "../packages/workspace", "d": ".store/deep@1/node_modules/d",
	} {
		if err := os.Symlink(target, filepath.Join(top, "project", "node_modules", name)); err != nil {
			t.Fatal(err)
		}
	}
	both := []attack{
		{"beside", `return require('./beside')`, "got beside"},
		{"package", `return require('inproject')`, "got inproject"},
		{"package above", `return require('above')`, "got above"},
		{"stored package", `return require('d/x')`, "got stored"},
		{"own package.json", `return require('../../package.json').version`, "got 7"},
		{"named", `return require('../../../named/file')`, "got named"},
		{"beside the named", `return require('../../../named/other')`, refused},
	}
	lenient := []attack{
		{"outside", `return require('../../../elsewhere/lib')`, refused},
		{"in the project", `return require('../../lib/shared')`, "got shared"},
		{"json in the project", `return require('../../config').a`, "got config"},
		{"linked", `return require('elsewhere')`, "got elsewhere moredep"},
		{"workspace", `return require('workspace')`, "got workspace"},
		{"read in the project", `return require('fs').readFileSync(__dirname + '/../../lib/shared.js', 'utf8')`, refused},
	}
	closed := []attack{
		{"outside", `return require('../../../elsewhere/lib')`, refused},
		{"in the project", `return require('../../lib/shared')`, refused},
		{"linked", `return require('elsewhere')`, "MODULE_NOT_FOUND|" + refused},
		{"workspace", `return require('workspace')`, "MODULE_NOT_FOUND|" + refused},
	}
	at := func(p *permission.Policy) scripttest.Option {
		return func(o *script.Options) {
			o.Path, o.Permissions = filepath.Join(top, "project/scripts/a/script.js"), p
		}
	}
	named := []string{filepath.Join(top, "named/file.js")}
	t.Run("default", func(t *testing.T) {
		p, err := permission.New(permission.Config{Read: named})
		if err != nil {
			t.Fatal(err)
		}
		raid(t, append(lenient, both...), at(p))
	})
	t.Run("strict", func(t *testing.T) {
		raid(t, append(closed, both...), at(strict(t, permission.Config{Read: named})))
	})
}
