package config

import (
	"errors"
	"fmt"
	"net"

	"github.com/mqscript/mqscript/internal/broker"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/store"
)

// Run is the settings of "mqscript run".
type Run struct {
	Scripts []string `arg:"" name:"script" help:"Script files. What follows -- is handed to the scripts."`
	Args    []string `kong:"-"` // what followed "--"

	Topic     []string `short:"t" placeholder:"FILTER" sep:"none" help:"Topic filter to subscribe. Repeatable. Default with the embedded broker: #."`
	QoS       QoS      `name:"qos" short:"q" placeholder:"QOS" default:"0" help:"Quality of service to subscribe with: 0, 1 or 2."`
	Listen    string   `placeholder:"ADDR" help:"Where the embedded broker listens when there is no --url. Without this flag that is ${listen}, or a free port if it is in use."`
	Anonymous bool     `help:"Let everybody connect to the embedded broker, also where other machines reach it."`
	DataDir   string   `placeholder:"DIR" default:"mqscript-data" help:"Folder that holds each script's data folder. Default mqscript-data."`

	Store Secret `placeholder:"URL" env:"MQSCRIPT_STORE" help:"Redis server that keeps what scripts give to their store, such as redis://HOST:6379/0. The default is a file for each script in --data-dir."`

	Watch        bool     `help:"Load a script anew when it, or a file that it requires, is saved."`
	HandlerLimit Duration `placeholder:"TIME" default:"10s" help:"How long a handler may run before it is interrupted. Default 10s."`
	Stats        bool     `help:"Print counters to stderr at the end. SIGUSR1 prints them at any time."`

	Isolation   `embed:"" group:"Isolation"`
	Session     `embed:"" group:"Session"`
	Permissions `embed:"" group:"Permissions"`
	Connection  `embed:"" group:"Connection"`
	Log         `embed:"" group:"Output"`
}

// ListenDefault is where the embedded broker listens unless told otherwise.
const ListenDefault = "127.0.0.1:1883"

func (r *Run) validate() error {
	if err := validFilters("--topic", r.Topic); err != nil {
		return err
	}
	if err := r.Property.only("run", "connect", "will", "subscribe"); err != nil {
		return err
	}
	if r.Store != "" {
		if err := store.CheckURL(string(r.Store)); err != nil {
			return fmt.Errorf("--store: %w", err)
		}
	}
	if r.HandlerLimit == 0 {
		return errors.New("--handler-limit must be over zero")
	}
	if r.Listen != "" {
		if r.URL != "" {
			return errors.New("--listen is for the embedded broker, which does not run with --url")
		}
		if err := validAddress("--listen", r.Listen); err != nil {
			return err
		}
	}
	if r.Anonymous && r.Listen == "" {
		return errors.New("--anonymous is for the embedded broker with --listen")
	}
	if err := r.Isolation.validate(); err != nil {
		return err
	}
	if err := r.Permissions.validate(); err != nil {
		return err
	}
	if err := r.Session.validate(&r.Connection); err != nil {
		return err
	}
	return r.Connection.validate()
}

// BrokerOptions returns the settings of the embedded broker that runs when no
// URL is given.
func (r *Run) BrokerOptions() broker.Options {
	if r.Listen == "" {
		return broker.Options{Addr: ListenDefault, Fallback: true}
	}
	return broker.Options{Addr: r.Listen, Anonymous: r.Anonymous}
}

