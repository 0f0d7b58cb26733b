package isolate

import "syscall"

// attributes are those of a child's process: it is out of the console's reach,
// so that Ctrl-C stops the host, which stops the scripts.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
