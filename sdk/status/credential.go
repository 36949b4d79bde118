package status

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Credential opens status lists that are W3C credentials: Bitstring Status List
// 1.0, StatusList2021 and RevocationList2020, secured in any way that one of the
// mechanisms opens. Mechanisms that need JSON-LD contexts get them through [In].
//
// The credential must be signed by its issuer, be the only thing in data, and
// name itself as the URI that was asked for. JSON-LD contexts are not signed and
// could give signed members other names, so only the contexts that the three
// specifications and their proofs use are taken. A list larger than
// limits.Presentation, about six million random bits, is refused by the
// mechanism.
func Credential(m ...credential.Mechanism) Opener {
	return fromCredential{mechanisms: slices.Clone(m)}
}

// In gives the same openers with JSON-LD contexts at hand: those of one moment's
// knowledge. Openers that have no use for contexts stay as they are.
func In(contexts credential.Contexts, openers ...Opener) []Opener {
	out := slices.Clone(openers)
	for i, o := range out {
		if c, ok := o.(fromCredential); ok {
			c.contexts = contexts
			out[i] = c
		}
	}
	return out
}

type fromCredential struct {
	contexts   credential.Contexts
	mechanisms []credential.Mechanism
}

// Open implements [Opener].
func (o fromCredential) Open(uri string, data []byte, keys credential.Keys, at time.Time) (*List, error) {
	if uri == "" {
		return nil, invalid("no URI was asked for", nil)
	}
	if len(data) > limits.StatusToken {
		return nil, invalid(fmt.Sprintf("%d bytes, at most %d", len(data), limits.StatusToken), nil)
	}
	p, err := o.parse(data)
	if err != nil {
		return nil, err
	}
	c, err := proven(p.Prove(credential.Evidence{
		Keys:    providers{keys},
		Binding: credential.BearerUnsafe(), // nobody presents a status list: it lies in the open
		At:      at,
		// An expired list is stale and still counts for what it revokes. A clock
		// that is known to be wrong leaves exactly the question of time open, and
		// the list answers that itself.
		Clock:    credential.ClockUntrusted,
		Contexts: o.contexts,
	}))
	if err != nil {
		return nil, err
	}
	for _, url := range c.Contexts {
		if !knownContext(url) {
			return nil, invalid("it has a JSON-LD context that status lists have no use for", nil)
		}
	}
	l, err := readCredential(c, uri)
	if err != nil {
		return nil, err
	}
	l.Signers, l.KeyID = []string{c.Issuer}, c.SigningKey
	return l, nil
}

func (o fromCredential) parse(data []byte) (credential.Presentation, error) {
	for _, m := range o.mechanisms {
		if m.Recognise(data) {
			p, err := m.Parse(data)
			if err != nil {
				return nil, invalid("parse status list credential", err)
			}
			return p, nil
		}
	}
	return nil, invalid("it is no credential of a form that is opened here", ErrOtherForm)
}

// providers asks for keys as what a list's issuer is: a provider of statuses.
type providers struct{ keys credential.Keys }

func (p providers) Find(s credential.Signer) ([]credential.Key, []credential.Check) {
	if s.Role != credential.RoleIssuer {
		// A list has no holder, and none would count.
		return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, "")}
	}
	s.Role = credential.RoleStatusProvider
	return p.keys.Find(s)
}

// proven gives the one credential in what a mechanism found, if every check on
// it passed but those of time.
func proven(f credential.Findings) (*credential.Credential, error) {
	if len(f.Credentials) != 1 || len(f.Enclosed) > 0 {
		return nil, invalid("it is not one credential", nil)
	}
	c := &f.Credentials[0]
	signed := false
	for _, check := range slices.Concat(f.Checks, c.Checks) {
		switch {
		case check.Verdict == reason.Passed:
			signed = signed || check.Name == reason.CheckSignature
		case check.Name == reason.CheckIssuer, check.Name == reason.CheckKey:
			return nil, invalid("find signer", &SignerError{Code: check.Code, Resource: check.Resource})
		case check.Verdict == reason.Undecided && check.Code == reason.ClockUntrusted:
		default:
			return nil, invalid("its proof does not hold", &reason.Error{Code: check.Code, Doing: "check " + string(check.Name)})
		}
	}
	if !signed || c.Issuer == "" {
		return nil, invalid("it is not signed", credential.ErrSignature)
	}
	return c, nil
}

// knownContext reports whether a status list credential may have a context:
// those of VCDM, of the three kinds of lists, and of the proofs. None of them
// redefines a term of another.
func knownContext(url string) bool {
	switch url {
	case "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1",
		"https://www.w3.org/ns/credentials/status/v1",
		"https://w3id.org/vc/status-list/2021/v1", "https://w3id.org/vc-status-list-2021/v1",
		"https://w3id.org/vc-revocation-list-2020/v1",
		"https://w3id.org/security/data-integrity/v1", "https://w3id.org/security/data-integrity/v2",
		"https://w3id.org/security/suites/ed25519-2018/v1", "https://w3id.org/security/suites/ed25519-2020/v1",
		"https://w3id.org/security/suites/secp256k1-2019/v1", "https://w3id.org/security/suites/jws-2020/v1",
		"https://w3id.org/security/bbs/v1", "https://w3id.org/security/v1", "https://w3id.org/security/v2":
		return true
	}
	return false
}

// form is one kind of W3C list.
type form struct {
	mechanism  string
	credential string // the type of the credential
	subject    string // the type of its subject
	multibase  bool   // encodedList begins with u
	purposes   bool   // the subject states statusPurpose
	least      uint64 // bits it must have
}

