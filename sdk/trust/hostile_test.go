package trust_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// hugeChain is a leaf that seems to be signed by an authority with an RSA modulus
// of so many bits. Nobody holds such a key; looking is what costs.
func hugeChain(t *testing.T, bits int) [][]byte {
	t.Helper()
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), uint(bits)))
	if err != nil {
		t.Fatal(err)
	}
	n.SetBit(n.SetBit(n, 0, 1), bits-1, 1)
	root := issue(t, nil, asAuthority("any"))
	template := *root.Certificate
	asAuthority("huge")(&template)
	above, err := x509.CreateCertificate(rand.Reader, &template, root.Certificate, &rsa.PublicKey{N: n, E: 1<<31 - 1}, root.key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(above)
	if err != nil {
		t.Fatal(err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: at.Add(-time.Hour), NotAfter: at.Add(time.Hour)}
	asSigner(leaf)
	der, err := x509.CreateCertificate(rand.Reader, leaf, &x509.Certificate{RawSubject: parsed.RawSubject, PublicKey: &small.PublicKey}, &root.key.PublicKey, small)
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		TBS asn1.RawValue
		Alg pkix.AlgorithmIdentifier
		Sig asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &c); err != nil {
		t.Fatal(err)
	}
	c.Sig = asn1.BitString{Bytes: make([]byte, bits/8), BitLength: bits}
	c.Sig.Bytes[bits/8-1] = 7
	if der, err = asn1.Marshal(c); err != nil {
		t.Fatal(err)
	}
	return [][]byte{der, above}
}

// A certificate of 16 kB can hold a key on which checking one signature takes
// many seconds. Whoever can show a code must not be able to stop a kiosk with it.
func TestACertificateOfAHugeKeyIsNotTried(t *testing.T) {
	root := issue(t, nil, asAuthority("root"))
	l := parse(t, obj{"id": "BT", "types": []any{"*"},
		"x509": []any{obj{"cert": root.pem(), "leaf": obj{"san": "registry.example"}}}})
	chain := hugeChain(t, 1<<18)
	for _, id := range []string{"BT", ""} {
		begun := time.Now()
		keys, checks := l.Keys(nil, at).Find(credential.Signer{ID: id, Chain: chain, Algorithm: credential.ES256})
		if len(keys) > 0 || code(checks) != reason.CertificateRefused {
			t.Errorf("issuer %q: %d keys, %v", id, len(keys), checks)
		}
		// Half a minute without the bound, microseconds with it.
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("issuer %q: it took %v", id, took)
		}
	}
}

// A chain that was refused does not say that a named key in a document that is
// not at hand is unknown.
func TestANamedKeyBesideARefusedChainMayBeAway(t *testing.T) {
	own, other := issue(t, nil, asSigner), issue(t, nil, asSigner)
	l := parse(t, obj{"id": "did:web:away", "types": []any{"*"}, "x509": []any{obj{"cert": own.pem()}}})
	keys, checks := l.Keys(nil, at).Find(credential.Signer{
		ID: "did:web:away", KeyID: "did:web:away#k", Chain: [][]byte{other.Raw}, Algorithm: credential.ES256})
	last := checks[len(checks)-1]
	if len(keys) > 0 || last.Verdict != reason.Undecided || last.Code != reason.KeyUnknown || last.Resource != "did:web:away" {
		t.Errorf("%d keys, %+v", len(keys), checks)
	}
	_, checks = l.Keys(nil, at).Find(credential.Signer{ID: "did:web:away", Chain: [][]byte{other.Raw}, Algorithm: credential.ES256})
	if code(checks) != reason.CertificateRefused {
		t.Errorf("no key is named: %+v", checks)
	}
}

