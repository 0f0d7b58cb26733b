package module

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
)

// manifest is what a package.json says about loading.
type manifest struct {
	dir     string // the package's folder
	name    string
	main    string
	module  bool    // "type": "module"
	exports *target // nil: everything may be loaded
	imports *target
	browser *target // a string in place of main, or a map
}

// file is the path of the package.json.
func (m *manifest) file() string { return filepath.Join(m.dir, "package.json") }

// manifests keeps every package.json that was looked for, those that are not
// there included: what a package says holds for the life of a VM.
type manifests struct {
	files Files
	known map[string]*manifest // by their folder
}

// in returns the package.json of a folder, nil when it has none.
func (ms manifests) in(dir string) (*manifest, error) {
	if m, known := ms.known[dir]; known {
		return m, nil
	}
	m, err := ms.read(dir)
	if err != nil {
		return nil, err
	}
	ms.known[dir] = m
	return m, nil
}

// around returns the package that a folder belongs to, nil when it is in none.
func (ms manifests) around(dir string) (*manifest, error) {
	for filepath.Base(dir) != "node_modules" {
		if m, err := ms.in(dir); m != nil || err != nil {
			return m, err
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return nil, nil
}

func (ms manifests) read(dir string) (*manifest, error) {
	m := &manifest{dir: dir}
	data, err := ms.files.ReadCode(m.file())
	if err != nil {
		return nil, nil // a folder without one is nothing special
	}
	var fields struct {
		Name, Main, Type          any
		Exports, Imports, Browser json.RawMessage
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if json.Unmarshal(data, &fields) != nil {
		return nil, &resolveError{"ERR_INVALID_PACKAGE_CONFIG", fmt.Sprintf("Invalid package config %s.", m.file())}
	}
	m.name, _ = fields.Name.(string)
	m.main, _ = fields.Main.(string)
	m.module = fields.Type == "module"
	m.exports, m.imports, m.browser = parseTarget(fields.Exports), parseTarget(fields.Imports), parseTarget(fields.Browser)
	return m, nil
}

// target is a value in "exports", "imports" or "browser", whose keys keep their
// order, since the first condition that holds is the one that counts.
type target struct {
	text   string // a path or a request
	isText bool
	list   []*target // an array
	keys   []string  // an object
	fields map[string]*target
	// What is neither of these, null and false, forbids.
}

func parseTarget(raw json.RawMessage) *target {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	t, err := readTarget(dec)
	if err != nil {
		return nil
	}
	return t
}

func readTarget(dec *json.Decoder) (*target, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case string:
		return &target{text: v, isText: true}, nil
	case json.Delim:
		if v == '[' {
			return readList(dec)
		}
		return readFields(dec)
	}
	return &target{}, nil
}

func readList(dec *json.Decoder) (*target, error) {
	t := &target{list: []*target{}}
	for dec.More() {
		item, err := readTarget(dec)
		if err != nil {
			return nil, err
		}
		t.list = append(t.list, item)
	}
	_, err := dec.Token()
	return t, err
}

func readFields(dec *json.Decoder) (*target, error) {
	t := &target{fields: map[string]*target{}}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		value, err := readTarget(dec)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		t.keys = append(t.keys, name)
		t.fields[name] = value
	}
	_, err := dec.Token()
	return t, err
}
