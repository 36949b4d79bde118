package sdjwt

import (
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
)

// read takes from the processed payload what the mechanism needs, and refuses
// registered claims of the wrong kind: an exp that is no number must not read as
// no exp.
func (c *claims) read(format credential.Format, issuerJWT *jws.Token) error {
	if err := c.readIssuer(); err != nil {
		return err
	}
	if v, ok := c.all["vct"]; ok {
		vct, _ := v.(string)
		if format != credential.FormatSDJWTVC || vct == "" {
			// Disclosed in a plain SD-JWT, or no string.
			return malformed("vct is no string, or stands in a document whose typ is not dc+sd-jwt")
		}
		c.types = []string{vct}
	}
	for _, date := range [...]struct {
		name string
		into *time.Time
	}{{"iat", &c.issuedAt}, {"nbf", &c.notBefore}, {"exp", &c.expires}} {
		v, ok := c.all[date.name]
		if !ok {
			continue
		}
		if *date.into, ok = jwt.NumericDate(v); !ok {
			return malformed(date.name + " is no date")
		}
	}
	readW3C := c.readLimits
	if format == credential.FormatVCSDJWT {
		readW3C = func() error { return c.readVC(issuerJWT) }
	}
	if err := readW3C(); err != nil {
		return err
	}
	if err := c.readAudience(); err != nil {
		return err
	}
	if err := c.readStatus(); err != nil {
		return err
	}
	return c.readHolder()
}

func (c *claims) readIssuer() error {
	v, ok := c.all["iss"]
	if !ok && c.all["@context"] != nil {
		// A W3C credential in a plain SD-JWT names its issuer as VCDM 2.0 §4.7
		// does: "either a URL or an object containing an id property".
		v, ok = c.all["issuer"]
		if m, isObject := v.(map[string]any); isObject {
			v, ok = m["id"]
		}
	}
	if !ok {
		return nil
	}
	if c.issuer, ok = v.(string); !ok || c.issuer == "" {
		return malformed("the issuer's identifier is no string")
	}
	return nil
}

func (c *claims) readAudience() error {
	v, ok := c.all["aud"]
	if !ok {
		return nil
	}
	var err error
	if c.audience, err = jwt.Audience(v); err != nil {
		return malformed(err.Error())
	}
	return nil
}

// readStatus reads the status claim, beside what a W3C credential says itself.
func (c *claims) readStatus() error {
	v, ok := c.all["status"]
	if !ok {
		return nil
	}
	refs, err := jwt.Status(v)
	if err != nil {
		return malformed(err.Error())
	}
	c.status = append(c.status, refs...)
	return nil
}

// readHolder reads whom the statement is bound to: the key in cnf (RFC 9901
// §4.1.2), or, where a presentation encloses it, its subject.
func (c *claims) readHolder() error {
	if sub, ok := c.all["sub"].(string); ok && c.holder.Subjects == nil && sub != "" {
		c.holder.Subjects = []string{sub}
	}
	v, ok := c.all["cnf"]
	if !ok {
		return nil
	}
	c.holder.Confirmed = true
	var err error
	if c.holder.Key, err = jwt.Confirmation(v); err != nil {
		return malformed(err.Error())
	}
	return nil
}