// Pub is the settings of "mqscript pub".
type Pub struct {
	Topic   string  `short:"t" required:"" placeholder:"TOPIC" help:"Topic to publish to."`
	Message *string `short:"m" xor:"message" placeholder:"TEXT" help:"Message to publish."`
	File    string  `short:"f" xor:"message" placeholder:"FILE" help:"Publish the file's content as one message."`
	Lines   bool    `name:"stdin-line" short:"l" xor:"message" help:"Publish each line of stdin as a message."`
	Stdin   bool    `name:"stdin-file" short:"s" xor:"message" help:"Publish all of stdin as one message."`
	Null    bool    `name:"null-message" short:"n" xor:"message" help:"Publish an empty message."`

	QoS         QoS      `name:"qos" short:"q" placeholder:"QOS" default:"0" help:"Quality of service: 0, 1 or 2."`
	Retain      bool     `short:"r" help:"Publish retained."`
	Repeat      int      `placeholder:"N" default:"1" help:"Publish the message N times."`
	RepeatDelay Duration `placeholder:"TIME" default:"0" help:"Wait between them."`

	Connection `embed:"" group:"Connection"`
	Server     `embed:"" group:"Connection"`
	Log        `embed:"" group:"Output"`
}

func (p *Pub) validate() error {
	if err := packet.ValidTopicName(p.Topic); err != nil {
		return fmt.Errorf("--topic: %w", err)
	}
	if p.Message == nil && p.File == "" && !p.Lines && !p.Stdin && !p.Null {
		return errors.New("nothing to publish: give --message, --file, --stdin-line, --stdin-file or --null-message")
	}
	if p.Repeat < 1 {
		return errors.New("--repeat must be at least 1")
	}
	if p.Repeat > 1 && p.Lines {
		return errors.New("--repeat does not go with --stdin-line")
	}
	if err := p.Property.only("pub", "connect", "publish", "will"); err != nil {
		return err
	}
	if err := p.Server.apply(&p.Connection); err != nil {
		return err
	}
	return p.Connection.validate()
}

// Sub is the settings of "mqscript sub".
type Sub struct {
	Topic     []string `short:"t" required:"" placeholder:"FILTER" sep:"none" help:"Topic filter to subscribe. Repeatable."`
	FilterOut []string `short:"T" placeholder:"FILTER" sep:"none" help:"Leave out messages whose topic matches. Repeatable."`
	QoS       QoS      `name:"qos" short:"q" placeholder:"QOS" default:"0" help:"Quality of service to subscribe with: 0, 1 or 2."`

	Verbose      bool     `short:"v" help:"Print the topic before each message."`
	Format       string   `short:"F" placeholder:"FORMAT" help:"Print each message in this form: %t topic, %p payload, %x payload in hexadecimal, %q QoS, %r retained, %l length, %I time, %j all as JSON, %% a percent sign; \\n and \\t work."`
	NoNewline    bool     `name:"no-newline" short:"N" help:"Print no newline after a message."`
	Count        int      `short:"C" placeholder:"N" default:"0" help:"End after N messages."`
	Wait         Duration `short:"W" placeholder:"TIME" default:"0" help:"End after TIME, with exit code 27 when --count messages have not come by then."`
	NoStale      bool     `name:"no-stale" short:"R" help:"Leave out messages that were retained before this client subscribed."`
	RetainedOnly bool     `help:"Print such messages only."`
	NoLocal      bool     `help:"Leave out what this client itself published (MQTT 5)."`

	Connection `embed:"" group:"Connection"`
	Server     `embed:"" group:"Connection"`
	Log        `embed:"" group:"Output"`
}

func (s *Sub) validate() error {
	if err := validFilters("--topic", s.Topic); err != nil {
		return err
	}
	if err := validFilters("--filter-out", s.FilterOut); err != nil {
		return err
	}
	if s.Count < 0 {
		return errors.New("--count must be at least 1")
	}
	if s.RetainedOnly && s.NoStale {
		return errors.New("--retained-only and --no-stale together leave no message")
	}
	if s.NoLocal && s.Protocol.Version() != packet.V5 {
		return fmt.Errorf("--no-local needs MQTT 5, and --protocol says %v", s.Protocol.Version())
	}
	if s.Verbose && s.Format != "" {
		return errors.New("--verbose and --format do not go together: %t in the format prints the topic")
	}
	if err := s.Property.only("sub", "connect", "subscribe", "will"); err != nil {
		return err
	}
	if err := s.Server.apply(&s.Connection); err != nil {
		return err
	}
	return s.Connection.validate()
}

