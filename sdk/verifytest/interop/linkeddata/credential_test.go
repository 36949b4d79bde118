package linkeddata

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// credential makes a random credential of issuer's. No two values in one place are
// alike, and no array has one element: the peer's own document would lose it.
func (p *peer) credential(issuer string) object {
	maybe := func(o object, name string, value any) {
		if p.r.IntN(4) > 0 {
			o[name] = value
		}
	}
	subject := object{"type": "Citizen", "fullName": p.text()}
	maybe(subject, "id", "did:example:"+strconv.Itoa(p.r.IntN(1000)))
	maybe(subject, "height", json.Number(fmt.Sprintf("1.%d", 1+p.r.IntN(9))))
	maybe(subject, "age", json.Number(strconv.Itoa(p.r.IntN(120))))
	maybe(subject, "adult", p.r.IntN(2) == 0)
	maybe(subject, "born", fmt.Sprintf("19%02d-0%d-1%d", p.r.IntN(100), 1+p.r.IntN(9), p.r.IntN(10)))
	maybe(subject, "motto", p.text())
	maybe(subject, "portrait", "data:image/png;base64,AAAA"+strconv.Itoa(p.r.IntN(1000)))
	maybe(subject, "speaks", p.several(func(n int) any { return p.text() + strconv.Itoa(n) }))
	maybe(subject, "address", object{"type": "Address", "village": p.text(), "house": strconv.Itoa(p.r.IntN(100))})
	maybe(subject, "documents", p.several(func(n int) any {
		d := object{"type": "Document", "number": strconv.Itoa(p.r.IntN(3))} // some are alike but for their place
		maybe(d, "fullName", p.text()+strconv.Itoa(n))
		maybe(d, "id", "urn:document:"+strconv.Itoa(n))
		return d
	}))
	c := object{
		"@context": []any{baseV2, idCard}, "type": []any{"VerifiableCredential", "IDCard"}, "issuer": issuer,
		"validFrom": "2026-01-01T00:00:00Z", "credentialSubject": subject,
	}
	maybe(c, "id", "urn:uuid:"+strconv.Itoa(p.r.IntN(1000)))
	maybe(c, "validUntil", "2030-01-01T00:00:00Z")
	return c
}

func (p *peer) several(one func(int) any) []any {
	out := make([]any, 2+p.r.IntN(3))
	for n := range out {
		out[n] = one(n)
	}
	return out
}

// text is a short text of anything that JSON can hold, but for "_:", which the
// peer takes for a blank node.
func (p *peer) text() string {
	alphabets := []string{"abcdefghijklmnopqrstuvwxyz", "ཀཁགངཅཆཇཉ", "\"\\\n\t<>&'", "日本語🎉\u007f\u200d", "c14n0 .~/"}
	alphabet := []rune(alphabets[0])
	if p.r.IntN(3) == 0 {
		alphabet = []rune(alphabets[p.r.IntN(len(alphabets))])
	}
	out := make([]rune, 1+p.r.IntN(12))
	for i := range out {
		out[i] = alphabet[p.r.IntN(len(alphabet))]
	}
	return string(out)
}

// pointers are some JSON pointers into a credential, at least one into the subject.
func (p *peer) pointers(credential object) []string {
	var all []string
	walk(credential, "", func(pointer string, _ any) {
		// Elements of type are no statements of their own in JSON.
		if pointer != "" && !strings.HasPrefix(pointer, "/@context") && !strings.Contains(pointer, "/type") {
			all = append(all, pointer)
		}
	})
	slices.Sort(all)
	p.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return append(all[:p.r.IntN(min(8, len(all)))], "/credentialSubject/fullName")
}

// walk visits v and everything inside it.
func walk(v any, pointer string, visit func(pointer string, v any)) {
	visit(pointer, v)
	switch v := v.(type) {
	case object:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
			walk(v[name], pointer+"/"+escaped, visit)
		}
	case []any:
		for i, e := range v {
			walk(e, pointer+"/"+strconv.Itoa(i), visit)
		}
	}
}
