package verifytest

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

const (
	caseW3CType    = "CitizenCard"
	caseW3CContext = "https://registry.example/contexts/citizen"
)

// jwtStage is a case of a JWT before it is played.
type jwtStage struct {
	stage
	model   DataModel
	present []IssueOption
	// held gives what is inside; one credential by default.
	held func(*jwtStage) []any
	bare bool // the credential is handed over by itself
}

func newJWTStage(m DataModel) *jwtStage {
	s := &jwtStage{stage: *newStage(), model: m}
	s.registry.PermitW3C(caseW3CType, baseContext[m], caseW3CContext)
	s.held = func(s *jwtStage) []any { return []any{s.wrap(s.credential())} }
	return s
}

// credential is what the registry issues to the wallet.
func (s *jwtStage) credential() []byte {
	return s.registry.IssueJWT(s.model, s.wallet, s.claims, s.issue...)
}

// wrap is a token as it stands inside a presentation.
func (s *jwtStage) wrap(token []byte) any {
	if s.model == VCDM1 {
		return string(token)
	}
	return Enveloped("application/vc+jwt", token)
}

func (s *jwtStage) play() scene {
	var made []byte
	if s.bare {
		made = s.credential()
		s.world.Advance(time.Hour)
	} else {
		held := s.held(s)
		s.world.Advance(time.Hour)
		made = s.wallet.PresentJWT(s.model, caseAudience, caseNonce, held, s.present...)
	}
	if s.token != nil {
		made = s.token(made)
	}
	out := s.around(made)
	out.claims = map[string]any{"credentialSubject": map[string]any{"full_name": "Pema Example"}}
	return out
}

// jwtCases are the cases of W3C credentials as JWTs: what both versions of the data
// model share, and what is one's own.
func jwtCases(c *collection) {
	for _, m := range []struct {
		model  DataModel
		folder string
	}{{VCDM1, "1.1"}, {VCDM2, "2.0"}} {
		all := collection{folder: c.folder + "/" + m.folder}
		j := jwtCollection{casesOf[*jwtStage]{&all, func() *jwtStage { return newJWTStage(m.model) }, (*jwtStage).play}}
		j.accepted()
		j.credentials()
		j.presentations()
		j.holders()
		j.hostile()
		if m.model == VCDM1 {
			j.first()
		} else {
			j.second()
			j.w3cStatuses()
		}
		c.list = append(c.list, all.list...)
	}
}

type jwtCollection struct{ casesOf[*jwtStage] }

func issued(opts ...IssueOption) func(*jwtStage) {
	return func(s *jwtStage) { s.issue = append(s.issue, opts...) }
}

func presented(opts ...IssueOption) func(*jwtStage) {
	return func(s *jwtStage) { s.present = append(s.present, opts...) }
}

// bearerJWT hands the credential over by itself, and asks for no proof.
func bearerJWT(s *jwtStage) {
	s.bare = true
	s.binding = cases.Binding{Kind: "bearer"}
}

