package mutate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
)

// knownNames are members that some format gives a meaning, and some that careless
// readers trip over.
var knownNames = []string{
	"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf", "vct", "status", "_sd", "_sd_alg", "...", "sd_hash",
	"alg", "kid", "typ", "cty", "crit", "b64", "jwk", "jku", "x5c", "zip", "vc", "vp", "rid",
	"id", "type", "issuer", "holder", "validFrom", "validUntil", "issuanceDate", "expirationDate",
	"credentialSubject", "credentialStatus", "credentialSchema", "verifiableCredential", "evidence", "termsOfUse",
	"proof", "proofPurpose", "verificationMethod", "cryptosuite", "created", "expires", "challenge", "domain",
	"proofValue", "jws", "previousProof", "@context", "@id", "@type", "@graph", "@included", "@reverse", "@nest", "@value",
	"role", "full_name", "name", "__proto__", "",
}

// strange is a value that stands nowhere in what was presented.
func strange(r *rand.Rand, doc *jsonNode) *jsonNode {
	switch r.IntN(9) {
	case 0:
		return jsonString(pick(r, "https://stranger.example", "did:example:stranger", "director", "none", "", "*",
			"assertionMethod", "authentication", "keyAgreement", "eddsa-rdfc-2022", "ecdsa-jcs-2019", "2099-01-01T00:00:00Z", "VerifiableCredential"))
	case 1:
		return jsonLiteral(pick(r, "0", "-1", "1", "4102444800", "1e400", "0.5", "18446744073709551616"))
	case 2:
		return jsonLiteral(pick(r, "true", "false", "null"))
	case 3:
		return jsonArray()
	case 4:
		return &jsonNode{kind: '{'}
	case 5:
		return jsonObject(pick(r, "id", "@id", "@value", "jwk", "..."), jsonString("did:example:stranger"))
	case 6:
		key, _ := parseJSON(jwkText(credential.ES256, ""))
		return jsonObject("jwk", key)
	case 7:
		return jsonArray(jsonString("https://stranger.example"))
	default:
		list := doc.places()
		return list[r.IntN(len(list))].copy()
	}
}

// changeValue gives one string, number or word another value.
func changeValue(r *rand.Rand, doc *jsonNode) (string, bool) {
	list := doc.places()
	scalars := []int{}
	for i, p := range list {
		if p.kind == '"' || p.kind == '0' {
			scalars = append(scalars, i)
		}
	}
	if len(scalars) == 0 {
		return "", false
	}
	i := pick(r, scalars...)
	n := list[i].jsonNode
	what := "value of " + path(list, i)
	switch {
	case r.IntN(8) == 0:
		list[i].set(strange(r, doc))
	case r.IntN(8) == 0:
		list[i].set(list[pick(r, scalars...)].copy())
	case n.kind == '"':
		n.text = changeText(r, n.text)
	case n.text == "true":
		n.text = "false"
	case n.text == "false", n.text == "null":
		n.text = "true"
	default:
		n.text = changeNumber(r, n.text)
	}
	return what, true
}

func changeText(r *rand.Rand, s string) string {
	at := 0
	if s != "" {
		at = r.IntN(len(s))
		for at > 0 && s[at]&0xc0 == 0x80 { // not within a character
			at--
		}
	}
	switch r.IntN(8) {
	case 0:
		return s + pick(r, "x", " ", "/", "#", "\x00", "\u200b", "=", "0")
	case 1:
		return pick(r, "x", " ", "did:", "https://") + s
	case 2:
		return ""
	case 3:
		return strings.ToUpper(s)
	case 4:
		return s[:at]
	case 5:
		return s[:at] + pick(r, "x", "é", "e\u0301", "ı", "-", "A", "1") + s[at:]
	case 6: // another year, or whatever the first digit is of
		if i := strings.IndexAny(s, "0123456789"); i >= 0 {
			return s[:i] + strconv.Itoa(int(s[i]-'0'+1)%10) + s[i+1:]
		}
		return s + s
	default:
		b := []byte(s)
		if len(b) > 0 && b[at] < 0x80 {
			b[at] = pick(r, byte('a'), 'b', 'Z', '7', '_')
		}
		return string(b)
	}
}

func changeNumber(r *rand.Rand, s string) string {
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return "1"
	}
	return strconv.FormatInt(pick(r, v+1, v-1, -v-1, v*10+1, v+86400*3650, 0, 1), 10)
}

