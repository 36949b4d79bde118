package vcdm

import (
	"errors"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// Version is a version of the data model.
type Version uint8

const (
	V1 Version = 1 // VCDM 1.1
	V2 Version = 2 // VCDM 2.0
)

// Base contexts, which come first in every @context (VCDM 1.1 §4.1, 2.0 §4.3).
const (
	BaseV1 = "https://www.w3.org/2018/credentials/v1"
	BaseV2 = "https://www.w3.org/ns/credentials/v2"
)

// Vocabulary is what the IRIs of the model's terms begin with, in both versions.
const Vocabulary = "https://www.w3.org/2018/credentials#"

// Reads reports whether a member of this name is read by [ReadCredential] or
// [ReadPresentation], in either version, and decides something.
func Reads(name string) bool {
	switch name {
	case "issuer", "issued", "issuanceDate", "expirationDate", "validFrom", "validUntil",
		"credentialSubject", "credentialStatus", "holder", "verifiableCredential":
		return true
	}
	return false
}

// Credential is what the mechanism itself has to look at in a credential.
type Credential struct {
	Contexts   []string // in order; URLs only
	Inline     bool     // @context also holds something else than URLs
	ID         string   // empty if it has none
	Types      []string
	Issuer     string // empty in V1 if it names none: a JWT may do that for it
	Issued     time.Time
	ValidFrom  time.Time // issuanceDate in V1
	ValidUntil time.Time // expirationDate in V1
	Subjects   []string  // the id of every credentialSubject, "" for one without
	Status     []credential.StatusReference
}

// ReadCredential reads m, which holds what strict JSON decoding gives. Errors say
// which member is wrong and nothing of what is in it.
func ReadCredential(m map[string]any, v Version) (*Credential, error) {
	c := &Credential{}
	var err error
	if c.Contexts, c.Inline, err = contexts(m, v); err != nil {
		return nil, err
	}
	if c.Types, err = types(m["type"], "VerifiableCredential"); err != nil {
		return nil, err
	}
	if c.ID, err = identifier(m, "id", v); err != nil {
		return nil, err
	}
	if c.Issuer, err = party(m, "issuer", v); err != nil {
		return nil, err
	}
	if v == V2 && c.Issuer == "" {
		// 2.0 §4.7: "A verifiable credential MUST have an issuer property."
		return nil, errors.New("issuer is missing")
	}
	if c.Subjects, err = subjects(m, v); err != nil {
		return nil, err
	}
	if err := c.readDates(m, v); err != nil {
		return nil, err
	}
	if err := c.readStatus(m, v); err != nil {
		return nil, err
	}
	return c, others(m, v)
}

// ReadLimits reads only what bounds a credential of VCDM 2.0: from when to when it
// is valid, and its status. It serves documents that are not held to the whole
// model.
func ReadLimits(m map[string]any) (*Credential, error) {
	c := &Credential{}
	if err := c.readDates(m, V2); err != nil {
		return nil, err
	}
	return c, c.readStatus(m, V2)
}

// Agree holds the registered claims of the JWT that secures the credential, empty
// where there are none, against what it says itself: iss is the issuer of both,
// jti the id, sub the subject (1.1 §6.3.1). What differs would be one credential
// to one reader and another to the next.
func (c *Credential) Agree(iss, sub, jti string) error {
	differ := func(claim, member string) bool { return claim != "" && member != "" && claim != member }
	switch {
	case differ(iss, c.Issuer):
		return errors.New("iss and issuer contradict each other")
	case differ(jti, c.ID):
		return errors.New("jti and id contradict each other")
	}
	for _, id := range c.Subjects {
		if differ(sub, id) {
			return errors.New("sub and the id of credentialSubject contradict each other")
		}
	}
	return nil
}

// readDates reads the validity period. §4.9 of 2.0: "If a validUntil value also
// exists, the validFrom value MUST express a point in time that is temporally the
// same or earlier".
func (c *Credential) readDates(m map[string]any, v Version) error {
	from, until := "validFrom", "validUntil"
	if v == V1 {
		from, until = "issuanceDate", "expirationDate"
		var err error
		if c.Issued, err = date(m, "issued"); err != nil {
			return err
		}
	}
	var err error
	if c.ValidFrom, err = date(m, from); err != nil {
		return err
	}
	if c.ValidUntil, err = date(m, until); err != nil {
		return err
	}
	if !c.ValidUntil.IsZero() && c.ValidFrom.After(c.ValidUntil) {
		return errors.New(until + " lies before " + from)
	}
	return nil
}

// readStatus reads credentialStatus. 2.0 §4.10: each has a type, and an id, if
// there is one, "MUST be a URL".
func (c *Credential) readStatus(m map[string]any, v Version) error {
	value, ok := m["credentialStatus"]
	if !ok {
		return nil
	}
	for _, entry := range list(value) {
		e, ok := entry.(map[string]any)
		if !ok {
			return errors.New("credentialStatus is no object")
		}
		if _, err := identifier(e, "id", v); err != nil {
			return errors.New("credentialStatus: " + err.Error())
		}
	}
	var err error
	c.Status, err = credential.W3CStatus(value)
	return err
}

// subjects reads credentialSubject: one object or several. 2.0 §4.8: "A
// verifiable credential MUST contain a credentialSubject property [...] the value
// of which is a set of one or more objects, each of which contains one or more
// claims".
func subjects(m map[string]any, v Version) ([]string, error) {
	value, ok := m["credentialSubject"]
	if !ok {
		return nil, errors.New("credentialSubject is missing")
	}
	entries := list(value)
	if len(entries) == 0 {
		return nil, errors.New("credentialSubject is an empty array")
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		s, ok := e.(map[string]any)
		if !ok {
			return nil, errors.New("credentialSubject is no object")
		}
		if v == V2 && len(s) == 0 {
			return nil, errors.New("credentialSubject is empty")
		}
		var err error
		if ids[i], err = identifier(s, "id", v); err != nil {
			return nil, errors.New("credentialSubject: " + err.Error())
		}
	}
	return ids, nil
}

// list is v, if it is an array, or else an array of v.
func list(v any) []any {
	if a, ok := v.([]any); ok {
		return a
	}
	return []any{v}
}
