package ldp

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/selective"
	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/reason"
)

func encodeSegment(s string) string { return base64url.Encode([]byte(s)) }

func checkCode(t *testing.T, err error) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) {
		t.Fatalf("uncoded error %v", err)
	}
	switch coded.Code {
	case reason.Malformed, reason.TooLarge, reason.FormatUnsupported:
	default:
		t.Fatalf("code %s", coded.Code)
	}
}

// FuzzProve: no bytes may panic, hang or be accepted. The finder gives a key that
// signed nothing.
func FuzzProve(f *testing.F) {
	issuer, holder := both(f)
	signed := sign(f, vc(), options("eddsa-rdfc-2022", issuerKey), issuer, contexts())
	f.Add(marshal(f, signed))
	f.Add(marshal(f, sign(f, vp(f, signed), options("Ed25519Signature2018", holderKey), holder, contexts())))
	f.Add(marshal(f, sign(f, vc(), options("eddsa-jcs-2022", issuerKey), issuer, contexts())))
	f.Add([]byte(`{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,x"}`))
	if dir := material.Root(); dir != "" {
		files, _ := filepath.Glob(filepath.Join(dir, "data-integrity", "*", "TestVectors", "*", "signed*.json"))
		for _, path := range files {
			f.Add(readFile(f, path))
		}
	}
	stranger := newKey(f, credential.EdDSA, issuerKey).public
	at := contexts()
	m := Mechanism(BhutanNDI())
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := m.Parse(data)
		if err != nil {
			checkCode(t, err)
			return
		}
		if !m.Recognise(data) {
			t.Fatal("parsed but not recognised")
		}
		start := time.Now()
		for _, b := range []credential.Binding{credential.BearerUnsafe(), credential.Bound(nonce, kioskID)} {
			found := p.Prove(credential.Evidence{
				Keys:    credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) { return []credential.Key{stranger}, nil }),
				Binding: b, At: now, Contexts: at,
			})
			for _, c := range found.Credentials {
				if c.Claims.Len() != 0 || codes(c.Checks) == "" {
					t.Fatal("accepted")
				}
			}
			if _, isEnvelope := p.(*envelope); !isEnvelope && found.Presenter != nil {
				t.Fatal("a presenter whose key signed nothing")
			}
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

