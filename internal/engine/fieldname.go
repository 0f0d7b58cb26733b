package engine

import (
	"fmt"
	"strings"

	"github.com/dop251/goja/unistring"
)

// fieldName is the name of a method that reads or writes a number, with its
// number among all of them.
type fieldName struct {
	text   unistring.String
	number int
}

// maxNumbered is how many such names there are.
const maxNumbered = 38

// fieldNumbers are the names as Node's Buffers have them.
var fieldNumbers = numberFields()

func numberFields() map[unistring.String]int {
	numbers := make(map[unistring.String]int, maxNumbered)
	for _, does := range []string{"read", "write"} {
		for _, kind := range []string{"Int", "UInt", "Uint", "Float", "Double"} {
			for _, bits := range []string{"8", "16", "32", ""} {
				if strings.HasSuffix(kind, "nt") == (bits == "") {
					continue
				}
				for _, order := range []string{"BE", "LE", ""} {
					if (bits == "8") == (order == "") {
						numbers[unistring.String(fmt.Sprint(does, kind, bits, order))] = len(numbers)
					}
				}
			}
		}
	}
	return numbers
}

// isReading tells whether a name is that of a method that reads a number.
func isReading(name unistring.String) bool { return isField(name, "read") }

// isWriting tells whether a name is that of a method that writes a number.
func isWriting(name unistring.String) bool { return isField(name, "write") }

func isField(name unistring.String, does string) bool {
	_, is := fieldNumbers[name]
	return is && strings.HasPrefix(string(name), does)
}

// nameOfField returns such a name with its number.
func nameOfField(name unistring.String) fieldName { return fieldName{name, fieldNumbers[name]} }
