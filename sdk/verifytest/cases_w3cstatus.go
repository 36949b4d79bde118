package verifytest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// w3cBits is a bitstring with the given bits set, from the left.
func w3cBits(size int, set ...int) []byte {
	b := make([]byte, size)
	for _, i := range set {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return b
}

// w3cPacked is a bitstring as it stands in encodedList (Bitstring Status List §2.2).
func w3cPacked(bits []byte) string {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(bits); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes())
}

// w3cStatuses are the rules of Bitstring Status List 1.0 (§2.1, §2.2, §3.2).
func (j jwtCollection) w3cStatuses() {
	const uri = caseIssuer + "/status/bits"
	const least = 16 << 10
	type object = map[string]any
	entry := func(purpose string, index any, more ...any) object {
		e := object{"id": uri + "#0", "type": "BitstringStatusListEntry", "statusPurpose": purpose, "statusListIndex": index, "statusListCredential": uri}
		for i := 0; i < len(more); i += 2 {
			e[more[i].(string)] = more[i+1]
		}
		return e
	}
	messages := func(n int) []any {
		list := make([]any, n)
		for i := range list {
			list[i] = object{"status": fmt.Sprintf("0x%x", i), "message": "of the issuer's own"}
		}
		return list
	}
	// refers makes a credential with these entries and a list of revocations, with
	// bits 7 and 15 set and many more never used; change changes the list.
	refers := func(entries any, change func(list, subject object), purposes ...string) func(*jwtStage) {
		return func(s *jwtStage) {
			s.issue = append(s.issue, Without("status"), Document("credentialStatus", entries))
			subject := object{"id": uri + "#list", "type": "BitstringStatusList", "statusPurpose": append([]string{"revocation"}, purposes...),
				"encodedList": w3cPacked(w3cBits(2*least, 7, 15))}
			list := object{
				"@context": []string{baseContext[VCDM2]}, "id": uri, "type": []string{"VerifiableCredential", "BitstringStatusListCredential"},
				"issuer": caseIssuer, "validFrom": rfc3339(Epoch), "credentialSubject": subject,
			}
			if change != nil {
				change(list, subject)
			}
			s.listURI = uri
			s.list = func([]byte) []byte {
				return s.registry.key.sign(object{"typ": "vc+jwt", "cty": "vc", "kid": "1"}, mustJSON(list))
			}
		}
	}
	one := func(purpose string, index any, more ...any) func(*jwtStage) {
		return refers(entry(purpose, index, more...), nil, "suspension", "refresh", "message")
	}
	list := func(change func(list, subject object)) func(*jwtStage) {
		return refers(entry("revocation", "6"), change)
	}

	j.accept("accepted-bitstring", "a bit that is not set", one("revocation", "6"))
	j.accept("accepted-bitstring-last", "the last bit of a list", one("revocation", "262143"))
	j.accept("accepted-bitstring-number", "an index that is a number says the same", one("revocation", 6))
	j.accept("accepted-bitstring-several", "two entries, and neither is set", refers([]any{entry("revocation", "6"), entry("suspension", "8")}, nil, "suspension"))
	j.accept("accepted-bitstring-refresh", "a newer credential exists, and this one is no worse for it", one("refresh", "7"))
	j.accept("accepted-bitstring-wide", "two bits an entry, and neither is set", one("message", "4", "statusSize", 2, "statusMessage", messages(4)))
	j.accept("accepted-bitstring-least", "as few entries as a list may have", list(func(_, subject object) { subject["encodedList"] = w3cPacked(w3cBits(least, 7)) }))
	j.accept("accepted-bitstring-ttl", "as old as its ttl", list(func(_, subject object) { subject["ttl"] = 3600_000 }))

	j.reject("bitstring-revoked", "a bit that is set", one("revocation", "7"), reason.Revoked)
	j.reject("bitstring-suspended", "a bit that is set, on hold", one("suspension", "7"), reason.Suspended)
	j.reject("bitstring-message", "a message that the issuer set, and nobody here reads", one("message", "7"), reason.StatusRefused)
	j.reject("bitstring-message-wide", "a message of two bits", one("message", "3", "statusSize", 2, "statusMessage", messages(4)), reason.StatusRefused)
	j.reject("bitstring-revoked-wide", "one of two bits is set", one("revocation", "7", "statusSize", 2, "statusMessage", messages(4)), reason.Revoked)
	j.reject("bitstring-second", "the second of two entries is set", refers([]any{entry("revocation", "6"), entry("suspension", "7")}, nil, "suspension"), reason.Suspended)
	j.reject("bitstring-revoked-stale", "revoked in a list that is older than its ttl", refers(entry("revocation", "7"), func(_, subject object) { subject["ttl"] = 1000 }), reason.Revoked, reason.StatusStale)
	j.reject("bitstring-revoked-expired", "revoked in a list that has ended", refers(entry("revocation", "7"), func(list, _ object) { list["validUntil"] = rfc3339(Epoch.Add(time.Hour)) }), reason.Revoked, reason.StatusStale)
	for name, e := range map[string]any{
		"bitstring-no-purpose":       entry("", "6"),
		"bitstring-purposes":         entry("revocation", "6", "statusPurpose", []any{"revocation"}),
		"bitstring-no-index":         entry("revocation", nil),
		"bitstring-index-negative":   entry("revocation", "-1"),
		"bitstring-index-zeroes":     entry("revocation", "006"),
		"bitstring-index-hex":        entry("revocation", "0x6"),
		"bitstring-no-list":          entry("revocation", "6", "statusListCredential", ""),
		"bitstring-size-zero":        entry("revocation", "6", "statusSize", 0),
		"bitstring-size-nine":        entry("revocation", "6", "statusSize", 9, "statusMessage", messages(512)),
		"bitstring-size-text":        entry("revocation", "6", "statusSize", "1"),
		"bitstring-size-no-messages": entry("message", "4", "statusSize", 2),
		"bitstring-messages-missing": entry("message", "4", "statusSize", 2, "statusMessage", messages(3)),
		"bitstring-two-kinds":        entry("revocation", "6", "type", []any{"BitstringStatusListEntry", "StatusList2021Entry"}),
		"bitstring-none":             []any{},
		"bitstring-text":             uri + "#6",
	} {
		j.reject(name, "a status entry that is broken is not no entry", refers(e, nil, "message"), reason.Malformed)
	}

	invalid := func(name, comment string, change func(*jwtStage)) {
		j.unsure(name, comment, change, reason.StatusListInvalid)
	}
	subject := func(name string, value any) func(*jwtStage) {
		return list(func(_, subject object) { subject[name] = value })
	}
	member := func(name string, value any) func(*jwtStage) {
		return list(func(list, _ object) { list[name] = value })
	}
	j.unsure("bitstring-unavailable", "no list at hand", func(s *jwtStage) { one("revocation", "6")(s); s.noList = true }, reason.StatusUnavailable)
	j.unsure("bitstring-ttl", "older than its ttl", subject("ttl", 3599_000), reason.StatusStale)
	j.unsure("bitstring-expired", "the list has ended", member("validUntil", rfc3339(Epoch.Add(time.Hour))), reason.StatusStale)
	j.unsure("bitstring-unknown-form", "an entry of a form nobody here knows", one("revocation", "6", "type", "OtherEntry"), reason.StatusUnavailable)
	invalid("bitstring-beyond", "an index behind the last", one("revocation", "262144"))
	invalid("bitstring-beyond-wide", "an index behind the last of two bits", one("message", "131072", "statusSize", 2, "statusMessage", messages(4)))
	invalid("bitstring-too-wide", "entries so wide that too few of them are left", one("message", "4", "statusSize", 3, "statusMessage", messages(8)))
	invalid("bitstring-other-purpose", "a purpose that the list is not for", refers(entry("suspension", "6"), nil))
	invalid("bitstring-other-kind", "an entry of StatusList2021, and a list of 1.0", one("revocation", "6", "type", "StatusList2021Entry"))
	invalid("bitstring-no-list-purpose", "a list that does not say what it is for", subject("statusPurpose", []string{}))
	invalid("bitstring-too-short", "too few entries to hide in", subject("encodedList", w3cPacked(w3cBits(least-1))))
	invalid("bitstring-no-multibase", "no prefix that says how the list is written", subject("encodedList", w3cPacked(w3cBits(least))[1:]))
	invalid("bitstring-other-multibase", "a prefix of another alphabet", subject("encodedList", "z"+w3cPacked(w3cBits(least))[1:]))
	invalid("bitstring-torn", "a list that is cut short", subject("encodedList", w3cPacked(w3cBits(least))[:40]))
	invalid("bitstring-bomb", "a list that unfolds beyond its limit", subject("encodedList", w3cPacked(w3cBits(limits.StatusList+1))))
	invalid("bitstring-ttl-zero", "a ttl of nothing", subject("ttl", 0))
	invalid("bitstring-ttl-text", "a ttl in words", subject("ttl", "300000"))
	invalid("bitstring-subject-type", "a subject of another type", subject("type", "StatusList2021"))
	invalid("bitstring-subjects", "two lists in one credential", list(func(list, subject object) { list["credentialSubject"] = []any{subject, subject} }))
	invalid("bitstring-type", "a credential that is no list", member("type", []string{"VerifiableCredential"}))
	invalid("bitstring-other-id", "a list of another name", member("id", uri+"/2"))
	invalid("bitstring-undated", "a list that does not say when it was made", list(func(list, _ object) { delete(list, "validFrom") }))
	invalid("bitstring-from-later", "a list from more than a minute later", member("validFrom", rfc3339(Epoch.Add(time.Hour+61*time.Second))))
	invalid("bitstring-other-context", "a context that could give its members other names", member("@context", []string{baseContext[VCDM2], caseW3CContext}))
	invalid("bitstring-forged", "a bit of the list's signature is another", func(s *jwtStage) {
		one("revocation", "6")(s)
		sign := s.list
		s.list = func(t []byte) []byte { return part(0, 2, flip)(sign(t)) }
	})
	invalid("bitstring-other-issuer", "a list by another issuer of the trust list", func(s *jwtStage) {
		other := s.world.AddIssuer("https://z-other.example", "https://z-other.example/card")
		member("issuer", other.id)(s)
		sign := s.list
		s.list = resignedBy(other.key, sign)
	})
}

// resignedBy signs again, by another key, what sign signs.
func resignedBy(key keyPair, sign func([]byte) []byte) func([]byte) []byte {
	return func(t []byte) []byte { return resigned(key, func(_, _ map[string]any) {})(sign(t)) }
}
