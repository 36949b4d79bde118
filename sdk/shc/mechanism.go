package shc

import (
	"bytes"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Scheme is what a card's text begins with.
const Scheme = "shc:/"

// CardType is the type that every card has.
const CardType = "https://smarthealth.cards#health-card"

// Mechanism reads SMART Health Cards in numeric form.
func Mechanism() credential.Mechanism { return mechanism{} }

type mechanism struct{}

// Recognise reports whether data begins as a card. RFC 3986 §3.1: schemes are
// compared without regard to case.
func (mechanism) Recognise(data []byte) bool {
	return len(data) >= len(Scheme) && bytes.EqualFold(data[:len(Scheme)], []byte(Scheme))
}

// Parse reads data. It keeps no reference to it.
func (mechanism) Parse(data []byte) (credential.Presentation, error) {
	p, err := parse(data)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// presentation is a parsed card. Its claims are unproven, and nothing but Prove
// gives them away.
type presentation struct {
	token     *jws.Token
	claims    map[string]any
	issuer    string
	types     []string
	notBefore time.Time
	expires   time.Time
	rid       string // empty if there is none
}

// Format implements credential.Presentation.
func (*presentation) Format() credential.Format { return credential.FormatSHC }

func malformed(what string, err error) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse SMART Health Card: " + what, Err: err}
}

func tooLarge(what string) error {
	return &reason.Error{Code: reason.TooLarge, Doing: "parse SMART Health Card: " + what}
}
