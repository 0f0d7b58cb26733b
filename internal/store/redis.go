package store

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"
)

const (
	redisPatience = 3 * time.Second // for connecting, and for each answer
	redisIdle     = time.Second     // after which a connection is tried before it is used
	redisBatch    = 256             // operations sent before the first answer is read
)

// incrementing adds to a number as JavaScript does, and keeps its time.
const incrementing = `
local old = redis.call('GET', KEYS[1])
local sum = tonumber(old or '0')
if not sum or old and not string.find(old, '^[-%d]') then return redis.error_reply('NOTANUMBER') end
sum = sum + tonumber(ARGV[1])
if sum - sum ~= 0 then return redis.error_reply('NOTANUMBER') end
local text = string.format('%.17g', sum)
if old then redis.call('SET', KEYS[1], text, 'KEEPTTL') else redis.call('SET', KEYS[1], text) end
return text`

// server is a store on a Redis server: one connection, on which what waits is
// sent at once. Nothing is sent twice, so that an increment counts once.
type server struct {
	url    string // with the secrets
	shown  string // without them
	prefix string // of the script's keys
	conn   redis.Conn
	used   time.Time
}

// CheckURL says what is wrong with the URL of a Redis server; nil when it is
// right. The error shows no secret.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return errors.New("it is no URL; its form is redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]")
	case u.Scheme != "redis" && u.Scheme != "rediss":
		return fmt.Errorf("a store is at redis:// or rediss://, not at %s://", u.Scheme)
	case u.Hostname() == "":
		return errors.New("the URL names no host; its form is redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]")
	}
	if path := strings.Trim(u.Path, "/"); path != "" {
		if n, err := strconv.Atoi(path); err != nil || n < 0 {
			return fmt.Errorf("the database of a Redis server is a number, not %q", path)
		}
	}
	return nil
}

func newRedis(text, name string) (*server, error) {
	if err := CheckURL(text); err != nil {
		return nil, code("opening the store", err)
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, code("opening the store", errors.New("its URL is wrong"))
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return &server{url: text, shown: shown.String(), prefix: "mqscript:" + url.QueryEscape(name) + ":"}, nil
}

func (s *server) apply(ops []*Op) {
	for len(ops) > 0 {
		n := 1
		if ops[0].Kind != Keys { // keys takes several questions
			n = min(len(ops), redisBatch)
			if i := slices.IndexFunc(ops[:n], func(op *Op) bool { return op.Kind == Keys }); i > 0 {
				n = i
			}
		}
		batch := ops[:n]
		ops = ops[n:]
		done, err := s.do(batch)
		if err != nil {
			s.drop()
			err = s.unavailable(err)
			failAll(batch[done:], err)
			failAll(ops, err) // each would wait as long
			return
		}
	}
}

// do does a batch. An error means that the connection does not work; done
// operations were answered before it.
func (s *server) do(batch []*Op) (done int, err error) {
	if err := s.connect(); err != nil {
		return 0, err
	}
	if batch[0].Kind == Keys {
		return 0, s.keys(batch[0])
	}
	for _, op := range batch {
		command, args := s.command(op)
		if err := s.conn.Send(command, args...); err != nil {
			return 0, err
		}
	}
	if err := s.conn.Flush(); err != nil {
		return 0, err
	}
	for i, op := range batch {
		reply, err := s.conn.Receive()
		if err = s.answer(op, reply, err); err != nil {
			return i, err
		}
	}
	s.used = time.Now()
	return len(batch), nil
}

// connect makes a connection, or sees that the one at hand still works.
func (s *server) connect() error {
	if s.conn != nil && time.Since(s.used) > redisIdle {
		if _, err := s.conn.Do("PING"); err != nil {
			s.drop()
		}
	}
	if s.conn != nil {
		return nil
	}
	conn, err := redis.DialURL(s.url,
		redis.DialConnectTimeout(redisPatience), redis.DialReadTimeout(redisPatience), redis.DialWriteTimeout(redisPatience))
	if err != nil {
		return err
	}
	s.conn, s.used = conn, time.Now()
	return nil
}

func (s *server) command(op *Op) (name string, args []any) {
	key := s.prefix + op.Key
	switch op.Kind {
	case Get:
		return "GET", []any{key}
	case Delete:
		return "DEL", []any{key}
	case Set:
		if op.TTL > 0 {
			return "SET", []any{key, op.Value, "PX", op.TTL.Milliseconds()}
		}
		return "SET", []any{key, op.Value}
	default:
		return "EVAL", []any{incrementing, 1, key, strconv.FormatFloat(op.By, 'g', -1, 64)}
	}
}

// answer takes the server's answer to an operation. A refusal is the
// operation's own; any other error is returned.
func (s *server) answer(op *Op, reply any, err error) error {
	var refusal redis.Error
	switch {
	case errors.As(err, &refusal):
		op.err = s.refused(refusal)
		return nil
	case err != nil:
		return err
	}
	switch op.Kind {
	case Get:
		op.result.Value, err = redis.Bytes(reply, nil)
		op.result.Found = err == nil
		if errors.Is(err, redis.ErrNil) {
			err = nil
		}
	case Delete:
		op.result.Found, err = redis.Bool(reply, nil)
	case Increment:
		op.result.Number, err = redis.Float64(reply, nil)
	}
	return err
}

func (s *server) refused(refusal redis.Error) error {
	if strings.Contains(refusal.Error(), "NOTANUMBER") {
		return errNotNumber
	}
	return &Error{Code: "ERR_STORE_REFUSED", Message: "the store " + s.shown + " refuses: " + refusal.Error(), Cause: refusal}
}

// unavailable is the error of operations of which nobody knows whether the
// server has done them.
func (s *server) unavailable(err error) error {
	var refusal redis.Error
	if errors.As(err, &refusal) { // of the connection itself: a wrong password
		return s.refused(refusal)
	}
	why := err.Error()
	var network *net.OpError
	if errors.As(err, &network) {
		why = network.Error()
	}
	return &Error{Code: "ERR_STORE_UNAVAILABLE", Message: "the store " + s.shown + " cannot be reached: " + why, Cause: err}
}

var globs = strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`, `^`, `\^`, `\`, `\\`)

// keys lists those that begin with a prefix. The server may name one several
// times.
func (s *server) keys(op *Op) error {
	keys, cursor := []string{}, "0"
	for {
		reply, err := redis.Values(s.conn.Do("SCAN", cursor, "MATCH", globs.Replace(s.prefix+op.Key)+"*", "COUNT", 1000))
		var refusal redis.Error
		if errors.As(err, &refusal) {
			op.err = s.refused(refusal)
			return nil
		}
		if err != nil {
			return err
		}
		var found []string
		if _, err := redis.Scan(reply, &cursor, &found); err != nil {
			return err
		}
		for _, key := range found {
			keys = append(keys, strings.TrimPrefix(key, s.prefix))
		}
		if cursor == "0" {
			break
		}
	}
	s.used = time.Now()
	slices.Sort(keys)
	op.result.Keys = slices.Compact(keys)
	return nil
}

func (s *server) drop() {
	if s.conn != nil {
		_ = s.conn.Close() // it does not work any more
		s.conn = nil
	}
}

func (s *server) close() error {
	s.drop()
	return nil
}
