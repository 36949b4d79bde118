package kiosk

import (
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/jwtvc"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/status/statuscwt"
)

// Formats is what a kiosk opens: the forms in which a holder can prove, without a
// line, to present to this kiosk and now. Health cards, health certificates and
// claim 169 are bearer documents, and a mobile document is bound over a session: a
// kiosk names them and reads none, because it could not tell a photograph from them.
// What Bhutan NDI's issuers sign is read as they write it.
func Formats() []credential.Mechanism {
	return []credential.Mechanism{sdjwt.Mechanism(), jwtvc.Mechanism(), ldp.Mechanism(ldp.BhutanNDI())}
}

// Openers is the forms of status lists that go with [Formats].
func Openers() []status.Opener {
	return []status.Opener{status.Token(), statuscwt.Token(), status.Credential(Formats()...)}
}
