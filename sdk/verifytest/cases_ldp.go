package verifytest

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// ldStage is a case of linked data before it is played.
type ldStage struct {
	stage
	suite    string
	present  []IssueOption
	contexts Contexts
	// credential is issued by default if nil; change makes of it what the holder
	// encloses, and changed of the presentation what is handed over.
	credential func(*ldStage) map[string]any
	change     func(*ldStage, map[string]any) any
	changed    func(map[string]any)
	bare       bool // the credential is handed over by itself
}

func newLDStage(suite string) *ldStage {
	s := &ldStage{stage: *newStage(), suite: suite, contexts: LinkedDataContexts()}
	s.registry.PermitW3C("CitizenCard", baseContext[VCDM2], CitizenContext)
	return s
}

func (s *ldStage) play() scene {
	var held any
	if s.credential == nil {
		s.credential = func(s *ldStage) map[string]any {
			return s.registry.IssueLD(s.suite, s.wallet, s.claims, s.issue...)
		}
	}
	held = s.credential(s)
	if s.change != nil {
		held = s.change(s, held.(map[string]any))
	}
	s.world.Advance(time.Hour)
	made, _ := held.(map[string]any)
	if !s.bare {
		credentials, isList := held.([]any)
		if !isList {
			credentials = []any{held}
		}
		made = s.wallet.PresentLD(s.suite, caseAudience, caseNonce, credentials, s.present...)
	}
	if s.changed != nil {
		s.changed(made)
	}
	data := mustJSON(made)
	if s.token != nil {
		data = s.token(data)
	}
	out := s.around(data)
	if !s.noList {
		out.status = []statusList{{s.registry.bitstringURI(), "status.json", s.registry.StatusCredential()}}
	}
	out.file, out.contexts = "presentation.json", s.contexts
	out.claims = map[string]any{"credentialSubject": map[string]any{"full_name": "Pema Example"}}
	return out
}

// ldCases are the cases of linked data: what the suites share, each by both ways of
// canonicalising, and what only RDF can leave out.
func ldCases(c *collection) {
	for _, suite := range []string{ECDSARDFC, ECDSAJCS} {
		all := collection{folder: c.folder + "/" + suite}
		l := ldCollection{casesOf[*ldStage]{&all, func() *ldStage { return newLDStage(suite) }, (*ldStage).play}}
		l.accepted()
		l.credentials()
		l.contexts()
		l.presentations()
		l.hostile()
		if suite == ECDSARDFC {
			l.safeMode()
			l.graphs()
		}
		c.list = append(c.list, all.list...)
	}
}

type ldCollection struct{ casesOf[*ldStage] }

func issuedLD(opts ...IssueOption) func(*ldStage) {
	return func(s *ldStage) { s.issue = append(s.issue, opts...) }
}

func presentedLD(opts ...IssueOption) func(*ldStage) {
	return func(s *ldStage) { s.present = append(s.present, opts...) }
}

// afterwards changes the credential when it is signed, by whoever holds it.
func afterwards(change func(credential, subject, proof map[string]any)) func(*ldStage) {
	return func(s *ldStage) {
		s.change = func(_ *ldStage, c map[string]any) any {
			subject, _ := c["credentialSubject"].(map[string]any)
			proof, _ := c["proof"].(map[string]any)
			change(c, subject, proof)
			return c
		}
	}
}

// barely is afterwards for a credential that is handed over by itself.
func barely(change func(credential, subject, proof map[string]any)) func(*ldStage) {
	return func(s *ldStage) {
		bearerLD(s)
		afterwards(change)(s)
	}
}

func bearerLD(s *ldStage) {
	s.bare = true
	s.binding = cases.Binding{Kind: "bearer"}
}

