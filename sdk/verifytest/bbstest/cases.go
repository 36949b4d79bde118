package bbstest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

const (
	audience = "https://bank.example/counter"
	nonce    = "n-0S6_WzA2Mj"
)

// WriteCases writes this package's cases below dir, a folder each, and gives their
// number. Every refusal has one cause, and says so in its comment.
func WriteCases(dir string) (int, error) {
	all := list()
	for _, c := range all {
		made, files := c.build()
		if err := made.Write(filepath.Join(dir, filepath.FromSlash(c.name)), files); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// stage is a case before it is played: a world in which everything is right, to be
// changed at one point.
type stage struct {
	old        bool // a suite of 2020
	world      *verifytest.World
	wallet     *verifytest.Wallet
	contexts   Contexts
	issuer     *Issuer
	signer     *Issuer // who really signs; issuer if nil
	credential map[string]any
	mandatory  []string
	pointers   []string
	nonce      string // what the derived proof is made for
	bare       bool   // not in a presentation
	base       bool   // as it was issued
	binding    cases.Binding
	components []func(*Derived)
	hide       []int // of the options of a proof of 2020
	shown      func(map[string]any)
	types      map[string]any // the trust entry's contexts, by type
	permits    []string       // its types; those if nil
	issued     string         // who the trust list has; the issuer if empty
	status     string         // the trust entry's rule
	now        time.Duration
	policy     string
	want       map[string]any
}

func (s *stage) did() string {
	if s.old {
		return s.issuer.DID2020()
	}
	return s.issuer.DID2023()
}

func newStage(old bool) *stage {
	s := &stage{old: old, world: verifytest.NewWorldNamed("bbs", verifytest.Epoch), contexts: CardContexts(), nonce: nonce, status: "none",
		mandatory: []string{"/issuer", "/validFrom", "/validUntil"},
		pointers:  []string{"/type", "/credentialSubject/id", "/credentialSubject/full name", "/credentialSubject/address/street"},
		binding:   cases.Binding{Kind: "bound", Nonce: nonce, Audience: audience},
		types:     map[string]any{"Card": []string{BaseContext, CardContext}}}
	s.wallet = s.world.AddWallet()
	s.issuer = NewIssuer("registry", s.contexts)
	s.credential = map[string]any{
		"@context": []string{BaseContext, CardContext}, "type": []string{"VerifiableCredential", "Card"},
		"issuer": s.did(), "validFrom": "2026-01-01T00:00:00Z", "validUntil": "2036-01-01T00:00:00Z",
		"credentialSubject": map[string]any{
			"id": s.wallet.DID(), "full name": "Pema Example", "village": "Example", "birth date": "1990-01-01",
			"address": map[string]any{"street": "Norzin Lam", "house": "12"},
		},
	}
	s.want = map[string]any{"credentialSubject": map[string]any{"full name": "Pema Example", "address": map[string]any{"street": "Norzin Lam"}}}
	return s
}

func (s *stage) subject() map[string]any { return s.credential["credentialSubject"].(map[string]any) }

// document is what is shown of the credential.
func (s *stage) document() map[string]any {
	signer := s.signer
	if signer == nil {
		signer = s.issuer
	}
	var out map[string]any
	switch {
	case s.old && s.base:
		out = signer.Issue2020(s.credential).Signed()
	case s.old:
		out = signer.Issue2020(s.credential).Show([]byte(s.nonce), slices.Concat(s.mandatory, s.pointers), s.hide...)
	case s.base:
		out = signer.Issue2023(s.credential, s.mandatory...).Base()
	default:
		out = signer.Issue2023(s.credential, s.mandatory...).Show([]byte(s.nonce), s.pointers, s.components...)
	}
	if s.signer != nil {
		out["proof"].(map[string]any)["verificationMethod"] = Method(s.did())
	}
	if s.shown != nil {
		s.shown(out)
	}
	return out
}

func (s *stage) play() (*cases.Case, map[string][]byte) {
	document := s.document()
	data, err := json.Marshal(document)
	must(err)
	input := data
	if !s.bare {
		input = s.wallet.PresentJWT(verifytest.VCDM2, audience, nonce, []any{json.RawMessage(data)})
	}
	issuer := s.issued
	if issuer == "" {
		issuer = s.did()
	}
	types := s.permits
	if types == nil {
		types = slices.Sorted(maps.Keys(s.types))
	}
	list, err := json.Marshal(map[string]any{
		"format": 1, "number": 1, "issued": s.world.Now().Format(time.RFC3339), "expires": s.world.Now().AddDate(20, 0, 0).Format(time.RFC3339),
		"issuers": []any{map[string]any{"id": issuer, "types": types, "contexts": s.types, "status": s.status}},
	})
	must(err)
	c := &cases.Case{Input: "presentation.txt", Encoding: "text", Now: s.world.Now().Add(s.now), Binding: s.binding, Trust: list, Contexts: map[string]string{}}
	if s.policy != "" {
		c.Policy = json.RawMessage(s.policy)
	}
	files := map[string][]byte{c.Input: input}
	for i, url := range slices.Sorted(maps.Keys(s.contexts)) {
		name := fmt.Sprintf("context-%d.json", i+1)
		c.Contexts[url], files[name] = name, []byte(s.contexts[url])
	}
	return c, files
}

// builder makes one case.
type builder struct {
	name, comment string
	expect        reason.Outcome
	reasons       []reason.Code
	old           bool
	change        func(*stage)
}

func (b builder) build() (*cases.Case, map[string][]byte) {
	s := newStage(b.old)
	b.change(s)
	c, files := s.play()
	c.Comment, c.Expect, c.Reasons = b.comment, b.expect, &b.reasons
	if b.expect == reason.Accepted {
		c.Claims = s.want
	}
	return c, files
}

// list is every case.
func list() []builder {
	var out []builder
	for _, old := range []bool{false, true} {
		suite := "bbs-2023"
		if old {
			suite = "bbs-2020"
		}
		accept := func(name, comment string, change func(*stage)) {
			out = append(out, builder{suite + "/" + name, comment, reason.Accepted, []reason.Code{}, old, change})
		}
		reject := func(name, comment string, change func(*stage), codes ...reason.Code) {
			out = append(out, builder{suite + "/" + name, comment, reason.Rejected, codes, old, change})
		}
		common(accept, reject)
		if old {
			only2020(accept, reject)
		} else {
			only2023(accept, reject)
		}
	}
	return out
}

type (
	accepting func(name, comment string, change func(*stage))
	rejecting func(name, comment string, change func(*stage), codes ...reason.Code)
)

func proofOf(document map[string]any) map[string]any { return document["proof"].(map[string]any) }

func subjectOf(document map[string]any) map[string]any {
	return document["credentialSubject"].(map[string]any)
}

func bearer(s *stage) { s.bare, s.binding = true, cases.Binding{Kind: "bearer"} }

// common is what holds for both suites.
func common(accept accepting, reject rejecting) {
	accept("accepted", "a derived credential, shown in a presentation of its holder", func(*stage) {})
	accept("accepted-with-another-nonce", "the presentation answers the challenge; for what nonce the proof inside was made is the wallet's affair", func(s *stage) { s.nonce = "x" })
	accept("accepted-bearer", "a derived credential, no proof of possession wanted", bearer)
	accept("accepted-nameless-bearer", "the subject's identifier is not shown", func(s *stage) {
		bearer(s)
		s.pointers = append([]string{"/type"}, "/credentialSubject/full name", "/credentialSubject/address/street")
		delete(s.subject(), "id")
	})
	accept("accepted-little", "one claim is shown", func(s *stage) {
		s.pointers = []string{"/type", "/credentialSubject/id", "/credentialSubject/full name"}
		s.want = map[string]any{"credentialSubject": map[string]any{"full name": "Pema Example"}}
	})
	reject("bare-and-bound", "it answers the challenge, but what answers is the issuer's signature and no key of the holder's", func(s *stage) { s.bare = true }, reason.HolderBindingMissing)
	reject("bare-and-another-nonce", "it was made for another challenge, besides", func(s *stage) { s.bare, s.nonce = true, "x" }, reason.HolderBindingMissing, reason.NonceMismatch)
	reject("bare-and-fresh", "no nonce says when it was made", func(s *stage) {
		s.bare, s.binding = true, cases.Binding{Kind: "fresh", Audience: audience, WindowS: 60}
	}, reason.HolderBindingMissing)
	reject("nameless", "the credential does not name its subject, so that anybody may present it", func(s *stage) { delete(s.subject(), "id"); s.pointers = slices.Delete(s.pointers, 1, 2) }, reason.HolderBindingMissing)
	reject("of-another", "the credential is about somebody else than who presents it", func(s *stage) { s.subject()["id"] = "did:example:another" }, reason.HolderBindingMismatch)
	reject("claim-changed", "a claim is another than was signed", func(s *stage) {
		s.shown = func(d map[string]any) { subjectOf(d)["full name"] = "Dorji Example" }
	}, reason.SignatureInvalid)
	reject("claim-renamed", "a claim stands under another term", func(s *stage) {
		s.shown = func(d map[string]any) { m := subjectOf(d); m["village"] = m["full name"]; delete(m, "full name") }
	}, reason.SignatureInvalid)
	reject("claim-added", "a claim that is not disclosed is shown with its true value", func(s *stage) {
		s.shown = func(d map[string]any) { subjectOf(d)["village"] = "Example" }
	}, reason.SignatureInvalid)
	reject("claim-left-out", "a claim that the proof discloses is not there", func(s *stage) {
		s.shown = func(d map[string]any) { delete(subjectOf(d), "full name") }
	}, reason.SignatureInvalid)
	reject("claim-without-meaning", "a claim that no context defines", func(s *stage) {
		s.shown = func(d map[string]any) { subjectOf(d)["unknown"] = "x" }
	}, reason.ClaimsNotCovered)
	reject("validity-prolonged", "the end of validity is later than was signed", func(s *stage) {
		s.shown = func(d map[string]any) { d["validUntil"] = "2046-01-01T00:00:00Z" }
	}, reason.SignatureInvalid)
	reject("subject-exchanged", "the subject has the presenter's identifier, and had another", func(s *stage) {
		mine := s.wallet.DID()
		s.subject()["id"] = "did:example:another"
		s.shown = func(d map[string]any) { subjectOf(d)["id"] = mine }
	}, reason.SignatureInvalid)
	reject("by-another-key", "signed by a key that is not the issuer's", func(s *stage) { s.signer = NewIssuer("stranger", s.contexts) }, reason.SignatureInvalid)
	reject("issuer-unknown", "the trust list has another issuer", func(s *stage) { s.issued = "https://registry.example" }, reason.IssuerUnknown)
	reject("type-not-trusted", "the trust list permits the issuer another type", func(s *stage) {
		s.permits = []string{"Licence"}
	}, reason.IssuerNotForType)
	reject("contexts-in-another-order", "the trust list has the contexts in another order", func(s *stage) {
		s.types = map[string]any{"Card": []string{CardContext, BaseContext}}
	}, reason.ContextRefused)
	reject("status-not-shown", "the trust list requires a status, and the holder shows none", func(s *stage) { s.status = "required" }, reason.StatusMissing)
	reject("method-unknown", "a verification method that the issuer's DID does not have", func(s *stage) {
		s.shown = func(d map[string]any) { proofOf(d)["verificationMethod"] = s.did() + "#other" }
	}, reason.KeyUnknown)
	reject("purpose-exchanged", "a proof for authentication", func(s *stage) {
		s.shown = func(d map[string]any) { proofOf(d)["proofPurpose"] = "authentication" }
	}, reason.SignatureInvalid)
	reject("created-changed", "the proof says that it was made at another time", func(s *stage) {
		s.shown = func(d map[string]any) { proofOf(d)["created"] = "2026-01-02T00:00:00Z" }
	}, reason.SignatureInvalid)
	reject("expires-added", "the proof says when it is over, and was not signed so", func(s *stage) {
		s.shown = func(d map[string]any) { proofOf(d)["expires"] = "2036-01-01T00:00:00Z" }
	}, reason.SignatureInvalid)
	reject("no-proof", "without a proof", func(s *stage) {
		s.shown = func(d map[string]any) { delete(d, "proof") }
	}, reason.SignatureMissing)
	reject("two-proofs-one-wrong", "beside the proof stands one of another suite that is none", func(s *stage) {
		s.shown = func(d map[string]any) {
			other := maps.Clone(proofOf(d))
			other["created"] = "2026-01-02T00:00:00Z"
			d["proof"] = []any{proofOf(d), other}
		}
	}, reason.SignatureInvalid)
	reject("suite-unknown", "a suite that nobody has", func(s *stage) {
		s.shown = func(d map[string]any) {
			proofOf(d)["type"] = "BbsTermwiseSignature2021"
			delete(proofOf(d), "cryptosuite")
		}
	}, reason.AlgorithmRefused)
	reject("expired", "after the end of validity", func(s *stage) { bearer(s); s.now = 20 * 365 * 24 * time.Hour }, reason.Expired)
	reject("policy-without-bbs", "a policy that takes no BBS", func(s *stage) { s.policy = `{"format":1,"algorithms":["ES256"]}` }, reason.AlgorithmRefused)
	reject("claim-required", "a policy wants a claim that the holder did not show", func(s *stage) {
		s.policy = `{"format":1,"credentials":[{"id":"card","required_claims":[["credentialSubject","village"]]}]}`
	}, reason.ClaimMissing)
}

// only2023 is what bbs-2023 has beyond the others.
func only2023(accept accepting, reject rejecting) {
	component := func(change func(*Derived)) func(*stage) {
		return func(s *stage) { s.components = append(s.components, change) }
	}
	header := func(b byte) func(*stage) {
		return func(s *stage) {
			s.shown = func(d map[string]any) {
				text := proofOf(d)["proofValue"].(string)
				data, err := base64.RawURLEncoding.DecodeString(text[1:])
				must(err)
				data[2] = b
				proofOf(d)["proofValue"] = "u" + base64.RawURLEncoding.EncodeToString(data)
			}
		}
	}
	accept("accepted-mandatory-alone", "nothing is shown but what must be", func(s *stage) {
		s.mandatory = append(s.mandatory, s.pointers...)
		s.pointers = nil
	})
	accept("accepted-nothing-mandatory", "nothing must be shown", func(s *stage) { s.pointers = append(s.pointers, s.mandatory...); s.mandatory = nil })
	reject("presentation-header-exchanged", "the proof was made for another presentation header", component(func(d *Derived) { d.PresentationHeader = []byte("x") }), reason.SignatureInvalid)
	reject("mandatory-as-disclosed", "a mandatory statement is counted among the others", component(func(d *Derived) { d.Mandatory = d.Mandatory[1:] }), reason.SignatureInvalid)
	reject("mandatory-left-out", "a mandatory date is not shown", func(s *stage) {
		s.shown = func(d map[string]any) { delete(d, "validUntil") }
	}, reason.SignatureInvalid)
	reject("disclosed-elsewhere", "a statement is said to stand at another place", component(func(d *Derived) { d.Disclosed[len(d.Disclosed)-1]++ }), reason.SignatureInvalid)
	reject("labels-exchanged", "two nodes have each other's label", component(func(d *Derived) { d.Labels[0], d.Labels[1] = d.Labels[1], d.Labels[0] }), reason.SignatureInvalid)
	reject("labels-alike", "two nodes have one label", component(func(d *Derived) { d.Labels[0] = d.Labels[1] }), reason.SignatureInvalid)
	reject("label-missing", "a node has no label", component(func(d *Derived) { delete(d.Labels, len(d.Labels)-1) }), reason.SignatureInvalid)
	reject("proof-flipped", "a bit of the BBS proof is another", component(func(d *Derived) { d.Proof[len(d.Proof)-1] ^= 1 }), reason.SignatureInvalid)
	reject("a-feature-that-is-not-here", "the header of anonymous holder binding", header(0x05), reason.AlgorithmRefused)
	// What is no derived proof is nothing that could be decided on.
	reject("base-proof", "the issuer's base proof, which is the holder's secret", func(s *stage) { s.base = true }, reason.FormatUnsupported)
	reject("header-unknown", "a header that nobody has", header(0x7f), reason.Malformed)
	reject("indexes-fall", "indexes that do not rise", component(func(d *Derived) { slices.Reverse(d.Disclosed) }), reason.Malformed)
	reject("label-beyond", "a label for a node that there cannot be", component(func(d *Derived) { d.Labels[99] = 99 }), reason.Malformed)
	reject("proof-cut", "a BBS proof of a length that none has", component(func(d *Derived) { d.Proof = d.Proof[:len(d.Proof)-1] }), reason.Malformed)
}

// only2020 is what the suites of 2020 have beyond the others.
func only2020(accept accepting, reject rejecting) {
	value := func(change func([]byte) []byte) func(*stage) {
		return func(s *stage) {
			s.shown = func(d map[string]any) {
				data, err := base64.StdEncoding.DecodeString(proofOf(d)["proofValue"].(string))
				must(err)
				proofOf(d)["proofValue"] = base64.StdEncoding.EncodeToString(change(data))
			}
		}
	}
	accept("accepted-whole", "as it was issued, nothing left out", func(s *stage) { s.base = true })
	accept("accepted-base64url", "the proof in base64url without padding", func(s *stage) {
		s.shown = func(d map[string]any) {
			data, err := base64.StdEncoding.DecodeString(proofOf(d)["proofValue"].(string))
			must(err)
			proofOf(d)["proofValue"] = base64.RawURLEncoding.EncodeToString(data)
		}
	})
	accept("accepted-without-end", "the holder does not show when it ends, and nothing asks for it", func(s *stage) { s.mandatory = []string{"/issuer", "/validFrom"} })
	reject("end-required", "the holder does not show when it ends, and the policy wants it", func(s *stage) {
		s.mandatory = []string{"/issuer", "/validFrom"}
		s.policy = `{"format":1,"credentials":[{"id":"card","required_claims":[["validUntil"]]}]}`
	}, reason.ClaimMissing)
	for n, what := range []string{"when it was made", "its type", "its purpose"} {
		reject(fmt.Sprintf("option-hidden-%d", n), "the holder does not disclose what the proof's options say of "+what, func(s *stage) { s.hide = []int{n} }, reason.SignatureInvalid)
	}
	reject("whole-and-changed", "as it was issued, and a claim is another", func(s *stage) {
		s.base = true
		s.shown = func(d map[string]any) { subjectOf(d)["full name"] = "Dorji Example" }
	}, reason.SignatureInvalid)
	reject("nonce-exchanged", "the proof was made for another nonce", func(s *stage) {
		s.shown = func(d map[string]any) { proofOf(d)["nonce"] = "eA==" }
	}, reason.SignatureInvalid)
	reject("no-nonce", "a derived proof without a nonce", func(s *stage) {
		s.shown = func(d map[string]any) { delete(proofOf(d), "nonce") }
	}, reason.SignatureInvalid)
	reject("label-exchanged", "a node has another label than was signed", func(s *stage) {
		s.shown = func(d map[string]any) { subjectOf(d)["address"].(map[string]any)["id"] = "urn:bnid:_:c14n9" }
	}, reason.SignatureInvalid)
	reject("node-split", "what is said of one node is said of two, one of them without a name", func(s *stage) {
		s.pointers = append(s.pointers, "/credentialSubject/address/house")
		s.shown = func(d map[string]any) {
			address := subjectOf(d)["address"].(map[string]any)
			subjectOf(d)["address"] = []any{map[string]any{"house": address["house"]}, map[string]any{"id": address["id"], "street": address["street"]}}
		}
	}, reason.SignatureInvalid)
	reject("type-exchanged", "a derived proof that says it is a signature", func(s *stage) {
		s.shown = func(d map[string]any) { proofOf(d)["type"] = "BbsBlsSignature2020" }
	}, reason.Malformed)
	reject("proof-flipped", "a bit of the proof is another", value(func(b []byte) []byte { b[len(b)-1] ^= 1; return b }), reason.SignatureInvalid)
	reject("proof-cut", "a proof a byte short", value(func(b []byte) []byte { return b[:len(b)-1] }), reason.Malformed)
	reject("proof-prolonged", "a response that nothing asks for stands behind the others", value(func(b []byte) []byte { return append(b, make([]byte, 32)...) }), reason.Malformed)
	reject("messages-beyond", "more messages than a proof may have", value(func(b []byte) []byte { b[0] = 0xff; return b }), reason.TooLarge)
}
