package wal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A segment is a file that begins with magic and goes on with records: the
// length in four bytes, the checksum of these four and of the content in four
// more, both with the lowest byte first, and the content.
const (
	magic      = "mqswal1\n"
	headerSize = 8
	suffix     = ".wal"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(length, content []byte) uint32 {
	return crc32.Update(crc32.Checksum(length, castagnoli), castagnoli, content)
}

func appendRecord(dst, content []byte) []byte {
	var header [headerSize]byte
	binary.LittleEndian.PutUint32(header[:4], uint32(len(content)))
	binary.LittleEndian.PutUint32(header[4:], checksum(header[:4], content))
	return append(append(dst, header[:]...), content...)
}

// cutRecord takes the first record off; ok is false when there is no whole and
// sound one.
func cutRecord(data []byte) (content, rest []byte, ok bool) {
	if len(data) < headerSize {
		return nil, data, false
	}
	length := binary.LittleEndian.Uint32(data)
	if uint64(length) > uint64(len(data)-headerSize) {
		return nil, data, false
	}
	end := headerSize + int(length)
	content = data[headerSize:end:end]
	if checksum(data[:4], content) != binary.LittleEndian.Uint32(data[4:]) {
		return nil, data, false
	}
	return content, data[end:], true
}

func (l *Log) path(segment uint64) string {
	return filepath.Join(l.opts.Dir, fmt.Sprintf("%08d%s", segment, suffix))
}

// segments lists the numbers of the segments in a folder, in order.
func segments(dir string) ([]uint64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the folder: %w", err)
	}
	var numbers []uint64
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), suffix)
		if n, err := strconv.ParseUint(name, 10, 64); ok && err == nil {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// replaySegment replays one segment and returns its size. What follows a record
// that is not sound is left out: nobody can tell where the next one begins.
func (l *Log) replaySegment(n uint64) (int64, error) {
	data, err := os.ReadFile(l.path(n))
	if err != nil {
		return 0, fmt.Errorf("reading a segment: %w", err)
	}
	size := int64(len(data))
	left, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		l.warnLeftOut(n, size)
		return size, nil
	}
	for len(left) > 0 {
		var record []byte
		if record, left, ok = cutRecord(left); !ok {
			l.warnLeftOut(n, int64(len(left)))
			return size, nil
		}
		if err := l.opts.Replay(n, record); err != nil {
			return size, fmt.Errorf("%s: %w", l.path(n), err)
		}
	}
	return size, nil
}

func (l *Log) warnLeftOut(segment uint64, bytes int64) {
	if l.opts.Warn != nil && bytes > 0 {
		l.opts.Warn(fmt.Sprintf("%s: the last %d bytes are not as they were written and are left out", l.path(segment), bytes))
	}
}
