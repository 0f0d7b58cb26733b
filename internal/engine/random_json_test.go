package engine

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"
)

// InstallJSON gives a VM the JSON that scripts have.
var InstallJSON func(vm *goja.Runtime)

// written is an object literal as it is given to JSON.stringify.
func (w *writer) written() string {
	var members []string
	for range w.IntN(5) {
		name := w.pick("a", "b", "alarm", "at", "id", "'b c'", "'ä'", "1", "toJSON", "__proto__", "device")
		value := w.pick("a", "s", "b", "fuel", "s.length", "o.x", "fuel > 3", "'text'", "1.5", "undefined", "null", "-0", "NaN", "true", "'\\n\"'")
		switch w.IntN(6) {
		case 0:
			value = w.expr()
		case 1:
			value = w.written()
		}
		members = append(members, name+": "+value)
	}
	return "{ " + strings.Join(members, ", ") + " }"
}

// json is an expression of a text that mostly is JSON.
func (w *writer) json() string {
	switch w.IntN(6) {
	case 0:
		return "JSON.stringify(" + w.written() + ")"
	case 1:
		return w.expr()
	case 2:
		return w.pick(`'{"a":[1,{"b":2}],"x":{}}'`, `'{"a":1,"a":2}'`, `'[1,2]'`, `'{"a":1'`, `'{"a":"ä"}'`, `'{"\\u0061":1}'`, `' {"a" : 1 } '`, `'{}'`, `'"text"'`, `'null'`, `'{"__proto__":{"x":1},"a":1}'`, `'{"a":01}'`)
	}
	var members []string
	for _, name := range []string{"a", "x", "length", "0", "device", "toString"} {
		if w.IntN(3) > 0 {
			members = append(members, `"`+name+`":`+w.pick("1", "2.5", "-0", "1e999", "true", "null", `"text"`, `"\\n"`, `""`, "25"))
		}
	}
	return "'{" + strings.Join(members, ",") + "}'"
}

// parsing parses JSON, and reads what came of it.
func (w *writer) parsing() string {
	name := fmt.Sprintf("r%d", w.next())
	read := func() string {
		return name + "." + w.pick("a", "a", "x", "x", "length", "device", "none", "y", "constructor", "__proto__", "a.b", "toString")
	}
	text := w.pick("const ", "let ", "var ") + name + " = JSON.parse(" + w.json() + ")\n"
	for range 1 + w.IntN(4) {
		switch w.IntN(12) {
		case 0:
			text += "log(JSON.stringify({ a: " + read() + ", b: " + read() + " }))\n"
		case 1:
			text += "if (" + read() + " > 2) log(" + read() + " + " + read() + ")\n"
		case 2:
			text += "for (let i = 0; i < " + w.pick("3", "40") + "; i++) u = " + read() + "\n"
		case 3:
			text += w.pick("", "", "", name+".a = 1\n", "keep("+name+")\n", "log("+name+")\n", "log(() => "+name+")\n", "log("+name+"['a'])\n", name+"?.a\n", "log("+name+".toString())\n")
		case 4:
			text += w.pick("{ const c = 1; log(c) }\n", "{ const c = JSON.parse("+w.json()+"); log(c.a) }\n")
		default:
			text += "log(" + read() + ")\n"
		}
	}
	return "try {\n" + text + "} catch (err) { log('json', err, err.stack) }\n"
}
