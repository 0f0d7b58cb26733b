package fs

import (
	"errors"
	"io/fs"

	"github.com/mqscript/mqscript/internal/module/native"
)

func stat(s *system, a arguments) (any, error)  { return s.look("stat", a) }
func lstat(s *system, a arguments) (any, error) { return s.look("lstat", a) }

// look describes a file; a second argument says that one that is not there is
// no error.
func (s *system) look(call string, a arguments) (any, error) {
	p, err := s.at(call, a.text(0), false)
	if err != nil {
		return nil, err
	}
	find := p.root.Stat
	if call == "lstat" {
		find = p.root.Lstat
	}
	info, err := find(p.rel)
	if err != nil {
		if a.flag(1) && errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, p.failed(err)
	}
	return statsOf(info), nil
}

// modeOf is a file's mode as Unix has it.
func modeOf(mode fs.FileMode) float64 {
	bits := uint32(mode.Perm())
	switch kindOf(mode) {
	case 1:
		bits |= 0o100000
	case 2:
		bits |= 0o040000
	case 3:
		bits |= 0o120000
	case 4:
		bits |= 0o010000
	case 5:
		bits |= 0o140000
	case 6:
		bits |= 0o020000
	case 7:
		bits |= 0o060000
	}
	for flag, bit := range map[fs.FileMode]uint32{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if mode&flag != 0 {
			bits |= bit
		}
	}
	return float64(bits)
}

// describe lists what stats.js makes a Stats of: dev, mode, nlink, uid, gid,
// rdev, blksize, ino, size, blocks, and seconds and nanoseconds of the last
// access, the last change of the contents, the last change, and the beginning.
func describe(info fs.FileInfo, owner [5]float64, blksize, ino, blocks float64, times [3][2]int64) native.List {
	dev, nlink, uid, gid, rdev := owner[0], owner[1], owner[2], owner[3], owner[4]
	list := native.List{dev, modeOf(info.Mode()), nlink, uid, gid, rdev, blksize, ino, float64(info.Size()), blocks}
	born := times[0] // not every system tells; it is no later than anything else
	for _, t := range times {
		if t[0] < born[0] || t[0] == born[0] && t[1] < born[1] {
			born = t
		}
	}
	for _, t := range append(times[:], born) {
		list = append(list, float64(t[0]), float64(t[1]))
	}
	return list
}
