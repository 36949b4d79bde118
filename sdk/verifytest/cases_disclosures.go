package verifytest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

func extraName(i int) string { return fmt.Sprintf("extra %d", i) }

// hide makes a disclosure of exactly this content, has the wallet send it, and
// gives its digest, to be put where a case wants it.
func (s *stage) hide(content ...any) string { return s.hideText(string(mustJSON(content))) }

// hideText is hide for content that no encoder would write.
func (s *stage) hideText(content string) string {
	d := base64.RawURLEncoding.EncodeToString([]byte(content))
	s.present = append(s.present, Disclose(extraName(len(s.extra))))
	s.extra = append(s.extra, d)
	return digest(d)
}

// keep is hide for a disclosure that the holder does not send.
func keep(content ...any) string {
	return digest(base64.RawURLEncoding.EncodeToString(mustJSON(content)))
}

// digests puts further digests under the payload's own _sd.
func digests(more ...string) IssueOption {
	return func(_, payload map[string]any) {
		payload["_sd"] = append(payload["_sd"].([]string), more...)
	}
}

func element(digest string) map[string]any { return map[string]any{"...": digest} }

func (s *stage) bearer() { s.binding = cases.Binding{Kind: "bearer"}; s.present = s.present[2:] }

// disclosures are the rules of RFC 9901 §4 and §7.1, and those of SD-JWT VC on what
// may be disclosed at all.
func (c sdjwtCollection) disclosures() {
	issued := func(s *stage, opts ...IssueOption) { s.issue = append(s.issue, opts...) }
	malformed := func(name, comment string, change func(*stage)) { c.reject(name, comment, change, reason.Malformed) }

	c.accept("accepted-recursive", "a claim within a claim, both disclosed", func(s *stage) {
		inner := s.hide("s1", "locality", "Example")
		issued(s, digests(s.hide("s2", "address", map[string]any{"_sd": []any{inner, keep("s", "street", "x")}, "country": "BT"})))
		s.want = map[string]any{"address": map[string]any{"locality": "Example", "country": "BT"}}
	})
	c.accept("accepted-elements", "an element disclosed, one withheld, one in the open", func(s *stage) {
		issued(s, With("nationalities", []any{element(s.hide("s1", "BT")), element(keep("s2", "XX")), "YY"}))
		s.want = map[string]any{"nationalities": []any{"BT", "YY"}}
	})
	c.accept("accepted-recursive-elements", "an element within a disclosed element", func(s *stage) {
		inner := s.hide("s1", 7)
		issued(s, With("list", []any{element(s.hide("s2", []any{element(inner), 8}))}))
		s.want = map[string]any{"list": []any{[]any{7, 8}}}
	})
	c.accept("accepted-all-withheld", "an array of which nothing is disclosed is an empty one", func(s *stage) {
		issued(s, With("list", []any{element(keep("s1", 1)), element(keep("s2", 2))}))
		s.want = map[string]any{"list": []any{}}
	})
	c.accept("accepted-decoys", "decoys among the digests and in an object of their own", func(s *stage) {
		issued(s, digests(digest("decoy 1"), digest("decoy 2")), With("empty", map[string]any{"_sd": []any{digest("decoy 3")}}))
		s.want = map[string]any{"full_name": "Pema Example", "empty": map[string]any{}}
	})
	c.accept("accepted-iat-disclosed", "iat is the one date that SD-JWT VC lets a holder withhold", func(s *stage) {
		issued(s, Without("iat"), digests(s.hide("s", "iat", Epoch.Unix())))
	})

	// Repeated digests.
	malformed("digest-twice", "one digest twice under one _sd", func(s *stage) {
		d := s.hide("s", "a", 1)
		issued(s, digests(d, d))
	})
	malformed("digest-in-two-objects", "one digest under two _sd", func(s *stage) {
		d := s.hide("s", "a", 1)
		issued(s, digests(d), With("other", map[string]any{"_sd": []any{d}}))
	})
	malformed("digest-in-object-and-array", "one digest under _sd and in an array", func(s *stage) {
		d := s.hide("s", "a", 1)
		issued(s, digests(d), With("list", []any{element(d)}))
	})
	malformed("digest-in-payload-and-disclosure", "one digest in the payload and in a disclosure", func(s *stage) {
		d := s.hide("s", "a", 1)
		issued(s, digests(d, s.hide("s", "b", map[string]any{"_sd": []any{d}})))
	})
	malformed("digest-decoy-twice", "a digest that stands for nothing, twice", func(s *stage) {
		issued(s, digests(digest("decoy")), With("list", []any{element(digest("decoy"))}))
	})
	malformed("digest-withheld-twice", "a withheld claim's digest, again as a decoy", func(s *stage) {
		d := keep("s", "a", 1)
		issued(s, digests(d, d))
	})

	// What refers to nothing, and what nothing refers to.
	c.reject("disclosure-orphaned", "a claim within a claim that is withheld itself", func(s *stage) {
		inner := s.hide("s1", "locality", "Example")
		issued(s, digests(keep("s2", "address", map[string]any{"_sd": []any{inner}})))
	}, reason.ClaimsNotCovered)
	c.reject("disclosure-for-itself", "a disclosure that nothing but another unreferenced one refers to", func(s *stage) {
		s.hide("s", "a", map[string]any{"_sd": []any{s.hide("s", "role", "director")}})
	}, reason.ClaimsNotCovered)

	// Names and places.
	malformed("claim-called-sd", "a disclosed claim called _sd", func(s *stage) { issued(s, digests(s.hide("s", "_sd", []any{}))) })
	malformed("claim-called-sd-escaped", "a disclosed claim called _sd, written with an escape", func(s *stage) {
		issued(s, digests(s.hideText(`["s","\u005fsd",[]]`)))
	})
	malformed("claim-called-dots", "a disclosed claim called ...", func(s *stage) { issued(s, digests(s.hide("s", "...", "a"))) })
	malformed("claim-called-sd-alg", "a disclosed claim called _sd_alg", func(s *stage) { issued(s, digests(s.hide("s", "_sd_alg", "sha-256"))) })
	malformed("claim-exists", "a disclosed claim that stands in the open already", func(s *stage) {
		issued(s, With("role", "clerk"), digests(s.hide("s", "role", "director")))
	})
	malformed("claim-disclosed-twice", "a claim disclosed twice, under two salts", func(s *stage) {
		issued(s, digests(s.hide("s1", "role", "clerk"), s.hide("s2", "role", "director")))
	})
	malformed("claim-for-element", "a claim where an array element belongs", func(s *stage) {
		issued(s, With("list", []any{element(s.hide("s", "a", 1))}))
	})
	malformed("element-for-claim", "an array element where a claim belongs", func(s *stage) { issued(s, digests(s.hide("s", 1))) })
	malformed("element-of-element", "a disclosed element that is a digest again", func(s *stage) {
		issued(s, With("list", []any{element(s.hide("s", element(keep("s", 1))))}))
	})
	malformed("dots-in-object", "a member called ... outside an array", func(s *stage) { issued(s, With("a", element(digest("x")))) })
	malformed("dots-not-alone", "a member called ... beside another", func(s *stage) {
		issued(s, With("list", []any{map[string]any{"...": digest("x"), "b": 1}}))
	})
	malformed("dots-not-text", "a member called ... that is a number", func(s *stage) { issued(s, With("list", []any{map[string]any{"...": 1}})) })
	malformed("sd-not-array", "_sd that is a string", func(s *stage) { issued(s, With("a", map[string]any{"_sd": digest("x")})) })
	malformed("sd-not-text", "_sd that holds a number", func(s *stage) { issued(s, With("a", map[string]any{"_sd": []any{1}})) })
	malformed("sd-alg-nested", "_sd_alg below the top level", func(s *stage) { issued(s, With("a", map[string]any{"_sd_alg": "sha-256"})) })

	// The form of a disclosure.
	malformed("disclosure-of-four", "a disclosure of four elements", func(s *stage) { issued(s, digests(s.hide("s", "a", 1, 2))) })
	malformed("disclosure-object", "a disclosure that is an object", func(s *stage) { issued(s, digests(s.hideText(`{"s":"a"}`))) })
	malformed("disclosure-salt", "a salt that is a number", func(s *stage) { issued(s, digests(s.hide(1, "a", 1))) })
	malformed("disclosure-name", "a claim name that is null", func(s *stage) { issued(s, digests(s.hide("s", nil, 1))) })
	malformed("disclosure-name-twice", "a disclosed object that says one thing twice", func(s *stage) {
		issued(s, digests(s.hideText(`["s","a",{"role":"clerk","role":"director"}]`)))
	})
	malformed("disclosure-empty", "nothing between two tildes", func(s *stage) {
		s.bearer()
		s.token = func(t []byte) []byte { return append(t, '~') }
	})
	malformed("disclosure-line-break", "a line break within a disclosure", func(s *stage) {
		s.bearer()
		s.token = func(t []byte) []byte { return append(t[:len(t)-4:len(t)-4], append([]byte("\n"), t[len(t)-4:]...)...) }
	})
	malformed("line-break-behind", "a line break behind the last tilde", func(s *stage) {
		s.bearer()
		s.token = func(t []byte) []byte { return append(t, '\n') }
	})
	malformed("member-twice", "a payload that names its issuer twice", func(s *stage) {
		s.token = part(0, 1, replace(`{`, `{"i\u0073s":"https://other.example",`))
	})

	// What a holder may not withhold (SD-JWT VC §2.2.2.2).
	for name, value := range map[string]any{
		"nbf": Epoch.Unix(), "vct": caseType, "vct#integrity": "sha256-x",
		"status": map[string]any{"status_list": map[string]any{"idx": 0, "uri": caseIssuer + "/status/1"}},
		"cnf":    map[string]any{"kid": "1"},
	} {
		malformed(strings.ReplaceAll(name, "#", "-")+"-disclosed", name+" hidden in a disclosure, which SD-JWT VC forbids", func(s *stage) {
			issued(s, Without(name), digests(s.hide("s", name, value)))
		})
	}
	malformed("cnf-part-withheld", "a part of cnf that the holder may withhold", func(s *stage) {
		issued(s, With("cnf", map[string]any{"jwk": s.wallet.key.jwkMap(""), "_sd": []any{keep("s", "jku", "x")}}))
	})
	malformed("status-part-withheld", "the status index as a disclosure", func(s *stage) {
		idx := s.hide("s", "idx", 0)
		issued(s, With("status", map[string]any{"status_list": map[string]any{"uri": caseIssuer + "/status/1", "_sd": []any{idx}}}))
	})

	// Sizes.
	c.reject("too-many-disclosures", "more disclosures than any presentation has", func(s *stage) {
		s.bearer()
		s.token = func(t []byte) []byte {
			for i := range limits.Disclosures {
				t = addDisclosure(fmt.Sprintf(`["s",%d]`, i))(t)
			}
			return t
		}
	}, reason.TooLarge)
	c.reject("too-many-digests", "more digests than any presentation has", func(s *stage) {
		many := make([]string, limits.Digests)
		for i := range many {
			many[i] = fmt.Sprint(i)
		}
		issued(s, digests(many...))
	}, reason.TooLarge)
	c.reject("too-deep", "a claim that nests deeper than any", func(s *stage) {
		deep := bytes.Repeat([]byte("["), limits.JSONDepth)
		issued(s, With("deep", json.RawMessage(append(deep, bytes.Repeat([]byte("]"), limits.JSONDepth)...))))
	}, reason.TooLarge)
	c.reject("too-deep-disclosed", "disclosures within disclosures, deeper than any", func(s *stage) {
		at := any("bottom")
		for i := range limits.JSONDepth {
			at = []any{element(s.hide(fmt.Sprint(i), at))}
		}
		issued(s, With("deep", at))
	}, reason.TooLarge)
}
