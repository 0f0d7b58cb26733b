package isolate

import "syscall"

// attributes are those of a child's process: it is out of the terminal's reach,
// so that Ctrl-C stops the host, which stops the scripts; and it dies with the
// host, should it not notice by the end of its standard input.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
