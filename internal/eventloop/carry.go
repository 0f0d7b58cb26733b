package eventloop

import "github.com/dop251/goja"

// What JavaScript carries along goes from a call to those that it causes later:
// timers, immediates, ticks and promise reactions run with what was carried
// when they were asked for. A turn begins with nothing.

// Carried returns what is carried along, nil for nothing. On the loop.
func (l *Loop) Carried() *goja.Object { return l.carried }

// Carry replaces what is carried along until the turn ends; nil is nothing. A
// turn in which Go answers JavaScript gives back what was carried when it was
// asked. On the loop.
func (l *Loop) Carry(o *goja.Object) { l.carried = o }

// CarryToReactions makes the VM take what is carried along to promise
// reactions. That costs a little with each of them, so it is called when a
// script is about to carry something. On the loop.
func (l *Loop) CarryToReactions() { l.vm.SetAsyncContextTracker(&carrier{loop: l}) }

// carrier takes what is carried along to promise reactions.
type carrier struct {
	loop   *Loop
	before *goja.Object // of the reaction that runs
}

// Grab returns what a reaction is to run with.
func (c *carrier) Grab() any { return c.loop.carried }

// Resumed comes before a reaction. One from before there was a carrier has
// grabbed nothing.
func (c *carrier) Resumed(grabbed any) {
	c.before = c.loop.carried
	c.loop.carried, _ = grabbed.(*goja.Object)
}

// Exited comes behind a reaction.
func (c *carrier) Exited() { c.loop.carried = c.before }