func (j jwtCollection) accepted() {
	j.accept("accepted-bound", "a credential in a presentation that answers the challenge", func(*jwtStage) {})
	j.accept("accepted-fresh", "no challenge, and a presentation made within the window", func(s *jwtStage) {
		s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience, WindowS: 60}
		presented(Without("nonce"))(s)
	})
	j.accept("accepted-bearer", "a credential by itself, and no proof wanted", bearerJWT)
	j.accept("accepted-two", "two credentials of one holder", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any { return []any{s.wrap(s.credential()), s.wrap(s.credential())} }
	})
	j.accept("accepted-policy", "the policy's type and claim are there, and one holder", func(s *jwtStage) {
		s.policy = `{"credentials":[{"id":"citizen","types":["` + caseW3CType + `"],"required_claims":[["credentialSubject","full_name"]]}],"holder":{"proof_required":true,"same_key":true}}`
	})
	j.accept("accepted-cnf", "about nobody, and bound to a key by cnf", func(s *jwtStage) {
		issued(Without("sub"), Document("credentialSubject", map[string]any{"full_name": "Pema Example"}), With("cnf", map[string]any{"jwk": s.wallet.key.jwkMap("")}))(s)
	})
	j.accept("accepted-typ-missing", "no typ: the contents say what it is", issued(Header("typ", nil), Header("cty", nil)))
	j.accept("accepted-kid-missing", "no key is named, and the issuer has one that fits", issued(Header("kid", nil)))
	j.accept("accepted-other-envelope", "the credential in an envelope, or as an embedded string, is the same", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any { return []any{Enveloped("application/vc+jwt", s.credential())} }
	})
	j.accept("accepted-base64", "an envelope in base64", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any {
			return []any{Enveloped("application/vc+jwt;base64", []byte(base64.StdEncoding.EncodeToString(s.credential())))}
		}
	})
	j.accept("accepted-sd-jwt-inside", "an SD-JWT VC inside a presentation as JWT, bound by its cnf", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any {
			return []any{Enveloped("application/dc+sd-jwt", s.wallet.Present(s.registry.Issue(s.wallet, map[string]any{"credentialSubject": map[string]any{"full_name": "Pema Example"}})))}
		}
	})
}

