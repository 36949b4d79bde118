package verifytest

import (
	"bytes"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/base45"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

type cwtCollection struct{ casesOf[*cwtStage] }

// cwtCases are CBOR web tokens in codes: what is accepted, then one cause each.
func cwtCases(c *collection) {
	all := cwtCollection{casesOf[*cwtStage]{c, newCWTStage, (*cwtStage).play}}
	all.accepted()
	all.signers()
	all.messages()
	all.claimsSets()
	all.wrappings()
	all.judged()
}

func (c cwtCollection) accepted() {
	c.accept("accepted-identity", "claim 169 with a portrait, its status list as CWT", func(s *cwtStage) {
		s.want = map[string]any{"identity-data": map[string]any{
			"id": "11223344556", "fullName": "Pema Example", "dateOfBirth": "19900101", "gender": 2, "nationality": "BT",
			"photo": map[string]any{"data": "_9j_", "mediaType": "image/jpeg"}, "photoFormat": 1,
		}}
	})
	c.accept("accepted-status-jwt", "its status list as JWT", func(s *cwtStage) { s.jwt = true })
	c.accept("accepted-face", "a portrait among the biometric samples", func(s *cwtStage) {
		s.claims = map[any]any{169: map[any]any{4: "Pema Example", 62: []any{map[any]any{0: []byte{1}, 1: 0, 2: 4}}}}
		s.want = map[string]any{"identity-data": map[string]any{"fullName": "Pema Example", "face": []any{
			map[string]any{"data": "AQ", "format": 0, "subFormat": 4, "mediaType": "image/webp"},
		}}}
	})
	c.accept("accepted-untagged", "a COSE_Sign1 without its tag", func(s *cwtStage) { s.bytes = untagged })
	c.accept("accepted-cwt-tag", "the tag of a CWT before that of COSE_Sign1", func(s *cwtStage) {
		s.bytes = func(b []byte) []byte { return append([]byte{0xd8, 61}, b...) }
	})
	c.accept("accepted-no-kid", "a token that names no key, and an issuer with one", func(s *cwtStage) { s.issued(CWTHeader(4, nil)) })
	c.accept("accepted-open-kid", "the kid in the header that is not protected", func(s *cwtStage) {
		s.issued(CWTHeader(4, nil))
		s.issued(func(c *cwtIssue) { c.message.Unprotected[4] = []byte("1") })
	})
	c.accept("accepted-kid-bytes", "a kid of bytes, which the trust list calls by its base64url", func(s *cwtStage) {
		s.issued(CWTHeader(4, []byte{0xfb, 0xff}))
		s.trust = entry("jwks", map[string]any{"keys": []any{s.issuer.key.jwkMap("1"), s.issuer.key.jwkMap("-_8")}})
	})
	c.accept("accepted-typ", "its own type in the header", func(s *cwtStage) { s.issued(CWTHeader(16, "application/cwt")) })
	c.accept("accepted-health", "a health certificate, found by its certificate", func(s *cwtStage) { s.health() })
	c.accept("accepted-typed", "a credential with vct, bound to a holder who need not prove it", (*cwtStage).typed)
	c.accept("accepted-policy", "the policy's type and claim are there", func(s *cwtStage) {
		s.policy = `{"id":"counter","version":1,"credentials":[{"id":"card","types":["identity-data"],"required_claims":[["identity-data","fullName"]]}]}`
	})
	c.accept("accepted-fraction", "an exp with a fraction of a second", func(s *cwtStage) { s.claim(4, float64(Epoch.Unix()+7200)+0.5) })
	c.accept("accepted-unknown-claims", "claims and attributes that nobody named", func(s *cwtStage) {
		s.claim(-70001, true)
		s.claim("custom", []any{1, "a"})
		s.attribute(45, 7)
		s.want = map[string]any{"-70001": true, "custom": []any{1, "a"}}
	})
}

func (c cwtCollection) signers() {
	flipAt := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[(len(b)+at)%len(b)] ^= 1; return b }
	}
	c.reject("signature-flipped", "a bit of the signature is another", func(s *cwtStage) { s.bytes = flipAt(-1) }, reason.SignatureInvalid)
	c.reject("name-changed", "a letter of the name is another", func(s *cwtStage) { s.bytes = swapped("Pema", "Sona") }, reason.SignatureInvalid)
	c.reject("portrait-changed", "a byte of the portrait is another", func(s *cwtStage) { s.bytes = swapped("\xff\xd8\xff", "\xff\xd8\xfe") }, reason.SignatureInvalid)
	c.reject("no-signature", "an empty signature", func(s *cwtStage) {
		s.bytes = func(b []byte) []byte { return append(b[:len(b)-66], 0x40) }
	}, reason.SignatureMissing)
	c.reject("signature-short", "a signature that lacks a byte", func(s *cwtStage) {
		s.bytes = func(b []byte) []byte { b[len(b)-65] = 63; return b[:len(b)-1] }
	}, reason.SignatureInvalid)
	c.reject("signature-der", "a signature in ASN.1", func(s *cwtStage) {
		s.bytes = func(b []byte) []byte {
			der := append([]byte{0x30, 68, 2, 32}, b[len(b)-64:len(b)-32]...)
			der = append(append(der, 2, 32), b[len(b)-32:]...)
			return append(append(b[:len(b)-66], 0x58, byte(len(der))), der...)
		}
	}, reason.SignatureInvalid)
	c.reject("stranger", "an issuer that the trust list does not name", func(s *cwtStage) { s.claim(1, "https://stranger.example") }, reason.IssuerUnknown)
	c.reject("no-issuer", "no iss and no certificate", func(s *cwtStage) { s.claim(1, nil) }, reason.IssuerUnknown)
	c.reject("issuer-case", "the issuer's name in other letters", func(s *cwtStage) { s.claim(1, strings.ToUpper(caseIssuer)) }, reason.IssuerUnknown)
	c.reject("impersonated", "another issuer signed in the issuer's name", func(s *cwtStage) { s.signedBy(cwtOther()) }, reason.SignatureInvalid)
	c.reject("key-unknown", "a kid that the issuer does not have", func(s *cwtStage) { s.issued(CWTHeader(4, []byte("2"))) }, reason.KeyUnknown)
	c.reject("key-revoked", "the key was revoked before", func(s *cwtStage) {
		s.trust = entry("revoked_keys", []any{map[string]any{"kid": "1", "from": Epoch.Format(time.RFC3339)}})
		s.noList = true
	}, reason.KeyRevoked)
	c.reject("issuer-ended", "the issuer's entry ended before", func(s *cwtStage) { s.trust = entry("valid_until", Epoch.Format(time.RFC3339)) }, reason.IssuerNotValid)
	c.reject("not-for-type", "the issuer may not issue identities", func(s *cwtStage) { s.trust = entry("types", []string{"hcert"}) }, reason.IssuerNotForType)
	c.reject("no-type", "a token of no type, from an issuer of one", func(s *cwtStage) { s.claims = map[any]any{"full_name": "Pema Example"} }, reason.IssuerNotForType)
	c.reject("two-types", "an identity that is also something the issuer may not issue", func(s *cwtStage) { s.claim(11, caseType) }, reason.IssuerNotForType)
	c.reject("alg-unknown", "an algorithm of nobody's", func(s *cwtStage) { s.issued(CWTHeader(1, -65000)) }, reason.AlgorithmRefused)
	c.reject("alg-text", "the name that JOSE gives the algorithm, as text", func(s *cwtStage) { s.issued(CWTHeader(1, "ES256")) }, reason.AlgorithmRefused)
	c.reject("alg-mac", "the algorithm of a MAC", func(s *cwtStage) { s.issued(CWTHeader(1, 5)) }, reason.AlgorithmRefused)
	c.reject("alg-other-curve", "an algorithm of another curve", func(s *cwtStage) { s.issued(CWTHeader(1, -35)) }, reason.AlgorithmRefused)
	c.reject("alg-of-no-policy", "an algorithm that the policy does not take", func(s *cwtStage) {
		s.policy = `{"id":"counter","version":1,"algorithms":["EdDSA"]}`
	}, reason.AlgorithmRefused)
	c.reject("health-other-certificate", "another certificate of the country in the trust list", func(s *cwtStage) {
		s.health()
		s.issued(CWTHeader(4, []byte("01234567")))
	}, reason.KeyUnknown)
	c.reject("health-short-kid", "seven bytes of the certificate's digest", func(s *cwtStage) { s.kid(s.health(), 7) }, reason.KeyUnknown)
	c.reject("health-long-kid", "nine bytes of the certificate's digest", func(s *cwtStage) { s.kid(s.health(), 9) }, reason.KeyUnknown)
	c.reject("health-impersonated", "another key under the certificate's digest", func(s *cwtStage) {
		s.health()
		s.signedBy(cwtOther())
	}, reason.SignatureInvalid)
	c.reject("health-certificate-ended", "the certificate ended before", func(s *cwtStage) {
		s.health()
		s.claim(4, Epoch.AddDate(5, 0, 0).Unix())
		s.now = func(time.Time) time.Time { return Epoch.AddDate(1, 0, 1) }
		more := s.trust
		s.trust = func(list map[string]any) {
			more(list)
			list["expires"] = Epoch.AddDate(2, 0, 0).Format(time.RFC3339)
		}
	}, reason.KeyUnknown)
	c.reject("health-as-identity", "a country that may issue health certificates issues an identity", func(s *cwtStage) {
		s.health()
		s.claim(-260, nil)
		s.claim(169, map[any]any{4: "Pema Example"})
	}, reason.IssuerNotForType)
}

