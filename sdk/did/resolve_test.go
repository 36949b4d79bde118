package did_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

// Identifiers of the methods' own specifications.
const (
	edKey     = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
	xKey      = "z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F"
	blsKey    = "zUC7EK3ZakmukHhuncwkbySmomv3FmrkmS36E4Ks5rsb6VQSRpoCrx6Hb8e2Nk6UvJFSdyw9NK1scFXJp21gNNYFjVWNgaqyGnkyhtagagCpQb5B7tagJu3HDbjQ8h5ypoHjwBb"
	ethrPoint = "037f598b37e51adc9ec8295860f0beaab4d739f65826a1ed0bb524702503b032bd"
	ethr      = "did:ethr:0x" + ethrPoint
	ethrPlain = "did:ethr:0xf932e07b8ef841828e219d4f40eead9fad115b6e"
	short     = "did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd"
)

type documents map[string]*did.Document

func (d documents) Document(id string) *did.Document { return d[id] }

func resolve(t testing.TB, id string, docs did.Documents) *did.Document {
	t.Helper()
	d, err := did.Resolve(id, docs)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if d.ID != id {
		t.Fatalf("%s: the document is of %s", id, d.ID)
	}
	return d
}

// fragments names the keys for a purpose without their DID.
func fragments(t testing.TB, d *did.Document, p credential.Purpose) (out []string) {
	for _, k := range d.Keys(p) {
		f, ok := strings.CutPrefix(k.ID(), d.ID)
		if !ok || k.Controller() != d.ID {
			t.Errorf("key %s of %s stands in the document of %s", k.ID(), k.Controller(), d.ID)
		}
		out = append(out, f)
	}
	return out
}

func jwkDID(t testing.TB, jwk any) string {
	t.Helper()
	data, err := json.Marshal(jwk)
	if err != nil {
		t.Fatal(err)
	}
	return "did:jwk:" + base64url.Encode(data)
}

func peer4(code multicodec.Code, document string) string {
	encoded := multibase.Encode(multicodec.Join(code, []byte(document)))
	return "did:peer:4" + hashOf(encoded) + ":" + encoded
}

func hashOf(encoded string) string {
	sum := sha256.Sum256([]byte(encoded))
	return multibase.Encode(multicodec.Join(multicodec.SHA256, append([]byte{32}, sum[:]...)))
}

