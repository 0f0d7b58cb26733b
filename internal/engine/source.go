package engine

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// SourceAt returns where in the text of a program the source of a function
// stands that was compiled from it. ok is false for every other function, also
// for one with the same source from elsewhere, and always when goja does not fit.
func SourceAt(program *goja.Program, fn *goja.Object) (at int, ok bool) {
	if !known.fits || program == nil {
		return 0, false
	}
	file := reflect.ValueOf(program).Elem().FieldByName("src")
	if file.Kind() != reflect.Pointer || file.IsNil() {
		return 0, false
	}
	text, hasText := textIn(file.Elem())
	source, hasSource := textIn(reflect.ValueOf(fn).Elem().Field(0).Elem().Elem())
	if !hasText || !hasSource {
		return 0, false
	}
	return Within(text, source)
}

// textIn returns the field of the name src.
func textIn(v reflect.Value) (text string, ok bool) {
	if v.Kind() != reflect.Struct {
		return "", false
	}
	src := v.FieldByName("src")
	return src.String(), src.Kind() == reflect.String
}

// Within returns where in a text a part of it stands, which is the same memory
// and not just equal.
func Within(text, part string) (at int, ok bool) {
	begin, from := uintptr(unsafe.Pointer(unsafe.StringData(text))), uintptr(unsafe.Pointer(unsafe.StringData(part)))
	if part == "" || from < begin || from+uintptr(len(part)) > begin+uintptr(len(text)) {
		return 0, false
	}
	return int(from - begin), true //nolint:gosec // within a text
}
