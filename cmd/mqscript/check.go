package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/module"
	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/types"
)

// check prints what is wrong with scripts. The exit code is 1 when that is
// more than warnings.
func check(settings *config.Check, c console) error {
	failed, files, problems := false, 0, 0
	seen := map[string]bool{} // a file that two scripts load is told of once
	for _, path := range settings.Scripts {
		checked, err := script.Check(path)
		if err != nil {
			return err
		}
		failed = failed || checked.Failed()
		for i := range checked.Problems {
			p := &checked.Problems[i]
			text := problemText(p)
			if seen[text] {
				continue
			}
			seen[text] = true
			problems++
			if err := printProblem(c.out, p, settings.JSON); err != nil {
				return err
			}
		}
		for _, file := range checked.Files {
			if !seen[file] {
				seen[file] = true
				files++
			}
		}
	}
	if !settings.JSON {
		newLog(settings.Log, c).Info(fmt.Sprintf("%s in %s", count(problems, "problem"), count(files, "file")))
	}
	if failed {
		return &exitError{code: 1}
	}
	return nil
}

func count(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// foundProblem is a problem as JSON.
type foundProblem struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
}

func printProblem(out io.Writer, p *module.Problem, asJSON bool) error {
	text := problemText(p) + "\n"
	if asJSON {
		line, err := json.Marshal(foundProblem{shownPath(p.File), p.Line, p.Column, severity(p), p.Message})
		if err != nil {
			return fmt.Errorf("writing JSON: %w", err)
		}
		text = string(line) + "\n"
	}
	if _, err := io.WriteString(out, text); err != nil {
		return fmt.Errorf("printing a problem: %w", err)
	}
	return nil
}

// problemText is the place, the kind and the message in one line, and the line
// of source below it.
func problemText(p *module.Problem) string {
	text := fmt.Sprintf("%s:%d:%d: %s: %s", shownPath(p.File), p.Line, p.Column, severity(p), p.Message)
	if caret := p.Caret(); caret != "" {
		text += "\n" + caret
	}
	return text
}

func severity(p *module.Problem) string {
	if p.Warning {
		return "warning"
	}
	return "error"
}

// shownPath is a path as the user would write it: from this folder when it is
// in it.
func shownPath(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return path
	}
	return rel
}

// printTypes prints the declarations, or writes them into a file.
func printTypes(settings *config.Types, c console) error {
	if settings.Output == "" {
		if _, err := io.WriteString(c.out, types.Declarations); err != nil {
			return fmt.Errorf("printing the declarations: %w", err)
		}
		return nil
	}
	if err := os.WriteFile(settings.Output, []byte(types.Declarations), 0o644); err != nil {
		return fmt.Errorf("writing the declarations: %w", err)
	}
	newLog(settings.Log, c).Info("wrote " + settings.Output)
	return nil
}
