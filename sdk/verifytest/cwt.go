package verifytest

import (
	"time"

	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/status/statuscwt"
)

// HeldCWT is a CBOR Web Token as its holder has it, on paper or on a screen.
type HeldCWT struct {
	Held         // its place in the status list
	token []byte // CBOR
}

// Bytes is the token in CBOR.
func (h *HeldCWT) Bytes() []byte { return h.token }

// Code is the text of a QR code that holds the token, without a prefix, as MOSIP
// claim 169 has it.
func (h *HeldCWT) Code() string { return payload.PixelPass(h.token) }

// HealthCode is the text of a QR code of the EU digital COVID certificate family.
func (h *HeldCWT) HealthCode() string { return "HC1:" + h.Code() }

// cwtIssue is what is about to be signed.
type cwtIssue struct {
	claims  map[any]any
	message cose.Message
	key     *jws.PrivateKey
}

// CWTIssueOption changes what is issued.
type CWTIssueOption func(*cwtIssue)

// CWTClaim sets a claim by its number or text, or removes it if value is nil. Values
// are what a CBOR encoder takes.
func CWTClaim(name, value any) CWTIssueOption {
	return func(c *cwtIssue) {
		if c.claims[name] = value; value == nil {
			delete(c.claims, name)
		}
	}
}

// CWTHeader sets a protected header parameter, or removes it if value is nil.
func CWTHeader(label int, value any) CWTIssueOption {
	return func(c *cwtIssue) {
		if c.message.Protected[label] = value; value == nil {
			delete(c.message.Protected, label)
		}
	}
}

// IssueCWT signs a token with these claims for one year. It is bound to wallet's key
// by cnf unless wallet is nil.
func (i *Issuer) IssueCWT(wallet *Wallet, claims map[any]any, opts ...CWTIssueOption) *HeldCWT {
	h := &HeldCWT{Held: Held{issuer: i, index: i.serial}}
	i.serial++
	c := &cwtIssue{
		claims: map[any]any{
			1: i.id, 6: i.world.now.Unix(), 4: i.world.now.AddDate(1, 0, 0).Unix(),
			65535: map[string]any{"status_list": map[string]any{"idx": h.index, "uri": i.statusURI}},
		},
		message: cose.Message{Protected: map[any]any{int(cose.LabelKeyID): []byte("1")}, Unprotected: map[any]any{}},
		key:     i.key.private,
	}
	if wallet != nil {
		key := must(cose.MarshalKey(wallet.key.public(""), nil))
		c.claims[8] = map[any]any{1: strictcbor.RawMessage(key)}
	}
	for name, v := range claims {
		c.claims[name] = v
	}
	for _, o := range opts {
		o(c)
	}
	if c.message.Payload == nil {
		c.message.Payload = must(strictcbor.Marshal(c.claims))
	}
	h.token = must(c.message.Sign(c.key))
	return h
}

// StatusCWT signs the status list as it stands now, as a CWT.
func (i *Issuer) StatusCWT() []byte {
	claims := map[any]any{2: i.statusURI, 6: i.world.now.Unix(), 65533: map[string]any{"bits": 2, "lst": i.packedStatuses()}}
	if i.statusTTL > 0 {
		claims[65534] = int64(i.statusTTL / time.Second)
	}
	if i.statusLife > 0 {
		claims[4] = i.world.now.Add(i.statusLife).Unix()
	}
	return must(cose.Message{
		Protected:   map[any]any{cose.LabelType: statuscwt.MediaType},
		Unprotected: map[any]any{cose.LabelKeyID: []byte("1")},
		Payload:     must(strictcbor.Marshal(claims)),
	}.Sign(i.key.private))
}
