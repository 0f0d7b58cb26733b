// Package config makes one validated value of a command line, the environment
// and the files that both name: Parse returns the struct of the command that
// was asked for, and its methods turn parts of it into what other packages
// take.
//
// Every error of this package is the user's to mend and is one sentence; the
// program ends with exit code 2 for it. Secrets are of type Secret and print
// as "***".
package config

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// commands is the grammar: one field for each command.
type commands struct {
	Help    helpFlag    `help:"Show this help."`
	Version versionFlag `help:"Show the version."`

	Run    Run    `cmd:"" help:"Run scripts on one client."`
	Pub    Pub    `cmd:"" help:"Publish messages, in mosquitto_pub's way."`
	Sub    Sub    `cmd:"" help:"Print messages that arrive, in mosquitto_sub's way."`
	Broker Broker `cmd:"" help:"Run the embedded broker alone."`
	Init   Init   `cmd:"" help:"Write a starter script with type declarations."`
	Check  Check  `cmd:"" help:"Look for mistakes in scripts without running them."`
	Types  Types  `cmd:"" help:"Print the type declarations for scripts."`
}

const description = `Scripts in JavaScript that live on an MQTT client.

Run "mqscript COMMAND --help" for a command's flags.`

// Output is where Parse prints what was asked for by --help and --version.
type Output struct {
	Stdout  io.Writer
	Version string // of the program
}

// Parse reads the arguments after the program's name. It returns a *Run, *Pub,
// *Sub, *Broker, *Init, *Check or *Types that is valid, or nil when help or the version was
// asked for and printed. An error is a wrong usage, in one sentence.
func Parse(args []string, out Output) (any, error) {
	args, rest := splitScriptArguments(helpAsFlag(args))
	args, secret, err := expandFile(args)
	if err != nil {
		return nil, err
	}
	var c commands
	parser, err := kong.New(&c,
		kong.Name("mqscript"),
		kong.Description(description),
		kong.Writers(out.Stdout, out.Stdout),
		kong.NoDefaultHelp(),
		kong.WithHyphenPrefixedParameters(true),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.Vars{"listen": ListenDefault},
		kong.Bind(out),
	)
	if err != nil {
		return nil, fmt.Errorf("setting up the command line: %w", err)
	}
	ctx, err := parser.Parse(args)
	switch {
	case errors.Is(err, errAnswered):
		return nil, nil
	case err != nil:
		return nil, usageError(err, args[0])
	}
	if err := danglingFlag(ctx, args); err != nil {
		return nil, err
	}
	c.Run.Args = rest
	for _, connection := range []*Connection{&c.Run.Connection, &c.Pub.Connection, &c.Sub.Connection} {
		connection.secretInFile = secret
	}
	return c.selected(ctx)
}

// selected returns the command's struct.
func (c *commands) selected(ctx *kong.Context) (any, error) {
	command, ok := ctx.Selected().Target.Addr().Interface().(interface{ validate() error })
	if !ok {
		return nil, fmt.Errorf("command %q has no settings", ctx.Command())
	}
	if err := command.validate(); err != nil {
		return nil, err
	}
	return command, nil
}

// usageError puts kong's words right: without the wrapper's type, and with
// the quotes that the rest of the program's sentences have.
func usageError(err error, word string) error {
	text := err.Error()
	switch {
	case text == "unexpected argument "+word:
		return unknownCommand(word)
	case strings.HasPrefix(text, "expected one of "):
		return errors.New("a command is missing: run, pub, sub, broker, init, check or types")
	case strings.HasPrefix(text, "expected \"<script>"):
		return errors.New("a script is missing: name at least one file")
	}
	return errors.New(text)
}

// danglingFlag finds a flag at the end of the line that lacks its value, which
// kong takes for an empty one when values may begin with a hyphen.
func danglingFlag(ctx *kong.Context, args []string) error {
	flag := ctx.Path[len(ctx.Path)-1].Flag
	last := args[len(args)-1]
	if flag == nil || flag.IsBool() || !strings.HasPrefix(last, "-") {
		return nil
	}
	value := reflect.Indirect(flag.Target)
	if value.Kind() != reflect.String || value.Len() > 0 {
		return nil
	}
	return fmt.Errorf("--%s needs a value", flag.Name)
}

// commandNames are the commands, as the user types them.
var commandNames = []string{"run", "pub", "sub", "broker", "init", "check", "types"}

// unknownCommand is the error for a first word that is no command. A script's
// name is the likeliest of these.
func unknownCommand(word string) error {
	if strings.HasSuffix(word, "js") || strings.HasSuffix(word, "ts") {
		return fmt.Errorf("there is no command %s; did you mean \"mqscript run %s\"?", word, word)
	}
	return fmt.Errorf("there is no command %s, only %s", word, strings.Join(commandNames, ", "))
}

// helpAsFlag makes "help [COMMAND]", and -h where it is not --host, --help.
func helpAsFlag(args []string) []string {
	if len(args) == 0 {
		return []string{"--help"}
	}
	switch args[0] {
	case "help":
		return append(slices.Clone(args[1:]), "--help")
	case "-h":
		return []string{"--help"}
	case "pub", "sub":
		return args
	}
	args = slices.Clone(args)
	for i, arg := range args {
		switch arg {
		case "--":
			return args
		case "-h":
			args[i] = "--help"
		}
	}
	return args
}

// splitScriptArguments cuts off what follows "--" in a call of run, which is
// the scripts' own.
func splitScriptArguments(args []string) (own, scripts []string) {
	at := slices.Index(args, "--")
	if at < 1 || args[0] != "run" {
		return args, nil
	}
	return args[:at], args[at+1:]
}

// errAnswered ends the parsing: the question was answered on the way.
var errAnswered = errors.New("answered")

type helpFlag bool

// BeforeReset prints help for the command named so far.
func (helpFlag) BeforeReset(ctx *kong.Context) error {
	if err := ctx.PrintUsage(false); err != nil {
		return fmt.Errorf("printing help: %w", err)
	}
	return errAnswered
}

// IgnoreDefault lets --help be asked for without a command.
func (helpFlag) IgnoreDefault() {}

type versionFlag bool

// BeforeReset prints the version.
func (versionFlag) BeforeReset(out Output) error {
	if _, err := fmt.Fprintln(out.Stdout, "mqscript", out.Version); err != nil {
		return fmt.Errorf("printing the version: %w", err)
	}
	return errAnswered
}

// IgnoreDefault lets --version be asked for without a command.
func (versionFlag) IgnoreDefault() {}
