package module

import (
	"sync"
	"weak"

	"github.com/dop251/goja"
)

// sharedPrograms lets the scripts of a process share compiled files. A program
// stays as long as a script has it loaded; nothing is kept beyond that.
type sharedPrograms struct {
	mu    sync.Mutex
	units map[cacheKey]*sharedUnit
	sweep int // how many entries there may be before the dead ones are removed
}

// sharedUnit is one file. Its lock is held while the file is compiled, so that
// two scripts that load it at the same time do it once.
type sharedUnit struct {
	mu      sync.Mutex
	program weak.Pointer[goja.Program]
	rest    unit // without the program
}

var programs = sharedPrograms{units: map[cacheKey]*sharedUnit{}, sweep: 256}

// unit returns the compiled file for a key, and makes it when nobody has it.
func (p *sharedPrograms) unit(key cacheKey, make func() (unit, error)) (unit, error) {
	shared := p.entry(key)
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if program := shared.program.Value(); program != nil {
		u := shared.rest
		u.program = program
		return u, nil
	}
	u, err := make()
	if err != nil {
		return unit{}, err
	}
	shared.program, shared.rest = weak.Make(u.program), u
	shared.rest.program = nil
	return u, nil
}

func (p *sharedPrograms) entry(key cacheKey) *sharedUnit {
	p.mu.Lock()
	defer p.mu.Unlock()
	shared := p.units[key]
	if shared == nil {
		p.removeDead()
		shared = &sharedUnit{}
		p.units[key] = shared
	}
	return shared
}

// removeDead forgets the files that no script has loaded any more. It is called
// locked.
func (p *sharedPrograms) removeDead() {
	if len(p.units) < p.sweep {
		return
	}
	for key, shared := range p.units {
		if !shared.mu.TryLock() {
			continue
		}
		if shared.program.Value() == nil {
			delete(p.units, key)
		}
		shared.mu.Unlock()
	}
	p.sweep = max(256, 2*len(p.units))
}
