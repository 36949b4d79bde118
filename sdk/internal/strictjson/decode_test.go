package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

func TestDecodeReads(t *testing.T) {
	for text, want := range map[string]any{
		`null`:                          nil,
		` true `:                        true,
		"\t\r\n false":                  false,
		`""`:                            "",
		`"Möbius"`:                      "Möbius",
		`"\u004d\u00f6"`:                "Mö",
		`"\ud83d\ude00"`:                "😀",
		`"\uD83D\uDE00x"`:               "😀x",
		`"\"\\\/\b\f\n\r\t"`:            "\"\\/\b\f\n\r\t",
		`"\u0000"`:                      "\x00",
		`"�"`:                           "\ufffd",
		`0`:                             json.Number("0"),
		`-0.10e+05`:                     json.Number("-0.10e+05"),
		`1E999999999`:                   json.Number("1E999999999"),
		`12345678901234567890123456789`: json.Number("12345678901234567890123456789"),
		`[]`:                            []any{},
		`{}`:                            map[string]any{},
		`[1,[null],{"a":"b"}]`:          []any{json.Number("1"), []any{nil}, map[string]any{"a": "b"}},
		` { "a" : 1 , "A" : [ ] } `:     map[string]any{"a": json.Number("1"), "A": []any{}},
		`{"":0}`:                        map[string]any{"": json.Number("0")},
	} {
		got, err := Decode([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                           "",
		"white space":                       " ",
		"a byte order mark":                 "\ufeff{}",
		"two values":                        "{}{}",
		"a byte behind":                     "{} x",
		"a NUL behind":                      "{}\x00",
		"a NUL":                             "\x00",
		"white space JSON does not have":    "\u00a0{}",
		"a form feed":                       "\f{}",
		"a name twice":                      `{"a":1,"a":1}`,
		"a name twice, once escaped":        `{"a":1,"\u0061":2}`,
		"a name twice deep inside":          `[{"x":{"a":1,"b":2,"a":3}}]`,
		"an empty name twice":               `{"":1,"":2}`,
		"bytes that are no UTF-8":           "\"\xff\"",
		"UTF-8 that is too long":            "\"\xc0\xaf\"",
		"a surrogate in UTF-8":              "\"\xed\xa0\x80\"",
		"a lone high surrogate":             `"\ud83d"`,
		"a lone low surrogate":              `"\ude00"`,
		"surrogates in the wrong order":     `"\ude00\ud83d"`,
		"two high surrogates":               `"\ud83d\ud83d"`,
		"a high surrogate before a letter":  `"\ud83dx"`,
		"a high surrogate before an escape": `"\ud83d\n"`,
		"a lone surrogate in a name":        `{"\ud83d":1}`,
		"a control character":               "\"\x1f\"",
		"a line break in a string":          "\"\n\"",
		"a control character after escapes": "\"\\n\n\"",
		"an unknown escape":                 `"\x"`,
		"an escape in capitals":             `"\N"`,
		"an escape of three digits":         `"\u123"`,
		"an escape with another letter":     `"\u12g4"`,
		"an escape at the end":              `"\`,
		"a quoted end":                      `"\"`,
		"a string without end":              `"a`,
		"single quotes":                     `'a'`,
		"a name without quotes":             `{a:1}`,
		"a name that is a number":           `{1:1}`,
		"no colon":                          `{"a" 1}`,
		"no value":                          `{"a":}`,
		"a comma before the end":            `{"a":1,}`,
		"a comma at the start":              `{,"a":1}`,
		"no comma":                          `{"a":1 "b":2}`,
		"an object without end":             `{"a":1`,
		"an object with another end":        `{"a":1]`,
		"an array with a comma at its end":  `[1,]`,
		"an array with two commas":          `[1,,2]`,
		"an array without end":              `[1`,
		"a comment":                         `{/**/}`,
		"a leading zero":                    `01`,
		"a leading plus":                    `+1`,
		"a minus alone":                     `-`,
		"a leading point":                   `.5`,
		"a trailing point":                  `5.`,
		"a minus and a point":               `-.5`,
		"an exponent without digits":        `1e`,
		"an exponent with a sign alone":     `1e+`,
		"a hexadecimal number":              `0x10`,
		"NaN":                               `NaN`,
		"Infinity":                          `-Infinity`,
		"True":                              `True`,
		"a word cut short":                  `nul`,
		"a word with more":                  `nulll`,
	} {
		t.Run(name, func(t *testing.T) {
			v, err := Decode([]byte(text))
			wantCode(t, err, reason.Malformed)
			if v != nil {
				t.Errorf("gives %v all the same", v)
			}
		})
	}
}

func TestDecodeHoldsItsLimits(t *testing.T) {
	nested := func(n int, open, inner, end string) []byte {
		return []byte(strings.Repeat(open, n) + inner + strings.Repeat(end, n))
	}
	many := func(n int) []byte { return []byte("[" + strings.Repeat("0,", n-2) + "0]") }
	for name, c := range map[string]struct {
		within, beyond []byte
	}{
		"arrays":  {nested(limits.JSONDepth, "[", "", "]"), nested(limits.JSONDepth+1, "[", "", "]")},
		"objects": {nested(limits.JSONDepth, `{"a":`, "1", "}"), nested(limits.JSONDepth+1, `{"a":`, "1", "}")},
		"values":  {many(limits.JSONValues), many(limits.JSONValues + 1)},
	} {
		if _, err := Decode(c.within); err != nil {
			t.Errorf("%s within the limit: %v", name, err)
		}
		_, err := Decode(c.beyond)
		wantCode(t, err, reason.TooLarge)
	}
	// Without an end: the limit must stand before the whole is read.
	_, err := Decode(bytes.Repeat([]byte{'['}, 10_000_000))
	wantCode(t, err, reason.TooLarge)
}

func TestDecodeObjectWantsAnObject(t *testing.T) {
	for _, text := range []string{`[]`, `null`, `"{}"`, `1`} {
		_, err := DecodeObject([]byte(text))
		wantCode(t, err, reason.Malformed)
	}
	if m, err := DecodeObject([]byte(`{"a":1}`)); err != nil || len(m) != 1 {
		t.Errorf("%v, %v", m, err)
	}
}

type inner struct {
	Value int `json:"value"`
}

type embedded struct {
	Shared string `json:"shared"`
}

type document struct {
	embedded
	Number  int              `json:"number"`
	List    []inner          `json:"list,omitempty"`
	ByName  map[string]inner `json:"by_name"`
	Pointer *inner           `json:"pointer"`
	Raw     json.RawMessage  `json:"raw"`
	Hidden  string           `json:"-"`
	Plain   bool
	//lint:ignore U1000 its name must not become a member of the document
	private int
}

// What is in a raw member is another document, which answers for its own nulls;
// that the member is null says nothing.
func TestUnmarshalLeavesRawDocumentsAlone(t *testing.T) {
	for text, ok := range map[string]bool{
		`{"raw":{"path":["a",null]}}`: true,
		`{"raw":[null]}`:              true,
		`{"raw":null}`:                false,
		`{"raw":{"a":1,"a":2}}`:       false,
		`{"raw":{},"list":null}`:      false,
		`{"by_name":{"a":null}}`:      false,
	} {
		if err := Unmarshal([]byte(text), new(document)); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestUnmarshal(t *testing.T) {
	var got document
	err := Unmarshal([]byte(`{"number":1,"list":[{"value":2}],"by_name":{"Value":{"value":3}},"pointer":{"value":4},"raw":{"Any":1},"shared":"s","Plain":true}`), &got)
	if err != nil {
		t.Fatal(err)
	}
	want := document{embedded: embedded{"s"}, Number: 1, List: []inner{{2}}, ByName: map[string]inner{"Value": {3}}, Pointer: &inner{4}, Raw: json.RawMessage(`{"Any":1}`), Plain: true}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(document{}, embedded{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, text := range map[string]string{
		"an unknown name":                      `{"numbers":1}`,
		"a name in capitals":                   `{"NUMBER":1}`,
		"a name and its twin in capitals":      `{"number":1,"Number":2}`,
		"an inner name in capitals":            `{"list":[{"Value":1}]}`,
		"an inner name in a map in capitals":   `{"by_name":{"a":{"Value":1}}}`,
		"an inner name behind a pointer":       `{"pointer":{"VALUE":1}}`,
		"an unknown inner name":                `{"pointer":{"values":1}}`,
		"an embedded name in capitals":         `{"Shared":"s"}`,
		"a hidden name":                        `{"Hidden":"s"}`,
		"a private name":                       `{"private":1}`,
		"a name by its field where it has tag": `{"Number":1}`,
		"null for a number":                    `{"number":null}`,
		"null for a pointer":                   `{"pointer":null}`,
		"null in a list":                       `{"list":[null]}`,
		"a string for a number":                `{"number":"secret"}`,
		"a number too large":                   `{"number":99999999999999999999}`,
		"a fraction":                           `{"number":1.5}`,
		"a name twice":                         `{"number":1,"number":1}`,
		"an array":                             `[]`,
		"something behind":                     `{}{}`,
		"a lone surrogate":                     `{"shared":"\ud800"}`,
	} {
		t.Run(name, func(t *testing.T) {
			err := Unmarshal([]byte(text), new(document))
			wantCode(t, err, reason.Malformed)
			if strings.Contains(fmt.Sprint(err), "secret") || strings.Contains(fmt.Sprint(err), "99999") {
				t.Errorf("the error quotes its input: %v", err)
			}
		})
	}
}

func wantCode(t *testing.T, err error, want reason.Code) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) || coded.Code != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// FuzzDecode holds this reader against encoding/json: what it takes, that one
// takes as well and reads as the same value; what it refuses, that one refuses
// too, or there is one of the reasons why this package exists.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,2.5e-3,"x",true,false,null,{}]}`, `"\ud83d\ude00"`, `{"a":1,"a":2}`, "\"\xff\"", `"\ud800"`, ` [ ] `, `1e5`, `-0`, "{}\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Decode(data)
		want, stdErr := standard(data)
		if err == nil {
			if stdErr != nil {
				t.Fatalf("takes what encoding/json refuses: %v", stdErr)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("reads another value (-encoding/json +strictjson):\n%s", diff)
			}
			return
		}
		var coded *reason.Error
		if !errors.As(err, &coded) {
			t.Fatalf("uncoded error %v", err)
		}
		if stdErr != nil {
			return
		}
		if coded.Code == reason.TooLarge {
			if len(data) < limits.JSONDepth {
				t.Fatal("too large, and yet so small")
			}
			return
		}
		written, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		// encoding/json puts U+FFFD for what is no character, and keeps the last
		// of two equal names.
		if !bytes.Contains(written, []byte("\ufffd")) && !bytes.Contains(written, []byte(`\ufffd`)) && tokens(data) == tokens(written) {
			t.Fatalf("refuses %q, which encoding/json takes: %v", data, coded)
		}
	})
}

func standard(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows")
	}
	return v, nil
}

// tokens counts the tokens of a document: fewer after a round trip through a map
// means that a name was there twice.
func tokens(data []byte) (n int) {
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); err != nil {
			return n
		}
		n++
	}
}
