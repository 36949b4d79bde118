package verifytest

import (
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// keys are the rules on who signed and with what (RFC 9901 §7.1 step 2, RFC 7515),
// apart from certificates.
func (c sdjwtCollection) keys() {
	stranger := func(s *stage, opts ...IssueOption) {
		s.held = s.world.NewStranger("https://stranger.example", caseType).Issue(s.wallet, s.claims, opts...)
	}
	header := func(name string, value any) func(*stage) {
		return func(s *stage) { s.issue = []IssueOption{Header(name, value)} }
	}

	c.accept("accepted-no-kid", "no key is named, and the issuer has one that fits", header("kid", nil))
	c.accept("accepted-two-keys", "no key is named, and the second of the issuer's keys signed", func(s *stage) {
		s.issue = []IssueOption{Header("kid", nil)}
		s.trust = func(list map[string]any) {
			jwks := list["issuers"].([]any)[0].(map[string]any)["jwks"].(map[string]any)
			jwks["keys"] = append([]any{deriveKey("another").jwkMap("0")}, jwks["keys"].([]any)...)
		}
	})

	c.reject("signature-none", "no signature at all under an algorithm that has one", func(s *stage) {
		s.token = part(0, 2, func([]byte) []byte { return nil })
	}, reason.SignatureMissing)
	c.reject("signature-zero", "a signature of zeros", func(s *stage) { s.token = part(0, 2, func(raw []byte) []byte { clear(raw); return raw }) }, reason.SignatureInvalid)
	c.reject("signature-longer", "a byte behind the signature", func(s *stage) { s.token = part(0, 2, func(raw []byte) []byte { return append(raw, 0) }) }, reason.SignatureInvalid)
	c.reject("alg-rsa", "RSA, which no policy asked for", func(s *stage) { s.token = part(0, 0, replace("ES256", "RS256")) }, reason.AlgorithmRefused)
	c.reject("alg-lower-case", "an algorithm's name in lower case is no algorithm", func(s *stage) { s.token = part(0, 0, replace("ES256", "es256")) }, reason.AlgorithmRefused)
	c.reject("alg-missing", "a header that names no algorithm", func(s *stage) { s.token = part(0, 0, replace(`"alg"`, `"alt"`)) }, reason.Malformed)
	c.reject("alg-not-by-policy", "an algorithm that the policy does not name", func(s *stage) { s.policy = `{"algorithms":["ES384"]}` }, reason.AlgorithmRefused)
	c.reject("alg-eddsa", "EdDSA, and the issuer's key is on P-256", header("alg", "EdDSA"), reason.AlgorithmRefused)

	c.reject("kid-of-another-issuer", "a key that another issuer of the trust list has", func(s *stage) {
		other := s.world.AddIssuer("https://other.example", "https://other.example/card")
		s.trust = func(list map[string]any) {
			for _, e := range list["issuers"].([]any) {
				if e := e.(map[string]any); e["id"] == other.id {
					e["jwks"] = map[string]any{"keys": []any{other.key.jwkMap("other-1")}}
				}
			}
		}
		s.held = other.Issue(s.wallet, s.claims, With("iss", caseIssuer), With("vct", caseType), Header("kid", "other-1"))
		s.noList = true
	}, reason.KeyUnknown)
	c.reject("kid-with-white-space", "a key's name is compared byte for byte", header("kid", "1 "), reason.KeyUnknown)
	c.reject("kid-not-text", "a key's name that is a number", header("kid", 1), reason.Malformed)
	c.reject("kid-revoked-under-another-name", "the same key under a second name, of which the first is revoked", func(s *stage) {
		s.issue = []IssueOption{Header("kid", "alias")}
		s.trust = func(list map[string]any) {
			e := list["issuers"].([]any)[0].(map[string]any)
			e["jwks"] = map[string]any{"keys": []any{s.registry.key.jwkMap("1"), s.registry.key.jwkMap("alias")}}
			e["revoked_keys"] = []any{map[string]any{"kid": "1", "from": rfc3339(Epoch)}}
		}
		s.noList = true
	}, reason.KeyRevoked)
	c.reject("jwk-in-header", "a stranger signed and brings its own key along", func(s *stage) {
		key := deriveKey(s.world.name + "/issuer/https://stranger.example")
		stranger(s, With("iss", caseIssuer), Header("kid", nil), Header("jwk", key.jwkMap("")))
	}, reason.SignatureInvalid)
	c.reject("jku-in-header", "a stranger signed and says where its key is", func(s *stage) {
		stranger(s, With("iss", caseIssuer), Header("jku", "https://stranger.example/jwks"))
	}, reason.SignatureInvalid)
	c.reject("holder-as-issuer", "the holder signed what it says of itself, with the key of its cnf", func(s *stage) {
		self := &Issuer{world: s.world, id: caseIssuer, vct: caseType, statusURI: s.registry.statusURI, statuses: s.registry.statuses, key: s.wallet.key}
		s.held = self.Issue(s.wallet, s.claims)
	}, reason.SignatureInvalid)

	for name, id := range map[string]string{
		"issuer-slash":       caseIssuer + "/",
		"issuer-upper-case":  "https://Registry.example",
		"issuer-look-alike":  "https://regıstry.example", // a dotless i
		"issuer-nul":         caseIssuer + "\x00",
		"issuer-white-space": " " + caseIssuer,
	} {
		c.reject(name, "an issuer's name that only looks like the one in the trust list", func(s *stage) { s.issue = []IssueOption{With("iss", id)} }, reason.IssuerUnknown)
	}
	c.reject("issuer-not-text", "an issuer that is a list of names", func(s *stage) { s.issue = []IssueOption{With("iss", []any{caseIssuer})} }, reason.Malformed)
	c.reject("issuer-without-types", "an entry that permits no type at all", func(s *stage) { s.trust = entry("types", []string{}) }, reason.IssuerNotForType)
	c.reject("type-star", "a credential that calls its type *", func(s *stage) { s.issue = []IssueOption{With("vct", "*")} }, reason.IssuerNotForType)

	c.reject("b64", "a payload that is announced as not encoded", header("b64", false), reason.Malformed)
	c.reject("typ-of-proof", "a key-binding JWT in the issuer's place", func(s *stage) {
		s.issue = []IssueOption{Without("vct"), Header("typ", "kb+jwt")}
	}, reason.FormatUnsupported)
	c.reject("typ-of-status-list", "a status list in the issuer's place", func(s *stage) {
		s.issue = []IssueOption{Without("vct"), Header("typ", "application/StatusList+JWT")}
	}, reason.FormatUnsupported)
	c.reject("typ-of-jwt-credential", "a W3C credential as JWT, with a tilde behind it", func(s *stage) {
		s.trust = entry("types", []string{"*"})
		s.issue = []IssueOption{Without("vct"), Header("typ", "vc+jwt")}
	}, reason.FormatUnsupported)
	c.reject("vc-in-payload", "a credential of VC-JWT 1.1, with a tilde behind it", func(s *stage) {
		s.trust = entry("types", []string{"*"})
		s.issue = []IssueOption{Without("vct"), Header("typ", "JWT"), With("vc", map[string]any{"type": []string{"VerifiableCredential"}})}
	}, reason.FormatUnsupported)
	c.reject("header-too-long", "a header longer than any", func(s *stage) {
		s.issue = []IssueOption{Header("pad", string(make([]byte, limits.JOSEHeader)))}
	}, reason.TooLarge)
}