func (l ldCollection) accepted() {
	l.accept("accepted-bound", "a credential in a presentation that answers the challenge", func(*ldStage) {})
	l.accept("accepted-fresh", "no challenge, and a presentation made within the window", func(s *ldStage) {
		s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience, WindowS: 60}
		presentedLD(Header("challenge", nil))(s)
	})
	l.accept("accepted-bearer", "a credential by itself, and no proof wanted", bearerLD)
	l.accept("accepted-two-proofs", "a credential with two proofs of the issuer, each of which verifies", func(s *ldStage) {
		s.change = func(s *ldStage, c map[string]any) any { return addProof(s.registry.key, c, s.registry.proof(s.suite)) }
	})
	l.accept("accepted-two", "two credentials of one holder", func(s *ldStage) {
		s.change = func(s *ldStage, c map[string]any) any { return []any{c, s.credential(s)} }
	})
	l.accept("accepted-token-inside", "a JWT in an envelope", func(s *ldStage) {
		s.noList = true // of W3C's form; the JWT names none
		s.change = func(s *ldStage, _ map[string]any) any {
			return Enveloped("application/vc+jwt", s.registry.IssueJWT(VCDM2, s.wallet, s.claims, Without("status")))
		}
		s.trust = entry("status", "none")
	})
}

// credentials are the rules on the credential and its proof.
func (l ldCollection) credentials() {
	l.reject("claim-changed", "a name changed behind the issuer's back", afterwards(func(_, s, _ map[string]any) { s["full_name"] = "Dorji Example" }), reason.SignatureInvalid)
	l.reject("claim-dropped", "a claim left out behind the issuer's back", afterwards(func(_, s, _ map[string]any) { delete(s, "village") }), reason.SignatureInvalid)
	l.reject("status-dropped", "the status left out behind the issuer's back", afterwards(func(c, _, _ map[string]any) { delete(c, "credentialStatus") }), reason.SignatureInvalid)
	l.reject("end-changed", "a longer life", afterwards(func(c, _, _ map[string]any) { c["validUntil"] = "2099-01-01T00:00:00Z" }), reason.SignatureInvalid)
	l.reject("proof-missing", "no proof at all", afterwards(func(c, _, _ map[string]any) { delete(c, "proof") }), reason.SignatureMissing)
	l.reject("proof-empty", "a list of proofs with none in it", barely(func(c, _, _ map[string]any) { c["proof"] = []any{} }), reason.SignatureMissing)
	l.reject("proof-bit", "a letter of the signature changed", afterwards(func(_, _, p map[string]any) {
		v := []byte(p["proofValue"].(string))
		v[20] = map[bool]byte{true: 'x', false: 'y'}[v[20] != 'x']
		p["proofValue"] = string(v)
	}), reason.SignatureInvalid)
	l.reject("proof-hex", "a signature in another base", afterwards(func(_, _, p map[string]any) { p["proofValue"] = "f00" }), reason.Malformed)
	l.reject("proof-one-bad", "a good proof and a bad one", func(s *ldStage) {
		s.change = func(s *ldStage, c map[string]any) any {
			two := addProof(s.registry.key, c, s.registry.proof(s.suite))
			two["proof"].([]any)[1].(map[string]any)["created"] = rfc3339(Epoch.Add(time.Second))
			return two
		}
	}, reason.SignatureInvalid)
	l.reject("proof-inside-proof", "a proof inside the proof", barely(func(_, _, p map[string]any) { p["proof"] = maps.Clone(p) }), reason.Malformed)
	l.reject("proof-purpose", "a proof for something else than issuing", issuedLD(Header("proofPurpose", "authentication")), reason.SignatureInvalid)
	l.reject("proof-expired", "the proof's own end is the reference time", issuedLD(Header("expires", rfc3339(Epoch.Add(time.Hour)))), reason.Expired)
	l.reject("proof-ahead", "a proof made more than a minute from now", issuedLD(Header("created", rfc3339(Epoch.Add(time.Hour+61*time.Second)))), reason.NotYetValid)
	l.reject("proof-date", "a proof made at a time without a zone", issuedLD(Header("created", "2026-11-02T09:00:00")), reason.Malformed)
	l.reject("proof-suite", "a suite that nobody here has", afterwards(func(_, _, p map[string]any) { p["cryptosuite"] = "xyz-rdfc-2099" }), reason.AlgorithmRefused)
	l.reject("proof-other-suite", "the name of another suite", afterwards(func(_, _, p map[string]any) { p["cryptosuite"] = "eddsa-rdfc-2022" }), reason.AlgorithmRefused)
	l.reject("proof-chain-broken", "a proof that follows one that is not there", afterwards(func(_, _, p map[string]any) { p["previousProof"] = "urn:uuid:1" }), reason.SignatureInvalid)
	l.reject("key-unknown", "a key the issuer does not have", afterwards(func(_, _, p map[string]any) { p["verificationMethod"] = caseIssuer + "#key-2" }), reason.KeyUnknown)
	l.reject("key-relative", "a relative name is no key's name", barely(func(_, _, p map[string]any) { p["verificationMethod"] = "#key-1" }), reason.KeyUnknown)
	l.reject("key-of-stranger", "a stranger signed in the issuer's name", func(s *ldStage) {
		s.credential = func(s *ldStage) map[string]any {
			stranger := s.world.NewStranger("https://stranger.example", caseType)
			return stranger.IssueLD(s.suite, s.wallet, s.claims, Document("issuer", caseIssuer), Header("verificationMethod", s.registry.method()))
		}
	}, reason.SignatureInvalid)
	l.reject("key-of-holder", "the holder signed what it says of itself", func(s *ldStage) {
		s.credential = func(s *ldStage) map[string]any {
			self := &Issuer{world: s.world, id: caseIssuer, statusURI: s.registry.statusURI, key: s.wallet.key}
			return self.IssueLD(s.suite, s.wallet, s.claims)
		}
	}, reason.SignatureInvalid)
	l.reject("issuer-unknown", "an issuer nobody lists", issuedLD(Document("issuer", "https://stranger.example")), reason.IssuerUnknown)
	l.reject("type-not-permitted", "a type the issuer may not issue", func(s *ldStage) {
		s.trust = entry("types", []string{"Passport"})
	}, reason.IssuerNotForType)
	l.reject("expired", "validUntil is the reference time", issuedLD(Document("validUntil", rfc3339(Epoch.Add(time.Hour)))), reason.Expired)
	l.reject("not-yet-valid", "validFrom lies ahead", issuedLD(Document("validFrom", rfc3339(Epoch.Add(time.Hour+time.Second)))), reason.NotYetValid)
	l.reject("revoked", "revoked in the status list", func(s *ldStage) { s.registry.statuses[0] = 1 }, reason.Revoked)
	l.unsure("status-unavailable", "no status list at hand", func(s *ldStage) { s.noList = true }, reason.StatusUnavailable)
	l.reject("member-twice", "a member twice", func(s *ldStage) {
		bearerLD(s)
		s.token = replace(`"issuer":`, `"issuer":"https://other.example","issuer":`)
	}, reason.Malformed)
}

