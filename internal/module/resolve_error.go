package module

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/permission"
)

// resolveError is a request that a package.json forbids, with Node's code.
type resolveError struct{ code, message string }

// Error returns the message.
func (e *resolveError) Error() string { return e.message }

// builtinMissing is a module of Node's that scripts cannot have.
type builtinMissing struct{ name string }

// Error says that the module is not available.
func (e *builtinMissing) Error() string {
	return fmt.Sprintf("the module '%s' of Node is not available in scripts", e.name)
}

// notFound is a request that no file answers.
type notFound struct {
	request string
	install string // the package that may have to be installed, "" when it is there or none is meant
}

// Error says what was not found.
func (e *notFound) Error() string { return fmt.Sprintf("Cannot find module '%s'", e.request) }

// thrown makes the error that require throws of one of resolving.
func (s *System) thrown(from *record, err error) *goja.Object {
	var missing *builtinMissing
	var refused *resolveError
	var absent *notFound
	var denied *permission.Denied
	switch {
	case errors.As(err, &denied):
		return nodeerr.New(s.vm, nodeerr.Error, nodeerr.AccessDenied, denied.Error())
	case errors.As(err, &missing):
		return nodeerr.New(s.vm, nodeerr.Error, "ERR_UNKNOWN_BUILTIN_MODULE", missing.Error())
	case errors.As(err, &refused):
		class := nodeerr.Error
		if refused.code == "ERR_PACKAGE_IMPORT_NOT_DEFINED" || refused.code == "ERR_INVALID_MODULE_SPECIFIER" {
			class = nodeerr.TypeError
		}
		return nodeerr.New(s.vm, class, refused.code, refused.message)
	case !errors.As(err, &absent):
		return nodeerr.New(s.vm, nodeerr.Error, "", err.Error())
	}
	stack := requireStack(from)
	text := absent.Error() + "\nRequire stack:\n- " + strings.Join(stack, "\n- ")
	if absent.install != "" {
		text += fmt.Sprintf("\nThe package is not installed; this line does it, in the script's folder: npm install %s", absent.install)
	}
	obj := nodeerr.New(s.vm, nodeerr.Error, "MODULE_NOT_FOUND", text)
	list := make([]any, len(stack))
	for i, path := range stack {
		list[i] = path
	}
	_ = obj.Set("requireStack", s.vm.NewArray(list...))
	return obj
}

// requireStack lists a file and those that led to it.
func requireStack(rec *record) []string {
	var list []string
	for ; rec != nil; rec = rec.parent {
		list = append(list, rec.path)
	}
	return list
}
