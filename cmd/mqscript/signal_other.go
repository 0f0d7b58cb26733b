//go:build !unix

package main

import "os"

// statsRequests yields nothing: this system has no signal to ask with.
func statsRequests() (requests <-chan os.Signal, ignore func()) {
	return nil, func() {}
}