// contexts are the rules on what the terms mean (Data Integrity 1.0 §2.4.1).
func (l ldCollection) contexts() {
	const other = "https://other.example/context"
	replaced := func(list ...any) func(*ldStage) {
		return issuedLD(Document("@context", list), Header("@context", nil))
	}
	l.reject("context-more", "a context more than agreed on", func(s *ldStage) {
		bearerLD(s)
		s.contexts[other] = []byte(`{"@context": {}}`)
		s.change = func(_ *ldStage, c map[string]any) any {
			c["@context"] = append(c["@context"].([]any), other)
			return c
		}
	}, l.moreContexts()...)
	l.reject("context-inline", "a context that stands in the credential", barely(func(c, _, _ map[string]any) {
		c["@context"] = append(c["@context"].([]any), map[string]any{"x": "urn:x"})
	}), reason.ContextRefused)
	l.reject("context-deep", "a context inside the subject", barely(func(_, s, _ map[string]any) { s["@context"] = other }), reason.ContextRefused)
	l.reject("context-order", "contexts in another order than agreed on", func(s *ldStage) {
		s.trust = entry("contexts", map[string]any{"CitizenCard": []string{CitizenContext, baseContext[VCDM2]}})
	}, reason.ContextRefused)
	l.reject("context-of-no-list", "a type whose contexts nobody agreed on", func(s *ldStage) { s.trust = entry("contexts", map[string]any{}) }, reason.ContextRefused)
	l.reject("context-base-missing", "the base context is not the first", replaced(CitizenContext, baseContext[VCDM2]), reason.Malformed)
}

