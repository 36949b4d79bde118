package report

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dzong-id/dzong/agent/outbox"
)

// maxSmall bounds a receipt or a command in bytes: the largest real one has 260.
const maxSmall = 512

type wireReceipt struct {
	Epoch    string `json:"epoch"`
	UpToSeq  uint64 `json:"up_to_seq"`
	HeadHash string `json:"head_hash"`
	Sig      string `json:"sig"`
}

// EncodeReceipt gives the JSON of r: hash in hexadecimal, signature in base64url
// without padding.
func EncodeReceipt(r outbox.Receipt) ([]byte, error) {
	return json.Marshal(wireReceipt{
		Epoch: r.Epoch, UpToSeq: r.UpToSeq, HeadHash: hex.EncodeToString(r.HeadHash[:]),
		Sig: base64.RawURLEncoding.EncodeToString(r.Signature),
	})
}

// ParseReceipt reads a receipt. It refuses every other bytes than EncodeReceipt
// gives, and does not check the signature: outbox.Release does.
func ParseReceipt(data []byte) (outbox.Receipt, error) {
	if len(data) > maxSmall {
		return outbox.Receipt{}, fmt.Errorf("parse receipt: %d bytes, at most %d", len(data), maxSmall)
	}
	var w wireReceipt
	if err := decodeStrict(data, &w); err != nil {
		return outbox.Receipt{}, fmt.Errorf("parse receipt: %w", err)
	}
	r := outbox.Receipt{Epoch: w.Epoch, UpToSeq: w.UpToSeq}
	var ok bool
	var err error
	if r.HeadHash, ok = parseHash(w.HeadHash); !ok || !epoch(w.Epoch) || w.UpToSeq > maxSeq {
		return outbox.Receipt{}, errors.New("parse receipt: epoch, up_to_seq or head_hash is not of its shape")
	}
	if r.Signature, err = base64.RawURLEncoding.Strict().DecodeString(w.Sig); err != nil || len(r.Signature) != 64 {
		return outbox.Receipt{}, errors.New("parse receipt: sig is not 64 bytes in base64url")
	}
	if again, err := EncodeReceipt(r); err != nil || !bytes.Equal(again, data) {
		return outbox.Receipt{}, errors.New("parse receipt: not in its one form")
	}
	return r, nil
}
