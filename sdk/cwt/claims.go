package cwt

import (
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/cwtclaims"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// read takes the claims set from the payload.
func (p *presentation) read(payload []byte) error {
	set, err := cwtclaims.Read(payload)
	if err != nil {
		return within("its claims", err)
	}
	p.claims = set.Values
	for name, rename := range map[string]func(any) (any, error){TypeIdentity: identity, TypeHealth: health} {
		if v, ok := p.claims[name]; ok {
			if p.claims[name], err = rename(v); err != nil {
				return err
			}
		}
	}
	if err := p.readRegistered(); err != nil {
		return err
	}
	if raw, ok := set.Encoded["cnf"]; ok {
		return p.readConfirmation(raw)
	}
	return nil
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