func (c cwtCollection) messages() {
	malformed := func(name, comment string, change func(*cwtStage)) { c.reject(name, comment, change, reason.Malformed) }
	unsupported := func(name, comment string, change func(*cwtStage)) {
		c.reject(name, comment, change, reason.FormatUnsupported)
	}
	message := func(v any) func(*cwtStage) {
		return func(s *cwtStage) { s.bytes = func([]byte) []byte { return must(strictcbor.Marshal(v)) } }
	}
	header := func(label int, v any) func(*cwtStage) { return func(s *cwtStage) { s.issued(CWTHeader(label, v)) } }
	open := func(label any, v any) func(*cwtStage) {
		return func(s *cwtStage) { s.issued(func(c *cwtIssue) { c.message.Unprotected[label] = v }) }
	}
	tagged := func(n uint64, parts ...any) strictcbor.Tag { return strictcbor.Tag{Number: n, Content: parts} }

	unsupported("encrypted", "COSE_Encrypt0", message(tagged(16, []byte{}, map[int]any{}, []byte{1})))
	unsupported("encrypted-untagged", "COSE_Encrypt0 without its tag", message([]any{[]byte{}, map[int]any{}, []byte{1}}))
	unsupported("mac", "COSE_Mac0", func(s *cwtStage) {
		s.bytes = func([]byte) []byte { return must(cose.Message{Payload: []byte{0xa0}}.Mac([]byte("secret"))) }
	})
	unsupported("several-signatures", "COSE_Sign", func(s *cwtStage) {
		s.bytes = func([]byte) []byte {
			return must(strictcbor.Marshal(strictcbor.Tag{Number: 61, Content: tagged(98, []byte{})}))
		}
	})
	unsupported("status-list-as-credential", "a status list token in the place of a credential", header(16, "application/statuslist+cwt"))
	unsupported("sd-cwt", "a token with redacted claims", header(16, "application/sd-cwt"))
	malformed("tag-twice", "the tag of COSE_Sign1 twice", func(s *cwtStage) {
		s.bytes = func(b []byte) []byte { return append([]byte{0xd2}, b...) }
	})
	malformed("cwt-tag-alone", "the tag of a CWT and no tag of COSE", func(s *cwtStage) {
		s.bytes = func(b []byte) []byte { return append([]byte{0xd8, 61}, b[1:]...) }
	})
	malformed("three-parts", "an array of four that is not tagged and no message", message([]any{1, 2, 3, 4}))
	malformed("bytes-behind", "a byte behind the message", func(s *cwtStage) { s.bytes = func(b []byte) []byte { return append(b, 0) } })
	malformed("cut", "the message's second half is missing", func(s *cwtStage) { s.bytes = func(b []byte) []byte { return b[:len(b)/2] } })
	malformed("detached", "the payload is somewhere else", func(s *cwtStage) { s.issued(func(c *cwtIssue) { c.message.Detached = true }) })
	malformed("alg-not-protected", "the algorithm in the header that nothing protects", func(s *cwtStage) {
		s.bytes = func([]byte) []byte {
			return must(strictcbor.Marshal(tagged(18, []byte{}, map[int]any{1: -7}, []byte{0xa0}, make([]byte, 64))))
		}
	})
	malformed("kid-in-both", "a kid in both headers", open(int(cose.LabelKeyID), []byte("1")))
	malformed("alg-in-both", "an algorithm in both headers", open(int(cose.LabelAlgorithm), -7))
	malformed("critical-unknown", "an extension that must be understood, and is not", func(s *cwtStage) {
		s.issued(CWTHeader(2, []int{77}))
		s.issued(CWTHeader(77, 1))
	})
	malformed("critical-empty", "a list of no extensions", header(2, []int{}))
	malformed("critical-not-there", "an extension that must be understood, and is missing", header(2, []int{16}))
	malformed("critical-not-protected", "the list of extensions that nothing protects", open(2, []int{16}))
	malformed("kid-of-text", "a kid of text", header(4, "1"))
	malformed("kid-empty", "a kid of no bytes", header(4, []byte{}))
	malformed("typ-of-bytes", "a type of bytes", header(16, []byte("cwt")))
	malformed("header-claims", "claims in the header", header(15, map[int]any{1: caseIssuer}))
	malformed("chain-of-text", "a certificate chain of text", open(int(cose.LabelX5Chain), "certificate"))
	malformed("chain-empty", "a certificate chain of none", open(int(cose.LabelX5Chain), []any{}))
	c.reject("chain-of-nonsense", "a certificate that is none", open(int(cose.LabelX5Chain), []byte{1, 2, 3}), reason.CertificateRefused)
	c.reject("chain-too-long", "more certificates than any chain has", open(int(cose.LabelX5Chain), []any{
		[]byte{1}, []byte{2}, []byte{3}, []byte{4}, []byte{5}, []byte{6},
	}), reason.TooLarge)
	c.reject("header-too-long", "a header longer than any", open("x", bytes.Repeat([]byte{1}, limits.JOSEHeader)), reason.TooLarge)
}

