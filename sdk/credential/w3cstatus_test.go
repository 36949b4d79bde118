package credential_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/credential"
)

func decode(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestW3CStatusReadsEveryForm(t *testing.T) {
	const bitstring = `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"94567","statusListCredential":"https://a.example/3"}`
	one := credential.StatusReference{Mechanism: credential.StatusBitstring, Purpose: "revocation", URI: "https://a.example/3", Index: 94567, Size: 1}
	for text, want := range map[string][]credential.StatusReference{
		bitstring:                               {one},
		"[" + bitstring + "]":                   {one},
		"[" + bitstring + "," + bitstring + "]": {one, one},
		strings.Replace(bitstring, `"94567"`, `94567`, 1): {one},
		`{"type":["BitstringStatusListEntry","Other"],"statusSize":2,"statusPurpose":"message","statusListIndex":"0","statusListCredential":"u","statusMessage":[{"status":"0x0","message":"a"},{"status":"0x3","message":"b"},{"status":"0x1","message":"c"},{"status":"0x2","message":"d"}]}`: {
			{Mechanism: credential.StatusBitstring, Purpose: "message", URI: "u", Size: 2}},
		`{"type":"StatusList2021Entry","statusPurpose":"suspension","statusListIndex":"7","statusListCredential":"u"}`: {
			{Mechanism: credential.Status2021, Purpose: "suspension", URI: "u", Index: 7}},
		`{"type":"RevocationList2020Status","revocationListIndex":"18446744073709551615","revocationListCredential":"u"}`: {
			{Mechanism: credential.StatusRevocation20, Purpose: "revocation", URI: "u", Index: 1<<64 - 1}},
		`{"type":"CredentialStatusList2017","id":"u"}`: {{Mechanism: "CredentialStatusList2017"}},
	} {
		got, err := credential.W3CStatus(decode(t, text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", text, d)
		}
	}
}

// Each case has one cause.
func TestW3CStatusRefuses(t *testing.T) {
	entry := func(change string) string {
		old, with, _ := strings.Cut(change, " => ")
		const good = `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"94567","statusListCredential":"https://a.example/3"}`
		if !strings.Contains(good, old) {
			t.Fatal(old)
		}
		return strings.Replace(good, old, with, 1)
	}
	for name, text := range map[string]string{
		"null":                          `null`,
		"a string":                      `"https://a.example/3#94567"`,
		"no entry":                      `[]`,
		"an entry that is a string":     `["x"]`,
		"too many":                      "[" + strings.Repeat(entry("revocation => revocation")+",", 16) + entry("revocation => revocation") + "]",
		"no type":                       `{"id":"x"}`,
		"an empty type":                 `{"type":""}`,
		"no types":                      `{"type":[]}`,
		"a type that is a number":       `{"type":1}`,
		"two known types":               entry(`"BitstringStatusListEntry" => ["BitstringStatusListEntry","StatusList2021Entry"]`),
		"the IETF form by its member":   `{"type":"status_list"}`,
		"a health card's form":          `{"type":"rid"}`,
		"no purpose":                    entry(`"statusPurpose":"revocation", => `),
		"an empty purpose":              entry(`"revocation" => ""`),
		"several purposes":              entry(`"revocation" => ["revocation"]`),
		"no list":                       entry(`,"statusListCredential":"https://a.example/3" => `),
		"an empty list":                 entry(`"https://a.example/3" => ""`),
		"a list within":                 entry(`"https://a.example/3" => {"id":"x"}`),
		"no index":                      entry(`"statusListIndex":"94567", => `),
		"an empty index":                entry(`"94567" => ""`),
		"a negative index":              entry(`"94567" => "-1"`),
		"an index with a sign":          entry(`"94567" => "+1"`),
		"an index with a zero before":   entry(`"94567" => "094567"`),
		"an index with a space":         entry(`"94567" => " 1"`),
		"a hexadecimal index":           entry(`"94567" => "0x1"`),
		"an index with underscores":     entry(`"94567" => "9_4"`),
		"a broken index":                entry(`"94567" => 1.0`),
		"an index beyond 64 bits":       entry(`"94567" => "18446744073709551616"`),
		"an index that is null":         entry(`"94567" => null`),
		"a size of zero":                entry(`"94567" => "94567","statusSize":0`),
		"a size of nine":                entry(`"94567" => "94567","statusSize":9`),
		"a size as a string":            entry(`"94567" => "94567","statusSize":"1"`),
		"a wide entry without messages": entry(`"94567" => "94567","statusSize":2`),
		"too few messages":              entry(`"94567" => "94567","statusSize":2,"statusMessage":[{"status":"0x0","message":"a"},{"status":"0x1","message":"b"},{"status":"0x2","message":"c"}]`),
		"too many messages":             entry(`"94567" => "94567","statusMessage":[{"status":"0x0","message":"a"},{"status":"0x1","message":"b"},{"status":"0x2","message":"c"}]`),
		"no messages":                   entry(`"94567" => "94567","statusMessage":[]`),
		"messages that are null":        entry(`"94567" => "94567","statusMessage":null`),
		"a message that is a text":      entry(`"94567" => "94567","statusMessage":["a","b"]`),
		"a message without its status":  entry(`"94567" => "94567","statusMessage":[{"message":"a"},{"status":"0x1","message":"b"}]`),
		"a message without words":       entry(`"94567" => "94567","statusMessage":[{"status":"0x0"},{"status":"0x1","message":"b"}]`),
		"a message twice":               entry(`"94567" => "94567","statusMessage":[{"status":"0x0","message":"a"},{"status":"0x00","message":"b"}]`),
		"a message beyond the size":     entry(`"94567" => "94567","statusMessage":[{"status":"0x0","message":"a"},{"status":"0x2","message":"b"}]`),
		"a status in decimal":           entry(`"94567" => "94567","statusMessage":[{"status":"0","message":"a"},{"status":"1","message":"b"}]`),
		"a size that is null":           entry(`"94567" => "94567","statusSize":null`),
		"one good and one bad":          "[" + entry("revocation => revocation") + `,{"type":"StatusList2021Entry"}]`,
	} {
		if got, err := credential.W3CStatus(decode(t, text)); !errors.Is(err, credential.ErrStatus) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