// credentials are the rules on the credential itself.
func (j jwtCollection) credentials() {
	stranger := func(s *jwtStage) *Issuer { return s.world.NewStranger("https://stranger.example", caseType) }
	as := func(id string) []IssueOption { return []IssueOption{With("iss", id), Document("issuer", id)} }
	// signedBy lets somebody else sign what the registry would say.
	signedBy := func(who func(*jwtStage) *Issuer, opts ...IssueOption) func(*jwtStage) {
		return func(s *jwtStage) {
			other := who(s).PermitW3C(caseW3CType, baseContext[s.model], caseW3CContext)
			s.held = func(s *jwtStage) []any {
				return []any{s.wrap(other.IssueJWT(s.model, s.wallet, s.claims, append(as(caseIssuer), opts...)...))}
			}
		}
	}
	bare := func(change func([]byte) []byte) func(*jwtStage) {
		return func(s *jwtStage) { bearerJWT(s); s.token = change }
	}
	j.reject("signature-bit", "one bit of the issuer's signature flipped", bare(part(0, 2, flip)), reason.SignatureInvalid)
	j.reject("signature-none", "no signature under an algorithm that has one", bare(part(0, 2, func([]byte) []byte { return nil })), reason.SignatureMissing)
	j.reject("payload-changed", "a name changed behind the issuer's back", bare(part(0, 1, replace("Pema", "Pama"))), reason.SignatureInvalid)
	j.reject("alg-none", "alg none", bare(part(0, 0, replace("ES256", "none"))), reason.AlgorithmRefused)
	j.reject("alg-hmac", "an HMAC under the public key", bare(part(0, 0, replace("ES256", "HS256"))), reason.AlgorithmRefused)
	j.reject("line-break", "a line break behind the token", bare(func(token []byte) []byte { return append(token, '\n') }), reason.Malformed)
	j.reject("key-of-stranger", "a stranger signed in the issuer's name", signedBy(stranger), reason.SignatureInvalid)
	j.reject("jwk-in-header", "a stranger signed, and brings its own key along", func(s *jwtStage) {
		signedBy(stranger, Header("kid", nil), Header("jwk", stranger(s).key.jwkMap("")))(s)
	}, reason.SignatureInvalid)
	j.reject("holder-as-issuer", "the holder signed what it says of itself", signedBy(func(s *jwtStage) *Issuer {
		return &Issuer{world: s.world, id: caseIssuer, statusURI: s.registry.statusURI, statuses: s.registry.statuses, key: s.wallet.key}
	}), reason.SignatureInvalid)
	j.reject("self-issued", "the holder issued it in its own name", signedBy(func(s *jwtStage) *Issuer {
		return &Issuer{world: s.world, id: caseIssuer, statusURI: s.registry.statusURI, statuses: s.registry.statuses, key: s.wallet.key}
	}, as("https://holder.example")...), reason.IssuerUnknown)
	j.reject("kid-unknown", "a key the issuer does not have", issued(Header("kid", "2")), reason.KeyUnknown)
	j.reject("kid-relative", "a relative name is no key's name", issued(Header("kid", "#1")), reason.KeyUnknown)
	j.reject("crit", "a critical header that nobody here understands", issued(Header("crit", []string{"x"}), Header("x", 1)), reason.Malformed)
	j.reject("b64", "a payload that is announced as not encoded", issued(Header("b64", false)), reason.Malformed)
	j.reject("header-too-long", "a header longer than any", issued(Header("pad", string(make([]byte, limits.JOSEHeader)))), reason.TooLarge)
	j.reject("typ-of-key-binding", "the typ of a key binding", issued(Header("typ", "kb+jwt")), reason.FormatUnsupported)
	j.reject("typ-of-status-list", "the typ of a status list", issued(Header("typ", "statuslist+jwt")), reason.FormatUnsupported)
	j.reject("typ-of-presentation", "the typ of a presentation", issued(Header("typ", "vp+jwt")), reason.Malformed)
	j.reject("embedded-proof", "a proof inside that nobody looked at", issued(Document("proof", map[string]any{"type": "DataIntegrityProof"})), reason.Malformed)

	j.reject("issuer-unknown", "an issuer nobody lists", issued(as("https://stranger.example")...), reason.IssuerUnknown)
	j.reject("issuer-against-iss", "iss and issuer name two", issued(With("iss", "https://other.example")), reason.Malformed)
	j.reject("id-against-jti", "jti and id name two", issued(With("jti", "urn:uuid:1"), Document("id", "urn:uuid:2")), reason.Malformed)
	j.reject("sub-against-subject", "sub and the subject's id name two", issued(With("sub", "https://other.example")), reason.Malformed)
	j.reject("sub-of-two", "one sub for two subjects", func(s *jwtStage) {
		issued(With("sub", s.wallet.DID()), Document("credentialSubject", []any{map[string]any{"id": s.wallet.DID()}, map[string]any{"a": 1}}))(s)
	}, reason.Malformed)
	j.reject("type-not-permitted", "a type the issuer may not issue", issued(Document("type", []string{"VerifiableCredential", "Passport"})), reason.IssuerNotForType, reason.ContextRefused)
	j.reject("type-beside", "a second type that the issuer may not issue", issued(Document("type", []string{"VerifiableCredential", caseW3CType, "Passport"})), reason.IssuerNotForType, reason.ContextRefused)
	j.reject("type-base-alone", "no type but the one that all have", func(s *jwtStage) {
		issued(Document("type", []string{"VerifiableCredential"}))(s)
		s.trust = entry("types", []string{"*"})
	}, reason.ContextRefused)
	j.reject("context-more", "a context more than agreed on", func(s *jwtStage) {
		issued(Document("@context", []string{baseContext[s.model], caseW3CContext, "https://other.example"}))(s)
	}, reason.ContextRefused)
	j.reject("context-less", "a context less than agreed on", func(s *jwtStage) {
		issued(Document("@context", []string{baseContext[s.model]}))(s)
	}, reason.ContextRefused)
	j.reject("context-inline", "a context that stands in the credential", func(s *jwtStage) {
		issued(Document("@context", []any{baseContext[s.model], caseW3CContext, map[string]any{"@vocab": "https://other.example/#"}}))(s)
	}, reason.ContextRefused)
	j.reject("context-of-no-list", "a type whose contexts nobody agreed on", func(s *jwtStage) {
		s.trust = entry("contexts", map[string]any{})
	}, reason.ContextRefused)
	j.reject("context-missing", "no context at all", func(s *jwtStage) {
		issued(Header("typ", map[DataModel]any{VCDM1: "JWT", VCDM2: "vc+jwt"}[s.model]), Document("@context", nil))(s)
	}, reason.Malformed)

	end := Epoch.Add(time.Hour)
	j.reject("expired-signature", "exp is the reference time", issued(With("exp", end.Unix()), Document("expirationDate", nil)), reason.Expired)
	j.reject("issued-ahead", "signed more than a minute from now", issued(With("iat", end.Unix()+61)), reason.NotYetValid)
	j.reject("exp-text", "a date in words", issued(With("exp", "never")), reason.Malformed)
	j.reject("exp-null", "a date that is null is not no date", issued(With("exp", nil)), reason.Malformed)
	j.reject("own-audience", "a credential that is for another verifier", issued(With("aud", "https://other.example")), reason.AudienceMismatch)

	j.reject("revoked", "revoked in the status list", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any {
			token := s.credential()
			s.registry.statuses[0] = 1
			return []any{s.wrap(token)}
		}
	}, reason.Revoked)
	j.unsure("status-unavailable", "no status list at hand", func(s *jwtStage) { s.noList = true }, reason.StatusUnavailable)
	w3cStatus := func(purpose, index string) map[string]any {
		return map[string]any{"type": "BitstringStatusListEntry", "statusPurpose": purpose, "statusListIndex": index, "statusListCredential": caseIssuer + "/status/2"}
	}
	j.unsure("status-of-two", "one of two status lists is not at hand", issued(Document("credentialStatus", w3cStatus("revocation", "1"))), reason.StatusUnavailable)
	j.reject("status-index-text", "a status entry whose index is no number", issued(Document("credentialStatus", w3cStatus("revocation", "one"))), reason.Malformed)
	j.reject("status-purpose", "a status entry without a purpose", issued(Document("credentialStatus", w3cStatus("", "1"))), reason.Malformed)
	j.reject("status-empty", "a list of status entries with none in it", issued(Document("credentialStatus", []any{})), reason.Malformed)
}

