package bbstest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/bbs"
	"github.com/dzong-id/dzong/sdk/internal/bbsplus"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/internal/selective"
	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// Issuer has a key for each scheme, and knows contexts. It is called by what its keys
// are: a did:key for each.
type Issuer struct {
	contexts  credential.Contexts
	processor *jsonld.Processor
	suite     *bbs.Suite
	key       *bbs.PrivateKey
	old       *bbsplus.PrivateKey
	hmacKey   []byte
	random    io.Reader
}

// NewIssuer makes an issuer whose keys are derived from name.
func NewIssuer(name string, contexts credential.Contexts) *Issuer {
	derived := func(what string) []byte {
		sum := sha256.Sum256([]byte(name + " " + what))
		return sum[:]
	}
	i := &Issuer{contexts: contexts, processor: jsonld.New(), suite: bbs.New(), hmacKey: derived("hmac"),
		random: rand.NewChaCha8([32]byte(derived("random")))}
	var err error
	i.key, err = bbs.GenerateKey(derived("key"), nil)
	must(err)
	i.old, err = bbsplus.GenerateKey(derived("old key"))
	must(err)
	return i
}

func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("bbstest: %v", err))
	}
}

// DID2023 is the did:key of the key for bbs-2023.
func (i *Issuer) DID2023() string {
	point := i.key.Public().Bytes()
	return did(point[:])
}

// DID2020 is that of the key for the suites of 2020.
func (i *Issuer) DID2020() string { return did(i.old.Public()) }

func did(point []byte) string {
	return "did:key:" + multibase.Encode(multicodec.Join(multicodec.BLS12381G2, point))
}

// Method is the verification method of a did:key.
func Method(did string) string { return did + "#" + strings.TrimPrefix(did, "did:key:") }

// document makes of a credential what strict decoding would.
func (i *Issuer) document(credential map[string]any) derive.Document {
	data, err := json.Marshal(credential)
	must(err)
	body, err := strictjson.DecodeObject(data)
	must(err)
	d := derive.Document{Body: body, Processor: i.processor, Source: i.contexts}
	for _, url := range body["@context"].([]any) {
		d.Contexts = append(d.Contexts, url.(string))
	}
	return d
}

// Held2023 is a credential with a base proof, as its holder has it.
type Held2023 struct {
	issuer    *Issuer
	document  derive.Document
	options   map[string]any
	mandatory []string
	signature []byte
	header    []byte   // what all mandatory statements and the options are to the signature
	messages  []string // the statements that need not be shown
}

// Issue2023 signs a credential (§3.2.1, Create Base Proof). mandatory are JSON pointers
// to what the holder must show.
func (i *Issuer) Issue2023(credential map[string]any, mandatory ...string) *Held2023 {
	return i.issue(i.document(credential), map[string]any{
		"type": "DataIntegrityProof", "cryptosuite": "bbs-2023", "created": "2026-01-01T00:00:00Z",
		"verificationMethod": Method(i.DID2023()), "proofPurpose": "assertionMethod",
	}, mandatory)
}

func (i *Issuer) issue(d derive.Document, options map[string]any, mandatory []string) *Held2023 {
	g, err := d.Group(derive.ShuffledLabels(i.hmacKey), map[string][]string{"mandatory": mandatory})
	must(err)
	shown, messages, ok := selective.Split(g.Lines, g.Selected["mandatory"])
	if !ok {
		panic("bbstest: the mandatory statements are not among the statements")
	}
	options = maps.Clone(options)
	withContext := maps.Clone(options)
	withContext["@context"] = d.Body["@context"]
	proofHash, err := d.Hash(withContext)
	must(err)
	mandatoryHash := selective.Hash(shown)
	h := &Held2023{issuer: i, document: d, options: options, mandatory: mandatory,
		header: slices.Concat(proofHash[:], mandatoryHash[:]), messages: messages}
	h.signature, err = i.suite.Sign(i.key, h.header, texts(messages))
	must(err)
	return h
}

func texts(lines []string) [][]byte {
	out := make([][]byte, len(lines))
	for i, l := range lines {
		out[i] = []byte(l)
	}
	return out
}

// Base is the credential as it was issued (§3.3.1, serializeBaseProofValue): for its
// holder's eyes only.
func (h *Held2023) Base() map[string]any {
	point := h.issuer.key.Public().Bytes()
	return h.secured(h.document.Body, 0x02, []any{h.signature, h.header, point[:], h.issuer.hmacKey, h.mandatory})
}

func (h *Held2023) secured(body map[string]any, header byte, components []any) map[string]any {
	data, err := strictcbor.Marshal(components)
	must(err)
	proof := maps.Clone(h.options)
	proof["proofValue"] = "u" + base64url.Encode(append([]byte{0xd9, 0x5d, header}, data...))
	out := maps.Clone(body)
	out["proof"] = proof
	return out
}

// Derived is the components of a derived proof, to be changed before they are written.
type Derived struct {
	Proof              []byte
	Labels             map[int]int
	Mandatory          []int
	Disclosed          []int
	PresentationHeader []byte
}

// Show derives a credential that shows what is mandatory and what pointers select
// (§3.2.7, Add Derived Proof), for a presentation header. Changes are made to the
// components of its proof.
func (h *Held2023) Show(presentationHeader []byte, pointers []string, changes ...func(*Derived)) map[string]any {
	combined := slices.Concat(h.mandatory, pointers)
	body, err := derive.Select(h.document.Body, combined)
	must(err)
	g, err := h.document.Group(derive.ShuffledLabels(h.issuer.hmacKey), map[string][]string{"mandatory": h.mandatory, "combined": combined})
	must(err)
	d := &Derived{Labels: map[int]int{}, Mandatory: []int{}, Disclosed: []int{}, PresentationHeader: presentationHeader}
	for relative, absolute := range g.Selected["combined"] {
		before, isMandatory := slices.BinarySearch(g.Selected["mandatory"], absolute)
		if isMandatory {
			d.Mandatory = append(d.Mandatory, relative)
		} else {
			d.Disclosed = append(d.Disclosed, absolute-before)
		}
	}
	for canonical, label := range g.Revealed["combined"] {
		d.Labels[number(canonical, "c14n")] = number(label, "b")
	}
	d.Proof, err = h.issuer.suite.Derive(bbs.Deriving{
		Key: h.issuer.key.Public(), Signature: h.signature, Header: h.header, PresentationHeader: presentationHeader,
		Messages: texts(h.messages), Disclosed: d.Disclosed,
	}, h.issuer.random)
	must(err)
	for _, change := range changes {
		change(d)
	}
	if d.PresentationHeader == nil {
		d.PresentationHeader = []byte{}
	}
	return h.secured(body, 0x03, []any{d.Proof, d.Labels, d.Mandatory, d.Disclosed, d.PresentationHeader})
}

func number(label, prefix string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(label, prefix))
	must(err)
	return n
}
