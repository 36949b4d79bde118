package ldp

import (
	"bytes"
	"crypto/elliptic"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/internal/sec1"
	"github.com/dzong-id/dzong/sdk/internal/selective"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// ecdsaSD is the cryptosuite ecdsa-sd-2023 (ECDSA Cryptosuites 1.0 §3.6), over
// P-256: the issuer signs the statements that must be shown together, and a key
// made for this one credential signs each of the others, which the holder may
// leave out.
type ecdsaSD struct{}

// Makes implements Suite.
func (ecdsaSD) Makes(kind, cryptosuite string) bool {
	return kind == dataIntegrity && cryptosuite == "ecdsa-sd-2023"
}

// The first bytes of proofValues (§3.5.2, §3.5.7).
var (
	headerBase    = []byte{0xd9, 0x5d, 0x00}
	headerDerived = []byte{0xd9, 0x5d, 0x01}
)

// Parse implements Suite (§3.5.8, parseDerivedProofValue).
func (ecdsaSD) Parse(_, _, value string) (Proof, error) {
	// "If the proofValue string does not start with u [...] an error MUST be raised".
	data, err := multibase.DecodeAs(multibase.Base64URL, value)
	if err != nil {
		return nil, malformed("an ecdsa-sd-2023 proofValue is not base64url", err)
	}
	if bytes.HasPrefix(data, headerBase) {
		// It holds the HMAC key, which is the holder's secret (§3.6.5: "The base proof
		// is to be given only to the holder").
		return nil, unsupported("its proof is the issuer's base proof, and none that a holder derived from it")
	}
	data, ok := bytes.CutPrefix(data, headerDerived)
	if !ok {
		return nil, malformed("an ecdsa-sd-2023 proofValue begins with something else than its header", nil)
	}
	p := &disclosed{}
	if err := p.read(data); err != nil {
		return nil, err
	}
	return p, nil
}

// disclosed is a derived proof.
type disclosed struct {
	baseSignature []byte
	publicKey     []byte         // of the credential's own key, behind its multicodec
	key           credential.Key // the same
	signatures    [][]byte       // of the statements that need not be shown, in order
	labels        map[string]string
	mandatory     []int // indexes of the statements that must be shown
}

const signatureSize = 64 // R and S of P-256

// read reads the array of five that a derived proof is: "a byte array of length
// 64; a byte array of length 36; an array of byte arrays, each of length 64; a map
// of integers to byte arrays, each of length 32; and an array of integers". The
// public key has 35 bytes in fact: §3.6.5 makes it of a multicodec of two and a
// compressed point of 33, and so do the published vectors.
func (p *disclosed) read(data []byte) error {
	components, err := strictcbor.Array(data)
	if err != nil {
		return err
	}
	if len(components) != 5 {
		return malformed("an ecdsa-sd-2023 proof has not five components", nil)
	}
	if p.baseSignature, err = sized(components[0], signatureSize); err != nil {
		return err
	}
	if err := p.readKey(components[1]); err != nil {
		return err
	}
	signatures, err := strictcbor.Array(components[2])
	if err != nil {
		return err
	}
	labels, err := strictcbor.Map(components[3])
	if err != nil {
		return err
	}
	indexes, err := strictcbor.Array(components[4])
	if err != nil {
		return err
	}
	if max(len(signatures)+len(indexes), len(labels)) > limits.DerivedStatements {
		return &reason.Error{Code: reason.TooLarge, Doing: "parse linked-data document: the statements of a derived proof"}
	}
	p.signatures = make([][]byte, len(signatures))
	for i, s := range signatures {
		if p.signatures[i], err = sized(s, signatureSize); err != nil {
			return err
		}
	}
	if err := p.readLabels(labels); err != nil {
		return err
	}
	if err := p.readIndexes(indexes); err != nil {
		return err
	}
	return p.deterministic(data)
}

// sized reads a byte string of one length.
func sized(data []byte, size int) ([]byte, error) {
	b, err := strictcbor.Bytes(data)
	if err == nil && len(b) != size {
		err = malformed("a signature, key or label in an ecdsa-sd-2023 proof has another length", nil)
	}
	return b, err
}

func (p *disclosed) readKey(data []byte) (err error) {
	if p.publicKey, err = sized(data, len(multicodec.Join(multicodec.P256, nil))+33); err != nil {
		return err
	}
	code, point, err := multicodec.Split(p.publicKey)
	if err != nil || code != multicodec.P256 {
		return malformed("the key in an ecdsa-sd-2023 proof is none of P-256", err)
	}
	key, err := sec1.Compressed(elliptic.P256(), point)
	if err == nil {
		p.key, err = credential.NewKey("", key)
	}
	if err != nil {
		return malformed("the key in an ecdsa-sd-2023 proof is no point of P-256", err)
	}
	return nil
}

// readLabels is §3.5.6, decompressLabelMap.
func (p *disclosed) readLabels(compressed map[any]strictcbor.RawMessage) error {
	p.labels = make(map[string]string, len(compressed))
	for number, value := range compressed {
		n, ok := number.(int64)
		if !ok || n < 0 || n >= int64(len(compressed)) {
			// Canonical labels are numbered without a gap, and each has its entry.
			return malformed("a label map in an ecdsa-sd-2023 proof is for other nodes than there can be", nil)
		}
		label, err := sized(value, sha256.Size)
		if err != nil {
			return err
		}
		p.labels["c14n"+strconv.FormatInt(n, 10)] = "u" + base64url.Encode(label)
	}
	return nil
}

func (p *disclosed) readIndexes(indexes []strictcbor.RawMessage) error {
	p.mandatory = make([]int, len(indexes))
	for n, data := range indexes {
		var i uint16
		if err := strictcbor.Unmarshal(data, &i); err != nil {
			return err
		}
		if n > 0 && int(i) <= p.mandatory[n-1] {
			return malformed("the mandatory indexes in an ecdsa-sd-2023 proof do not rise", nil)
		}
		p.mandatory[n] = int(i)
	}
	return nil
}

// deterministic refuses a proof that could have been written otherwise: there is
// then one proofValue for what it says, and no place in it for anything else.
func (p *disclosed) deterministic(data []byte) error {
	labels := make(map[int64][]byte, len(p.labels))
	for n := range int64(len(p.labels)) {
		label, err := base64url.Decode(strings.TrimPrefix(p.labels["c14n"+strconv.FormatInt(n, 10)], "u"))
		if err != nil {
			return malformed("a label in an ecdsa-sd-2023 proof", err)
		}
		labels[n] = label
	}
	again, err := strictcbor.Marshal([]any{p.baseSignature, p.publicKey, p.signatures, labels, p.mandatory})
	if err != nil || !bytes.Equal(again, data) {
		return malformed("an ecdsa-sd-2023 proof is not in the deterministic encoding of CBOR", err)
	}
	return nil
}

// Algorithm implements Proof.
func (*disclosed) Algorithm() credential.Algorithm { return credential.ES256 }

// Verify implements Proof (§3.6.7). The issuer's own signature comes first: what
// the holder's document may cost beyond it is bounded by what the issuer signed.
func (p *disclosed) Verify(s *Secured, issuer credential.Key) Verdict {
	options, ok := s.Options("")
	if !ok {
		return Verdict{}
	}
	lines, ok := selective.Relabel(s.Statements(), p.labels)
	if !ok {
		return Verdict{}
	}
	must, may, ok := selective.Split(lines, p.mandatory)
	// "If the length of signatures does not match the length of nonMandatory, an
	// error MUST be raised".
	if !ok || len(may) != len(p.signatures) {
		return Verdict{}
	}
	// §3.5.1, serializeSignData.
	proofHash, mandatoryHash := selective.Hash(options), selective.Hash(must)
	if issuer.Verify(credential.ES256, slices.Concat(proofHash[:], p.publicKey, mandatoryHash[:]), p.baseSignature) != nil {
		return Verdict{}
	}
	for i, line := range may {
		if p.key.Verify(credential.ES256, []byte(line), p.signatures[i]) != nil {
			return Verdict{}
		}
	}
	return Verdict{Verified: true}
}
