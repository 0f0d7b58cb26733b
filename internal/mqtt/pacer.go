package mqtt

import "time"

// pacer decides when the reader waits a moment before it reads again.
//
// A server that sends each message of a busy stream by itself wakes the reader
// for each, and the waking costs both sides more than the message. Letting a
// hundred microseconds' worth of messages gather in the socket makes that one
// read. A stream is busy when a row of reads came quickly after each other and
// each was small; sparse traffic is read without delay, and so is a dialogue,
// where nothing gathers because one side waits for the answer of the other.
//
// The runtime's timers may make a millisecond of the wait when the process has
// nothing else to do; the socket's buffer holds far more than that brings.
type pacer struct {
	last  time.Time // of the last read
	row   int       // quick small reads in a row
	skips int       // reads to let pass because waiting gathered nothing
	slept bool
}

const (
	paceTime   = 100 * time.Microsecond // the wait, and what counts as quick is twice that
	paceSmall  = 4 << 10                // bytes; a read of more is worth its waking
	paceRow    = 8                      // quick small reads that make a stream busy
	paceGather = 4                      // packets that a wait should gather
	paceSkip   = 256                    // reads without waiting after one that gathered less
)

// wait is called before a read.
func (p *pacer) wait() {
	p.slept = p.row >= paceRow && p.skips == 0
	if p.slept {
		time.Sleep(paceTime)
	}
}

// read is told of each read: when, how many bytes, how many packets, and
// whether publications of ours wait for what comes next.
func (p *pacer) read(now time.Time, n, packets int, awaited bool) {
	quick := now.Sub(p.last) < 2*paceTime || p.slept
	p.last = now
	switch {
	case n > paceSmall && !p.slept, !quick, awaited:
		p.row = 0
	case p.row < paceRow:
		p.row++
	}
	if p.skips > 0 {
		p.skips--
	} else if p.slept && packets < paceGather {
		p.row, p.skips = 0, paceSkip
	}
}
