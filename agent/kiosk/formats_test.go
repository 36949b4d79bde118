package kiosk

import (
	"testing"

	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// TestWalletsOfW3CCredentials: a presentation as JWT is bound to this kiosk and to
// now as an SD-JWT is, and is as little worth to another or a second time.
func TestWalletsOfW3CCredentials(t *testing.T) {
	for m, context := range map[verifytest.DataModel]string{
		verifytest.VCDM1: "https://www.w3.org/2018/credentials/v1",
		verifytest.VCDM2: "https://www.w3.org/ns/credentials/v2",
	} {
		t.Run(context, func(t *testing.T) {
			b := newBranch(t)
			b.registry.PermitW3C("CitizenCredential", context)
			held := b.registry.IssueJWT(m, b.wallet, map[string]any{"full_name": "Pema Example"})
			credentials := []any{string(held)}
			if m == verifytest.VCDM2 {
				credentials = []any{verifytest.Enveloped("application/vc+jwt", held)}
			}
			shown := b.wallet.PresentJWT(m, audience, "chosen by the wallet", credentials)
			b.want(b.scan([]byte(payload.PixelPass(shown))), reason.Accepted, 1)
			b.endTurn()
			b.want(b.scan(shown), reason.Rejected, 2, reason.Replayed)
			b.endTurn()
			b.want(b.scan(b.wallet.PresentJWT(m, audience+"2", "another", credentials)), reason.Rejected, 3, reason.AudienceMismatch)
			b.endTurn()
			b.want(b.scan(held), reason.Rejected, 4, reason.HolderBindingMissing)
		})
	}
}
