package mqtt

import "unsafe"

// fifo is a queue in a ring that grows. Whoever pushes sees to its bound.
type fifo[T any] struct {
	ring []T // its length is a power of two
	head int
	n    int
}

// keptRing is the largest ring, in bytes, that an empty fifo keeps for the next
// burst: enough for the publications that highWater holds.
const keptRing = 32 << 10

func (f *fifo[T]) push(v T) {
	if f.n == len(f.ring) {
		f.grow()
	}
	f.ring[(f.head+f.n)&(len(f.ring)-1)] = v
	f.n++
}

func (f *fifo[T]) grow() {
	ring := make([]T, max(16, 2*len(f.ring)))
	n := copy(ring, f.ring[f.head:])
	copy(ring[n:], f.ring[:f.head])
	f.ring, f.head = ring, 0
}

// front is the oldest element; the fifo must not be empty.
func (f *fifo[T]) front() *T { return &f.ring[f.head] }

// at is the element i places behind the oldest; i must be below n.
func (f *fifo[T]) at(i int) *T { return &f.ring[(f.head+i)&(len(f.ring)-1)] }

func (f *fifo[T]) pop() T {
	var zero T
	v := f.ring[f.head]
	f.ring[f.head] = zero
	f.head = (f.head + 1) & (len(f.ring) - 1)
	f.n--
	if f.n == 0 && len(f.ring)*int(unsafe.Sizeof(zero)) > keptRing {
		f.ring, f.head = nil, 0
	}
	return v
}
