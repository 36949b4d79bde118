package ldp

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// proof is one proof, parsed and unproven.
type proof struct {
	members   map[string]any // as they stand
	id        string
	suite     suite
	algorithm credential.Algorithm // empty if the suite or the algorithm is none of ours
	method    string               // verificationMethod
	purpose   string
	created   time.Time // zero if it does not say
	expires   time.Time
	challenge string
	domain    []string
	previous  []string
	header    string // of the detached JWS, encoded; empty for suites with proofValue
	signature []byte
	derived   Proof // in the place of a signature: what a [Suite] read
	odd       bool  // it has members that an RDF suite would not sign
}

// suite is one way of securing a document.
type suite struct {
	name  string
	jcs   bool  // canonicalised by JCS, otherwise by RDFC-1.0
	jws   bool  // the signature is a detached JWS (RFC 7797)
	other Suite // nil for those whose signature is over two hashes
}

const dataIntegrity = "DataIntegrityProof"

// suiteOf finds the suite that a proof says it uses; the name is empty for one
// that nobody here reads.
func (m *mechanism) suiteOf(kind, cryptosuite string) suite {
	if s := suiteOf(kind, cryptosuite); s.name != "" {
		return s
	}
	for _, s := range m.suites {
		if s.Makes(kind, cryptosuite) {
			return suite{name: cmp.Or(cryptosuite, kind), other: s}
		}
	}
	return suite{}
}

func suiteOf(kind, cryptosuite string) suite {
	switch kind {
	case dataIntegrity:
		switch cryptosuite {
		case "eddsa-rdfc-2022", "ecdsa-rdfc-2019":
			return suite{name: cryptosuite}
		case "eddsa-jcs-2022", "ecdsa-jcs-2019":
			return suite{name: cryptosuite, jcs: true}
		}
	case "Ed25519Signature2020":
		return suite{name: kind}
	case "Ed25519Signature2018", "JsonWebSignature2020", "EcdsaSecp256k1Signature2019":
		return suite{name: kind, jws: true}
	}
	return suite{}
}

// parseProof reads one proof. Data Integrity 1.0 §2.1 says what it holds: type,
// verificationMethod, proofPurpose and the proof's value are required.
func (m *mechanism) parseProof(members map[string]any) (*proof, error) {
	p := &proof{members: members}
	var kind, cryptosuite, value, jws string
	for _, text := range [...]struct {
		name string
		into *string
	}{
		{"type", &kind}, {"cryptosuite", &cryptosuite}, {"id", &p.id}, {"verificationMethod", &p.method},
		{"proofPurpose", &p.purpose}, {"challenge", &p.challenge}, {"proofValue", &value}, {"jws", &jws},
	} {
		v, present := members[text.name]
		if !present {
			continue
		}
		s, ok := v.(string)
		if !ok || s == "" {
			return nil, malformed("a proof's "+text.name+" is no string or empty", nil)
		}
		*text.into = s
	}
	if kind == "" || p.method == "" || p.purpose == "" {
		return nil, malformed("a proof lacks its type, verificationMethod or proofPurpose", nil)
	}
	if _, inside := members["proof"]; inside {
		return nil, malformed("a proof holds a proof", nil)
	}
	var ok bool
	if p.created, ok = date(members, "created"); !ok {
		return nil, malformed("a proof's created is no dateTimeStamp", nil)
	}
	if p.expires, ok = date(members, "expires"); !ok {
		return nil, malformed("a proof's expires is no dateTimeStamp", nil)
	}
	if p.domain, ok = strs(members, "domain"); !ok {
		return nil, malformed("a proof's domain is no string and no list of strings", nil)
	}
	if p.previous, ok = strs(members, "previousProof"); !ok || slices.Contains(p.previous, p.id) && p.id != "" {
		return nil, malformed("a proof's previousProof is no string and no list of strings, or itself", nil)
	}
	p.suite = m.suiteOf(kind, cryptosuite)
	p.odd = slices.ContainsFunc(names(members), func(name string) bool { return !known(name, kind, p.suite) })
	switch {
	case p.suite.name == "":
		return p, nil // Prove answers for it
	case p.suite.jws:
		return p, m.readJWS(p, jws)
	case p.suite.other == nil:
		return p, p.readValue(value)
	}
	var err error
	if p.derived, err = p.suite.other.Parse(kind, cryptosuite, value); err != nil {
		return nil, err
	}
	p.algorithm = p.derived.Algorithm()
	return p, nil
}

