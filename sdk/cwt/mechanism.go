package cwt

import (
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/cwtclaims"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Types that a trust entry and a policy call tokens by.
const (
	TypeIdentity = cwtclaims.Identity // identity-data: MOSIP claim 169
	TypeHealth   = cwtclaims.Health   // hcert: EU digital COVID certificate family, claim -260
)

// Mechanism reads CWTs.
func Mechanism() credential.Mechanism { return mechanism{} }

type mechanism struct{}

// Recognise reports whether data begins as a COSE message: an array of four or
// three, or one of the tags of RFC 9052 §2 and RFC 8392 §6.
func (mechanism) Recognise(data []byte) bool {
	if len(data) < 2 {
		return false
	}
	switch data[0] {
	case 0x84, 0xd2, // COSE_Sign1
		0x83, 0xd0, // COSE_Encrypt0
		0xd1: // COSE_Mac0
		return true
	case 0xd8: // a tag of one byte: CWT, COSE_Encrypt, COSE_Mac, COSE_Sign
		return data[1] == tagCWT || 96 <= data[1] && data[1] <= 98
	}
	return false
}

// Parse reads data. It keeps no reference to it.
func (mechanism) Parse(data []byte) (credential.Presentation, error) {
	p, err := parse(data)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// presentation is a parsed token. Its claims are unproven, and nothing but Prove
// gives them away.
type presentation struct {
	message   *cose.Sign1
	claims    map[string]any
	issuer    string // empty if it names none
	types     []string
	audience  []string
	holder    jwt.Holder
	issuedAt  time.Time
	notBefore time.Time
	expires   time.Time
	status    []credential.StatusReference
}

// Format implements credential.Presentation.
func (*presentation) Format() credential.Format { return credential.FormatCWT }

func malformed(what string, err error) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse CWT: " + what, Err: err}
}

func unsupported(what string) error {
	return &reason.Error{Code: reason.FormatUnsupported, Doing: "parse CWT: " + what}
}

// within says where err, a *reason.Error, happened.
func within(where string, err error) error {
	code := reason.Malformed
	if coded, ok := err.(*reason.Error); ok {
		code = coded.Code
	}
	return &reason.Error{Code: code, Doing: "parse CWT: " + where, Err: err}
}
