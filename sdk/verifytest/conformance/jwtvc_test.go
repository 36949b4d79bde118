package conformance

import (
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// jwtVector is somebody's W3C credential or presentation as a JWT, and what is at
// hand to judge it by: an issuer that may issue anything under the token's own
// contexts.
type jwtVector struct {
	token    string
	issuer   string
	types    []string
	contexts []string // those that are URLs
	keys     []any    // the issuer's
	document json.RawMessage
	now      time.Time
	binding  cases.Binding
	policy   string
	claims   map[string]any
}

// readJWT takes from a token what the surroundings are made of.
func readJWT(t *testing.T, token string, keys ...any) jwtVector {
	t.Helper()
	payload := segment(token, 1)
	if payload == nil {
		t.Fatal("the vector is no JWT")
	}
	v := jwtVector{token: token, keys: keys, binding: cases.Binding{Kind: "bearer"}}
	v.issuer, _ = payload["iss"].(string)
	vc, _ := payload["vc"].(map[string]any)
	list := func(value any) (out []string) {
		entries, ok := value.([]any)
		if !ok {
			entries = []any{value}
		}
		for _, e := range entries {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	v.types, v.contexts = list(vc["type"]), list(vc["@context"])
	v.now = time.Date(2022, 6, 1, 0, 0, 0, 0, time.UTC)
	if from, ok := payload["nbf"].(float64); ok {
		v.now = time.Unix(int64(from), 0).UTC().Add(time.Minute)
	}
	v.claims = map[string]any{"credentialSubject": vc["credentialSubject"]}
	return v
}

func (v jwtVector) run(t *testing.T, want outcome) {
	t.Helper()
	entry := map[string]any{"id": v.issuer, "types": []string{"*"}, "status": "none"}
	if len(v.keys) > 0 {
		entry["jwks"] = map[string]any{"keys": v.keys}
	}
	agreed := map[string]any{}
	for _, typ := range v.types {
		if typ != "VerifiableCredential" && len(v.contexts) > 0 {
			agreed[typ] = v.contexts
		}
	}
	if len(agreed) > 0 {
		entry["contexts"] = agreed
	}
	list, err := json.Marshal(map[string]any{
		"format": 1, "number": 1,
		"issued":  v.now.Add(-time.Hour).Format(time.RFC3339),
		"expires": v.now.Add(time.Hour).Format(time.RFC3339),
		"issuers": []any{entry},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &cases.Case{
		Input: "input.txt", Encoding: "text", Now: v.now, Binding: v.binding, Trust: list,
		Policy: json.RawMessage(v.policy), Expect: want.expect,
	}
	if v.document != nil {
		c.Documents = map[string]json.RawMessage{v.issuer: v.document}
	}
	if want.reasons != nil {
		c.Reasons = &want.reasons
	}
	if want.expect == reason.Accepted {
		c.Claims = v.claims
	}
	decide(t, c, map[string][]byte{c.Input: []byte(v.token)})
}

// runAll runs v as it is, and after every single change that must refuse it with a
// reason of its own. also are reasons that it has as it is.
func (v jwtVector) runAll(t *testing.T, as outcome) {
	t.Run("as it is", func(t *testing.T) { v.run(t, as) })
	change := func(name string, change func(*jwtVector), codes ...reason.Code) {
		t.Run(name, func(t *testing.T) {
			v := v
			change(&v)
			v.run(t, rejected(codes...))
		})
	}
	also := func(code reason.Code) []reason.Code { return append([]reason.Code{code}, as.reasons...) }
	change("a bit of the signature flipped", func(v *jwtVector) { v.token = flipSignature(v.token, 0) }, reason.SignatureInvalid)
	change("a letter of the payload changed", func(v *jwtVector) { v.token = flipPayload(v.token) })
	change("alg none", func(v *jwtVector) { v.token = withHeader(v.token, "alg", "none") }, reason.AlgorithmRefused)
	change("an HMAC", func(v *jwtVector) { v.token = withHeader(v.token, "alg", "HS256") }, reason.AlgorithmRefused)
	change("a header added", func(v *jwtVector) { v.token = withHeader(v.token, "x", "y") }, reason.SignatureInvalid)
	change("a typ of another kind", func(v *jwtVector) { v.token = withHeader(v.token, "typ", "kb+jwt") }, reason.FormatUnsupported)
	t.Run("a key of another name", func(t *testing.T) {
		v := v
		v.token = withHeader(v.token, "kid", v.issuer+"#other")
		// The DID's document, which is not at hand, may have such a key.
		v.run(t, outcome{reason.Indeterminate, []reason.Code{reason.KeyUnknown}})
	})
	change("no signature", func(v *jwtVector) { v.token = v.token[:strings.LastIndexByte(v.token, '.')+1] }, reason.SignatureMissing)
	change("a fourth part", func(v *jwtVector) { v.token += "." })
	change("an issuer nobody lists", func(v *jwtVector) { v.issuer += "x"; v.document = nil }, reason.IssuerUnknown)
	change("before its time", func(v *jwtVector) { v.now = v.now.Add(-time.Hour) }, also(reason.NotYetValid)...)
	change("a proof of possession wanted", func(v *jwtVector) {
		v.binding = cases.Binding{Kind: "bound", Nonce: "n", Audience: "https://bank.example"}
	}, also(reason.HolderBindingMissing)...)
	if _, expires := segment(v.token, 1)["exp"]; expires {
		change("after its expiry", func(v *jwtVector) { v.now = time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC) }, also(reason.Expired)...)
	}
	if as.expect == reason.Accepted {
		change("contexts in another order", func(v *jwtVector) {
			n := len(v.contexts)
			v.contexts = append([]string{v.contexts[n-1]}, v.contexts[:n-1]...)
		}, reason.ContextRefused)
		change("no contexts agreed on", func(v *jwtVector) { v.contexts = nil }, reason.ContextRefused)
	}
}

// suiteKeys are the keys of DIF's JWS-Test-Suite as a trust entry's, and as the DID
// document of the one DID they all belong to.
func suiteKeys(t *testing.T, dir string) (keys []any, document json.RawMessage) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "data", "keys", "*.json"))
	if len(files) != 5 {
		t.Fatalf("%d keys, want 5", len(files))
	}
	var methods, names []any
	for _, f := range files {
		k := readClaims(t, f)
		jwk := k["publicKeyJwk"].(map[string]any)
		methods = append(methods, map[string]any{"id": k["id"], "type": "JsonWebKey2020", "controller": k["controller"], "publicKeyJwk": jwk})
		names = append(names, k["id"])
		named := map[string]any{"kid": k["id"]}
		for name, value := range jwk {
			named[name] = value
		}
		keys = append(keys, named)
	}
	document, err := json.Marshal(map[string]any{
		"@context": "https://www.w3.org/ns/did/v1", "id": "did:example:123",
		"verificationMethod": methods, "assertionMethod": names, "authentication": names,
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys, document
}

// rsaPolicy names an RSA algorithm, which nobody accepts unasked.
func rsaPolicy(token string) string {
	alg, _ := segment(token, 0)["alg"].(string)
	if strings.HasPrefix(alg, "RS") || strings.HasPrefix(alg, "PS") {
		return `{"algorithms":["` + alg + `"]}`
	}
	return ""
}

// DIF's JWS-Test-Suite as JWTs. Every credential there has no type but the one that
// all have, or a context that stands in it: no trust list can agree to either, so
// that the whole answer is context_not_accepted, and nothing else. What SOURCE.md
// says does not verify does not.
func TestConformanceJWSTestSuiteJWT(t *testing.T) {
	dir := vectors(t, "jws-test-suite")
	keys, document := suiteKeys(t, dir)
	files, _ := filepath.Glob(filepath.Join(dir, "data", "implementations", "*", "*jwt.json"))
	credentials, presentations := 0, 0
	for _, f := range files {
		token, _ := readClaims(t, f)["jwt"].(string)
		implementer := filepath.Base(filepath.Dir(f))
		name := implementer + "/" + strings.TrimSuffix(filepath.Base(f), ".json")
		if token == "" {
			// danubetech's files of that name hold linked data, whatever they are called.
			if implementer != "danubetech" {
				t.Errorf("%s holds no JWT", name)
			}
			continue
		}
		t.Run(name, func(t *testing.T) {
			if strings.HasSuffix(f, ".vp-jwt.json") {
				presentations++
				presentationOfSuite(t, token, document)
				return
			}
			credentials++
			v := readJWT(t, token, keys...)
			v.policy = rsaPolicy(token)
			switch {
			case implementer == "microsoft" && strings.Contains(f, "credential-3"):
				// nbf is the day of signing, and issuanceDate the last second of 2016:
				// VCDM 1.1 §6.3.1, "nbf MUST represent issuanceDate".
				v.run(t, rejected(reason.Malformed))
			case implementer == "microsoft" && !strings.Contains(f, "secp256k1"):
				// Its keys of P-256 and P-384 were used under the name of ES256K.
				v.run(t, rejected(reason.AlgorithmRefused))
			default:
				v.runAll(t, rejected(reason.ContextRefused))
				if v.policy != "" {
					t.Run("RSA without a policy", func(t *testing.T) {
						v.policy = ""
						v.run(t, rejected(reason.AlgorithmRefused))
					})
				}
			}
		})
	}
	if credentials != 32 || presentations != 15 {
		t.Errorf("%d credentials and %d presentations, want 32 and 15", credentials, presentations)
	}
}

// presentationOfSuite runs a presentation: the first of each key holds nothing, the
// others a credential as linked data with a context that stands in it.
func presentationOfSuite(t *testing.T, token string, document json.RawMessage) {
	v := readJWT(t, token)
	v.issuer, v.document, v.policy = "did:example:123", document, rsaPolicy(token)
	vp := segment(token, 1)["vp"].(map[string]any)
	inside := reason.ContextRefused
	if vp["verifiableCredential"] == nil {
		inside = reason.Malformed
	}
	v.run(t, rejected(inside))
	for name, c := range map[string]struct {
		change func(*jwtVector)
		want   []reason.Code
	}{
		"a bit of the signature flipped": {func(v *jwtVector) { v.token = flipSignature(v.token, 0) }, []reason.Code{reason.SignatureInvalid}},
		"alg none":                       {func(v *jwtVector) { v.token = withHeader(v.token, "alg", "none") }, []reason.Code{reason.AlgorithmRefused}},
		"another key":                    {func(v *jwtVector) { v.token = withHeader(v.token, "kid", "did:example:123#key-9") }, []reason.Code{reason.KeyUnknown}},
	} {
		t.Run(name, func(t *testing.T) {
			v := v
			c.change(&v)
			v.run(t, rejected(c.want...))
		})
	}
	t.Run("a challenge it does not answer", func(t *testing.T) {
		v := v
		v.binding = cases.Binding{Kind: "bound", Nonce: "n", Audience: "https://bank.example"}
		want := []reason.Code{reason.AudienceMismatch, reason.NonceMismatch}
		if inside == reason.ContextRefused {
			want = append(want, inside)
		}
		v.run(t, rejected(want...))
	})
	t.Run("its holder's document is not at hand", func(t *testing.T) {
		v := v
		v.document = nil
		v.run(t, outcome{reason.Indeterminate, []reason.Code{reason.KeyUnknown}})
	})
}

// The JWTs that aries-framework-go and its heir keep of other implementers. As
// above, none has a type or contexts that a trust list could agree to.
func TestConformanceInteropJWT(t *testing.T) {
	for _, family := range []struct {
		dir  string
		want int
	}{{"aries-framework-go/test/bdd/pkg/verifiable", 12}, {"trustbloc-vc-go/jwt", 3}} {
		dir := filepath.Join(vectors(t, family.dir), "testdata")
		files, _ := filepath.Glob(filepath.Join(dir, "interop_credential_*.jwt"))
		if len(files) != family.want {
			t.Errorf("%s: %d tokens, want %d", family.dir, len(files), family.want)
		}
		for _, f := range files {
			t.Run(family.dir+"/"+filepath.Base(f), func(t *testing.T) {
				token, _ := readClaims(t, f)["jwt"].(string)
				curve := strings.TrimSuffix(f[strings.LastIndexByte(f, '_')+1:], ".jwt")
				key := readClaims(t, filepath.Join(dir, "interop_key_"+curve+".jwk"))
				key["kid"] = segment(token, 0)["kid"]
				v := readJWT(t, token, key)
				if _, text := segment(token, 1)["sub"].(string); !text && segment(token, 1)["sub"] != nil {
					// RFC 7519 §4.1.2: sub "is a StringOrURI value", and here an object.
					v.run(t, rejected(reason.Malformed))
					return
				}
				v.runAll(t, rejected(reason.ContextRefused))
			})
		}
	}
}

// Credentials of a presentation exchange. Where the issuer's DID says what its key
// is, they are accepted; where it does not, its document is what is missing.
func TestConformancePresentationExchangeJWT(t *testing.T) {
	for _, family := range []string{"trustbloc-vc-go/presexch", "aries-framework-go/component/models/presexch"} {
		files, _ := filepath.Glob(filepath.Join(vectors(t, family), "testdata", "*.jwt"))
		if len(files) != 5 {
			t.Errorf("%s: %d tokens, want 5", family, len(files))
		}
		for _, f := range files {
			t.Run(family+"/"+filepath.Base(f), func(t *testing.T) {
				token := strings.TrimSpace(read(t, f))
				if key := ionKey(t, token); key != nil {
					readJWT(t, token, key).runAll(t, outcome{reason.Accepted, []reason.Code{}})
					return
				}
				v := readJWT(t, token)
				v.run(t, outcome{reason.Indeterminate, []reason.Code{reason.KeyUnknown}})
				v.keys = []any{otherKey}
				t.Run("with another key", func(t *testing.T) {
					v.run(t, outcome{reason.Indeterminate, []reason.Code{reason.KeyUnknown}})
				})
			})
		}
	}
}

// ionKey is the key that a did:ion in its long form holds, under the name the token
// gives it; nil for any other issuer.
func ionKey(t *testing.T, token string) map[string]any {
	t.Helper()
	issuer, _ := segment(token, 1)["iss"].(string)
	if !strings.HasPrefix(issuer, "did:ion:") {
		return nil
	}
	data, err := base64.RawURLEncoding.DecodeString(issuer[strings.LastIndexByte(issuer, ':')+1:])
	if err != nil {
		t.Fatal(err)
	}
	var long struct {
		Delta struct {
			Patches []struct {
				PublicKeys []struct {
					ID  string         `json:"id"`
					JWK map[string]any `json:"publicKeyJwk"`
				} `json:"publicKeys"`
			} `json:"patches"`
		} `json:"delta"`
	}
	if err := json.Unmarshal(data, &long); err != nil {
		t.Fatal(err)
	}
	key := long.Delta.Patches[0].PublicKeys[0]
	key.JWK["kid"] = issuer + "#" + key.ID
	return key.JWK
}
