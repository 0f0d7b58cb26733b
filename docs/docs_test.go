// Package docs checks that the pages say what the program does.
package docs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
	"github.com/mqscript/mqscript/internal/types"
)

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// found returns the submatches of every match.
func found(pattern, text string) []string {
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		out = append(out, strings.Join(m[1:], ""))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestFlags compares COMMAND-LINE.md with what the program's help prints, in
// both directions.
func TestFlags(t *testing.T) {
	page := read(t, "COMMAND-LINE.md")
	help := helpOf(t)
	commands := found(`(?m)^  (\w+) {2,}[A-Z]`, help)
	if len(commands) < 5 {
		t.Fatalf("help names only the commands %v", commands)
	}
	for _, command := range commands {
		if !strings.Contains(page, "\n## "+command+"\n") {
			t.Errorf("no section on the command %s", command)
		}
		help += helpOf(t, command)
	}
	const flag = `--([a-z][a-z-]+)`
	printed := found(`(?m)^ +(?:-\w, +)?`+flag, help)
	if len(printed) < 30 {
		t.Fatalf("help prints only the flags %v", printed)
	}
	for _, usage := range found(`(?m)^ +(?:-\w, +)?(--[a-z-]+(?:=[A-Z]+(?: [A-Z]+)*)?)`, help) {
		if usage = strings.Replace(usage, "=", " ", 1); !strings.Contains(page, "`"+usage+"`") {
			t.Errorf("the page lacks %s", usage)
		}
	}
	for _, short := range found(`(?m)^ +(-\w, --[a-z-]+)`, help) {
		if !strings.Contains(page, "`"+strings.Replace(short, ", ", "`, `", 1)) {
			t.Errorf("the page lacks %s", short)
		}
	}
	for _, name := range found("`(?:-\\w`, `)?"+flag, page) {
		if !slices.Contains(printed, name) && !known(t, name) {
			t.Errorf("the page names --%s, which there is not", name)
		}
	}
}

// known tells whether a command takes the flag although help does not show it:
// another name for one that it shows.
func known(t *testing.T, name string) bool {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), binary(t), "sub", "--"+name).CombinedOutput()
	if err == nil {
		t.Fatalf("sub without a topic succeeded: %s", out)
	}
	return !strings.Contains(string(out), "unknown flag")
}

func helpOf(t *testing.T, command ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), binary(t), append(command, "--help")...).Output()
	if err != nil {
		t.Fatalf("asking for help on %q: %v", command, err)
	}
	return string(out)
}

var built string

// binary builds the program once.
func binary(t *testing.T) string {
	t.Helper()
	if built == "" {
		file := filepath.Join(buildDir, "mqscript")
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, "../cmd/mqscript").CombinedOutput(); err != nil {
			t.Fatalf("building the program: %v\n%s", err, out)
		}
		built = file
	}
	return built
}

var buildDir string

func TestMain(m *testing.M) {
	var err error
	if buildDir, err = os.MkdirTemp("", "mqscript-docs-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(buildDir)
	os.Exit(code)
}

// TestNames demands that SCRIPT-API.md mentions every handler, function and
// option that is declared.
func TestNames(t *testing.T) {
	page := read(t, "SCRIPT-API.md")
	module := section(t, types.Declarations, "declare module 'mqscript' {", "\n}")
	names := found(`(?m)^  export (?:const|function) (\w+)`, module)
	handlers := found(`(?m)^    (\w+)\?\(`, section(t, module, "interface Handlers {", "\n  }"))
	for _, name := range handlers {
		if !strings.Contains(page, "\n### "+name+"\n") && name != "onWillExit" {
			t.Errorf("no section on %s", name)
		}
	}
	names = append(names, handlers...)
	for _, options := range []string{"PublishOptions", "PublishProperties", "SubscribeOptions", "SubscribeProperties", "WaitOptions"} {
		names = append(names, found(`(?m)^    (\w+)\?:`, section(t, module, "interface "+options+" {", "\n  }"))...)
	}
	for _, object := range []string{"client", "script"} {
		names = append(names, found(`(?m)^    readonly (\w+)`, section(t, module, "const "+object+": {", "\n  }"))...)
	}
	names = append(names, found(`(?m)^declare (?:var|function) (\w+)`, types.Declarations)...)
	names = append(names, found(`(?m)^declare module '([a-z/]+)'`, types.Declarations)...)
	if len(names) < 50 {
		t.Fatalf("only %v are declared", names)
	}
	for _, name := range names {
		if !regexp.MustCompile("`" + name + "[`(,]").MatchString(page) {
			t.Errorf("the page lacks %s", name)
		}
	}
}

// section returns what is between from and the next to.
func section(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, from)
	body, _, ended := strings.Cut(rest, to)
	if !ok || !ended {
		t.Fatalf("no %q … %q", from, to)
	}
	return body
}

