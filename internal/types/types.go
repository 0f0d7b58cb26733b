// Package types holds the TypeScript declarations of what a script can use, so
// that an editor completes and checks scripts.
package types

import _ "embed"

//go:embed mqscript.d.ts
var api string

//go:embed node.d.ts
var node string

//go:embed modules.d.ts
var modules string

//go:embed crypto.d.ts
var crypto string

//go:embed text.d.ts
var text string

//go:embed fs.d.ts
var fs string

//go:embed web.d.ts
var web string

//go:embed stream.d.ts
var stream string

//go:embed net.d.ts
var net string

//go:embed fetch.d.ts
var fetch string

//go:embed ttqm.d.ts
var ttqm string

//go:embed http.d.ts
var http string

//go:embed readline.d.ts
var readline string

// Declarations is the whole of mqscript.d.ts as it is put beside a user's
// script: the handlers, functions and packets, and the part of Node.js that a
// script has. It needs no other package of declarations.
var Declarations = api + "\n" + node + "\n" + modules + "\n" + crypto + "\n" + text + "\n" + stream + "\n" + web + "\n" + fs + "\n" + net + "\n" + fetch + "\n" + ttqm + "\n" + http + "\n" + readline
