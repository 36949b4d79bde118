package bbs2023

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/bbs"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/selective"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Suite reads and verifies derived proofs.
func Suite() ldp.Suite { return &suite{bbs.New()} }

type suite struct{ *bbs.Suite }

// Makes implements ldp.Suite.
func (*suite) Makes(kind, cryptosuite string) bool {
	return kind == "DataIntegrityProof" && cryptosuite == "bbs-2023"
}

// Parse implements ldp.Suite (§3.3.7, parseDerivedProofValue).
func (s *suite) Parse(_, _, value string) (ldp.Proof, error) {
	// "If the proofValue string does not start with u [...] an error MUST be raised".
	data, err := multibase.DecodeAs(multibase.Base64URL, value)
	if err != nil {
		return nil, malformed("its proofValue is not base64url", err)
	}
	if len(data) < 3 || data[0] != 0xd9 || data[1] != 0x5d {
		return nil, malformed("its proofValue begins with something else than a header", nil)
	}
	switch data[2] {
	case 0x03:
		p := &derived{suite: s.Suite}
		return p, p.read(data[3:])
	case 0x02, 0x04, 0x06, 0x08:
		// §3.2.6: "The base proof is to be given only to the holder".
		return nil, &reason.Error{Code: reason.FormatUnsupported,
			Doing: "parse bbs-2023: it is the issuer's base proof, and none that a holder derived from it"}
	case 0x05, 0x07, 0x09:
		return optional{}, nil
	}
	return nil, malformed("its proofValue has a header that nobody knows", nil)
}

func malformed(what string, err error) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse bbs-2023: " + what, Err: err}
}

// optional is a proof with a feature that is not here.
type optional struct{}

// Algorithm implements ldp.Proof: there is none that this package knows.
func (optional) Algorithm() credential.Algorithm { return "" }

// Verify implements ldp.Proof.
func (optional) Verify(*ldp.Secured, credential.Key) ldp.Verdict { return ldp.Verdict{} }

// derived is a derived proof of the baseline feature.
type derived struct {
	suite     *bbs.Suite
	proof     []byte
	labels    map[string]string // b0, b1 … by canonical label
	mandatory []int             // indexes of the mandatory statements among those shown
	disclosed []int             // indexes of the others among those that were signed so
	header    []byte            // the presentation header
}

// read reads the components of a derived proof: the BBS proof; "a map of integers to
// integers"; two arrays of integers; and the presentation header.
func (p *derived) read(data []byte) error {
	components, err := strictcbor.Array(data)
	if err != nil {
		return err
	}
	if len(components) != 5 {
		return malformed("it has not five components", nil)
	}
	if p.proof, err = strictcbor.Bytes(components[0]); err != nil {
		return err
	}
	labels, err := strictcbor.Map(components[1])
	if err != nil {
		return err
	}
	if p.mandatory, err = rising(components[2]); err != nil {
		return err
	}
	if p.disclosed, err = rising(components[3]); err != nil {
		return err
	}
	if p.header, err = strictcbor.Bytes(components[4]); err != nil {
		return err
	}
	hidden, ok := bbs.Hidden(p.proof)
	if !ok {
		return malformed("its proof has a length that none has", nil)
	}
	if max(len(p.mandatory)+len(p.disclosed), len(labels)) > limits.DerivedStatements || hidden+len(p.disclosed) > limits.BBSMessages {
		return &reason.Error{Code: reason.TooLarge, Doing: "parse bbs-2023: its statements"}
	}
	numbers, err := p.readLabels(labels)
	if err != nil {
		return err
	}
	// There is one proofValue for what it says, and no place in it for anything else.
	again, err := strictcbor.Marshal([]any{p.proof, numbers, p.mandatory, p.disclosed, p.header})
	if err != nil || !bytes.Equal(again, data) {
		return malformed("it is not in the deterministic encoding of CBOR", err)
	}
	return nil
}

// rising reads an array of numbers, each greater than the one before.
func rising(data []byte) ([]int, error) {
	elements, err := strictcbor.Array(data)
	if err != nil {
		return nil, err
	}
	out := make([]int, len(elements))
	for n, e := range elements {
		var i uint16
		if err := strictcbor.Unmarshal(e, &i); err != nil {
			return nil, err
		}
		if n > 0 && int(i) <= out[n-1] {
			return nil, malformed("its indexes do not rise", nil)
		}
		out[n] = int(i)
	}
	return out, nil
}

// readLabels is §3.3.5, decompressLabelMap. Canonical labels are numbered without a
// gap, and each has its entry; those that were signed are not all shown.
func (p *derived) readLabels(compressed map[any]strictcbor.RawMessage) (map[int64]uint16, error) {
	numbers := make(map[int64]uint16, len(compressed))
	p.labels = make(map[string]string, len(compressed))
	for key, value := range compressed {
		n, ok := key.(int64)
		if !ok || n < 0 || n >= int64(len(compressed)) {
			return nil, malformed("its label map is for other nodes than there can be", nil)
		}
		var b uint16
		if err := strictcbor.Unmarshal(value, &b); err != nil {
			return nil, err
		}
		numbers[n] = b
		p.labels["c14n"+strconv.FormatInt(n, 10)] = "b" + strconv.Itoa(int(b))
	}
	return numbers, nil
}

// Algorithm implements ldp.Proof.
func (*derived) Algorithm() credential.Algorithm { return credential.BBS }

// Verify implements ldp.Proof (§3.3.8, createVerifyData, and §3.2.8).
func (p *derived) Verify(s *ldp.Secured, key credential.Key) ldp.Verdict {
	point, ok := key.Public().(credential.BLS12381G2)
	if !ok {
		return ldp.Verdict{}
	}
	public, err := bbs.ParsePublicKey(point[:])
	if err != nil {
		return ldp.Verdict{}
	}
	options, ok := s.Options("")
	if !ok {
		return ldp.Verdict{}
	}
	lines, ok := selective.Relabel(s.Statements(), p.labels)
	if !ok {
		return ldp.Verdict{}
	}
	must, may, ok := selective.Split(lines, p.mandatory)
	if !ok {
		return ldp.Verdict{}
	}
	messages := make([][]byte, len(may))
	for i, line := range may {
		messages[i] = []byte(line)
	}
	// §3.2.8 step 5: "Initialize bbsHeader to the concatenation of proofHash and
	// mandatoryHash in that order."
	proofHash, mandatoryHash := selective.Hash(options), selective.Hash(must)
	if p.suite.VerifyProof(public, bbs.Disclosure{
		Proof:  p.proof,
		Header: slices.Concat(proofHash[:], mandatoryHash[:]), PresentationHeader: p.header,
		Messages: messages, Indexes: p.disclosed,
	}) != nil {
		return ldp.Verdict{}
	}
	return ldp.Verdict{Verified: true, Checks: s.Answers(p.header)}
}
