//go:build !unix && !windows

package isolate

import "syscall"

func attributes() *syscall.SysProcAttr { return nil }
