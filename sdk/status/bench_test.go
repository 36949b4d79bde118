package status_test

import (
	"math/rand/v2"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/status"
)

const million = 1_000_000

// revoked is a list of a million one-bit entries of which one in a hundred is
// set: what a compressed list looks like in the field.
func revoked() []byte {
	r := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, million/8)
	for range million / 100 {
		i := r.IntN(million)
		data[i/8] |= 1 << (i % 8)
	}
	return data
}

// The indices are drawn beforehand and lie anywhere in the list, so that the
// memory is read as in the field and not from one cache line.
func BenchmarkLookupInAMillion(b *testing.B) {
	l := open(b, withBits(b, 1, revoked()))
	r := rand.New(rand.NewPCG(3, 4))
	index := make([]uint64, 1<<16)
	for i := range index {
		index[i] = r.Uint64N(million)
	}
	var sum status.Value
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		v, err := l.Lookup(index[i&(len(index)-1)])
		if err != nil {
			b.Fatal(err)
		}
		sum += v
	}
	_ = sum
}

func BenchmarkOpenAMillion(b *testing.B) {
	k := signer(b, credential.ES256, "a")
	token := sign(b, k, header(), withBits(b, 1, revoked()))
	keys := only(k.Public("12"), "registry")
	b.SetBytes(int64(len(token)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := status.Token().Open(uri, token, keys, now); err != nil {
			b.Fatal(err)
		}
	}
}
