package jwt

import (
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Leeway is how far the clock of an issuer or a wallet may run ahead of ours
// before what it made counts as made in the future.
const Leeway = 60 * time.Second

// Object is a signed object in any encoding, so far as it takes to check whose it
// is.
type Object struct {
	Algorithm credential.Algorithm
	Signature []byte
	Verify    func(credential.Key) error
}

func object(token *jws.Token) Object { return Object{token.Alg, token.Signature, token.Verify} }

// Signature is [Signed] for a token.
func Signature(ev credential.Evidence, token *jws.Token, s credential.Signer, purpose credential.Purpose) (key credential.Key, checks []credential.Check, ok bool) {
	return Signed(ev, object(token), s, purpose)
}

// Signed finds the keys that may have signed o as s, for one purpose, and gives
// the one that did. Unless ok, nothing else in the document deserves an answer.
// s.Algorithm is filled in here.
func Signed(ev credential.Evidence, o Object, s credential.Signer, purpose credential.Purpose) (key credential.Key, checks []credential.Check, ok bool) {
	// RFC 8725 §3.1: "Libraries MUST enable the caller to specify a supported set
	// of algorithms and MUST NOT use any other algorithms". "none" is in no set.
	if !ev.Algorithms.OrDefault().Has(o.Algorithm) {
		return key, []credential.Check{credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, "")}, false
	}
	if ev.Keys == nil {
		return key, []credential.Check{credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, "")}, false
	}
	s.Algorithm = o.Algorithm
	keys, found := ev.Keys.Find(s)
	checks = append(make([]credential.Check, 0, 8), found...)
	for _, check := range found {
		if check.Verdict != reason.Passed {
			return key, checks, false
		}
	}
	if len(keys) == 0 {
		return key, append(checks, credential.Fail(reason.CheckKey, reason.KeyUnknown, "")), false
	}
	return by(keys, checks, o, purpose)
}

// By looks for the one of keys that signed token, and adds what it finds to
// checks. A key that serves to authenticate is a holder's, whom no check names.
func By(keys []credential.Key, checks []credential.Check, token *jws.Token, purpose credential.Purpose) (credential.Key, []credential.Check, bool) {
	return by(keys, checks, object(token), purpose)
}

func by(keys []credential.Key, checks []credential.Check, o Object, purpose credential.Purpose) (credential.Key, []credential.Check, bool) {
	algorithm := credential.Pass(reason.CheckAlgorithm, string(o.Algorithm))
	if len(o.Signature) == 0 {
		return credential.Key{}, append(checks, algorithm, credential.Fail(reason.CheckSignature, reason.SignatureMissing, "")), false
	}
	suitable := false
	for _, k := range keys {
		if !k.Permits(purpose) || !k.Algorithms().Has(o.Algorithm) {
			continue
		}
		suitable = true
		if o.Verify(k) == nil {
			signer := k.ID()
			if purpose == credential.Authentication {
				signer = ""
			}
			return k, append(checks, algorithm, credential.Pass(reason.CheckSignature, signer)), true
		}
	}
	if !suitable {
		return credential.Key{}, append(checks, credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, "")), false
	}
	return credential.Key{}, append(checks, algorithm, credential.Fail(reason.CheckSignature, reason.SignatureInvalid, "")), false
}

// Validity checks the dates of a credential, zero where it states none, and gives
// at least one check.
func Validity(ev credential.Evidence, issued, notBefore, expires time.Time) []credential.Check {
	var checks []credential.Check
	if !expires.IsZero() && !ev.At.Before(expires) {
		// RFC 7519 §4.1.4: "on or after which the JWT MUST NOT be accepted". A
		// clock that may lag behind is right about what is over; one that is wrong
		// is right about nothing.
		if ev.Clock == credential.ClockUntrusted {
			checks = append(checks, credential.Undecided(reason.CheckValidity, reason.ClockUntrusted, "time"))
		} else {
			checks = append(checks, credential.Fail(reason.CheckValidity, reason.Expired, ""))
		}
	}
	// §4.1.5: "the current date/time MUST be after or equal to the not-before
	// date/time". It was signed by an authority whose clock is better than a
	// kiosk's, so what lies ahead of a clock that is not proven says that the
	// clock lags.
	if notBefore.After(ev.At) || issued.After(ev.At.Add(Leeway)) {
		if ev.Clock == credential.ClockProven {
			checks = append(checks, credential.Fail(reason.CheckValidity, reason.NotYetValid, ""))
		} else {
			checks = append(checks, credential.Undecided(reason.CheckValidity, reason.ClockUntrusted, "time"))
		}
	}
	if len(checks) == 0 {
		checks = append(checks, credential.Pass(reason.CheckValidity, ""))
	}
	return checks
}

// ForUs reports whether a credential with this aud, nil if it has none, may be
// taken. RFC 7519 §4.1.3: "If the principal processing the claim does not
// identify itself with a value in the "aud" claim when this claim is present,
// then the JWT MUST be rejected." A verifier that takes bearer copies has not
// said who it is, and so is nobody's audience.
func ForUs(ev credential.Evidence, audience []string) bool {
	if audience == nil {
		return true
	}
	own := ev.Binding.Audience()
	return own != "" && slices.Contains(audience, own)
}

