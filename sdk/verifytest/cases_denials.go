package verifytest

import (
	"encoding/json"
	"time"

	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/reason"
)

// denials are the rules of the deny list, for an issuer that publishes no status
// list: what it denies, and what identifies a credential at all.
func (c *sdjwtCollection) denials() {
	path := []string{"revocation_id"}
	const other = "00000000-0000-4000-8000-000000000002"
	// listed is a deny list made an hour ago that lives so long.
	listed := func(s *stage, lives time.Duration, digests ...[32]byte) {
		data, err := deny.Encode(3, Epoch, Epoch.Add(lives), append(digests, deny.Digest(caseIssuer, path, other))...)
		if err != nil {
			panic(err)
		}
		s.deny = json.RawMessage(data)
	}
	// issued is a credential with an identifier that is disclosed, by an issuer with
	// no list of its own.
	issued := func(s *stage, id any) {
		s.noList = true
		s.claims["revocation_id"] = id
		s.issue = []IssueOption{Without("status")}
		s.present = append(s.present, Disclose("revocation_id"))
		s.trust = together(entry("status", "deny_list"), entry("deny_by", path))
		listed(s, 7*24*time.Hour)
	}
	const id = "00000000-0000-4000-8000-000000000001"
	on := func(change func(*stage)) func(*stage) {
		return func(s *stage) { issued(s, id); change(s) }
	}
	denied := func(issuer string, path []string, id string) func(*stage) {
		return on(func(s *stage) { listed(s, 7*24*time.Hour, deny.Digest(issuer, path, id)) })
	}
	without := on(func(s *stage) { s.present = append(s.present[:2:2], Disclose("full_name")) })

	c.accept("accepted-deny-list", "an identifier that is not on the deny list", on(func(*stage) {}))
	c.accept("accepted-deny-number", "an identifier that is a whole number", func(s *stage) { issued(s, 7) })
	c.accept("accepted-deny-nested", "an identifier below another member", on(func(s *stage) {
		s.issue = append(s.issue, With("card", map[string]any{"serial": id}))
		s.trust = together(entry("status", "deny_list"), entry("deny_by", []string{"card", "serial"}))
	}))
	c.accept("accepted-deny-other-issuer", "the same identifier of another issuer is on the list", denied("https://other.example", path, id))
	c.accept("accepted-deny-other-path", "the same identifier of another kind is on the list", denied(caseIssuer, []string{"serial"}, id))
	c.accept("accepted-deny-split", "the same bytes, divided otherwise, are on the list", denied(caseIssuer, []string{"revocation_", "id" + id[:1]}, id[1:]))
	c.accept("accepted-deny-empty", "a deny list that names nobody", on(func(s *stage) {
		data, err := deny.Encode(1, Epoch, Epoch.Add(24*time.Hour))
		if err != nil {
			panic(err)
		}
		s.deny = json.RawMessage(data)
	}))
	c.accept("accepted-deny-not-needed", "on the deny list, by an issuer that keeps a status list", func(s *stage) {
		issued(s, id)
		listed(s, 24*time.Hour, deny.Digest(caseIssuer, path, id))
		s.noList, s.issue, s.trust = false, nil, nil
	})

	c.reject("denied", "the deny list names the credential", denied(caseIssuer, path, id), reason.Revoked)
	c.reject("denied-number", "the deny list names the number in decimal", func(s *stage) {
		issued(s, number("7.0"))
		listed(s, 24*time.Hour, deny.Digest(caseIssuer, path, "7"))
	}, reason.Revoked)
	c.reject("denied-in-stale-list", "denied by a list that is stale: both are told, and it rejects", on(func(s *stage) {
		listed(s, time.Hour, deny.Digest(caseIssuer, path, id))
	}), reason.Revoked, reason.StatusStale)
	c.reject("denied-under-stale-trust", "denied, under a trust list that has expired", on(func(s *stage) {
		listed(s, 24*time.Hour, deny.Digest(caseIssuer, path, id))
		s.world.validity = time.Minute
		s.now = later(time.Minute)
	}), reason.Revoked, reason.TrustStale)
	c.reject("deny-held-back", "the identifier was not disclosed", without, reason.StatusMissing)
	c.reject("deny-held-back-listless", "the identifier was not disclosed, and there is no list either", on(func(s *stage) {
		without(s)
		s.deny = nil
	}), reason.StatusMissing)
	c.reject("deny-no-identifier", "the credential has no identifier", on(func(s *stage) { delete(s.claims, "revocation_id") }), reason.StatusMissing)
	for name, id := range map[string]any{
		"deny-empty": "", "deny-fraction": number("7.5"), "deny-beyond-exact": number("9007199254740993"), "deny-boolean": true,
		"deny-array": []any{id}, "deny-object": map[string]any{"id": id}, "deny-null": nil,
	} {
		c.reject(name, "an identifier that can be no entry of a list", func(s *stage) { issued(s, id) }, reason.StatusMissing)
	}
	c.reject("deny-reference", "a status reference is nothing where the deny list counts", func(s *stage) {
		issued(s, id)
		s.noList, s.issue = false, nil
		s.present = append(s.present[:2:2], Disclose("full_name"))
	}, reason.StatusMissing)
	c.reject("deny-uncovered", "an identifier that no digest covers", on(func(s *stage) {
		delete(s.claims, "revocation_id")
		s.bearer()
		s.token = addDisclosure(`["c2FsdA","revocation_id","` + id + `"]`)
	}), reason.ClaimsNotCovered)
	c.reject("deny-expired", "expired, with the identifier held back: that is not told", on(func(s *stage) {
		without(s)
		s.issue = append(s.issue, Expires(Epoch))
	}), reason.Expired)

	c.unsure("deny-unavailable", "no deny list at hand", on(func(s *stage) { s.deny = nil }), reason.StatusUnavailable)
	c.unsure("deny-stale", "the deny list has expired", on(func(s *stage) { listed(s, time.Hour) }), reason.StatusStale)
	c.unsure("deny-policy-age", "the deny list is older than the policy allows", on(func(s *stage) { s.policy = `{"max_status_age_s":3599}` }), reason.StatusStale)
	c.unsure("deny-from-later", "a deny list that was made more than a minute from now", on(func(s *stage) {
		data, err := deny.Encode(3, Epoch.Add(time.Hour+61*time.Second), Epoch.Add(24*time.Hour))
		if err != nil {
			panic(err)
		}
		s.deny = json.RawMessage(data)
	}), reason.StatusListInvalid)
}
