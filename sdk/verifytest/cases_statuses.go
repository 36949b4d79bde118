package verifytest

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// resigned changes a status list token's header and payload and signs it again.
func resigned(key keyPair, change func(header, payload map[string]any)) func([]byte) []byte {
	return func(token []byte) []byte {
		var both [2]map[string]any
		for i, text := range strings.Split(string(token), ".")[:2] {
			raw, err := base64.RawURLEncoding.DecodeString(text)
			if err == nil {
				err = json.Unmarshal(raw, &both[i])
			}
			if err != nil {
				panic(fmt.Sprintf("verifytest: read own status list: %v", err))
			}
		}
		change(both[0], both[1])
		return key.sign(both[0], mustJSON(both[1]))
	}
}

// packed is a list as it stands in a token (Token Status List §4.1 steps 4 and 5).
func packed(list []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	if _, err := z.Write(list); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// statuses are the rules of the Token Status List (§5.1, §6.2, §8.3) and of the
// trust list on status.
func (c sdjwtCollection) statuses() {
	reference := func(value any) func(*stage) {
		return func(s *stage) { s.issue = []IssueOption{With("status", value)} }
	}
	list := func(change func(payload map[string]any)) func(*stage) {
		return func(s *stage) {
			s.list = resigned(s.registry.key, func(_, payload map[string]any) { change(payload) })
		}
	}
	claim := func(name string, value any) func(*stage) {
		return list(func(payload map[string]any) { payload[name] = value })
	}
	inner := func(bits any, lst []byte) func(*stage) {
		return claim("status_list", map[string]any{"bits": bits, "lst": base64.RawURLEncoding.EncodeToString(lst)})
	}
	at := func(idx, uri any) map[string]any {
		return map[string]any{"status_list": map[string]any{"idx": idx, "uri": uri}}
	}
	uri := caseIssuer + "/status/1"
	rule := func(s *stage, word string) { s.trust = entry("status", word) }

	c.accept("accepted-status-none", "the trust list says that this issuer keeps no status", func(s *stage) {
		rule(s, "none")
		s.held = s.registry.Issue(s.wallet, s.claims)
		s.registry.Revoke(s.held)
	})
	c.accept("accepted-status-optional", "no status reference, and none needed", func(s *stage) {
		rule(s, "optional")
		s.issue = []IssueOption{Without("status")}
	})
	c.accept("accepted-status-beside-unknown", "a status list, and a form of status nobody here knows", func(s *stage) {
		value := at(0, uri)
		value["other_list"] = map[string]any{"place": 1}
		reference(value)(s)
	})
	c.accept("accepted-status-signer", "a list by a signer that the issuer's entry names", func(s *stage) {
		other := s.world.AddIssuer("https://z-status.example", "https://z-status.example/none")
		other.statusURI = s.registry.statusURI
		s.list = func([]byte) []byte { return other.StatusToken() }
		s.trust = entry("status_signers", []string{other.id})
	})
	for _, bits := range []int{1, 2, 4, 8} {
		c.accept(fmt.Sprintf("accepted-status-%d-bits", bits), "the last entry of a list", func(s *stage) {
			inner(bits, packed([]byte{0xff, 0xff >> bits}))(s)
			reference(at(2*8/bits-1, uri))(s)
		})
		c.reject(fmt.Sprintf("revoked-%d-bits", bits), "the first entry of a list, the least significant bits", func(s *stage) {
			inner(bits, packed([]byte{1, 0}))(s)
		}, reason.Revoked)
	}

	// The reference.
	c.reject("status-optional-revoked", "a status that need not be there is looked up where it is", func(s *stage) {
		rule(s, "optional")
		s.held = s.registry.Issue(s.wallet, s.claims)
		s.registry.Revoke(s.held)
	}, reason.Revoked)
	for name, value := range map[string]any{
		"status-empty":          map[string]any{},
		"status-text":           "valid",
		"status-array":          []any{at(0, uri)},
		"status-index-text":     at("0", uri),
		"status-index-fraction": at(number("0.5"), uri),
		"status-index-huge":     at(number("18446744073709551616"), uri),
		"status-index-null":     at(nil, uri),
		"status-uri-missing":    map[string]any{"status_list": map[string]any{"idx": 0}},
		"status-uri-number":     at(0, 1),
		"status-list-null":      map[string]any{"status_list": nil},
	} {
		c.reject(name, "a status reference that is broken is not no reference", reference(value), reason.Malformed)
	}

	// The list. What is wrong with it is the provider's fault, so nothing is decided.
	invalid := func(name, comment string, change func(*stage)) {
		c.unsure(name, comment, change, reason.StatusListInvalid)
	}
	invalid("status-typ", "a list whose typ is JWT", func(s *stage) {
		s.list = resigned(s.registry.key, func(header, _ map[string]any) { header["typ"] = "JWT" })
	})
	invalid("status-crit", "a list with a critical header that nobody here understands", func(s *stage) {
		s.list = resigned(s.registry.key, func(header, _ map[string]any) { header["crit"] = []string{"x"} })
	})
	invalid("status-stranger", "a list by somebody whom the trust list does not name", func(s *stage) {
		s.list = resigned(deriveKey("stranger"), func(header, _ map[string]any) {})
	})
	invalid("status-signer-over", "a list by a named signer whose own entry has ended", func(s *stage) {
		other := s.world.AddIssuer("https://z-status.example", "https://z-status.example/none")
		other.statusURI = s.registry.statusURI
		s.list = func([]byte) []byte { return other.StatusToken() }
		s.trust = together(entry("status_signers", []string{other.id}), func(list map[string]any) {
			list["issuers"].([]any)[1].(map[string]any)["valid_until"] = rfc3339(Epoch)
		})
	})
	invalid("status-no-iat", "a list that does not say when it was made", list(func(p map[string]any) { delete(p, "iat") }))
	invalid("status-iat-text", "a list made in words", claim("iat", "today"))
	invalid("status-from-later", "a list that was made more than a minute from now", claim("iat", Epoch.Add(time.Hour+61*time.Second).Unix()))
	invalid("status-exp-text", "a list that ends in words", claim("exp", "never"))
	invalid("status-ttl-zero", "a ttl of nothing", claim("ttl", 0))
	invalid("status-ttl-text", "a ttl in words", claim("ttl", "43200"))
	invalid("status-ttl-huge", "a ttl beyond any number", claim("ttl", number("1e400")))
	invalid("status-no-list", "a token without a list", list(func(p map[string]any) { delete(p, "status_list") }))
	invalid("status-3-bits", "three bits an entry", inner(3, packed([]byte{0})))
	invalid("status-bits-text", "the number of bits in words", inner("2", packed([]byte{0})))
	invalid("status-not-packed", "a list that is not compressed", inner(2, []byte{0, 0, 0, 0}))
	invalid("status-torn", "a list that is cut short", inner(2, packed(make([]byte, 64))[:8]))
	invalid("status-trailing", "a byte behind the compressed list", inner(2, append(packed(make([]byte, 64)), 0)))
	invalid("status-checksum", "a list with a wrong checksum", inner(2, flipLast(packed(make([]byte, 64)))))
	invalid("status-empty-list", "a list of nothing", inner(2, packed(nil)))
	invalid("status-bomb", "a list that unfolds beyond its limit", inner(2, packed(make([]byte, limits.StatusList+1))))
	c.unsure("status-undated", "a list without exp and ttl, more than a day old", func(s *stage) {
		s.registry.StatusLives(0, 0)
		s.now = later(24*time.Hour + time.Second)
	}, reason.StatusStale)
	c.accept("accepted-status-undated", "a list without exp and ttl, a day old", func(s *stage) {
		s.registry.StatusLives(0, 0)
		s.now = later(24 * time.Hour)
	})
	c.reject("suspended-in-stale-list", "on hold in a list that is stale: both are told, and it rejects", func(s *stage) {
		s.held = s.registry.Issue(s.wallet, s.claims)
		s.registry.Suspend(s.held)
		s.registry.StatusLives(time.Minute, 0)
		s.now = later(2 * time.Minute)
	}, reason.Suspended, reason.StatusStale)
	c.reject("revoked-under-stale-trust", "revoked by a good list, under a trust list that has expired", func(s *stage) {
		s.held = s.registry.Issue(s.wallet, s.claims)
		s.registry.Revoke(s.held)
		s.world.validity = time.Minute
		s.now = later(time.Minute)
	}, reason.Revoked, reason.TrustStale)
}

func flipLast(data []byte) []byte {
	data[len(data)-1] ^= 1
	return data
}
