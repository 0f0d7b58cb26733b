package host

import (
	"sync"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/script"
)

// publication is a script's PUBLISH on its way through the client.
type publication struct {
	mqtt.Publication
	from  *resident
	id    uint64
	form  script.PayloadForm
	done  bool         // the script has its answer; guarded by the client's mutex
	plain bool         // see plain
	shown bool         // a script may have its packet; guarded by the client's mutex
	next  *publication // see spares
}

// formOf is the JavaScript type that a message was published with.
func formOf(pub *mqtt.Publication) script.PayloadForm {
	if p, ok := pub.Tag.(*publication); ok {
		return p.form
	}
	return script.FormBuffer
}

// publicationFor makes a publication of a script's request, whose payload it
// copies.
func (r *resident) publicationFor(req *script.PublishRequest) *publication {
	var p *publication
	if plain(req) {
		p = r.host.spares.take(&r.spare)
	} else {
		p = new(publication)
	}
	memory := p.Packet.Payload[:0]
	p.from, p.id, p.form = r, req.ID, req.Form
	p.plain = plain(req)
	p.Packet = req.Packet
	p.Packet.Payload = append(memory, req.Packet.Payload...)
	p.TellStored = req.WhenStored
	p.Tag = p
	return p
}

// plain tells whether nothing can be left out of what a request asks for, and
// the client keeps nothing of it when it is finished.
func plain(req *script.PublishRequest) bool {
	return req.Packet.QoS == 0 && len(req.Packet.Properties) == 0 && !req.WhenStored
}

const (
	// spareRow is how many publications go from the client to a script at once.
	spareRow = 32
	// keptPayload is the largest payload whose memory is kept for the next one.
	keptPayload = 512
)

// spares are publications that are finished and whose memory the next ones use:
// those of QoS 0 without properties that no script was shown. They go in rows, so
// that giving one back and taking one costs no more than a pointer; what lies
// unused is the garbage collector's.
type spares struct {
	row  *publication // that is being filled; guarded by the client's mutex
	n    int          // its length
	rows sync.Pool    // of *publication
}

// give takes back a publication that is finished. It is called with the client's
// mutex held.
func (s *spares) give(p *publication) {
	if cap(p.Packet.Payload) > keptPayload {
		return
	}
	p.Reuse()
	p.from, p.done = nil, false
	p.next = s.row
	s.row = p
	if s.n++; s.n == spareRow {
		s.rows.Put(p)
		s.row, s.n = nil, 0
	}
}

// take returns a publication for a script that has no more of the row it took
// last.
func (s *spares) take(row **publication) *publication {
	if *row == nil {
		if *row, _ = s.rows.Get().(*publication); *row == nil {
			return new(publication)
		}
	}
	p := *row
	*row, p.next = p.next, nil
	return p
}
