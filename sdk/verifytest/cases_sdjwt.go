package verifytest

import (
	"bytes"
	"encoding/base64"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// sdjwtCases are the cases of SD-JWT: what is accepted, so that a verifier that
// refuses everything fails too, and then one cause each.
//
// What has many variants is in files of its own: disclosures, keys and
// certificates, dates and proofs, status lists.
func sdjwtCases(c *collection) {
	all := sdjwtCollection{casesOf[*stage]{c, newStage, (*stage).play}}
	accept, reject, unsure := all.accept, all.reject, all.unsure

	accept("accepted-bound", "answers the challenge, everything at hand", func(*stage) {})
	accept("accepted-fresh", "no challenge, proof made within the window", func(s *stage) {
		s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience, WindowS: 60}
	})
	accept("accepted-bearer", "no proof of possession, and none wanted", func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.present = []PresentOption{Disclose("full_name")}
	})
	accept("accepted-policy", "the policy's type and claim are there", func(s *stage) {
		s.policy = `{"id":"counter","version":1,"credentials":[{"id":"citizen","types":["` + caseType + `"],"required_claims":[["full_name"]]}],"holder":{"proof_required":true,"same_key":true}}`
	})

	// The issuer's signature, and whose it is.
	reject("signature-flipped", "a bit of the issuer's signature is another", func(s *stage) { s.token = part(0, 2, flip) }, reason.SignatureInvalid)
	reject("payload-changed", "a date in the payload is another", func(s *stage) { s.token = part(0, 1, replace(`"exp":1`, `"exp":2`)) }, reason.SignatureInvalid)
	reject("alg-none", "the issuer's header says alg none", func(s *stage) { s.token = part(0, 0, replace("ES256", "none")) }, reason.AlgorithmRefused)
	reject("alg-hmac", "the issuer's header says HS256, with the public key as secret", func(s *stage) { s.token = part(0, 0, replace("ES256", "HS256")) }, reason.AlgorithmRefused)
	reject("alg-other", "the issuer's header says ES384, and its key is on P-256", func(s *stage) { s.token = part(0, 0, replace("ES256", "ES384")) }, reason.AlgorithmRefused)
	reject("issuer-unknown", "the trust list does not name the issuer", func(s *stage) {
		s.held = s.world.NewStranger("https://stranger.example", caseType).Issue(s.wallet, s.claims)
	}, reason.IssuerUnknown)
	reject("issuer-impersonated", "another issuer signed in the issuer's name", func(s *stage) {
		s.held = s.world.NewStranger("https://stranger.example", caseType).Issue(s.wallet, s.claims, With("iss", caseIssuer))
	}, reason.SignatureInvalid)
	reject("issuer-not-for-type", "the issuer may not issue this type", func(s *stage) { s.trust = entry("types", []string{"https://registry.example/other"}) }, reason.IssuerNotForType)
	reject("issuer-withdrawn", "the issuer's entry ended before the reference time", func(s *stage) { s.trust = entry("valid_until", Epoch.Format(time.RFC3339)) }, reason.IssuerNotValid)
	reject("key-unknown", "the header names a key that the issuer does not have", func(s *stage) { s.issue = []IssueOption{Header("kid", "2")} }, reason.KeyUnknown)
	reject("key-revoked", "the trust list revokes the issuer's key from a time before", func(s *stage) {
		s.trust = entry("revoked_keys", []any{map[string]any{"kid": "1", "from": Epoch.Format(time.RFC3339)}})
		s.noList = true // the list is signed with the same key
	}, reason.KeyRevoked)

	// The form.
	reject("no-typ", "a vct without the typ it needs", func(s *stage) { s.issue = []IssueOption{Header("typ", nil)} }, reason.Malformed)
	reject("no-vct", "the typ of an SD-JWT VC without a vct", func(s *stage) { s.issue = []IssueOption{Without("vct")} }, reason.Malformed)
	reject("torn", "the second half is missing", func(s *stage) { s.token = func(t []byte) []byte { return t[:len(t)/2] } }, reason.Malformed)
	reject("request", "the wallet's own request link", func(s *stage) {
		s.token = func([]byte) []byte { return []byte("openid4vp://authorize?request_uri=https%3A%2F%2Fbank.example%2Fr") }
	}, reason.IsARequest)
	reject("iss-disclosed", "iss hidden in a disclosure, which SD-JWT VC forbids", func(s *stage) {
		s.claims["iss"] = caseIssuer
		s.issue = []IssueOption{Without("iss")}
		s.present = append(s.present, Disclose("full_name", "iss"))
	}, reason.Malformed)
	reject("iss-missing", "nobody says that they issued it", func(s *stage) { s.issue = []IssueOption{Without("iss")} }, reason.IssuerUnknown)
	reject("exp-disclosed", "exp hidden in a disclosure, which SD-JWT VC forbids", func(s *stage) {
		s.claims["exp"] = Epoch.AddDate(1, 0, 0).Unix()
		s.issue = []IssueOption{Without("exp")}
		s.present = append(s.present, Disclose("full_name", "exp"))
	}, reason.Malformed)
	reject("sd-alg-unknown", "digests by an algorithm nobody knows", func(s *stage) { s.issue = []IssueOption{With("_sd_alg", "md5")} }, reason.Malformed)

	reject("other-format", "a W3C barcode, which this build does not open", func(s *stage) {
		s.token = func([]byte) []byte { return []byte("VC1-R0OR*W3Y33V%K PG88G3A3B60A8G1534KG$") }
	}, reason.FormatUnsupported)
	reject("too-large", "more than any presentation has", func(s *stage) {
		s.token = func(t []byte) []byte { return append(t, bytes.Repeat([]byte{'A'}, limits.Presentation)...) }
	}, reason.TooLarge)
	reject("plain-under-a-type", "a plain SD-JWT, by an issuer that is trusted for one type only", func(s *stage) {
		s.issue = []IssueOption{Without("vct"), Header("typ", "example+sd-jwt")}
	}, reason.IssuerNotForType)
	accept("accepted-plain", "a plain SD-JWT, by an issuer that is trusted for everything", func(s *stage) {
		s.issue = []IssueOption{Without("vct"), Header("typ", nil)}
		s.trust = entry("types", []string{"*"})
	})
	reject("crit", "a critical header that nobody here understands", func(s *stage) { s.issue = []IssueOption{Header("crit", []string{"exp"})} }, reason.Malformed)
	reject("x5c-garbage", "a certificate chain that is none", func(s *stage) { s.issue = []IssueOption{Header("x5c", []string{"AAAA"})} }, reason.CertificateRefused)
	reject("vct-not-text", "a type that is a number", func(s *stage) { s.issue = []IssueOption{With("vct", 7)} }, reason.Malformed)
	reject("exp-not-a-date", "an expiry in words", func(s *stage) { s.issue = []IssueOption{With("exp", "tomorrow")} }, reason.Malformed)
	reject("status-null", "a status that is null is no status", func(s *stage) { s.issue = []IssueOption{With("status", nil)} }, reason.Malformed)
	unsure("status-unknown-form", "a status of a form nobody here knows is not no status", func(s *stage) {
		s.issue = []IssueOption{With("status", map[string]any{"other_list": map[string]any{"place": 1}})}
	}, reason.StatusUnavailable)
	reject("status-index-negative", "an index below zero", func(s *stage) {
		s.issue = []IssueOption{With("status", map[string]any{"status_list": map[string]any{"idx": -1, "uri": caseIssuer + "/status/1"}})}
	}, reason.Malformed)
	reject("cnf-private-key", "a holder key with a private part", func(s *stage) {
		s.issue = []IssueOption{With("cnf", map[string]any{"jwk": map[string]any{"kty": "EC", "crv": "P-256", "d": "AAAA"}})}
	}, reason.HolderBindingMissing)

	// Disclosures.
	reject("disclosure-foreign", "a disclosure that nothing refers to", func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.present = []PresentOption{Disclose("full_name")}
		s.token = addDisclosure(`["c2FsdA","role","director"]`)
	}, reason.ClaimsNotCovered)
	reject("disclosure-altered", "a disclosed value is another, so its digest is too", func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.present = []PresentOption{Disclose("full_name")}
		s.token = func(t []byte) []byte {
			pieces := strings.Split(string(t), "~")
			raw, err := base64.RawURLEncoding.DecodeString(pieces[1])
			if err != nil {
				panic(err)
			}
			pieces[1] = base64.RawURLEncoding.EncodeToString(bytes.Replace(raw, []byte("Pema"), []byte("Dema"), 1))
			return []byte(strings.Join(pieces, "~"))
		}
	}, reason.ClaimsNotCovered)
	reject("disclosure-twice", "one disclosure stands there twice", func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.present = []PresentOption{Disclose("full_name")}
		s.token = func(t []byte) []byte {
			pieces := strings.SplitAfter(string(t), "~")
			return []byte(pieces[0] + pieces[1] + pieces[1])
		}
	}, reason.Malformed)
	reject("disclosure-dropped", "a disclosure is gone, so sd_hash is another", func(s *stage) {
		s.token = func(t []byte) []byte {
			pieces := strings.SplitAfter(string(t), "~")
			return []byte(pieces[0] + pieces[2])
		}
	}, reason.HolderBindingMismatch)

	// Possession.
	reject("kb-missing", "no key-binding JWT where one is wanted", func(s *stage) { s.present = []PresentOption{Disclose("full_name")} }, reason.HolderBindingMissing)
	reject("kb-no-cnf", "the credential is bound to no key", func(s *stage) { s.issue = []IssueOption{Without("cnf")} }, reason.HolderBindingMissing)
	reject("kb-other-key", "another wallet's key signed", func(s *stage) {
		s.held = s.registry.Issue(s.world.AddWallet(), s.claims)
	}, reason.HolderBindingMismatch)
	reject("kb-signature-flipped", "a bit of the holder's signature is another", func(s *stage) { s.token = part(-1, 2, flip) }, reason.HolderBindingMismatch)
	reject("kb-typ", "the key-binding JWT's typ is JWT", func(s *stage) { s.present = append(s.present, KBHeader("typ", "JWT")) }, reason.HolderBindingMismatch)
	reject("kb-no-typ", "the key-binding JWT has no typ", func(s *stage) { s.present = append(s.present, KBHeader("typ", nil)) }, reason.HolderBindingMismatch)
	reject("kb-sd-hash", "sd_hash of something else", func(s *stage) { s.present = append(s.present, KB("sd_hash", digest("x"))) }, reason.HolderBindingMismatch)
	reject("kb-no-sd-hash", "no sd_hash", func(s *stage) { s.present = append(s.present, KB("sd_hash", nil)) }, reason.HolderBindingMismatch)
	reject("kb-no-iat", "no time of the proof", func(s *stage) { s.present = append(s.present, KB("iat", nil)) }, reason.HolderBindingMismatch)
	reject("kb-nonce", "the answer to another challenge", func(s *stage) { s.present = append(s.present, Nonce("other")) }, reason.NonceMismatch)
	reject("kb-no-nonce", "no nonce where one was sent", func(s *stage) { s.present = append(s.present, KB("nonce", nil)) }, reason.NonceMismatch)
	reject("kb-audience", "made for another verifier", func(s *stage) { s.present = append(s.present, To("https://other.example")) }, reason.AudienceMismatch)
	reject("kb-audience-list", "an audience that is a list, which RFC 9901 §4.3 does not allow", func(s *stage) { s.present = append(s.present, KB("aud", []string{caseAudience})) }, reason.AudienceMismatch)
	reject("kb-future", "a proof from the future", func(s *stage) { s.present = append(s.present, MadeAt(Epoch.Add(2*time.Hour))) }, reason.PresentationNotFresh)
	reject("kb-stale", "a proof from before the window", func(s *stage) {
		s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience, WindowS: 60}
		s.present = append(s.present, MadeAt(Epoch.Add(time.Hour-61*time.Second)))
	}, reason.PresentationNotFresh)
	reject("kb-bearer-broken", "no proof wanted, but the one that is there is broken", func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.token = part(-1, 2, flip)
	}, reason.HolderBindingMismatch)

	// Time.
	reject("expired", "the reference time is exp", func(s *stage) { s.issue = []IssueOption{Expires(Epoch.Add(time.Hour))} }, reason.Expired)
	reject("not-yet-valid", "nbf lies ahead", func(s *stage) { s.issue = []IssueOption{NotBefore(Epoch.Add(time.Hour + time.Second))} }, reason.NotYetValid)
	reject("too-old", "older than the policy allows", func(s *stage) {
		s.policy = `{"credentials":[{"id":"citizen","max_age_s":3599}]}`
	}, reason.TooOld)

	// Status.
	reject("revoked", "the list says INVALID", func(s *stage) {
		s.held = s.registry.Issue(s.wallet, s.claims)
		s.registry.Revoke(s.held)
	}, reason.Revoked)
	reject("suspended", "the list says SUSPENDED", func(s *stage) {
		s.held = s.registry.Issue(s.wallet, s.claims)
		s.registry.Suspend(s.held)
	}, reason.Suspended)
	reject("status-application", "the list holds a value whose meaning is the issuer's own", func(s *stage) {
		s.held = s.registry.Issue(s.wallet, s.claims)
		s.registry.SetStatus(s.held, 3)
	}, reason.StatusRefused)
	reject("status-missing", "no status reference where the trust list wants one", func(s *stage) { s.issue = []IssueOption{Without("status")} }, reason.StatusMissing)
	reject("revoked-in-stale-list", "revoked in a list that is stale: both are told, and it rejects", func(s *stage) {
		s.held = s.registry.Issue(s.wallet, s.claims)
		s.registry.Revoke(s.held)
		s.registry.StatusLives(0, time.Minute)
		s.now = later(2 * time.Minute)
		s.binding.Nonce = caseNonce
	}, reason.Revoked, reason.StatusStale)
	unsure("status-unavailable", "no list at hand", func(s *stage) { s.noList = true }, reason.StatusUnavailable)
	unsure("status-expired", "the list's exp has passed", func(s *stage) {
		s.registry.StatusLives(0, time.Minute)
		s.now = later(time.Minute)
	}, reason.StatusStale)
	unsure("status-ttl", "the list is older than its ttl", func(s *stage) {
		s.registry.StatusLives(time.Minute, 0)
		s.now = later(61 * time.Second)
	}, reason.StatusStale)
	unsure("status-policy-age", "the list is older than the policy allows", func(s *stage) {
		s.policy = `{"max_status_age_s":30}`
		s.now = later(31 * time.Second)
	}, reason.StatusStale)
	unsure("status-forged", "a bit of the list's signature is another", func(s *stage) { s.list = part(0, 2, flip) }, reason.StatusListInvalid)
	unsure("status-unsigned", "the list's header says alg none", func(s *stage) { s.list = part(0, 0, replace("ES256", "none")) }, reason.StatusListInvalid)
	unsure("status-other-subject", "a list of another name", func(s *stage) {
		s.issue = []IssueOption{With("status", map[string]any{"status_list": map[string]any{"idx": 0, "uri": caseIssuer + "/status/2"}})}
		s.listURI = caseIssuer + "/status/2"
	}, reason.StatusListInvalid)
	unsure("status-other-signer", "a list by another issuer of the trust list", func(s *stage) {
		other := s.world.AddIssuer("https://other.example", "https://other.example/card")
		s.list = func([]byte) []byte { return other.StatusTokenFor(s.registry.statusURI) }
	}, reason.StatusListInvalid)
	unsure("status-index", "an index behind the end of the list", func(s *stage) {
		s.issue = []IssueOption{With("status", map[string]any{"status_list": map[string]any{"idx": StatusListSize, "uri": caseIssuer + "/status/1"}})}
	}, reason.StatusListInvalid)

	// Trust.
	unsure("trust-missing", "no trust list at hand", func(s *stage) { s.noTrust = true }, reason.TrustStale)
	unsure("trust-expired", "the trust list has expired", func(s *stage) {
		s.world.validity = time.Minute
		s.now = later(time.Minute)
	}, reason.TrustStale)
	unsure("did-document-missing", "the issuer's DID document is not at hand", func(s *stage) {
		did := "did:web:registry.example"
		s.issue = []IssueOption{With("iss", did), Header("kid", did+"#1")}
		s.trust = func(list map[string]any) {
			e := list["issuers"].([]any)[0].(map[string]any)
			e["id"] = did
			delete(e, "jwks")
		}
		s.noList = true
	}, reason.KeyUnknown)

	// Policy.
	reject("type-not-asked", "a type the policy does not ask for", func(s *stage) {
		s.policy = `{"credentials":[{"id":"licence","types":["https://example.org/licence"]}]}`
	}, reason.QueryNotSatisfied)
	reject("claim-missing", "a claim the policy needs was not disclosed", func(s *stage) {
		s.policy = `{"credentials":[{"id":"citizen","required_claims":[["birth_date"]]}]}`
	}, reason.ClaimMissing)
	reject("expired-under-claims", "expired, under a policy that needs a claim: the claim is not missed", func(s *stage) {
		s.issue = []IssueOption{Expires(Epoch.Add(time.Hour))}
		s.policy = `{"credentials":[{"id":"citizen","required_claims":[["full_name"]]}]}`
	}, reason.Expired)
	reject("proof-required", "the policy wants a proof of possession, whatever the caller asks for", func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.present = []PresentOption{Disclose("full_name")}
		s.policy = `{"holder":{"proof_required":true}}`
	}, reason.HolderBindingMissing)

	all.disclosures()
	all.keys()
	all.certificates()
	all.dates()
	all.proofs()
	all.statuses()
	all.hostile()
	all.queries()
	all.denials()
	all.exchanges()
}

// sdjwtCollection gathers cases of SD-JWT.
type sdjwtCollection struct{ casesOf[*stage] }

func later(d time.Duration) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.Add(d) }
}
