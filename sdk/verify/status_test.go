package verify_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verify"
)

// claimed is a mechanism that takes a JSON object for a credential signed by the
// registry.
type claimed struct {
	issuer string
	issued time.Time
	m      map[string]any
}

func (claimed) Recognise([]byte) bool { return true }
func (c claimed) Parse(data []byte) (credential.Presentation, error) {
	m, err := strictjson.DecodeObject(data)
	c.m = m
	return c, err
}
func (claimed) Format() credential.Format { return "claimed" }
func (c claimed) Prove(credential.Evidence) credential.Findings {
	return credential.Findings{Credentials: []credential.Credential{{
		Issuer: c.issuer, SigningKey: "k", IssuedAt: c.issued, Claims: credential.NewClaims(c.m),
		Checks: []credential.Check{credential.Pass(reason.CheckSignature, "")},
	}}}
}

// bitstring is a W3C list with the given bits set, from the left.
func (d *desk) bitstring(t *testing.T, uri, issuer string, purposes string, issued time.Time, set ...int) *status.List {
	t.Helper()
	bits := make([]byte, 16<<10)
	if len(set) > 1 {
		bits = make([]byte, 32<<10) // enough for entries of two bits
	}
	for _, i := range set {
		bits[i/8] |= 0x80 >> (i % 8)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(bits)
	_ = z.Close()
	text := fmt.Sprintf(`{"id":%q,"type":["VerifiableCredential","BitstringStatusListCredential"],
		"credentialSubject":{"type":"BitstringStatusList","statusPurpose":%s,"encodedList":"u%s"}}`,
		uri, purposes, base64.RawURLEncoding.EncodeToString(packed.Bytes()))
	l, err := status.Credential(claimed{issuer: issuer, issued: issued}).Open(uri, []byte(text), nil, d.Now())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestEveryStatusEntryIsNeeded(t *testing.T) {
	d := newDesk(t)
	const registry = "https://registry.example"
	now := d.Now()
	lists := map[string]*status.List{
		"r":       d.bitstring(t, "r", registry, `"revocation"`, now, 7),
		"s":       d.bitstring(t, "s", registry, `["suspension","revocation"]`, now, 8),
		"wide":    d.bitstring(t, "wide", registry, `["message","revocation","suspension","refresh"]`, now, 15, 2*131072-1),
		"m":       d.bitstring(t, "m", registry, `["message","refresh","made-up"]`, now, 3),
		"old":     d.bitstring(t, "old", registry, `"revocation"`, now.Add(-25*time.Hour), 7),
		"foreign": d.bitstring(t, "foreign", "https://stranger.example", `"revocation"`, now),
	}
	ref := func(uri, purpose string, index uint64) credential.StatusReference {
		return credential.StatusReference{Mechanism: credential.StatusBitstring, URI: uri, Purpose: purpose, Index: index, Size: 1}
	}
	wide := func(uri, purpose string, index uint64, size uint8) credential.StatusReference {
		r := ref(uri, purpose, index)
		r.Size = size
		return r
	}
	other := ref("r", "revocation", 1)
	other.Mechanism = credential.Status2021
	type refs = []credential.StatusReference
	for name, c := range map[string]struct {
		refs  refs
		want  reason.Outcome
		codes []reason.Code
	}{
		"none set":                          {refs{ref("r", "revocation", 6), ref("s", "suspension", 7)}, reason.Accepted, nil},
		"revoked":                           {refs{ref("r", "revocation", 7)}, reason.Rejected, []reason.Code{reason.Revoked}},
		"revoked by the last of three":      {refs{ref("s", "suspension", 1), ref("m", "refresh", 1), ref("r", "revocation", 7)}, reason.Rejected, []reason.Code{reason.Revoked}},
		"suspended":                         {refs{ref("r", "revocation", 1), ref("s", "suspension", 8)}, reason.Rejected, []reason.Code{reason.Suspended}},
		"one list for two purposes":         {refs{ref("s", "revocation", 8), ref("s", "suspension", 9)}, reason.Rejected, []reason.Code{reason.Revoked}},
		"refresh revokes nothing":           {refs{ref("m", "refresh", 3)}, reason.Accepted, nil},
		"no message":                        {refs{ref("m", "message", 4)}, reason.Accepted, nil},
		"a message":                         {refs{ref("m", "message", 3)}, reason.Rejected, []reason.Code{reason.StatusRefused}},
		"a purpose of the issuer's own":     {refs{ref("m", "made-up", 3)}, reason.Rejected, []reason.Code{reason.StatusRefused}},
		"a purpose the list is not for":     {refs{ref("r", "suspension", 1)}, reason.Indeterminate, []reason.Code{reason.StatusListInvalid}},
		"another form of list":              {refs{other}, reason.Indeterminate, []reason.Code{reason.StatusListInvalid}},
		"the last index":                    {refs{ref("r", "revocation", 131071)}, reason.Accepted, nil},
		"beyond the last index":             {refs{ref("r", "revocation", 131072)}, reason.Indeterminate, []reason.Code{reason.StatusListInvalid}},
		"too few wide entries":              {refs{wide("m", "message", 4, 2)}, reason.Indeterminate, []reason.Code{reason.StatusListInvalid}},
		"wide, none set":                    {refs{wide("wide", "message", 6, 2)}, reason.Accepted, nil},
		"wide, a message":                   {refs{wide("wide", "message", 7, 2)}, reason.Rejected, []reason.Code{reason.StatusRefused}},
		"wide, revoked":                     {refs{wide("wide", "revocation", 7, 2)}, reason.Rejected, []reason.Code{reason.Revoked}},
		"wide, suspended":                   {refs{wide("wide", "suspension", 131071, 2)}, reason.Rejected, []reason.Code{reason.Suspended}},
		"wide, refresh":                     {refs{wide("wide", "refresh", 7, 2)}, reason.Accepted, nil},
		"wide, the last":                    {refs{wide("wide", "revocation", 131070, 2)}, reason.Accepted, nil},
		"wide, beyond the last":             {refs{wide("wide", "revocation", 131072, 2)}, reason.Indeterminate, []reason.Code{reason.StatusListInvalid}},
		"wider than the list has room for":  {refs{wide("wide", "revocation", 1, 3)}, reason.Indeterminate, []reason.Code{reason.StatusListInvalid}},
		"a list that is not at hand":        {refs{ref("r", "revocation", 1), ref("x", "suspension", 1)}, reason.Indeterminate, []reason.Code{reason.StatusUnavailable}},
		"a mechanism nobody knows":          {refs{ref("r", "revocation", 1), {Mechanism: "CredentialStatusList2017"}}, reason.Indeterminate, []reason.Code{reason.StatusUnavailable}},
		"stale and revoked":                 {refs{ref("old", "revocation", 7)}, reason.Rejected, []reason.Code{reason.Revoked, reason.StatusStale}},
		"stale":                             {refs{ref("old", "revocation", 1)}, reason.Indeterminate, []reason.Code{reason.StatusStale}},
		"a signer that is not the issuer's": {refs{ref("foreign", "revocation", 1)}, reason.Indeterminate, []reason.Code{reason.StatusListInvalid}},
	} {
		t.Run(name, func(t *testing.T) {
			s := *d.Snapshot()
			s.Status = lists
			findings := credential.Findings{Credentials: []credential.Credential{{
				Issuer: registry, Types: []string{"https://registry.example/citizen"}, HolderBound: true, Status: c.refs,
				Checks: []credential.Check{credential.Pass(reason.CheckSignature, "")},
			}}}
			v, err := verify.New(&s, verify.Formats(lyingMechanism{findings}), verify.Replay(verify.NewMemoryReplay()))
			if err != nil {
				t.Fatal(err)
			}
			r, err := v.Verify(context.Background(), verify.Input{Presented: verify.One([]byte("x")), Binding: credential.BearerUnsafe(), At: d.Now()})
			check(t, r, err, c.want, c.codes...)
		})
	}
}
