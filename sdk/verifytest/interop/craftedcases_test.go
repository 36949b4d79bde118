package interop

import (
	"encoding/base64"
	"strings"

	"github.com/dzong-id/dzong/sdk/reason"
)

func craftedCases() []craftedCase {
	var all []craftedCase
	for _, list := range [][]craftedCase{wellFormed(), structure(), claimsOfVC(), encodings(), dates(), proofs()} {
		all = append(all, list...)
	}
	return all
}

// wellFormed is what both accept, with the same claims.
func wellFormed() []craftedCase {
	return []craftedCase{
		{name: "no disclosure at all", craft: func(*crafting) {}, peer: true},
		{name: "one disclosure", craft: hide(`["s","a",1]`), peer: true},
		{name: "white space inside a disclosure", craft: hide("[ \"s\" ,\n\t\"a\" , 1 ]"), peer: true},
		{name: "an escaped claim name", craft: hide(`["s","\u0061\/b",1]`), peer: true},
		{name: "names that mean something in JavaScript", craft: hide(`["s","constructor",1]`, `["s","toString",2]`, `["s","hasOwnProperty",3]`), peer: true},
		{name: "disclosures in another order than their digests", peer: true, craft: func(c *crafting) {
			a, b := c.disclose(`["s","a",1]`), c.disclose(`["s","b",2]`)
			c.payload["_sd"] = []string{b, a}
		}},
		{name: "a disclosure behind the one that holds its digest", peer: true, craft: func(c *crafting) {
			inner := c.disclose(`["s","inner",1]`)
			c.payload["_sd"] = []string{c.disclose(`["s","outer",{"_sd":["` + inner + `"]}]`)}
		}},
		{name: "an array element inside a disclosed array element", peer: true, craft: func(c *crafting) {
			inner := c.disclose(`["s","inner"]`)
			c.payload["list"] = []any{map[string]any{"...": c.disclose(`["s",["x",{"...":"` + inner + `"}]]`)}}
		}},
		{name: "an empty _sd", craft: member("_sd", []string{}), peer: true},
		{name: "a decoy", craft: member("_sd", []string{digest("decoy")}), peer: true},
		{name: "a disclosed iat", peer: true, craft: func(c *crafting) {
			delete(c.payload, "iat")
			hide(`["s","iat",1700000000]`, `["s","sub","x"]`)(c)
		}},
		{name: "typ vc+sd-jwt", craft: header("typ", "vc+sd-jwt"), peer: true},
		{name: "typ with application/", craft: header("typ", "application/dc+sd-jwt"), peer: true},
		{name: "reserved names below the top level", peer: true, craft: func(c *crafting) {
			c.payload["inner"] = map[string]any{"_sd": []string{c.disclose(`["s","exp","yesterday"]`), c.disclose(`["s","vct",7]`)}}
		}},
		{name: "a plain SD-JWT without typ", peer: true, craft: func(c *crafting) {
			c.plain = true
			c.payload["vct"], c.header["typ"] = nil, nil
		}},
	}
}

