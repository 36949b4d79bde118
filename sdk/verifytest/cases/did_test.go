package cases_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// An issuer that is a DID is found by what its identifier says, or by a document
// among the case's own; and by nothing else.
func TestAnIssuerThatIsADID(t *testing.T) {
	type obj = map[string]any
	key, err := jws.Derive(credential.EdDSA, []byte("issuer"))
	if err != nil {
		t.Fatal(err)
	}
	public := key.Public("").Public().(ed25519.PublicKey)
	multikey := multibase.Encode(multicodec.Join(multicodec.Ed25519, public))
	didKey, didWeb := "did:key:"+multikey, "did:web:registry.example"
	document := func(id string, purpose string) obj {
		return obj{"id": id, purpose: []any{"#k"}, "verificationMethod": []any{
			obj{"id": "#k", "type": "Multikey", "controller": id, "publicKeyMultibase": multikey}}}
	}
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, issuer, kid string
		documents         obj
		want              reason.Outcome
		code              []reason.Code
	}{
		{"did:key", didKey, didKey + "#" + multikey, nil, reason.Accepted, nil},
		{"did:web with its document", didWeb, didWeb + "#k", obj{didWeb: document(didWeb, "assertionMethod")}, reason.Accepted, nil},
		{"did:web without", didWeb, didWeb + "#k", nil, reason.Indeterminate, []reason.Code{reason.KeyUnknown}},
		{"did:web with a key for authentication", didWeb, didWeb + "#k", obj{didWeb: document(didWeb, "authentication")}, reason.Rejected, []reason.Code{reason.KeyUnknown}},
		{"did:key under the name of another method", didKey, didKey + "#k", obj{didKey: document(didKey, "assertionMethod")}, reason.Rejected, []reason.Code{reason.KeyUnknown}},
		{"a fragment for a kid", didWeb, "#k", obj{didWeb: document(didWeb, "assertionMethod")}, reason.Rejected, []reason.Code{reason.KeyUnknown}},
	} {
		t.Run(c.name, func(t *testing.T) {
			payload, _ := json.Marshal(obj{"iss": c.issuer, "vct": "id", "iat": now.Unix()})
			token, err := jws.Sign(obj{"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": c.kid}, payload, key)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			body := obj{
				"input": "input.txt", "encoding": "text", "now": now, "binding": obj{"kind": "bearer"}, "expect": c.want,
				"trust": obj{"format": 1, "number": 1, "issued": "2026-11-01T00:00:00Z", "expires": "2026-12-01T00:00:00Z",
					"issuers": []any{obj{"id": c.issuer, "types": []any{"id"}, "status": "none"}}},
			}
			if c.documents != nil {
				body["documents"] = c.documents
			}
			if c.code != nil {
				body["reasons"] = c.code
			}
			data, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			for name, data := range map[string][]byte{"input.txt": []byte(token + "~"), cases.FileName: data} {
				if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			r := cases.Runner{Mechanisms: []credential.Mechanism{sdjwt.Mechanism()}}
			if err := r.Run(context.Background(), dir); err != nil {
				t.Error(err)
			}
		})
	}
}