// Who signs with a certificate alone is told that its entry is over, as somebody
// who names itself is.
func TestACertificateOfAnEntryThatIsOver(t *testing.T) {
	own := issue(t, nil, asSigner)
	l := parse(t, obj{"id": "BT", "types": []any{"*"}, "x509": []any{obj{"cert": own.pem()}}, "valid_until": "2026-11-02T09:00:00Z"})
	for _, id := range []string{"BT", ""} {
		keys, checks := l.Keys(nil, at).Find(credential.Signer{ID: id, Chain: [][]byte{own.Raw}, Algorithm: credential.ES256})
		if len(keys) > 0 || code(checks) != reason.IssuerNotValid {
			t.Errorf("issuer %q: %d keys, %+v", id, len(keys), checks)
		}
	}
}

// FuzzChain: whatever stands in an x5c header, nothing but a certificate under the
// authority gives a key, and nothing panics.
func FuzzChain(f *testing.F) {
	root := issue(f, nil, asAuthority("root"))
	between := issue(f, &root, asAuthority("between"))
	good := issue(f, &between, asSigner)
	own := issue(f, nil, asSigner)
	l := parse(f,
		obj{"id": "under", "types": []any{"*"}, "x509": []any{obj{"cert": root.pem(), "leaf": obj{"san": "registry.example", "eku": "1.3.6.1.5.5.7.3.36"}}}},
		obj{"id": "own", "types": []any{"*"}, "x509": []any{obj{"cert": own.pem()}}})
	f.Add(good.Raw, between.Raw, uint8(0))
	f.Add(own.Raw, []byte{}, uint8(1))
	f.Add(root.Raw, root.Raw, uint8(2))
	f.Fuzz(func(t *testing.T, leaf, above []byte, clock uint8) {
		chain := [][]byte{leaf}
		if len(above) > 0 {
			chain = append(chain, above)
		}
		for _, id := range []string{"under", "own", ""} {
			keys, checks := l.KeysUnder(credential.ClockLevel(clock%3), nil, at).Find(credential.Signer{ID: id, Chain: chain, Algorithm: credential.ES256})
			if (len(keys) > 0) != (code(checks) == "") {
				t.Fatalf("%d keys, %+v", len(keys), checks)
			}
			public := func(c cert) credential.Key { k, _ := credential.NewKey("", c.PublicKey); return k }
			for _, k := range keys {
				if !k.Equal(public(good)) && !k.Equal(public(own)) {
					t.Fatal("a key that nobody certified")
				}
			}
		}
	})
}

// A chain says by its order who signed whom. Whoever could show a few authorities in
// any order would have every order tried.
func TestAChainIsReadInItsOrder(t *testing.T) {
	root := issue(t, nil, asAuthority("root"))
	upper := issue(t, &root, asAuthority("upper"))
	lower := issue(t, &upper, asAuthority("lower"))
	leaf := issue(t, &lower, asSigner)
	stranger := issue(t, nil, asAuthority("root"))
	l := parse(t, obj{"id": "BT", "types": []any{"*"},
		"x509": []any{obj{"cert": root.pem(), "leaf": obj{"san": "registry.example"}}}})
	for name, c := range map[string]struct {
		chain []cert
		want  reason.Code
	}{
		"in order":                          {[]cert{leaf, lower, upper}, ""},
		"with the authority at the end":     {[]cert{leaf, lower, upper, root}, ""},
		"with a stranger behind it":         {[]cert{leaf, lower, upper, stranger}, ""},
		"out of order":                      {[]cert{leaf, upper, lower}, reason.CertificateRefused},
		"with a stranger in between":        {[]cert{leaf, stranger, lower, upper}, reason.CertificateRefused},
		"one authority left out":            {[]cert{leaf, upper}, reason.CertificateRefused},
		"a leaf before another's authority": {[]cert{issue(t, nil, asSigner), upper}, reason.CertificateRefused},
	} {
		t.Run(name, func(t *testing.T) {
			var chain [][]byte
			for _, x := range c.chain {
				chain = append(chain, x.Raw)
			}
			keys, checks := l.Keys(nil, at).Find(credential.Signer{Chain: chain, Algorithm: credential.ES256})
			if got := code(checks); got != c.want || (len(keys) > 0) != (c.want == "") {
				t.Errorf("%d keys, %v; want %q", len(keys), checks, c.want)
			}
		})
	}
}