// presentations are the rules on the presentation around it.
func (j jwtCollection) presentations() {
	now := Epoch.Add(time.Hour)
	fresh := func(change func(*jwtStage)) func(*jwtStage) {
		return func(s *jwtStage) {
			s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience, WindowS: 60}
			change(s)
		}
	}
	rewritten := func(change func([]byte) []byte) func(*jwtStage) {
		return func(s *jwtStage) { s.token = change }
	}
	j.reject("vp-signature-bit", "one bit of the holder's signature flipped", rewritten(part(0, 2, flip)), reason.SignatureInvalid)
	j.reject("vp-signature-none", "no signature of the holder's", rewritten(part(0, 2, func([]byte) []byte { return nil })), reason.SignatureMissing)
	j.reject("vp-alg-none", "a presentation under alg none", rewritten(part(0, 0, replace("ES256", "none"))), reason.AlgorithmRefused)
	j.reject("vp-unsigned-bearer", "a presentation that somebody put together, and no proof wanted", func(s *jwtStage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.token = part(0, 2, flip)
	}, reason.SignatureInvalid)
	j.reject("vp-of-another", "another wallet presents it in the holder's name", func(s *jwtStage) {
		holder := s.wallet
		s.held = func(s *jwtStage) []any {
			token := s.credential()
			s.wallet = s.world.AddWallet()
			return []any{s.wrap(token)}
		}
		presented(With("iss", holder.DID()), Document("holder", holder.DID()), Header("kid", holder.DID()+"#0"))(s)
	}, reason.SignatureInvalid)
	j.reject("vp-jwk-in-header", "another wallet presents it, with its key in the header", func(s *jwtStage) {
		holder, other := s.wallet, s.world.AddWallet()
		s.held = func(s *jwtStage) []any {
			token := s.credential()
			s.wallet = other
			return []any{s.wrap(token)}
		}
		presented(With("iss", holder.DID()), Document("holder", holder.DID()), Header("kid", nil), Header("jwk", other.key.jwkMap("")))(s)
	}, reason.SignatureInvalid)
	j.reject("vp-kid-relative", "a relative name is no key's name", presented(Header("kid", "#0")), reason.KeyUnknown)
	j.reject("vp-kid-of-another", "a key of another DID", func(s *jwtStage) {
		presented(Header("kid", s.world.AddWallet().DID()+"#0"))(s)
	}, reason.KeyUnknown)
	j.reject("vp-holder-against-iss", "iss and holder name two", func(s *jwtStage) {
		presented(Document("holder", s.world.AddWallet().DID()))(s)
	}, reason.Malformed)
	j.unsure("vp-document-missing", "the holder's DID document is not at hand", presented(With("iss", "did:web:holder.example"), Document("holder", nil), Header("kid", "did:web:holder.example#1")), reason.KeyUnknown)
	j.reject("vp-nonce", "the answer to another challenge", presented(With("nonce", "other")), reason.NonceMismatch)
	j.reject("vp-nonce-missing", "no answer to the challenge", presented(Without("nonce")), reason.NonceMismatch)
	j.reject("vp-nonce-number", "a nonce that is a number", presented(With("nonce", 5)), reason.NonceMismatch)
	j.reject("vp-audience", "made for another verifier", presented(With("aud", "https://other.example")), reason.AudienceMismatch)
	j.reject("vp-audience-missing", "made for nobody", presented(Without("aud")), reason.AudienceMismatch)
	j.reject("vp-audience-two", "made for this verifier and another", presented(With("aud", []string{caseAudience, "https://other.example"})), reason.AudienceMismatch)
	j.reject("vp-wrong-answers", "everything wrong under a good signature: each is told", presented(With("nonce", "x"), With("aud", "x")), reason.NonceMismatch, reason.AudienceMismatch)
	j.reject("vp-old", "made before the window", fresh(presented(With("iat", now.Unix()-61))), reason.PresentationNotFresh)
	j.reject("vp-ahead", "made behind the window", fresh(presented(With("iat", now.Unix()+61))), reason.PresentationNotFresh)
	j.reject("vp-undated", "no challenge, and no time of making", fresh(presented(Without("iat"))), reason.PresentationNotFresh)
	j.reject("vp-expired", "a presentation whose own exp is the reference time", presented(With("exp", now.Unix())), reason.PresentationNotFresh)
	j.reject("vp-for-later", "a presentation whose own nbf lies ahead", presented(With("nbf", now.Unix()+61)), reason.PresentationNotFresh)
	j.reject("vp-typ-of-credential", "the typ of a credential", presented(Header("typ", "vc+jwt")), reason.Malformed)
	j.reject("vp-embedded-proof", "a proof inside that nobody looked at", presented(Document("proof", []any{})), reason.Malformed)
	j.reject("vp-crit", "a critical header that nobody here understands", presented(Header("crit", []string{"x"}), Header("x", 1)), reason.Malformed)

	j.reject("vp-empty", "a presentation of nothing", func(s *jwtStage) {
		s.held = func(*jwtStage) []any { return []any{} }
	}, reason.Malformed)
	j.reject("vp-unsecured", "a credential that nobody secured", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any {
			date := map[DataModel]string{VCDM1: "issuanceDate", VCDM2: "validFrom"}[s.model]
			return []any{map[string]any{
				"@context": []string{baseContext[s.model], caseW3CContext}, "type": []string{"VerifiableCredential", caseW3CType},
				"issuer": caseIssuer, date: rfc3339(Epoch), "credentialSubject": map[string]any{"id": s.wallet.DID()},
			}}
		}
	}, reason.SignatureMissing)
	j.reject("vp-one-of-two", "a good credential beside a forged one", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any {
			return []any{s.wrap(s.credential()), s.wrap(part(0, 2, flip)(s.credential()))}
		}
	}, reason.SignatureInvalid)
	j.reject("vp-too-many", "more credentials than one decision takes", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any { return slices.Repeat([]any{s.wrap(s.credential())}, limits.Credentials) }
	}, reason.TooLarge)
	j.reject("vp-no-token", "text that is no token", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any { return []any{s.wrap([]byte("text"))} }
	}, reason.FormatUnsupported)
	j.reject("vp-envelope-of-nothing", "an envelope without data", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any { return []any{Enveloped("application/vc+jwt", nil)} }
	}, reason.Malformed)
	j.reject("vp-inside-old", "a presentation inside another, made for another challenge", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any {
			inner := s.wallet.PresentJWT(s.model, caseAudience, "other", []any{s.wrap(s.credential())})
			return []any{Enveloped("application/vp+jwt", inner)}
		}
	}, reason.NonceMismatch)
}