func TestIdentifiersSayTheirKeys(t *testing.T) {
	ed, err := multibase.Decode(edKey)
	if err != nil {
		t.Fatal(err)
	}
	edKeyURL := "did:key:u" + base64url.Encode(ed)
	p384 := jwk(t, credential.ES384, "x")
	sig := jwk(t, credential.ES256, "x")
	sig["use"] = "sig"
	for _, c := range []struct {
		name, id         string
		issuing, proving []string
		skipped          []string
		whole            bool
	}{
		{"did:key", "did:key:" + edKey, []string{"#" + edKey}, []string{"#" + edKey}, nil, true},
		{"did:key of a kind that signs nothing", "did:key:" + xKey, nil, nil, []string{"#" + xKey}, true},
		{"did:key of BLS12-381", "did:key:" + blsKey, []string{"#" + blsKey}, []string{"#" + blsKey}, nil, true},
		{"did:key in base64url", edKeyURL, []string{"#" + edKeyURL[8:]}, []string{"#" + edKeyURL[8:]}, nil, true},
		{"did:jwk", jwkDID(t, p384), []string{"#0"}, []string{"#0"}, nil, true},
		{"did:jwk for signatures", jwkDID(t, sig), []string{"#0"}, []string{"#0"}, nil, true},
		{"did:jwk for encryption", jwkDID(t, obj{"kty": "OKP", "crv": "X25519", "x": strings.Repeat("A", 43)}), nil, nil, []string{"#0"}, true},
		{"did:peer:0", "did:peer:0" + edKey, []string{"#" + edKey}, []string{"#" + edKey}, nil, true},
		{"did:peer:2", "did:peer:2.E" + xKey + ".V" + edKey + ".SeyJ0IjoiZG0ifQ.A" + edKey, []string{"#key-3", "#" + edKey[1:]}, []string{"#key-2", "#" + edKey[1:]}, []string{"#key-1"}, true},
		{"did:peer:2 with several services", "did:peer:2.SeyJ0IjoiZG0ifQ.SW3t9XQ.A" + edKey, []string{"#key-1", "#" + edKey[1:]}, nil, nil, true},
		{"did:peer:2 with keys for other purposes", "did:peer:2.D" + edKey + ".I" + edKey, nil, nil, nil, true},
		{"did:peer:4", peer4(multicodec.JSON, `{"verificationMethod":[{"id":"#a","type":"Multikey","publicKeyMultibase":"`+edKey+`"}],"authentication":["#a"]}`), nil, []string{"#a"}, nil, true},
		{"did:ethr of a key", ethr, []string{"#controller", "#controllerKey"}, []string{"#controller", "#controllerKey"}, nil, false},
		{"did:ethr of a key on a named network", "did:ethr:sepolia:0x" + ethrPoint, []string{"#controller", "#controllerKey"}, []string{"#controller", "#controllerKey"}, nil, false},
		{"did:ethr of a key on a numbered network", "did:ethr:0xaa36a7:0x" + ethrPoint, []string{"#controller", "#controllerKey"}, []string{"#controller", "#controllerKey"}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := resolve(t, c.id, nil)
			if diff := cmp.Diff(c.issuing, fragments(t, d, credential.AssertionMethod)); diff != "" {
				t.Errorf("issuing: %s", diff)
			}
			if diff := cmp.Diff(c.proving, fragments(t, d, credential.Authentication)); diff != "" {
				t.Errorf("proving: %s", diff)
			}
			var skipped []string
			for _, u := range d.Unsupported() {
				skipped = append(skipped, strings.TrimPrefix(u, c.id))
			}
			if diff := cmp.Diff(c.skipped, skipped); diff != "" {
				t.Errorf("skipped: %s", diff)
			}
			if did.SelfContained(c.id) != c.whole {
				t.Errorf("self-contained: %v", !c.whole)
			}
		})
	}
}

