//go:build !linux

package os

var moreErrorNumbers, moreSignalNumbers map[string]int