// holders are the rules on whose a credential is.
func (j jwtCollection) holders() {
	subject := func(value any) func(*jwtStage) { return issued(Without("sub"), Document("credentialSubject", value)) }
	j.reject("bare", "a credential by itself, where a proof is wanted", func(s *jwtStage) { s.bare = true }, reason.HolderBindingMissing)
	j.reject("holder-other", "a credential about somebody else", subject(map[string]any{"id": "did:example:other"}), reason.HolderBindingMismatch)
	j.reject("holder-nobody", "a credential about nobody", subject(map[string]any{"full_name": "x"}), reason.HolderBindingMissing)
	j.reject("holder-and-other", "a credential about the holder and somebody else", func(s *jwtStage) {
		subject([]any{map[string]any{"id": s.wallet.DID()}, map[string]any{"id": "did:example:other"}})(s)
	}, reason.HolderBindingMismatch)
	j.reject("holder-and-nobody", "a credential about the holder and somebody unnamed", func(s *jwtStage) {
		subject([]any{map[string]any{"id": s.wallet.DID()}, map[string]any{"full_name": "x"}})(s)
	}, reason.HolderBindingMissing)
	j.reject("cnf-other", "about the holder, and bound to another key", func(s *jwtStage) {
		issued(With("cnf", map[string]any{"jwk": s.world.AddWallet().key.jwkMap("")}))(s)
	}, reason.HolderBindingMismatch)
	j.reject("cnf-by-name", "bound to a key that only its name tells", issued(With("cnf", map[string]any{"kid": "1"})), reason.HolderBindingMissing)
	j.reject("cnf-text", "a confirmation claim that is no object", issued(With("cnf", "x")), reason.Malformed)
	j.reject("session", "a session of ISO 18013-5, which a JWT cannot answer", func(s *jwtStage) {
		s.binding = cases.Binding{Kind: "session", Transcript: "83f6f6f6"}
	}, reason.HolderBindingMissing)
}

