package config

import (
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/mqscript/mqscript/internal/permission"
)

// Permissions are the flags that say what scripts may reach.
type Permissions struct {
	Sandbox     Sandbox     `placeholder:"LEVEL" default:"default" help:"What scripts may do without further flags: default lets them use the network and see the environment; strict does not. In both, files are limited to a script's own folders."`
	AllowRead   []string    `placeholder:"PATH" sep:"none" help:"Let scripts read this file or folder too. Repeatable."`
	AllowWrite  []string    `placeholder:"PATH" sep:"none" help:"Let scripts read and write this file or folder too. Repeatable."`
	AllowNet    []string    `placeholder:"HOST" sep:"none" help:"Let scripts connect to HOST, HOST:PORT, *.DOMAIN, a network such as 10.0.0.0/8 or unix:PATH, and to nothing else that is not named so; * is every host. Repeatable."`
	AllowEnv    []string    `placeholder:"NAME" sep:"none" help:"Let scripts see this variable of the environment, and none that is not named so; NAME* is all that begin so. Repeatable."`
	AllowListen AllowListen `placeholder:"ADDR" help:"Let scripts listen everywhere; as --allow-listen=ADDR on HOST:PORT, :PORT or HOST, and on nothing else that is not named so. Repeatable."`
}

// Config returns the flags as the policy takes them.
func (p *Permissions) Config() permission.Config {
	return permission.Config{
		Strict: p.Sandbox == Strict,
		Read:   p.AllowRead, Write: p.AllowWrite, Net: p.AllowNet, Env: p.AllowEnv, Listen: p.AllowListen,
	}
}

func (p *Permissions) validate() error {
	_, err := permission.New(p.Config())
	return err
}

// Sandbox says how much scripts may do without further flags.
type Sandbox string

// The levels.
const (
	Lenient Sandbox = "default"
	Strict  Sandbox = "strict"
)

// UnmarshalText takes the levels' names.
func (s *Sandbox) UnmarshalText(text []byte) error {
	switch *s = Sandbox(text); *s {
	case Lenient, Strict:
		return nil
	}
	return fmt.Errorf("there is no level %q, only default and strict", text)
}

// AllowListen is a flag that can stand alone: then it allows all.
type AllowListen []string

// Decode implements [kong.MapperValue].
func (a *AllowListen) Decode(ctx *kong.DecodeContext) error {
	text := "*"
	if next := ctx.Scan.Peek(); next.Type == kong.FlagValueToken {
		text = ctx.Scan.Pop().String()
	}
	*a = append(*a, text)
	return nil
}

// IsBool tells kong that the flag needs no value.
func (*AllowListen) IsBool() bool { return true }
