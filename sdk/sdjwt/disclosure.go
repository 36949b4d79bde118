package sdjwt

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"strconv"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
)

// hash is one of the hash functions an issuer may name in _sd_alg.
type hash string

// hashOf applies RFC 9901 §4.1.1: "If the _sd_alg claim is not present at the
// top level, a default value of sha-256 MUST be used." Names are those of the
// Named Information Hash Algorithm Registry, compared with case. §9.4 calls the
// truncated ones there "unfit for security applications", so this is a list of
// what is taken and not of what is not.
func hashOf(payload map[string]any) (hash, error) {
	v, ok := payload["_sd_alg"]
	if !ok {
		return "sha-256", nil
	}
	name, _ := v.(string)
	switch name {
	case "sha-256", "sha-384", "sha-512":
		return hash(name), nil
	}
	return "", malformed("_sd_alg is none of sha-256, sha-384, sha-512")
}

// digest is §4.2.3: "The input to the hash function MUST be the base64url-encoded
// Disclosure", and "The bytes of the digest MUST then be base64url encoded."
func (h hash) digest(text []byte) string {
	switch h {
	case "sha-384":
		sum := sha512.Sum384(text)
		return base64url.Encode(sum[:])
	case "sha-512":
		sum := sha512.Sum512(text)
		return base64url.Encode(sum[:])
	default:
		sum := sha256.Sum256(text)
		return base64url.Encode(sum[:])
	}
}

// disclosure is one disclosure as it was sent. Its content is read only if a
// digest refers to it: what nobody signed is not interpreted.
type disclosure struct {
	encoded []byte
	used    bool
}

// disclosureSet is every disclosure, and every digest met so far.
type disclosureSet struct {
	list []disclosure
	// byDigest leads from a digest to the disclosure it stands for, or to met if
	// the digest has been met in the payload or in another disclosure.
	byDigest map[string]int
	digests  int
}

const met = -1

// splitDisclosures takes the text between the first and the last tilde apart.
// any is false if there is only one tilde and so no disclosure.
func splitDisclosures(text []byte, any bool, h hash) (*disclosureSet, error) {
	if !any {
		return &disclosureSet{byDigest: map[string]int{}}, nil
	}
	n := bytes.Count(text, []byte{'~'}) + 1
	if n > limits.Disclosures {
		return nil, tooLarge("more than " + strconv.Itoa(limits.Disclosures) + " disclosures")
	}
	s := &disclosureSet{list: make([]disclosure, 0, n), byDigest: make(map[string]int, 2*n)}
	for encoded := range bytes.SplitSeq(text, []byte{'~'}) {
		// §4, ABNF: DISCLOSURE = BASE64URL, and BASE64URL = 1*(ALPHA / DIGIT /
		// "-" / "_").
		if !isBase64URL(encoded) {
			return nil, malformed("disclosure " + strconv.Itoa(len(s.list)+1) + " is empty or not base64url")
		}
		d := h.digest(encoded)
		if _, twice := s.byDigest[d]; twice {
			// §4: "A Holder MUST NOT [...] send a Disclosure more than once."
			return nil, malformed("disclosure " + strconv.Itoa(len(s.list)+1) + " was sent before")
		}
		s.byDigest[d] = len(s.list)
		s.list = append(s.list, disclosure{encoded: encoded})
	}
	return s, nil
}

func isBase64URL(text []byte) bool {
	for _, c := range text {
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return len(text) > 0
}

// meet answers for a digest embedded in the payload or in a disclosure: the
// disclosure it stands for, or nil if none was sent. §7.1 step 3.c.i: "If no such
// Disclosure can be found, the digest MUST be ignored."
func (s *disclosureSet) meet(digest string) (*disclosure, error) {
	if s.digests++; s.digests > limits.Digests {
		return nil, tooLarge("more than " + strconv.Itoa(limits.Digests) + " digests")
	}
	i, known := s.byDigest[digest]
	if known && i == met {
		// §7.1 step 4: "If any digest value is encountered more than once in the
		// Issuer-signed JWT payload (directly or recursively via other
		// Disclosures), the SD-JWT MUST be rejected."
		return nil, malformed("a digest occurs twice")
	}
	s.byDigest[digest] = met
	if !known {
		return nil, nil
	}
	d := &s.list[i]
	d.used = true
	return d, nil
}

// open reads the disclosure's content, which must be a JSON array of size
// elements of which the first is a salt.
func (d *disclosure) open(size int) ([]any, error) {
	text, err := base64url.Decode(d.encoded)
	if err != nil {
		return nil, within("a disclosure", err)
	}
	v, err := strictjson.Decode(text)
	if err != nil {
		return nil, within("a disclosure", err)
	}
	a, ok := v.([]any)
	if !ok || len(a) != size {
		// §7.1 steps 3.c.ii.1 and 3.c.iii.1: "If the contents of the respective
		// Disclosure is not a JSON array of three elements (salt, claim name,
		// claim value), the SD-JWT MUST be rejected"; of two, in an array.
		return nil, malformed("a disclosure is no JSON array of " + strconv.Itoa(size) + " elements, as its place demands")
	}
	if _, ok := a[0].(string); !ok {
		// §4.2.1: "A salt value. MUST be a string."
		return nil, malformed("a disclosure's salt is no string")
	}
	return a, nil
}
