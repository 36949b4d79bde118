package verifytest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Bad input that every form in JSON may meet, each once for each form: what one
// reader takes for one thing and another for something else, and what is made to
// cost more than it is worth. What is peculiar to a form is among its own cases.

// badJSON are changes to the bytes of a JSON object, and what is to be said of them.
var badJSON = map[string]struct {
	comment string
	change  func([]byte) []byte
	code    reason.Code
}{
	"utf8":            {"a text that is no UTF-8", replace(`{`, "{\"x\":\"\xff\","), reason.Malformed},
	"surrogate-alone": {"an escape that is half a character", replace(`{`, `{"x":"\ud800",`), reason.Malformed},
	"name-twice":      {"a member twice, once with an escape", replace(`{`, `{"x":1,"\u0078":2,`), reason.Malformed},
	"number-zero":     {"a number that begins with a zero", replace(`{`, `{"x":01,`), reason.Malformed},
	"byte-order":      {"a byte order mark before the object", func(b []byte) []byte { return append([]byte("\ufeff"), b...) }, reason.Malformed},
	"behind":          {"something behind the object", func(b []byte) []byte { return append(b, "{}"...) }, reason.Malformed},
	"nested":          {"arrays in arrays beyond any document", replace(`{`, `{"x":`+strings.Repeat("[", limits.JSONDepth)+strings.Repeat("]", limits.JSONDepth)+`,`), reason.TooLarge},
	"values":          {"more values than any document has", replace(`{`, `{"x":[`+strings.Repeat("1,", limits.JSONValues)+`1],`), reason.TooLarge},
}

// hostile adds cases of bad JSON to a form, whose stage says how its bytes are
// changed, and which of them it answers otherwise.
func hostile[S any](c casesOf[S], change func(S, func([]byte) []byte), otherwise map[string]reason.Code) {
	for name, bad := range badJSON {
		if code, ok := otherwise[name]; ok {
			bad.code = code
		}
		c.reject("bad-"+name, bad.comment, func(s S) { change(s, bad.change) }, bad.code)
	}
}

// badBase64 are other spellings of a token's encoding (RFC 7515 §2: "with all
// trailing '=' characters omitted [...] and without the inclusion of any line
// breaks, whitespace, or other additional characters").
func badBase64[S any](c casesOf[S], set func(S, func([]byte) []byte)) {
	for name, bad := range map[string]struct {
		comment string
		change  func([]byte) []byte
	}{
		"padding":       {"padding behind a segment", func(t []byte) []byte { return bytes.Replace(t, []byte("."), []byte("=."), 1) }},
		"alphabet":      {"a character of the other alphabet", func(t []byte) []byte { return bytes.Replace(t, []byte("."), []byte("+A."), 1) }},
		"white-space":   {"a space within a segment", func(t []byte) []byte { return append(t[:8:8], append([]byte(" "), t[8:]...)...) }},
		"line-break":    {"a line break within a segment", func(t []byte) []byte { return append(t[:8:8], append([]byte("\n"), t[8:]...)...) }},
		"trailing-bits": {"bits behind the last byte of the signature", trailingBits},
	} {
		c.reject("base64-"+name, bad.comment, func(s S) { set(s, bad.change) }, reason.Malformed)
	}
}

// trailingBits sets bits behind the last byte of the first signature in a token: 64
// bytes leave four of them.
func trailingBits(token []byte) []byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	end := bytes.IndexByte(token, '~')
	if end < 0 {
		end = len(token)
	}
	token[end-1] = alphabet[strings.IndexByte(alphabet, token[end-1])|1]
	return token
}

func (c sdjwtCollection) hostile() {
	bare := func(s *stage, change func([]byte) []byte) {
		s.bearer()
		s.token = change
	}
	hostile(c.casesOf, func(s *stage, change func([]byte) []byte) { bare(s, part(0, 1, change)) }, nil)
	badBase64(c.casesOf, bare)
	for name, bad := range badJSON {
		if name == "number-zero" || strings.HasPrefix(string(bad.change([]byte("{"))), `{"x":[`) {
			continue // a header's own limit comes first, and one number says it
		}
		c.reject("header-"+name, "the header has "+bad.comment, func(s *stage) { bare(s, part(0, 0, bad.change)) }, bad.code)
	}
	malformed := func(name, comment string, change func(*stage)) { c.reject(name, comment, change, reason.Malformed) }
	hidden := func(content string) func(*stage) {
		return func(s *stage) { s.issue = append(s.issue, digests(s.hideText(content))) }
	}
	malformed("disclosure-utf8", "a disclosed value that is no UTF-8", hidden("[\"s\",\"a\",\"\xff\"]"))
	malformed("disclosure-surrogate", "a disclosed value that is half a character", hidden(`["s","a","\ud800"]`))
	malformed("disclosure-behind", "something behind a disclosure", hidden(`["s","a",1]1`))
	malformed("disclosure-padding", "padding behind a disclosure", func(s *stage) {
		bare(s, func(t []byte) []byte { return append(t[:len(t)-1:len(t)-1], "=~"...) })
	})
	c.reject("disclosure-values", "a disclosed value of more values than any", hidden(`["s","a",[`+strings.Repeat("1,", limits.JSONValues)+`1]]`), reason.TooLarge)

	c.reject("code-bomb", "a code that unfolds beyond any presentation", func(s *stage) {
		bare(s, func([]byte) []byte { return []byte(payload.PixelPass(make([]byte, limits.Decompressed+1))) })
	}, reason.TooLarge)
	malformed("code-cut", "a code without its end", func(s *stage) {
		bare(s, func(t []byte) []byte { code := payload.PixelPass(t); return []byte(code[:len(code)/6*3]) })
	})

	c.certificatesOddly()
}

