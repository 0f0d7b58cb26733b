package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// The parts of a file: the values, the keys by the time at which they expire,
// and what is known of the whole.
var (
	values   = []byte("values")
	expiries = []byte("expiries")
	whole    = []byte("whole")
	sizeKey  = []byte("size")
)

const (
	entryCost    = 64              // what an entry counts beside its key and value
	lockPatience = 5 * time.Second // for another store that is about to close the file
	sweepMost    = 1000            // expired entries that one commit removes
)

// file is a store in a file: a B+ tree in pages, each commit synced to disk.
type file struct {
	path   string
	handle *os.File // what db reads and writes
	db     *bolt.DB
	broken error // the damage that was found; nothing is done any more
	most   int64 // bytes
	now    func() time.Time
}

// openFile opens a file or makes it. It waits for one that holds it, for
// lockPatience at most and not after ending is closed.
func openFile(path string, ending <-chan struct{}) (*file, error) {
	if path == "" {
		return nil, &Error{Code: "ERR_STORE_UNAVAILABLE", Message: "the script has no folder for a store"}
	}
	what := "opening the store " + path
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, code(what, err)
	}
	_, statErr := os.Stat(path)
	f := &file{path: path, most: MaxSize, now: time.Now}
	if err := f.lock(ending); err != nil {
		return nil, code(what, err)
	}
	err := f.guard(f.prepare)
	if err == nil && errors.Is(statErr, fs.ErrNotExist) {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		_ = f.close() // the first error says why
		return nil, code(what, err)
	}
	return f, nil
}

// lock opens the file, which nobody else may have open.
func (f *file) lock(ending <-chan struct{}) error {
	deadline := time.Now().Add(lockPatience)
	for {
		err := f.guard(func() (err error) {
			f.db, err = bolt.Open(f.path, 0o600, &bolt.Options{
				Timeout: 50 * time.Millisecond, FreelistType: bolt.FreelistMapType, OpenFile: f.openHandle,
			})
			return err
		})
		if f.broken != nil {
			_ = f.close() // the damage says why
		}
		if !errors.Is(err, bolterrors.ErrTimeout) {
			return f.damage(err)
		}
		select {
		case <-ending:
		default:
			if time.Now().Before(deadline) {
				continue
			}
		}
		return &Error{
			Code: "ERR_STORE_IN_USE", Cause: err,
			Message: "the store " + f.path + " is in use by another script of the same name; give the scripts other names, or the programs other data folders",
		}
	}
}

func (f *file) openHandle(path string, flag int, mode os.FileMode) (handle *os.File, err error) {
	f.handle, err = os.OpenFile(path, flag, mode)
	return f.handle, err
}

// damage names the errors of a file that is not a whole store.
func (f *file) damage(err error) error {
	for _, of := range []error{bolterrors.ErrInvalid, bolterrors.ErrChecksum, bolterrors.ErrVersionMismatch} {
		if errors.Is(err, of) {
			return f.damaged(err)
		}
	}
	if err != nil && strings.HasPrefix(err.Error(), "file size too small") {
		return f.damaged(err)
	}
	return err
}

func (f *file) damaged(err error) error {
	return &Error{
		Code: codeDamaged, Cause: err,
		Message: "the store " + f.path + " is damaged (" + err.Error() + "); put a copy in its place, or remove it to begin anew",
	}
}

// guard turns what a damaged file makes the library do, panics and accesses
// beyond the end of the file, into errors.
func (f *file) guard(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			f.broken = f.damaged(fmt.Errorf("%v", fault))
			err = f.broken
		}
	}()
	return do()
}

