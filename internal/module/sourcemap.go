package module

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/dop251/goja/parser"
)

// maxSourceMap is the largest source map that is read from a file.
const maxSourceMap = 64 << 20

var errNoSourceMap = errors.New("no source map is read from there")

// WithoutMapFiles lets code name its source map only in a data: URL. The engine
// would read any file that a comment in the code names.
func WithoutMapFiles() parser.Option {
	return parser.WithSourceMapLoader(func(string) ([]byte, error) { return nil, errNoSourceMap })
}

// mapsBeside lets a file name its source map in a data: URL, or in a file that
// is in its own folder.
func mapsBeside(path string) parser.Option {
	return parser.WithSourceMapLoader(func(location string) ([]byte, error) {
		u, err := url.Parse(location)
		if err != nil || u.Scheme != "" && u.Scheme != "file" {
			return nil, errNoSourceMap
		}
		named := filepath.FromSlash(u.Path)
		if filepath.Dir(named) != filepath.Dir(path) {
			return nil, errNoSourceMap
		}
		info, err := os.Lstat(named)
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxSourceMap {
			return nil, errNoSourceMap
		}
		return os.ReadFile(named)
	})
}

// withSourceMap appends a source map to code, for goja. goja counts columns
// from 1 on both sides of a map, where maps count from 0, so every column is
// made one higher. path is the file that the map is about.
func withSourceMap(path string, code, sourceMap []byte) (string, error) {
	var m map[string]any
	if err := json.Unmarshal(sourceMap, &m); err != nil {
		return "", fmt.Errorf("reading a source map: %w", err)
	}
	m["sources"] = []string{path}
	mappings, _ := m["mappings"].(string)
	m["mappings"] = shiftColumns(mappings)
	data, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("writing a source map: %w", err)
	}
	return string(code) + "\n//# sourceMappingURL=data:application/json;base64," +
		base64.StdEncoding.EncodeToString(data), nil
}

// shiftColumns adds 1 to all columns. Columns of the code start anew in each
// line and those of the source are counted on through the whole map, so that
// only the first segment of a line, and the first with a source, change.
func shiftColumns(mappings string) string {
	lines := strings.Split(mappings, ";")
	sourceShifted := false
	for i, line := range lines {
		segments := strings.Split(line, ",")
		for j, segment := range segments {
			fields := decodeVLQ(segment)
			if len(fields) == 0 {
				continue
			}
			if j == 0 {
				fields[0]++
			}
			if len(fields) >= 4 && !sourceShifted {
				fields[3]++
				sourceShifted = true
			}
			segments[j] = encodeVLQ(fields)
			if j > 0 && sourceShifted {
				break
			}
		}
		lines[i] = strings.Join(segments, ",")
	}
	return strings.Join(lines, ";")
}

const vlqDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// decodeVLQ reads the numbers of a segment: five bits a digit, the lowest
// first, the sixth bit for "goes on", the lowest of all for the sign.
func decodeVLQ(segment string) (fields []int) {
	value, shift := 0, 0
	for i := range len(segment) {
		digit := strings.IndexByte(vlqDigits, segment[i])
		if digit < 0 {
			return nil
		}
		value |= digit & 31 << shift
		shift += 5
		if digit&32 != 0 {
			continue
		}
		n := value >> 1
		if value&1 != 0 {
			n = -n
		}
		fields = append(fields, n)
		value, shift = 0, 0
	}
	return fields
}

func encodeVLQ(fields []int) string {
	var b strings.Builder
	for _, n := range fields {
		value := n << 1
		if n < 0 {
			value = -n<<1 | 1
		}
		for {
			digit := value & 31
			if value >>= 5; value > 0 {
				digit |= 32
			}
			b.WriteByte(vlqDigits[digit])
			if value == 0 {
				break
			}
		}
	}
	return b.String()
}
