package engine

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// The types below are those of goja by the same fields in the same order. A
// field whose type cannot be named here stands for one of the same size.

// iface is a value of an interface type that has methods.
type iface struct {
	tab, data unsafe.Pointer
}

// object is goja.Object.
type object struct {
	self    iface
	runtime *goja.Runtime
}

// base is baseObject: the whole of a plain object, the first part of others.
type base struct {
	class      string
	val        *goja.Object
	prototype  *goja.Object
	extensible bool

	values    map[unistring.String]goja.Value
	propNames []unistring.String

	lastSortedPropLen, idxPropCount int

	symValues       unsafe.Pointer
	privateElements unsafe.Pointer
}

// buffer is arrayBufferObject.
type buffer struct {
	baseObject base
	detached   bool
	data       []byte
}

// typedArray is typedArrayObject.
type typedArray struct {
	baseObject     base
	viewedArrayBuf *buffer
	defaultCtor    *goja.Object
	length, offset int
	elemSize       int
	typedArray     iface
}

// regexp is regexpObject.
type regexp struct {
	baseObject base
	pattern    unsafe.Pointer
	source     goja.String
	standard   bool
}

// array is arrayObject.
type array struct {
	baseObject     base
	values         []goja.Value
	length         uint32
	objCount       int
	propValueCount int
	lengthProp     property
}

// property is valueProperty: a property that has a getter or setter or is not
// enumerable, writable and configurable.
type property struct {
	value        goja.Value
	writable     bool
	configurable bool
	enumerable   bool
	accessor     bool
	getterFunc   *goja.Object
	setterFunc   *goja.Object
}

// templated is templatedObject: an object some of whose properties are made when
// they are first looked at.
type templated struct {
	baseObject        base
	tmpl              *template
	protoMaterialised bool
}

// template is objectTemplate. A property that is not enumerable, writable and
// configurable is made as one with a property behind it.
type template struct {
	propNames []unistring.String
	props     map[unistring.String]func(*goja.Runtime) goja.Value

	symProps     unsafe.Pointer
	symPropNames []*goja.Symbol

	protoFactory func(*goja.Runtime) *goja.Object
}

// funcBase is baseFuncObject.
type funcBase struct {
	baseObject base
	lenProp    property
}

// nativeFunc is nativeFuncObject.
type nativeFunc struct {
	baseFuncObject funcBase
	f, construct   unsafe.Pointer
}

// templatedFunc is templatedFuncObject.
type templatedFunc struct {
	templatedObject templated
	f, construct    unsafe.Pointer
}

// arrayIter is arrayIterObject.
type arrayIter struct {
	baseObject base
	obj        *goja.Object
	nextIdx    int64
	kind       int
}

// known is what is looked up in goja once.
var known = look()

type knowledge struct {
	fits bool
	why  string // it does not
	maps bool   // small maps of Go are as shape.go has them

	tables bool // and larger ones as slots.go has them

	seed      uintptr        // of the maps that are made here
	class     string         // of objects of literals
	prototype uintptr        // offset in a Runtime of their prototype
	newObject unsafe.Pointer // of the instruction that begins a literal
	putProp   unsafe.Pointer // of the one for a property in it

	vm, stack uintptr // offsets of Runtime.vm and of its stack
	prg, pc   uintptr // of the program that runs in it, and of where it is
	code      uintptr // of a program's instructions

	plain      unsafe.Pointer // the method tables of the kinds of objects
	buffer     unsafe.Pointer
	typedArray unsafe.Pointer
	array      unsafe.Pointer
	regexp     unsafe.Pointer
	arrayIter  unsafe.Pointer
	forOf      unsafe.Pointer // of the instruction that asks for the next value
	values     int            // the kind of an iterator over values
	templated  unsafe.Pointer
	native     unsafe.Pointer // of functions of Go
	property   unsafe.Pointer // of a property as a Value
	bytes      unsafe.Pointer // of the elements of an Uint8Array
	ascii      unsafe.Pointer // of a string of ASCII as a Value
	integer    unsafe.Pointer // of a whole number as a Value
	float      unsafe.Pointer // of another number as a Value

	newAsyncFunc, newAsyncMethod          unsafe.Pointer                                                       // see newAsyncMethod
	getProp, getPropCallee, getElem, call unsafe.Pointer                                                       // instructions
	better                                map[unsafe.Pointer]func(data unsafe.Pointer) (better unsafe.Pointer) // what takes their places

	object                          unsafe.Pointer // of an object as a Value
	templatedFunc, mapKind, setKind unsafe.Pointer
	stringPrototype                 uintptr // offset in a Runtime

	nextCode                 uintptr // of what FasterForOf puts in the place of next
	functionCode, lengthCode uintptr // of functions by Function, and of the getter of a typed array's length

	procedures      bool           // functions of JavaScript are as procedure.go has them
	scripted, arrow unsafe.Pointer // the method tables of the kinds of them
	interrupted     uintptr        // offset in a vm of whether it is to stop

	functionPrototype func(*goja.Runtime) *goja.Object // finds that of a VM
}

