package isolate

import "time"

// pace lets a writer wait a moment when frames come one by one and fast, so
// that one write takes several: each wakes the other process, which costs both
// more than the frame. Sparse traffic is not held up, and neither is a dialogue,
// where nothing gathers because one side waits for the other.
type pace struct {
	last  time.Time // of the last write
	row   int       // quick small writes in a row
	skips int       // writes to let pass because waiting gathered nothing
}

const (
	paceTime  = 100 * time.Microsecond // the wait; what comes within twice that is quick
	paceSmall = 4 << 10                // bytes; more is worth a write
	paceRow   = 8                      // quick small writes that make a stream busy
	paceSkip  = 256                    // writes without a wait after one that gathered little
)

// wait is called before what waits is taken; more tells how much that is, in a
// measure of the caller's.
func (p *pace) wait(more func() int) {
	if p.skips > 0 {
		p.skips--
		return
	}
	if p.row < paceRow {
		return
	}
	before := more()
	time.Sleep(paceTime)
	if more() < 2*before+2 {
		p.row, p.skips = 0, paceSkip
	}
}

// wrote is called after each write of n bytes.
func (p *pace) wrote(n int) {
	now := time.Now()
	if n <= paceSmall && now.Sub(p.last) < 2*paceTime || p.row >= paceRow && n <= 16*paceSmall {
		p.row = min(p.row+1, paceRow)
	} else {
		p.row = 0
	}
	p.last = now
}
