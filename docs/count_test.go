package docs

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
	"github.com/mqscript/mqscript/internal/types"
)

// name is something that a script can see.
type name struct {
	of, name string // of is the module or object that has it, "" for a global
}

func (n name) String() string {
	if n.of == "" {
		return "the global " + n.name
	}
	return n.of + "." + n.name
}

// TestEveryNameIsCovered finds every name that a script can see, the globals,
// what each built-in module exports and what belongs to mqscript, and demands
// of each a type declaration, a word in the pages, and an example or a test
// that uses it.
func TestEveryNameIsCovered(t *testing.T) {
	names := everyName(t)
	if len(names) < 500 {
		t.Fatalf("found only %d names", len(names))
	}
	declared, documented, used := declarations(t), documentation(t), uses(t)
	for _, n := range names {
		var missing []string
		for what, covers := range map[string]func(name) bool{
			"a type in internal/types": declared, "a word in docs": documented, "an example or a test": used,
		} {
			if !covers(n) {
				missing = append(missing, what)
			}
		}
		if slices.Sort(missing); len(missing) > 0 {
			t.Errorf("%v lacks %s", n, strings.Join(missing, ", and "))
		}
	}
}

// everyName asks a script for what it sees.
func everyName(t *testing.T) (names []name) {
	t.Helper()
	of := func(where string, list []string) {
		for _, one := range list {
			names = append(names, name{where, one})
		}
	}
	language := goja.New().GlobalObject().GetOwnPropertyNames()
	globals := namesIn(t, "globalThis")
	of("", slices.DeleteFunc(globals, func(one string) bool { return slices.Contains(language, one) }))
	for _, module := range script.Modules() {
		if module == "constants" {
			continue // only has the numbers of os, fs and crypto
		}
		of(module, namesIn(t, fmt.Sprintf("require(%q)", module)))
	}
	for _, object := range []string{"client", "script", "store"} {
		of("mqscript."+object, namesIn(t, "require('mqscript')."+object))
	}
	for _, class := range namesIn(t, "require('@ttqm/ttqm-support')") {
		of("@ttqm/ttqm-support."+class, namesIn(t, "require('@ttqm/ttqm-support')."+class))
	}
	module := section(t, types.Declarations, "declare module 'mqscript' {", "\n}")
	of("handlers", found(`(?m)^    (\w+)\?\(`, section(t, module, "interface Handlers {", "\n  }")))
	for _, options := range []string{"PublishOptions", "PublishProperties", "SubscribeOptions", "SubscribeProperties", "WaitOptions"} {
		of(options, found(`(?m)^    (\w+)\?:`, section(t, module, "interface "+options+" {", "\n  }")))
	}
	return names
}

// namesIn returns the names of an object's own properties, without those that
// every function has.
func namesIn(t *testing.T, object string) (names []string) {
	t.Helper()
	out := scripttest.Output(t, `
		const object = `+object+`
		let names = Object.getOwnPropertyNames(object)
		if (typeof object === 'function') names = names.filter((name) => !['length', 'name', 'prototype'].includes(name))
		console.log(JSON.stringify(names.filter((name) => !name.startsWith('_'))))
		exit()`)
	if err := json.Unmarshal([]byte(out), &names); err != nil {
		t.Fatalf("asking for the names of %s: %v\n%s", object, err, out)
	}
	return names
}

// declarations tells whether a name is declared where it belongs.
func declarations(*testing.T) func(name) bool {
	blocks := make(map[string]string)
	for _, m := range regexp.MustCompile(`(?ms)^declare module '([^']+)' \{\n(.*?)^\}`).FindAllStringSubmatch(types.Declarations, -1) {
		blocks[m[1]] += m[2]
	}
	everything := types.Declarations
	return func(n name) bool {
		if n.of == "" && slices.Contains(ofTypeScript, n.name) {
			return true
		}
		text := everything
		form := `(?m)^declare (?:var|function|class|const|namespace) ` + n.name + `\b`
		if n.of != "" {
			form = `\b` + n.name + `\b`
			if block := strings.TrimSpace(blocks[n.of]); block != "" && !forwards.MatchString(block) {
				text = block
			}
		}
		return regexp.MustCompile(form).MatchString(text)
	}
}

// ofTypeScript are globals that the engine lacks and TypeScript's own library
// declares.
var ofTypeScript = []string{"Intl", "WeakRef", "FinalizationRegistry"}

// forwards is a declaration that says only that a module is another one, or is
// a value that is declared elsewhere.
var forwards = regexp.MustCompile(`(?m)^  export (?:=|\*)`)

// documentation tells whether the pages name a name. Of a module whose row
// says "all of it" they need not, nor constants where the row mentions them.
// createThing, thing and Thing stand for each other, as do a function and its
// form with Sync.
func documentation(t *testing.T) func(name) bool {
	t.Helper()
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, page := range pages {
		text.WriteString(read(t, page))
	}
	all := text.String()
	whole, constants := make(map[string]bool), make(map[string]bool)
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]+`) \\| ([^|]*)").FindAllStringSubmatch(read(t, "SCRIPT-API.md"), -1) {
		for _, module := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			constants[module[1]] = strings.Contains(row[2], "constants")
			whole[module[1]] = strings.HasPrefix(row[2], "all of it") || forwarding.MatchString(row[2])
		}
	}
	return func(n name) bool {
		if whole[n.of] || constants[n.of] && strings.ToUpper(n.name) == n.name {
			return true
		}
		for _, form := range forms(n.name) {
			if regexp.MustCompile("[`.({ ]" + regexp.QuoteMeta(form) + "[`(,.) ?:}=]").MatchString(all) {
				return true
			}
		}
		return false
	}
}

func forms(one string) []string {
	bare := strings.TrimPrefix(strings.TrimSuffix(one, "Sync"), "create")
	if bare == "" {
		return []string{one}
	}
	return []string{one, bare, "create" + bare, strings.ToLower(bare[:1]) + bare[1:]}
}

// forwarding is the row of a module that is something else with all its names.
var forwarding = regexp.MustCompile("^(?:the global `|the names alone|`fs\\.promises`)")

// uses tells whether an example or a test uses a name.
func uses(t *testing.T) func(name) bool {
	t.Helper()
	words := make(map[string]bool)
	word := regexp.MustCompile(`[\w$]+`)
	for _, root := range []string{"../examples", "../internal", "../test", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "starter"):
				return filepath.SkipDir
			case entry.IsDir() || !isTest(path):
				return nil
			}
			text, err := os.ReadFile(path)
			for _, one := range word.FindAllString(string(text), -1) {
				words[one] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return func(n name) bool { return words[n.name] }
}

// isTest tells whether a file is an example, a test, or a program of one.
func isTest(path string) bool {
	switch filepath.Ext(path) {
	case ".go":
		return strings.HasSuffix(path, "_test.go")
	case ".js", ".ts", ".mjs", ".cjs", ".txtar":
		slashed := filepath.ToSlash(path)
		return strings.HasPrefix(slashed, "../examples/") || strings.Contains(slashed, "/testdata/")
	}
	return false
}
