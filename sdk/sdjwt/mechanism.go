package sdjwt

import (
	"bytes"
	"crypto/sha256"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Mechanism reads SD-JWTs, SD-JWT+KBs, SD-JWT VCs and W3C credentials as SD-JWTs,
// in compact and in JSON form.
func Mechanism() credential.Mechanism { return mechanism{} }

type mechanism struct{}

// Recognise reports whether data looks like something, a full stop, something, a
// full stop, something, a tilde. A JWT without a tilde is no SD-JWT: RFC 9901 §4
// makes "the last separating tilde character" mandatory. Or it looks like a JWS
// in JSON form.
func (mechanism) Recognise(data []byte) bool {
	i := bytes.IndexByte(data, '~')
	if i < 0 || data[0] == '{' {
		return isJSON(data)
	}
	jwt := data[:i]
	return bytes.HasPrefix(jwt, []byte("ey")) ||
		bytes.Count(jwt, []byte{'.'}) == 2 && bytes.IndexByte(jwt, ':') < 0
}

// Parse reads data. It keeps no reference to it.
func (mechanism) Parse(data []byte) (credential.Presentation, error) {
	read := parse
	if isJSON(data) {
		read = parseJSON
	}
	p, err := read(data)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// presentation is a parsed SD-JWT. Its claims are processed but unproven, and
// nothing but Prove gives them away.
type presentation struct {
	format       credential.Format
	issuerJWT    *jws.Token
	hint         string // an unprotected kid
	claims       claims
	unreferenced []string // disclosures no digest refers to, by position; never by content
	sdHash       string   // §4.3.1, as it must stand in the KB-JWT
	keyBinding   *keyBinding
}

// claims is the processed SD-JWT payload (§7.1), and what the mechanism itself
// has to look at in it.
type claims struct {
	all       map[string]any
	issuer    string // iss, or issuer of a W3C credential; empty if there is none
	types     []string
	audience  []string // nil if there is no aud
	issuedAt  time.Time
	notBefore time.Time
	expires   time.Time
	status    []credential.StatusReference
	holder    jwt.Holder
	contexts  []string // of a W3C credential
	inline    bool     // it has contexts that are no URLs
}

// Format implements credential.Presentation.
func (p *presentation) Format() credential.Format { return p.format }

// keyBinding is the KB-JWT.
type keyBinding struct {
	token   *jws.Token
	payload map[string]any
}

// replay identifies the proof by what the holder signed. The signature is left
// out: an ECDSA signature has a twin that verifies too.
func (k *keyBinding) replay() [32]byte { return sha256.Sum256(k.token.SigningInput) }

func malformed(what string) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse SD-JWT: " + what}
}

func tooLarge(what string) error {
	return &reason.Error{Code: reason.TooLarge, Doing: "parse SD-JWT: " + what}
}
