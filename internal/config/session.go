package config

import (
	"cmp"
	"errors"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/wal"
)

// Session is the flags for a session that is kept on disk.
type Session struct {
	SessionDir  string `name:"session" placeholder:"DIR" help:"Keep the client's side of the session in the folder DIR, and the server's as with --no-clean: QoS 1 and 2 messages, and what waits for a connection, survive the end of the program, however it comes."`
	SessionSync string `name:"session-sync" enum:"always,second,never" placeholder:"WHEN" default:"always" help:"When the session is brought to the disk itself: always (a power cut takes nothing), second (it may take the last second) or never (left to the system). Default always."`
}

var syncPolicies = map[string]wal.Sync{"always": wal.SyncAlways, "second": wal.SyncSecond, "never": wal.SyncNever}

// Client returns the settings as the client takes them; see
// [Connection.Client].
func (r *Run) Client() (cfg mqtt.Config, warning string, err error) {
	connection := r.Connection
	if r.SessionDir == "" {
		return connection.Client()
	}
	connection.NoClean = true
	if cfg, warning, err = connection.Client(); err != nil {
		return cfg, warning, err
	}
	cfg.Session = &mqtt.SessionConfig{Dir: r.SessionDir, Sync: syncPolicies[cmp.Or(r.SessionSync, "always")]}
	return cfg, warning, nil
}

// validate checks what the session asks of the connection.
func (s *Session) validate(c *Connection) error {
	if s.SessionDir == "" || c.SessionExpiry == nil || *c.SessionExpiry > 0 || c.Protocol.Version() != packet.V5 {
		return nil
	}
	return errors.New("--session needs a session that the server keeps too: give --session-expiry a time above zero, or leave it out")
}
