package engine

import (
	"github.com/dop251/goja"
)

// SetRegExpSource has a regular expression show another source than the one
// that it was compiled from, and so its copies. When goja does not fit, it gets
// a property of its own for that, which copies have not.
func SetRegExpSource(expression *goja.Object, source goja.String) {
	if known.fits && head(expression).self.tab == known.regexp {
		(*regexp)(head(expression).self.data).source = source
		return
	}
	_ = expression.DefineDataProperty("source", source, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
}