// codeBlock is a marked block of code on a page.
type codeBlock struct {
	place    string // page:line
	language string
	code     string
}

func codeBlocks(t *testing.T, page string) (blocks []codeBlock) {
	t.Helper()
	text := read(t, page)
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```").FindAllStringSubmatchIndex(text, -1) {
		if text[m[2]:m[3]] == "sh" {
			continue // what is typed into a shell
		}
		blocks = append(blocks, codeBlock{
			place:    fmt.Sprintf("%s:%d", page, strings.Count(text[:m[4]], "\n")+1),
			language: text[m[2]:m[3]], code: text[m[4]:m[5]],
		})
	}
	return blocks
}

// TestCodeLoads loads every block of the pages on scripts as a script.
func TestCodeLoads(t *testing.T) {
	blocks := append(codeBlocks(t, "SCRIPT-API.md"), codeBlocks(t, "TTQM.md")...)
	if len(blocks) < 25 {
		t.Fatalf("found only %d blocks of code", len(blocks))
	}
	for _, b := range blocks {
		t.Run(b.place, func(t *testing.T) {
			r := scripttest.New(t, b.code, scripttest.File("script."+b.language))
			r.Write("settings.json", "{}")
			r.Write("node_modules/lodash/index.js", "exports.sortBy = (list) => list")
			r.Script.Start()
			<-r.Loaded()
			if state, err := r.Result(); state == script.StateFailed {
				t.Error(err)
			}
			if out := r.Console.Text(); strings.Contains(out, "[error]") || strings.Contains(out, "[warn]") {
				t.Error(out)
			}
		})
	}
}

// TestDependencies compares ARCHITECTURE.md with go.mod.
func TestDependencies(t *testing.T) {
	page, module := read(t, "ARCHITECTURE.md"), read(t, "../go.mod")
	for _, name := range found(`(?m)^\t(\S+) v\S+$`, module) {
		if !strings.Contains(page, "| `"+name+"` |") {
			t.Errorf("the page lacks the dependency %s", name)
		}
	}
	listed := found("(?m)^\\| `([a-z]+\\.[^`]+)` \\|", page)
	if len(listed) < 5 {
		t.Fatalf("the page lists only the dependencies %v", listed)
	}
	for _, name := range listed {
		if !strings.Contains(module, "\t"+name+" v") {
			t.Errorf("the page names %s, which is no dependency", name)
		}
	}
}

// TestLinks checks that links between the pages, and within them, lead
// somewhere.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		for _, link := range found(`\]\(([^)]+)\)`, read(t, page)) {
			if strings.Contains(link, "://") {
				continue
			}
			file, anchor, _ := strings.Cut(link, "#")
			if file == "" {
				file = page
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %s leads nowhere", page, link)
				continue
			}
			if anchor != "" && !slices.Contains(anchors(read(t, file)), anchor) {
				t.Errorf("%s: there is no heading for %s", page, link)
			}
		}
	}
}

// anchors are the headings' names as GitHub makes them.
func anchors(text string) []string {
	var out []string
	for _, heading := range found(`(?m)^#+ (.+)$`, text) {
		name := regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(strings.ToLower(heading), "")
		out = append(out, strings.ReplaceAll(name, " ", "-"))
	}
	return out
}