// Proof is when a holder's proof was made and between which times it holds; zero
// where it does not say.
type Proof struct{ Made, NotBefore, Expires time.Time }

// Freshness checks a proof of possession that was asked for. A challenge bounds
// its age by itself; without one the binding's window does, both ways, and the
// proof must say when it was made.
func Freshness(ev credential.Evidence, p Proof) credential.Check {
	ahead, late := Leeway, false
	if ev.Binding.Kind() == credential.BindingFresh {
		if p.Made.IsZero() {
			return credential.Fail(reason.CheckFreshness, reason.PresentationNotFresh, "")
		}
		ahead = ev.Binding.Window()
		late = ev.At.Sub(p.Made) > ahead
	}
	late = late || !p.Expires.IsZero() && !ev.At.Before(p.Expires)
	early := p.Made.Sub(ev.At) > ahead || p.NotBefore.Sub(ev.At) > ahead
	// A clock that may lag behind is right about what is over. Wallets keep
	// network time, so what lies ahead of such a clock says that it does lag.
	unsure := late && ev.Clock == credential.ClockUntrusted || !late && early && ev.Clock != credential.ClockProven
	switch {
	case unsure:
		return credential.Undecided(reason.CheckFreshness, reason.ClockUntrusted, "time")
	case late || early:
		return credential.Fail(reason.CheckFreshness, reason.PresentationNotFresh, "")
	}
	return credential.Pass(reason.CheckFreshness, "")
}

// Possession checks that a presentation's verified proof was made for this
// verifier and for no other (one that serves several could be passed on from one
// to the next), in answer to its challenge, and now. Where no proof is asked for,
// whom it was made for is of no consequence: a copy would do as well.
func Possession(ev credential.Evidence, audience []string, nonce string, p Proof) (checks []credential.Check) {
	kind := ev.Binding.Kind()
	if !ev.Binding.Valid() || kind == credential.BindingSession {
		return []credential.Check{credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, "")}
	}
	holder := credential.Pass(reason.CheckHolder, "")
	answers := true
	if kind != credential.BindingBearer {
		if len(audience) != 1 || audience[0] != ev.Binding.Audience() {
			holder = credential.Fail(reason.CheckHolder, reason.AudienceMismatch, "")
		}
		answers = kind != credential.BindingBound || nonce == ev.Binding.Nonce() // which is never empty
	}
	checks = append(checks, holder)
	if !answers {
		checks = append(checks, credential.Fail(reason.CheckFreshness, reason.NonceMismatch, ""))
	}
	fresh := Freshness(ev, p)
	if fresh.Verdict != reason.Passed || answers {
		checks = append(checks, fresh)
	}
	return checks
}

// Holder is whom a credential is bound to.
type Holder struct {
	Confirmed bool            // it has a cnf claim, which alone says who may present it
	Key       *credential.Key // the key in cnf; nil if there is none that is understood
	Subjects  []string        // the id of every credentialSubject, "" for one without
}

// Presents decides whether p, who proved to present what encloses the credential,
// is the one it is bound to. Every subject must be: a second one would travel
// along under the first one's proof.
func (h Holder) Presents(p *credential.Presenter) credential.Check {
	missing := credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, "")
	mismatch := credential.Fail(reason.CheckHolder, reason.HolderBindingMismatch, "")
	if h.Confirmed {
		switch {
		case h.Key == nil:
			return missing
		case !h.Key.Equal(p.Key):
			return mismatch
		}
		return credential.Pass(reason.CheckHolder, "")
	}
	nameless := len(h.Subjects) == 0
	for _, id := range h.Subjects {
		switch {
		case id == "":
			nameless = true
		case id != p.ID:
			return mismatch
		}
	}
	if nameless {
		return missing
	}
	return credential.Pass(reason.CheckHolder, "")
}

// Enclosed checks the holder binding of a credential that makes no proof of
// possession of its own, and fills in what the proof around it says.
func Enclosed(ev credential.Evidence, h Holder, c *credential.Credential) {
	kind := ev.Binding.Kind()
	wanted := kind != credential.BindingBearer
	switch {
	case !ev.Binding.Valid(), kind == credential.BindingSession, ev.Presenter == nil && wanted:
		c.Checks = append(c.Checks, credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, ""))
	case ev.Presenter != nil:
		check := h.Presents(ev.Presenter)
		if !wanted && check.Code == reason.HolderBindingMissing {
			return // bound to nobody, and nothing was asked
		}
		c.Checks = append(c.Checks, check)
		if check.Verdict != reason.Passed {
			return
		}
		if c.Holder == nil {
			key := ev.Presenter.Key
			c.Holder = &key
		}
		if wanted {
			// A copy of an old presentation would do as well where none was asked for.
			c.HolderBound = true
			c.Replay, c.ProofTime = ev.Presenter.Replay, ev.Presenter.ProofTime
		}
	}
}
