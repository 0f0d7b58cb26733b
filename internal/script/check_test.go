package script_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
)

// files writes files, by name and content in turn, and returns their folder.
func files(t *testing.T, pairs ...string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		path := filepath.Join(dir, filepath.FromSlash(pairs[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(pairs[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// checkFile checks a script and returns its problems as lines.
func checkFile(t *testing.T, path string) (problems []string, c *script.Checked) {
	t.Helper()
	c, err := script.Check(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Problems {
		kind := "error"
		if p.Warning {
			kind = "warning"
		}
		problems = append(problems, fmt.Sprintf("%s:%d:%d %s %s", filepath.Base(p.File), p.Line, p.Column, kind, p.Message))
	}
	return problems, c
}

func TestCheckFindsNothingWhereNothingIs(t *testing.T) {
	for name, source := range map[string]string{
		"a bundle with a require of its own": `module.exports = (function (table) { return table.a })({ a: function (require) { return require('./inside') } }(function () { return {} }))`,
		"a var require":                      `function f() { var require = (x) => x; require('./inside') } exports.onMessage = () => f()`,
		"a request that is computed":         `exports.onMessage = (topic) => require('./' + topic)`,
		"a request inside of try":            `let x; try { x = require('maybe') } catch { x = null } exports.onMessage = () => x`,
		"an import inside of try":            `exports.onMessage = async () => { try { await import('maybe') } catch { } }`,
		"a name with a default":              `const { nothing = 5 } = require('fs'); exports.onMessage = () => nothing`,
		"a name that is looked for":          `const fs = require('fs'); exports.onMessage = fs.nothing ? () => {} : () => {}`,
		"handlers of a class":                `class H { onMessage() {} } module.exports = new H()`,
		"a handler that is put together":     `const wrap = (f) => f; module.exports = { onMessage: wrap(() => {}), ...{ onClose() {} }, ['on' + 'End']() {}, get onError() { return () => {} } }`,
		"a variable that may change":         `let handler = 5; handler = () => {}; module.exports = { onMessage: handler }`,
		"no handler":                         `module.exports = { onMessage: undefined, onClose: null }`,
		"a function with handlers":           `function f() {} f.onMessage = () => {}; module.exports = f`,
		"exports twice":                      `exports = module.exports = { onMessage() {} }; exports.onClose = () => {}`,
		"return outside of functions":        `exports.onMessage = () => {}; if (exports) return`,
		"a start for the shell":              "#!/usr/bin/env mqscript\nexports.onMessage = () => {}",
		"what the engine lacks":              `async function* g() { yield 1 } exports.onMessage = async () => { for await (const x of g()) x }`,
	} {
		t.Run(name, func(t *testing.T) {
			problems, c := checkFile(t, filepath.Join(files(t, "s.js", source), "s.js"))
			if len(problems) > 0 || c.Failed() || len(c.Files) != 1 {
				t.Errorf("files %v, problems:\n%s", c.Files, strings.Join(problems, "\n"))
			}
		})
	}
}

func TestCheckFindsEachMistake(t *testing.T) {
	const hint = "; export an object of handlers, such as module.exports = { onMessage(topic, payload) {} }"
	for _, c := range []struct{ name, file, source, want string }{
		{"a misspelt export", "s.js", "exports.onMesage = () => {}", "s.js:1:9 error the script exports onMesage, which is no handler; did you mean onMessage?"},
		{"by way of a constant", "s.js", "const h = {\n  onmessage() {} }\nmodule.exports = h", "s.js:2:3 error the script exports onmessage, which is no handler; did you mean onMessage?"},
		{"a shorthand", "s.js", "const onMessage = { }; module.exports = { onMessage }", "s.js:1:43 error onMessage is an object; it must be a function"},
		{"text for exports", "s.js", "module.exports = 'x'", "s.js:1:18 error the script exports a string" + hint},
		{"a number as default", "s.mjs", "export default 5", "s.mjs:1:16 error the script exports a number" + hint},
		{"a missing file", "s.js", "\nrequire(`./lib/none`)", "s.js:2:9 error Cannot find module './lib/none'"},
		{"a missing file in a function", "s.js", "exports.onMessage = () => require('./none')", "s.js:1:35 error Cannot find module './none'"},
		{"a missing file behind a condition", "s.js", "exports.x && require('./none')", "s.js:1:22 warning Cannot find module './none'"},
		{"a missing file before a return", "s.js", "require('./none'); return", "s.js:1:9 error Cannot find module './none'"},
		{"a missing import with others", "s.mts", "import type { A } from './none'\nimport { b } from './nine'\nexport const onClose = () => b as A", "s.mts:2:19 error Cannot find module './nine'"},
		{"a missing part of a package", "s.js", "require('@a/b/c')", "s.js:1:9 error Cannot find module '@a/b/c'; this line installs the package, in the script's folder: npm install @a/b"},
		{"a module of Node's that is not there", "s.js", "require('node:nothing')", "s.js:1:9 error the module 'node:nothing' of Node is not available in scripts"},
		{"native code", "s.js", "require('./code.node')", "s.js:1:9 error native code cannot be loaded in scripts: "},
		{"a renamed part of a module", "s.js", "const { 'readFileSyn': r } = require('fs')", "s.js:1:9 error the module 'fs' has no readFileSyn; did you mean readFileSync?"},
		{"a name in another case", "s.mjs", "import { nextmessage } from 'mqscript'\nnextmessage('a')", "s.mjs:2:1 error the module 'mqscript' has no nextmessage; did you mean nextMessage?"},
		{"a name like none", "s.js", "const { frobnicate } = require('mqscript')", "s.js:1:9 error the module 'mqscript' has no frobnicate"},
		{"a declaration twice", "s.js", "let a\nlet a", `s.js:2:5 error SyntaxError: The symbol "a" has already been declared`},
		{"await where it is not allowed", "s.js", "function f() { await 1 }", `s.js:1:16 error SyntaxError: "await" can only be used inside an "async" function`},
		{"a package.json that is none", "s.js", "require('bad')", "s.js:1:9 error Invalid package config "},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := files(t, c.file, c.source, "code.node", "", "node_modules/bad/package.json", "{")
			problems, checked := checkFile(t, filepath.Join(dir, c.file))
			if len(problems) != 1 || !strings.HasPrefix(problems[0], c.want) || checked.Failed() == strings.Contains(c.want, " warning ") {
				t.Errorf("failed: %v, problems:\n%s", checked.Failed(), strings.Join(problems, "\n"))
			}
		})
	}
}

func TestCheckReadsAllThatAScriptLeadsTo(t *testing.T) {
	dir := files(t,
		"s.ts", `import { a } from './a'; export const onMessage = () => a`,
		"a.ts", `export { b as a } from './deep/b.js'; import './s'`,
		"deep/b.js", `exports.b = require('pkg').value + require('../c.json').value`,
		"c.json", `{"value": 1}`,
		"node_modules/pkg/package.json", `{"main": "lib/main.js"}`,
		"node_modules/pkg/lib/main.js", `exports.value = require('./other')`,
		"node_modules/pkg/lib/other.mjs", `export default await 5`,
	)
	problems, c := checkFile(t, filepath.Join(dir, "s.ts"))
	var read []string
	for _, file := range c.Files {
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, filepath.ToSlash(rel))
	}
	want := []string{
		"s.ts", "a.ts", "deep/b.js", "node_modules/pkg/lib/main.js", "c.json", "node_modules/pkg/lib/other.mjs",
		"node_modules/pkg/package.json",
	}
	if !slices.Equal(read, want) {
		t.Errorf("read %v", read)
	}
	if len(problems) != 1 || !strings.HasPrefix(problems[0], "other.mjs:1:16 error SyntaxError: await outside of functions is for the script's own file") {
		t.Errorf("problems:\n%s", strings.Join(problems, "\n"))
	}
}

func TestCheckNeedsAFile(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "none.js"), t.TempDir()} {
		if c, err := script.Check(path); err == nil {
			t.Errorf("%s: %+v", path, c)
		}
	}
}
