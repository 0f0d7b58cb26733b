package module

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/dop251/goja"
	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/unistring"
	"github.com/evanw/esbuild/pkg/api"

	"github.com/mqscript/mqscript/internal/engine"
)

// SyntaxError is a file that cannot be compiled.
type SyntaxError struct {
	File         string
	Line, Column int    // from 1; the column counts bytes
	Source       string // the line of source
	Message      string
	awaits       bool           // it is about an await outside of functions
	others       []*SyntaxError // further ones in the same file
}

// Error returns the place, the line of source with a caret, and the message.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d\n", e.File, e.Line, e.Column)
	if e.Source != "" {
		fmt.Fprintf(&b, "%s\n%s^\n\n", e.Source, caretIndent(e.Source, e.Column))
	}
	b.WriteString("SyntaxError: " + e.Message)
	return b.String()
}

// caretIndent keeps tabs, so that the caret stands below its character.
func caretIndent(line string, column int) string {
	var b strings.Builder
	for i, r := range line {
		if i >= column-1 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// parameters of the function that a CommonJS file's text is the body of.
// An ES module may declare the names from ownable on itself.
var parameters = []string{"exports", "require", "module", "__filename", "__dirname", importMeta}

const ownable = 3

// importMeta is the name that import.meta is compiled to.
const importMeta = "__importMeta"

// unit is a compiled file.
type unit struct {
	program *goja.Program
	esm     bool                       // its text is an ES module
	awaits  bool                       // it is a script that awaits outside of functions
	unused  map[file.Position]struct{} // see unused.places
}

// compile turns a file into a program whose value is the module's function.
// Plain CommonJS goes to goja as it is; esbuild is asked for TypeScript, ES
// modules and the syntax that goja does not know. strict says that the file is
// an ES module whatever is in it, main that it is the script's own, which may
// await outside of functions.
func compile(path string, source []byte, strict, main bool) (unit, error) {
	key := keyOf(path, source, strict, main)
	return programs.unit(key, func() (unit, error) {
		return compileNew(key, path, plainText(source), strict, main)
	})
}

// plainText is the text of a file without what is not JavaScript at its start.
func plainText(source []byte) string {
	text := strings.TrimPrefix(string(source), "\ufeff")
	if strings.HasPrefix(text, "#!") {
		text = "//" + text[2:]
	}
	return text
}

func compileNew(key cacheKey, path, text string, strict, main bool) (unit, error) {
	lowered, cached := translations.read(key)
	if !cached {
		loader, always := loaderOf(path)
		if !always && !strict {
			calls := newUnused(unusedName)
			if prg, err := calls.compileFunction(path, text); err == nil {
				return unit{program: prg, unused: calls.places}, nil
			}
		}
		var err error
		if lowered, err = translate(path, text, loader, main); err != nil {
			return unit{}, err
		}
	}
	calls := newUnused(unusedName)
	prg, err := calls.compileFunction(path, lowered)
	if err != nil {
		return unit{}, gojaSyntaxError(path, text, err)
	}
	if !cached {
		translations.write(key, lowered)
	}
	return unit{
		program: prg, unused: calls.places,
		esm: importsOrExports(lowered), awaits: main && strings.Contains(lowered, evaluates),
	}, nil
}

// translate lowers a file with esbuild.
func translate(path, text string, loader api.Loader, main bool) (string, error) {
	text = withIdioms(text)
	lowered, err := transform(path, text, loader)
	var syntax *SyntaxError
	if main && errors.As(err, &syntax) && syntax.awaits {
		return transformAwaiting(path, text, loader)
	}
	return lowered, err
}

// importsOrExports tells whether lowered text was an ES module, by what esbuild
// makes of import and export statements.
func importsOrExports(lowered string) bool {
	for _, sign := range []string{"\nmodule.exports = __toCommonJS(", "\nvar import_", " = __toESM(require(", importMeta} {
		if strings.Contains(lowered, sign) {
			return true
		}
	}
	return strings.HasPrefix(lowered, "var import_")
}

func loaderOf(path string) (loader api.Loader, always bool) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".ts", ".mts", ".cts":
		return api.LoaderTS, true
	case ".tsx":
		return api.LoaderTSX, true
	case ".jsx":
		return api.LoaderJSX, true
	case ".mjs":
		return api.LoaderJS, true
	}
	return api.LoaderJS, false
}

// lowered lists what goja's parser or VM does not have.
var lowered = map[string]bool{
	"async-generator":      false,
	"for-await":            false,
	"dynamic-import":       false,
	"import-assertions":    false,
	"import-attributes":    false,
	"top-level-await":      false,
	"using":                false,
	"decorators":           false,
	"hashbang":             false,
	"regexp-set-notation":  false,
	"regexp-match-indices": false,
}

// transform lowers a file with esbuild to CommonJS with an inline source map.
func transform(path, text string, loader api.Loader) (string, error) {
	result := lower(text, transformOptions(path, loader))
	if len(result.Errors) > 0 {
		return "", esbuildSyntaxError(path, result.Errors)
	}
	return withSourceMap(path, result.Code, result.Map)
}

// misread finds fields of classes, as esbuild writes them, that goja's parser
// takes for the beginning of a method. Assignments may look the same.
var misread = regexp.MustCompile(`(?m)^\s+(?:static )?(?:get|set|async|static) = `)

// lower has esbuild lower a text, and its fields of classes too when they have
// such names.
func lower(text string, options api.TransformOptions) api.TransformResult {
	result := api.Transform(text, options)
	if misread.Match(result.Code) {
		options.Supported = maps.Clone(options.Supported)
		options.Supported["class-field"], options.Supported["class-static-field"] = false, false
		result = api.Transform(text, options)
	}
	return result
}

