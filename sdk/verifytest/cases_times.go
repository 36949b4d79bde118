package verifytest

import (
	"encoding/json"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

func rfc3339(at time.Time) string { return at.Format(time.RFC3339) }

// together makes several changes to a trust list.
func together(changes ...func(map[string]any)) func(map[string]any) {
	return func(list map[string]any) {
		for _, change := range changes {
			change(list)
		}
	}
}

// number is a JSON number exactly as it is written here.
func number(text string) json.RawMessage { return json.RawMessage(text) }

// dates are the bounds of every date (RFC 7519 §4.1, the trust list's format), at
// the second before, on and after; the reference time is an hour after Epoch.
func (c sdjwtCollection) dates() {
	now := Epoch.Add(time.Hour)
	payload := func(name string, value any) func(*stage) {
		return func(s *stage) { s.issue = []IssueOption{With(name, value)} }
	}
	listed := func(name string, at time.Time) func(*stage) {
		return func(s *stage) { s.trust = entry(name, rfc3339(at)) }
	}

	c.accept("accepted-exp-next", "a second before exp", payload("exp", now.Unix()+1))
	c.accept("accepted-exp-fraction", "exp may have a fraction", payload("exp", number("1793613600.5")))
	c.accept("accepted-exp-exponent", "exp may have an exponent", payload("exp", number("1.9e9")))
	c.accept("accepted-nbf-now", "nbf is the reference time", payload("nbf", now.Unix()))
	c.accept("accepted-iat-ahead", "an issuer's clock may be a minute ahead", payload("iat", now.Unix()+60))
	c.accept("accepted-valid-from-now", "the issuer's entry begins at the reference time", listed("valid_from", now))
	c.accept("accepted-valid-until-next", "a second before the issuer's entry ends", listed("valid_until", now.Add(time.Second)))

	c.reject("exp-zero", "exp is 1970", payload("exp", 0), reason.Expired)
	c.reject("exp-tiny", "exp is a number next to zero", payload("exp", number("1e-400")), reason.Expired)
	c.reject("iat-ahead", "issued more than a minute from now", payload("iat", now.Unix()+61), reason.NotYetValid)
	for name, value := range map[string]any{
		"exp-negative": -1, "exp-true": true, "exp-null": nil, "exp-text": "1900000000", "exp-array": []any{1900000000},
		"exp-huge": number("1e400"), "exp-milliseconds": now.UnixMilli(), "nbf-text": "0", "nbf-null": nil, "iat-true": true, "iat-negative": number("-0.5"),
	} {
		c.reject(name, "a date that is none is not no date", payload(name[:3], value), reason.Malformed)
	}
	c.reject("issuer-begins-later", "the issuer's entry begins a second from now", listed("valid_from", now.Add(time.Second)), reason.IssuerNotValid)
	c.reject("issuer-ends-now", "the issuer's entry ends at the reference time", listed("valid_until", now), reason.IssuerNotValid)
	c.reject("key-revoked-now", "the issuer's key is revoked from the reference time on", func(s *stage) {
		s.trust = entry("revoked_keys", []any{map[string]any{"kid": "1", "from": rfc3339(now)}})
		s.noList = true
	}, reason.KeyRevoked)
	c.accept("accepted-key-revoked-next", "the issuer's key is revoked from a second later on", func(s *stage) {
		s.trust = entry("revoked_keys", []any{map[string]any{"kid": "1", "from": rfc3339(now.Add(time.Second))}})
	})
	c.reject("too-old-undated", "a policy that wants an age, and no iat", func(s *stage) {
		s.issue = []IssueOption{Without("iat")}
		s.policy = `{"credentials":[{"id":"citizen","max_age_s":4294967295}]}`
	}, reason.TooOld)
	c.accept("accepted-age", "as old as the policy allows", func(s *stage) {
		s.policy = `{"credentials":[{"id":"citizen","max_age_s":3600}]}`
	})
	c.unsure("trust-from-later", "a trust list that was issued a second from now", func(s *stage) {
		s.now = later(-time.Second)
	}, reason.TrustStale)
}

// proofs are the rules on key binding (RFC 9901 §4.3 and §7.3) and on an audience of
// the credential's own.
func (c sdjwtCollection) proofs() {
	now := Epoch.Add(time.Hour)
	kb := func(name string, value any) func(*stage) {
		return func(s *stage) { s.present = append(s.present, KB(name, value)) }
	}
	fresh := func(s *stage) { s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience, WindowS: 60} }
	made := func(d time.Duration) func(*stage) {
		return func(s *stage) { fresh(s); s.present = append(s.present, MadeAt(now.Add(d))) }
	}
	audience := func(value any) func(*stage) {
		return func(s *stage) { s.issue = []IssueOption{With("aud", value)} }
	}

	c.accept("accepted-fresh-oldest", "made exactly a window ago", made(-time.Minute))
	c.accept("accepted-fresh-newest", "made exactly a window ahead", made(time.Minute))
	c.accept("accepted-own-audience", "a credential that is for this verifier among others", audience([]any{"https://other.example", caseAudience}))
	c.accept("accepted-bearer-bound", "no proof wanted, and a good one there", func(s *stage) { s.binding = cases.Binding{Kind: "bearer"} })

	c.reject("kb-window-ahead", "made more than a window ahead", made(time.Minute+time.Second), reason.PresentationNotFresh)
	c.reject("kb-fresh-no-nonce", "no nonce, which RFC 9901 wants also where nobody asked", func(s *stage) { fresh(s); kb("nonce", nil)(s) }, reason.HolderBindingMismatch)
	c.reject("kb-iat-text", "a time of the proof in words", kb("iat", "now"), reason.HolderBindingMismatch)
	c.reject("kb-nonce-number", "a nonce that is a number", kb("nonce", 5), reason.NonceMismatch)
	c.reject("kb-no-audience", "made for nobody", kb("aud", nil), reason.AudienceMismatch)
	c.reject("kb-audience-slash", "an audience with a slash behind is another", kb("aud", caseAudience+"/"), reason.AudienceMismatch)
	c.reject("kb-expired", "a proof whose own exp is the reference time", kb("exp", now.Unix()), reason.PresentationNotFresh)
	c.reject("kb-for-later", "a proof whose own nbf lies ahead", kb("nbf", now.Unix()+61), reason.PresentationNotFresh)
	c.reject("kb-alg-none", "the key-binding JWT's header says alg none", func(s *stage) { s.token = part(-1, 0, replace("ES256", "none")) }, reason.AlgorithmRefused)
	c.reject("kb-crit", "the key-binding JWT has a critical header that nobody here understands", func(s *stage) {
		s.present = append(s.present, KBHeader("crit", []string{"x"}), KBHeader("x", 1))
	}, reason.Malformed)
	c.reject("kb-no-signature", "no signature of the holder's", func(s *stage) { s.token = part(-1, 2, func([]byte) []byte { return nil }) }, reason.HolderBindingMismatch)
	c.reject("kb-everything-wrong", "another's signature over wrong answers: only that is told", func(s *stage) {
		s.held = s.registry.Issue(s.world.AddWallet(), s.claims)
		s.present = []PresentOption{To("https://other.example"), Nonce("other"), KB("iat", nil), Disclose("full_name")}
	}, reason.HolderBindingMismatch)
	c.reject("kb-wrong-answers", "the holder's signature over wrong answers: each is told", func(s *stage) {
		s.present = []PresentOption{To("https://other.example"), Nonce("other"), Disclose("full_name")}
	}, reason.AudienceMismatch, reason.NonceMismatch)
	c.reject("kb-jwk-in-header", "another wallet's signature, with its key in the header", func(s *stage) {
		other := s.world.AddWallet()
		s.held = s.registry.Issue(other, s.claims)
		s.present = append(s.present, KBHeader("jwk", s.wallet.key.jwkMap("")))
	}, reason.HolderBindingMismatch)
	c.reject("cnf-two-keys", "bound to a key, and to another one somewhere else", func(s *stage) {
		s.issue = []IssueOption{With("cnf", map[string]any{"jwk": s.wallet.key.jwkMap(""), "jku": "https://keys.example"})}
	}, reason.Malformed)
	c.reject("cnf-kid", "bound to a key that only its name tells", func(s *stage) {
		s.issue = []IssueOption{With("cnf", map[string]any{"kid": "1"})}
	}, reason.HolderBindingMissing)
	c.reject("cnf-text", "a confirmation claim that is no object", func(s *stage) { s.issue = []IssueOption{With("cnf", "key")} }, reason.Malformed)
	c.reject("cnf-for-encryption", "a holder key that is not for signatures", func(s *stage) {
		key := s.wallet.key.jwkMap("")
		key["use"] = "enc"
		s.issue = []IssueOption{With("cnf", map[string]any{"jwk": key})}
	}, reason.HolderBindingMissing)
	c.reject("session", "a session of ISO 18013-5, which an SD-JWT cannot answer", func(s *stage) {
		s.binding = cases.Binding{Kind: "session", Transcript: "83f6f6f6"}
	}, reason.HolderBindingMissing)
	c.reject("own-audience-other", "a credential that is for another verifier", audience("https://other.example"), reason.AudienceMismatch)
	c.reject("own-audience-nobody", "a credential that is for nobody", audience([]any{}), reason.AudienceMismatch)
	c.reject("own-audience-bearer", "a credential that is for somebody, where nobody said who is asking", func(s *stage) {
		s.bearer()
		audience(caseAudience)(s)
	}, reason.AudienceMismatch)
	c.reject("proof-required-and-unsure", "a proof that the policy wants is missed also where the status is unknown", func(s *stage) {
		s.bearer()
		s.noList = true
		s.policy = `{"holder":{"proof_required":true}}`
	}, reason.HolderBindingMissing, reason.StatusUnavailable)
}
