package os

import (
	"bufio"
	"net"
	"os"
	"os/user"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

// machine adds what tells of the machine and its people. A strict script hears
// of a machine without a name, people and networks, whose home is the script's
// own data folder.
func machine(env *native.Env, f *native.Functions, data func() (string, error)) {
	strict := env.Permissions.Strict()
	f.Sync("hostname", func(native.Args) (any, error) {
		if strict {
			return "localhost", nil
		}
		return os.Hostname()
	})
	home := func() (string, error) {
		if strict {
			return data()
		}
		return os.UserHomeDir()
	}
	f.Sync("homedir", func(native.Args) (any, error) { return home() })
	f.Sync("user", func(a native.Args) (any, error) {
		dir, err := home()
		if err != nil {
			return nil, err
		}
		if strict {
			return a.Array("script", -1, -1, dir, goja.Null()), nil
		}
		u, err := user.Current()
		if err != nil {
			return nil, err
		}
		return a.Array(u.Username, number(u.Uid), number(u.Gid), dir, shell(u.Username)), nil
	})
	f.Sync("networks", func(a native.Args) (any, error) {
		if strict {
			return a.Array(), nil
		}
		return networks(a)
	})
}

// number is a user's or group's number; -1 where the system has none.
func number(id string) int {
	n, err := strconv.Atoi(id)
	if err != nil {
		return -1
	}
	return n
}

// shell is the login shell that the system's list of users names, null where
// there is no such list: an environment without $SHELL tells the same.
func shell(username string) any {
	file, err := os.Open("/etc/passwd")
	if err != nil {
		return goja.Null()
	}
	defer func() { _ = file.Close() }() // read only
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), ":")
		if len(fields) == 7 && fields[0] == username {
			return fields[6]
		}
	}
	return goja.Null()
}

// networks lists the addresses of the interfaces that are up: name, address,
// length of the network's part, hardware address, whether it is internal, and
// the interface's number for a local address of IPv6.
func networks(a native.Args) (any, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var list []any
	for _, one := range interfaces {
		if one.Flags&net.FlagUp == 0 {
			continue
		}
		addrs, err := one.Addrs()
		if err != nil {
			return nil, err
		}
		mac := one.HardwareAddr.String()
		if mac == "" {
			mac = "00:00:00:00:00:00"
		}
		for _, addr := range addrs {
			network, ok := addr.(*net.IPNet)
			if !ok {
				continue
			}
			ones, _ := network.Mask.Size()
			scope := 0
			if network.IP.IsLinkLocalUnicast() {
				scope = one.Index
			}
			list = append(list, a.Array(one.Name, network.IP.String(), ones, mac, one.Flags&net.FlagLoopback != 0, scope, net.IP(network.Mask).String()))
		}
	}
	return a.Array(list...), nil
}
