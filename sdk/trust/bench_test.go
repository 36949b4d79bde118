package trust_test

import (
	"fmt"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/trust"
)

func BenchmarkParseAThousandIssuers(b *testing.B) {
	var issuers []any
	for n := range 1000 {
		issuers = append(issuers, obj{"id": fmt.Sprintf("https://issuer-%d.example", n), "types": []any{"a", "b"},
			"jwks": obj{"keys": []any{key(b, credential.ES256, fmt.Sprint(n)).JWK("k")}},
			"x509": []any{obj{"cert": signerPEM(b)}}, "status_lists": []any{fmt.Sprintf("https://issuer-%d.example/1", n)}})
	}
	o := full(b)
	o["issuers"] = issuers
	data := marshal(b, o)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := trust.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFindByKid(b *testing.B) {
	l, err := trust.Parse(marshal(b, full(b)))
	if err != nil {
		b.Fatal(err)
	}
	keys := l.Keys(nil, at)
	b.ReportAllocs()
	for b.Loop() {
		if k, _ := keys.Find(credential.Signer{ID: "https://registry.example", KeyID: "k1", Algorithm: credential.ES256}); len(k) != 1 {
			b.Fatal("no key")
		}
	}
}
