package cwt

import (
	"slices"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// read takes the claims set from the payload: RFC 8392 §3, a map whose keys are
// whole numbers or text.
func (p *presentation) read(payload []byte) error {
	encoded, err := strictcbor.Map(payload)
	if err != nil {
		return within("its claims", err)
	}
	p.claims = make(map[string]any, len(encoded))
	for key, raw := range encoded {
		name, isText := key.(string)
		if n, ok := key.(int64); ok {
			if name = names[n]; name == "" {
				name = strconv.FormatInt(n, 10)
			}
		}
		if _, twice := p.claims[name]; twice || isText && taken(name) {
			return malformed("a claim is called by a number's name", nil)
		}
		if p.claims[name], err = value(name, raw); err != nil {
			return err
		}
	}
	if err := p.readRegistered(); err != nil {
		return err
	}
	if raw, ok := encoded[claimConfirmation]; ok {
		return p.readConfirmation(raw)
	}
	return nil
}

// taken reports whether text is what a claim with a number is called here.
func taken(text string) bool {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return true
	}
	for _, name := range names {
		if name == text {
			return true
		}
	}
	return false
}

func value(name string, raw strictcbor.RawMessage) (any, error) {
	switch name {
	case "exp", "nbf", "iat":
		// RFC 8392 §2: "the leading tag 1 (epoch-based date/time) MUST be omitted".
		if _, _, tagged, _ := strictcbor.Untag(raw); tagged {
			return nil, malformed(name+" is tagged", nil)
		}
	}
	v, err := strictcbor.Value(raw)
	if err != nil {
		return nil, within("its claims", err)
	}
	switch name {
	case TypeIdentity:
		return identity(v)
	case TypeHealth:
		return health(v)
	}
	return v, nil
}

// readRegistered refuses registered claims of the wrong kind: an exp that is no
// number must not read as no exp. What the others say is nobody's business here.
func (p *presentation) readRegistered() error {
	var vct, subject string
	for _, text := range [...]struct {
		name string
		into *string
	}{{"iss", &p.issuer}, {"sub", &subject}, {"vct", &vct}} {
		if v, ok := p.claims[text.name]; ok {
			if *text.into, ok = v.(string); !ok || *text.into == "" {
				return malformed(text.name+" is no text or empty", nil)
			}
		}
	}
	if subject != "" {
		p.holder.Subjects = []string{subject}
	}
	for _, date := range [...]struct {
		name string
		into *time.Time
	}{{"iat", &p.issuedAt}, {"nbf", &p.notBefore}, {"exp", &p.expires}} {
		if v, ok := p.claims[date.name]; ok {
			if *date.into, ok = jwt.NumericDate(v); !ok {
				return malformed(date.name+" is no date", nil)
			}
		}
	}
	var err error
	if v, ok := p.claims["aud"]; ok {
		if p.audience, err = jwt.Audience(v); err != nil {
			return malformed(err.Error(), nil)
		}
	}
	if v, ok := p.claims["status"]; ok {
		// Token Status List §6.3: the same members as in JSON.
		if p.status, err = jwt.Status(v); err != nil {
			return malformed(err.Error(), nil)
		}
	}
	for _, name := range [...]string{TypeIdentity, TypeHealth} {
		if _, ok := p.claims[name]; ok {
			p.types = append(p.types, name)
		}
	}
	if vct != "" && !slices.Contains(p.types, vct) {
		p.types = append(p.types, vct)
	}
	return nil
}

// Members of cnf (RFC 8747 §3.1).
const (
	confirmKey       = int64(1)
	confirmEncrypted = int64(2)
	confirmKeyID     = int64(3)
)

// readConfirmation reads the key that the token is bound to. A key that cannot
// verify a signature binds to nobody this module could recognise.
func (p *presentation) readConfirmation(raw strictcbor.RawMessage) error {
	cnf, err := strictcbor.Map(raw)
	if err != nil {
		return within("its cnf", err)
	}
	p.holder.Confirmed = true
	encoded, ok := cnf[confirmKey]
	_, encrypted := cnf[confirmEncrypted]
	_, named := cnf[confirmKeyID]
	if ok && (encrypted || named) || encrypted && named {
		// §3.1: "At most one of the COSE_Key and Encrypted_COSE_Key confirmation
		// values [...] may be present"; and a kid beside a key could name another.
		return malformed("cnf names more than one key", nil)
	}
	if !ok {
		return nil
	}
	if key, err := cose.ParseKey(encoded); err == nil {
		key = key.WithPurposes(credential.Authentication)
		p.holder.Key = &key
	}
	return nil
}