// look compares the types above with goja's.
func look() (k knowledge) {
	defer func() {
		if r := recover(); r != nil {
			k.fits, k.why = false, fmt.Sprint(r)
		}
	}()
	vm := goja.New()
	plain := vm.NewObject()
	ab := vm.ToValue(vm.NewArrayBuffer([]byte{1})).(*goja.Object)
	list := vm.NewArray(1)
	expression, err := vm.New(vm.Get("RegExp"), vm.ToValue("a"))
	if err != nil {
		return knowledge{why: err.Error()}
	}
	bytes, err := vm.New(vm.Get("Uint8Array"), ab)
	if err != nil {
		return knowledge{why: err.Error()}
	}
	same := func(have reflect.Type, want any) {
		if k.why == "" {
			k.why = difference(have, reflect.TypeOf(want))
		}
	}
	same(reflect.TypeFor[goja.Object](), object{})
	same(selfType(plain), base{})
	same(selfType(ab), buffer{})
	same(selfType(bytes), typedArray{})
	same(selfType(list), array{})
	same(selfType(expression), regexp{})
	iterator := arrayIterator(vm)
	values := iteratorOf(list)
	same(selfType(iterator), arrayIter{})
	same(selfType(plain.Prototype()), templated{})
	same(selfType(vm.GlobalObject()), templated{})
	same(selfType(vm.ToValue(func(goja.FunctionCall) goja.Value { return nil }).(*goja.Object)), nativeFunc{})
	class := vm.Get("Object").(*goja.Object)
	same(selfType(class), templatedFunc{})
	if k.why == "" {
		k.why = k.lookAtStack()
	}
	if k.why != "" {
		return k
	}
	k.plain = head(plain).self.tab
	k.buffer = head(ab).self.tab
	k.array = head(list).self.tab
	k.regexp = head(expression).self.tab
	k.arrayIter = head(iterator).self.tab
	k.values = (*arrayIter)(head(values).self.data).kind
	k.templated = head(plain.Prototype()).self.tab
	k.functionPrototype = (*templatedFunc)(head(class).self.data).templatedObject.tmpl.protoFactory
	k.typedArray = head(bytes).self.tab
	k.bytes = (*typedArray)(head(bytes).self.data).typedArray.tab
	_ = plain.DefineDataProperty("a", goja.Undefined(), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	hidden := (*base)(head(plain).self.data).values["a"]
	k.property = (*iface)(unsafe.Pointer(&hidden)).tab
	k.ascii = k.primitive(goja.StringFromUTF16([]uint16{'a'}), reflect.ValueOf("a"))
	k.integer = k.primitive(vm.ToValue(int64(1<<40)), reflect.ValueOf(int64(1<<40)))
	k.float = k.primitive(vm.ToValue(0.5), reflect.ValueOf(0.5))
	if k.why == "" {
		k.why = k.lookAtNatives(vm, vm.Get("Uint8Array").(*goja.Object))
	}
	if k.why == "" {
		k.why = k.lookAtBuiltins(vm)
	}
	k.fits = k.why == ""
	k.maps = k.fits && k.lookAtMaps() && k.lookAtLiterals()
	k.tables = k.maps && lookAtTables()
	k.procedures = k.fits && k.lookAtFunctions()
	return k
}

// primitive returns the method table of a value that is no more than a value of
// a basic type.
func (k *knowledge) primitive(v goja.Value, want reflect.Value) unsafe.Pointer {
	have := reflect.ValueOf(v)
	if have.Kind() != want.Kind() || !have.Convert(want.Type()).Equal(want) {
		k.why = fmt.Sprintf("%v is a %v", want, have.Type())
	}
	return (*iface)(unsafe.Pointer(&v)).tab
}

func head(o *goja.Object) *object { return (*object)(unsafe.Pointer(o)) }

// selfType returns the type that goja has for the kind of an object.
func selfType(o *goja.Object) reflect.Type {
	return reflect.ValueOf(o).Elem().Field(0).Elem().Type().Elem()
}

// lookAtStack finds the VM's stack in the runtime.
func (k *knowledge) lookAtStack() (why string) {
	vm, ok := reflect.TypeFor[goja.Runtime]().FieldByName("vm")
	if !ok || vm.Type.Kind() != reflect.Pointer || vm.Type.Elem().Kind() != reflect.Struct {
		return "a Runtime has no vm"
	}
	stack, ok := vm.Type.Elem().FieldByName("stack")
	if !ok || stack.Type.Kind() != reflect.Slice || stack.Type.Elem() != reflect.TypeFor[goja.Value]() {
		return "a vm has no stack of values"
	}
	k.vm, k.stack = vm.Offset, stack.Offset
	prg, hasProgram := vm.Type.Elem().FieldByName("prg")
	pc, hasPlace := vm.Type.Elem().FieldByName("pc")
	code, hasCode := reflect.TypeFor[goja.Program]().FieldByName("code")
	if !hasProgram || prg.Type != reflect.TypeFor[*goja.Program]() || !hasPlace || pc.Type != reflect.TypeFor[int]() ||
		!hasCode || code.Type.Kind() != reflect.Slice || code.Type.Elem().Kind() != reflect.Interface {
		return "a vm has no program with instructions"
	}
	k.prg, k.pc, k.code = prg.Offset, pc.Offset, code.Offset
	if why = k.lookAtForOf(); why == "" {
		why = k.lookAtInstructions()
	}
	return why
}

// lookAtForOf finds the instruction by its name.
func (k *knowledge) lookAtForOf() (why string) {
	program := goja.MustCompile("", "for (const x of []) {}", true)
	list := reflect.ValueOf(program).Elem().FieldByName("code")
	for i := range list.Len() {
		if list.Index(i).Elem().Type().Name() == "iterNext" {
			k.forOf = (*(*[]iface)(unsafe.Add(unsafe.Pointer(program), k.code)))[i].tab
			return ""
		}
	}
	return "there is no instruction iterNext"
}

// difference says in what a type of goja is not the type that stands for it,
// "" when there is nothing.
func difference(have, want reflect.Type) string {
	if have.Kind() != reflect.Struct || have.NumField() != want.NumField() || have.Size() != want.Size() {
		return fmt.Sprintf("%v is not %v", have, want)
	}
	for i := range want.NumField() {
		h, w := have.Field(i), want.Field(i)
		if !strings.EqualFold(h.Name, w.Name) || h.Offset != w.Offset || !alike(h.Type, w.Type) {
			return fmt.Sprintf("%v.%s is not %v.%s", have, h.Name, want, w.Name)
		}
	}
	return ""
}

// alike tells whether a type may stand for another of goja.
func alike(have, want reflect.Type) bool {
	switch want {
	case reflect.TypeFor[unsafe.Pointer]():
		return have.Kind() == reflect.Pointer || have.Kind() == reflect.Map || have.Kind() == reflect.Func
	case reflect.TypeFor[int]():
		return have.Kind() == reflect.Int
	case reflect.TypeFor[iface]():
		return have.Kind() == reflect.Interface && have.NumMethod() > 0
	case reflect.TypeFor[base](), reflect.TypeFor[property](), reflect.TypeFor[funcBase](), reflect.TypeFor[templated]():
		return difference(have, want) == ""
	case reflect.TypeFor[enterBlock]():
		return difference(have, want) == ""
	case reflect.TypeFor[uint8]():
		return have.Kind() == reflect.Uint8
	case reflect.TypeFor[*buffer]():
		return have.Kind() == reflect.Pointer && difference(have.Elem(), want.Elem()) == ""
	case reflect.TypeFor[*template](), reflect.TypeFor[*orderedMap]():
		return have.Kind() == reflect.Pointer && difference(have.Elem(), want.Elem()) == ""
	case reflect.TypeFor[*stash](), reflect.TypeFor[*iteratorRecord]():
		return have.Kind() == reflect.Pointer && startsLike(have.Elem(), want.Elem())
	case reflect.TypeFor[map[uint64]*mapEntry]():
		return have.Kind() == reflect.Map && have.Key() == want.Key() && have.Elem().Kind() == reflect.Pointer &&
			difference(have.Elem().Elem(), want.Elem().Elem()) == ""
	case reflect.TypeFor[map[unistring.String]func(*goja.Runtime) goja.Value]():
		return have.Kind() == reflect.Map && have.Key() == want.Key() && have.Elem().ConvertibleTo(want.Elem())
	}
	return have == want
}
