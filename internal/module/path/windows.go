package path

import "strings"

// windows is the form of paths on Windows, with drives and shares.
var windows = flavour{
	sep: `\`, delimiter: ";",
	normalize: normalizeWindows, join: joinWindows, resolve: resolveWindows, relative: relativeWindows,
	isAbsolute: isAbsoluteWindows, dir: dirWindows, base: baseWindows, root: rootWindows, namespaced: namespaced,
}

func isSep(b byte) bool { return b == '/' || b == '\\' }

// split returns the drive or share that a path begins with, whether what follows
// is absolute, and where it begins.
func split(path string) (device string, absolute bool, rest int) {
	switch {
	case path == "":
	case isSep(path[0]):
		if device, rest = share(path); device == "" {
			rest = 1
		}
		return device, true, rest
	case hasDrive(path):
		if len(path) > 2 && isSep(path[2]) {
			return path[:2], true, 3
		}
		return path[:2], false, 2
	}
	return "", false, 0
}

func hasDrive(path string) bool {
	return len(path) > 1 && path[1] == ':' && (path[0]|0x20 >= 'a' && path[0]|0x20 <= 'z')
}

// share returns \\server\share when a path begins with that, and where it ends.
func share(path string) (device string, end int) {
	if len(path) < 2 || !isSep(path[1]) {
		return "", 0
	}
	server := until(path, 2, isSep)
	name := until(path, server, func(b byte) bool { return !isSep(b) })
	if server == 2 || server == len(path) || name == len(path) {
		return "", 0
	}
	end = until(path, name, isSep)
	return `\\` + path[2:server] + `\` + path[name:end], end
}

// until returns the place of the first byte from a place on that is so.
func until(path string, from int, is func(byte) bool) int {
	for from < len(path) && !is(path[from]) {
		from++
	}
	return from
}

// cleaned resolves "." and ".." of what follows a root.
func cleaned(rest string, absolute bool) string {
	rest = strings.ReplaceAll(rest, `\`, "/")
	if absolute {
		rest = strings.TrimLeft(Normalize("/"+rest), "/")
	} else if rest = Normalize(rest); rest == "." || rest == "./" {
		rest = ""
	}
	return strings.ReplaceAll(strings.TrimRight(rest, "/"), "/", `\`)
}

func normalizeWindows(path string) string {
	if path == "" {
		return "."
	}
	device, absolute, at := split(path)
	rest := cleaned(path[at:], absolute)
	switch {
	case rest == "" && !absolute:
		rest = "."
		fallthrough
	case rest != "":
		if at < len(path) && isSep(path[len(path)-1]) {
			rest += `\`
		}
	}
	switch {
	case absolute:
		return device + `\` + rest
	case device == "" && meansDrive(path, rest):
		return `.\` + rest
	}
	return device + rest
}

// meansDrive tells whether what is left of a relative path could be taken for
// one on a drive or a device.
func meansDrive(path, rest string) bool {
	if hasDrive(rest) {
		return true
	}
	for i := range len(path) {
		if path[i] == ':' && (i == len(path)-1 || isSep(path[i+1])) {
			return true
		}
	}
	return false
}

func joinWindows(parts ...string) string {
	var used []string
	for _, part := range parts {
		if part != "" {
			used = append(used, part)
		}
	}
	if len(used) == 0 {
		return "."
	}
	joined := strings.Join(used, `\`)
	// Only a first part that means a share makes one.
	first := used[0]
	isShare := len(first) > 2 && isSep(first[0]) && isSep(first[1]) && !isSep(first[2])
	if leading := until(joined, 0, func(b byte) bool { return !isSep(b) }); leading >= 2 && !isShare {
		joined = `\` + joined[leading:]
	}
	return normalizeWindows(joined)
}

func resolveWindows(cwd string, parts ...string) string {
	device, rest, absolute := "", "", false
	for i := len(parts) - 1; i >= -1; i-- {
		path := cwd
		if i >= 0 {
			path = parts[i]
		} else if device != "" && len(cwd) > 2 && cwd[2] == '\\' && !strings.EqualFold(cwd[:2], device) {
			path = device + `\`
		}
		of, rooted, at := split(path)
		if path == "" || of != "" && device != "" && !strings.EqualFold(of, device) {
			continue
		}
		if device == "" {
			device = of
		}
		if !absolute {
			rest, absolute = path[at:]+`\`+rest, rooted
		}
		if absolute && device != "" {
			break
		}
	}
	rest = cleaned(rest, absolute)
	switch {
	case absolute:
		return device + `\` + rest
	case device+rest == "":
		return "."
	}
	return device + rest
}

func relativeWindows(cwd, from, to string) string {
	from, to = resolveWindows(cwd, from), resolveWindows(cwd, to)
	split := func(p string) []string { return strings.FieldsFunc(p, func(r rune) bool { return r == '\\' }) }
	a, b := split(from), split(to)
	same := 0
	for same < len(a) && same < len(b) && strings.EqualFold(a[same], b[same]) {
		same++
	}
	if same == 0 && len(a) > 0 && len(b) > 0 {
		return to // on another drive
	}
	var way []string
	for range a[same:] {
		way = append(way, "..")
	}
	return strings.Join(append(way, b[same:]...), `\`)
}

func isAbsoluteWindows(path string) bool {
	return path != "" && isSep(path[0]) || hasDrive(path) && len(path) > 2 && isSep(path[2])
}

// rootWindows is the root of a path as it is written.
func rootWindows(path string) string {
	device, _, end := split(path)
	if len(device) > 2 && end < len(path) {
		end++ // the separator after a share
	}
	return path[:end]
}

// lastPart is where the last part of a path that follows its root begins and
// ends.
func lastPart(path string, from int) (begin, end int) {
	end = len(path)
	for end > from && isSep(path[end-1]) {
		end--
	}
	begin = end
	for begin > from && !isSep(path[begin-1]) {
		begin--
	}
	return begin, end
}

func dirWindows(path string) string {
	root := rootWindows(path)
	begin, _ := lastPart(path, len(root))
	switch {
	case begin > len(root):
		return path[:begin-1]
	case root == "":
		return "."
	}
	return root
}

func baseWindows(path, suffix string) string {
	if path == suffix {
		return ""
	}
	from := 0
	if hasDrive(path) {
		from = 2
	}
	begin, end := lastPart(path, from)
	if base := path[begin:end]; base != suffix {
		return strings.TrimSuffix(base, suffix)
	}
	return path[begin:end]
}

// namespaced is the form of a path that Windows does not look into.
func namespaced(cwd, path string) string {
	full := resolveWindows(cwd, path)
	switch {
	case len(full) <= 2:
	case strings.HasPrefix(full, `\\`) && full[2] != '?' && full[2] != '.':
		return `\\?\UNC\` + full[2:]
	case hasDrive(full) && full[2] == '\\':
		return `\\?\` + full
	}
	return path
}
