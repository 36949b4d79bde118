package sdjwt

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

func TestParseRefuses(t *testing.T) {
	if _, err := Mechanism().Parse(good(t).sign(t)); err != nil {
		t.Fatalf("the case all others differ from in one thing: %v", err)
	}
	deepest := any("bottom")
	for range limits.JSONDepth {
		deepest = array{deepest}
	}
	set := func(name string, v any) func(*built) { return func(b *built) { b.payload[name] = v } }
	via := func(ds ...string) func(*built) { return func(b *built) { b.discloseVia(ds...) } }
	plain := func(change func(*built)) func(*built) {
		return func(b *built) {
			b.header["typ"] = "example+sd-jwt"
			delete(b.payload, "vct")
			change(b)
		}
	}
	withheldClaim := func(name string, v any) func(*built) {
		return func(b *built) {
			delete(b.payload, name)
			b.discloseVia(sd("salt", name, v))
		}
	}
	replace := func(old, with string) func(*built) {
		return func(b *built) { b.swap = func(s string) string { return strings.Replace(s, old, with, 1) } }
	}
	for name, c := range map[string]struct {
		change func(*built)
		want   reason.Code
	}{
		// §4: the compact form
		"a KB-JWT that is a disclosure":         {func(b *built) { b.bind, b.tail = false, nameDisclosure }, reason.Malformed},
		"an empty disclosure":                   {func(b *built) { b.disclosures = append(b.disclosures, "") }, reason.Malformed},
		"a disclosure with padding":             {func(b *built) { b.disclosures = append(b.disclosures, "AA==") }, reason.Malformed},
		"a disclosure with a full stop":         {func(b *built) { b.disclosures = append(b.disclosures, "A.A") }, reason.Malformed},
		"a line break before the first tilde":   {replace("~", "\n~"), reason.Malformed},
		"a line break in a disclosure":          {replace(nameDisclosure, nameDisclosure[:8]+"\n"+nameDisclosure[8:]), reason.Malformed},
		"white space behind":                    {func(b *built) { b.tail = " " }, reason.Malformed},
		"a line break behind":                   {func(b *built) { b.tail = "\n" }, reason.Malformed},
		"white space before":                    {func(b *built) { b.swap = func(s string) string { return " " + s } }, reason.Malformed},
		"the KB-JWT before the disclosures":     {func(b *built) { b.tail = "~" + nameDisclosure + "~" }, reason.Malformed},
		"a disclosure sent twice":               {func(b *built) { b.disclosures = append(b.disclosures, nameDisclosure) }, reason.Malformed},
		"an unreferenced disclosure sent twice": {func(b *built) { d := sd("s", "a", 1); b.disclosures = append(b.disclosures, d, d) }, reason.Malformed},
		"more disclosures than any SD-JWT may have": {func(b *built) {
			for i := range limits.Disclosures {
				b.disclosures = append(b.disclosures, sd("salt", i))
			}
		}, reason.TooLarge},
		"more bytes than any presentation": {func(b *built) { b.tail = strings.Repeat("A", limits.Presentation) }, reason.TooLarge},
		"a KB-JWT that is no object": {func(b *built) {
			b.swap = func(s string) string { return s[:strings.LastIndexByte(s, '~')+1] + "eyJhbGciOiJFUzI1NiJ9.W10.AAAA" }
		}, reason.Malformed},

		// §4.1.1
		"_sd_alg that is not known":       {set("_sd_alg", "sha-1"), reason.Malformed},
		"_sd_alg that is truncated":       {set("_sd_alg", "sha-256-128"), reason.Malformed},
		"_sd_alg in capitals":             {set("_sd_alg", "SHA-256"), reason.Malformed},
		"_sd_alg that is no string":       {set("_sd_alg", 256), reason.Malformed},
		"_sd_alg that is null":            {set("_sd_alg", nil), reason.Malformed},
		"_sd_alg in a nested object":      {set("a", object{"_sd_alg": "sha-256"}), reason.Malformed},
		"_sd_alg in a disclosed object":   {via(sd("salt", "a", object{"_sd_alg": "sha-256"})), reason.Malformed},
		"_sd_alg as a disclosure":         {func(b *built) { delete(b.payload, "_sd_alg"); b.discloseVia(sd("salt", "_sd_alg", "sha-256")) }, reason.Malformed},
		"_sd_alg as a disclosure as well": {via(sd("salt", "_sd_alg", "sha-256")), reason.Malformed},

		// §4.2: disclosures something refers to
		"a disclosure that is no base64url":           {via("AAAAA"), reason.Malformed},
		"a disclosure with trailing bits":             {via(base64url.Encode([]byte(`["s","a",1]`))[:14] + "1"), reason.Malformed},
		"a disclosure that is no JSON":                {via(base64url.Encode([]byte(`["s","a",1`))), reason.Malformed},
		"a disclosure that is an object":              {via(base64url.Encode([]byte(`{"s":"a"}`))), reason.Malformed},
		"a disclosure with a name twice in its value": {via(base64url.Encode([]byte(`["s","a",{"b":1,"b":2}]`))), reason.Malformed},
		"a disclosure with bad UTF-8":                 {via(base64url.Encode([]byte("[\"s\",\"a\",\"\xff\"]"))), reason.Malformed},
		"a claim disclosed by two elements":           {via(sd("salt", "a")), reason.Malformed},
		"a claim disclosed by four elements":          {via(sd("salt", "a", 1, 2)), reason.Malformed},
		"a claim disclosed by none":                   {via(sd()), reason.Malformed},
		"a claim whose salt is a number":              {via(sd(1, "a", 1)), reason.Malformed},
		"a claim whose name is a number":              {via(sd("salt", 1, 1)), reason.Malformed},
		"a claim whose name is null":                  {via(sd("salt", nil, 1)), reason.Malformed},
		"a claim called _sd":                          {via(sd("salt", "_sd", array{})), reason.Malformed},
		"a claim called ...":                          {via(sd("salt", "...", "a")), reason.Malformed},
		"a claim that is there already":               {via(sd("salt", "address", "elsewhere")), reason.Malformed},
		"a claim disclosed twice under two salts":     {via(sd("salt", "full_name", "Karma")), reason.Malformed},
		"a nested claim that is there already":        {set("deep", object{"a": 1, "_sd": array{dig(nameDisclosure)}}), reason.Malformed},
		"an array element disclosed by three elements": {func(b *built) {
			d := sd("s", "a", 1)
			b.payload["list"] = array{object{"...": dig(d)}}
			b.disclosures = append(b.disclosures, d)
		}, reason.Malformed},
		"an array element whose salt is null": {func(b *built) {
			d := sd(nil, 1)
			b.payload["list"] = array{object{"...": dig(d)}}
			b.disclosures = append(b.disclosures, d)
		}, reason.Malformed},
		"an array element that discloses a digest again": {func(b *built) {
			d := sd("s", object{"...": dig("x")})
			b.payload["list"] = array{object{"...": dig(d)}}
			b.disclosures = append(b.disclosures, d)
		}, reason.Malformed},

		// §4.1, §4.2.4: digests
		"_sd that is a string":                          {set("_sd", dig("decoy")), reason.Malformed},
		"_sd that is an object":                         {set("_sd", object{}), reason.Malformed},
		"_sd that is null":                              {set("_sd", nil), reason.Malformed},
		"_sd with a number":                             {set("_sd", array{1}), reason.Malformed},
		"_sd with an array":                             {set("a", object{"_sd": array{array{}}}), reason.Malformed},
		"_sd that is no array in a disclosed object":    {via(sd("salt", "a", object{"_sd": 1})), reason.Malformed},
		"... at the top level":                          {set("...", dig("decoy")), reason.Malformed},
		"... in an object":                              {set("a", object{"...": dig("decoy")}), reason.Malformed},
		"... in an array element with another member":   {set("a", array{object{"...": dig("decoy"), "b": 1}}), reason.Malformed},
		"... in an array element that is no string":     {set("a", array{object{"...": 1}}), reason.Malformed},
		"... in a disclosed object":                     {via(sd("salt", "a", object{"...": dig("decoy")})), reason.Malformed},
		"a digest twice in one _sd":                     {set("_sd", array{dig(nameDisclosure), dig(idDisclosure), dig(nameDisclosure)}), reason.Malformed},
		"a decoy digest twice":                          {set("a", object{"_sd": array{dig("decoy 1")}}), reason.Malformed},
		"a digest in two objects":                       {set("a", object{"_sd": array{dig(villageDisclosure)}}), reason.Malformed},
		"a digest in an object and an array":            {set("a", array{object{"...": dig("decoy 1")}}), reason.Malformed},
		"a digest in an array twice":                    {set("a", array{object{"...": dig("x")}, object{"...": dig("x")}}), reason.Malformed},
		"a digest in the payload and in a disclosure":   {via(sd("salt", "a", object{"_sd": array{dig("decoy 1")}})), reason.Malformed},
		"a digest in two disclosures":                   {via(sd("salt", "a", object{"_sd": array{dig("x")}}), sd("salt", "b", array{object{"...": dig("x")}})), reason.Malformed},
		"more digests than any SD-JWT may have":         {func(b *built) { b.payload["_sd"] = manyDecoys(limits.Digests) }, reason.TooLarge},
		"disclosures that nest deeper than any payload": {func(b *built) { b.payload["list"], b.disclosures = nestedDisclosures(limits.JSONDepth) }, reason.TooLarge},
		"a payload that nests deeper than any":          {set("a", deepest), reason.TooLarge},

		// SD-JWT VC
		"vct without typ":                 {func(b *built) { delete(b.header, "typ") }, reason.Malformed},
		"vct with the typ of a plain JWT": {func(b *built) { b.header["typ"] = "JWT" }, reason.Malformed},
		"typ dc+sd-jwt without vct":       {func(b *built) { delete(b.payload, "vct") }, reason.Malformed},
		"typ vc+sd-jwt without vct":       {func(b *built) { b.header["typ"] = "vc+sd-jwt"; delete(b.payload, "vct") }, reason.Malformed},
		"a W3C credential without the base context": {func(b *built) {
			b.header["typ"] = "vc+sd-jwt"
			delete(b.payload, "vct")
			b.payload["@context"] = array{}
		}, reason.Malformed},
		"a W3C credential under typ dc+sd-jwt":    {func(b *built) { delete(b.payload, "vct"); b.payload["@context"] = array{} }, reason.Malformed},
		"vct that is a number":                    {set("vct", 1), reason.Malformed},
		"vct that is empty":                       {set("vct", ""), reason.Malformed},
		"vct as a disclosure":                     {withheldClaim("vct", "urn:example:citizen"), reason.Malformed},
		"vct as a disclosure of a plain SD-JWT":   {plain(via(sd("salt", "vct", "urn:example:citizen"))), reason.Malformed},
		"iss as a disclosure":                     {withheldClaim("iss", issuerID), reason.Malformed},
		"nbf as a disclosure":                     {withheldClaim("nbf", 1), reason.Malformed},
		"exp as a disclosure":                     {withheldClaim("exp", now.Unix()+100), reason.Malformed},
		"cnf as a disclosure":                     {withheldClaim("cnf", object{}), reason.Malformed},
		"status as a disclosure":                  {withheldClaim("status", object{}), reason.Malformed},
		"vct#integrity as a disclosure":           {withheldClaim("vct#integrity", "sha256-x"), reason.Malformed},
		"a part of cnf that can be withheld":      {set("cnf", object{"_sd": array{dig("decoy")}}), reason.Malformed},
		"a part of status that can be withheld":   {set("status", object{"status_list": object{"uri": "u", "_sd": array{dig("idx")}}}), reason.Malformed},
		"an element in cnf that can be withheld":  {set("cnf", object{"keys": array{object{"...": dig("decoy")}}}), reason.Malformed},
		"a KB-JWT as an issuer's":                 {plain(func(b *built) { b.header["typ"] = "kb+jwt" }), reason.FormatUnsupported},
		"a status list as a credential":           {plain(func(b *built) { b.header["typ"] = "application/statuslist+jwt" }), reason.FormatUnsupported},
		"a header with an extension it must know": {func(b *built) { b.header["crit"] = array{"exp"}; b.header["exp"] = 1 }, reason.Malformed},
		"a payload that is no object":             {func(b *built) { b.payload = nil }, reason.Malformed},
		"iss that is a number":                    {set("iss", 1), reason.Malformed},
		"iss that is empty":                       {set("iss", ""), reason.Malformed},
		"exp that is a string":                    {set("exp", "1900000000"), reason.Malformed},
		"exp that is null":                        {set("exp", nil), reason.Malformed},
		"exp beyond the year 9999":                {set("exp", json.Number("1e300")), reason.Malformed},
		"nbf before 1970":                         {set("nbf", -1), reason.Malformed},
		"iat that is true":                        {set("iat", true), reason.Malformed},
		"iat disclosed as a string":               {withheldClaim("iat", "yesterday"), reason.Malformed},
		"aud that is a number":                    {set("aud", 1), reason.Malformed},
		"aud that holds a number":                 {set("aud", array{kioskID, 1}), reason.Malformed},
		"cnf that is a string":                    {set("cnf", "key"), reason.Malformed},
		"cnf that names two keys":                 {set("cnf", object{"jwk": object{"kty": "EC"}, "jku": "https://keys.example"}), reason.Malformed},
		"cnf with a key and an encrypted one":     {set("cnf", object{"jwk": object{"kty": "EC"}, "jwe": "a.b.c.d.e"}), reason.Malformed},
		"status that is a string":                 {set("status", "valid"), reason.Malformed},
		"status that is empty":                    {set("status", object{}), reason.Malformed},
		"a status list that is null":              {set("status", object{"status_list": nil}), reason.Malformed},
		"a status index that is negative":         {set("status", object{"status_list": object{"idx": -1, "uri": "u"}}), reason.Malformed},
		"a status index that is a string":         {set("status", object{"status_list": object{"idx": "1", "uri": "u"}}), reason.Malformed},
		"a status index that has a fraction":      {set("status", object{"status_list": object{"idx": 1.5, "uri": "u"}}), reason.Malformed},
		"a status index beyond 64 bits":           {set("status", object{"status_list": object{"idx": json.Number("18446744073709551616"), "uri": "u"}}), reason.Malformed},
		"a status list without uri":               {set("status", object{"status_list": object{"idx": 1}}), reason.Malformed},
		"an issuer object without id": {plain(func(b *built) {
			delete(b.payload, "iss")
			b.payload["@context"] = array{}
			b.payload["issuer"] = object{"id": 1}
		}), reason.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			b := good(t)
			c.change(b)
			token := b.sign(t)
			if !Mechanism().Recognise(token) {
				t.Error("not recognised")
			}
			_, err := Mechanism().Parse(token)
			wantCode(t, err, c.want)
		})
	}
}

