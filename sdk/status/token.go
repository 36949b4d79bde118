package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// TokenType is the typ of a Status List Token in JWT form, and with
// "application/" before it its media type.
const TokenType = "statuslist+jwt"

// TokenTypeCWT is the same for the CWT form, which package statuscwt opens.
const TokenTypeCWT = "statuslist+cwt"

// Token opens Status List Tokens in JWT form (§5.1), signed with one of
// credential.DefaultAlgorithms. MACs, which the draft also permits, prove
// nothing to a verifier who does not share the secret, and are refused.
func Token() Opener { return token{} }

type token struct{}

// Open implements [Opener]. The steps are those of §8.3, 3 to 5.
func (token) Open(uri string, data []byte, keys credential.Keys, _ time.Time) (*List, error) {
	// §5.1: "typ: REQUIRED. The JWT type MUST be statuslist+jwt."
	s, err := parseJWS(TokenType, data)
	if err != nil {
		return nil, err
	}
	return OpenSigned(uri, s, keys)
}

// Signed is a Status List Token that was taken apart, whatever it was encoded in:
// untrusted, until [OpenSigned] has verified it.
type Signed struct {
	Signer credential.Signer // key identifier, chain and algorithm; the role and the issuer are filled in
	Claims map[string]any    // what strict JSON decoding gives, under the names of the JWT form
	Verify func(credential.Key) error
}

// OpenSigned makes a list of a token that another package has read, by the same
// rules as those of the JWT form: accepted algorithm, acceptable signer, signature,
// and the claims of §5.1, where lst is base64url. The caller answers for the token's
// type, and for Claims being what Verify covers. Errors are as for [Opener].
func OpenSigned(uri string, s Signed, keys credential.Keys) (*List, error) {
	l, err := openSigned(uri, s, keys)
	if err != nil {
		return nil, err
	}
	l.Mechanism = credential.StatusToken
	if err := l.readToken(s.Claims); err != nil {
		return nil, err
	}
	return l, nil
}

// parseJWS takes apart a list that is a compact JWS of the given type.
func parseJWS(typ string, data []byte) (Signed, error) {
	if len(data) > limits.StatusToken {
		return Signed{}, invalid(fmt.Sprintf("%d bytes, at most %d", len(data), limits.StatusToken), nil)
	}
	t, err := jws.Parse(data)
	if err != nil {
		return Signed{}, invalid("not a compact JWS", errors.Join(ErrOtherForm, err))
	}
	if !t.TypIs(typ) {
		return Signed{}, invalid("typ is not "+typ, ErrOtherForm)
	}
	claims, err := strictjson.DecodeObject(t.Payload)
	if err != nil {
		return Signed{}, invalid("the payload is no JSON object", err)
	}
	return Signed{credential.Signer{KeyID: t.Kid, Chain: t.X5C, Algorithm: t.Alg}, claims, t.Verify}, nil
}

// openSigned verifies a list and reads what every such list says about itself.
// Nothing of the claims counts before the signature does, except the name of who
// claims to have made it.
func openSigned(uri string, s Signed, keys credential.Keys) (*List, error) {
	if uri == "" {
		return nil, invalid("no URI was asked for", nil)
	}
	if !credential.DefaultAlgorithms.Has(s.Signer.Algorithm) {
		return nil, invalid("algorithm refused", nil)
	}
	signers, keyID, err := s.verify(keys)
	if err != nil {
		return nil, err
	}
	l, err := readClaims(s.Claims, uri)
	if err != nil {
		return nil, err
	}
	l.Signers, l.KeyID = signers, keyID
	return l, nil
}

// verify finds who signed. The draft leaves open whose key that is (§11.3), and
// has no use for iss: where it names an entry that is known, its keys are asked;
// otherwise everybody's, and the list belongs to whose key it was.
func (s Signed) verify(keys credential.Keys) (signers []string, keyID string, err error) {
	who := s.Signer
	who.Role, who.ID = credential.RoleStatusProvider, ""
	if iss, ok := s.Claims["iss"]; ok {
		if who.ID, ok = iss.(string); !ok {
			return nil, "", invalid("iss is no string", nil)
		}
	}
	found, checks := keys.Find(who)
	if who.ID != "" && hasCode(checks, reason.IssuerUnknown) {
		who.ID = ""
		found, checks = keys.Find(who)
	}
	if len(found) == 0 {
		return nil, "", invalid("find signer", signerError(checks))
	}
	var signer credential.Key
	for _, k := range found {
		// One key that two entries list belongs to both.
		if !signer.IsZero() {
			if k.Equal(signer) {
				signers = append(signers, k.Controller())
			}
			continue
		}
		if s.Verify(k) == nil {
			signer = k
			signers = append(signers, k.Controller())
		}
	}
	if signer.IsZero() {
		return nil, "", invalid("the signature does not verify", credential.ErrSignature)
	}
	slices.Sort(signers)
	return slices.Compact(signers), signer.ID(), nil
}

