package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Isolation are the flags that say how scripts live.
type Isolation struct {
	Isolate bool    `env:"MQSCRIPT_ISOLATE" help:"Let each script live in a process of its own, with its own memory: what it breaks is its own."`
	Memory  Memory  `placeholder:"SIZE" help:"With --isolate: how much memory a script may use, such as 256MB (the default) or 1GB; none sets no limit."`
	Restart Restart `placeholder:"WHEN" help:"With --isolate: when a script is started again: on-failure (the default), when its process has died; always, also when it has ended or does not load; never."`
}

func (i *Isolation) validate() error {
	switch {
	case i.Isolate:
		return nil
	case i.Memory != 0:
		return errors.New("--memory needs --isolate: scripts that share a process share its memory")
	case i.Restart != "":
		return errors.New("--restart needs --isolate")
	}
	return nil
}

// MemoryDefault is the memory of an isolated script, in bytes, unless told
// otherwise.
const MemoryDefault = 256 << 20

// Bytes returns how much memory a script may use; 0 is no limit.
func (m Memory) Bytes() int64 {
	switch {
	case m == 0:
		return MemoryDefault
	case m < 0:
		return 0
	}
	return int64(m)
}

// Memory is a number of bytes, 0 when it was not given and -1 for no limit.
type Memory int64

// least is the smallest budget that leaves a script room beside the engine.
const least = 32 << 20

// UnmarshalText takes a number with KB, MB or GB after it, in powers of 1024 as
// containers have them, and none.
func (m *Memory) UnmarshalText(text []byte) error {
	if string(text) == "none" {
		*m = -1
		return nil
	}
	number := strings.TrimRight(string(text), "BKMGTibkmgt")
	scale, ok := map[string]float64{
		"": 1, "B": 1, "K": 1 << 10, "KB": 1 << 10, "KIB": 1 << 10, "M": 1 << 20, "MB": 1 << 20, "MIB": 1 << 20,
		"G": 1 << 30, "GB": 1 << 30, "GIB": 1 << 30,
	}[strings.ToUpper(string(text[len(number):]))]
	n, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || !(n >= 0) || n*scale > math.MaxInt64/8 {
		return fmt.Errorf("%q is no amount of memory, such as 256MB, 1GB or none", text)
	}
	if n*scale < least {
		return fmt.Errorf("%s is too little: a script needs 32MB at least", text)
	}
	*m = Memory(n * scale)
	return nil
}

// Restart says when an isolated script is started again; "" is the default.
type Restart string

// UnmarshalText takes the three words.
func (r *Restart) UnmarshalText(text []byte) error {
	switch *r = Restart(text); *r {
	case "never", "on-failure", "always":
		return nil
	}
	return fmt.Errorf("%q is not one of on-failure, always and never", text)
}