// moreContexts is what a context behind the others that are signed comes to: RDF
// says the same, and the list is not the one agreed on; JCS signs the list.
func (l ldCollection) moreContexts() []reason.Code {
	if strings.HasSuffix(l.folder, ECDSAJCS) {
		return []reason.Code{reason.ClaimsNotCovered, reason.ContextRefused}
	}
	return []reason.Code{reason.ContextRefused}
}

// emptiness is what a list of no credentials comes to: RDF does not even say that
// there is one.
func (l ldCollection) emptiness() reason.Code {
	if strings.HasSuffix(l.folder, ECDSAJCS) {
		return reason.Malformed
	}
	return reason.ClaimsNotCovered
}

// presentations are the rules on the presentation, and on whose a credential is.
func (l ldCollection) presentations() {
	now := Epoch.Add(time.Hour)
	changed := func(change func(vp, proof map[string]any)) func(*ldStage) {
		return func(s *ldStage) {
			s.changed = func(vp map[string]any) {
				proof, _ := vp["proof"].(map[string]any)
				change(vp, proof)
			}
		}
	}
	l.reject("vp-proof-missing", "a presentation that nobody signed", changed(func(vp, _ map[string]any) { delete(vp, "proof") }), reason.SignatureMissing)
	l.reject("vp-changed", "a credential taken out behind the holder's back", changed(func(vp, _ map[string]any) { delete(vp, "verifiableCredential") }), reason.SignatureInvalid)
	l.reject("vp-purpose", "a proof for something else than authentication", presentedLD(Header("proofPurpose", "assertionMethod")), reason.SignatureInvalid)
	l.reject("vp-challenge", "the answer to another challenge", presentedLD(Header("challenge", "other")), reason.NonceMismatch)
	l.reject("vp-challenge-missing", "no answer to the challenge", presentedLD(Header("challenge", nil)), reason.NonceMismatch)
	l.reject("vp-domain", "made for another verifier", presentedLD(Header("domain", "https://other.example")), reason.AudienceMismatch)
	l.reject("vp-domain-missing", "made for nobody", presentedLD(Header("domain", nil)), reason.AudienceMismatch)
	l.reject("vp-domain-two", "made for this verifier and another", presentedLD(Header("domain", []any{caseAudience, "https://other.example"})), reason.AudienceMismatch)
	l.reject("vp-old", "made before the window", func(s *ldStage) {
		s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience, WindowS: 60}
		presentedLD(Header("created", rfc3339(now.Add(-61*time.Second))))(s)
	}, reason.PresentationNotFresh)
	l.reject("vp-undated", "no challenge, and no time of making", func(s *ldStage) {
		s.binding = cases.Binding{Kind: "fresh", Audience: caseAudience, WindowS: 60}
		presentedLD(Header("created", nil))(s)
	}, reason.PresentationNotFresh)
	l.reject("vp-expired", "a proof whose own end is the reference time", presentedLD(Header("expires", rfc3339(now))), reason.PresentationNotFresh)
	l.reject("vp-key-of-another", "a key of another DID", func(s *ldStage) {
		presentedLD(Header("verificationMethod", s.world.AddWallet().DID()+"#0"))(s)
	}, reason.KeyUnknown)
	l.reject("vp-empty", "a presentation of nothing", func(s *ldStage) {
		s.change = func(*ldStage, map[string]any) any { return []any{} }
	}, l.emptiness())
	l.reject("vp-credential-as-text", "a token as text, where VCDM 2.0 wants an envelope", func(s *ldStage) {
		s.change = func(*ldStage, map[string]any) any { return "eyJ.eyJ.x" }
	}, reason.Malformed)
	l.reject("bare", "a credential by itself, where a proof is wanted", func(s *ldStage) { s.bare = true }, reason.HolderBindingMissing)
	l.reject("holder-other", "a credential about somebody else", issuedLD(Document("credentialSubject", map[string]any{"id": "did:example:other", "full_name": "x"})), reason.HolderBindingMismatch)
	l.reject("holder-nobody", "a credential about nobody", issuedLD(Document("credentialSubject", map[string]any{"full_name": "x"})), reason.HolderBindingMissing)
	l.reject("holder-and-other", "a credential about the holder and somebody else", func(s *ldStage) {
		issuedLD(Document("credentialSubject", []any{map[string]any{"id": s.wallet.DID(), "full_name": "x"}, map[string]any{"id": "did:example:other", "full_name": "y"}}))(s)
	}, reason.HolderBindingMismatch)
	l.reject("session", "a session of ISO 18013-5, which linked data cannot answer", func(s *ldStage) {
		s.binding = cases.Binding{Kind: "session", Transcript: "83f6f6f6"}
	}, reason.HolderBindingMissing)
}

