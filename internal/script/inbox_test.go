package script

import (
	"sync"
	"testing"
)

func TestInboxCounts(t *testing.T) {
	s := &Script{}
	steps := []struct {
		take, give      int
		fits            bool
		messages, bytes int
	}{
		{take: maxPayload, fits: true, messages: 1, bytes: maxPayload}, // the first fits, whatever its size
		{take: 1, messages: 1, bytes: maxPayload},
		{give: maxPayload},
		{take: 60, fits: true, messages: 1, bytes: 60},
		{take: 40, fits: true, messages: 2, bytes: 100},
		{take: 1, messages: 2, bytes: 100},
		{take: 0, fits: true, messages: 3, bytes: 100},
		{take: 0, messages: 3, bytes: 100},
		{give: 40, messages: 2, bytes: 60},
		{give: 60, messages: 1, bytes: 0},
	}
	for i, step := range steps {
		if step.give > 0 {
			s.inbox.give(step.give)
		} else if fits := s.inbox.take(step.take, 3, 100); fits != step.fits {
			t.Errorf("step %d: fits %v", i, fits)
		}
		if messages, bytes := s.Backlog(); messages != step.messages || bytes != step.bytes {
			t.Errorf("step %d: %d messages, %d bytes", i, messages, bytes)
		}
	}
}

func TestInboxFromManyGoroutines(t *testing.T) {
	s := &Script{}
	var all sync.WaitGroup
	for size := range 8 {
		all.Go(func() {
			for range 10_000 {
				if s.inbox.take(size, 4, 1000) {
					s.inbox.give(size)
				}
				if n, _ := s.Backlog(); n > 4 {
					t.Errorf("%d messages", n)
				}
			}
		})
	}
	all.Wait()
	if messages, bytes := s.Backlog(); messages != 0 || bytes != 0 {
		t.Errorf("%d messages, %d bytes are left", messages, bytes)
	}
}
