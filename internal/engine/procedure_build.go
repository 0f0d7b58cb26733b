package engine

import "unsafe"

// maxMoves bounds a procedure.
const maxMoves = 200

// computing are the instructions that a procedure may have. What they do only
// reads, computes, or keeps a value in a variable of the function.
var computing = func() map[string]bool {
	all := make(map[string]bool)
	for _, name := range []string{
		"loadStackLex", "loadStack", "loadStash", "loadStashLex", "loadVal", "_loadUndef", "loadDynamic", "loadDynamicCallee",
		"_dup", "rdupN", "_toNumber", "getProp", "_getElem", "getPropCallee", "call", "_toString", "_typeof", "concatStrings",
		"_op_strict_eq", "_op_strict_neq", "_op_eq", "_op_neq", "_op_lt", "_op_gt", "_op_lte", "_op_gte", "_not", "_neg", "_plus", "_inc", "_dec",
		"jump", "jneP", "jeqP", "jne", "jeq", "jopt", "jcoalesc", "jdefP", "_ret", "_pop",
		"initStackP", "storeStackP", "storeStackLexP", "initStack", "storeStack", "storeStackLex", "*enterBlock", "*leaveBlock", "*enterFuncBody",
	} {
		all[name] = true
	}
	for name := range calculations {
		all[name] = true
	}
	return all
}()

// findProcedure makes a procedure of the function whose instructions these are,
// where it is one, and puts the entrance in place.
func (f *fuser) findProcedure(code []iface) {
	if !known.procedures || f.name(0) != "*enterFuncStashless" {
		return
	}
	locals := 0
	for at := 1; at < len(code); at++ {
		name := f.name(at)
		if !computing[name] {
			return
		}
		switch name {
		case "loadStackLex", "loadStack", "initStackP", "storeStackP", "storeStackLexP", "initStack", "storeStack", "storeStackLex":
			if f.number(at) == 0 {
				return // this
			}
			locals = max(locals, f.number(at))
		}
	}
	e := (*enterFuncStashless)(f.original[0].data)
	p := &procedure{args: int(e.args)}
	b := &builder{fuser: f, procedure: p, aside: 1 + p.args + locals, made: make(map[state]*move)}
	begin := b.from(state{pc: 1, depth: int(e.stackSize)})
	if b.failed {
		return
	}
	for _, s := range b.all {
		s.next, s.other = shorten(s.next), shorten(s.other)
	}
	p.begin, p.room = shorten(begin), b.aside+b.most
	in := &entrance{asInstruction(code[0]), p}
	code[0] = iface{entranceTable, unsafe.Pointer(in)}
}

// builder makes the moves of a procedure.
type builder struct {
	*fuser
	procedure *procedure
	aside     int // the place in the frame of the first value that is put aside
	most      int // of those at a time
	made      map[state]*move
	all       []*move
	failed    bool
}

// state is where a procedure goes on: at an instruction, with some values on
// goja's stack that are put aside here, and within blocks that have variables.
type state struct{ pc, kept, depth int }

func (b *builder) add(s move) *move {
	b.all = append(b.all, &s)
	return &s
}

// from returns the move that goes on in a state.
func (b *builder) from(s state) *move {
	if made := b.made[s]; made != nil {
		return made
	}
	first := b.add(move{})
	b.made[s] = first
	if len(b.made) > maxMoves || !b.build(first, s) {
		b.failed = true
	}
	return first
}

// to is from for what follows an instruction.
func (b *builder) to(pc int, s state) *move {
	if b.failed {
		return nil
	}
	next := b.from(s)
	if s.pc <= pc {
		return b.add(move{kind: moveLook, next: next})
	}
	return next
}

// shorten leaves out moves that do nothing. There are none in a circle: in one
// is a look.
func shorten(s *move) *move {
	for s != nil && s.kind == moveOn {
		s = s.next
	}
	return s
}

// build makes the moves from a state on to the next that has a name; false when
// that is not possible.
func (b *builder) build(first *move, s state) bool {
	r := &reader{fuser: b.fuser, invokes: true, foreign: &b.procedure.foreign, frame: b}
	for i := range s.kept {
		r.push(b.put(i))
	}
	pc := s.pc
	for pc < len(b.original) && r.read(pc) {
		pc++
	}
	if len(r.open) > 0 || pc >= len(b.original) {
		return false
	}
	row := &rowEnd{builder: b, state: s, pc: pc, stack: r.stack, twice: r.twice}
	return row.end(first)
}

// put returns a value that was put aside.
func (b *builder) put(i int) node { return place(b.aside + i) }
