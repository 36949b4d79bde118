package bbsplus

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/hyperledger/aries-framework-go/pkg/crypto/primitive/bbs12381g2pub"

	"github.com/dzong-id/dzong/sdk/limits"
)

func newKey(t testing.TB, seed byte) *PrivateKey {
	t.Helper()
	k, err := GenerateKey(bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func messages(n int) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		out[i] = []byte("message " + strconv.Itoa(i))
	}
	return out
}

func pick(all [][]byte, at ...int) (out [][]byte) {
	for _, i := range at {
		out = append(out, all[i])
	}
	return out
}

var nonce = []byte("nonce")

func derive(t testing.TB, k *PrivateKey, total int, revealed ...int) []byte {
	t.Helper()
	signature, err := k.Sign(messages(total))
	if err != nil {
		t.Fatal(err)
	}
	proof, err := Derive(k.Public(), signature, nonce, messages(total), revealed)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

func verify(key, proof, nonce []byte, messages [][]byte) error {
	p, err := ParseProof(proof)
	if err != nil {
		return err
	}
	return p.Verify(key, nonce, messages)
}

func TestProofsOfEveryShape(t *testing.T) {
	k := newKey(t, 1)
	for _, c := range []struct {
		total    int
		revealed []int
	}{{1, []int{0}}, {7, []int{6}}, {8, []int{0, 7}}, {9, []int{8}}, {17, []int{0, 1, 2, 15, 16}}, {4, []int{0, 1, 2, 3}}} {
		proof := derive(t, k, c.total, c.revealed...)
		p, err := ParseProof(proof)
		if err != nil {
			t.Fatalf("%d of %d: %v", len(c.revealed), c.total, err)
		}
		if !slices.Equal(p.Revealed(), c.revealed) {
			t.Errorf("reveals %v, want %v", p.Revealed(), c.revealed)
		}
		for range 2 { // nothing is written into it
			if err := p.Verify(k.Public(), nonce, pick(messages(c.total), c.revealed...)); err != nil {
				t.Errorf("%d of %d: %v", len(c.revealed), c.total, err)
			}
		}
	}
}

// emptied is a proof of n messages, all disclosed, that needs no signature and no
// computing: every point the identity, every scalar zero, and a response too many.
func emptied(n int) []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(n))
	bits := make([]byte, n/8+1)
	for i := range n {
		bits[len(bits)-1-i/8] |= 1 << (i % 8)
	}
	identity := append([]byte{0xc0}, make([]byte, pointLen-1)...)
	out = append(append(out, bits...), slices.Repeat(identity, 3)...)
	first := append(binary.BigEndian.AppendUint32(slices.Clone(identity), 3), make([]byte, 3*scalarLen)...)
	out = append(binary.BigEndian.AppendUint32(out, uint32(len(first))), first...)
	return append(binary.BigEndian.AppendUint32(append(out, identity...), 3), make([]byte, 3*scalarLen)...)
}

func TestAProofOfAnythingByAnybodyIsRefused(t *testing.T) {
	k, said := newKey(t, 1), [][]byte{[]byte("whatever"), []byte("anybody likes")}
	if err := bbs12381g2pub.New().VerifyProof(said, emptied(2), nonce, k.Public()); err != nil {
		t.Logf("the primitive refuses it by now: %v", err)
	}
	if err := verify(k.Public(), emptied(2), nonce, said); !errors.Is(err, ErrMalformed) {
		t.Errorf("got %v", err)
	}
}

