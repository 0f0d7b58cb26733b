package script

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/mqscript/mqscript/internal/module"
)

// Checked is what Check found.
type Checked struct {
	Files    []string         // see module.Graph
	Problems []module.Problem // those of the script's handlers included
}

// Failed tells whether a problem is there that is more than a warning.
func (c *Checked) Failed() bool {
	return slices.ContainsFunc(c.Problems, func(p module.Problem) bool { return !p.Warning })
}

// Fatal are the problems with which the script does not load.
func (c *Checked) Fatal() []module.Problem {
	return slices.DeleteFunc(slices.Clone(c.Problems), func(p module.Problem) bool { return !p.Fatal })
}

// Check reads a script and all that it leads to, without running any of it,
// and tells what is wrong. An error says that there is no such file. It may be
// called from anywhere.
func Check(path string) (*Checked, error) {
	s := New(Options{Path: path, Console: silent{}, HandlerLimit: time.Hour})
	defer s.Stop() // it never began
	var graph *module.Graph
	err := fmt.Errorf("%s could not be read", path)
	s.loop.Turn("", func() {
		s.vm = s.loop.VM()
		s.installGlobals() // which modules there are, and what is in them
		graph, err = s.modules.Graph(path)
	})
	if err != nil {
		return nil, err
	}
	checked := &Checked{Files: graph.Files, Problems: graph.Problems}
	if graph.Main != nil {
		checked.Problems = append(handlerProblems(graph.Main), checked.Problems...)
		slices.SortStableFunc(checked.Problems, inFilesOrder(graph.Files[0]))
	}
	return checked, nil
}

// Modules returns the names of the modules that are built in, sorted. It may be
// called from anywhere.
func Modules() []string {
	s := New(Options{Path: "none.js", Console: silent{}, HandlerLimit: time.Hour})
	defer s.Stop() // it never began
	var names []string
	s.loop.Turn("", func() {
		s.vm = s.loop.VM()
		s.installGlobals()
		names = s.modules.Names()
	})
	return names
}

// inFilesOrder puts the problems of the script's own file in the order of its
// lines and leaves the others behind them as they are.
func inFilesOrder(own string) func(a, b module.Problem) int {
	return func(a, b module.Problem) int {
		switch {
		case a.File == own && b.File == own:
			return cmp.Or(a.Line-b.Line, a.Column-b.Column)
		case a.File == own:
			return -1
		case b.File == own:
			return 1
		}
		return 0
	}
}

// silent is the console of a script that does not run.
type silent struct{}

// Write implements [Console].
func (silent) Write(Level, string) {}
