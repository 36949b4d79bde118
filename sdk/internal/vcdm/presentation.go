package vcdm

import "errors"

// Presentation is what the mechanism itself has to look at in a presentation.
type Presentation struct {
	ID          string
	Types       []string
	Holder      string // empty if it names none
	Credentials []any  // the members of verifiableCredential, as they are
}

// ReadPresentation reads m, which holds what strict JSON decoding gives.
func ReadPresentation(m map[string]any, v Version) (*Presentation, error) {
	p := &Presentation{}
	var err error
	// What a presentation says is of no consequence but for its holder and what it
	// encloses, so its contexts are checked and not compared.
	if _, _, err = contexts(m, v); err != nil {
		return nil, err
	}
	if p.Types, err = types(m["type"], "VerifiablePresentation"); err != nil {
		return nil, err
	}
	if p.ID, err = identifier(m, "id", v); err != nil {
		return nil, err
	}
	if p.Holder, err = party(m, "holder", v); err != nil {
		return nil, err
	}
	value, ok := m["verifiableCredential"]
	if !ok {
		return p, nil
	}
	p.Credentials = list(value)
	for _, e := range p.Credentials {
		switch e.(type) {
		case map[string]any:
		case string:
			if v == V2 {
				// 2.0 §4.13: "the values MUST NOT be non-object values such as numbers,
				// strings, or URLs".
				return nil, errors.New("verifiableCredential holds a string")
			}
		default:
			return nil, errors.New("verifiableCredential holds something else than credentials")
		}
	}
	return p, nil
}