// certificatesOddly are certificates that some readers take and others do not
// (RFC 5280 §4.1: DER; RFC 4648 §3.3 and §3.5).
func (c sdjwtCollection) certificatesOddly() {
	root := certify(certificate{}, "root", nil, authority)
	encoded := func(change func([]byte) []byte, text func(string) string) func(*stage) {
		return func(s *stage) {
			leaf := certify(root, "registry", s.registry.key.public("").Public(), signer)
			s.under(root, leaf)
			s.issue = append(s.issue, Header("x5c", []string{text(base64.StdEncoding.EncodeToString(change(bytes.Clone(leaf.Raw))))}))
		}
	}
	same := func(b []byte) []byte { return b }
	asItIs := func(s string) string { return s }
	for name, bad := range map[string]struct {
		comment string
		change  func([]byte) []byte
	}{
		"trailing":   {"a byte behind a certificate", func(b []byte) []byte { return append(b, 0) }},
		"length":     {"a certificate whose length is written longer than it need be", func(b []byte) []byte { return append([]byte{b[0], 0x83, 0}, b[2:]...) }},
		"indefinite": {"a certificate of indefinite length, which BER has and DER does not", func(b []byte) []byte { return append(append([]byte{b[0], 0x80}, b[4:]...), 0, 0) }},
		"cut":        {"a certificate without its end", func(b []byte) []byte { return b[:len(b)-1] }},
	} {
		c.reject("x5c-"+name, bad.comment, encoded(bad.change, asItIs), reason.CertificateRefused)
	}
	c.reject("x5c-line-break", "a line break within a certificate's text", encoded(same, func(s string) string { return s[:64] + "\n" + s[64:] }), reason.Malformed)
	c.reject("x5c-pem", "a certificate between the lines of PEM", encoded(same, func(s string) string {
		return "-----BEGIN CERTIFICATE-----" + s + "-----END CERTIFICATE-----"
	}), reason.Malformed)
}

func (j jwtCollection) hostile() {
	bare := func(s *jwtStage, change func([]byte) []byte) {
		bearerJWT(s)
		s.token = change
	}
	hostile(j.casesOf, func(s *jwtStage, change func([]byte) []byte) { bare(s, part(0, 1, change)) }, nil)
	badBase64(j.casesOf, bare)
}

func (l ldCollection) hostile() {
	hostile(l.casesOf, func(s *ldStage, change func([]byte) []byte) {
		bearerLD(s)
		s.token = change
	}, map[string]reason.Code{"byte-order": reason.FormatUnsupported}) // it begins as no JSON document
	value := func(change func(string) string) func(*ldStage) {
		return barely(func(_, _, proof map[string]any) { proof["proofValue"] = change(proof["proofValue"].(string)) })
	}
	l.reject("base58-alphabet", "a character that base58 does not have", value(func(s string) string { return s[:8] + "0" + s[9:] }), reason.Malformed)
	l.reject("base58-white-space", "a space before the signature", value(func(s string) string { return "z " + s[1:] }), reason.Malformed)
	l.reject("base58-zeros", "a zero byte before the signature", value(func(s string) string { return "z1" + s[1:] }), reason.SignatureInvalid)
	l.reject("base58-long", "a signature longer than any", value(func(s string) string { return "z" + strings.Repeat(s[1:], 10_000) }), reason.Malformed)
}

// graphs are documents made to cost more than they are worth, once their statements
// are looked at.
func (l ldCollection) graphs() {
	poison := func(n int) func(*ldStage) {
		return barely(func(_, subject, _ map[string]any) {
			// Two nodes without names that look alike, each with others that do: to give
			// them names, every order of these must be tried.
			delete(subject, "id")
			alike := make([]any, n)
			for i := range alike {
				alike[i] = map[string]any{"height": json.RawMessage("1")}
			}
			subject["link"] = []any{map[string]any{"link": alike}, map[string]any{"link": alike}}
		})
	}
	l.reject("poison-graph", "nodes without names that look alike", poison(12), reason.TooLarge)
	l.reject("too-many-nodes", "more objects than any document has", poison(limits.LinkedDataObjects), reason.TooLarge)
	l.reject("context-too-large", "a context larger than any", func(s *ldStage) {
		s.contexts[CitizenContext] = fmt.Appendf(s.contexts[CitizenContext], "%*s", limits.Context, "")
	}, reason.ContextRefused)
	l.reject("context-nested", "a context that nests deeper than any", func(s *ldStage) {
		s.contexts[CitizenContext] = []byte(`{"@context": ` + strings.Repeat(`[`, limits.JSONDepth) + strings.Repeat(`]`, limits.JSONDepth) + `}`)
	}, reason.ContextRefused)
	l.reject("context-term-twice", "a context that gives a term two meanings", func(s *ldStage) {
		s.contexts[CitizenContext] = bytes.Replace(s.contexts[CitizenContext], []byte(`{"@context": {`), []byte(`{"@context": {"full_name": "https://other.example/name",`), 1)
	}, reason.ContextRefused)
}