// prepare makes the parts of a new file, and checks that an old one is whole.
func (f *file) prepare() error {
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	return f.db.Update(func(tx *bolt.Tx) error {
		if info.Size() < tx.Size() {
			return f.damaged(fmt.Errorf("%d of its %d bytes are there", info.Size(), tx.Size()))
		}
		for _, name := range [][]byte{values, expiries, whole} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
}

// syncFolder makes the name of a new file survive a power cut, where folders
// can be synced.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync() // some systems do not have it
	return folder.Close()
}

// close closes the file. After damage the library may hold its own locks for
// ever, and only the handle is closed.
func (f *file) close() error {
	if f.broken != nil {
		return f.handle.Close()
	}
	return f.guard(f.db.Close)
}

// apply does the operations in one transaction.
func (f *file) apply(ops []*Op) {
	if f.broken != nil {
		failAll(ops, f.broken)
		return
	}
	transact := f.db.View
	for _, op := range ops {
		if op.writes() {
			transact = f.db.Update
			break
		}
	}
	err := f.guard(func() error {
		return transact(func(tx *bolt.Tx) error {
			t := f.begin(tx)
			if tx.Writable() {
				if err := t.sweep(); err != nil {
					return err
				}
			}
			for _, op := range ops {
				if op.err = t.do(op); op.err != nil && !isOwn(op.err) {
					return op.err
				}
			}
			return t.finish()
		})
	})
	if err != nil {
		failAll(ops, code("writing the store "+f.path, err))
	}
}

// isOwn tells whether an error concerns one operation alone.
func isOwn(err error) bool {
	var own *Error
	return errors.As(err, &own)
}

// transaction is operations on a file between two commits.
type transaction struct {
	f                       *file
	values, expiries, whole *bolt.Bucket
	size, before            int64 // of all entries
	now                     int64 // in milliseconds
}

func (f *file) begin(tx *bolt.Tx) *transaction {
	t := &transaction{
		f: f, values: tx.Bucket(values), expiries: tx.Bucket(expiries), whole: tx.Bucket(whole),
		now: f.now().UnixMilli(),
	}
	if b := t.whole.Get(sizeKey); len(b) == 8 {
		t.size = int64(binary.BigEndian.Uint64(b))
	}
	t.before = t.size
	return t
}

func (t *transaction) finish() error {
	if t.size == t.before {
		return nil
	}
	return t.whole.Put(sizeKey, binary.BigEndian.AppendUint64(nil, uint64(t.size)))
}

// sweep removes entries whose time is over.
func (t *transaction) sweep() error {
	var over []string
	c := t.expiries.Cursor()
	for k, _ := c.First(); k != nil && len(over) < sweepMost && int64(binary.BigEndian.Uint64(k)) <= t.now; k, _ = c.Next() {
		over = append(over, string(k[8:]))
	}
	for _, key := range over {
		if err := t.remove(key); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) do(op *Op) error {
	switch op.Kind {
	case Get:
		if e := t.entry(op.Key); e.alive(t.now) {
			op.result = Result{Value: append([]byte{}, e.value()...), Found: true}
		}
		return nil
	case Keys:
		op.result.Keys = t.keys(op.Key)
		return nil
	case Delete:
		op.result.Found = t.entry(op.Key).alive(t.now)
		return t.remove(op.Key)
	case Set:
		expiry := int64(0)
		if op.TTL > 0 {
			expiry = t.now + op.TTL.Milliseconds()
		}
		return t.put(op.Key, expiry, op.Value)
	default:
		return t.increment(op)
	}
}

func (t *transaction) increment(op *Op) error {
	sum, expiry := op.By, int64(0)
	if e := t.entry(op.Key); e.alive(t.now) {
		n, err := number(e.value())
		if err != nil {
			return err
		}
		sum, expiry = n+op.By, e.expiry()
	}
	if math.IsInf(sum, 0) {
		return errNotNumber
	}
	op.result.Number = sum
	return t.put(op.Key, expiry, strconv.AppendFloat(nil, sum, 'g', -1, 64))
}

// number reads a value that is to be incremented.
func number(value []byte) (float64, error) {
	if len(value) == 0 || value[0] != '-' && (value[0] < '0' || value[0] > '9') {
		return 0, errNotNumber
	}
	n, err := strconv.ParseFloat(string(value), 64)
	if err != nil {
		return 0, errNotNumber
	}
	return n, nil
}

// keys lists those that begin with a prefix.
func (t *transaction) keys(prefix string) []string {
	keys := []string{}
	c := t.values.Cursor()
	for k, v := c.Seek([]byte(prefix)); k != nil && len(k) >= len(prefix) && string(k[:len(prefix)]) == prefix; k, v = c.Next() {
		if entry(v).alive(t.now) {
			keys = append(keys, string(k))
		}
	}
	return keys
}

// put writes an entry in place of the one that is there.
func (t *transaction) put(key string, expiry int64, value []byte) error {
	old := t.entry(key)
	if grows := cost(key, len(value)) - old.cost(key); grows > 0 && t.size+grows > t.f.most {
		return &Error{
			Code:    "ERR_STORE_FULL",
			Message: fmt.Sprintf("the store is full: it holds %d MiB at most; delete what is not needed, or keep it in Redis", t.f.most>>20),
		}
	}
	if err := t.forget(key, old); err != nil {
		return err
	}
	t.size += cost(key, len(value))
	if expiry != 0 {
		if err := t.expiries.Put(expiryKey(expiry, key), nil); err != nil {
			return err
		}
	}
	return t.values.Put([]byte(key), append(binary.BigEndian.AppendUint64(nil, uint64(expiry)), value...))
}

func (t *transaction) remove(key string) error {
	old := t.entry(key)
	if old == nil {
		return nil
	}
	if err := t.forget(key, old); err != nil {
		return err
	}
	return t.values.Delete([]byte(key))
}

// forget takes an entry, which may be nil, out of what is known beside the
// values.
func (t *transaction) forget(key string, old entry) error {
	t.size -= old.cost(key)
	if old == nil || old.expiry() == 0 {
		return nil
	}
	return t.expiries.Delete(expiryKey(old.expiry(), key))
}

func expiryKey(expiry int64, key string) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(expiry)), key...)
}

// cost is what an entry counts, in bytes.
func cost(key string, value int) int64 { return int64(len(key) + value + entryCost) }

func (t *transaction) entry(key string) entry { return t.values.Get([]byte(key)) }

// entry is what a key has in the file: when it expires, in milliseconds since
// 1970 or 0, and the value. It is the file's memory.
type entry []byte

func (e entry) expiry() int64 { return int64(binary.BigEndian.Uint64(e)) }
func (e entry) value() []byte { return e[8:] }

func (e entry) cost(key string) int64 {
	if e == nil {
		return 0
	}
	return cost(key, len(e.value()))
}

func (e entry) alive(now int64) bool {
	return e != nil && (e.expiry() == 0 || e.expiry() > now)
}
