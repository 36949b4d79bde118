package demo

import (
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// Where and when the demonstration takes place. The recordings were made then
// and there, so neither may change without recording again.
const (
	Site     = "demo"
	Name     = "counter-1"
	Audience = "https://bank.example/kiosk/demo-1"
	Window   = time.Minute
)

// Opening is when the demonstration's presentations were made.
var Opening = verifytest.Epoch.Add(time.Hour)

// Scene is one customer, or one mistake, in front of the camera.
type Scene struct {
	Name string
	// Recording is the folder the frames are in.
	Recording string
	// Torn says that the code is not whole.
	Torn bool
	// Clock is how far the kiosk's own clock is off, and no longer synchronised;
	// zero leaves it right.
	Clock time.Duration

	// What must come of it.
	Outcome string // accepted, rejected, indeterminate, not_a_credential, unreadable
	Reasons []reason.Code
	// Recorded says that an event must reach the broker.
	Recorded bool

	// code is what the wallet shows.
	code func(*cast) []byte
}

// Outcomes of a scene beyond those of a decision.
const (
	notACredential = "not_a_credential"
	unreadable     = "unreadable"
)

// Scenes is the whole demonstration, in order.
func Scenes() []Scene {
	rejected := func(name string, code reason.Code, show func(*cast) []byte) Scene {
		return Scene{Name: name, Recording: name, Outcome: "rejected", Reasons: []reason.Code{code}, Recorded: true, code: show}
	}
	return []Scene{
		{Name: "accepted", Recording: "accepted", Outcome: "accepted", Reasons: []reason.Code{}, Recorded: true,
			code: func(c *cast) []byte { return c.present(c.wallet, c.good) }},
		rejected("revoked", reason.Revoked, func(c *cast) []byte { return c.present(c.wallet, c.revoked) }),
		rejected("suspended", reason.Suspended, func(c *cast) []byte { return c.present(c.wallet, c.suspended) }),
		rejected("expired", reason.Expired, func(c *cast) []byte { return c.present(c.wallet, c.expired) }),
		rejected("issuer_unknown", reason.IssuerUnknown, func(c *cast) []byte { return c.present(c.wallet, c.foreign) }),
		rejected("bound_to_another_key", reason.HolderBindingMismatch, func(c *cast) []byte { return c.present(c.thief, c.good) }),
		{Name: "shown_again_after_the_turn", Recording: "accepted", Outcome: "rejected", Reasons: []reason.Code{reason.Replayed}, Recorded: true},
		{Name: "stale_status_list", Recording: "stale_status_list", Outcome: "indeterminate", Reasons: []reason.Code{reason.StatusStale}, Recorded: true,
			code: func(c *cast) []byte { return c.present(c.wallet, c.permit) }},
		{Name: "kiosk_clock_behind", Recording: "kiosk_clock_behind", Clock: -10 * time.Minute,
			Outcome: "indeterminate", Reasons: []reason.Code{reason.ClockUntrusted}, Recorded: true,
			code: func(c *cast) []byte { return c.present(c.wallet, c.second) }},
		{Name: "request_by_mistake", Recording: "request_by_mistake", Outcome: notACredential, Reasons: []reason.Code{reason.IsARequest},
			code: func(*cast) []byte {
				return []byte("openid4vp://authorize?client_id=x509_san_dns%3Abank.example&request_uri=https%3A%2F%2Fbank.example%2Foid4vp%2Frequest%2F7f3a&request_uri_method=post")
			}},
		{Name: "torn_code", Recording: "torn_code", Torn: true, Outcome: unreadable, Reasons: []reason.Code{},
			code: func(c *cast) []byte { return c.present(c.wallet, c.third) }},
	}
}

// Code is what the wallet's code holds in the scene; nil if it shows another
// scene's.
func (s Scene) Code() []byte {
	if s.code == nil {
		return nil
	}
	return s.code(newCast())
}

// cast is everybody in the demonstration: issuers, holders and what they hold.
type cast struct {
	world           *verifytest.World
	wallet, thief   *verifytest.Wallet
	registry        *verifytest.Issuer
	permits         *verifytest.Issuer // publishes status lists that nobody fetched in time
	permitToken     []byte
	good, second    *verifytest.Held
	third           *verifytest.Held
	revoked         *verifytest.Held
	suspended       *verifytest.Held
	expired         *verifytest.Held
	foreign, permit *verifytest.Held
}

const (
	citizen = "https://id.example/citizen"
	permit  = "https://permit.example/permit"
)

// newCast is the same every time: keys and signatures are derived from names, so
// that what was recorded yesterday verifies today.
func newCast() *cast {
	c := &cast{world: verifytest.NewWorldNamed("demo", verifytest.Epoch.AddDate(0, 0, -3))}
	c.registry = c.world.AddIssuer("https://id.example", citizen).Named("Civil registry (demonstration)", "མི་ཁུངས་ཐོ་བཀོད། (དཔེ་སྟོན།)")
	c.permits = c.world.AddIssuer("https://permit.example", permit).Named("Permit office (demonstration)", "གནང་བའི་ཡིག་ཚང་། (དཔེ་སྟོན།)")
	c.permits.StatusLives(12*time.Hour, 24*time.Hour)
	c.wallet, c.thief = c.world.AddWalletFor(credential.EdDSA), c.world.AddWalletFor(credential.EdDSA)
	claims := func() map[string]any {
		return map[string]any{
			"full_name": "Demo Person", "id_number": "10000000001", "dzongkhag": "Demonstration",
		}
	}
	c.good = c.registry.Issue(c.wallet, claims())
	c.second = c.registry.Issue(c.wallet, claims())
	c.third = c.registry.Issue(c.wallet, claims())
	c.revoked = c.registry.Issue(c.wallet, claims())
	c.suspended = c.registry.Issue(c.wallet, claims())
	c.expired = c.registry.Issue(c.wallet, claims(), verifytest.Expires(Opening.AddDate(0, 0, -1)))
	c.foreign = c.world.NewStranger("https://other.example", citizen).Issue(c.wallet, claims())
	c.permit = c.permits.Issue(c.wallet, claims())
	c.permitToken = c.permits.StatusToken() // three days old at the opening, and valid for one
	c.registry.Revoke(c.revoked)
	c.registry.Suspend(c.suspended)
	c.world.Advance(verifytest.Epoch.Sub(c.world.Now()))
	return c
}

// present makes the wallet's code: one of three claims disclosed, bound to this kiosk,
// packed as PixelPass text.
func (c *cast) present(w *verifytest.Wallet, h *verifytest.Held) []byte {
	return []byte(payload.PixelPass(w.Present(h,
		verifytest.To(Audience), verifytest.MadeAt(Opening), verifytest.Disclose("full_name"))))
}