// first are the rules of VCDM 1.1 §6.3.1.
func (j jwtCollection) first() {
	end := Epoch.Add(time.Hour)
	j.accept("accepted-claims-alone", "issuer, dates and subject by the registered claims alone", func(s *jwtStage) {
		issued(Document("issuer", nil), Document("issuanceDate", nil), Document("expirationDate", nil), Document("credentialSubject", map[string]any{"full_name": "Pema Example"}))(s)
	})
	j.accept("accepted-document-alone", "issuer, dates and subject by the document alone", issued(Without("iss", "sub", "nbf", "exp", "iat")))
	j.reject("nbf-against-date", "nbf and issuanceDate are a second apart", issued(NotBefore(Epoch.Add(time.Second))), reason.Malformed)
	j.reject("exp-against-date", "exp and expirationDate are a second apart", issued(Expires(Epoch.AddDate(1, 0, 0).Add(-time.Second))), reason.Malformed)
	j.reject("expired", "exp and expirationDate are the reference time", issued(Expires(end), Document("expirationDate", rfc3339(end))), reason.Expired)
	j.reject("expired-document", "expirationDate alone is the reference time", issued(Without("exp"), Document("expirationDate", rfc3339(end))), reason.Expired)
	j.reject("not-yet-document", "issuanceDate alone lies ahead", issued(Without("nbf"), Document("issuanceDate", rfc3339(end.Add(time.Second)))), reason.NotYetValid)
	j.reject("issuer-nowhere", "neither iss nor issuer", issued(Without("iss"), Document("issuer", nil)), reason.Malformed)
	j.reject("date-nowhere", "neither nbf nor issuanceDate", issued(Without("nbf"), Document("issuanceDate", nil)), reason.Malformed)
	j.reject("date-without-zone", "a date without a zone", issued(Document("issuanceDate", "2026-11-02T09:00:00")), reason.Malformed)
	j.reject("vc-text", "a vc claim that is text", issued(With("vc", "x")), reason.Malformed)
	j.reject("vc-null", "a vc claim that is null", issued(With("vc", nil)), reason.Malformed)
	j.reject("vc-and-vp", "a vc and a vp claim", issued(With("vp", map[string]any{})), reason.Malformed)
	j.reject("vc-of-2.0", "a document of VCDM 2.0 in a vc claim", issued(Document("@context", []string{baseContext[VCDM2], caseW3CContext})), reason.Malformed)
	j.reject("typ-of-2.0", "the typ of VCDM 2.0 over a vc claim", issued(Header("typ", "vc+jwt")), reason.Malformed)
	j.reject("neither", "no vc claim at all", issued(Without("vc")), reason.FormatUnsupported)
	j.reject("vp-text", "a vp claim that is text", presented(With("vp", "x")), reason.Malformed)
	j.reject("vp-neither", "no vp claim at all", presented(Without("vp")), reason.FormatUnsupported)
}