func transformOptions(path string, loader api.Loader) api.TransformOptions {
	return api.TransformOptions{
		Loader:    loader,
		Format:    api.FormatCommonJS,
		Target:    api.ES2022,
		Supported: lowered,
		Platform:  api.PlatformNode,
		// Told of .mjs, esbuild would take for CommonJS all that it imports.
		Sourcefile:     path + "#",
		Define:         map[string]string{"import.meta": importMeta},
		Sourcemap:      api.SourceMapExternal,
		SourcesContent: api.SourcesContentExclude,
		TsconfigRaw:    `{"compilerOptions":{"experimentalDecorators":true}}`,
		LogLevel:       api.LogLevelSilent,
	}
}

// esbuildSyntaxError is the first of esbuild's errors, of which there is one at
// least, with the others beside it.
func esbuildSyntaxError(path string, messages []api.Message) *SyntaxError {
	m := messages[0]
	e := &SyntaxError{File: path, Message: m.Text}
	for i := range messages[1:] {
		e.others = append(e.others, esbuildSyntaxError(path, messages[i+1:i+2]))
	}
	if strings.Contains(m.Text, "Top-level await") {
		e.awaits = true
		e.Message = "await outside of functions is for the script's own file alone; put it into an async function, such as (async () => { … })()"
	}
	if m.Location != nil {
		e.Line, e.Column, e.Source = m.Location.Line, m.Location.Column+1, m.Location.LineText
	}
	return e
}

func gojaSyntaxError(path, text string, err error) error {
	e := &SyntaxError{File: path, Line: 1, Column: 1, Message: err.Error()}
	var list parser.ErrorList
	var compiler *goja.CompilerSyntaxError
	switch {
	case errors.As(err, &list) && len(list) > 0:
		e.Message = list[0].Message
		e.Line, e.Column = list[0].Position.Line, list[0].Position.Column
	case errors.As(err, &compiler):
		e.Message = compiler.Message
		if compiler.File != nil {
			pos := compiler.File.Position(compiler.Offset)
			e.Line, e.Column = pos.Line, pos.Column
		}
	}
	if lines := strings.Split(text, "\n"); e.Line >= 1 && e.Line <= len(lines) {
		e.Source = strings.TrimRight(lines[e.Line-1], "\r")
	}
	return e
}

// compileFunction compiles text as the body of the module function. The
// function is built around the parsed text, not around its source, so that
// lines and columns are those of the file.
func (u *unused) compileFunction(path, text string) (*goja.Program, error) {
	text = withPairs(text)
	prg, err := parser.ParseFile(nil, path, text, 0, mapsBeside(path))
	if err != nil {
		if illegalReturn(err) {
			return u.compileText(path, text)
		}
		return nil, err
	}
	if strings.Contains(text, u.name) {
		u.collect(prg)
	}
	if err := rewriteRegExps(prg, text); err != nil {
		return nil, err
	}
	return compileParsed(prg, len(text))
}

// illegalReturn tells whether a file has a return outside of functions.
func illegalReturn(err error) bool { return strings.Contains(err.Error(), "Illegal return") }

// compileParsed compiles a parsed text of some length as the body of the module
// function. The tree is changed.
func compileParsed(prg *js_ast.Program, length int) (*goja.Program, error) {
	fn := &js_ast.FunctionLiteral{
		Function:        file.Idx(prg.File.Base()),
		ParameterList:   &js_ast.ParameterList{},
		Body:            &js_ast.BlockStatement{List: prg.Body, RightBrace: file.Idx(prg.File.Base() + length)},
		DeclarationList: prg.DeclarationList,
	}
	for i, name := range parameters {
		if i >= ownable && declares(prg, name) {
			name += "_"
		}
		fn.ParameterList.List = append(fn.ParameterList.List,
			&js_ast.Binding{Target: ident(name)})
	}
	prg.DeclarationList = nil
	prg.Body = []js_ast.Statement{&js_ast.ExpressionStatement{Expression: fn}}
	return compileTree(prg)
}

// compileTree compiles a tree and makes the program faster.
func compileTree(prg *js_ast.Program) (*goja.Program, error) {
	program, err := goja.CompileAST(prg, false)
	if err == nil {
		engine.Faster(program)
	}
	return program, err
}

// declares tells whether a file declares a name with let, const or class.
func declares(prg *js_ast.Program, name string) bool {
	for _, statement := range prg.Body {
		switch s := statement.(type) {
		case *js_ast.LexicalDeclaration:
			for _, b := range s.List {
				if id, ok := b.Target.(*js_ast.Identifier); ok && id.Name.String() == name {
					return true
				}
			}
		case *js_ast.ClassDeclaration:
			if s.Class.Name != nil && s.Class.Name.Name.String() == name {
				return true
			}
		}
	}
	return false
}

// wrapper comes before a source that is compiled as a whole function.
var wrapper = "(function(" + strings.Join(parameters, ",") + "){"

// compileText wraps the source itself, for a file that has a return outside
// of functions. Columns of its first line are too high by the wrapper.
func (u *unused) compileText(path, text string) (*goja.Program, error) {
	prg, err := parser.ParseFile(nil, path, wrapper+text+"\n})", 0, mapsBeside(path))
	if err != nil {
		return nil, err
	}
	if err := rewriteRegExps(prg, text); err != nil {
		return nil, err
	}
	u.collect(prg)
	return compileTree(prg)
}

func ident(name string) *js_ast.Identifier {
	return &js_ast.Identifier{Name: unistring.NewFromString(name), Idx: 1}
}
