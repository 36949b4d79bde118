package did

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

const bothPurposes = credential.AssertionMethod | credential.Authentication

// resolveKey expands did:key (did-key §3.1) and did:peer:0, which is the same
// under another name: one key, whose verification method repeats it. The key
// agreement key that may be derived is of no use to a verifier.
//
// The format of did:key (§2) allows both bases of multibase, that of did:peer:0
// base58btc alone.
func resolveKey(id, multikey string, read func(string) (credential.Key, error)) (*Document, error) {
	method := id + "#" + multikey
	key, err := read(multikey)
	switch {
	case errors.Is(err, ErrKeyType):
		return &Document{ID: id, unsupported: []string{method}}, nil
	case err != nil:
		return nil, refuse("no key this version can use follows")
	}
	return &Document{ID: id, keys: []credential.Key{key.WithID(method).WithController(id).WithPurposes(bothPurposes)}}, nil
}

// resolveJWK expands did:jwk: a JWK in base64url, whose verification method is
// called "#0". A key that its "use" keeps for encryption serves no signature.
func resolveJWK(id, encoded string) (*Document, error) {
	data, err := base64url.Decode(encoded)
	if err != nil {
		return nil, refuse("no base64url follows")
	}
	jwk, err := strictjson.DecodeObject(data)
	if err != nil {
		return nil, refuse("no JWK follows")
	}
	if _, private := jwk["d"]; private {
		return nil, refuse("it holds a private key")
	}
	method := id + "#0"
	key, err := credential.ParseJWKMap(jwk)
	if err != nil {
		if kty, ok := jwk["kty"].(string); !ok || kty == "" {
			return nil, refuse("no JWK follows")
		}
		return &Document{ID: id, unsupported: []string{method}}, nil
	}
	return &Document{ID: id, keys: []credential.Key{key.WithID(method).WithController(id).WithPurposes(bothPurposes)}}, nil
}

// resolvePeer2 expands did:peer:2 (peer DID §"Method 2"): elements behind dots,
// each a letter for its purpose and a Multikey, or "S" and a service. Services not
// counted, the n-th is called "#key-n". Drafts before 2023 called a key by itself,
// without the prefix of its base, and wallets of that time sign so: it has that name
// too.
//
// Services say nothing about keys; that they can be read is checked, since a DID
// that its method does not allow is nobody's.
func resolvePeer2(id, elements string) (*Document, error) {
	if !strings.HasPrefix(elements, ".") {
		return nil, refuse("elements of did:peer:2 begin with a dot")
	}
	d := &Document{ID: id}
	n := 0
	for _, e := range strings.Split(elements[1:], ".") {
		if len(e) < 2 {
			return nil, refuse("an element of did:peer:2 is empty")
		}
		if e[0] == 'S' {
			if !isService(e[1:]) {
				return nil, refuse("a service of did:peer:2 is no JSON in base64url")
			}
			continue
		}
		var purposes credential.Purpose
		switch e[0] {
		case 'A':
			purposes = credential.AssertionMethod
		case 'V':
			purposes = credential.Authentication
		case 'E', 'D', 'I': // key agreement, capability delegation and invocation
		default:
			return nil, refuse("an element of did:peer:2 has an unknown purpose")
		}
		n++
		method := id + "#key-" + strconv.Itoa(n)
		key, err := base58Multikey(e[1:])
		switch {
		case errors.Is(err, ErrKeyType):
			d.unsupported = append(d.unsupported, method)
		case err != nil:
			return nil, refuse("an element of did:peer:2 is no key this version knows")
		case purposes != 0:
			key = key.WithController(id).WithPurposes(purposes)
			d.keys = append(d.keys, key.WithID(method), key.WithID(id+"#"+e[2:]))
		}
	}
	return d, nil
}

// isService reports whether text is a service, or several as an older draft allows,
// in base64url.
func isService(text string) bool {
	data, err := base64url.Decode(text)
	if err != nil {
		return false
	}
	v, err := strictjson.Decode(data)
	if err != nil {
		return false
	}
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// resolvePeer4 expands the long form of did:peer:4: a hash, a colon, and the
// document it is the hash of.
func resolvePeer4(id, rest string) (*Document, error) {
	hash, encoded, _ := strings.Cut(rest, ":")
	digest, err := multibase.DecodeAs(multibase.Base58BTC, hash)
	if err != nil {
		return nil, refuse("the hash of did:peer:4 is no base58btc")
	}
	// The hash is over the encoded document as it stands: "Take SHA2-256 digest of
	// the encoded document (encode the bytes as utf-8)".
	sum := sha256.Sum256([]byte(encoded))
	want := multicodec.Join(multicodec.SHA256, append([]byte{sha256.Size}, sum[:]...))
	if string(digest) != string(want) {
		return nil, refuse("the hash of did:peer:4 is of another document")
	}
	data, err := multibase.DecodeAs(multibase.Base58BTC, encoded)
	if err != nil {
		return nil, refuse("the document of did:peer:4 is no base58btc")
	}
	code, text, err := multicodec.Split(data)
	if err != nil || code != multicodec.JSON {
		return nil, refuse("the document of did:peer:4 is no JSON")
	}
	root, err := strictjson.DecodeObject(text)
	if err != nil {
		return nil, refuse("the document of did:peer:4 is no JSON object")
	}
	// "The document MUST NOT include an id at the root"; a method without a
	// controller gets the DID.
	if _, named := root["id"]; named {
		return nil, refuse("the document of did:peer:4 names itself")
	}
	return (&parser{did: id, controller: id, methods: map[string]*method{}}).parse(root)
}

// genesis is the key that a did:ethr identifier holds.
type genesis struct{ credential.Key }

// ethrKey reads what follows "did:ethr:": networks, if any, and then an address
// of 20 bytes or a compressed secp256k1 key of 33, in hexadecimal (ethr DID
// method, "Method Specific Identifier"). nil for an address.
func ethrKey(rest string) (*genesis, error) {
	last := rest[strings.LastIndexByte(rest, ':')+1:]
	digits, ok := strings.CutPrefix(last, "0x")
	raw, err := hex.DecodeString(digits)
	if !ok || err != nil || len(raw) != 20 && len(raw) != 33 {
		return nil, refuse("did:ethr ends in neither an address of 40 nor a key of 66 hexadecimal digits")
	}
	if strings.HasPrefix(rest, ":") || strings.Contains(rest, "::") {
		return nil, refuse("a network of did:ethr is empty")
	}
	if len(raw) == 20 {
		return nil, nil
	}
	key, err := secp256k1Key(raw)
	if err != nil {
		return nil, refuse("did:ethr holds no point of secp256k1")
	}
	return &genesis{key}, nil
}

// document is what did:ethr says of a key nobody has changed on chain. Its
// "#controller" is the account of the same key, so that what proves the one
// proves the other.
func (g *genesis) document(id string) *Document {
	d := &Document{ID: id}
	for _, name := range []string{"#controller", "#controllerKey"} {
		d.keys = append(d.keys, g.WithID(id+name).WithController(id).WithPurposes(bothPurposes))
	}
	return d
}