// structure is what RFC 9901 forbids of digests and disclosures.
func structure() []craftedCase {
	const bad = reason.Malformed
	return []craftedCase{
		{name: "a digest twice in one _sd", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 4", craft: func(c *crafting) {
			d := c.disclose(`["s","a",1]`)
			c.payload["_sd"] = []string{d, d}
		}},
		{name: "a digest in the payload and in a disclosure", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 4", craft: func(c *crafting) {
			d := c.disclose(`["s","a",1]`)
			c.payload["_sd"] = []string{d, c.disclose(`["s","b",{"_sd":["` + d + `"]}]`)}
		}},
		{name: "a decoy twice", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 4",
			craft: member("_sd", []string{digest("decoy"), digest("decoy")})},
		{name: "a claim called _sd", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 3.c.ii.2", craft: hide(`["s","_sd",["x"]]`)},
		{name: "a claim called ...", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 3.c.ii.2", craft: hide(`["s","...","x"]`)},
		{name: "a claim that exists already", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 3.c.ii.3", craft: func(c *crafting) {
			c.payload["a"] = 1
			hide(`["s","a",2]`)(c)
		}},
		{name: "two disclosures of one claim", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 3.c.ii.3", craft: hide(`["s","a",1]`, `["t","a",2]`)},
		{name: "an array element's disclosure under _sd", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 3.c.ii.1", craft: hide(`["s","a"]`)},
		{name: "a claim's disclosure in an array", ours: bad, peer: true, rule: "RFC 9901 §7.1 step 3.c.iii.1", craft: func(c *crafting) {
			c.payload["list"] = []any{map[string]any{"...": c.disclose(`["s","a",1]`)}}
		}},
		{name: "a disclosure of four elements", ours: bad, craft: hide(`["s","a",1,2]`)},
		{name: "a disclosure of one element", ours: bad, craft: hide(`["s"]`)},
		{name: "a disclosure that is an object", ours: bad, craft: hide(`{"s":1}`)},
		{name: "text behind a disclosure's array", ours: bad, craft: hide(`["s","a",1] x`)},
		{name: "a salt that is a number", ours: bad, peer: true, rule: "RFC 9901 §4.2.1", craft: hide(`[5,"a",1]`)},
		{name: "a claim name that is a number", ours: bad, peer: true, rule: "RFC 9901 §4.2.1", craft: hide(`["s",5,1]`)},
		{name: "an empty claim name", peer: true, otherClaims: true, rule: "RFC 9901 §4.2.1", craft: hide(`["s","",1]`)},
		{name: "a claim called __proto__", peer: true, otherClaims: true, rule: "RFC 9901 §7.1 step 3.c.ii", craft: hide(`["s","__proto__",{"admin":true}]`)},
		{name: "_sd that is a string", ours: bad, peer: true, rule: "RFC 9901 §4.2.4.1", craft: member("_sd", digest("x"))},
		{name: "_sd that is an object", ours: bad, craft: member("_sd", map[string]any{})},
		{name: "_sd that holds a number", ours: bad, peer: true, rule: "RFC 9901 §4.2.4.1", craft: member("_sd", []any{5})},
		{name: "_sd that is null", ours: bad, peer: true, rule: "RFC 9901 §4.2.4.1", craft: payloadText(`"vct"`, `"_sd":null,"vct"`)},
		{name: "a member beside ... in an array element", ours: bad, peer: true, rule: "RFC 9901 §4.1", craft: func(c *crafting) {
			c.payload["list"] = []any{map[string]any{"...": c.disclose(`["s","a"]`), "x": 1}}
		}},
		{name: "a digest that is a number in an array", ours: bad, peer: true, rule: "RFC 9901 §4.1", craft: member("list", []any{map[string]any{"...": 5}})},
		{name: "... outside an array", ours: bad, peer: true, rule: "RFC 9901 §4.1", craft: member("a", map[string]any{"...": digest("x")})},
		{name: "a disclosed array element that is a digest", ours: bad, peer: true, rule: "RFC 9901 §4.1", craft: func(c *crafting) {
			inner := c.disclose(`["s","a"]`)
			c.payload["list"] = []any{map[string]any{"...": c.disclose(`["s",{"...":"` + inner + `"}]`)}}
		}},
		{name: "_sd_alg below the top level", ours: bad, peer: true, rule: "RFC 9901 §4.1.1", craft: member("a", map[string]any{"_sd_alg": "sha-256"})},
		{name: "_sd_alg disclosed", ours: bad, peer: true, rule: "RFC 9901 §4.1.1", craft: hide(`["s","_sd_alg","sha-512"]`)},
		{name: "_sd_alg that is a number", ours: bad, peer: true, rule: "RFC 9901 §4.1.1", craft: func(c *crafting) {
			c.payload["_sd_alg"] = 5
			hide(`["s","a",1]`)(c)
		}},
		{name: "_sd_alg that nobody knows", ours: bad, craft: func(c *crafting) {
			c.payload["_sd_alg"] = "SHA-256"
			hide(`["s","a",1]`)(c)
		}},
		{name: "a disclosure nothing refers to", ours: reason.ClaimsNotCovered, peer: true, rule: "RFC 9901 §7.1 step 5",
			craft: func(c *crafting) { c.disclose(`["s","a",1]`) }},
		{name: "a disclosure only an unsent one refers to", ours: reason.ClaimsNotCovered, peer: true, rule: "RFC 9901 §7.1 step 5", craft: func(c *crafting) {
			c.payload["_sd"] = []string{digest("withheld")}
			c.disclose(`["s","inner",1]`)
		}},
		{name: "a disclosure sent twice", ours: bad, peer: true, rule: "RFC 9901 §4", craft: func(c *crafting) {
			hide(`["s","a",1]`)(c)
			c.disclose(`["s","a",1]`)
		}},
		{name: "no tilde at all", ours: reason.FormatUnsupported, peer: true, rule: "RFC 9901 §4", craft: func(c *crafting) { c.noTilde = true }},
	}
}

// claimsOfVC is what SD-JWT VC asks beyond RFC 9901.
func claimsOfVC() []craftedCase {
	const bad = reason.Malformed
	withheld := func(name, content string) craftedCase {
		return craftedCase{name: name + " disclosed", ours: bad, peer: true, rule: "SD-JWT VC §2.2.2.2", craft: func(c *crafting) {
			c.payload[name] = nil
			hide(content)(c)
		}}
	}
	return []craftedCase{
		withheld("vct", `["s","vct","`+vct+`"]`),
		withheld("iss", `["s","iss","`+issuerID("ES256", true)+`"]`),
		withheld("exp", `["s","exp",1900000000]`),
		withheld("nbf", `["s","nbf",1700000000]`),
		withheld("cnf", `["s","cnf",{}]`),
		withheld("status", `["s","status",{"x":1}]`),
		{name: "a part of cnf disclosed", ours: bad, peer: true, rule: "SD-JWT VC §2.2.2.2", craft: func(c *crafting) {
			c.payload["cnf"] = map[string]any{"_sd": []string{c.disclose(`["s","jwk",{}]`)}}
		}},
		{name: "vct without typ", ours: bad, peer: true, rule: "SD-JWT VC §2.2.1", craft: header("typ", nil)},
		{name: "vct with typ JWT", ours: bad, peer: true, rule: "SD-JWT VC §2.2.1", craft: header("typ", "JWT")},
		{name: "typ without vct", ours: bad, peer: true, rule: "SD-JWT VC §2.2.2.1", craft: member("vct", nil)},
		{name: "vct that is a number", ours: bad, peer: true, rule: "SD-JWT VC §2.2.2.1", craft: member("vct", 5)},
		{name: "another kind of token", ours: reason.FormatUnsupported, peer: true, rule: "RFC 8725 §3.12", craft: header("typ", "kb+jwt")},
		{name: "an extension that we do not know", ours: bad, craft: func(c *crafting) {
			c.header["crit"], c.header["b64"] = []string{"b64"}, true
		}, peer: true, rule: "RFC 7515 §4.1.11"},
		{name: "a payload that is not encoded", ours: bad, craft: func(c *crafting) {
			c.header["crit"], c.header["b64"] = []string{"b64"}, false
		}, peer: true, rule: "RFC 7797 §7"},
		{name: "made for another audience", ours: reason.AudienceMismatch, peer: true, rule: "RFC 7519 §4.1.3", craft: member("aud", "https://other.example")},
		{name: "cnf that is a string", ours: bad, peer: true, rule: "RFC 7800 §3.1", craft: member("cnf", "x")},
	}
}

// encodings is what JSON and base64url leave to their readers.
func encodings() []craftedCase {
	const bad = reason.Malformed
	return []craftedCase{
		{name: "a member twice in the payload", ours: bad, peer: true, rule: "RFC 7519 §4", craft: payloadText(`"vct"`, `"iss":"https://other.example","vct"`)},
		{name: "a member twice in a disclosure", ours: bad, peer: true, rule: "RFC 7519 §4", craft: hide(`["s","a",{"x":1,"x":2}]`)},
		{name: "half a surrogate pair", ours: bad, peer: true, rule: "RFC 8259 §8.2", craft: hide(`["s","a","\ud800"]`)},
		{name: "bytes that are no UTF-8", ours: bad, peer: true, rule: "RFC 8259 §8.1", craft: payloadText(`"vct"`, "\"a\":\"\xff\",\"vct\"")},
		{name: "a byte order mark", ours: bad, craft: payloadText(`{`, "\ufeff{")},
		{name: "a comment", ours: bad, craft: payloadText(`{`, `{/**/`)},
		{name: "a number beyond JavaScript", peer: true, otherClaims: true, rule: "RFC 8259 §6", craft: hide(`["s","a",12345678901234567890]`)},
		{name: "a disclosure with padding", ours: bad, peer: true, rule: "RFC 9901 §4, ABNF", craft: func(c *crafting) {
			c.payload["_sd"] = []string{c.discloseText(base64.URLEncoding.EncodeToString([]byte(`["s","a",12]`)) + "=")}
		}},
		{name: "unused bits of a disclosure set", ours: bad, peer: true, rule: "RFC 4648 §3.5", craft: func(c *crafting) {
			text := base64.RawURLEncoding.EncodeToString([]byte(`["s","a",1234]`)) // ends with 0 in six bits, of which two say nothing
			c.payload["_sd"] = []string{c.discloseText(strings.TrimSuffix(text, "0") + "1")}
		}},
	}
}

// dates is what time does to a credential.
func dates() []craftedCase {
	return []craftedCase{
		{name: "expires at this moment", ours: reason.Expired, peer: true, rule: "RFC 7519 §4.1.4", craft: member("exp", now().Unix())},
		{name: "expired a second ago", ours: reason.Expired, craft: member("exp", now().Unix()-1)},
		{name: "expired in 1970", ours: reason.Expired, peer: true, rule: "RFC 7519 §4.1.4", craft: member("exp", 0)},
		{name: "exp that is a string", ours: reason.Malformed, peer: true, rule: "RFC 7519 §2", craft: member("exp", "1900000000")},
		{name: "exp that is no date", ours: reason.Malformed, peer: true, rule: "RFC 7519 §2", craft: member("exp", "never")},
		{name: "exp that is null", ours: reason.Malformed, peer: true, rule: "RFC 7519 §2", craft: payloadText(`"vct"`, `"nbf":null,"vct"`)},
		{name: "not valid before tomorrow", ours: reason.NotYetValid, craft: member("nbf", now().Unix()+86400)},
		{name: "valid from this moment", peer: true, craft: member("nbf", now().Unix())},
		{name: "issued tomorrow", ours: reason.NotYetValid, craft: member("iat", now().Unix()+86400)},
		{name: "issued half a minute from now", rule: "RFC 7519 §4.1.6", craft: member("iat", now().Unix()+30)},
		{name: "issued tomorrow, disclosed", ours: reason.NotYetValid, peer: true, rule: "RFC 9901 §7.1 step 6", craft: func(c *crafting) {
			delete(c.payload, "iat")
			hide(`["s","iat",1900000000]`)(c)
		}},
		{name: "dates with fractions", peer: true, craft: member("exp", float64(now().Unix())+0.5)},
	}
}

// proofs is what RFC 9901 §4.3 and §7.3 ask of a key-binding JWT.
func proofs() []craftedCase {
	const mismatch = reason.HolderBindingMismatch
	return []craftedCase{
		{name: "a proof", craft: kb(func(*proof) {}), peer: true},
		{name: "a proof with more claims", craft: kbMember("x", 1), peer: true},
		{name: "a proof with a kid", craft: kbHeader("kid", "x"), peer: true},
		{name: "a proof of another typ", ours: mismatch, craft: kbHeader("typ", "JWT")},
		{name: "a proof without typ", ours: mismatch, craft: kb(func(p *proof) { delete(p.header, "typ") })},
		{name: "a proof whose typ begins with application/", rule: "RFC 7515 §4.1.9", craft: kbHeader("typ", "application/kb+jwt")},
		{name: "a proof whose typ is in capitals", rule: "RFC 7515 §4.1.9", craft: kbHeader("typ", "KB+JWT")},
		{name: "a proof without iat", ours: mismatch, craft: kbMember("iat", nil)},
		{name: "a proof whose iat is a string", ours: mismatch, peer: true, rule: "RFC 7519 §2", craft: kbMember("iat", "now")},
		{name: "a proof made tomorrow", ours: reason.PresentationNotFresh, peer: true, rule: "RFC 9901 §7.3 step 5.e", craft: kbMember("iat", now().Unix()+86400)},
		{name: "a proof that has expired", ours: reason.PresentationNotFresh, peer: true, rule: "RFC 9901 §7.3 step 5.h", craft: kbMember("exp", now().Unix()-60)},
		{name: "a proof that is not yet valid", ours: reason.PresentationNotFresh, peer: true, rule: "RFC 9901 §7.3 step 5.h", craft: kbMember("nbf", now().Unix()+86400)},
		{name: "a proof without aud", ours: reason.AudienceMismatch, craft: kbMember("aud", nil)},
		{name: "a proof for another audience", ours: reason.AudienceMismatch, peer: true, rule: "RFC 9901 §7.3 step 5.f", craft: kbMember("aud", "https://other.example")},
		{name: "a proof for a list of audiences", ours: reason.AudienceMismatch, peer: true, rule: "RFC 9901 §4.3", craft: kbMember("aud", []string{audience})},
		{name: "a proof without nonce", ours: reason.NonceMismatch, craft: kbMember("nonce", nil)},
		{name: "a proof with another nonce", ours: reason.NonceMismatch, craft: kbMember("nonce", "n-2")},
		{name: "a proof whose nonce is a list", ours: reason.NonceMismatch, craft: kbMember("nonce", []string{"n-1"})},
		{name: "a proof without sd_hash", ours: mismatch, craft: kbMember("sd_hash", nil)},
		{name: "a proof under the draft's name _sd_hash", ours: mismatch, craft: kb(func(p *proof) { p.payload["sd_hash"], p.payload["_sd_hash"] = nil, "x" })},
		{name: "a proof over something else", ours: mismatch, craft: kbMember("sd_hash", digest("x"))},
		{name: "a proof with an extension that we do not know", ours: reason.Malformed, peer: true, rule: "RFC 7515 §4.1.11",
			craft: kb(func(p *proof) { p.header["crit"], p.header["b64"] = []string{"b64"}, true })},
		{name: "a proof for a credential of nobody", ours: reason.HolderBindingMissing, craft: kb(func(p *proof) { p.noHolder = true })},
	}
}
