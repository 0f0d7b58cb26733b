package native

import (
	"embed"
	"path"
	"strings"
	"sync"

	"github.com/dop251/goja"
)

// Parts are the files of a module that is written in several. It is compiled
// once for all VMs.
type Parts struct {
	names   []string
	sources func() map[string]*Source
}

// NewParts takes all files, which are called NAME.js; module stands in front of
// their names in stacks. names are those that Exports runs, in the order in
// which they need each other.
func NewParts(module string, files embed.FS, names ...string) *Parts {
	return &Parts{names: names, sources: sync.OnceValue(func() map[string]*Source {
		entries, err := files.ReadDir(".")
		if err != nil {
			panic(err)
		}
		all := make(map[string]*Source, len(entries))
		for _, e := range entries {
			text, err := files.ReadFile(e.Name())
			if err != nil {
				panic(err)
			}
			name := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
			all[name] = NewSource(module+"/"+name, string(text))
		}
		return all
	})}
}

// Source is one of the files, whether Exports runs it or not.
func (p *Parts) Source(name string) *Source { return p.sources()[name] }

// Exports runs the files and puts the exports of each into made, under its name;
// each finds made as native.parts. It returns the exports of the last one.
// define, which may be nil, adds the functions of Go that a file is made of.
func (p *Parts) Exports(env *Env, made *goja.Object, define func(name string, f *Functions)) (last goja.Value) {
	for _, name := range p.names {
		last = env.Exports(p.Source(name), func(f *Functions) {
			f.Value("parts", made)
			if define != nil {
				define(name, f)
			}
		})
		_ = made.Set(name, last)
	}
	return last
}
