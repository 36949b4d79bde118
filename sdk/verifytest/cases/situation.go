package cases

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/pex"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
)

// Situation is everything that a case decides on, in memory: to be decided on as
// it is, or with one thing changed.
type Situation struct {
	Presented []byte // decoded
	Binding   Binding
	Now       time.Time
	Trust     json.RawMessage // nil: none at hand
	Deny      json.RawMessage // nil: none at hand
	Documents map[string]json.RawMessage
	Status    []StatusList
	Contexts  map[string][]byte // by URL
	Policy    json.RawMessage
	Query     string // the id of the query that it was presented for

	Definition json.RawMessage // nil: nothing was asked in Presentation Exchange
	Submission json.RawMessage // nil: none
}

// StatusList is a status list at hand.
type StatusList struct {
	URI  string
	Data []byte
}

// Situation reads the files that the case names.
func (c *Case) Situation() (*Situation, error) {
	input, err := c.input()
	if err != nil {
		return nil, err
	}
	s := &Situation{
		Presented: input, Binding: c.Binding, Now: c.Now,
		Trust: c.Trust, Deny: c.Deny, Documents: c.Documents, Contexts: map[string][]byte{}, Policy: c.Policy, Query: c.Query,
		Definition: c.Definition, Submission: c.Submission,
	}
	for url, name := range c.Contexts {
		if s.Contexts[url], err = c.file(name); err != nil {
			return nil, fmt.Errorf("read context: %w", err)
		}
	}
	for _, f := range c.Status {
		data, err := c.file(f.File)
		if err != nil {
			return nil, fmt.Errorf("read status list: %w", err)
		}
		s.Status = append(s.Status, StatusList{URI: f.URI, Data: data})
	}
	return s, nil
}

// Snapshot builds the knowledge of a situation in the order in which a cache loads
// it: trust list, deny list, DID documents, contexts, status lists.
func (r Runner) Snapshot(s *Situation) (*verify.Snapshot, error) {
	know := &verify.Snapshot{
		Documents: map[string]*did.Document{},
		Status:    map[string]*status.List{},
		Refused:   map[string]reason.Code{},
		Contexts:  s.Contexts,
	}
	if len(s.Trust) > 0 {
		list, err := trust.Parse(s.Trust)
		if err != nil {
			return nil, err
		}
		know.Trust = list
	}
	if len(s.Deny) > 0 {
		list, err := deny.Parse(s.Deny)
		if err != nil {
			return nil, err
		}
		know.Deny = list
	}
	for id, data := range s.Documents {
		d, err := did.ParseDocument(data)
		if err != nil {
			return nil, err
		}
		if d.ID != id {
			return nil, fmt.Errorf("documents: the document under %q is of another DID", id)
		}
		know.Documents[id] = d
	}
	for _, l := range s.Status {
		know.Refused[l.URI] = reason.StatusListInvalid
		if know.Trust == nil {
			continue
		}
		list, err := status.First(status.In(know, r.Openers...), l.URI, l.Data, know.Trust.Keys(know, s.Now), s.Now)
		if err == nil {
			know.Status[l.URI] = list
			delete(know.Refused, l.URI)
		}
	}
	return know, nil
}

// DecideOn makes the decision that a situation asks for, with the knowledge and
// the store given.
func (r Runner) DecideOn(ctx context.Context, s *Situation, know verify.Knowledge, store verify.ReplayStore) (verify.Result, error) {
	binding, err := s.Binding.binding()
	if err != nil {
		return verify.Result{}, err
	}
	var policy *verify.Policy
	if len(s.Policy) > 0 {
		if policy, err = verify.ParsePolicy(s.Policy); err != nil {
			return verify.Result{}, err
		}
	}
	v, err := verify.New(know, verify.Formats(r.Mechanisms...), verify.Replay(store))
	if err != nil {
		return verify.Result{}, err
	}
	in := verify.Input{Policy: policy, Binding: binding, At: s.Now}
	if in.Query, err = s.query(); err != nil {
		return verify.Result{}, err
	}
	if s.Query != "" {
		in.Presented = []verify.Presented{{Query: s.Query}}
	}
	return Presented(ctx, v, s.Presented, in)
}

// query is what the holder was asked in Presentation Exchange; nil if nothing was.
func (s *Situation) query() (verify.Query, error) {
	if len(s.Definition) == 0 {
		if len(s.Submission) > 0 {
			return nil, errors.New("presentation_submission without a presentation_definition")
		}
		return nil, nil
	}
	d, err := pex.Parse(s.Definition)
	if err != nil || len(s.Submission) == 0 {
		return d, err
	}
	submitted, err := pex.ParseSubmission(s.Submission)
	if err != nil {
		return nil, err
	}
	return d.Submitted(submitted)
}

// Case makes a case of a situation, with the files it names, to be written down:
// what is expected of it is left to the caller.
func (s *Situation) Case() (*Case, map[string][]byte) {
	c := &Case{
		Input: "presentation.b64", Encoding: "base64",
		Now: s.Now, Binding: s.Binding, Trust: s.Trust, Deny: s.Deny, Documents: s.Documents, Policy: s.Policy, Query: s.Query,
		Definition: s.Definition, Submission: s.Submission,
	}
	files := map[string][]byte{c.Input: []byte(base64.StdEncoding.EncodeToString(s.Presented))}
	for i, l := range s.Status {
		name := fmt.Sprintf("status-%d", i+1)
		c.Status = append(c.Status, StatusFile{URI: l.URI, File: name})
		files[name] = l.Data
	}
	for i, url := range slices.Sorted(maps.Keys(s.Contexts)) {
		if c.Contexts == nil {
			c.Contexts = map[string]string{}
		}
		name := fmt.Sprintf("context-%d.json", i+1)
		c.Contexts[url], files[name] = name, s.Contexts[url]
	}
	return c, files
}
