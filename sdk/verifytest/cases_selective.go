package verifytest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
	"github.com/dzong-id/dzong/sdk/reason"
)

// selectiveStage is a case of ecdsa-sd-2023 before it is played.
type selectiveStage struct {
	ldStage
	mandatory []string
	pointers  []string
	base      bool                         // as it was issued
	proof     func(*derive.DisclosedECDSA) // what the derived proof holds
	shown     func(map[string]any)         // behind the signer's back
}

func newSelectiveStage() *selectiveStage {
	s := &selectiveStage{
		ldStage:   *newLDStage(ECDSARDFC), // of presentations
		mandatory: []string{"/issuer", "/validFrom", "/validUntil", "/credentialStatus"},
		pointers:  []string{"/credentialSubject/full_name", "/credentialSubject/link/village"},
	}
	s.claims["link"] = map[string]any{"village": "Elsewhere", "height": "2000"}
	return s
}

func (s *selectiveStage) play() scene {
	s.credential = func(*ldStage) map[string]any { return s.derived() }
	return s.ldStage.play()
}

func (s *selectiveStage) derived() map[string]any {
	held := s.registry.IssueSelective(s.wallet, s.claims, s.mandatory, s.issue...)
	out := held.Whole()
	if !s.base {
		out = held.Show(s.pointers...)
	}
	if s.proof != nil {
		text := proofOf(out)["proofValue"].(string)
		d, err := derive.ReadDisclosedECDSA(text)
		if err == nil {
			s.proof(d)
			text, err = d.ProofValue()
		}
		if err != nil {
			panic(fmt.Sprintf("verifytest: rewrite own proof: %v", err))
		}
		proofOf(out)["proofValue"] = text
	}
	if s.shown != nil {
		s.shown(out)
	}
	return out
}

func subjectOf(document map[string]any) map[string]any {
	return document["credentialSubject"].(map[string]any)
}

func proofOf(document map[string]any) map[string]any { return document["proof"].(map[string]any) }