// second are the rules of VC-JOSE-COSE.
func (j jwtCollection) second() {
	end := Epoch.Add(time.Hour)
	j.accept("accepted-typ-in-full", "media types with application/ before them", issued(Header("typ", "application/vc+jwt"), Header("cty", "application/vc")))
	j.accept("accepted-iss-missing", "the issuer by the document alone", issued(Without("iss", "iat", "exp")))
	j.accept("accepted-presentation-inside", "a presentation inside another, each made for this verifier", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any {
			inner := s.wallet.PresentJWT(s.model, caseAudience, caseNonce, []any{s.wrap(s.credential())})
			return []any{Enveloped("application/vp+jwt", inner)}
		}
	})
	j.reject("vc-claim", "a vc claim in VCDM 2.0", issued(With("vc", map[string]any{})), reason.Malformed)
	j.reject("vp-claim", "a vp claim in VCDM 2.0", issued(With("vp", json.RawMessage("null"))), reason.Malformed)
	j.reject("vc-header", "a vc parameter in the header", issued(Header("vc", 1)), reason.Malformed)
	j.reject("cty-of-presentation", "the cty of a presentation", issued(Header("cty", "vp")), reason.Malformed)
	j.reject("typ-of-draft", "the typ of a draft", issued(Header("typ", "vc+ld+json+jwt")), reason.FormatUnsupported)
	j.reject("both-types", "a credential that says it is a presentation too", issued(With("type", []string{"VerifiableCredential", "VerifiablePresentation", caseW3CType})), reason.Malformed)
	j.reject("base-of-1.1", "the base context of VCDM 1.1", issued(With("@context", []string{baseContext[VCDM1], caseW3CContext})), reason.Malformed)
	j.reject("issuer-missing", "iss stands in for no issuer in VCDM 2.0", issued(Without("issuer")), reason.Malformed)
	j.reject("subject-empty", "a subject of whom nothing is said", issued(With("credentialSubject", map[string]any{})), reason.Malformed)
	j.reject("expired-validity", "validUntil is the reference time, and exp later", issued(With("validUntil", rfc3339(end))), reason.Expired)
	j.reject("not-yet-valid", "validFrom lies ahead", issued(With("validFrom", rfc3339(end.Add(time.Second)))), reason.NotYetValid)
	j.reject("vp-string", "a token as text, where VCDM 2.0 wants an envelope", func(s *jwtStage) {
		s.held = func(s *jwtStage) []any { return []any{string(s.credential())} }
	}, reason.Malformed)
	j.reject("vp-cty-of-credential", "a presentation with the cty of a credential", presented(Header("cty", "vc")), reason.Malformed)
	j.reject("vp-vp-claim", "a vp claim in a presentation of VCDM 2.0", presented(With("vp", map[string]any{})), reason.Malformed)
}
