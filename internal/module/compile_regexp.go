package module

import (
	"bytes"
	"reflect"

	"github.com/dop251/goja"
	js_ast "github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"

	"github.com/mqscript/mqscript/internal/module/regexp"
)

// rewriteRegExps has regular expressions with Unicode properties made by the
// constructor RegExp, which understands them: /\p{L}/u is compiled as
// new RegExp("\\p{L}", "u"). The text is looked at before to save the way
// through the tree. An error is about a property that there is not.
func rewriteRegExps(prg *js_ast.Program, text string) error {
	if !regexp.Names(text) {
		return nil
	}
	var wrong error
	replace := func(literal *js_ast.RegExpLiteral) js_ast.Expression {
		if !regexp.NeedsRewriting(literal.Pattern, literal.Flags) {
			return literal
		}
		if err := regexp.Check(literal.Pattern, literal.Flags); err != nil && wrong == nil {
			wrong = &goja.CompilerSyntaxError{CompilerError: goja.CompilerError{
				Message: err.Error(), File: prg.File, Offset: int(literal.Idx) - prg.File.Base(),
			}}
		}
		return &js_ast.NewExpression{
			New: literal.Idx, Callee: &js_ast.Identifier{Name: "RegExp", Idx: literal.Idx},
			ArgumentList: []js_ast.Expression{textLiteral(literal, literal.Pattern), textLiteral(literal, literal.Flags)},
		}
	}
	replaceLiterals(reflect.ValueOf(prg.Body), replace)
	return wrong
}

func textLiteral(at *js_ast.RegExpLiteral, text string) *js_ast.StringLiteral {
	return &js_ast.StringLiteral{Idx: at.Idx, Literal: text, Value: unistring.NewFromString(text)}
}

// replaceLiterals goes through a tree as walk does.
func replaceLiterals(v reflect.Value, replace func(*js_ast.RegExpLiteral) js_ast.Expression) {
	switch v.Kind() {
	case reflect.Interface:
		if literal, ok := v.Interface().(*js_ast.RegExpLiteral); ok {
			v.Set(reflect.ValueOf(replace(literal)))
			return
		}
		if !v.IsNil() {
			replaceLiterals(v.Elem(), replace)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			replaceLiterals(v.Elem(), replace)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				replaceLiterals(v.Field(i), replace)
			}
		}
	case reflect.Slice:
		if v.Type() == declarations {
			return
		}
		for i := range v.Len() {
			replaceLiterals(v.Index(i), replace)
		}
	}
}

// namesRegExp tells whether a file may compare constructors with RegExp. The
// literals of the engine have its own until RegExp is first looked at.
func namesRegExp(source []byte) bool { return bytes.Contains(source, []byte("RegExp")) }