// safeMode are members that RDF has no statement for: a careless issuer signs
// without them, and whoever holds the credential may change them.
func (l ldCollection) safeMode() {
	subject := func(name string, value any) func(*ldStage) {
		return func(s *ldStage) {
			s.claims = maps.Clone(s.claims)
			s.claims[name] = value
		}
	}
	uncovered := func(name, comment string, change func(*ldStage)) {
		l.reject("uncovered-"+name, comment, change, reason.ClaimsNotCovered)
	}
	uncovered("term", "a claim that no context defines", subject("blood_type", "O+"))
	uncovered("term-added", "a claim that no context defines, added by the holder", afterwards(func(_, s, _ map[string]any) { s["blood_type"] = "O+" }))
	uncovered("member", "a member of the credential that no context defines", issuedLD(Document("level", "high")))
	uncovered("type", "a type that no context defines, added by the holder", func(s *ldStage) {
		afterwards(func(_, subject, _ map[string]any) { subject["type"] = "Minister" })(s)
	})
	uncovered("type-twice", "types under another name of the same keyword, added by the holder", afterwards(func(c, _, _ map[string]any) {
		c["@type"] = "https://other.example/Minister"
	}))
	uncovered("keyword", "a claim that looks like a keyword", subject("@name", "x"))
	uncovered("null", "a claim that is null", subject("height", nil))
	uncovered("empty", "a claim that is a list of nothing", subject("height", []any{}))
	uncovered("twice", "a value twice", subject("height", []any{1, 1}))
	uncovered("rounded", "a number that RDF rounds", subject("height", json.RawMessage("12345678901234567891")))
	uncovered("relative", "a link that is relative", subject("link", "other"))
	uncovered("relative-id", "an id that is relative", subject("link", map[string]any{"id": "other", "height": 1}))
	uncovered("language", "a language that is none", subject("village", map[string]any{"@value": "x", "@language": "a b"}))
	uncovered("direction", "a direction, which RDF does not say", subject("village", map[string]any{"@value": "x", "@direction": "rtl"}))
	uncovered("blank", "a label of a blank node", subject("link", map[string]any{"id": "_:b", "height": 1}))
	uncovered("graph", "a graph inside the subject", subject("@graph", []any{map[string]any{"height": 1}}))
	l.reject("context-missing", "a context that is not at hand", func(s *ldStage) { delete(s.contexts, CitizenContext) }, reason.ContextRefused)
	l.reject("context-protected", "a context that gives a protected term another meaning", func(s *ldStage) {
		s.contexts[CitizenContext] = []byte(`{"@context": {"issuer": "https://other.example/terms#issuer"}}`)
	}, reason.ContextRefused)
	l.reject("context-circle", "a context that leads back to itself", func(s *ldStage) {
		s.contexts[CitizenContext] = []byte(`{"@context": ["` + CitizenContext + `"]}`)
	}, reason.ContextRefused)
	l.reject("context-meaning", "a context under the agreed URL that gives the claims another meaning", func(s *ldStage) {
		s.contexts[CitizenContext] = []byte(strings.Replace(string(s.contexts[CitizenContext]), "terms#fullName", "terms#motto", 1))
	}, reason.SignatureInvalid)
}
