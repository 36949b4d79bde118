package status_test

import (
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/status"
)

// Whatever the bytes, opening ends, and never gives a list that is not signed.
func FuzzOpen(f *testing.F) {
	k := signer(f, credential.ES256, "a")
	keys := only(k.Public("12"), "registry")
	f.Add(sign(f, k, header(), claims(f)))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := status.Token().Open(uri, data, keys, now)
		if (l == nil) == (err == nil) {
			t.Fatalf("list %v, error %v", l, err)
		}
		_, _ = status.Subject(data)
	})
}

// A signer is trusted to sign, not to write good lists: what stands in a signed
// payload comes from outside too.
func FuzzOpenSignedPayload(f *testing.F) {
	k := signer(f, credential.EdDSA, "a")
	keys := only(k.Public("12"), "registry")
	f.Add([]byte(`{"sub":"` + uri + `","iat":1686920170,"ttl":1,"status_list":{"bits":2,"lst":"eNo76fITAAPfAgc"}}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		compact, err := jws.Sign(header(), payload, k)
		if err != nil {
			t.Skip()
		}
		l, err := status.Token().Open(uri, []byte(compact), keys, now)
		if (l == nil) == (err == nil) {
			t.Fatalf("list %v, error %v", l, err)
		}
		if l == nil {
			return
		}
		if l.Len() > limits.StatusList*8 {
			t.Fatalf("%d entries", l.Len())
		}
		for _, i := range []uint64{0, l.Len() - 1, l.Len(), 1<<64 - 1} {
			if _, err := l.Lookup(i); (err == nil) != (i < l.Len()) {
				t.Fatalf("index %d of %d: %v", i, l.Len(), err)
			}
		}
		l.Fresh(now, 0)
	})
}
