package trust

import (
	"crypto/x509"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// KeysUnder is [List.Keys] for a reference time that may be wrong. What is refused
// for a date that only a wrong clock has not reached, or has passed, is undecided:
// clock_untrusted.
//
// No true clock is behind what the authority has signed: at is taken as no earlier
// than the list's own time, unless it is proven and so asks about the past on
// purpose. A clock that lags thus brings back neither an issuer that is over nor a
// key that was revoked before the list was made.
func (l *List) KeysUnder(clock credential.ClockLevel, docs Documents, at time.Time) credential.Keys {
	if l != nil && clock != credential.ClockProven && at.Before(l.Issued) {
		at = l.Issued
	}
	return finder{list: l, docs: docs, at: at, clock: clock}
}

// unsure reports whether that at has not reached date (early), or has, says no
// more than that the clock is wrong. A clock that may lag is right about what is
// over; one that is wrong is right about nothing but what the list is behind.
func (f finder) unsure(date time.Time, early bool) bool {
	switch f.clock {
	case credential.ClockProven:
		return false
	case credential.ClockPlausible:
		return early
	default:
		return early || date.After(f.list.Issued)
	}
}

func clockUntrusted(name reason.Check) credential.Check {
	return credential.Undecided(name, reason.ClockUntrusted, "time")
}

// notValid is the answer about an entry that does not count at the finder's time.
func (f finder) notValid(i *Issuer) credential.Check {
	early := f.at.Before(i.ValidFrom)
	date := i.ValidUntil
	if early {
		date = i.ValidFrom
	}
	if f.unsure(date, early) {
		return clockUntrusted(reason.CheckIssuer)
	}
	return credential.Fail(reason.CheckIssuer, reason.IssuerNotValid, i.ID)
}

// onlyTheClock reports whether the entry refused the chain for nothing but its
// dates, and a clock that is not proven is all that says so.
func (f finder) onlyTheClock(i *Issuer, chain []*x509.Certificate) bool {
	for _, a := range i.anchors {
		from, until := a.cert.NotBefore, a.cert.NotAfter
		for _, c := range chain {
			if c.NotBefore.After(from) {
				from = c.NotBefore
			}
			if c.NotAfter.Before(until) {
				until = c.NotAfter
			}
		}
		early := f.at.Before(from)
		date := until
		if early {
			date = from
		}
		if (early || f.at.After(until)) && f.unsure(date, early) && a.admits(chain, date) != nil {
			return true
		}
	}
	return false
}

// clouded gathers the entry's own certificates that are not in their time by a
// clock that is not proven.
func (f finder) clouded(i *Issuer) keySet {
	var keys keySet
	for _, a := range i.anchors {
		if a.leaf != nil || within(a.cert, f.at) {
			continue
		}
		early := f.at.Before(a.cert.NotBefore)
		date := a.cert.NotAfter
		if early {
			date = a.cert.NotBefore
		}
		if f.unsure(date, early) {
			keys = append(keys, a.key)
		}
	}
	return keys
}