func (c cwtCollection) claimsSets() {
	malformed := func(name, comment string, change func(*cwtStage)) { c.reject(name, comment, change, reason.Malformed) }
	claim := func(name, v any) func(*cwtStage) { return func(s *cwtStage) { s.claim(name, v) } }
	set := func(data string) func(*cwtStage) { return func(s *cwtStage) { s.payload([]byte(data)) } }
	key := strictcbor.RawMessage(must(cose.MarshalKey(deriveKey("holder").public(""), nil)))

	malformed("payload-array", "claims in an array", set("\x80"))
	malformed("payload-json", "claims in JSON", set(`{"iss":"`+caseIssuer+`"}`))
	malformed("payload-tagged", "claims in a tag", set("\xd8\x3d\xa0"))
	malformed("payload-more", "something behind the claims", set("\xa0\x00"))
	malformed("claim-twice", "a claim that is there twice", set("\xa2\x04\x01\x04\x02"))
	malformed("claim-twice-longer", "a claim that is there twice, once with more bytes", set("\xa2\x04\x01\x18\x04\x02"))
	malformed("claim-by-bytes", "a claim called by bytes", set("\xa1\x41\x00\x00"))
	malformed("text-not-utf8", "a text that is no UTF-8", set("\xa1\x01\x61\xff"))
	malformed("name-and-number", "iss by its name beside its number", claim("iss", caseIssuer))
	malformed("number-as-text", "exp by its number as text", claim("4", 1))
	malformed("iss-number", "an issuer that is a number", claim(1, 7))
	malformed("exp-tagged", "exp in a tag, which CWT forbids", claim(4, strictcbor.Tag{Number: 1, Content: Epoch.Unix()}))
	malformed("exp-text", "exp as text", claim(4, "2030-01-01T00:00:00Z"))
	malformed("exp-null", "exp that is null", func(s *cwtStage) { s.claims[4] = strictcbor.RawMessage{0xf6} })
	malformed("exp-milliseconds", "exp in milliseconds", claim(4, Epoch.UnixMilli()))
	malformed("exp-infinite", "exp that is infinite", claim(4, strictcbor.RawMessage{0xf9, 0x7c, 0}))
	malformed("nbf-negative", "nbf before 1970", claim(5, -1))
	malformed("vct-empty", "a type of no letters", claim(11, ""))
	malformed("status-array", "a status that is no map", claim(65535, []any{}))
	malformed("status-without-index", "a status without an index", claim(65535, map[string]any{"status_list": map[string]any{"uri": "https://x.example"}}))
	malformed("cnf-two", "a confirmation with a key and a name", claim(8, map[any]any{1: key, 3: []byte{1}}))
	malformed("identity-text", "claim 169 that is a text", claim(169, "Pema Example"))
	malformed("identity-name-twice", "an attribute by its number and by its name", func(s *cwtStage) { s.attribute("fullName", "Sonam Example") })
	malformed("portrait-number", "a portrait that is a number", func(s *cwtStage) { s.attribute(16, 5) })
	malformed("health-array", "claim -260 that is no map", claim(-260, []any{}))
	c.reject("too-deep", "arrays in arrays beyond any token", set("\xa1\x10"+strings.Repeat("\x81", limits.JSONDepth)+"\x80"), reason.TooLarge)
	c.reject("too-many", "more values than any token has", claim(100, make([]int, limits.JSONValues)), reason.TooLarge)
}

