package eventloop

import (
	"time"

	"github.com/dlclark/regexp2/v2"
)

// BoundRegExps bounds how long one match of a regular expression may take that
// is found by trying out ways, as one with a look-ahead or a back reference is.
// The interruption of a turn does not reach into a match; a match that ends by
// this bound is taken for none, so the bound must not be below the limit of a
// turn. It holds for all loops of the process. Call it before the first is made.
func BoundRegExps(limit time.Duration) { regexp2.DefaultMatchTimeout = limit }