// jsonChange changes a document, and says what.
func jsonChange(name string, change func(*rand.Rand, *jsonNode, []jsonPlace) (string, bool)) inner {
	return inner{name, jsonDoc, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
		doc, ok := parseJSON(d)
		if !ok {
			return nil, "", false
		}
		what, ok := change(r, doc, doc.places())
		return doc.bytes(), what, ok
	}}
}

// container picks a place with items in it, of one of the kinds.
func container(r *rand.Rand, list []jsonPlace, of string) (int, bool) {
	found := []int{}
	for i, p := range list {
		if strings.IndexByte(of, p.kind) >= 0 && len(p.items) > 0 {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return 0, false
	}
	return pick(r, found...), true
}

func jsonChanges() []inner {
	return []inner{
		jsonChange("JSON value changed", func(r *rand.Rand, doc *jsonNode, _ []jsonPlace) (string, bool) { return changeValue(r, doc) }),
		jsonChange("JSON member removed", func(r *rand.Rand, _ *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := container(r, list, "{")
			if !ok {
				return "", false
			}
			at := r.IntN(len(list[i].items))
			what := path(list, i) + "." + list[i].names[at]
			list[i].remove(at)
			return what, true
		}),
		jsonChange("JSON member added", func(r *rand.Rand, doc *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := container(r, list, "{")
			if !ok {
				return "", false
			}
			name := pick(r, knownNames...)
			if slices.Contains(list[i].names, name) {
				return "", false
			}
			list[i].insert(r.IntN(len(list[i].items)+1), name, strange(r, doc))
			return fmt.Sprintf("%q in %s", name, path(list, i)), true
		}),
		jsonChange("JSON member replaced", func(r *rand.Rand, doc *jsonNode, list []jsonPlace) (string, bool) {
			known := []int{}
			for i, p := range list {
				if name := p.name(); name != "" && slices.Contains(knownNames, name) {
					known = append(known, i)
				}
			}
			if len(known) == 0 {
				return "", false
			}
			i := pick(r, known...)
			what := path(list, i)
			list[i].set(strange(r, doc))
			return what, true
		}),
		jsonChange("JSON member renamed", func(r *rand.Rand, _ *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := container(r, list, "{")
			if !ok {
				return "", false
			}
			at := r.IntN(len(list[i].names))
			was := list[i].names[at]
			list[i].names[at] = pick(r, was+" ", "_"+was, strings.ToUpper(was), was+"\u200b", "@"+was, pick(r, knownNames...), "sd:"+was)
			return path(list, i) + "." + was, list[i].names[at] != was
		}),
		jsonChange("JSON member repeated", func(r *rand.Rand, doc *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := container(r, list, "{")
			if !ok {
				return "", false
			}
			at := r.IntN(len(list[i].items))
			again := list[i].items[at].copy()
			if r.IntN(3) > 0 {
				again = strange(r, doc)
			}
			name := list[i].names[at]
			list[i].insert(pick(r, 0, at, at+1, len(list[i].items)), name, again)
			return path(list, i) + "." + name, true
		}),
		jsonChange("JSON type changed", func(r *rand.Rand, _ *jsonNode, list []jsonPlace) (string, bool) {
			i := r.IntN(len(list))
			p := list[i]
			was := p.copy()
			what := path(list, i)
			switch r.IntN(5) {
			case 0:
				p.set(jsonArray(was))
			case 1:
				p.set(jsonObject(pick(r, "@value", "id", "@id", "@list", "@set", "@graph", "..."), was))
			case 2: // out of an array of one
				if p.kind != '[' || len(p.items) != 1 {
					return "", false
				}
				p.set(was.items[0])
			case 3:
				if p.kind == '"' {
					p.set(jsonLiteral("0"))
				} else {
					p.set(jsonString(string(was.bytes())))
				}
			default:
				p.set(jsonLiteral("null"))
			}
			return what, true
		}),
		jsonChange("JSON values swapped", func(r *rand.Rand, _ *jsonNode, list []jsonPlace) (string, bool) {
			a, b := r.IntN(len(list)), r.IntN(len(list))
			if within(list, a, b) || within(list, b, a) {
				return "", false
			}
			what := path(list, a) + " and " + path(list, b)
			x, y := list[a].jsonNode, list[b].jsonNode
			list[a].set(y)
			list[b].set(x)
			return what, true
		}),
		jsonChange("JSON array changed", func(r *rand.Rand, doc *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := container(r, list, "[")
			if !ok {
				return "", false
			}
			n := list[i].jsonNode
			at := r.IntN(len(n.items))
			switch r.IntN(5) {
			case 0:
				n.remove(at)
			case 1:
				n.insert(r.IntN(len(n.items)+1), "", n.items[at].copy())
			case 2:
				slices.Reverse(n.items)
			case 3:
				n.items = nil
			default:
				n.insert(r.IntN(len(n.items)+1), "", strange(r, doc))
			}
			return path(list, i), true
		}),
		{"JSON spelling", jsonDoc, false, spelling},
	}
}

// within reports whether place b stands within place a, or is it.
func within(list []jsonPlace, a, b int) bool {
	for ; ; b = list[b].up {
		if b == a {
			return true
		}
		if list[b].parent == nil {
			return false
		}
	}
}

// spelling writes the same document another way: what JSON leaves free, where
// nobody signed the bytes.
func spelling(r *rand.Rand, d []byte) ([]byte, string, bool) {
	doc, ok := parseJSON(d)
	if !ok {
		return nil, "", false
	}
	list := doc.places()
	switch r.IntN(6) {
	case 0:
		space := pick(r, " ", "\n", "\t", "\r\n", "\ufeff", "\u00a0", "\v")
		return slices.Insert(d, pick(r, 0, len(d), 1), []byte(space)...), "white space", true
	case 1:
		i, ok := container(r, list, "{")
		if !ok {
			return nil, "", false
		}
		a, b := r.IntN(len(list[i].items)), r.IntN(len(list[i].items))
		n := list[i]
		n.items[a], n.items[b] = n.items[b], n.items[a]
		n.names[a], n.names[b] = n.names[b], n.names[a]
		return doc.bytes(), "order in " + path(list, i), a != b
	case 2: // an escape for a letter
		at := letters(d)
		if len(at) == 0 {
			return nil, "", false
		}
		i := pick(r, at...)
		return slices.Concat(d[:i], fmt.Appendf(nil, `\u%04x`, d[i]), d[i+1:]), fmt.Sprintf("an escape at %d", i), true
	case 3:
		for _, i := range r.Perm(len(list)) {
			if p := list[i]; p.kind == '0' && p.text[0] >= '0' && p.text[0] <= '9' && !strings.ContainsAny(p.text, ".eE") {
				p.text += pick(r, ".0", "e0", "E+00", ".00")
				return doc.bytes(), "number " + path(list, i), true
			}
		}
		return nil, "", false
	case 4:
		return append(d, pick(r, "{}", "null", " ", "]", "}", ",")...), "something behind", true
	default:
		return doc.bytes(), "no white space", true
	}
}

// letters are the places of letters within strings.
func letters(d []byte) []int {
	var out []int
	quoted := false
	for i := 0; i < len(d); i++ {
		switch {
		case d[i] == '"':
			quoted = !quoted
		case quoted && d[i] == '\\':
			i++
			if i < len(d) && d[i] == 'u' {
				i += 4
			}
		case quoted && (d[i] >= 'a' && d[i] <= 'z' || d[i] >= 'A' && d[i] <= 'Z'):
			out = append(out, i)
		}
	}
	return out
}

// linkedChanges are changes to what JSON-LD documents and their proofs are made
// of (Data Integrity §4, JSON-LD 1.1 §4).
func linkedChanges() []inner {
	return []inner{
		jsonChange("@context changed", func(r *rand.Rand, doc *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := named(r, list, "@context")
			if !ok {
				return "", false
			}
			what := path(list, i)
			c := list[i].jsonNode
			if c.kind != '[' {
				c = jsonArray(c.copy())
				list[i].set(c)
			}
			local := jsonObject(pick(r, "role", "full_name", "name", "@vocab", "@base", "credentialSubject"), jsonString("https://stranger.example/vocab#"))
			switch r.IntN(7) {
			case 0:
				slices.Reverse(c.items)
			case 1:
				c.items = append(c.items, local)
			case 2:
				c.items = append([]*jsonNode{local}, c.items...)
			case 3:
				c.items = append(c.items, jsonString(pick(r, "https://stranger.example/context", "https://www.w3.org/2018/credentials/v1",
					"https://www.w3.org/ns/credentials/v2", "https://w3id.org/security/v2", "https://www.w3.org/2018/credentials/examples/v1")))
			case 4:
				c.remove(r.IntN(max(1, len(c.items))))
			case 5:
				c.items = append(c.items, c.items[r.IntN(len(c.items))].copy())
			default:
				list[i].set(local)
			}
			return what, true
		}),
		jsonChange("context of its own", func(r *rand.Rand, _ *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := container(r, list, "{")
			if !ok || list[i].parent == nil {
				return "", false
			}
			list[i].insert(0, "@context", jsonObject(pick(r, "role", "@vocab", "name"), jsonString("https://stranger.example/vocab#")))
			return "in " + path(list, i), true
		}),
		jsonChange("claim nobody signed", func(r *rand.Rand, doc *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := named(r, list, "credentialSubject")
			if !ok || list[i].kind != '{' {
				return "", false
			}
			name := pick(r, "role", "Full Name", "http://stranger.example/role", "urn:x:role", "@type", "type", "sameAs", "name", "id")
			list[i].insert(0, name, strange(r, doc))
			return fmt.Sprintf("%q in %s", name, path(list, i)), true
		}),
		jsonChange("proof changed", func(r *rand.Rand, doc *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := named(r, list, "proof")
			if !ok {
				return "", false
			}
			what := path(list, i)
			p := list[i]
			proof := p.copy()
			switch r.IntN(6) {
			case 0:
				p.parent.remove(p.at)
				what += " dropped"
			case 1:
				p.set(jsonArray(proof, proof.copy()))
				what += " twice"
			case 2:
				p.set(jsonArray())
				what += " empty"
			case 3:
				if proof.kind == '{' {
					proof.insert(0, "proof", proof.copy())
				}
				p.set(proof)
				what += " within itself"
			case 4: // beside another that does not verify
				other := proof.copy()
				if v, ok := other.member("proofValue"); ok {
					v.text += "1"
				} else if v, ok := other.member("jws"); ok {
					v.text += "1"
				}
				p.set(jsonArray(pick(r, []*jsonNode{proof, other}, []*jsonNode{other, proof})...))
				what += " beside a broken one"
			default: // that of another part of the document
				j, _ := named(r, list, "proof")
				if j == i || within(list, i, j) || within(list, j, i) {
					return "", false
				}
				p.set(list[j].copy())
				what += " from " + path(list, j)
			}
			return what, true
		}),
		jsonChange("proof member changed", func(r *rand.Rand, doc *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := named(r, list, "proof")
			if !ok || list[i].kind != '{' {
				return "", false
			}
			name := pick(r, "type", "cryptosuite", "created", "expires", "proofPurpose", "verificationMethod", "challenge",
				"domain", "proofValue", "jws", "nonce", "previousProof", "id", "@context", "creator")
			what := path(list, i) + "." + name
			m, ok := list[i].member(name)
			switch {
			case !ok:
				list[i].insert(r.IntN(len(list[i].items)+1), name, strange(r, doc))
			case r.IntN(3) == 0:
				list[i].remove(m.at)
			case m.kind == '"' && r.IntN(2) == 0:
				m.text = changeText(r, m.text)
			default:
				m.set(strange(r, doc))
			}
			return what, true
		}),
		jsonChange("credential enclosed", func(r *rand.Rand, _ *jsonNode, list []jsonPlace) (string, bool) {
			whole := list[0]
			if whole.kind != '{' {
				return "", false
			}
			was := whole.copy()
			switch r.IntN(3) {
			case 0:
				whole.set(jsonArray(was))
				return "in an array", true
			case 1:
				whole.set(jsonObject("@graph", jsonArray(was)))
				return "in a graph", true
			default:
				vp := jsonObject("verifiableCredential", jsonArray(was, was.copy()))
				vp.insert(0, "type", jsonArray(jsonString("VerifiablePresentation")))
				vp.insert(0, "@context", jsonArray(jsonString(pick(r, "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"))))
				whole.set(vp)
				return "twice in a presentation without a proof", true
			}
		}),
	}
}

// named picks a place that has a name.
func named(r *rand.Rand, list []jsonPlace, name string) (int, bool) {
	found := []int{}
	for i, p := range list {
		if p.name() == name {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return 0, false
	}
	return pick(r, found...), true
}

func jwkText(a credential.Algorithm, kid string) []byte { return mustJSON(attacker(a).JWK(kid)) }
