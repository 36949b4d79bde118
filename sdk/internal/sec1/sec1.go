// Package sec1 reads points of the NIST curves in their compressed form (SEC 1
// §2.3.4), as Multikeys and proofs hold them. Any package of the SDK may import it.
package sec1

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
)

// ErrPoint is returned for bytes that are no compressed point of the curve.
var ErrPoint = errors.New("the bytes are no compressed point of the curve")

// Compressed reads a public key of curve from 02 or 03 and its x coordinate.
func Compressed(curve elliptic.Curve, raw []byte) (*ecdsa.PublicKey, error) {
	x, y := elliptic.UnmarshalCompressed(curve, raw)
	if x == nil {
		return nil, ErrPoint
	}
	size := len(raw) - 1
	point := make([]byte, 1+2*size)
	point[0] = 4
	x.FillBytes(point[1 : 1+size])
	y.FillBytes(point[1+size:])
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, ErrPoint
	}
	return key, nil
}
