package os

import "syscall"

// What Linux has and not every system.

var moreErrorNumbers = map[string]int{
	"ENOSTR": int(syscall.ENOSTR), "ENOSR": int(syscall.ENOSR), "ETIME": int(syscall.ETIME), "ENODATA": int(syscall.ENODATA),
	"EMULTIHOP": int(syscall.EMULTIHOP), "ENOLINK": int(syscall.ENOLINK), "EBADMSG": int(syscall.EBADMSG), "EIDRM": int(syscall.EIDRM),
	"ENOMSG": int(syscall.ENOMSG), "EPROTO": int(syscall.EPROTO),
}

var moreSignalNumbers = map[string]int{
	"SIGIOT": int(syscall.SIGIOT), "SIGUSR1": int(syscall.SIGUSR1), "SIGUSR2": int(syscall.SIGUSR2), "SIGCHLD": int(syscall.SIGCHLD),
	"SIGSTKFLT": int(syscall.SIGSTKFLT), "SIGCONT": int(syscall.SIGCONT), "SIGSTOP": int(syscall.SIGSTOP), "SIGTSTP": int(syscall.SIGTSTP),
	"SIGTTIN": int(syscall.SIGTTIN), "SIGTTOU": int(syscall.SIGTTOU), "SIGURG": int(syscall.SIGURG), "SIGXCPU": int(syscall.SIGXCPU),
	"SIGXFSZ": int(syscall.SIGXFSZ), "SIGVTALRM": int(syscall.SIGVTALRM), "SIGPROF": int(syscall.SIGPROF), "SIGWINCH": int(syscall.SIGWINCH),
	"SIGIO": int(syscall.SIGIO), "SIGPOLL": int(syscall.SIGPOLL), "SIGPWR": int(syscall.SIGPWR), "SIGSYS": int(syscall.SIGSYS),
}