func TestAProofIsOfOneDisclosure(t *testing.T) {
	k, other := newKey(t, 1), newKey(t, 2)
	good := derive(t, k, 9, 1, 4, 8)
	all := messages(9)
	said := pick(all, 1, 4, 8)
	if err := verify(k.Public(), good, nonce, said); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"another key":            verify(other.Public(), good, nonce, said),
		"no key":                 verify(nil, good, nonce, said),
		"a key that is identity": verify(append([]byte{0xc0}, make([]byte, 95)...), good, nonce, said),
		"a key off the curve":    verify(append([]byte{0x9f}, k.Public()[1:]...), good, nonce, said),
		"another nonce":          verify(k.Public(), good, []byte("other"), said),
		"no nonce":               verify(k.Public(), good, nil, said),
		"another message":        verify(k.Public(), good, nonce, pick(all, 1, 4, 7)),
		"another order":          verify(k.Public(), good, nonce, pick(all, 4, 1, 8)),
		"a message less":         verify(k.Public(), good, nonce, pick(all, 1, 4)),
		"a message more":         verify(k.Public(), good, nonce, pick(all, 1, 4, 8, 0)),
		"no messages":            verify(k.Public(), good, nonce, nil),
	} {
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Behind the count and two bytes of bits.
	const at = 4
	vc1 := at + 3*pointLen
	vc2 := vc1 + countLen + pointLen + countLen + 2*scalarLen
	identity := append([]byte{0xc0}, make([]byte, pointLen-1)...)
	put := func(i int, with ...byte) func([]byte) []byte {
		return func(p []byte) []byte { copy(p[i:], with); return p }
	}
	for name, change := range map[string]func([]byte) []byte{
		"nothing":                          func([]byte) []byte { return nil },
		"a byte":                           func(p []byte) []byte { return p[:1] },
		"a message more than it is":        put(1, 10),
		"eight messages more":              put(1, 17),
		"no messages":                      put(1, 0),
		"no message disclosed":             put(2, 0, 0),
		"a message disclosed beyond":       put(2, 0x03),
		"a message more disclosed":         put(3, 0x13),
		"a byte less":                      func(p []byte) []byte { return p[:len(p)-1] },
		"a byte more":                      func(p []byte) []byte { return append(p, 0) },
		"A' that is identity":              put(at, identity...),
		"Abar that is identity":            put(at+pointLen, identity...),
		"d that is identity":               put(at+2*pointLen, identity...),
		"a commitment that is identity":    put(vc1+countLen, identity...),
		"the other that is identity":       put(vc2, identity...),
		"a point that is uncompressed":     put(at, good[at]&^0x80),
		"the first longer than it is":      put(vc1+3, 117),
		"the first of no length":           put(vc1, 0, 0, 0, 0),
		"the first as long as anything":    put(vc1, 0xff, 0xff, 0xff, 0xff),
		"a response more in the first":     put(vc1+countLen+pointLen+3, 3),
		"no responses in the first":        put(vc1+countLen+pointLen+3, 0),
		"a response more in the second":    put(vc2+pointLen+3, 9),
		"a response less in the second":    put(vc2+pointLen+3, 7),
		"as many as anything":              put(vc2+pointLen, 0xff, 0xff, 0xff, 0xff),
		"a response of the order":          put(vc1+2*countLen+pointLen, order[:]...),
		"the last response beyond it":      func(p []byte) []byte { copy(p[len(p)-scalarLen:], bytes.Repeat([]byte{0xff}, scalarLen)); return p },
		"one that is there and one behind": func(p []byte) []byte { return append(p, make([]byte, scalarLen)...) },
	} {
		if _, err := ParseProof(change(bytes.Clone(good))); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range good {
		changed := bytes.Clone(good)
		changed[i] ^= 1 << (i % 8)
		if i%3 == 0 && verify(k.Public(), changed, nonce, said) == nil {
			t.Errorf("bit in byte %d: verifies", i)
		}
	}
	large := bytes.Clone(good)
	binary.BigEndian.PutUint16(large, limits.BBSPlusMessages+1)
	if _, err := ParseProof(large); !errors.Is(err, ErrMessages) {
		t.Errorf("too many messages: %v", err)
	}
}

func TestASignatureIsOfOneList(t *testing.T) {
	k, other := newKey(t, 1), newKey(t, 2)
	good, err := k.Sign(messages(5))
	if err != nil {
		t.Fatal(err)
	}
	check := func(key, signature []byte, said [][]byte) error {
		s, err := ParseSignature(signature)
		if err != nil {
			return err
		}
		return s.Verify(key, said)
	}
	if err := check(k.Public(), good, messages(5)); err != nil {
		t.Fatal(err)
	}
	changed := func(i int, with ...byte) []byte {
		out := bytes.Clone(good)
		copy(out[i:], with)
		return out
	}
	for name, c := range map[string]struct {
		err, want error
	}{
		"another key":           {check(other.Public(), good, messages(5)), ErrInvalid},
		"a message less":        {check(k.Public(), good, messages(4)), ErrInvalid},
		"a message more":        {check(k.Public(), good, messages(6)), ErrInvalid},
		"no messages":           {check(k.Public(), good, nil), ErrInvalid},
		"a message twice":       {check(k.Public(), good, pick(messages(5), 0, 1, 2, 3, 3)), ErrInvalid},
		"too many messages":     {check(k.Public(), good, messages(limits.BBSPlusMessages+1)), ErrMessages},
		"another scalar":        {check(k.Public(), changed(SignatureSize-1, good[SignatureSize-1]^1), messages(5)), ErrInvalid},
		"the point's other":     {check(k.Public(), changed(0, good[0]^0x20), messages(5)), ErrInvalid},
		"nothing":               {check(k.Public(), nil, messages(5)), ErrMalformed},
		"a byte less":           {check(k.Public(), good[:SignatureSize-1], messages(5)), ErrMalformed},
		"a byte more":           {check(k.Public(), append(bytes.Clone(good), 0), messages(5)), ErrMalformed},
		"a point that is none":  {check(k.Public(), changed(0, append([]byte{0xc0}, make([]byte, 47)...)...), messages(5)), ErrMalformed},
		"a scalar of the order": {check(k.Public(), changed(48, order[:]...), messages(5)), ErrMalformed},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

// The primitive's scratch space is shared: without a lock some of these fail.
func TestManyAtOnce(t *testing.T) {
	k := newKey(t, 1)
	proof := derive(t, k, 3, 0, 2)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 4 {
				if err := verify(k.Public(), proof, nonce, pick(messages(3), 0, 2)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func FuzzProof(f *testing.F) {
	k := newKey(f, 1)
	good := derive(f, k, 3, 0, 2)
	said := pick(messages(3), 0, 2)
	f.Add(good, nonce, []byte("x"))
	f.Add(emptied(2), nonce, []byte("x"))
	f.Fuzz(func(t *testing.T, proof, nonce, message []byte) {
		p, err := ParseProof(proof)
		if err != nil {
			return
		}
		if p.Verify(k.Public(), nonce, [][]byte{said[0], message}) == nil && !bytes.Equal(message, said[1]) {
			t.Fatal("verifies")
		}
	})
}

func FuzzSignature(f *testing.F) {
	k := newKey(f, 1)
	good, err := k.Sign(messages(2))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, []byte("x"))
	f.Fuzz(func(t *testing.T, signature, message []byte) {
		if s, err := ParseSignature(signature); err == nil && s.Verify(k.Public(), [][]byte{message}) == nil {
			t.Fatal("verifies")
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	for _, n := range []int{10, 30} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			k := newKey(b, 1)
			p, err := ParseProof(derive(b, k, n, 0, 1, 2, 3))
			if err != nil {
				b.Fatal(err)
			}
			said := pick(messages(n), 0, 1, 2, 3)
			for b.Loop() {
				if err := p.Verify(k.Public(), nonce, said); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
