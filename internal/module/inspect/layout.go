package inspect

import (
	"math"
	"strings"

	"github.com/dop251/goja"
)

// block is an object's text before it is laid out.
type block struct {
	base    string // what stands before the braces, such as a function
	open    string // the opening brace with its prefix
	close   string
	entries []string
	list    bool // entries may share lines in columns
}

// layout puts the entries on one line when they are few and short, or one a
// line. depth is the depth of the entries.
func (p *printer) layout(b block, depth int, values *goja.Object) string {
	prefix := b.base
	if prefix != "" {
		prefix += " "
	}
	if p.Compact > 0 {
		count := len(b.entries)
		if b.list && count > 6 {
			b.entries = p.columns(b.entries, values)
		}
		if p.current-depth < p.Compact && count == len(b.entries) {
			start := len(b.entries) + p.indent + units(b.open) + units(b.base) + 10
			if p.fits(b, start) {
				if joined := strings.Join(b.entries, ", "); !strings.Contains(joined, "\n") {
					return prefix + b.open + " " + joined + " " + b.close
				}
			}
		}
	}
	line := "\n" + strings.Repeat(" ", p.indent)
	return prefix + b.open + line + "  " + strings.Join(b.entries, ","+line+"  ") + line + b.close
}

func (p *printer) fits(b block, start int) bool {
	total := len(b.entries) + start
	if total+len(b.entries) > p.BreakLength {
		return false
	}
	for _, e := range b.entries {
		if total += units(e); total > p.BreakLength {
			return false
		}
	}
	return !strings.Contains(b.base, "\n")
}

// columns arranges many short entries in columns of about square shape.
func (p *printer) columns(entries []string, values *goja.Object) []string {
	count := len(entries)
	cut := p.MaxArrayLength < len(entries) // the last entry says what is missing
	if cut {
		count--
	}
	const gap = 2
	widths, total, widest := make([]int, count), 0, 0
	for i := range count {
		widths[i] = Width(entries[i])
		total += widths[i] + gap
		widest = max(widest, widths[i])
	}
	cell := widest + gap
	if cell*3+p.indent >= p.BreakLength ||
		!(float64(total)/float64(cell) > 5 || widest <= 6) {
		return entries
	}
	n := p.columnCount(cell, total, count, len(entries))
	if n <= 1 {
		return entries
	}
	columnWidth := make([]int, n)
	for i := range count {
		columnWidth[i%n] = max(columnWidth[i%n], widths[i]+gap)
	}
	right := p.allNumbers(values, len(entries))
	var rows []string
	for i := 0; i < count; i += n {
		rows = append(rows, row(entries[i:min(i+n, count)], columnWidth, right))
	}
	if cut {
		rows = append(rows, entries[count])
	}
	return rows
}

func (p *printer) columnCount(cell, total, count, entries int) int {
	const heightOfACharacter = 2.5
	bias := math.Sqrt(float64(cell) - float64(total)/float64(entries))
	biased := math.Max(float64(cell)-3-bias, 1)
	square := math.Round(math.Sqrt(heightOfACharacter*biased*float64(count)) / biased)
	return min(int(square), (p.BreakLength-p.indent)/cell, p.Compact*4, 15)
}

// row pads the entries of a line: numbers to the right, others to the left.
func row(entries []string, widths []int, right bool) string {
	var b strings.Builder
	for i, e := range entries {
		last := i == len(entries)-1
		cell, width := e+", ", widths[i]
		if last {
			cell = e
			width -= 2
		}
		pad := strings.Repeat(" ", max(width-Width(cell), 0))
		switch {
		case right:
			b.WriteString(pad + cell)
		case last:
			b.WriteString(cell)
		default:
			b.WriteString(cell + pad)
		}
	}
	return b.String()
}

// allNumbers tells whether the first n elements are numbers.
func (p *printer) allNumbers(values *goja.Object, n int) bool {
	if values == nil {
		return true
	}
	for i := range n {
		v := values.Get(index(i))
		if v == nil || !goja.IsNumber(v) && !goja.IsBigInt(v) {
			return false
		}
	}
	return true
}
