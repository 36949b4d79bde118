package mutate

import (
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/base45"
)

// What is read is written again as it was: a change must be the only one.
func TestReadingAndWritingChangesNothing(t *testing.T) {
	for _, doc := range []string{
		`{}`, `[]`, `{"b":1,"a":[true,false,null,"x",1.0e2],"b":2}`, `{"<&>":"\u0000 é \" \\"}`,
	} {
		n, ok := parseJSON([]byte(doc))
		if !ok || string(n.bytes()) != doc || string(n.copy().bytes()) != doc {
			t.Errorf("%s becomes %s", doc, n.bytes())
		}
	}
	for _, item := range []string{
		"80", "a0", "8301820203f6", "9f01ff", "bf61619f02ffff", "d28443a10126a0f640", "81f97e00", "811800", "815f4101ff", "811b000000000000000a", "d81840",
	} {
		raw, err := hex.DecodeString(item)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) < 2 {
			continue
		}
		n, ok := parseCBOR(raw)
		if !ok || hex.EncodeToString(n.bytes()) != item || hex.EncodeToString(n.copy().bytes()) != item {
			t.Errorf("%s is not written as it was", item)
		}
	}
	for _, torn := range []string{"8201", "a201", "9f01", "8101ff", "5801", "811c", "818181ff", "bf01ff"} {
		raw, _ := hex.DecodeString(torn)
		if _, ok := parseCBOR(raw); ok {
			t.Errorf("%s was read", torn)
		}
	}
}

// Every part that is found can be put back: the same bytes make the same
// presentation, and others make another.
func TestPartsArePutBack(t *testing.T) {
	jwt := "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for name, tt := range map[string]struct {
		data string
		has  []kind
	}{
		"JWS":               {jwt, []kind{jwsToken, jsonDoc, signature}},
		"SD-JWT":            {jwt + "~WyJzIiwiYSIsMV0~" + jwt, []kind{sdJWTToken, jwsToken, jsonDoc, signature}},
		"enveloped":         {`{"id":"data:application/vc+jwt,` + jwt + `","proof":{"proofValue":"z3b"}}`, []kind{jsonDoc, jwsToken}},
		"COSE in base45":    {"HC1:" + packedCBOR(t), []kind{text, packed, cborItem}},
		"JSON serialised":   {`{"payload":"eyJpc3MiOiJhIn0","protected":"eyJhbGciOiJFUzI1NiJ9"}`, []kind{jsonDoc}},
		"nothing it knows":  {"\x00\x01\x02", nil},
		"a card of digits":  {"shc:/5676290952432060346029243740446031222959532654603460292540772804336028", []kind{text}},
		"CBOR within bytes": {"\xa1\x61\x61\xd8\x18\x43\xa1\x01\x02", []kind{cborItem}},
	} {
		t.Run(name, func(t *testing.T) {
			found := map[kind]int{}
			for i, v := range findViews([]byte(tt.data)) {
				found[v.kind]++
				if v.kind == packed || v.kind == text {
					continue // compressed again, it may be as long and not the same
				}
				if again := v.put(v.data); string(again) != tt.data && !packedInside(tt.data) {
					t.Errorf("part %d does not go back: %q", i, again)
				}
				if v.kind == anything && string(v.put(append(slices.Clone(v.data), 'x'))) == tt.data {
					t.Errorf("part %d cannot be changed", i)
				}
			}
			for _, k := range tt.has {
				if found[k] == 0 {
					t.Errorf("found %v, no kind %d", found, k)
				}
			}
		})
	}
}

func packedInside(data string) bool { return data[:4] == "HC1:" }

func packedCBOR(t *testing.T) string {
	t.Helper()
	raw, err := hex.DecodeString("d28443a10126a0425840" + "40")
	if err != nil {
		t.Fatal(err)
	}
	return string(base45.Encode(compress(raw, 9)))
}

func TestWhatGivesNothingNew(t *testing.T) {
	decode := func(text string) any {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, tt := range map[string]struct {
		now, before string
		json, ld    bool
	}{
		"the same":                 {`{"a":[1,{"b":"x"}]}`, `{"a":[1,{"b":"x"}]}`, true, true},
		"less":                     {`{"a":[2],"c":{}}`, `{"a":[1,2],"b":3,"c":{"d":4}}`, true, true},
		"more":                     {`{"a":1,"b":2}`, `{"a":1}`, false, false},
		"another value":            {`{"a":{"b":[1,3]}}`, `{"a":{"b":[1,2]}}`, false, false},
		"another order":            {`{"a":[2,1]}`, `{"a":[1,2]}`, false, true},
		"an array of one":          {`{"a":["x"]}`, `{"a":"x"}`, false, true},
		"no array":                 {`{"a":"x"}`, `{"a":["x"]}`, false, true},
		"a value object":           {`{"a":{"@value":"x"}}`, `{"a":"x"}`, false, true},
		"a value object of a type": {`{"a":{"@value":"x","@type":"t"}}`, `{"a":"x"}`, false, false},
		"an identifier's name":     {`{"a":{"@id":"x","b":1}}`, `{"a":{"id":"x","b":1}}`, false, true},
		"a number for a text":      {`{"a":1}`, `{"a":"1"}`, false, false},
		"an object of an array":    {`{"a":{"b":1}}`, `{"a":[{"b":1},{"b":2}]}`, false, true},
		"twice":                    {`{"a":[1,1]}`, `{"a":[1]}`, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			if _, ok := part(decode(tt.now), decode(tt.before), ""); ok != tt.json {
				t.Errorf("as JSON: %v", ok)
			}
			if _, ok := part(plain(decode(tt.now)), plain(decode(tt.before)), ""); ok != tt.ld {
				t.Errorf("as JSON-LD: %v", ok)
			}
		})
	}
}
