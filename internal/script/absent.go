package script

import (
	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

// absent are modules of Node that scripts cannot have, with what they have:
// packages load them for something that is not always used. They can be loaded,
// and what is in them says that it is missing when it is used.
var absent = map[string]string{
	"child_process": "ChildProcess exec execFile execFileSync execSync fork spawn spawnSync",
}

var absentSource = native.NewSource("absent", "tools.missing(module.exports, native.module, native.names)")

// defineAbsent adds the modules that only say that they are missing.
func (s *Script) defineAbsent(env *native.Env) {
	for name, names := range absent {
		s.modules.Define(name, func() goja.Value {
			return env.Exports(absentSource, func(f *native.Functions) {
				f.Value("module", name)
				f.Value("names", names)
			})
		})
	}
}