func hasCode(checks []credential.Check, code reason.Code) bool {
	return slices.ContainsFunc(checks, func(c credential.Check) bool { return c.Code == code })
}

func signerError(checks []credential.Check) error {
	for _, c := range checks {
		if c.Verdict != reason.Passed {
			return &SignerError{Code: c.Code, Resource: c.Resource}
		}
	}
	return &SignerError{Code: reason.KeyUnknown}
}

// readClaims takes the registered claims of §5.1, whose signature was verified.
func readClaims(claims map[string]any, uri string) (*List, error) {
	l := &List{URI: uri}
	// "The value MUST be equal to that of the uri claim contained in the
	// status_list claim of the Referenced Token." Equal, not equivalent.
	if sub, ok := claims["sub"].(string); !ok || sub != uri {
		return nil, invalid("sub is not the URI that was asked for", nil)
	}
	var ok bool
	if l.IssuedAt, ok = date(claims, "iat"); !ok || l.IssuedAt.IsZero() {
		return nil, invalid("iat is missing or no date", nil)
	}
	if l.Expires, ok = date(claims, "exp"); !ok {
		return nil, invalid("exp is no date", nil)
	}
	nbf, ok := date(claims, "nbf")
	if !ok {
		return nil, invalid("nbf is no date", nil)
	}
	l.notBefore = nbf
	// "The value of the claim MUST be a positive number encoded in JSON as a
	// number."
	if v, stated := claims["ttl"]; stated {
		seconds, ok := number(v)
		if !ok || seconds <= 0 {
			return nil, invalid("ttl is no positive number", nil)
		}
		l.TTL = longest
		if seconds < longest.Seconds() {
			l.TTL = time.Duration(seconds * float64(time.Second))
		}
		if l.TTL <= 0 {
			l.TTL = time.Nanosecond
		}
	}
	return l, nil
}

// readToken takes the claim status_list.
func (l *List) readToken(claims map[string]any) error {
	list, ok := claims["status_list"].(map[string]any)
	if !ok {
		return invalid("status_list is missing or no object", nil)
	}
	if v, stated := list["aggregation_uri"]; stated {
		if _, ok := v.(string); !ok {
			return invalid("aggregation_uri is no string", nil)
		}
	}
	// §4.2: "The allowed values for bits are 1, 2, 4, and 8."
	n, _ := list["bits"].(json.Number)
	switch n {
	case "1", "2", "4", "8":
		l.Bits = n[0] - '0'
	default:
		return invalid("bits is none of 1, 2, 4, 8", nil)
	}
	lst, ok := list["lst"].(string)
	if !ok {
		return invalid("lst is missing or no string", nil)
	}
	var err error
	if l.data, err = decompress(lst); err != nil {
		return err
	}
	// §4.1 step 2: "each byte in the array corresponds to 8/(bits) statuses".
	perByte := 8 / l.Bits
	l.shift = uint8(bits.TrailingZeros8(perByte))
	l.entries = uint64(len(l.data)) * uint64(perByte)
	return nil
}

const (
	// longest bounds ttl, so that adding it to a date cannot overflow.
	longest = 100 * 365 * 24 * time.Hour
	// lastSecond is the end of the year 9999: a later date is milliseconds
	// taken for seconds.
	lastSecond = 253402300799
)

// date reads a NumericDate (RFC 7519 §2), which need not be whole. An absent one
// is the zero time.
func date(claims map[string]any, name string) (time.Time, bool) {
	v, stated := claims[name]
	if !stated {
		return time.Time{}, true
	}
	n, ok := number(v)
	if !ok || n < 0 || n > lastSecond {
		return time.Time{}, false
	}
	whole := int64(n)
	return time.Unix(whole, int64((n-float64(whole))*1e9)).UTC(), true
}

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(n), 64)
	return f, err == nil
}

func invalid(what string, err error) error {
	return &reason.Error{Code: reason.StatusListInvalid, Doing: "open status list: " + what, Err: err}
}
