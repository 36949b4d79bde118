package verifytest

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/shc"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// cardStage is a case of a SMART Health Card before it is played.
type cardStage struct {
	world    *World
	registry *Issuer
	signer   keyPair
	issue    []IssueOption
	vc       func(map[string]any)
	payload  func([]byte) []byte // before it is compressed
	packed   func([]byte) []byte // afterwards
	token    func([]byte) []byte // the JWS
	text     func([]byte) []byte // the digits
	revoked  []string
	list     func([]byte) []byte
	noList   bool
	trust    func(map[string]any)
	binding  cases.Binding
	policy   string
	now      func(time.Time) time.Time
}

func newCardStage() *cardStage {
	w := NewWorldNamed("cases", Epoch)
	registry := w.AddIssuer(caseIssuer, shc.CardType).Named("Registry", "ཐོ་བཀོད།")
	return &cardStage{
		world: w, registry: registry, signer: registry.key, binding: cases.Binding{Kind: "bearer"},
		trust: func(map[string]any) {},
	}
}

func (s *cardStage) play() scene {
	header, payload := s.registry.healthCard()
	for _, o := range s.issue {
		o(header, payload)
	}
	if s.vc != nil {
		s.vc(payload["vc"].(map[string]any))
	}
	apply := func(change func([]byte) []byte, data []byte) []byte {
		if change == nil {
			return data
		}
		return change(data)
	}
	data := apply(s.packed, deflated(apply(s.payload, mustJSON(payload))))
	token := apply(s.token, s.signer.sign(header, data))
	s.world.Advance(time.Hour)
	made := scene{
		input: apply(s.text, []byte(shc.Numeric(token))), file: "card.txt", now: s.world.Now(), binding: s.binding,
		trust:  changed(s.world.TrustJSON(), together(entry("types", []string{shc.CardType, immunization}), s.trust)),
		claims: map[string]any{"iss": caseIssuer, "vc": map[string]any{"credentialSubject": map[string]any{"fhirVersion": "4.0.1"}}},
	}
	if !s.noList {
		made.status = []statusList{{s.registry.cardListURI(), "crl.jwt", apply(s.list, s.registry.cardList(s.revoked...))}}
	}
	if s.policy != "" {
		made.policy = json.RawMessage(s.policy)
	}
	if s.now != nil {
		made.now = s.now(made.now)
	}
	return made
}

