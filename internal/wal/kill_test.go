package wal

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// writeForEver is the process that TestKillTakesNothingThatWasCommitted kills:
// it appends numbers and prints each one that is committed.
func writeForEver(dir string) {
	next := 0
	l, err := Open(Options{Dir: dir, SegmentSize: 1000, Sync: SyncNever, Replay: func(_ uint64, r []byte) error {
		n, err := strconv.Atoi(string(r))
		next = n + 1
		return err
	}})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for {
		l.Append([]byte(strconv.Itoa(next)))
		if err := l.Commit(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(next)
		next++
	}
}

func TestKillTakesNothingThatWasCommitted(t *testing.T) {
	dir := t.TempDir()
	committed := -1
	for round := range 10 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "WAL_TEST_WRITER="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for i := 0; lines.Scan(); i++ {
			n, err := strconv.Atoi(lines.Text())
			if err != nil || n != committed+1 && i > 0 || n <= committed {
				t.Fatalf("round %d: after %d came %q", round, committed, lines.Text())
			}
			committed = n
			if i == 20*(round+1) {
				_ = cmd.Process.Kill() // and read what it still printed
			}
		}
		_ = cmd.Wait() // it was killed
		got, warnings := contents(t, dir)
		if len(got) <= committed || len(warnings) > 1 {
			t.Fatalf("round %d: %d was committed, and %d records are there; warnings %q", round, committed, len(got), warnings)
		}
		for i, r := range got {
			if r != strconv.Itoa(i) {
				t.Fatalf("round %d: record %d is %q; warnings %s", round, i, r, strings.Join(warnings, "\n"))
			}
		}
	}
}
