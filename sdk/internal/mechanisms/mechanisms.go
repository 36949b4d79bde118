// Package mechanisms names every way of securing credentials that this module
// has, in one place: for the dzong command, which opens whatever it is given, and
// for the tests that hold all of them to the same vectors. A bank and a kiosk hand
// verify the mechanisms they want, one by one, and link no other; that is why this
// package is internal.
package mechanisms

import (
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/cwt"
	"github.com/dzong-id/dzong/sdk/jwtvc"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/ldp/bbs2020"
	"github.com/dzong-id/dzong/sdk/ldp/bbs2023"
	"github.com/dzong-id/dzong/sdk/mdoc"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/shc"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/status/statuscwt"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// All is every mechanism; profiles are for ldp.
func All(profiles ...ldp.Option) []credential.Mechanism {
	return []credential.Mechanism{
		sdjwt.Mechanism(),
		jwtvc.Mechanism(),
		shc.Mechanism(),
		ldp.Mechanism(append(profiles, ldp.With(bbs2023.Suite()), ldp.With(bbs2020.Suite()))...),
		mdoc.Mechanism(),
		cwt.Mechanism(),
	}
}

// Openers is every form of status list.
func Openers() []status.Opener {
	return []status.Opener{
		status.Token(),
		statuscwt.Token(),
		status.Credential(All()...),
		status.HealthCard(),
	}
}

// Runner runs cases of every format.
func Runner() cases.Runner { return cases.Runner{Mechanisms: All(), Openers: Openers()} }
