package did

import (
	"fmt"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Documents gives DID documents that are at hand, nil for one that is not.
type Documents interface {
	Document(id string) *Document
}

// MissingError says that a DID cannot be resolved without its document: the
// resource to fetch. Its text does not repeat the DID, which may be a holder's.
type MissingError struct {
	DID string
	// URL is where the method says that the document (did:web) or the log
	// (did:webvh) is; empty for methods whose documents have no address.
	URL string
}

func (e *MissingError) Error() string {
	return "resolve DID: its document is not at hand; fetch it and try again"
}

// Resolve gives the document of a DID, without a path, query or fragment:
//
//   - did:key, did:jwk and did:peer with numalgo 0, 2 and 4 (long form): what the
//     identifier itself says, and nothing else ever;
//   - did:ethr: the document at hand, since the key on chain may have changed; or
//     else, where the identifier is a public key, what it says (the genesis key);
//   - every other method, among them did:web, did:polygon and did:webvh: the
//     document at hand.
//
// docs may be nil. The error is a *[MissingError], or a *reason.Error (malformed,
// too_large) for an identifier that its method does not allow and that no
// document can mend.
func Resolve(id string, docs Documents) (*Document, error) {
	if len(id) > limits.DID {
		return nil, &reason.Error{Code: reason.TooLarge,
			Doing: fmt.Sprintf("resolve DID: %d bytes, at most %d", len(id), limits.DID)}
	}
	if !IsDID(id) {
		return nil, refuse("it is no DID")
	}
	switch method, rest := split(id); method {
	case "key":
		return resolveKey(id, rest, ParseMultikey)
	case "jwk":
		return resolveJWK(id, rest)
	case "peer":
		switch {
		case strings.HasPrefix(rest, "0"):
			return resolveKey(id, rest[1:], base58Multikey)
		case strings.HasPrefix(rest, "2"):
			return resolvePeer2(id, rest[1:])
		case strings.HasPrefix(rest, "4") && strings.Contains(rest, ":"):
			return resolvePeer4(id, rest[1:])
		case !stored(rest):
			return nil, refuse("did:peer has an unknown numalgo, or no hash behind it")
		}
	case "ethr":
		key, err := ethrKey(rest)
		if err != nil {
			return nil, err
		}
		if d := atHand(id, docs); d != nil || key == nil {
			return found(id, d)
		}
		return key.document(id), nil
	case "web", "webvh":
		url, err := Address(id)
		if err != nil {
			return nil, err
		}
		if d := atHand(id, docs); d != nil {
			return d, nil
		}
		return nil, &MissingError{DID: id, URL: url}
	}
	return found(id, atHand(id, docs))
}

// Address is where the method says that a DID's document (did:web) or log
// (did:webvh) is; empty, without an error, for methods that do not say.
func Address(id string) (string, error) {
	switch method, _ := split(id); method {
	case "web":
		return WebURL(id)
	case "webvh":
		return LogURL(id)
	}
	return "", nil
}

// SelfContained reports whether a DID says all that its document ever will
// (did:key, did:jwk, did:peer 0, 2 and 4 in its long form): there is nothing to
// fetch, and nothing fetched would count.
func SelfContained(id string) bool {
	switch method, rest := split(id); method {
	case "key", "jwk":
		return true
	case "peer":
		return strings.HasPrefix(rest, "0") || strings.HasPrefix(rest, "2") ||
			strings.HasPrefix(rest, "4") && strings.Contains(rest, ":")
	}
	return false
}

func split(id string) (method, rest string) {
	method, rest, _ = strings.Cut(strings.TrimPrefix(id, "did:"), ":")
	return method, rest
}

// stored reports whether what follows did:peer is the hash of a document that
// somebody keeps: the genesis document (numalgo 1), did:peer:2 and did:peer:4 in
// their short forms. A SHA-256 multihash takes 46 characters behind the "z".
func stored(rest string) bool {
	hash, ok := strings.CutPrefix(rest[1:], string(multibase.Base58BTC))
	if _, err := base58.Decode(hash); !ok || err != nil || len(hash) != 46 {
		return false
	}
	return rest[0] == '1' || rest[0] == '3' || rest[0] == '4'
}

func atHand(id string, docs Documents) *Document {
	if docs == nil {
		return nil
	}
	// A document filed under another DID's name is nobody's.
	if d := docs.Document(id); d != nil && d.ID == id {
		return d
	}
	return nil
}

func found(id string, d *Document) (*Document, error) {
	if d == nil {
		return nil, &MissingError{DID: id}
	}
	return d, nil
}

func refuse(what string) error {
	return &reason.Error{Code: reason.Malformed, Doing: "resolve DID: " + what}
}
