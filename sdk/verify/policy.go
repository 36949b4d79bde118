package verify

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/dcql"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
)

// Policy is what a verifier accepts for one purpose. It is data: made once from
// JSON, versioned, and it holds neither a time nor a nonce. The zero value, like
// a nil *Policy and the document {}, accepts any one credential whose issuer the
// trust list permits for its type.
//
// A Policy is immutable and safe for concurrent use.
type Policy struct {
	doc        policyDocument
	algorithms credential.AlgorithmSet
	dcql       *dcql.Query // nil: none
}

// PolicySchema is the JSON Schema (2020-12) of a policy document.
//
//go:embed policy.schema.json
var PolicySchema []byte

type policyDocument struct {
	Format         *int            `json:"format"`
	ID             string          `json:"id"`
	Version        int64           `json:"version"`
	Credentials    []requirement   `json:"credentials"`
	DCQL           json.RawMessage `json:"dcql"`
	Holder         holderRules     `json:"holder"`
	MaxStatusAgeS  *int64          `json:"max_status_age_s"`
	AlgorithmNames []string        `json:"algorithms"`

	// UncoveredUnsafe is called so in JSON too: whoever writes a policy says it.
	UncoveredUnsafe bool `json:"uncovered_claims_unsafe"`
}

// requirement is one credential that must be presented.
type requirement struct {
	ID             string     `json:"id"`
	Types          []string   `json:"types"`
	Issuers        []string   `json:"issuers"`
	RequiredClaims [][]string `json:"required_claims"`
	MaxAgeS        *int64     `json:"max_age_s"`
}

type holderRules struct {
	ProofRequired bool `json:"proof_required"`
	SameKey       bool `json:"same_key"`
}

var policyID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// ParsePolicy reads a policy document of at most limits.Policy bytes. Its shape is
// [PolicySchema]; a member it does not know is an error, and so is a null, because
// a rule that is misspelled or empty is a rule that is not applied.
func ParsePolicy(data []byte) (*Policy, error) {
	if len(data) > limits.Policy {
		return nil, fmt.Errorf("parse policy: %d bytes, at most %d", len(data), limits.Policy)
	}
	p := new(Policy)
	if _, err := strictjson.DecodeObject(data); err != nil {
		return nil, fmt.Errorf("parse policy: %w", err)
	}
	if err := strictjson.Unmarshal(data, &p.doc); err != nil {
		return nil, fmt.Errorf("parse policy: %w", err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("parse policy: %w", err)
	}
	return p, nil
}

func (p *Policy) check() error {
	d := &p.doc
	if d.Format != nil && *d.Format != 1 {
		return fmt.Errorf("format is %d: this version reads format 1", *d.Format)
	}
	if d.ID != "" && !policyID.MatchString(d.ID) {
		return fmt.Errorf("id must match %s", policyID)
	}
	if d.Version < 0 || d.Version > 1<<53-1 {
		return fmt.Errorf("version must be between 0 and 2^53-1")
	}
	if err := checkAge("max_status_age_s", d.MaxStatusAgeS); err != nil {
		return err
	}
	if len(d.Credentials) > limits.Credentials {
		return fmt.Errorf("credentials has %d entries, at most %d", len(d.Credentials), limits.Credentials)
	}
	seen := map[string]bool{}
	for i, r := range d.Credentials {
		if r.ID == "" || len(r.ID) > 64 {
			return fmt.Errorf("credentials[%d]: id must have 1 to 64 bytes", i)
		}
		if seen[r.ID] {
			return fmt.Errorf("credentials[%d]: id %q is there twice", i, r.ID)
		}
		seen[r.ID] = true
		if r.Types != nil && (len(r.Types) == 0 || slices.Contains(r.Types, "")) {
			return fmt.Errorf("credentials[%d]: types must not be empty; leave it out to take any type", i)
		}
		if r.Issuers != nil && (len(r.Issuers) == 0 || slices.Contains(r.Issuers, "")) {
			return fmt.Errorf("credentials[%d]: issuers must not be empty; leave it out to take any issuer", i)
		}
		for j, path := range r.RequiredClaims {
			if len(path) == 0 {
				return fmt.Errorf("credentials[%d]: required_claims[%d] is an empty path", i, j)
			}
		}
		if err := checkAge(fmt.Sprintf("credentials[%d]: max_age_s", i), r.MaxAgeS); err != nil {
			return err
		}
	}
	if d.DCQL != nil {
		if len(d.Credentials) > 0 {
			return errors.New("credentials and dcql both say what must be presented; state one of them")
		}
		query, err := dcql.ParseStrict(d.DCQL)
		if err != nil {
			return fmt.Errorf("dcql: %w", err)
		}
		p.dcql = query
	}
	if d.AlgorithmNames != nil && len(d.AlgorithmNames) == 0 {
		return fmt.Errorf("algorithms must not be empty; leave it out to take the default ones")
	}
	for i, name := range d.AlgorithmNames {
		set, ok := p.algorithms.With(credential.Algorithm(name))
		if !ok {
			return fmt.Errorf("algorithms[%d]: no algorithm this verifier knows", i)
		}
		if slices.Contains(d.AlgorithmNames[:i], name) {
			return fmt.Errorf("algorithms[%d]: %s is there twice", i, name)
		}
		p.algorithms = set
	}
	return nil
}

func checkAge(name string, seconds *int64) error {
	if seconds != nil && (*seconds < 1 || *seconds > 1<<32-1) {
		return fmt.Errorf("%s must be between 1 and 4294967295 seconds", name)
	}
	return nil
}

// ID is the policy's name, empty if it has none.
func (p *Policy) ID() string {
	if p == nil {
		return ""
	}
	return p.doc.ID
}

// Version counts the policy's changes.
func (p *Policy) Version() int64 {
	if p == nil {
		return 0
	}
	return p.doc.Version
}

// String is "id/version", as it stands in results and events.
func (p *Policy) String() string {
	id := p.ID()
	if id == "" {
		id = "default"
	}
	return fmt.Sprintf("%s/%d", id, p.Version())
}

func (p *Policy) requirements() []requirement {
	if p == nil {
		return nil
	}
	return p.doc.Credentials
}

func (p *Policy) holder() holderRules {
	if p == nil {
		return holderRules{}
	}
	return p.doc.Holder
}

func (p *Policy) accepted() credential.AlgorithmSet {
	if p == nil {
		return credential.DefaultAlgorithms
	}
	return p.algorithms.OrDefault()
}

// uncoveredUnsafe reports whether a credential may say more than its signature.
func (p *Policy) uncoveredUnsafe() bool { return p != nil && p.doc.UncoveredUnsafe }

// maxStatusAge is zero where the list's own words decide.
func (p *Policy) maxStatusAge() time.Duration {
	if p == nil || p.doc.MaxStatusAgeS == nil {
		return 0
	}
	return time.Duration(*p.doc.MaxStatusAgeS) * time.Second
}

// asks reports whether f may answer the entry: it is of the kind asked for, and
// was not presented for another entry.
func (r *requirement) asks(f *found) bool {
	return (f.query == "" || f.query == r.ID) && r.admits(&f.Credential)
}

// admits reports whether a credential is of the kind the entry asks for.
func (r *requirement) admits(c *credential.Credential) bool {
	if r.Issuers != nil && !slices.Contains(r.Issuers, c.Issuer) {
		return false
	}
	if r.Types == nil {
		return true
	}
	return slices.ContainsFunc(c.Types, func(t string) bool { return slices.Contains(r.Types, t) })
}
