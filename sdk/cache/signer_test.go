package cache_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// Another trusted issuer signs a newer list in the name of the one at hand. It
// must not take its place: that would leave every credential of the issuer
// undecided.
func TestAnotherIssuersListDoesNotTakeThePlaceOfOurs(t *testing.T) {
	w := verifytest.NewWorld()
	ours := w.AddIssuer("https://registry.example", "https://registry.example/citizen")
	theirs := w.AddIssuer("https://other.example", "https://other.example/card")
	c, err := cache.Open(t.TempDir(), w.Root(), cache.Now(w.Now))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if err := c.PutTrust(ctx, w.TrustJWS()); err != nil {
		t.Fatal(err)
	}
	if err := c.PutStatus(ctx, ours.StatusURI(), ours.StatusToken()); err != nil {
		t.Fatal(err)
	}
	w.Advance(1e9)
	forged := theirs.StatusTokenFor(ours.StatusURI())
	if bytes.Equal(forged, theirs.StatusToken()) {
		t.Fatal("the list is not in the other's name")
	}
	if err := c.PutStatus(ctx, ours.StatusURI(), forged); err == nil {
		t.Error("taken")
	}
	if l := c.Snapshot().Status[ours.StatusURI()]; l == nil || len(l.Signers) != 1 || l.Signers[0] != ours.ID() {
		t.Errorf("at hand is %+v", l)
	}
}
