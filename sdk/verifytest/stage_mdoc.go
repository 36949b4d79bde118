package verifytest

import (
	"bytes"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/mdoc"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// mdocStage is a case of a mobile document before it is played: a driving licence
// presented by OpenID4VP in which everything is right, to be changed at one point.
type mdocStage struct {
	world    *World
	issuer   *MDocIssuer
	wallet   *Wallet
	elements map[string]map[string]any
	issue    []MDocIssueOption
	present  []MDocPresentOption
	held     *HeldMDoc // issued by default if nil
	bytes    func([]byte) []byte
	file     string // of the response; a text if it ends in .txt
	trust    func(map[string]any)
	noList   bool
	now      func(time.Time) time.Time
	binding  cases.Binding
	policy   string
	want     map[string]any // claims that must come out; the name if nil
}

const (
	licenceType  = "org.iso.18013.5.1.mDL"
	licenceSpace = "org.iso.18013.5.1"
	licenceLocal = "org.iso.18013.5.1.BT"
)

func newMDocStage() *mdocStage {
	w := NewWorldNamed("mdoc cases", Epoch)
	s := &mdocStage{
		world:  w,
		issuer: w.AddMDocIssuer(caseIssuer, licenceType),
		wallet: w.AddWallet(),
		elements: map[string]map[string]any{
			licenceSpace: {
				"family_name": "Example", "given_name": "Pema", "birth_date": time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC),
				"issuing_country": mdocCountry, "portrait": []byte{0xff, 0xd8, 0xff}, "age_over_18": true,
			},
			licenceLocal: {"gewog": "Example"},
		},
		file: "response.hex",
	}
	s.session(caseTranscript("n-0S6_WzA2Mj"))
	return s
}

// caseTranscript is of a request by OpenID4VP with this nonce.
func caseTranscript(nonce string) []byte {
	return must(mdoc.OpenID4VPHandover{ClientID: "x509_san_dns:bank.example", Nonce: nonce, ResponseURI: "https://bank.example/response"}.SessionTranscript())
}

// session has the wallet sign over a transcript, and the verifier want that.
func (s *mdocStage) session(transcript []byte) {
	s.present = []MDocPresentOption{Over(transcript)}
	s.binding = cases.Binding{Kind: "session", Transcript: hex.EncodeToString(transcript)}
}

// mac has the wallet prove by deviceMac, for the reader that the verifier is.
func (s *mdocStage) mac() { s.macOn(credential.ES256) }

// macOn is mac on the curve of a signature algorithm.
func (s *mdocStage) macOn(alg credential.Algorithm) {
	private, jwk := readerKeyOn(alg, "reader")
	s.present = append(s.present, DeviceMAC(private.PublicKey()))
	s.binding.ReaderKey = jwk
}

// readerKey is the ephemeral key of a reader, and the same as private JWK.
func readerKey(label string) (*ecdh.PrivateKey, json.RawMessage) {
	return readerKeyOn(credential.ES256, label)
}

func readerKeyOn(alg credential.Algorithm, label string) (*ecdh.PrivateKey, json.RawMessage) {
	k := deriveKeyFor(alg, "mdoc "+label)
	private := must(k.private.ECDH())
	jwk := k.jwkMap("")
	jwk["d"] = base64url.Encode(private.Bytes())
	return private, mustJSON(jwk)
}

// bearer wants no proof.
func (s *mdocStage) bearer() { s.binding = cases.Binding{Kind: "bearer"} }

// play presents what the stage holds.
func (s *mdocStage) play() scene {
	held := s.held
	if held == nil {
		held = s.issuer.IssueMDoc(s.wallet, s.elements, s.issue...)
	}
	s.world.Advance(time.Hour)
	made := scene{
		input: s.wallet.PresentMDoc(held, s.present...), file: s.file, encoding: "hex",
		now: s.world.Now(), binding: s.binding, trust: changed(s.world.TrustJSON(), s.trust), claims: s.want,
	}
	if s.bytes != nil {
		made.input = s.bytes(made.input)
	}
	if s.file != "response.hex" {
		made.encoding = "text"
	}
	if s.now != nil {
		made.now = s.now(made.now)
	}
	if s.policy != "" {
		made.policy = json.RawMessage(s.policy)
	}
	if !s.noList {
		made.status = []statusList{{s.issuer.StatusURI(), "status.jwt", s.issuer.StatusToken()}}
	}
	if made.claims == nil {
		made.claims = map[string]any{licenceSpace: map[string]any{"family_name": "Example"}}
	}
	return made
}

// changed is a trust list after a change.
func changed(data []byte, change func(map[string]any)) json.RawMessage {
	if change == nil {
		return data
	}
	var list map[string]any
	if err := json.Unmarshal(data, &list); err != nil {
		panic(fmt.Sprintf("verifytest: read own trust list: %v", err))
	}
	change(list)
	return mustJSON(list)
}

// asText has the wallet hand over the base64url text of the response.
func (s *mdocStage) asText(change func(string) string) {
	s.file = "response.txt"
	s.bytes = func(b []byte) []byte { return []byte(change(base64.RawURLEncoding.EncodeToString(b))) }
}

// issued adds an option for the issuer.
func (s *mdocStage) issued(o MDocIssueOption) { s.issue = append(s.issue, o) }

// presented adds an option for the wallet.
func (s *mdocStage) presented(o MDocPresentOption) { s.present = append(s.present, o) }

// swapped puts b in the place of a, which must be there and as long.
func swapped(a, b string) func([]byte) []byte {
	return func(data []byte) []byte {
		if len(a) != len(b) || !bytes.Contains(data, []byte(a)) {
			panic("verifytest: nothing to change, or to another length")
		}
		return bytes.Replace(data, []byte(a), []byte(b), 1)
	}
}

// otherSigner is a key of the same kind that nobody certified.
func otherSigner() *jws.PrivateKey { return deriveKeyFor(credential.ES256, "mdoc other").private }
