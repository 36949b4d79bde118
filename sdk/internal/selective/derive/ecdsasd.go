package derive

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/internal/selective"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// Signer makes ES256 signatures (R and S, 32 bytes each).
type Signer interface {
	Sign(data []byte) (signature []byte, err error)
}

// BaseECDSA is what an ecdsa-sd-2023 base proof holds: for the holder alone.
type BaseECDSA struct {
	_                 struct{} `cbor:",toarray"`
	BaseSignature     []byte
	PublicKey         []byte // a P-256 point, compressed, behind its multicodec
	HMACKey           []byte
	Signatures        [][]byte
	MandatoryPointers []string
}

// DisclosedECDSA is what a derived proof holds.
type DisclosedECDSA struct {
	_                struct{} `cbor:",toarray"`
	BaseSignature    []byte
	PublicKey        []byte
	Signatures       [][]byte
	Labels           map[int][]byte // HMACs by the number behind "c14n"
	MandatoryIndexes []int
}

// The headers of proofValues (§3.5.2, §3.5.7).
var (
	baseHeader    = []byte{0xd9, 0x5d, 0x00}
	derivedHeader = []byte{0xd9, 0x5d, 0x01}
)

// ProofValue writes the proof as text.
func (b *BaseECDSA) ProofValue() (string, error) { return proofValue(baseHeader, b) }

// ProofValue writes the proof as text.
func (d *DisclosedECDSA) ProofValue() (string, error) { return proofValue(derivedHeader, d) }

func proofValue(header []byte, v any) (string, error) {
	data, err := strictcbor.Marshal(v)
	return "u" + base64url.Encode(slices.Concat(header, data)), err
}

// ReadBaseECDSA reads a base proof's value (§3.5.3).
func ReadBaseECDSA(value string) (*BaseECDSA, error) {
	b := &BaseECDSA{}
	return b, readProofValue(value, baseHeader, b)
}

// ReadDisclosedECDSA reads a derived proof's value. Unlike a verifier it believes
// what it reads.
func ReadDisclosedECDSA(value string) (*DisclosedECDSA, error) {
	d := &DisclosedECDSA{}
	return d, readProofValue(value, derivedHeader, d)
}

func readProofValue(value string, header []byte, into any) error {
	data, err := base64url.Decode(strings.TrimPrefix(value, "u"))
	if err != nil {
		return err
	}
	rest, ok := bytes.CutPrefix(data, header)
	if !ok {
		return errors.New("read ecdsa-sd-2023 proof: it has another header")
	}
	return strictcbor.Unmarshal(rest, into)
}

// SignECDSA gives the base proof with options over d, by issuer and by the keys
// that are made for this one proof: ephemeral, whose public key is the compressed
// point, and hmacKey (§3.6.1).
func SignECDSA(d Document, options map[string]any, mandatory []string, issuer, ephemeral Signer, point, hmacKey []byte) (map[string]any, error) {
	g, err := d.Group(HMACLabels(hmacKey), map[string][]string{"mandatory": mandatory})
	if err != nil {
		return nil, err
	}
	must, may, ok := selective.Split(g.Lines, g.Selected["mandatory"])
	if !ok {
		return nil, errors.New("sign with ecdsa-sd-2023: the mandatory statements are not among the statements")
	}
	b := BaseECDSA{
		PublicKey: multicodec.Join(multicodec.P256, point), HMACKey: hmacKey,
		MandatoryPointers: append([]string{}, mandatory...), Signatures: make([][]byte, len(may)),
	}
	for i, line := range may {
		if b.Signatures[i], err = ephemeral.Sign([]byte(line)); err != nil {
			return nil, err
		}
	}
	hash, err := d.Hash(options)
	if err != nil {
		return nil, err
	}
	mandatoryHash := selective.Hash(must)
	if b.BaseSignature, err = issuer.Sign(slices.Concat(hash[:], b.PublicKey, mandatoryHash[:])); err != nil {
		return nil, err
	}
	proof := maps.Clone(options)
	proof["proofValue"], err = b.ProofValue()
	return proof, err
}

// DeriveECDSA gives the part of d that the issuer's and the holder's JSON pointers
// select, and the proof of it that is derived from a base proof (§3.6.6).
func DeriveECDSA(d Document, base map[string]any, pointers []string) (body, proof map[string]any, err error) {
	text, _ := base["proofValue"].(string)
	b, err := ReadBaseECDSA(text)
	if err != nil {
		return nil, nil, err
	}
	combined := slices.Concat(b.MandatoryPointers, pointers)
	if body, err = Select(d.Body, combined); err != nil {
		return nil, nil, err
	}
	if body == nil {
		return nil, nil, errors.New("derive from ecdsa-sd-2023: nothing is selected")
	}
	g, err := d.Group(HMACLabels(b.HMACKey), map[string][]string{"mandatory": b.MandatoryPointers, "combined": combined})
	if err != nil {
		return nil, nil, err
	}
	out := DisclosedECDSA{BaseSignature: b.BaseSignature, PublicKey: b.PublicKey, Signatures: [][]byte{}, Labels: map[int][]byte{}, MandatoryIndexes: []int{}}
	mandatory := g.Selected["mandatory"]
	for relative, absolute := range g.Selected["combined"] {
		before, isMandatory := slices.BinarySearch(mandatory, absolute)
		if isMandatory {
			out.MandatoryIndexes = append(out.MandatoryIndexes, relative)
		} else {
			out.Signatures = append(out.Signatures, b.Signatures[absolute-before])
		}
	}
	for canonical, label := range g.Revealed["combined"] {
		n, err := strconv.Atoi(strings.TrimPrefix(canonical, "c14n"))
		if err != nil {
			return nil, nil, fmt.Errorf("derive from ecdsa-sd-2023: %w", err)
		}
		if out.Labels[n], err = base64url.Decode(strings.TrimPrefix(label, "u")); err != nil {
			return nil, nil, err
		}
	}
	proof = maps.Clone(base)
	proof["proofValue"], err = out.ProofValue()
	return body, proof, err
}