// selectiveCases are those of derived proofs: what a holder may show, and what
// nobody may make of it.
func selectiveCases(c *collection) {
	all := casesOf[*selectiveStage]{c, newSelectiveStage, (*selectiveStage).play}
	shown := func(change func(map[string]any)) func(*selectiveStage) {
		return func(s *selectiveStage) { s.shown = change }
	}
	proof := func(change func(*derive.DisclosedECDSA)) func(*selectiveStage) {
		return func(s *selectiveStage) { s.proof = change }
	}
	bearer := func(s *selectiveStage) { bearerLD(&s.ldStage) }

	all.accept("accepted", "a derived credential in a presentation of its holder", func(*selectiveStage) {})
	all.accept("accepted-bearer", "a derived credential, no proof of possession wanted", bearer)
	all.accept("accepted-one-claim", "one claim is shown", func(s *selectiveStage) {
		s.pointers = []string{"/credentialSubject/full_name"}
	})
	all.accept("accepted-all", "every claim is shown", func(s *selectiveStage) { s.pointers = []string{"/credentialSubject"} })
	all.accept("accepted-all-mandatory", "nothing may be left out", func(s *selectiveStage) { s.mandatory = append(s.mandatory, "/credentialSubject") })
	all.accept("accepted-nothing-mandatory", "everything may be left out", func(s *selectiveStage) { s.mandatory, s.pointers = nil, append(s.pointers, s.mandatory...) })

	all.reject("claim-changed", "a claim is another than was signed", shown(func(d map[string]any) { subjectOf(d)["full_name"] = "Dorji Example" }), reason.SignatureInvalid)
	all.reject("claim-renamed", "a claim stands under another term", shown(func(d map[string]any) {
		m := subjectOf(d)
		m["village"] = m["full_name"]
		delete(m, "full_name")
	}), reason.SignatureInvalid)
	all.reject("claim-undisclosed", "a claim that was signed is shown without its signature", shown(func(d map[string]any) { subjectOf(d)["birth_date"] = "1990-01-01" }), reason.SignatureInvalid)
	all.reject("claim-left-out", "a claim is left out, and its signature is not", shown(func(d map[string]any) { delete(subjectOf(d), "full_name") }), reason.SignatureInvalid)
	all.reject("claim-without-meaning", "a claim that no context defines", shown(func(d map[string]any) { subjectOf(d)["unknown"] = "x" }), reason.ClaimsNotCovered)
	all.reject("claim-moved", "a claim about somewhere else is shown as one about the holder", shown(func(d map[string]any) {
		subjectOf(d)["village"] = "Elsewhere"
		delete(subjectOf(d), "link")
	}), reason.SignatureInvalid)
	all.reject("mandatory-left-out", "when it ends is not shown, though it must be", shown(func(d map[string]any) { delete(d, "validUntil") }), reason.SignatureInvalid)
	all.reject("validity-prolonged", "the end of validity is later than was signed", shown(func(d map[string]any) { d["validUntil"] = "2046-01-01T00:00:00Z" }), reason.SignatureInvalid)
	all.reject("type-exchanged", "the type is left out", shown(func(d map[string]any) { d["type"] = []any{"VerifiableCredential"} }), reason.SignatureInvalid)
	all.reject("subject-exchanged", "the subject has the presenter's identifier, and had another", func(s *selectiveStage) {
		mine := s.wallet.DID()
		s.issue = append(s.issue, func(_, d map[string]any) { subjectOf(d)["id"] = "did:example:another" })
		s.shown = func(d map[string]any) { subjectOf(d)["id"] = mine }
	}, reason.SignatureInvalid)
	all.reject("two-nodes-as-one", "all nodes have one label", proof(func(d *derive.DisclosedECDSA) {
		for n := range d.Labels {
			d.Labels[n] = d.Labels[0]
		}
	}), reason.SignatureInvalid)

	all.reject("base-proof", "the issuer's base proof, which holds the holder's secret", func(s *selectiveStage) { bearer(s); s.base = true }, reason.FormatUnsupported)
	all.reject("base-proof-presented", "the same, in a presentation", func(s *selectiveStage) { s.base = true }, reason.FormatUnsupported)
	all.reject("base-signature-flipped", "a bit of the issuer's signature is another", proof(func(d *derive.DisclosedECDSA) { d.BaseSignature[40] ^= 1 }), reason.SignatureInvalid)
	all.reject("signature-flipped", "a bit of a statement's signature is another", proof(func(d *derive.DisclosedECDSA) { d.Signatures[0][40] ^= 1 }), reason.SignatureInvalid)
	all.reject("signature-missing-in-it", "a statement has no signature", proof(func(d *derive.DisclosedECDSA) { d.Signatures = d.Signatures[1:] }), reason.SignatureInvalid)
	all.reject("signature-more", "a signature has no statement", proof(func(d *derive.DisclosedECDSA) { d.Signatures = append(d.Signatures, d.Signatures[0]) }), reason.SignatureInvalid)
	all.reject("signatures-exchanged", "two statements have each other's signature", proof(func(d *derive.DisclosedECDSA) { d.Signatures[0], d.Signatures[1] = d.Signatures[1], d.Signatures[0] }), reason.SignatureInvalid)
	all.reject("own-key", "the statements are signed by a key that the issuer did not sign for", func(s *selectiveStage) {
		stranger := deriveKey("stranger")
		s.proof = func(d *derive.DisclosedECDSA) { copy(d.PublicKey[2:], stranger.point()) }
	}, reason.SignatureInvalid)
	all.reject("mandatory-as-others", "a mandatory statement is counted among the others", proof(func(d *derive.DisclosedECDSA) { d.MandatoryIndexes = d.MandatoryIndexes[1:] }), reason.SignatureInvalid)
	all.reject("mandatory-beyond", "an index beyond the statements", proof(func(d *derive.DisclosedECDSA) { d.MandatoryIndexes = append(d.MandatoryIndexes, 400) }), reason.SignatureInvalid)
	all.reject("mandatory-falling", "indexes that do not rise", proof(func(d *derive.DisclosedECDSA) { slices.Reverse(d.MandatoryIndexes) }), reason.Malformed)
	all.reject("mandatory-twice", "an index twice", proof(func(d *derive.DisclosedECDSA) {
		d.MandatoryIndexes = append(d.MandatoryIndexes, slices.Max(d.MandatoryIndexes))
	}), reason.Malformed)
	all.reject("labels-exchanged", "two nodes have each other's label", proof(func(d *derive.DisclosedECDSA) { d.Labels[0], d.Labels[1] = d.Labels[1], d.Labels[0] }), reason.SignatureInvalid)
	all.reject("label-unused", "a label that no node has", proof(func(d *derive.DisclosedECDSA) { d.Labels[len(d.Labels)] = make([]byte, 32) }), reason.SignatureInvalid)
	all.reject("label-missing", "a node has no label", proof(func(d *derive.DisclosedECDSA) { delete(d.Labels, len(d.Labels)-1) }), reason.SignatureInvalid)
	all.reject("label-short", "a label of 31 bytes", proof(func(d *derive.DisclosedECDSA) { d.Labels[0] = d.Labels[0][1:] }), reason.Malformed)
	all.reject("key-no-point", "a key that is no point of the curve", proof(func(d *derive.DisclosedECDSA) { d.PublicKey[2] = 5 }), reason.Malformed)
	all.reject("proof-behind", "bytes behind the proof", shown(func(d map[string]any) { proofOf(d)["proofValue"] = proofOf(d)["proofValue"].(string) + "AAAA" }), reason.Malformed)
	all.reject("option-changed", "the proof says that it was made at another time", shown(func(d map[string]any) { proofOf(d)["created"] = "2026-01-02T00:00:00Z" }), reason.SignatureInvalid)
	all.reject("option-added", "the proof says when it is over, and was not signed so", shown(func(d map[string]any) { proofOf(d)["expires"] = "2036-01-01T00:00:00Z" }), reason.SignatureInvalid)
	all.reject("purpose-exchanged", "a proof for authentication", shown(func(d map[string]any) { proofOf(d)["proofPurpose"] = "authentication" }), reason.SignatureInvalid)
	all.reject("suite-exchanged", "a proof of another suite", shown(func(d map[string]any) { proofOf(d)["cryptosuite"] = "ecdsa-sd-2026" }), reason.AlgorithmRefused)
	all.reject("no-proof", "no proof", shown(func(d map[string]any) { delete(d, "proof") }), reason.SignatureMissing)
	all.reject("two-proofs-one-wrong", "beside the proof stands another that does not verify", shown(func(d map[string]any) {
		other := maps.Clone(proofOf(d))
		other["created"] = "2026-01-02T00:00:00Z"
		d["proof"] = []any{proofOf(d), other}
	}), reason.SignatureInvalid)
	all.reject("context-exchanged", "a context that nobody agreed on stands behind the others", func(s *selectiveStage) {
		bearer(s)
		s.shown = func(d map[string]any) {
			d["@context"] = append(d["@context"].([]any), "https://registry.example/contexts/other")
		}
		s.contexts["https://registry.example/contexts/other"] = []byte(`{"@context": {}}`)
	}, reason.ContextRefused)
	all.reject("context-inline", "a context that stands in the credential itself", func(s *selectiveStage) {
		bearer(s)
		s.shown = func(d map[string]any) {
			d["@context"] = append(d["@context"].([]any), map[string]any{"other": "https://registry.example/terms#village"})
		}
	}, reason.ContextRefused)
	all.reject("context-not-at-hand", "a context is not at hand", func(s *selectiveStage) { delete(s.contexts, CitizenContext) }, reason.ContextRefused)

	all.reject("key-of-nobody", "a verification method that the issuer does not have", shown(func(d map[string]any) {
		proofOf(d)["verificationMethod"] = proofOf(d)["verificationMethod"].(string) + "0"
	}), reason.KeyUnknown)
	all.reject("issuer-unknown", "the trust list has another issuer", func(s *selectiveStage) { s.trust = entry("id", "https://other.example") }, reason.IssuerUnknown)
	all.reject("type-not-trusted", "the issuer may issue another type", func(s *selectiveStage) { s.trust = entry("types", []string{"Licence"}) }, reason.IssuerNotForType)
	all.reject("status-not-shown", "the issuer did not make the status mandatory, and none is shown", func(s *selectiveStage) { s.mandatory = s.mandatory[:3] }, reason.StatusMissing)
	all.reject("claim-required", "the policy wants a claim that the holder did not show", func(s *selectiveStage) {
		s.policy = `{"format":1,"credentials":[{"id":"card","required_claims":[["credentialSubject","birth_date"]]}]}`
	}, reason.ClaimMissing)
	all.reject("policy-without-ES256", "a policy that takes other algorithms", func(s *selectiveStage) { s.policy = `{"format":1,"algorithms":["EdDSA"]}` }, reason.AlgorithmRefused)
	all.reject("expired", "after the end of validity", func(s *selectiveStage) {
		s.issue = append(s.issue, Document("validUntil", s.world.Now().Add(time.Minute).Format(time.RFC3339)))
	}, reason.Expired)
	all.reject("revoked", "the status list says that it is revoked", func(s *selectiveStage) { s.registry.statuses[0] = 1 }, reason.Revoked)

	all.reject("bare-and-bound", "a challenge, and nobody answers", func(s *selectiveStage) { s.bare = true }, reason.HolderBindingMissing)
	all.reject("another-nonce", "the presentation answers another challenge", func(s *selectiveStage) { s.binding.Nonce = "other" }, reason.NonceMismatch)
	all.reject("another-audience", "the presentation was made for somebody else", func(s *selectiveStage) { s.binding.Audience = "https://other.example" }, reason.AudienceMismatch)
	all.reject("of-another", "somebody else presents it", func(s *selectiveStage) {
		s.issue = append(s.issue, func(_, d map[string]any) { subjectOf(d)["id"] = s.world.AddWallet().DID() })
	}, reason.HolderBindingMismatch)
	all.reject("nameless", "the credential does not name its subject, so that anybody may present it", func(s *selectiveStage) {
		s.issue = append(s.issue, func(_, d map[string]any) { delete(subjectOf(d), "id") })
	}, reason.HolderBindingMissing)
	all.reject("exchanged-in-presentation", "the credential is exchanged in a signed presentation", func(s *selectiveStage) {
		s.changed = func(vp map[string]any) {
			vp["verifiableCredential"] = []any{s.registry.IssueSelective(s.wallet, s.claims, s.mandatory).Show("/credentialSubject/village")}
		}
	}, reason.SignatureInvalid)
	all.reject("presentation-without-proof", "a presentation that nobody signed", func(s *selectiveStage) { s.changed = func(vp map[string]any) { delete(vp, "proof") } }, reason.SignatureMissing)
}
