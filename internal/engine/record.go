package engine

import (
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// What JSON.parse makes is often an object of which a function reads a property
// or two and which nobody else sees. Where it goes to a variable that is only
// read by names, it is a record: the text, and where in it the properties are. A
// value is made when it is read. Whatever else finds a record in its variable
// first puts the object there, which is the same whenever it is made.

// Texts reads JSON. It takes nothing of the VM.
type Texts interface {
	// Document returns what JSON.parse makes of a text; ok is false when that
	// throws.
	Document(text string) (v goja.Value, ok bool)
	// Members finds the properties of a text that is an object of strings,
	// numbers, true, false and null, all with different names, which are written
	// as they are. ok is false for any other text, and when
	// there are more of them than fit in the list.
	Members(text string, list []Member) (n int, ok bool)
}

// Member is where a property is in a text: its name, without the quotes, and its
// value.
type Member struct{ NameFrom, NameTo, From, To uint16 }

// Parse makes the function JSON.parse, which reads as Texts does when it is given
// a text alone. It stands for vm.ToValue(usual).
func Parse(vm *goja.Runtime, usual func(goja.FunctionCall) goja.Value, texts Texts) *goja.Object {
	f := &function{usual: usual, texts: texts}
	return vm.ToValue(f.call).(*goja.Object)
}

// The bounds of records. What is read more often is an object.
const (
	maxMembers    = 8
	maxRecordText = 4096
	maxReadings   = 16
)

// record is an object that is not made yet. It is a Value for the sake of the
// variable that it is in; nothing of goja looks at it.
type record struct {
	goja.Value // none

	texts   Texts
	text    string
	n, read int
	members [maxMembers]Member
}

// recordTable is how a record as a Value is known.
var recordTable = func() unsafe.Pointer {
	var v goja.Value = &record{}
	return asValue(v).tab
}()

// newRecord returns the record of a text of ASCII, or what else that is; nil when
// it is no JSON.
func newRecord(texts Texts, text string) goja.Value {
	if len(text) <= maxRecordText {
		r := &record{texts: texts, text: text}
		if n, ok := texts.Members(text, r.members[:]); ok {
			r.n = n
			return r
		}
	}
	v, ok := texts.Document(text)
	if !ok {
		return nil
	}
	return v
}

// member returns a property; nil when there is none of that name, or it has been
// read often.
func (r *record) member(name unistring.String) goja.Value {
	if r.read++; r.read > maxReadings {
		return nil
	}
	for i := range r.n {
		if m := &r.members[i]; r.text[m.NameFrom:m.NameTo] == string(name) {
			v, _ := r.texts.Document(r.text[m.From:m.To])
			return v
		}
	}
	return nil
}

// settle puts the object in the place of a record, and returns what is there.
func settle(v *goja.Value) goja.Value {
	if *v != nil && asValue(*v).tab == recordTable {
		r := (*record)(asValue(*v).data)
		*v, _ = r.texts.Document(r.text)
	}
	return *v
}

// loadRecord is the instruction that loads a variable which may have a record.
type loadRecord struct {
	in    int
	usual instruction
}

func (l *loadRecord) exec(m *machine) {
	settle(&m.stack[m.sb+m.args+l.in])
	l.usual.exec(m)
}

// findRecords finds the variables that may have records: those that the result of
// a call goes to, in a function that calls a parse, and of which no more is done
// than reading a property by its name. It puts the instruction above in its places.
func (f *fuser) findRecords(code []iface) {
	f.code = code
	parses := false
	given, seen := make(map[int]bool), make(map[int]bool) // what calls return; in another way than by a name
	for at := range code {
		switch name := f.name(at); {
		case name == "getPropCallee":
			parses = parses || f.text(at) == parse
		case name == "initStackP" || name == "storeStackP" || name == "storeStackLexP": // see endAt
			given[f.number(at)] = given[f.number(at)] || at > 0 && f.name(at-1) == "call"
		case name == "loadStackLex" || name == "loadStack":
			seen[f.number(at)] = seen[f.number(at)] || f.name(at+1) != "getProp"
		case strings.Contains(name, "Mixed") || strings.Contains(name, "Stack1"):
			return // it may look at any of them
		}
	}
	if !parses {
		return
	}
	f.records = make(map[int]bool)
	for at := range code {
		if name := f.name(at); name == "loadStackLex" || name == "loadStack" {
			if n := f.number(at); n > 0 && given[n] && !seen[n] {
				f.records[n] = true
				l := &loadRecord{n, asInstruction(code[at])}
				code[at] = iface{table(l), unsafe.Pointer(l)}
			}
		}
	}
}
