package interop

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// TestWhatWeMake: credentials, presentations and status lists of package
// verifytest verify in the peer's library, with the claims that were disclosed;
// and it refuses them where they must be refused, so that its yes means
// something.
func TestWhatWeMake(t *testing.T) {
	r := seeded(t)
	p := startPeer(t)
	world := verifytest.NewWorldNamed("interop", now())
	issuer := world.AddIssuer("https://registry.example", vct)
	issuerKey := onlyKey(t, world)
	knows := func() *knowledge {
		k := &knowledge{snapshot: world.Snapshot(), tokens: map[string]string{}, provider: issuerKey}
		for uri, token := range world.StatusTokens() {
			k.tokens[uri] = string(token)
		}
		return k
	}
	holders := []credential.Algorithm{credential.ES256, credential.ES384, credential.ES512, credential.EdDSA}
	for n := range 100 {
		alg := holders[n%len(holders)]
		t.Run(fmt.Sprintf("%d holder %s", n, alg), func(t *testing.T) {
			wallet := world.AddWalletFor(alg)
			claims := map[string]any{}
			var shown []string
			for _, c := range generate(r, 2+r.IntN(12), 3, reserved...).children {
				claims[c.name] = c.value.plain()
				if r.IntN(2) == 0 {
					shown = append(shown, c.name)
				}
			}
			held := issuer.Issue(wallet, claims, verifytest.NotBefore(now().Add(-time.Minute)))
			a := attempt{vc: true, issuer: issuerKey, binding: credential.Bound("n-1", audience), at: now(), knows: knows()}
			a.token = wallet.Present(held, verifytest.Disclose(shown...), verifytest.To(audience), verifytest.Nonce("n-1"))

			ours, theirs := a.ours(t), p.judge([]attempt{a})[0]
			if !ours.accepted() || !theirs.Accepted {
				t.Fatalf("we: %s %v, the peer: %t %s\n%s", ours.outcome, ours.reasons, theirs.Accepted, theirs.Error, a.token)
			}
			mustEqual(t, ours.claims, theirs.Claims)
			for _, name := range shown {
				mustEqual(t, floats(theirs.Claims[name]), floats(throughJSON(t, claims[name])))
			}
			for name := range claims {
				if _, there := theirs.Claims[name]; there != slices.Contains(shown, name) {
					t.Errorf("a claim's being there is %t, and its being shown is not", there)
				}
			}

			refused := map[string]attempt{}
			change := func(name string, edit func(*attempt)) {
				b := a
				b.token = slices.Clone(a.token)
				edit(&b)
				refused[name] = b
			}
			change("a bit flipped", func(b *attempt) { b.token[len(b.token)/3] ^= 1 })
			change("another nonce", func(b *attempt) { b.binding = credential.Bound("n-2", audience) })
			change("another holder", func(b *attempt) {
				b.token = world.AddWalletFor(alg).Present(held, verifytest.To(audience), verifytest.Nonce("n-1"))
			})
			change("two years later", func(b *attempt) { b.at = now().AddDate(2, 0, 0) })
			issuer.Revoke(held)
			change("revoked", func(b *attempt) { b.knows = knows() })
			issuer.SetStatus(held, 0)
			for name, b := range refused {
				if b.ours(t).accepted() || p.judge([]attempt{b})[0].Accepted {
					t.Errorf("accepted: %s", name)
				}
			}
		})
	}
}

// onlyKey is the key of the only issuer that world lists.
func onlyKey(t *testing.T, world *verifytest.World) json.RawMessage {
	t.Helper()
	var list struct {
		Issuers []struct {
			JWKS struct{ Keys []json.RawMessage }
		}
	}
	if err := json.Unmarshal(world.TrustJSON(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Issuers) != 1 || len(list.Issuers[0].JWKS.Keys) != 1 {
		t.Fatal("the world lists something else than one issuer with one key")
	}
	return list.Issuers[0].JWKS.Keys[0]
}
