package main

import "runtime"

// reserveSize is memory that counts as in use for the garbage collector, which
// begins when the heap is twice what is in use. Scripts make much garbage and
// keep little, so that without a reserve it begins every 4 MiB. With more in
// use the reserve means less and less, unlike a higher GOGC.
const reserveSize = 2 << 20

// reserve holds the reserve until release is called. Nobody touches the
// memory, so that the system never has to provide it.
func reserve() (release func()) {
	memory := make([]byte, reserveSize)
	return func() { runtime.KeepAlive(memory) }
}
