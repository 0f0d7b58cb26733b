package intl

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/rivo/uniseg"

	"github.com/mqscript/mqscript/internal/module/native"
)

// segmentsOf cuts a text into what people take for characters, words or
// sentences. The list has two numbers for each: where it ends, in UTF-16 units,
// and whether it is a word and not what stands between words.
func segmentsOf(granularity, text string) native.List {
	cut := uniseg.FirstWordInString
	switch granularity {
	case "grapheme":
		cut = func(s string, state int) (segment, rest string, newState int) {
			segment, rest, _, newState = uniseg.FirstGraphemeClusterInString(s, state)
			return segment, rest, newState
		}
	case "sentence":
		cut = uniseg.FirstSentenceInString
	}
	list, end, state := native.List{}, 0, -1
	for text != "" {
		var segment string
		segment, text, state = cut(text, state)
		for _, r := range segment {
			end += utf16.RuneLen(r)
		}
		list = append(list, float64(end), strings.ContainsFunc(segment, inWord))
	}
	return list
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
