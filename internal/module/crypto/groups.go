package crypto

import "math/big"

// group is one of the well-known primes of RFC 2409 and RFC 3526:
// 2^bits - 2^(bits-64) - 1 + 2^64 * (floor(2^(bits-130) * pi) + offset).
type group struct {
	bits   uint
	offset int64
}

var groups = map[string]group{
	"modp1": {768, 149686}, "modp2": {1024, 129093}, "modp5": {1536, 741804}, "modp14": {2048, 124476},
	"modp15": {3072, 1690314}, "modp16": {4096, 240904}, "modp17": {6144, 929484}, "modp18": {8192, 4743158},
}

func (g group) prime() *big.Int {
	shifted := func(n uint) *big.Int { return new(big.Int).Lsh(one, n) }
	middle := pi(g.bits - 130)
	middle.Add(middle, big.NewInt(g.offset)).Lsh(middle, 64)
	p := shifted(g.bits)
	return p.Sub(p, shifted(g.bits-64)).Sub(p, one).Add(p, middle)
}

// pi returns floor(2^bits * pi), by Machin's formula with some bits to spare.
func pi(bits uint) *big.Int {
	const spare = 64
	unit := new(big.Int).Lsh(one, bits+spare)
	sum := new(big.Int).Mul(big.NewInt(4), arctan(5, unit))
	sum.Sub(sum, arctan(239, unit))
	return sum.Rsh(sum.Mul(sum, big.NewInt(4)), spare)
}

// arctan returns unit * arctan(1/x).
func arctan(x int64, unit *big.Int) *big.Int {
	square := big.NewInt(x * x)
	term := new(big.Int).Quo(unit, big.NewInt(x))
	sum := new(big.Int).Set(term)
	for n := int64(3); term.Sign() != 0; n += 2 {
		term.Quo(term, square)
		part := new(big.Int).Quo(term, big.NewInt(n))
		if n%4 == 3 {
			sum.Sub(sum, part)
		} else {
			sum.Add(sum, part)
		}
	}
	return sum
}
