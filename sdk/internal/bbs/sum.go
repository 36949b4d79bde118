package bbs

import (
	bls12381 "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"
)

// multiples are a point times 1 to 15.
type multiples [15]bls12381.G1Affine

// tables makes the multiples of points.
func tables(points ...bls12381.G1Affine) []multiples {
	all := make([]bls12381.G1Jac, 0, len(points)*len(multiples{}))
	for i := range points {
		var p bls12381.G1Jac
		p.FromAffine(&points[i])
		all = append(all, p)
		for range len(multiples{}) - 1 {
			p.AddMixed(&points[i])
			all = append(all, p)
		}
	}
	out := make([]multiples, len(points))
	for i, p := range bls12381.BatchJacobianToAffineG1(all) {
		out[i/len(multiples{})][i%len(multiples{})] = p
	}
	return out
}

// sum is the sum of points, each times its factor; there are as many of the ones as
// of the others. It takes four bits of every factor in turn (Straus), so that all share
// the doublings. For the dozens of points of a credential that is faster than
// gnark-crypto's own, which is made for thousands and starts a goroutine for each
// window: on a busy machine, a verification would wait for all of them. What it does
// depends on the factors, which a verifier has from outside.
func sum(points []multiples, factors []fr.Element) (r bls12381.G1Affine) {
	digits := make([][fr.Bytes]byte, len(factors))
	for i := range factors {
		digits[i] = factors[i].Bytes()
	}
	var total bls12381.G1Jac
	for at := range 2 * fr.Bytes {
		for range 4 {
			total.DoubleAssign()
		}
		for i := range points {
			digit := digits[i][at/2] >> 4
			if at%2 == 1 {
				digit = digits[i][at/2] & 15
			}
			if digit > 0 {
				total.AddMixed(&points[i][digit-1])
			}
		}
	}
	return *r.FromJacobian(&total)
}
