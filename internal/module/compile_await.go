package module

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// A script that awaits outside of functions becomes an async function, which
// goja can run: esbuild puts the file in order, with each import and export at
// the beginning of a line; the rest is wrapped; then it is lowered like others.

// evaluate is the name of the method of module that the wrapped script calls.
const evaluate = "__evaluate"

// evaluates is how a lowered script that awaits begins its work.
const evaluates = "module." + evaluate + "(async () => {"

// transformAwaiting lowers a script that awaits outside of functions.
func transformAwaiting(path, text string, loader api.Loader) (string, error) {
	options := transformOptions(path, loader)
	options.Format = api.FormatESModule
	options.LegalComments = api.LegalCommentsNone
	options.Supported = map[string]bool{"top-level-await": true, "template-literal": false}
	for feature, is := range lowered {
		if _, set := options.Supported[feature]; !set {
			options.Supported[feature] = is
		}
	}
	ordered := api.Transform(text, options)
	if len(ordered.Errors) > 0 {
		return "", esbuildSyntaxError(path, ordered.Errors)
	}
	comment, err := mapForWrapped(ordered.Map)
	if err != nil {
		return "", err
	}
	wrapped := lower(wrap(string(ordered.Code))+comment, transformOptions(path, api.LoaderJS))
	if len(wrapped.Errors) > 0 {
		return "", esbuildSyntaxError(path, wrapped.Errors)
	}
	return withSourceMap(path, wrapped.Code, wrapped.Map)
}

// wrap puts the statements of an ordered module into an async function that
// returns getters of its exports. Imports, and exports of what is imported,
// follow it, and leave empty lines so that the numbers of lines stay.
func wrap(code string) string {
	var body, outside, getters strings.Builder
	lines := strings.Split(code, "\n")
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(lines[i], "import ") && !strings.HasPrefix(lines[i], "export ") {
			body.WriteString(lines[i] + "\n")
			continue
		}
		statement := lines[i]
		body.WriteString("\n")
		for !strings.HasSuffix(lines[i], ";") && i+1 < len(lines) {
			i++
			statement += " " + lines[i]
			body.WriteString("\n")
		}
		if list, ok := exportList(statement); ok {
			writeGetters(&getters, list)
		} else {
			outside.WriteString(statement + "\n")
		}
	}
	return evaluates + "\n" + body.String() + "return {" + getters.String() + "};\n});\n" + outside.String()
}

// exportList returns what stands in the braces of a statement that exports
// names of its own module.
func exportList(statement string) (list string, ok bool) {
	list, ok = strings.CutPrefix(statement, "export {")
	if ok {
		list, ok = strings.CutSuffix(list, "};")
	}
	return list, ok
}

func writeGetters(b *strings.Builder, list string) {
	for item := range strings.SplitSeq(list, ",") {
		local, name, renamed := strings.Cut(strings.TrimSpace(item), " as ")
		if !renamed {
			name = local
		}
		if local != "" {
			fmt.Fprintf(b, " get %s() { return %s; },", name, local)
		}
	}
}

// mapForWrapped makes a source map esbuild's own input: one line, that of the
// wrapper, comes before the lines that it is about.
func mapForWrapped(sourceMap []byte) (comment string, err error) {
	var m map[string]any
	if err := json.Unmarshal(sourceMap, &m); err != nil {
		return "", fmt.Errorf("reading a source map: %w", err)
	}
	mappings, _ := m["mappings"].(string)
	m["mappings"] = ";" + mappings
	data, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("writing a source map: %w", err)
	}
	return "//# sourceMappingURL=data:application/json;base64," + base64.StdEncoding.EncodeToString(data) + "\n", nil
}
