package engine

import "fmt"

// helper is a function that only computes, or nearly: some read what has a
// getter, or call a function that does more.
func (w *writer) helper(name string, earlier int) (text string) {
	names := w.names
	w.names = []string{"p", "q", "p", "q", "a", "s", "arr", "o", "b", "u8"}
	text = "const " + name + " = (p, q" + w.pick("", "", " = 2") + ") => {\n"
	for range 1 + w.IntN(4) {
		text += w.helperStatement(earlier)
	}
	text += w.pick("return ", "return ", "if (p) return ") + w.helperExpr(earlier) + "\n}\n"
	w.names = names
	return text
}

func (w *writer) helperStatement(earlier int) string {
	w.depth++
	defer func() { w.depth-- }()
	e := func() string { return w.helperExpr(earlier) }
	kind := w.IntN(10)
	if w.depth > 3 {
		kind = w.IntN(4)
	}
	switch kind {
	case 0, 1:
		value := e()
		return w.pick("let ", "let ", "const ", "var ") + w.fresh() + " = " + value + "\n"
	case 2:
		return w.pick("p", "q") + w.pick(" = ", " += ", " -= ") + e() + "\n"
	case 3:
		return "if (" + e() + ") return " + e() + "\n"
	case 4:
		return "if (" + e() + ") " + w.helperBlock(earlier) + w.pick("", "else "+w.helperBlock(earlier))
	case 5, 6:
		i := fmt.Sprintf("i%d", w.next())
		text := "for (let " + i + " = 0; " + i + " < " + w.pick("3", "arr.length", "s.length && 4") + "; " + w.pick("++"+i, i+"++", i+" += 2") + ") "
		w.names = append(w.names, i)
		text += "{ if (" + e() + ") " + w.pick("break", "continue") + "\n" + w.helperBlock(earlier) + "}\n"
		w.names = w.names[:len(w.names)-1]
		return text
	case 7:
		return "switch (" + e() + ") { case " + e() + ": " + w.helperBlock(earlier) + w.pick("", "break\n") + "case 1: " + w.pick("", "return "+e()) + "\n default: " + w.helperBlock(earlier) + "}\n"
	case 8:
		k := fmt.Sprintf("k%d", w.next())
		return "{ let " + k + " = 3; while (" + w.pick("--"+k+" > 0", k+"-- > 1") + ") " + w.helperBlock(earlier) + "}\n"
	}
	return w.pick("p", "q") + w.pick("++", "--", ".length") + "\n"
}

func (w *writer) helperBlock(earlier int) (text string) {
	w.scoped(func() {
		for range 1 + w.IntN(2) {
			text += w.helperStatement(earlier)
		}
	})
	return "{\n" + text + "}\n"
}

func (w *writer) helperExpr(earlier int) string {
	w.depth++
	defer func() { w.depth-- }()
	e := func() string { return w.helperExpr(earlier) }
	if w.depth > 5 {
		return w.pick(w.name(), w.name(), fmt.Sprint(w.IntN(4)))
	}
	switch w.IntN(14) {
	case 0, 1, 2:
		return w.name()
	case 3:
		return w.pick("0", "1", "2.5", "'a'", "''", "'/'", "null", "undefined", "true", "NaN", "-1")
	case 4, 5:
		return "(" + e() + " " + w.pick("+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "===", "!=", "!==", "&", "|", "<<") + " " + e() + ")"
	case 6:
		return "(" + e() + " " + w.pick("&&", "||", "??") + " " + w.name() + ")"
	case 7:
		return "(" + e() + " ? " + e() + " : " + e() + ")"
	case 8:
		return w.pick("!", "-", "typeof ") + "(" + e() + ")"
	case 9:
		return w.name() + w.pick(".length", ".x", "[0]", "[1]", "[q]", "?.x", "?.length")
	case 10:
		return "s." + w.pick("slice(1, 3)", "indexOf('/')", "charCodeAt(1)", "startsWith('in')", "split('/')", "trim()", "includes(q)")
	case 11:
		return "(" + w.pick("p", "q") + w.pick(" = ", " += ") + e() + ")"
	case 12:
		if earlier > 0 {
			return fmt.Sprintf("h%d(%s, %s)", w.IntN(earlier), e(), e())
		}
	case 13:
		return w.pick("p++", "--q", "q++", "o.y", "keep(p)", "Number(p)", "`${q}`")
	}
	return "p"
}