func TestADocumentAtHand(t *testing.T) {
	other := func(id string) *did.Document {
		d, err := parse(t, obj{"id": id, "authentication": []any{
			obj{"id": "#other", "type": "JsonWebKey", "controller": id, "publicKeyJwk": jwk(t, credential.ES256, "o")}}})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for id, counts := range map[string]bool{
		"did:web:registry.example": true, ethr: true, ethrPlain: true, short: true,
		"did:polygon:testnet:0xBCFdE12C425E4CbDb45226Fe51F89F2d99667d3E":            true,
		"did:webvh:QmUbTyW8QGNWxWJonYpeMs8vToktBYxzhk6cgJV9JYzfwo:registry.example": true,
		"did:key:" + edKey:                       false,
		"did:peer:0" + edKey:                     false,
		"did:peer:2.V" + edKey:                   false,
		jwkDID(t, jwk(t, credential.ES256, "x")): false,
	} {
		d := resolve(t, id, documents{id: other(id)})
		if got := len(d.Keys(credential.Authentication)) == 1 && d.Keys(credential.Authentication)[0].ID() == id+"#other"; got != counts {
			t.Errorf("%s: the document at hand counts: %v", id, got)
		}
	}
	// Filed under another name it is nobody's: what the identifier says remains.
	d := resolve(t, ethr, documents{ethr: other(ethrPlain)})
	if diff := cmp.Diff([]string{"#controller", "#controllerKey"}, fragments(t, d, credential.Authentication)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatNeedsADocumentSaysSo(t *testing.T) {
	for _, id := range []string{
		"did:web:registry.example", "did:web:registry.example%3A8443:a:b", ethrPlain, "did:ethr:sepolia:" + ethrPlain[9:],
		"did:polygon:0xBCFdE12C425E4CbDb45226Fe51F89F2d99667d3E", "did:webvh:QmUbTyW8QGNWxWJonYpeMs8vToktBYxzhk6cgJV9JYzfwo:registry.example",
		"did:peer:1zQmZMygzYqNwU6Uhmewx5Xepf2VLp5S4HLSwwgf2aiKZuwa", short, "did:nobody:knows",
	} {
		d, err := did.Resolve(id, documents{id: nil})
		var missing *did.MissingError
		if d != nil || !errors.As(err, &missing) || missing.DID != id || strings.Contains(err.Error(), id) {
			t.Errorf("%s: %v, %v", id, d, err)
		}
		if did.SelfContained(id) {
			t.Errorf("%s says everything itself", id)
		}
	}
}

func TestResolveRefuses(t *testing.T) {
	good := jwk(t, credential.ES256, "x")
	private := jwk(t, credential.ES256, "x")
	private["d"] = private["x"]
	ed, err := multibase.Decode(edKey)
	if err != nil {
		t.Fatal(err)
	}
	point := func(code multicodec.Code, first byte, size int) string {
		return "did:key:" + multibase.Encode(multicodec.Join(code, append([]byte{first}, bytes.Repeat([]byte{0xff}, size-1)...)))
	}
	inner := `{"verificationMethod":[]}`
	whole := peer4(multicodec.JSON, inner)
	hash, encoded, _ := strings.Cut(strings.TrimPrefix(whole, "did:peer:4"), ":")
	for name, id := range map[string]string{
		"nothing":                                  "",
		"no DID":                                   "https://registry.example",
		"a DID URL":                                "did:key:" + edKey + "#" + edKey,
		"a method in capitals":                     "did:KEY:" + edKey,
		"did:key without multibase":                "did:key:" + edKey[1:],
		"did:key in a base nobody allows":          "did:key:f" + edKey[1:],
		"did:peer:0 in another base":               "did:peer:0u" + base64url.Encode(ed),
		"did:key in base64url with padding":        "did:key:u" + base64url.Encode(ed) + "%3D",
		"did:key with a version":                   "did:key:1.1:" + edKey,
		"did:key with a character that is none":    "did:key:" + strings.Replace(edKey, "6", "0", 1),
		"did:key a byte short":                     "did:key:" + multibase.Encode(ed[:len(ed)-1]),
		"did:key a byte long":                      "did:key:" + multibase.Encode(append(bytes.Clone(ed), 0)),
		"did:key with a zero before":               "did:key:z1" + edKey[1:],
		"did:key with a code longer than need be":  "did:key:" + multibase.Encode(append([]byte{0xed, 0x81, 0x00}, ed[2:]...)),
		"did:key with a code nobody knows":         "did:key:" + multibase.Encode(multicodec.Join(0x7777, ed[2:])),
		"did:key with a private key's code":        "did:key:" + multibase.Encode(multicodec.Join(0x1300, ed[2:])),
		"did:key with the code alone":              "did:key:" + multibase.Encode(ed[:2]),
		"a point that is none of P-256":            point(multicodec.P256, 2, 33),
		"a point that is none of P-384":            point(multicodec.P384, 2, 49),
		"a point that is none of secp256k1":        point(multicodec.Secp256k1, 2, 33),
		"an uncompressed point":                    point(multicodec.P256, 4, 65),
		"a point at infinity":                      point(multicodec.P256, 0, 1),
		"an RSA key that is none":                  point(multicodec.RSA, 0x30, 20),
		"a BLS12-381 key of another length":        point(multicodec.BLS12381G2, 0x80, 95),
		"a BLS12-381 key with both groups' length": point(multicodec.BLS12381G2, 0x80, 144),
		"a BLS12-381 key that is uncompressed":     point(multicodec.BLS12381G2, 0x02, 96),
		"a BLS12-381 key beyond the field":         point(multicodec.BLS12381G2, 0x9f, 96),
		"a BLS12-381 key that is the identity":     "did:key:" + multibase.Encode(multicodec.Join(multicodec.BLS12381G2, append([]byte{0xc0}, make([]byte, 95)...))),
		"did:jwk with padding":                     "did:jwk:e30%3D",
		"did:jwk of nothing":                       "did:jwk:e30",
		"did:jwk of no JSON":                       "did:jwk:" + base64url.Encode([]byte("x")),
		"did:jwk of an array":                      jwkDID(t, []any{good}),
		"did:jwk with a name twice":                "did:jwk:" + base64url.Encode([]byte(`{"kty":"OKP","kty":"EC"}`)),
		"did:jwk with bits left over":              "did:jwk:e31",
		"did:jwk of a private key":                 jwkDID(t, private),
		"did:peer:0 of nothing":                    "did:peer:0",
		"did:peer:0 of no key":                     "did:peer:0z6Mk",
		"did:peer:2 of nothing":                    "did:peer:2",
		"did:peer:2 without a dot":                 "did:peer:2V" + edKey,
		"did:peer:2 with an empty element":         "did:peer:2.V" + edKey + "..A" + edKey,
		"did:peer:2 with a purpose nobody knows":   "did:peer:2.X" + edKey,
		"did:peer:2 with a purpose in small":       "did:peer:2.v" + edKey,
		"did:peer:2 with no key":                   "did:peer:2.Vz6Mk",
		"did:peer:2 with a service that is a text": "did:peer:2.SInQi.V" + edKey,
		"did:peer:2 with half a service":           "did:peer:2.SeyJ0Ijo.V" + edKey,
		"did:peer:2 with a service in other bits":  "did:peer:2.SeyJ0IjoiZG0ifR.V" + edKey,
		"did:peer:4 of another hash":               "did:peer:4" + hashOf(encoded+"1") + ":" + encoded,
		"did:peer:4 of a changed document":         "did:peer:4" + hash + ":" + encoded[:len(encoded)-1] + "1",
		"did:peer:4 with no hash":                  "did:peer:4:" + encoded,
		"did:peer:4 with a second colon":           "did:peer:4" + hash + "::" + encoded,
		"did:peer:4 that is no JSON":               peer4(multicodec.Ed25519, inner),
		"did:peer:4 of an array":                   peer4(multicodec.JSON, "[]"),
		"did:peer:4 that names itself":             peer4(multicodec.JSON, `{"id":"did:web:registry.example"}`),
		"did:peer:4 with something behind":         peer4(multicodec.JSON, inner+"x"),
		"did:peer:4 with a method twice":           peer4(multicodec.JSON, `{"verificationMethod":[{"id":"#a"},{"id":"#a"}]}`),
		"did:ethr with a digit missing":            ethr[:len(ethr)-1],
		"did:ethr with a byte missing":             ethr[:len(ethr)-2],
		"did:ethr with an uncompressed key":        "did:ethr:0x04" + strings.Repeat("11", 64),
		"did:ethr without 0x":                      "did:ethr:" + ethrPoint,
		"did:ethr with a key of another prefix":    "did:ethr:0x05" + ethrPoint[2:],
		"did:ethr with a point off the curve":      "did:ethr:0x02" + strings.Repeat("ff", 32),
		"did:ethr with an empty network":           "did:ethr::0x" + ethrPoint,
		"did:ethr with a letter that is no digit":  "did:ethr:0x" + ethrPoint[:64] + "gg",
		"did:web by address":                       "did:web:127.0.0.1",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := did.Resolve(id, nil)
			var coded *reason.Error
			if d != nil || !errors.As(err, &coded) || coded.Code != reason.Malformed {
				t.Errorf("%s: %v, %v", id, d, err)
			}
		})
	}
	_, err = did.Resolve("did:key:z"+strings.Repeat("2", limits.DID), nil)
	var coded *reason.Error
	if !errors.As(err, &coded) || coded.Code != reason.TooLarge {
		t.Errorf("an identifier beyond the limit: %v", err)
	}
}

func TestWebURL(t *testing.T) {
	for id, want := range map[string]string{
		"did:web:registry.example":             "https://registry.example/.well-known/did.json",
		"did:web:registry.example%3A8443":      "https://registry.example:8443/.well-known/did.json",
		"did:web:registry.example%3a8443:a":    "https://registry.example:8443/a/did.json",
		"did:web:registry.example:users:alice": "https://registry.example/users/alice/did.json",
		"did:web:localhost%3A8443":             "https://localhost:8443/.well-known/did.json",
		"did:web:10.registry.example":          "https://10.registry.example/.well-known/did.json",
	} {
		if got, err := did.WebURL(id); got != want || err != nil {
			t.Errorf("%s: %s, %v", id, got, err)
		}
	}
	for _, id := range []string{
		"", "did:web:", "did:web::a", "did:key:" + edKey, "did:webvh:registry.example", "did:web:registry.example#k",
		"did:web:registry.example/a", "did:web:user%40registry.example", "did:web:registry.example%2Fa", "did:web:registry.example%3A",
		"did:web:registry.example%3A0", "did:web:registry.example%3A65536", "did:web:registry.example%3A08443", "did:web:registry.example%3A1%3A2",
		"did:web:registry.example:..", "did:web:registry.example:.", "did:web:registry.example:%2e%2e", "did:web:registry.example:a%2Fb",
		"did:web:registry.example::a", "did:web:registry.example:a:", "did:web:.registry.example", "did:web:registry..example", "did:web:%3A8443",
		"did:web:127.0.0.1", "did:web:127.0.0.1%3A8443", "did:web:2130706433", "did:web:0x7f000001", "did:web:127.1", "did:web:registry.08",
		"did:web:registry.0x7f", "did:web:1.2.3.4.",
	} {
		if got, err := did.WebURL(id); err == nil {
			t.Errorf("%q: %s", id, got)
		}
	}
}

// Every form of a key that documents in the field use, and nothing beside them.
func TestFormsOfKeys(t *testing.T) {
	ed, err := multibase.Decode(edKey)
	if err != nil {
		t.Fatal(err)
	}
	raw58 := multibase.Encode(ed[2:])[1:]
	k1 := "z" + multibase.Encode(append([]byte{0xe7, 0x01}, unhex(ethrPoint)...))[1:]
	long := multibase.Encode(make([]byte, 300))[1:]
	bls, err := multibase.Decode(blsKey)
	if err != nil {
		t.Fatal(err)
	}
	bls58 := multibase.Encode(bls[2:])[1:]
	for _, c := range []struct {
		name   string
		method obj
		usable bool
	}{
		{"Multikey", obj{"type": "Multikey", "publicKeyMultibase": edKey}, true},
		{"Multikey in base64url", obj{"type": "Multikey", "publicKeyMultibase": "u" + base64url.Encode(ed)}, true},
		{"Ed25519 of 2020", obj{"type": "Ed25519VerificationKey2020", "publicKeyMultibase": edKey}, true},
		{"Ed25519 of 2018", obj{"type": "Ed25519VerificationKey2018", "publicKeyBase58": raw58}, true},
		{"secp256k1 in hexadecimal", obj{"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyHex": ethrPoint}, true},
		{"secp256k1 in base58", obj{"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyBase58": multibase.Encode(unhex(ethrPoint))[1:]}, true},
		{"secp256k1 in multibase", obj{"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyMultibase": k1}, true},

		{"BLS12-381 as a Multikey", obj{"type": "Multikey", "publicKeyMultibase": blsKey}, true},
		{"BLS12-381 in base58", obj{"type": "Bls12381G2Key2020", "publicKeyBase58": bls58}, true},
		{"BLS12-381 in multibase", obj{"type": "Bls12381G2Key2020", "publicKeyMultibase": blsKey}, true},

		{"BLS12-381 in the other group", obj{"type": "Bls12381G1Key2020", "publicKeyBase58": bls58}, false},
		{"BLS12-381 in base58 with a code", obj{"type": "Bls12381G2Key2020", "publicKeyBase58": blsKey[1:]}, false},
		{"BLS12-381 in base58 a byte short", obj{"type": "Bls12381G2Key2020", "publicKeyBase58": multibase.Encode(bls[3:])[1:]}, false},
		{"Ed25519 as BLS12-381", obj{"type": "Bls12381G2Key2020", "publicKeyMultibase": edKey}, false},
		{"BLS12-381 as Ed25519", obj{"type": "Ed25519VerificationKey2020", "publicKeyMultibase": blsKey}, false},
		{"another key than the type says", obj{"type": "Ed25519VerificationKey2020", "publicKeyMultibase": k1}, false},
		{"Ed25519 of 2020 in base64url", obj{"type": "Ed25519VerificationKey2020", "publicKeyMultibase": "u" + base64url.Encode(ed)}, false},
		{"multibase without a code", obj{"type": "Ed25519VerificationKey2020", "publicKeyMultibase": "z" + raw58}, false},
		{"base58 with a code", obj{"type": "Ed25519VerificationKey2018", "publicKeyBase58": edKey[1:]}, false},
		{"base58 that begins with z", obj{"type": "Ed25519VerificationKey2018", "publicKeyBase58": "z" + raw58}, false},
		{"base58 of a type that has none", obj{"type": "Multikey", "publicKeyBase58": raw58}, false},
		{"base58 beyond any key", obj{"type": "Ed25519VerificationKey2018", "publicKeyBase58": long}, false},
		{"a type nobody knows", obj{"type": "Key", "publicKeyMultibase": edKey}, false},
		{"no type", obj{"publicKeyMultibase": edKey}, false},
		{"a number", obj{"type": "Multikey", "publicKeyMultibase": 1}, false},
		{"a hybrid point", obj{"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyHex": "06" + strings.Repeat("11", 64)}, false},
		{"hexadecimal with 0x", obj{"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyHex": "0x" + ethrPoint}, false},
		{"two keys", obj{"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyHex": ethrPoint, "publicKeyMultibase": k1}, false},
		{"a key and an account", obj{"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyHex": ethrPoint, "blockchainAccountId": "eip155:1:0xab"}, false},
		{"an account alone", obj{"type": "EcdsaSecp256k1RecoveryMethod2020", "blockchainAccountId": "eip155:1:0xab"}, false},
		{"a key for agreement", obj{"type": "Multikey", "publicKeyMultibase": xKey}, false},
		{"a controller that is none", obj{"type": "Multikey", "publicKeyMultibase": edKey, "controller": ""}, false},
		{"a controller that is a list", obj{"type": "Multikey", "publicKeyMultibase": edKey, "controller": []any{me}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.method["id"] = "#k"
			if _, ok := c.method["controller"]; !ok {
				c.method["controller"] = me
			}
			d, err := parse(t, obj{"id": me, "verificationMethod": []any{c.method}, "assertionMethod": []any{"#k"}})
			if err != nil {
				t.Fatal(err)
			}
			if usable := len(d.Keys(credential.AssertionMethod)) == 1; usable != c.usable || (len(d.Unsupported()) == 0) != c.usable {
				t.Errorf("usable: %v; skipped: %v", usable, d.Unsupported())
			}
		})
	}
}

func unhex(s string) []byte {
	out := make([]byte, len(s)/2)
	for i := range out {
		out[i] = nibble(s[2*i])<<4 | nibble(s[2*i+1])
	}
	return out
}

func nibble(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

func FuzzResolve(f *testing.F) {
	for _, id := range []string{"did:key:" + edKey, "did:peer:2.V" + edKey, ethr, ethrPlain, "did:web:registry.example%3A1:a",
		jwkDID(f, jwk(f, credential.ES256, "x")), peer4(multicodec.JSON, `{"verificationMethod":[{"id":"#a"}]}`)} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		d, err := did.Resolve(id, nil)
		if (d == nil) == (err == nil) {
			t.Fatalf("document %v, error %v", d, err)
		}
		if address, err := did.WebURL(id); err == nil && !strings.HasSuffix(address, "/did.json") {
			t.Fatalf("address %s", address)
		}
		if err != nil {
			var missing *did.MissingError
			var coded *reason.Error
			if !errors.As(err, &coded) && !errors.As(err, &missing) {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		if d.ID != id {
			t.Fatalf("%s gives the document of %s", id, d.ID)
		}
		for _, k := range d.Keys(credential.Authentication) {
			if k.IsZero() {
				t.Fatal("a key that is none")
			}
		}
	})
}

func FuzzParseMultikey(f *testing.F) {
	f.Add(edKey)
	f.Add(blsKey)
	f.Add("zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme")
	f.Add("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := did.ParseMultikey(text)
		if k.IsZero() == (err == nil) {
			t.Fatalf("key %v, error %v", k, err)
		}
	})
}