func TestParseRefusesWhatNoMapCanHold(t *testing.T) {
	for name, payload := range map[string]string{
		"iss twice":           `{"iss":"https://issuer.example","iss":"https://other.example","vct":"a"}`,
		"bad UTF-8":           "{\"vct\":\"\xff\"}",
		"a lone surrogate":    `{"vct":"\ud800"}`,
		"two objects":         `{"vct":"a"}{}`,
		"a byte order mark":   "\ufeff" + `{"vct":"a"}`,
		"JSON cut short":      `{"vct":"a"`,
		"_sd twice":           `{"vct":"a","_sd":[],"\u005fsd":[]}`,
		"an array":            `["vct"]`,
		"nothing":             ``,
		"exp that is no date": `{"vct":"a","exp":1e400}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Mechanism().Parse(good(t).signPayload(t, []byte(payload)))
			wantCode(t, err, reason.Malformed)
		})
	}
}

func wantCode(t *testing.T, err error, want reason.Code) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) {
		t.Fatalf("got %v, want an error with a code", err)
	}
	if coded.Code != want {
		t.Errorf("got %v, want %s", err, want)
	}
	for _, secret := range []string{"Pema", "12345678901", "full_name", nameDisclosure} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells what was presented: %v", err)
		}
	}
}

func manyDecoys(n int) array {
	list := make(array, n)
	for i := range list {
		list[i] = dig(fmt.Sprint("decoy", i))
	}
	return list
}

// nestedDisclosures is an array element that discloses an array with an element
// that discloses an array …, depth times.
func nestedDisclosures(depth int) (array, []string) {
	var list []string
	inner := any("bottom")
	for range depth {
		d := sd("salt", array{inner})
		list = append(list, d)
		inner = object{"...": dig(d)}
	}
	return array{inner}, list
}

func TestRecogniseLooksAtShapeAlone(t *testing.T) {
	for text, want := range map[string]bool{
		"eyJh.eyJh.sig~":               true,
		"eyJh.eyJh.sig~WyJh~":          true,
		"eyJh.eyJh.sig~WyJh~a.b.c":     true,
		"ewog.eyJh.sig~":               true, // a header with line breaks
		"eyJ~":                         true, // damaged, and plainly one of ours
		"eyJh.eyJh.sig":                false,
		"":                             false,
		"~":                            false,
		"hello ~ world":                false,
		"https://a.example.com/~user":  false,
		"HC1:6BF":                      false,
		`{"payload":"","signatures":~`: false,
	} {
		if got := Mechanism().Recognise([]byte(text)); got != want {
			t.Errorf("Recognise(%q) = %v", text, got)
		}
	}
}

func TestParseKeepsNothingOfItsInput(t *testing.T) {
	token := good(t).sign(t)
	p, err := Mechanism().Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	for i := range token {
		token[i] = 'A'
	}
	c := p.Prove(evidence(t)).Credentials[0]
	if got := codes(c.Checks); got != "" {
		t.Errorf("after its input was overwritten: %s", got)
	}
	if name, _ := c.Claims.String("full_name"); name != "Pema" {
		t.Errorf("full_name is %q", name)
	}
}

func TestLimitsAreReached(t *testing.T) {
	b := good(t)
	// good has seven digests of its own.
	b.payload["decoys"] = object{"_sd": manyDecoys(limits.Digests - 7)}
	if got := codes(prove(t, b.sign(t), evidence(t)).Checks); got != "" {
		t.Errorf("with %d digests: %s", limits.Digests, got)
	}
	b.payload["decoys"] = object{"_sd": manyDecoys(limits.Digests - 6)}
	_, err := Mechanism().Parse(b.sign(t))
	wantCode(t, err, reason.TooLarge)

	b = good(t)
	b.payload["list"], b.disclosures = nestedDisclosures(limits.JSONDepth - 2)
	if got := codes(prove(t, b.sign(t), evidence(t)).Checks); got != "" {
		t.Errorf("nested %d deep: %s", limits.JSONDepth, got)
	}
	b = good(t)
	b.payload["list"], b.disclosures = nestedDisclosures(limits.JSONDepth - 1)
	_, err = Mechanism().Parse(b.sign(t))
	wantCode(t, err, reason.TooLarge)

	b = good(t)
	for i := range limits.Disclosures - len(b.disclosures) {
		b.discloseVia(sd("salt", fmt.Sprint("claim", i), i))
	}
	c := prove(t, b.sign(t), evidence(t))
	if got := codes(c.Checks); got != "" {
		t.Errorf("with %d disclosures: %s", limits.Disclosures, got)
	}
	if _, ok := c.Claims.Int("claim100"); !ok {
		t.Error("a claim is missing")
	}
}

var _ credential.Mechanism = mechanism{}