func names(m map[string]any) (out []string) {
	for name := range m {
		out = append(out, name)
	}
	return out
}

// known reports whether an RDF suite's options may have a member of this name.
func known(name, kind string, s suite) bool {
	switch name {
	case "type", "id", "verificationMethod", "proofPurpose", "created", "expires", "challenge", "domain", "nonce", "previousProof":
		return true
	case "cryptosuite":
		return kind == dataIntegrity
	case "proofValue":
		return !s.jws
	case "jws":
		return s.jws
	}
	return false
}

// readValue reads a proofValue: "a base-58-btc encoded multibase value". Which
// curve an ECDSA signature is over shows in its length.
func (p *proof) readValue(value string) error {
	text, ok := strings.CutPrefix(value, "z")
	signature, err := base58.Decode(text)
	if !ok || err != nil {
		return malformed("a proofValue is not base58btc", nil)
	}
	p.signature = signature
	switch {
	case !strings.HasPrefix(p.suite.name, "ecdsa-"):
		p.algorithm = credential.EdDSA
	case len(signature) == 96:
		p.algorithm = credential.ES384
	default:
		p.algorithm = credential.ES256
	}
	return nil
}

// readJWS reads a JWS with detached, unencoded payload (RFC 7515 appendix F, RFC
// 7797). Its header is {"alg":…,"b64":false,"crit":["b64"]}: §6 of the latter
// wants all three, and nothing else in it is understood here.
func (m *mechanism) readJWS(p *proof, jws string) error {
	header, signature, ok := strings.Cut(jws, "..")
	if !ok || strings.ContainsRune(header+signature, '.') {
		return malformed("a proof's jws is not detached", nil)
	}
	decoded, err := base64url.Append(nil, []byte(header))
	if err != nil {
		return malformed("a proof's jws header", err)
	}
	if p.signature, err = base64url.Append(nil, []byte(signature)); err != nil {
		return malformed("a proof's jws signature", err)
	}
	params, err := strictjson.DecodeObject(decoded)
	if err != nil {
		return malformed("a proof's jws header", err)
	}
	algorithm, _ := params["alg"].(string)
	critical, _ := params["crit"].([]any)
	if algorithm == "" || params["b64"] != any(false) || len(critical) != 1 || critical[0] != any("b64") || len(params) != 3 {
		return malformed("a proof's jws header is not that of an unencoded payload", nil)
	}
	p.header = header
	p.algorithm = m.jwsAlgorithm(p.suite.name, algorithm)
	return nil
}

// jwsAlgorithm is the algorithm that a suite may use under this name; empty if
// none.
func (m *mechanism) jwsAlgorithm(suite, name string) credential.Algorithm {
	a := credential.Algorithm(name)
	switch suite {
	case "Ed25519Signature2018":
		if a == credential.EdDSA {
			return a
		}
	case "EcdsaSecp256k1Signature2019":
		if a == credential.ES256K || name == "EcDSA" && m.ndi {
			return credential.ES256K
		}
	case "JsonWebSignature2020":
		switch a {
		case credential.EdDSA, credential.ES256K, credential.ES256, credential.ES384, credential.PS256:
			return a
		}
	}
	return ""
}

// date reads a dateTimeStamp, zero if there is none. Its zone is required: "MUST
// be specified as an [XMLSCHEMA11-2] dateTimeStamp string".
func date(m map[string]any, name string) (time.Time, bool) {
	v, present := m[name]
	if !present {
		return time.Time{}, true
	}
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || strings.ContainsRune(s, ',') || t.Year() < 1 {
		return time.Time{}, false
	}
	return t.UTC(), true
}

// strs reads a string or an array of different ones, nil if there is none.
func strs(m map[string]any, name string) ([]string, bool) {
	v, present := m[name]
	if !present {
		return nil, true
	}
	list, other := urls(v)
	if other || len(list) == 0 {
		return nil, false
	}
	sorted := slices.Sorted(slices.Values(list))
	return list, sorted[0] != "" && len(slices.Compact(sorted)) == len(list)
}