// leastEntries is Bitstring Status List §6.1's "131,072, or 16KB uncompressed",
// the group in which a holder is to hide.
const leastEntries = 131072

var forms = [...]form{
	{credential.StatusBitstring, "BitstringStatusListCredential", "BitstringStatusList", true, true, leastEntries},
	{credential.Status2021, "StatusList2021Credential", "StatusList2021", false, true, leastEntries},
	// Its own example has 100,000 bits.
	{credential.StatusRevocation20, "RevocationList2020Credential", "RevocationList2020", false, false, 1},
}

// readCredential takes the list out of a proven credential.
func readCredential(c *credential.Credential, uri string) (*List, error) {
	doc := c.Claims
	subject, ok := doc.Object("credentialSubject")
	if !ok {
		return nil, invalid("it has not one credentialSubject", nil)
	}
	f, ok := formOf(doc, subject)
	if !ok {
		return nil, invalid("its type is not that of one kind of status list", nil)
	}
	if !named(doc, subject, uri) {
		return nil, invalid("it is not the list that was asked for", nil)
	}
	l := &List{URI: uri, Mechanism: f.mechanism, Bits: 1, shift: 3, leftmost: true}
	if err := l.readDates(c, doc); err != nil {
		return nil, err
	}
	var err error
	if l.Purposes, err = purposes(f, subject); err != nil {
		return nil, err
	}
	if l.TTL, err = timeToLive(subject); err != nil {
		return nil, err
	}
	encoded, ok := subject.String("encodedList")
	if !ok {
		return nil, invalid("encodedList is missing or no string", nil)
	}
	if l.data, err = decodeBitstring(encoded, f.multibase); err != nil {
		return nil, err
	}
	l.entries = uint64(len(l.data)) * 8
	if l.entries < f.least {
		return nil, invalid(fmt.Sprintf("it has fewer than %d bits (STATUS_LIST_LENGTH_ERROR)", f.least), nil)
	}
	return l, nil
}

// formOf finds the kind of list that both the credential and its subject say.
func formOf(doc, subject credential.Claims) (form, bool) {
	var found form
	n := 0
	for _, f := range forms {
		if slices.Contains(texts(doc, "type"), f.credential) {
			found = f
			n++
		}
	}
	return found, n == 1 && slices.Contains(texts(subject, "type"), found.subject)
}

// named reports whether the list is the one called uri: by its id, or the jti that
// stands for it, or, where it has neither, by its subject's id without the fragment.
// Without that, one list of an issuer would serve as another.
func named(doc, subject credential.Claims, uri string) bool {
	ids := 0
	for _, name := range [...]string{"id", "jti"} {
		if !doc.Has(name) {
			continue
		}
		if id, ok := doc.String(name); !ok || id != uri {
			return false
		}
		ids++
	}
	if ids > 0 {
		return true
	}
	id, _ := subject.String("id")
	id, _, _ = strings.Cut(id, "#")
	return id == uri
}

// readDates takes the dates the mechanism found, and where it found none those
// of the document itself. A list must say when it was made: an undated one could
// be shown for ever.
func (l *List) readDates(c *credential.Credential, doc credential.Claims) error {
	l.IssuedAt, l.notBefore, l.Expires = c.IssuedAt, c.NotBefore, c.Expires
	stated := func(into *time.Time, names ...string) error {
		for _, name := range names {
			if !into.IsZero() || !doc.Has(name) {
				continue
			}
			text, _ := doc.String(name)
			t, err := time.Parse(time.RFC3339, text)
			if err != nil || t.Year() < 1970 {
				return invalid(name+" is no date", nil)
			}
			*into = t.UTC()
		}
		return nil
	}
	if err := errors.Join(
		stated(&l.notBefore, "validFrom", "issuanceDate"),
		stated(&l.Expires, "validUntil", "expirationDate"),
		stated(&l.IssuedAt, "issued"),
	); err != nil {
		return invalid("read its dates", err)
	}
	if l.IssuedAt.IsZero() {
		l.IssuedAt = l.notBefore
	}
	if l.IssuedAt.IsZero() {
		return invalid("it does not say when it was made", nil)
	}
	return nil
}

// purposes reads §2.2's statusPurpose: "The value of the purpose property [...]
// MUST be one or more strings." RevocationList2020 has one purpose and does not
// state it.
func purposes(f form, subject credential.Claims) ([]string, error) {
	if !f.purposes {
		return []string{"revocation"}, nil
	}
	list := texts(subject, "statusPurpose")
	if len(list) == 0 || slices.Contains(list, "") {
		return nil, invalid("statusPurpose is missing or no string", nil)
	}
	return list, nil
}

// timeToLive reads §2.2's ttl, in milliseconds. It is a hint for caches, and its
// stated default of five minutes is not applied: a verifier without a line would
// have no list ever. What is stated counts.
func timeToLive(subject credential.Claims) (time.Duration, error) {
	if !subject.Has("ttl") {
		return 0, nil
	}
	ms, ok := subject.Int("ttl")
	if !ok || ms <= 0 || ms > math.MaxInt64/int64(time.Millisecond) {
		return 0, invalid("ttl is no positive number of milliseconds", nil)
	}
	return min(time.Duration(ms)*time.Millisecond, longest), nil
}

// texts reads a string or an array of strings; nil if it is neither.
func texts(c credential.Claims, name string) []string {
	if s, ok := c.String(name); ok {
		return []string{s}
	}
	list, _ := c.Array(name)
	out := make([]string, 0, len(list))
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}
