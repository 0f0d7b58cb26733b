package console

import (
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/inspect"
)

// grid is a table under construction: named columns of cells.
type grid struct {
	names []string
	cells map[string][]string
	rows  int
}

func (g *grid) put(column, text string) {
	if !slices.Contains(g.names, column) {
		g.names = append(g.names, column)
	}
	list := g.cells[column]
	for len(list) < g.rows {
		list = append(list, "")
	}
	g.cells[column] = append(list[:g.rows], text)
}

// table writes rows of objects as a table; what is no object is logged.
func (c *Console) table(args []goja.Value) {
	var obj *goja.Object
	if len(args) > 0 {
		obj, _ = args[0].(*goja.Object)
	}
	if obj == nil {
		if len(args) == 0 {
			args = []goja.Value{goja.Undefined()}
		}
		c.write(LevelLog, c.in.Format(args[:1]))
		return
	}
	var only []string
	if len(args) > 1 {
		if list, ok := args[1].(*goja.Object); ok {
			for _, k := range list.Keys() {
				only = append(only, list.Get(k).String())
			}
		}
	}
	g := &grid{cells: make(map[string][]string)}
	indexName := "(index)"
	var values []string
	hasValues := false
	add := func(index string, row goja.Value) {
		g.put(indexName, index)
		rowObject, ok := row.(*goja.Object)
		if _, isFunction := goja.AssertFunction(row); ok && !isFunction {
			c.columns(g, rowObject, only)
			values = append(values, "")
		} else {
			hasValues = true
			values = append(values, c.cell(row))
		}
		g.rows++
	}
	if entries, isMap := c.in.Entries(obj); entries != nil {
		indexName = "(iteration index)"
		c.collection(g, entries, isMap, indexName)
	} else {
		for _, k := range obj.Keys() {
			add(k, obj.Get(k))
		}
	}
	if hasValues {
		g.names = append(g.names, "Values")
		g.cells["Values"] = values
	}
	if len(g.names) == 0 {
		g.names = []string{indexName}
	}
	c.write(LevelLog, g.draw())
}

// columns puts the properties of a row into the grid.
func (c *Console) columns(g *grid, row *goja.Object, only []string) {
	names := row.Keys()
	if only != nil {
		names = only
	}
	for _, name := range names {
		text := ""
		if v := row.Get(name); v != nil {
			text = c.cell(v)
		}
		g.put(name, text)
	}
}

// collection puts a Map or Set into the grid.
func (c *Console) collection(g *grid, entries [][2]goja.Value, isMap bool, indexName string) {
	for i, e := range entries {
		g.put(indexName, c.cell(c.vm.ToValue(i)))
		if isMap {
			g.put("Key", c.cell(e[0]))
		}
		g.put("Values", c.cell(e[1]))
		g.rows++
	}
}

// cell shows a value in one line, objects inside it in short.
func (c *Console) cell(v goja.Value) string {
	o := inspect.Defaults()
	o.MaxArrayLength, o.BreakLength = 3, 1<<30
	o.Depth = 0
	if obj, ok := v.(*goja.Object); ok && obj.ClassName() != "Array" && len(obj.Keys()) > 2 {
		o.Depth = -1
	}
	return c.in.InspectWith(v, o)
}

// draw writes the grid with lines around its cells.
func (g *grid) draw() string {
	widths := make([]int, len(g.names))
	for i, name := range g.names {
		widths[i] = inspect.Width(name) + 2
		for _, text := range g.cells[name] {
			widths[i] = max(widths[i], inspect.Width(text)+2)
		}
	}
	rule := func(left, middle, right string) string {
		parts := make([]string, len(widths))
		for i, w := range widths {
			parts[i] = strings.Repeat("─", w)
		}
		return left + strings.Join(parts, middle) + right
	}
	line := func(text func(i int) string) string {
		parts := make([]string, len(widths))
		for i, w := range widths {
			t := text(i)
			parts[i] = " " + t + strings.Repeat(" ", w-1-inspect.Width(t))
		}
		return "│" + strings.Join(parts, "│") + "│"
	}
	lines := []string{
		rule("┌", "┬", "┐"),
		line(func(i int) string { return g.names[i] }),
		rule("├", "┼", "┤"),
	}
	for row := range g.rows {
		lines = append(lines, line(func(i int) string {
			if list := g.cells[g.names[i]]; row < len(list) {
				return list[row]
			}
			return ""
		}))
	}
	return strings.Join(append(lines, rule("└", "┴", "┘")), "\n")
}
