package verifytest

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/sdk/cwt"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// cwtStage is a case of a CBOR web token before it is played: an identity on a card
// in which everything is right, to be changed at one point.
type cwtStage struct {
	world  *World
	issuer *Issuer
	claims map[any]any
	wallet *Wallet // bound to by cnf; nil: bound to nobody
	issue  []CWTIssueOption
	bytes  func([]byte) []byte // the token, before it is wrapped
	wrap   func(*HeldCWT) string
	code   func(string) string // the code's text
	before func(*HeldCWT)      // before the list is signed
	list   func([]byte) []byte
	noList bool
	jwt    bool // the list as JWT
	trust  func(map[string]any)
	now    func(time.Time) time.Time
	bind   cases.Binding
	policy string
	want   map[string]any // claims that must come out; the name if nil
}

func newCWTStage() *cwtStage {
	w := NewWorldNamed("cwt cases", Epoch)
	return &cwtStage{
		world:  w,
		issuer: w.AddIssuer(caseIssuer, cwt.TypeIdentity),
		claims: map[any]any{169: map[any]any{
			1: "11223344556", 4: "Pema Example", 8: "19900101", 9: 2, 13: "BT", 16: []byte{0xff, 0xd8, 0xff}, 17: 1,
		}},
		wrap: (*HeldCWT).Code,
		bind: cases.Binding{Kind: "bearer"},
	}
}

// play shows the code that the stage makes.
func (s *cwtStage) play() scene {
	held := s.issuer.IssueCWT(s.wallet, s.claims, s.issue...)
	s.world.Advance(time.Hour)
	if s.before != nil {
		s.before(held)
	}
	if s.bytes != nil {
		held.token = s.bytes(held.token)
	}
	text := s.wrap(held)
	if s.code != nil {
		text = s.code(text)
	}
	made := scene{input: []byte(text), file: "code.txt", now: s.world.Now(), binding: s.bind, trust: changed(s.world.TrustJSON(), s.trust), claims: s.want}
	if s.now != nil {
		made.now = s.now(made.now)
	}
	if s.policy != "" {
		made.policy = json.RawMessage(s.policy)
	}
	if !s.noList {
		list, file := s.issuer.StatusCWT(), "status.cwt"
		if s.jwt {
			list, file = s.issuer.StatusToken(), "status.jwt"
		}
		if s.list != nil {
			list = s.list(list)
		}
		made.status = []statusList{{s.issuer.StatusURI(), file, list}}
	}
	if made.claims == nil {
		made.claims = map[string]any{"iss": caseIssuer}
	}
	return made
}

// issued adds an option for the issuer.
func (s *cwtStage) issued(o CWTIssueOption) { s.issue = append(s.issue, o) }

// claim sets a claim, or removes it if v is nil.
func (s *cwtStage) claim(name, v any) { s.issued(CWTClaim(name, v)) }

// attribute sets an attribute of claim 169.
func (s *cwtStage) attribute(number, v any) { s.claims[169].(map[any]any)[number] = v }

// signedBy has another sign.
func (s *cwtStage) signedBy(k *jws.PrivateKey) { s.issued(func(c *cwtIssue) { c.key = k }) }

// payload has something else signed than the claims.
func (s *cwtStage) payload(data []byte) { s.issued(func(c *cwtIssue) { c.message.Payload = data }) }

// health makes it a health certificate: the country's, whose trust entry lists its
// signer's certificate, and whose kid is that certificate's digest.
func (s *cwtStage) health() certificate {
	country := "BT"
	s.issuer = s.world.AddIssuer(country, cwt.TypeHealth)
	signer := certify(certificate{}, "cwt cases/dsc", nil, func(c *x509.Certificate) {
		c.Subject.CommonName, c.Subject.Country = "Document Signer", []string{country}
		c.KeyUsage = x509.KeyUsageDigitalSignature
		c.NotBefore, c.NotAfter = Epoch.AddDate(0, -1, 0), Epoch.AddDate(1, 0, 0)
	})
	s.signedBy(must(jws.NewPrivateKey("ES256", signer.key)))
	s.kid(signer, 8)
	s.claims = map[any]any{-260: map[any]any{1: map[string]any{"ver": "1.3.0", "dob": "1990-01-01", "nam": map[string]any{"fn": "Example", "gn": "Pema"}}}}
	s.claim(65535, nil)
	s.wrap, s.noList = (*HeldCWT).HealthCode, true
	s.trust = func(list map[string]any) {
		for _, e := range list["issuers"].([]any) {
			if e := e.(map[string]any); e["id"] == any(country) {
				e["status"], e["x509"] = "none", []any{map[string]any{"cert": pemOf(signer)}}
				delete(e, "status_lists")
				delete(e, "jwks")
			}
		}
	}
	s.want = map[string]any{"hcert": map[string]any{"eu_dgc_v1": map[string]any{"ver": "1.3.0", "dob": "1990-01-01", "nam": map[string]any{"fn": "Example", "gn": "Pema"}}}}
	return signer
}

// kid names a certificate by so many bytes of its digest.
func (s *cwtStage) kid(c certificate, bytes int) {
	sum := sha256.Sum256(c.Raw)
	s.issued(CWTHeader(int(cose.LabelKeyID), sum[:bytes]))
}

// typed makes it a credential of a type that says so itself, and binds it to a
// holder.
func (s *cwtStage) typed() {
	s.claims = map[any]any{"full_name": "Pema Example"}
	s.claim(11, caseType)
	s.wallet = s.world.AddWallet()
	s.issuer.vct = caseType
	s.want = map[string]any{"vct": caseType, "full_name": "Pema Example"}
}

// cwtOther is a key of the same kind that nobody lists.
func cwtOther() *jws.PrivateKey { return deriveKey("cwt other").private }

// answers wants a proof of possession.
func (s *cwtStage) answers(kind string) {
	s.bind = cases.Binding{Kind: kind, Audience: caseAudience}
	if kind == "bound" {
		s.bind.Nonce = caseNonce
	}
	if kind == "session" {
		s.bind = cases.Binding{Kind: kind, Transcript: fmt.Sprintf("%x", "transcript")}
	}
}
