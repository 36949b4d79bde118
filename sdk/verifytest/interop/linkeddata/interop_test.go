package linkeddata

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest/interop/nodejs"
	"github.com/google/go-cmp/cmp"
)

// suites are the peer's, and the keys it signs with.
var suites = []struct {
	name, kind string
	selective  bool
}{
	{"ecdsa-sd-2023", "P-256", true},
	{"bbs-2023", "BLS12-381", true},
	{"eddsa-rdfc-2022", "Ed25519", false},
	{"ecdsa-rdfc-2019", "P-256", false},
	{"ecdsa-rdfc-2019", "P-384", false},
}

// credentials is how many random credentials of each suite a run makes.
const credentials = 25

// decide is what we make of a document, with issuer trusted for its type.
func (p *peer) decide(t *testing.T, issuer string, document any, b credential.Binding) verify.Result {
	t.Helper()
	list, err := trust.Parse(encode(t, object{
		"format": 1, "number": 1, "issued": "2026-01-01T00:00:00Z", "expires": "2027-01-01T00:00:00Z",
		"issuers": []any{object{"id": issuer, "types": []string{"IDCard"}, "status": "none", "contexts": object{"IDCard": []string{baseV2, idCard}}}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(&verify.Snapshot{Trust: list, Contexts: p.contexts}, verify.Formats(p.mechanism), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.Verify(context.Background(), verify.Input{Presented: verify.One(encode(t, document)), Binding: b, At: p.now.Add(time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// copied is v as it comes out of JSON.
func copied(t testing.TB, v any) (out object) {
	t.Helper()
	if err := nodejs.Decode(encode(t, v), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// plain is a document without what is no claim, with numbers as numbers: the peer
// writes 1.0 as 1.
func plain(t testing.TB, document any) (out object) {
	t.Helper()
	if err := json.Unmarshal(encode(t, document), &out); err != nil {
		t.Fatal(err)
	}
	delete(out, "@context")
	delete(out, "proof")
	return out
}

// mustAccept is the one credential of an accepted result, with the document's claims.
func mustAccept(t *testing.T, r verify.Result, document object) {
	t.Helper()
	if !r.Accepted() || len(r.Credentials()) != 1 {
		t.Fatalf("%s %v", r.Outcome(), r.Reasons())
	}
	if diff := cmp.Diff(plain(t, document), plain(t, r.Credentials()[0].Claims())); diff != "" {
		t.Errorf("claims (-document +ours):\n%s", diff)
	}
}

// TestWhatAnotherLibraryMakes: see the package's documentation.
func TestWhatAnotherLibraryMakes(t *testing.T) {
	p := start(t)
	for _, s := range suites {
		t.Run(s.name+" "+s.kind, func(t *testing.T) {
			issuer := p.key(s.kind)
			changed := 0
			for n := range credentials {
				t.Run(strconv.Itoa(n), func(t *testing.T) {
					body := p.credential(issuer.DID)
					mandatory := append([]string{"/issuer"}, p.pointers(body)...)
					signed := p.issue(s.name, issuer, body, mandatory)
					shown := signed
					if s.selective {
						pointers := p.pointers(body)
						shown = p.derive(s.name, signed, pointers)
						want, err := derive.Select(copied(t, body), append(mandatory, pointers...))
						if err != nil {
							t.Fatal(err)
						}
						if diff := cmp.Diff(plain(t, want), plain(t, shown)); diff != "" {
							t.Errorf("what is shown (-selected +peer):\n%s", diff)
						}
						if r := p.decide(t, issuer.DID, signed, credential.BearerUnsafe()); r.Accepted() || !slices.Contains(r.Reasons(), reason.FormatUnsupported) {
							t.Errorf("the base proof: %s %v", r.Outcome(), r.Reasons())
						}
					}
					if v := p.verify(s.name, shown); !v.Accepted {
						t.Fatalf("the peer refuses its own: %s", v.Error)
					}
					mustAccept(t, p.decide(t, issuer.DID, shown, credential.BearerUnsafe()), shown)
					for name, change := range p.changes(t, shown) {
						changed++
						if r := p.decide(t, issuer.DID, change, credential.BearerUnsafe()); r.Accepted() {
							t.Errorf("%s: accepted: %s", name, encode(t, change))
						}
					}
				})
			}
			t.Logf("%d credentials accepted with equal claims, %d single changes refused", credentials, changed)
		})
	}
}

// present has the peer's holder present credentials.
func (p *peer) present(holder key, credentials ...any) (vp object) {
	p.Call("present", object{
		"suite": "eddsa-rdfc-2022", "key": holder.Number, "credentials": credentials, "challenge": nonce, "domain": audience,
		"now": p.now.Format(time.RFC3339),
	}, &vp)
	return vp
}

// TestHolderOfTheSubject: a credential about the holder is theirs to present, in
// answer to this challenge and to nobody else's.
func TestHolderOfTheSubject(t *testing.T) {
	p := start(t)
	holder, thief := p.key("Ed25519"), p.key("Ed25519")
	for _, s := range suites {
		issuer := p.key(s.kind)
		for n := range 10 {
			body := p.credential(issuer.DID)
			body["credentialSubject"].(object)["id"] = holder.DID
			shown := p.issue(s.name, issuer, body, []string{"/issuer"})
			if s.selective {
				shown = p.derive(s.name, shown, p.pointers(body))
			}
			vp := p.present(holder, shown)
			mustAccept(t, p.decide(t, issuer.DID, vp, credential.Bound(nonce, audience)), shown)
			changed := copied(t, vp)
			changed["verifiableCredential"].([]any)[0].(object)["credentialSubject"].(object)["fullName"] = "more"
			unproven := copied(t, vp)
			delete(unproven, "proof")
			for name, c := range map[string]struct {
				document object
				binding  credential.Binding
				want     reason.Code
			}{
				"another nonce":          {vp, credential.Bound("other", audience), reason.NonceMismatch},
				"another domain":         {vp, credential.Bound(nonce, "https://other.example"), reason.AudienceMismatch},
				"another's presentation": {p.present(thief, shown), credential.Bound(nonce, audience), reason.HolderBindingMismatch},
				"nobody's presentation":  {shown, credential.Bound(nonce, audience), reason.HolderBindingMissing},
				"a changed claim":        {changed, credential.Bound(nonce, audience), reason.SignatureInvalid},
				"no proof":               {unproven, credential.Bound(nonce, audience), reason.SignatureMissing},
			} {
				if r := p.decide(t, issuer.DID, c.document, c.binding); r.Accepted() || !slices.Contains(r.Reasons(), c.want) {
					t.Errorf("%s %d: %s: %s %v", s.name, n, name, r.Outcome(), r.Reasons())
				}
			}
		}
	}
}

// changes are documents with one thing changed: of every value a letter, the number
// or the truth, every member left out or under another name, members more, and bits
// of the proof.
func (p *peer) changes(t *testing.T, shown object) map[string]object {
	t.Helper()
	out := map[string]object{}
	change := func(name, pointer string, edit func(parent object, member string, v any)) {
		document := copied(t, shown)
		parent, member := any(document), ""
		path := strings.Split(pointer, "/")[1:]
		for i, step := range path {
			step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
			if i == len(path)-1 {
				member = step
				break
			}
			if list, ok := parent.([]any); ok {
				at, _ := strconv.Atoi(step)
				parent = list[at]
			} else {
				parent = parent.(object)[step]
			}
		}
		switch parent := parent.(type) {
		case object:
			edit(parent, member, parent[member])
		case []any:
			at, _ := strconv.Atoi(member)
			holder := object{"": parent[at]}
			edit(holder, "", parent[at])
			if _, there := holder[""]; !there {
				return // leaving out an element is done with its array
			}
			parent[at] = holder[""]
		}
		out[name+" "+pointer] = document
	}
	walk(shown, "", func(pointer string, v any) {
		if pointer == "" || strings.HasPrefix(pointer, "/proof/proofValue") {
			return
		}
		if !strings.HasPrefix(pointer, "/@context/") && !isElement(pointer) {
			change("left out", pointer, func(parent object, member string, _ any) { delete(parent, member) })
			change("renamed", pointer, func(parent object, member string, v any) { delete(parent, member); parent[member+"x"] = v })
		}
		switch v := v.(type) {
		case string:
			change("another letter", pointer, func(parent object, member string, _ any) { parent[member] = p.letter(v) })
		case json.Number:
			change("another number", pointer, func(parent object, member string, _ any) { parent[member] = json.Number("1" + string(v)) })
		case bool:
			change("another truth", pointer, func(parent object, member string, _ any) { parent[member] = !v })
		case object:
			change("a member more", pointer, func(parent object, member string, v any) { v.(object)["fullName"] = "more" })
		case []any:
			change("an element less", pointer, func(parent object, member string, v any) { parent[member] = v.([]any)[1:] })
			change("an element more", pointer, func(parent object, member string, v any) { parent[member] = append(v.([]any), "https://more.example") })
		}
	})
	value := shown["proof"].(object)["proofValue"].(string)
	for n := range 24 {
		document := copied(t, shown)
		document["proof"].(object)["proofValue"] = p.bit(t, value)
		out[fmt.Sprint("a bit of the proof ", n)] = document
	}
	return out
}

func isElement(pointer string) bool {
	_, err := strconv.Atoi(pointer[strings.LastIndexByte(pointer, '/')+1:])
	return err == nil
}

// letter changes one letter of s.
func (p *peer) letter(s string) string {
	runes := []rune(s)
	if len(runes) == 0 {
		return "x"
	}
	i := p.r.IntN(len(runes))
	if runes[i]++; runes[i] >= 0xd800 && runes[i] < 0xe000 {
		runes[i] = 'x'
	}
	return string(runes)
}

// bit turns a bit of a proofValue over.
func (p *peer) bit(t *testing.T, value string) string {
	t.Helper()
	if value[0] == 'u' {
		raw, err := base64.RawURLEncoding.DecodeString(value[1:])
		if err != nil {
			t.Fatal(err)
		}
		raw[p.r.IntN(len(raw))] ^= 1 << p.r.IntN(8)
		return "u" + base64.RawURLEncoding.EncodeToString(raw)
	}
	raw, err := multibase.Decode(value)
	if err != nil {
		t.Fatal(err)
	}
	raw[p.r.IntN(len(raw))] ^= 1 << p.r.IntN(8)
	return multibase.Encode(raw)
}

// TestTextThatLooksLikeABlankNode holds a difference that the package's
// documentation tells of: the peer takes another text for the one that was signed.
func TestTextThatLooksLikeABlankNode(t *testing.T) {
	p := start(t)
	issuer := p.key("P-256")
	body := p.credential(issuer.DID)
	body["credentialSubject"].(object)["fullName"] = "_:x"
	shown := p.derive("ecdsa-sd-2023", p.issue("ecdsa-sd-2023", issuer, body, []string{"/issuer"}), []string{"/credentialSubject/fullName"})
	for _, text := range []string{"_:x", "_:y"} {
		shown["credentialSubject"].(object)["fullName"] = text
		if v := p.verify("ecdsa-sd-2023", shown); !v.Accepted {
			t.Errorf("%s: the peer refuses it now, and need not be told of in doc.go: %s", text, v.Error)
		}
		if r := p.decide(t, issuer.DID, shown, credential.BearerUnsafe()); !slices.Contains(r.Reasons(), reason.SignatureInvalid) {
			t.Errorf("%s: %s %v", text, r.Outcome(), r.Reasons())
		}
	}
}

// TestWhatOursMakes: what our issuer signs, and our holder derives, the peer
// verifies.
func TestWhatOursMakes(t *testing.T) {
	p := start(t)
	point := func(k *jws.PrivateKey) []byte {
		x, _ := base64.RawURLEncoding.DecodeString(k.JWK("")["x"].(string))
		y, _ := base64.RawURLEncoding.DecodeString(k.JWK("")["y"].(string))
		return append([]byte{2 | y[31]&1}, x...)
	}
	for n := range credentials {
		issuer, err := jws.Derive(credential.ES256, fmt.Append(nil, "issuer", n))
		if err != nil {
			t.Fatal(err)
		}
		ephemeral, err := jws.Derive(credential.ES256, fmt.Append(nil, "ephemeral", n))
		if err != nil {
			t.Fatal(err)
		}
		text := multibase.Encode(multicodec.Join(multicodec.P256, point(issuer)))
		id := "did:key:" + text
		p.Call("contexts", object{"contexts": object{
			id + "#" + text: object{"@context": "https://w3id.org/security/multikey/v1", "id": id + "#" + text, "type": "Multikey", "controller": id, "publicKeyMultibase": text},
			id:              object{"@context": []string{"https://www.w3.org/ns/did/v1"}, "id": id, "assertionMethod": []string{id + "#" + text}},
		}}, new(object))
		body := copied(t, p.credential(id))
		d := derive.Document{Body: body, Contexts: []string{baseV2, idCard}, Processor: jsonld.New(), Source: p}
		mandatory := append([]string{"/issuer"}, p.pointers(body)...)
		base, err := derive.SignECDSA(d, object{
			"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023", "created": p.now.Format(time.RFC3339),
			"verificationMethod": id + "#" + text, "proofPurpose": "assertionMethod",
		}, mandatory, issuer, ephemeral, point(ephemeral), []byte(strings.Repeat("k", 32)))
		if err != nil {
			t.Fatal(err)
		}
		held := maps.Clone(body)
		held["proof"] = base
		pointers := p.pointers(body)
		shown, proof, err := derive.DeriveECDSA(d, base, pointers)
		if err != nil {
			t.Fatal(err)
		}
		shown["proof"] = proof
		if v := p.verify("ecdsa-sd-2023", shown); !v.Accepted {
			t.Errorf("%d: the peer refuses what ours derived: %s\n%s", n, v.Error, encode(t, shown))
		}
		// And their holder derives from what our issuer signed.
		theirs := p.derive("ecdsa-sd-2023", held, pointers)
		if diff := cmp.Diff(copied(t, shown)["proof"], theirs["proof"]); diff != "" {
			t.Errorf("%d: derived proofs (-ours +theirs):\n%s", n, diff)
		}
		mustAccept(t, p.decide(t, id, shown, credential.BearerUnsafe()), shown)
	}
}
