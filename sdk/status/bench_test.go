package status_test

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/sdjwt"
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

// BenchmarkFindInAMillion is a lookup by a W3C reference, whose bits lie the other
// way round.
func BenchmarkFindInAMillion(b *testing.B) {
	l, err := openCredential(b, millionBitstring(b))
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	index := make([]uint64, 1<<16)
	for i := range index {
		index[i] = r.Uint64N(million)
	}
	ref := credential.StatusReference{Mechanism: credential.StatusBitstring, Purpose: "revocation", Size: 1}
	var sum status.Value
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ref.Index = index[i&(len(index)-1)]
		v, err := l.Find(ref)
		if err != nil {
			b.Fatal(err)
		}
		sum += v
	}
	_ = sum
}

func millionBitstring(b *testing.B) map[string]any {
	c := bitstring(b)
	subject(c)["encodedList"] = "u" + encode(gzipped(b, revoked()))
	return c
}

// BenchmarkOpenAMillion opens a signed list of a million entries. bare-ns is the
// signature alone, over the same bytes; held-B is what one list keeps of the memory.
func BenchmarkOpenAMillion(b *testing.B) {
	k := signer(b, credential.ES256, "a")
	keys := only(k.Public("12"), "registry")
	for name, c := range map[string]struct {
		opener status.Opener
		uri    string
		data   []byte
	}{
		"token":     {status.Token(), uri, sign(b, k, header(), withBits(b, 1, revoked()))},
		"bitstring": {status.Credential(sdjwt.Mechanism()), listURI, secured(b, k, millionBitstring(b))},
	} {
		b.Run(name, func(b *testing.B) {
			open := func() *status.List {
				l, err := c.opener.Open(c.uri, c.data, keys, now)
				if err != nil {
					b.Fatal(err)
				}
				return l
			}
			held := memory(open)
			signed := bytes.TrimSuffix(c.data, []byte("~"))
			end := bytes.LastIndexByte(signed, '.')
			signature, err := base64.RawURLEncoding.DecodeString(string(signed[end+1:]))
			if err != nil {
				b.Fatal(err)
			}
			const times = 50
			began := time.Now()
			for range times {
				if err := k.Public("12").Verify(credential.ES256, signed[:end], signature); err != nil {
					b.Fatal(err)
				}
			}
			bare := time.Since(began) / times
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				open()
			}
			b.ReportMetric(float64(bare.Nanoseconds()), "bare-ns")
			b.ReportMetric(held, "held-B")
		})
	}
}

// memory is what a list holds on to, on average of several.
func memory(open func() *status.List) float64 {
	lists := make([]*status.List, 32)
	var before, after runtime.MemStats
	open()
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range lists {
		lists[i] = open()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := float64(after.HeapAlloc-before.HeapAlloc) / float64(len(lists))
	runtime.KeepAlive(lists)
	return held
}
