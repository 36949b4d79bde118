package cache_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// listContext stands for the context of VCDM 2.0: made up, and as small as a list
// needs.
const listContext = `{"@context": {"@version": 1.1, "id": "@id", "type": "@type",
	"VerifiableCredential": "https://www.w3.org/2018/credentials#VerifiableCredential",
	"BitstringStatusListCredential": "https://www.w3.org/ns/credentials/status#BitstringStatusListCredential",
	"BitstringStatusList": "https://www.w3.org/ns/credentials/status#BitstringStatusList",
	"statusPurpose": "https://www.w3.org/ns/credentials/status#statusPurpose",
	"encodedList": {"@id": "https://www.w3.org/ns/credentials/status#encodedList", "@type": "https://w3id.org/security#multibase"},
	"issuer": {"@id": "https://www.w3.org/2018/credentials#issuer", "@type": "@id"},
	"validFrom": {"@id": "https://www.w3.org/2018/credentials#validFrom", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
	"credentialSubject": {"@id": "https://www.w3.org/2018/credentials#credentialSubject", "@type": "@id"}}}`

const (
	listURI    = "https://registry.example/status/3"
	contextURL = "https://www.w3.org/ns/credentials/v2"
)

type oneContext string

func (c oneContext) Context(url string) []byte {
	if url == contextURL {
		return []byte(c)
	}
	return nil
}

// bitstring is a list of one revoked entry, number 0, as a credential with a proof
// of eddsa-rdfc-2022 by "#key-1" of the log's DID.
func bitstring(t *testing.T, log *verifytest.DIDLog, at time.Time) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(append([]byte{0x80}, make([]byte, 16<<10)...))
	must(t, err)
	must(t, z.Close())
	body := map[string]any{
		"@context": []any{contextURL}, "id": listURI, "type": []any{"VerifiableCredential", "BitstringStatusListCredential"},
		"issuer": log.ID(), "validFrom": at.Format(time.RFC3339),
		"credentialSubject": map[string]any{"id": listURI + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
			"encodedList": "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes())},
	}
	result, err := jsonld.New().Process(body, []string{contextURL}, oneContext(listContext))
	must(t, err)
	canonical, err := rdfc.Canonicalize(result.Quads, limits.CanonicalSteps)
	must(t, err)
	method := log.ID() + "#key-1"
	options := `_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .
_:c14n0 <https://w3id.org/security#cryptosuite> "eddsa-rdfc-2022"^^<https://w3id.org/security#cryptosuiteString> .
_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .
_:c14n0 <https://w3id.org/security#verificationMethod> <` + method + `> .
`
	a, b := sha256.Sum256([]byte(options)), sha256.Sum256(canonical)
	body["proof"] = map[string]any{"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod",
		"verificationMethod": method, "proofValue": multibase.Encode(log.Sign("document", slices.Concat(a[:], b[:])))}
	data, err := json.Marshal(body)
	must(t, err)
	return data
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The whole chain, and again from disk: the trust list says which log and which
// context count; the log has the key, the context says what the list's members
// mean; only then is there a list. Each alone is not enough, and what came too early
// is taken once the rest is there.
func TestAStatusListOfLinkedDataRestsOnDocumentAndContext(t *testing.T) {
	w := verifytest.NewWorld()
	log := verifytest.NewDIDLog("registry", "registry.example", w.Now().AddDate(0, 0, -1))
	// The issuer's entry has no key of its own: its document holds them.
	w.List("issuers", []any{map[string]any{"id": log.ID(), "types": []any{"*"}, "status_lists": []any{listURI}}})
	w.List("contexts", map[string]any{contextURL: map[string]any{"sha256": verifytest.Pin([]byte(listContext))}})
	dir := t.TempDir()
	open := func(opts ...cache.Option) *cache.Cache {
		c, err := cache.Open(dir, w.Root(), append(opts, cache.Now(w.Now), cache.Openers(status.Token(), status.Credential(ldp.Mechanism())))...)
		must(t, err)
		return c
	}
	c := open()
	must(t, c.PutTrust(t.Context(), w.TrustJWS()))
	list := bitstring(t, log, w.Now())
	taken := func(c *cache.Cache) bool {
		l := c.Snapshot().Status[listURI]
		if l == nil {
			return false
		}
		value, err := l.Find(credential.StatusReference{Mechanism: credential.StatusBitstring, URI: listURI, Index: 0, Purpose: "revocation"})
		return err == nil && value == status.Invalid && l.Signers[0] == log.ID()
	}
	if err := c.PutStatus(t.Context(), listURI, list); err == nil || taken(c) {
		t.Error("a list without key and context is taken")
	}
	must(t, c.PutDocument(t.Context(), log.ID(), log.Log(), cache.JustFetched()))
	if err := c.PutStatus(t.Context(), listURI, list); err == nil || taken(c) {
		t.Error("a list without its context is taken")
	}
	must(t, c.PutContext(t.Context(), contextURL, []byte(listContext)))
	must(t, c.PutStatus(t.Context(), listURI, list))
	if len(c.Missing()) != 0 {
		t.Errorf("missing %v", c.Missing())
	}
	for name, c := range map[string]*cache.Cache{"at once": c, "from disk": open(), "from disk, for reading": open(cache.ReadOnly())} {
		if !taken(c) {
			t.Errorf("%s: it is not there", name)
		}
	}
	// Another context under the same name would give the members other meanings: the
	// list waits for the bytes that are pinned now, and is not thrown away.
	w.List("contexts", map[string]any{contextURL: map[string]any{"sha256": verifytest.Pin([]byte("{}"))}})
	must(t, c.PutTrust(t.Context(), w.TrustJWS()))
	if s := c.Snapshot(); taken(c) || s.Refused[listURI] != reason.StatusListInvalid {
		t.Error("the list counts without its context")
	}
	w.List("contexts", map[string]any{contextURL: map[string]any{"sha256": verifytest.Pin([]byte(listContext))}})
	must(t, c.PutTrust(t.Context(), w.TrustJWS()))
	if !taken(c) || !taken(open()) {
		t.Error("the list does not come back with its context")
	}
	changed := bytes.Replace(list, []byte(`"revocation"`), []byte(`"suspension"`), 1)
	if err := c.PutStatus(t.Context(), listURI, changed); err == nil {
		t.Error("a changed list is taken")
	}
}