// FuzzDerivedProofValue: no proofValue of ecdsa-sd-2023 panics, and none but the
// one that was made says what that one says.
func FuzzDerivedProofValue(f *testing.F) {
	s := newSelectiveIssuer(f)
	held := s.issue(f, person(), "/issuer", "/validFrom")
	shown := s.show(f, held, "/credentialSubject/height")
	good := shown["proof"].(object)["proofValue"].(string)
	for _, value := range []string{good, held["proof"].(object)["proofValue"].(string)} {
		raw, err := base64url.Decode(value[1:])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	m := Mechanism()
	ev := evidence(s.key)
	f.Fuzz(func(t *testing.T, raw []byte) {
		value := "u" + base64url.Encode(raw)
		shown["proof"].(object)["proofValue"] = value
		p, err := m.Parse(marshal(t, shown))
		if err != nil {
			checkCode(t, err)
			return
		}
		if out := p.Prove(ev).Credentials[0]; (codes(out.Checks) == "") != (value == good) && !equalButSignatures(t, value, good) {
			t.Fatalf("%q for %s", codes(out.Checks), value)
		}
	})
}

// equalButSignatures reports whether two proofs differ in signatures alone: an
// ECDSA signature has a twin that is as good.
func equalButSignatures(t testing.TB, a, b string) bool {
	read := func(value string) []byte {
		d, err := derive.ReadDisclosedECDSA(value)
		if err != nil {
			t.Fatal(err)
		}
		d.BaseSignature = nil
		clear(d.Signatures)
		return marshal(t, d)
	}
	return bytes.Equal(read(a), read(b))
}

// FuzzDerivedSubject puts any members into a credential whose statements are all
// properly signed, each second one by itself: as FuzzSubject for plain proofs.
func FuzzDerivedSubject(f *testing.F) {
	s := newSelectiveIssuer(f)
	for _, text := range []string{`{"Full Name":"x","link":[{"height":1},{"height":2}]}`, `{"list":[{"id":"urn:x"},{}],"raw":{"a":null}}`, `{"link":{"@id":"_:x","@type":"IDCard"}}`} {
		f.Add([]byte(text))
	}
	m := Mechanism().(*mechanism)
	f.Fuzz(func(t *testing.T, subject []byte) {
		data := []byte(`{"@context":["` + baseV2 + `","` + idCard + `"],"type":["VerifiableCredential","IDCard"],"issuer":"` + issuerDID + `","validFrom":"2026-01-01T00:00:00Z","credentialSubject":` + string(subject) +
			`,"proof":{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","verificationMethod":"` + issuerKey + `","proofPurpose":"assertionMethod","proofValue":"z1"}}`)
		p, err := m.Parse(data)
		if err != nil {
			checkCode(t, err)
			return
		}
		c := p.(*ldCredential)
		statements, check := (&canonical{document: &c.document, source: contexts()}).statements(c.body, true, false)
		if check != nil {
			return
		}
		proof := c.proofs[0]
		d := &disclosed{publicKey: s.point, key: s.ephemeral.public, labels: map[string]string{}}
		for _, q := range statements {
			q.Relabel(func(l string) string { d.labels[l] = "u" + l; return l })
		}
		lines, ok := selective.Relabel(statements, d.labels)
		if !ok {
			t.Fatal("the labels do not fit the statements they were made for")
		}
		for i, line := range lines {
			if i%2 == 0 {
				d.mandatory = append(d.mandatory, i)
			} else {
				d.signatures = append(d.signatures, s.ephemeral.sign([]byte(line)))
			}
		}
		must, _, _ := selective.Split(lines, d.mandatory)
		options, ok := (&Secured{proof: proof, contexts: c.contexts}).Options("")
		if !ok {
			t.Fatal("no options")
		}
		a, b := selective.Hash(options), selective.Hash(must)
		d.baseSignature = s.key.sign(slices.Concat(a[:], d.publicKey, b[:]))
		proof.derived, proof.algorithm = d, credential.ES256
		got := c.Prove(evidence(s.key)).Credentials[0]
		covered := codes(got.Checks) == ""
		if covered != (got.Claims.Len() > 0) || covered != (len(got.Uncovered) == 0) {
			t.Fatalf("%q with %d claims, uncovered %q", codes(got.Checks), got.Claims.Len(), got.Uncovered)
		}
	})
}

// FuzzSubject puts any members into a credential behind a good signature:
// expansion, coverage and claims.
func FuzzSubject(f *testing.F) {
	issuer := newKey(f, credential.EdDSA, issuerKey)
	for _, s := range []string{`{"Full Name":"x"}`, `{"height":1.5,"list":[{"id":"urn:x"}],"raw":{"a":null}}`, `{"by language":{"en":["a","b"]},"link":{"@id":"_:x","@type":"IDCard"}}`} {
		f.Add([]byte(s))
	}
	m := Mechanism().(*mechanism)
	f.Fuzz(func(t *testing.T, subject []byte) {
		data := []byte(`{"@context":["` + baseV2 + `","` + idCard + `"],"type":["VerifiableCredential","IDCard"],"issuer":"` + issuerDID + `","validFrom":"2026-01-01T00:00:00Z","credentialSubject":` + string(subject) +
			`,"proof":{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","verificationMethod":"` + issuerKey + `","proofPurpose":"assertionMethod","proofValue":"z1"}}`)
		p, err := m.Parse(data)
		if err != nil {
			checkCode(t, err)
			return
		}
		c := p.(*ldCredential)
		signed, check := (&canonical{document: &c.document, source: contexts()}).signed(c.proofs[0])
		if check != nil {
			return
		}
		c.proofs[0].signature = issuer.sign(signed)
		got := c.Prove(evidence(issuer)).Credentials[0]
		covered := codes(got.Checks) == ""
		if covered != (got.Claims.Len() > 0) || covered != (len(got.Uncovered) == 0) {
			t.Fatalf("%q with %d claims, uncovered %q", codes(got.Checks), got.Claims.Len(), got.Uncovered)
		}
	})
}
