package bbsplus

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"sync"

	"github.com/hyperledger/aries-framework-go/pkg/crypto/primitive/bbs12381g2pub"

	"github.com/dzong-id/dzong/sdk/limits"
)

// PublicKeySize is the length of a compressed point of G2.
const PublicKeySize = 96

// serial lets one caller at a time into the primitive, whose package variables are
// scratch space. It is a package variable because those are; nothing else is kept
// here.
var serial sync.Mutex

// Verify reports whether key made the proof over messages, the disclosed ones in
// their order, for nonce. It returns nil or [ErrInvalid].
func (p *Proof) Verify(key, nonce []byte, messages [][]byte) error {
	if !isKey(key) || len(messages) != len(p.revealed) {
		return ErrInvalid
	}
	return alone(func() error {
		return bbs12381g2pub.New().VerifyProof(messages, bytes.Clone(p.octets), nonce, key)
	})
}

// Verify reports whether key made the signature over messages. It returns nil,
// [ErrInvalid] or [ErrMessages].
func (s *Signature) Verify(key []byte, messages [][]byte) error {
	if len(messages) > limits.BBSPlusMessages {
		return ErrMessages
	}
	if !isKey(key) || len(messages) == 0 {
		return ErrInvalid
	}
	return alone(func() error { return bbs12381g2pub.New().Verify(messages, bytes.Clone(s.octets), key) })
}

func isKey(key []byte) bool { return len(key) == PublicKeySize && compressed(key) }

// alone calls the primitive, and makes a panic of it into a refusal.
func alone(call func() error) (err error) {
	serial.Lock()
	defer serial.Unlock()
	defer func() {
		if recover() != nil {
			err = ErrInvalid
		}
	}()
	if call() != nil {
		return ErrInvalid
	}
	return nil
}

// PrivateKey signs, in tests.
type PrivateKey struct {
	secret *bbs12381g2pub.PrivateKey
	public []byte
}

// GenerateKey derives a key from a seed of 32 bytes.
func GenerateKey(seed []byte) (*PrivateKey, error) {
	serial.Lock()
	defer serial.Unlock()
	public, secret, err := bbs12381g2pub.GenerateKeyPair(sha256.New, slices.Clip(bytes.Clone(seed)))
	if err != nil {
		return nil, err
	}
	octets, err := public.Marshal()
	return &PrivateKey{secret, octets}, err
}

// Public is the public key.
func (k *PrivateKey) Public() []byte { return bytes.Clone(k.public) }

// Sign signs messages in their order.
func (k *PrivateKey) Sign(messages [][]byte) ([]byte, error) {
	serial.Lock()
	defer serial.Unlock()
	return bbs12381g2pub.New().SignWithKey(messages, k.secret)
}

// Derive makes a proof for nonce that discloses the messages at revealed.
func Derive(key, signature, nonce []byte, messages [][]byte, revealed []int) ([]byte, error) {
	serial.Lock()
	defer serial.Unlock()
	return bbs12381g2pub.New().DeriveProof(messages, signature, nonce, key, slices.Clone(revealed))
}
