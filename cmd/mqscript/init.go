package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/types"
)

//go:embed starter
var starter embed.FS

// starterFile is a file that init writes.
type starterFile struct {
	name    string
	content []byte
}

// initialize writes the starter files into a folder. Without --force it
// writes none when one of them is there.
func initialize(settings *config.Init, c console) error {
	files, err := starterFiles()
	if err != nil {
		return err
	}
	if !settings.Force {
		if err := refuseOverwriting(settings.Dir, files); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(settings.Dir, 0o755); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	for _, file := range files {
		if err := os.WriteFile(filepath.Join(settings.Dir, file.name), file.content, 0o644); err != nil {
			return fmt.Errorf("writing the starter: %w", err)
		}
	}
	log := newLog(settings.Log, c)
	for _, file := range files {
		log.Info("wrote " + filepath.Join(settings.Dir, file.name))
	}
	log.Info("next: mqscript run " + quoteArgument(filepath.Join(settings.Dir, "device.js")))
	return nil
}

func starterFiles() ([]starterFile, error) {
	files := []starterFile{{"mqscript.d.ts", []byte(types.Declarations)}}
	for _, name := range []string{"device.js", "jsconfig.json", "gitignore"} {
		content, err := starter.ReadFile("starter/" + name)
		if err != nil {
			return nil, fmt.Errorf("reading the starter: %w", err)
		}
		if name == "gitignore" { // under its own name it would rule this repository's folder
			name = ".gitignore"
		}
		files = append(files, starterFile{name, content})
	}
	return files, nil
}

func refuseOverwriting(dir string, files []starterFile) error {
	var there []string
	for _, file := range files {
		_, err := os.Lstat(filepath.Join(dir, file.name))
		switch {
		case err == nil:
			there = append(there, file.name)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("looking for files that are there: %w", err)
		}
	}
	if len(there) == 0 {
		return nil
	}
	return fmt.Errorf("%s has %s already; --force overwrites", dir, strings.Join(there, " and "))
}

// quoteArgument quotes a text for a shell when it needs that.
func quoteArgument(s string) string {
	if !strings.ContainsAny(s, " '\"\\$&;()<>|*?`#!") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
