package os

import (
	"maps"
	"syscall"
)

// errorNumbers are os.constants.errno, by what the errors of modules have as
// errno without its sign.
func errorNumbers() map[string]int {
	all := map[string]int{
		"E2BIG": int(syscall.E2BIG), "EACCES": int(syscall.EACCES), "EADDRINUSE": int(syscall.EADDRINUSE), "EADDRNOTAVAIL": int(syscall.EADDRNOTAVAIL),
		"EAFNOSUPPORT": int(syscall.EAFNOSUPPORT), "EAGAIN": int(syscall.EAGAIN), "EALREADY": int(syscall.EALREADY), "EBADF": int(syscall.EBADF),
		"EBUSY": int(syscall.EBUSY), "ECANCELED": int(syscall.ECANCELED), "ECHILD": int(syscall.ECHILD), "ECONNABORTED": int(syscall.ECONNABORTED),
		"ECONNREFUSED": int(syscall.ECONNREFUSED), "ECONNRESET": int(syscall.ECONNRESET), "EDEADLK": int(syscall.EDEADLK), "EDESTADDRREQ": int(syscall.EDESTADDRREQ),
		"EDOM": int(syscall.EDOM), "EDQUOT": int(syscall.EDQUOT), "EEXIST": int(syscall.EEXIST), "EFAULT": int(syscall.EFAULT),
		"EFBIG": int(syscall.EFBIG), "EHOSTUNREACH": int(syscall.EHOSTUNREACH), "EILSEQ": int(syscall.EILSEQ), "EINPROGRESS": int(syscall.EINPROGRESS),
		"EINTR": int(syscall.EINTR), "EINVAL": int(syscall.EINVAL), "EIO": int(syscall.EIO), "EISCONN": int(syscall.EISCONN),
		"EISDIR": int(syscall.EISDIR), "ELOOP": int(syscall.ELOOP), "EMFILE": int(syscall.EMFILE), "EMLINK": int(syscall.EMLINK),
		"EMSGSIZE": int(syscall.EMSGSIZE), "ENAMETOOLONG": int(syscall.ENAMETOOLONG), "ENETDOWN": int(syscall.ENETDOWN), "ENETRESET": int(syscall.ENETRESET),
		"ENETUNREACH": int(syscall.ENETUNREACH), "ENFILE": int(syscall.ENFILE), "ENOBUFS": int(syscall.ENOBUFS), "ENODEV": int(syscall.ENODEV),
		"ENOENT": int(syscall.ENOENT), "ENOEXEC": int(syscall.ENOEXEC), "ENOLCK": int(syscall.ENOLCK), "ENOMEM": int(syscall.ENOMEM),
		"ENOPROTOOPT": int(syscall.ENOPROTOOPT), "ENOSPC": int(syscall.ENOSPC), "ENOSYS": int(syscall.ENOSYS), "ENOTCONN": int(syscall.ENOTCONN),
		"ENOTDIR": int(syscall.ENOTDIR), "ENOTEMPTY": int(syscall.ENOTEMPTY), "ENOTSOCK": int(syscall.ENOTSOCK), "ENOTSUP": int(syscall.ENOTSUP),
		"ENOTTY": int(syscall.ENOTTY), "ENXIO": int(syscall.ENXIO), "EOPNOTSUPP": int(syscall.EOPNOTSUPP), "EOVERFLOW": int(syscall.EOVERFLOW),
		"EPERM": int(syscall.EPERM), "EPIPE": int(syscall.EPIPE), "EPROTONOSUPPORT": int(syscall.EPROTONOSUPPORT), "EPROTOTYPE": int(syscall.EPROTOTYPE),
		"ERANGE": int(syscall.ERANGE), "EROFS": int(syscall.EROFS), "ESPIPE": int(syscall.ESPIPE), "ESRCH": int(syscall.ESRCH),
		"ESTALE": int(syscall.ESTALE), "ETIMEDOUT": int(syscall.ETIMEDOUT), "ETXTBSY": int(syscall.ETXTBSY), "EWOULDBLOCK": int(syscall.EWOULDBLOCK),
		"EXDEV": int(syscall.EXDEV),
	}
	maps.Copy(all, moreErrorNumbers)
	return all
}

// signalNumbers are os.constants.signals.
func signalNumbers() map[string]int {
	all := map[string]int{
		"SIGHUP": int(syscall.SIGHUP), "SIGINT": int(syscall.SIGINT), "SIGQUIT": int(syscall.SIGQUIT), "SIGILL": int(syscall.SIGILL),
		"SIGTRAP": int(syscall.SIGTRAP), "SIGABRT": int(syscall.SIGABRT), "SIGBUS": int(syscall.SIGBUS), "SIGFPE": int(syscall.SIGFPE),
		"SIGKILL": int(syscall.SIGKILL), "SIGSEGV": int(syscall.SIGSEGV), "SIGPIPE": int(syscall.SIGPIPE), "SIGALRM": int(syscall.SIGALRM),
		"SIGTERM": int(syscall.SIGTERM),
	}
	maps.Copy(all, moreSignalNumbers)
	return all
}