// cardCases are the rules of the SMART Health Cards Framework 1.4, and that a card
// is a bearer document.
func cardCases(c *collection) {
	all := casesOf[*cardStage]{c, newCardStage, (*cardStage).play}
	accept, reject, unsure := all.accept, all.reject, all.unsure
	malformed := func(name, comment string, change func(*cardStage)) { reject(name, comment, change, reason.Malformed) }
	inHeader := func(name string, value any) func(*cardStage) {
		return func(s *cardStage) { s.issue = []IssueOption{Header(name, value)} }
	}
	inPayload := func(name string, value any) func(*cardStage) {
		return func(s *cardStage) { s.issue = []IssueOption{With(name, value)} }
	}
	inVC := func(change func(map[string]any)) func(*cardStage) { return func(s *cardStage) { s.vc = change } }
	text := func(change func([]byte) []byte) func(*cardStage) { return func(s *cardStage) { s.text = change } }

	accept("accepted", "a card, and its issuer's revocation list at hand", func(*cardStage) {})
	accept("accepted-one-of-one", "a code that says it is the first of one", text(func(t []byte) []byte {
		return bytes.Replace(t, []byte("shc:/"), []byte("shc:/1/1/"), 1)
	}))
	accept("accepted-without-rid", "a card that cannot be revoked, of an issuer whose status is optional", func(s *cardStage) {
		s.vc = func(vc map[string]any) { delete(vc, "rid") }
		s.trust, s.noList = entry("status", "optional"), true
	})
	accept("accepted-other-revoked", "another card of the same key is revoked", func(s *cardStage) { s.revoked = []string{"other"} })
	accept("accepted-reissued", "revoked where it was issued before a time, and issued after it", func(s *cardStage) {
		s.revoked = []string{cardIdentifier + ".1"}
	})
	accept("accepted-exp", "a card that ends a second from now", inPayload("exp", Epoch.Add(time.Hour+time.Second).Unix()))

	// Whose it is.
	reject("signature-flipped", "a bit of the signature is another", func(s *cardStage) { s.token = part(0, 2, flip) }, reason.SignatureInvalid)
	reject("signature-missing", "no signature", func(s *cardStage) { s.token = part(0, 2, func([]byte) []byte { return nil }) }, reason.SignatureMissing)
	reject("payload-swapped", "another payload under the same signature", func(s *cardStage) {
		_, payload := s.registry.healthCard()
		payload["nbf"] = 1
		s.token = part(0, 1, func([]byte) []byte { return deflated(mustJSON(payload)) })
	}, reason.SignatureInvalid)
	reject("signed-by-stranger", "a stranger signed in the issuer's name", func(s *cardStage) { s.signer = deriveKey("stranger") }, reason.SignatureInvalid)
	reject("alg-none", "the header says alg none", inHeader("alg", "none"), reason.AlgorithmRefused)
	reject("alg-es384", "ES256 is the framework's only algorithm", inHeader("alg", "ES384"), reason.AlgorithmRefused)
	reject("kid-unknown", "a key that the issuer does not have", inHeader("kid", "2"), reason.KeyUnknown)
	reject("issuer-unknown", "an issuer nobody lists", inPayload("iss", "https://stranger.example"), reason.IssuerUnknown)
	reject("type-not-permitted", "the issuer may issue another kind of card only", func(s *cardStage) {
		s.trust = entry("types", []string{"https://smarthealth.cards#laboratory"})
	}, reason.IssuerNotForType)

	// The form.
	malformed("zip-missing", "a header without zip", inHeader("zip", nil))
	malformed("zip-other", "another compression", inHeader("zip", "GZ"))
	malformed("kid-missing", "a header that names no key", inHeader("kid", nil))
	malformed("crit", "a critical header that nobody here understands", inHeader("crit", []string{"zip"}))
	malformed("iss-slash", "iss with a slash at its end", inPayload("iss", caseIssuer+"/"))
	malformed("iss-http", "iss without TLS", inPayload("iss", "http://registry.example"))
	malformed("nbf-missing", "a card that does not say when it was issued", func(s *cardStage) { s.issue = []IssueOption{Without("nbf")} })
	malformed("nbf-text", "an issue date in words", inPayload("nbf", "today"))
	malformed("nbf-milliseconds", "milliseconds for seconds", inPayload("nbf", Epoch.UnixMilli()))
	malformed("exp-null", "an end that is null", inPayload("exp", nil))
	malformed("vc-missing", "no vc", func(s *cardStage) { s.issue = []IssueOption{Without("vc")}; s.vc = nil })
	malformed("vc-other-type", "no type of a health card", inVC(func(vc map[string]any) { vc["type"] = []any{immunization} }))
	malformed("vc-type-text", "a type that is no list", inVC(func(vc map[string]any) { vc["type"] = shc.CardType }))
	malformed("bundle-missing", "no bundle", inVC(func(vc map[string]any) { vc["credentialSubject"] = map[string]any{"fhirVersion": "4.0.1"} }))
	malformed("rid-alphabet", "a revocation identifier that is none", inVC(func(vc map[string]any) { vc["rid"] = "a b" }))
	malformed("rid-long", "a revocation identifier of 25 characters", inVC(func(vc map[string]any) { vc["rid"] = strings.Repeat("a", 25) }))
	malformed("rid-null", "a revocation identifier that is null is not none", inVC(func(vc map[string]any) { vc["rid"] = nil }))
	malformed("member-twice", "a member twice, once with an escape", func(s *cardStage) {
		s.payload = replace(`{`, `{"i\u0073s":"https://other.example",`)
	})
	malformed("utf8", "a payload that is no UTF-8", func(s *cardStage) { s.payload = replace("Pema", "P\xffma") })
	malformed("not-json", "a payload that is no JSON", func(s *cardStage) { s.payload = func([]byte) []byte { return []byte("{") } })
	malformed("not-packed", "a payload that is not compressed", func(s *cardStage) { s.packed = func([]byte) []byte { return []byte(`{"iss":"x"}`) } })
	malformed("packed-torn", "a payload that is cut short", func(s *cardStage) { s.packed = func(d []byte) []byte { return d[:len(d)/2] } })
	malformed("packed-trailing", "a byte behind the compressed payload", func(s *cardStage) { s.packed = func(d []byte) []byte { return append(d, 0) } })
	reject("packed-bomb", "a payload that unfolds beyond any card", func(s *cardStage) {
		s.payload = func(d []byte) []byte { return append(d, bytes.Repeat([]byte(" "), limits.Decompressed)...) }
	}, reason.TooLarge)
	reject("too-deep", "a bundle that nests deeper than any", inVC(func(vc map[string]any) {
		deep := bytes.Repeat([]byte("["), limits.JSONDepth)
		vc["deep"] = json.RawMessage(append(deep, bytes.Repeat([]byte("]"), limits.JSONDepth)...))
	}), reason.TooLarge)
	reject("too-many-values", "a bundle of more values than any", inVC(func(vc map[string]any) {
		vc["many"] = json.RawMessage("[" + strings.Repeat("1,", limits.JSONValues) + "1]")
	}), reason.TooLarge)
	malformed("digits-odd", "half a pair of digits", text(func(t []byte) []byte { return t[:len(t)-1] }))
	malformed("digits-other", "a letter among the digits", text(func(t []byte) []byte { t[len(t)/2] = 'a'; return t }))
	malformed("digits-beyond", "a pair that spells no character", text(func(t []byte) []byte { copy(t[len(t)-2:], "99"); return t }))
	malformed("digits-padding", "an equals sign behind the signature", func(s *cardStage) { s.token = func(t []byte) []byte { return append(t, '=') } })
	malformed("digits-trailing-bits", "the bits behind the last byte of the signature", func(s *cardStage) {
		s.token = func(t []byte) []byte {
			const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
			last := strings.IndexByte(alphabet, t[len(t)-1])
			t[len(t)-1] = alphabet[last|1]
			return t
		}
	})
	reject("one-of-two", "one code of two", text(func(t []byte) []byte {
		return bytes.Replace(t, []byte("shc:/"), []byte("shc:/1/2/"), 1)
	}), reason.FormatUnsupported)

	// What a card cannot do.
	reject("bound", "a proof of possession, which no card has", func(s *cardStage) {
		s.binding = cases.Binding{Kind: "bound", Nonce: caseNonce, Audience: caseAudience}
	}, reason.HolderBindingMissing)
	reject("fresh", "a fresh proof of possession", func(s *cardStage) { s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience} }, reason.HolderBindingMissing)
	reject("session", "a session of ISO 18013-5", func(s *cardStage) { s.binding = cases.Binding{Kind: "session", Transcript: "83f6f6f6"} }, reason.HolderBindingMissing)

	// Time and status.
	reject("expired", "exp is the reference time", inPayload("exp", Epoch.Add(time.Hour).Unix()), reason.Expired)
	reject("not-yet-valid", "issued a second from now", inPayload("nbf", Epoch.Add(time.Hour+time.Second).Unix()), reason.NotYetValid)
	reject("revoked", "the list names the card", func(s *cardStage) { s.revoked = []string{cardIdentifier} }, reason.Revoked)
	reject("revoked-before", "the list names cards issued before a time that lies after this one", func(s *cardStage) {
		s.revoked = []string{cardIdentifier + ".4102444800"}
	}, reason.Revoked)
	reject("status-missing", "a card that cannot be revoked, of an issuer whose cards can", inVC(func(vc map[string]any) { delete(vc, "rid") }), reason.StatusMissing)
	unsure("status-unavailable", "no list at hand", func(s *cardStage) { s.noList = true }, reason.StatusUnavailable)
	unsure("status-stale", "a list older than its ttl", func(s *cardStage) { s.now = later(25 * time.Hour) }, reason.StatusStale)
	unsure("status-forged", "a bit of the list's signature is another", func(s *cardStage) { s.list = part(0, 2, flip) }, reason.StatusListInvalid)
	unsure("status-as-published", "a list as it is published, which nobody signed", func(s *cardStage) {
		s.list = func([]byte) []byte { return []byte(`{"kid":"1","method":"rid","ctr":1,"rids":[]}`) }
	}, reason.StatusListInvalid)
	crl := func(name string, value any) func(*cardStage) {
		return func(s *cardStage) {
			s.list = resigned(s.registry.key, func(_, payload map[string]any) { payload["crl"].(map[string]any)[name] = value })
		}
	}
	unsure("status-other-key", "the list of another key", crl("kid", "2"), reason.StatusListInvalid)
	unsure("status-other-method", "another method of revocation", crl("method", "uuid"), reason.StatusListInvalid)
	unsure("status-counter", "a list without a counter", crl("ctr", nil), reason.StatusListInvalid)
	unsure("status-twice", "an identifier twice, with two times", crl("rids", []string{"a.1", "a.2"}), reason.StatusListInvalid)
	unsure("status-not-text", "an identifier that is a number", crl("rids", []any{1}), reason.StatusListInvalid)
}
