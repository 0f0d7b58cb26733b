package util

import "github.com/dop251/goja"

// color is a style of the terminal: the numbers that switch it on and off.
type color struct {
	name    string
	on, off int
}

var colors = []color{
	{"reset", 0, 0},
	{"bold", 1, 22},
	{"dim", 2, 22},
	{"italic", 3, 23},
	{"underline", 4, 24},
	{"blink", 5, 25},
	{"inverse", 7, 27},
	{"hidden", 8, 28},
	{"strikethrough", 9, 29},
	{"doubleunderline", 21, 24},
	{"black", 30, 39},
	{"red", 31, 39},
	{"green", 32, 39},
	{"yellow", 33, 39},
	{"blue", 34, 39},
	{"magenta", 35, 39},
	{"cyan", 36, 39},
	{"white", 37, 39},
	{"bgBlack", 40, 49},
	{"bgRed", 41, 49},
	{"bgGreen", 42, 49},
	{"bgYellow", 43, 49},
	{"bgBlue", 44, 49},
	{"bgMagenta", 45, 49},
	{"bgCyan", 46, 49},
	{"bgWhite", 47, 49},
	{"framed", 51, 54},
	{"overlined", 53, 55},
	{"gray", 90, 39},
	{"redBright", 91, 39},
	{"greenBright", 92, 39},
	{"yellowBright", 93, 39},
	{"blueBright", 94, 39},
	{"magentaBright", 95, 39},
	{"cyanBright", 96, 39},
	{"whiteBright", 97, 39},
	{"bgGray", 100, 49},
	{"bgRedBright", 101, 49},
	{"bgGreenBright", 102, 49},
	{"bgYellowBright", 103, 49},
	{"bgBlueBright", 104, 49},
	{"bgMagentaBright", 105, 49},
	{"bgCyanBright", 106, 49},
	{"bgWhiteBright", 107, 49},
}

// otherNames are names that are found and not listed.
var otherNames = map[string]string{
	"grey": "gray", "bgGrey": "bgGray", "blackBright": "gray", "bgBlackBright": "bgGray", "faint": "dim", "crossedout": "strikethrough",
	"strikeThrough": "strikethrough", "crossedOut": "strikethrough", "conceal": "hidden", "swapColors": "inverse",
	"swapcolors": "inverse", "doubleUnderline": "doubleunderline",
}

// defineColors defines inspect.colors.
func defineColors(vm *goja.Runtime, inspect *goja.Object) {
	table := vm.CreateObject(nil)
	for _, c := range colors {
		_ = table.Set(c.name, vm.NewArray(c.on, c.off))
	}
	for name, same := range otherNames {
		_ = table.DefineDataProperty(name, table.Get(same), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	_ = inspect.Set("colors", table)
}
