package mutate

import (
	"math/rand/v2"
	"strconv"

	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/verify"
)

// denyRule is the path of the identifier by which the deny list knows credentials
// of an entry, nil where the entry has no such rule.
func denyRule(entry map[string]any) []string {
	if entry["status"] != any("deny_list") {
		return nil
	}
	var path []string
	list, _ := entry["deny_by"].([]any)
	for _, v := range list {
		name, _ := v.(string)
		path = append(path, name)
	}
	return path
}

// denied puts a credential on the deny list, or takes the list away.
func denied(r *rand.Rand, p *positive) (mutant, bool) {
	gone := r.IntN(2) == 0
	m, ok := withIssuer(func(_ *rand.Rand, _, entry map[string]any, c verify.Credential) (string, bool) {
		return "", len(denyRule(entry)) > 0
	})(r, p)
	if !ok {
		return mutant{}, false
	}
	s := *p.situation
	m.situation = &s
	if gone {
		s.Deny = nil
		m.what = "the list is gone"
		return m, true
	}
	list := object(s.Trust)
	var digests [][32]byte
	for _, c := range p.credentials {
		path := denyRule(entryOf(list, c.Issuer))
		if len(path) == 0 {
			continue
		}
		id, isText := c.Claims().String(path...)
		if n, isNumber := c.Claims().Int(path...); !isText && isNumber {
			id = strconv.FormatInt(n, 10)
		}
		digests = append(digests, deny.Digest(c.Issuer, path, id))
	}
	was := p.know.Deny
	if was == nil || len(digests) == 0 {
		return mutant{}, false
	}
	data, err := deny.Encode(was.Number+1, was.Issued, was.Expires, digests...)
	s.Deny, m.what = data, "the list names its identifier"
	return m, err == nil
}
