package trust_test

import (
	"crypto/x509"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Every date of a trust list, held against clocks that lag, run ahead, or are
// right. What only a wrong clock says is no answer about the issuer.
func TestDatesUnderAClockThatIsNotProven(t *testing.T) {
	a := key(t, credential.ES256, "a")
	root := issue(t, nil, func(c *x509.Certificate) {
		asAuthority("root")(c)
		c.NotBefore, c.NotAfter = at.AddDate(-10, 0, 0), at.AddDate(10, 0, 0)
	})
	signed := func(from, until time.Time) [][]byte {
		return [][]byte{issue(t, &root, func(c *x509.Certificate) { asSigner(c); c.NotBefore, c.NotAfter = from, until }).Raw}
	}
	soon := issue(t, nil, func(c *x509.Certificate) { c.NotBefore = at.Add(time.Hour); c.NotAfter = at.Add(2 * time.Hour) })
	jwks := obj{"keys": []any{a.JWK("a")}}
	under := []any{obj{"cert": root.pem(), "leaf": obj{"san": "registry.example"}}}
	l := parse(t, // issued a day and nine hours before at
		obj{"id": "from", "jwks": jwks, "valid_from": "2026-11-02T10:00:00Z"},
		obj{"id": "begun", "jwks": jwks, "valid_from": "2026-10-31T00:00:00Z"},
		obj{"id": "until", "jwks": jwks, "valid_until": "2026-11-02T08:00:00Z"},
		obj{"id": "over", "jwks": jwks, "valid_until": "2026-10-31T00:00:00Z"},
		obj{"id": "revoked", "jwks": jwks, "revoked_keys": []any{obj{"kid": "a", "from": "2026-11-02T08:00:00Z"}}},
		obj{"id": "gone", "jwks": jwks, "revoked_keys": []any{obj{"kid": "a", "from": "2026-10-31T00:00:00Z"}}},
		obj{"id": "certified", "x509": under},
		obj{"id": "own", "x509": []any{obj{"cert": soon.pem()}}},
	)
	proven, plausible, untrusted := credential.ClockProven, credential.ClockPlausible, credential.ClockUntrusted
	valid := signed(at.Add(-time.Hour), at.Add(time.Hour))
	early, late := signed(at.Add(time.Hour), at.Add(2*time.Hour)), signed(at.Add(-2*time.Hour), at.Add(-time.Hour))
	stranger := [][]byte{issue(t, nil, func(c *x509.Certificate) { asSigner(c); c.NotBefore = at.Add(time.Hour) }).Raw}
	lagging := at.AddDate(-5, 0, 0)
	const found = reason.Code("")
	for _, c := range []struct {
		name   string
		clock  credential.ClockLevel
		at     time.Time
		signer credential.Signer
		want   reason.Code
	}{
		{"before valid_from, proven", proven, at, credential.Signer{ID: "from", KeyID: "a"}, reason.IssuerNotValid},
		{"before valid_from, plausible", plausible, at, credential.Signer{ID: "from", KeyID: "a"}, reason.ClockUntrusted},
		{"before valid_from, untrusted", untrusted, at, credential.Signer{ID: "from", KeyID: "a"}, reason.ClockUntrusted},
		{"before valid_from, which the list is behind", plausible, lagging, credential.Signer{ID: "begun", KeyID: "a"}, found},
		{"the same, proven", proven, lagging, credential.Signer{ID: "begun", KeyID: "a"}, reason.IssuerNotValid},

		{"after valid_until, plausible", plausible, at, credential.Signer{ID: "until", KeyID: "a"}, reason.IssuerNotValid},
		{"after valid_until, untrusted", untrusted, at, credential.Signer{ID: "until", KeyID: "a"}, reason.ClockUntrusted},
		{"after valid_until, which the list is behind", untrusted, at, credential.Signer{ID: "over", KeyID: "a"}, reason.IssuerNotValid},
		{"a lagging clock does not bring an issuer back", plausible, lagging, credential.Signer{ID: "over", KeyID: "a"}, reason.IssuerNotValid},

		{"after the revocation, plausible", plausible, at, credential.Signer{ID: "revoked", KeyID: "a"}, reason.KeyRevoked},
		{"after the revocation, untrusted", untrusted, at, credential.Signer{ID: "revoked", KeyID: "a"}, reason.ClockUntrusted},
		{"after a revocation that the list is behind", untrusted, at, credential.Signer{ID: "gone", KeyID: "a"}, reason.KeyRevoked},
		{"a lagging clock does not bring a key back", plausible, lagging, credential.Signer{ID: "gone", KeyID: "a"}, reason.KeyRevoked},

		{"a certificate in its time", plausible, at, credential.Signer{ID: "certified", Chain: valid}, found},
		{"a certificate of tomorrow, proven", proven, at, credential.Signer{ID: "certified", Chain: early}, reason.CertificateRefused},
		{"a certificate of tomorrow, plausible", plausible, at, credential.Signer{ID: "certified", Chain: early}, reason.ClockUntrusted},
		{"a certificate of tomorrow alone, plausible", plausible, at, credential.Signer{Chain: early}, reason.ClockUntrusted},
		{"an expired certificate, plausible", plausible, at, credential.Signer{ID: "certified", Chain: late}, reason.CertificateRefused},
		{"an expired certificate, untrusted", untrusted, at, credential.Signer{ID: "certified", Chain: late}, reason.ClockUntrusted},
		{"a stranger's certificate of tomorrow", untrusted, at, credential.Signer{ID: "certified", Chain: stranger}, reason.CertificateRefused},
		{"a listed certificate of tomorrow, no chain sent, proven", proven, at, credential.Signer{ID: "own"}, reason.KeyUnknown},
		{"a listed certificate of tomorrow, no chain sent, plausible", plausible, at, credential.Signer{ID: "own"}, reason.ClockUntrusted},
		{"a key nobody has", untrusted, at, credential.Signer{ID: "own", KeyID: "z"}, reason.KeyUnknown},
		{"an issuer nobody lists", untrusted, at, credential.Signer{ID: "nobody", KeyID: "a"}, reason.IssuerUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.signer.Algorithm = credential.ES256
			keys, checks := l.KeysUnder(c.clock, nil, c.at).Find(c.signer)
			if code(checks) != c.want || (len(keys) > 0) != (c.want == found) {
				t.Errorf("%d keys, %+v; want %q", len(keys), checks, c.want)
			}
			for _, check := range checks {
				if (check.Verdict == reason.Undecided) != (check.Code == reason.ClockUntrusted) {
					t.Errorf("%+v", check)
				}
			}
		})
	}
}