// Broker is the settings of "mqscript broker".
type Broker struct {
	Listen       string `placeholder:"ADDR" default:"${listen}" help:"TCP address to listen on, such as 127.0.0.1:1883 (the default); port 0 takes a free one."`
	WebSocket    string `name:"ws" placeholder:"ADDR" help:"Address to listen on for MQTT over WebSocket."`
	User         string `short:"u" placeholder:"NAME" help:"User name that clients must give; the password is in $$MQSCRIPT_PASSWORD or --password-file."`
	PasswordFile string `placeholder:"FILE" help:"Read the password from the first line of FILE."`
	Anonymous    bool   `help:"Let everybody connect, also where other machines reach the broker."`
	MaxPacket    int    `name:"max-packet-size" placeholder:"BYTES" default:"16777216" help:"Largest packet that clients may send, in bytes. Default 16 MiB."`
	Log          `embed:"" group:"Output"`
}

func (b *Broker) validate() error {
	if err := validAddress("--listen", b.Listen); err != nil {
		return err
	}
	if b.WebSocket != "" {
		if err := validAddress("--ws", b.WebSocket); err != nil {
			return err
		}
	}
	if b.PasswordFile != "" && b.User == "" {
		return errors.New("--password-file needs --user")
	}
	if b.User != "" && b.Anonymous {
		return errors.New("--user and --anonymous do not go together")
	}
	if b.MaxPacket < 128 || b.MaxPacket > packet.MaxLength {
		return fmt.Errorf("--max-packet-size is a number from 128 to %d", packet.MaxLength)
	}
	return nil
}

// Options returns the settings as the broker takes them. A warning is a
// sentence for the log, if not empty.
func (b *Broker) Options() (opts broker.Options, warning string, err error) {
	opts = broker.Options{
		Addr: b.Listen, WebSocket: b.WebSocket,
		Anonymous: b.Anonymous, MaxPacketSize: b.MaxPacket,
	}
	if b.User == "" {
		return opts, "", nil
	}
	password, warning, err := passwordFrom(b.PasswordFile, true)
	if err != nil {
		return opts, "", err
	}
	if password == nil {
		return opts, "", errors.New("--user needs a password: set MQSCRIPT_PASSWORD or give --password-file")
	}
	opts.Users = map[string]string{b.User: string(password)}
	return opts, warning, nil
}

// Init is the settings of "mqscript init".
type Init struct {
	Dir   string `arg:"" optional:"" default:"." help:"Folder to write into; made if it is not there. Default: this one."`
	Force bool   `help:"Overwrite files that are there."`
	Log   `embed:"" group:"Output"`
}

func (*Init) validate() error { return nil }

// Check is the settings of "mqscript check".
type Check struct {
	Scripts []string `arg:"" name:"script" help:"Script files."`
	JSON    bool     `name:"json" help:"Print what was found as JSON, an object for each line."`
	Log     `embed:"" group:"Output"`
}

func (*Check) validate() error { return nil }

// Types is the settings of "mqscript types".
type Types struct {
	Output string `short:"o" placeholder:"FILE" help:"Write them into FILE in place of stdout."`
	Log    `embed:"" group:"Output"`
}

func (*Types) validate() error { return nil }

func validFilters(flag string, filters []string) error {
	for _, filter := range filters {
		if err := packet.ValidTopicFilter(filter); err != nil {
			return fmt.Errorf("%s %q: %w", flag, filter, err)
		}
	}
	return nil
}

func validAddress(flag, addr string) error {
	if _, err := net.ResolveTCPAddr("tcp", addr); err != nil {
		return fmt.Errorf("%s: %q is no address to listen on, such as 127.0.0.1:1883", flag, addr)
	}
	return nil
}