func (c cwtCollection) wrappings() {
	text := func(change func(string) string) func(*cwtStage) { return func(s *cwtStage) { s.code = change } }
	c.reject("code-cut", "the code's last three characters are missing", text(func(t string) string { return t[:len(t)-3] }), reason.Malformed)
	c.reject("code-changed", "a character in the middle of the code is another", text(func(t string) string {
		b := []byte(t)
		b[len(b)/2] = map[bool]byte{true: 'A', false: 'B'}[b[len(b)/2] != 'A']
		return string(b)
	}), reason.Malformed)
	c.reject("code-line-end", "a line end behind the code", text(func(t string) string { return t + "\n" }), reason.FormatUnsupported)
	c.reject("code-lower-case", "the code in small letters", text(strings.ToLower), reason.FormatUnsupported)
	c.reject("code-bomb", "a code that unfolds beyond any credential", func(s *cwtStage) {
		s.bytes = func([]byte) []byte { return make([]byte, limits.Decompressed+1) }
	}, reason.TooLarge)
	c.reject("health-not-packed", "a health certificate that is not compressed", func(s *cwtStage) {
		s.health()
		s.wrap = func(h *HeldCWT) string { return "HC1:" + string(base45.Encode(h.token)) }
	}, reason.Malformed)
	c.reject("health-cut", "a health certificate without its end", func(s *cwtStage) {
		s.health()
		s.code = func(t string) string { return t[:len(t)/2] }
	}, reason.Malformed)
	c.reject("health-of-json", "a health certificate's code that holds JSON", func(s *cwtStage) {
		s.health()
		s.bytes = func([]byte) []byte { return []byte(`{"a":1}`) }
	}, reason.Malformed)
	c.reject("cbor-map", "a CBOR map that nobody signed", func(s *cwtStage) {
		s.bytes = func([]byte) []byte { return must(strictcbor.Marshal(s.claims)) }
	}, reason.FormatUnsupported)
}

