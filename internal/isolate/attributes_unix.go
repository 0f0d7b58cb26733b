//go:build unix && !linux

package isolate

import "syscall"

// attributes are those of a child's process: it is out of the terminal's reach,
// so that Ctrl-C stops the host, which stops the scripts.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
