//go:build !unix

package main

import "os"

// peakOf is the most resident memory that a process had; 0: not known here.
func peakOf(*os.ProcessState) int64 { return 0 }