func (c cwtCollection) judged() {
	c.reject("expired", "exp has passed", func(s *cwtStage) { s.claim(4, Epoch.Add(time.Hour).Unix()) }, reason.Expired)
	c.reject("not-yet", "nbf lies ahead", func(s *cwtStage) { s.claim(5, Epoch.Add(time.Hour).Unix()+1) }, reason.NotYetValid)
	c.reject("issued-ahead", "iat lies ahead by more than clocks differ", func(s *cwtStage) { s.claim(6, Epoch.Add(2*time.Hour).Unix()) }, reason.NotYetValid)
	c.reject("audience", "a token that was made for others", func(s *cwtStage) { s.claim(3, "https://other.example") }, reason.AudienceMismatch)
	c.reject("bound", "a challenge, which nothing in a token answers", func(s *cwtStage) { s.answers("bound") }, reason.HolderBindingMissing)
	c.reject("fresh", "a proof wanted within a window", func(s *cwtStage) { s.answers("fresh") }, reason.HolderBindingMissing)
	c.reject("session", "a proof wanted over a session", func(s *cwtStage) { s.answers("session") }, reason.HolderBindingMissing)
	c.reject("bound-cnf", "a challenge to a token with a holder's key", func(s *cwtStage) {
		s.typed()
		s.answers("bound")
	}, reason.HolderBindingMissing)
	c.reject("policy-proof", "a policy that wants a proof", func(s *cwtStage) {
		s.policy = `{"id":"counter","version":1,"holder":{"proof_required":true}}`
	}, reason.HolderBindingMissing)
	c.reject("revoked", "its entry in the list is set", func(s *cwtStage) {
		s.before = func(h *HeldCWT) { s.issuer.Revoke(&h.Held) }
	}, reason.Revoked)
	c.reject("suspended", "its entry in the list says suspended", func(s *cwtStage) {
		s.before = func(h *HeldCWT) { s.issuer.Suspend(&h.Held) }
	}, reason.Suspended)
	c.reject("no-status", "no status, from an issuer that keeps a list", func(s *cwtStage) { s.claim(65535, nil) }, reason.StatusMissing)
	c.unsure("list-missing", "the list is not at hand", func(s *cwtStage) { s.noList = true }, reason.StatusUnavailable)
	c.unsure("list-flipped", "a bit of the list's signature is another", func(s *cwtStage) {
		s.list = func(b []byte) []byte { b[len(b)-1] ^= 1; return b }
	}, reason.StatusListInvalid)
	c.unsure("list-cut", "the list's second half is missing", func(s *cwtStage) {
		s.list = func(b []byte) []byte { return b[:len(b)/2] }
	}, reason.StatusListInvalid)
	c.unsure("list-of-another-type", "the list says that it is a credential", func(s *cwtStage) {
		s.list = func([]byte) []byte {
			return s.issuer.IssueCWT(nil, nil, CWTClaim(2, s.issuer.StatusURI()), CWTHeader(16, "application/cwt")).Bytes()
		}
	}, reason.StatusListInvalid)
	c.unsure("index-outside", "its index lies outside the list", func(s *cwtStage) {
		s.claim(65535, map[string]any{"status_list": map[string]any{"idx": StatusListSize, "uri": s.issuer.StatusURI()}})
	}, reason.StatusListInvalid)
	c.unsure("status-unknown", "a status of a kind that nobody knows", func(s *cwtStage) {
		s.claim(65535, map[string]any{"other_list": map[string]any{"at": "https://x.example"}})
	}, reason.StatusUnavailable)
	c.unsure("list-stale", "the list is older than its ttl", func(s *cwtStage) {
		s.now = func(t time.Time) time.Time { return t.Add(13 * time.Hour) }
	}, reason.StatusStale)
	c.reject("claim-missing", "a claim that the policy needs is not there", func(s *cwtStage) {
		s.policy = `{"id":"counter","version":1,"credentials":[{"id":"card","types":["identity-data"],"required_claims":[["identity-data","email"]]}]}`
	}, reason.ClaimMissing)
	c.reject("policy-other-type", "the policy asks for health certificates", func(s *cwtStage) {
		s.policy = `{"id":"border","version":1,"credentials":[{"id":"health","types":["hcert"]}]}`
	}, reason.QueryNotSatisfied)
}
