package linkeddata

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/ldp/bbs2023"
	"github.com/dzong-id/dzong/sdk/verifytest/interop/nodejs"
)

type object = map[string]any

const (
	baseV2   = "https://www.w3.org/ns/credentials/v2"
	idCard   = "https://issuer.example/contexts/id-card"
	audience = "https://bank.example/counter"
	nonce    = "n-0S6_WzA2Mj"
)

// idCardContext defines what the random credentials say.
const idCardContext = `{"@context": {"@version": 1.1, "@protected": true,
	"IDCard": "https://issuer.example/terms#IDCard", "Citizen": "https://issuer.example/terms#Citizen",
	"Address": {"@id": "https://issuer.example/terms#Address", "@context": {"@protected": true, "village": "https://issuer.example/terms#village", "house": "https://issuer.example/terms#house"}},
	"Document": "https://issuer.example/terms#Document",
	"fullName": "https://issuer.example/terms#name", "height": "https://issuer.example/terms#height",
	"age": "https://issuer.example/terms#age", "adult": "https://issuer.example/terms#adult",
	"born": {"@id": "https://issuer.example/terms#born", "@type": "http://www.w3.org/2001/XMLSchema#date"},
	"speaks": "https://issuer.example/terms#speaks", "motto": {"@id": "https://issuer.example/terms#motto", "@language": "dz"},
	"portrait": {"@id": "https://issuer.example/terms#portrait", "@type": "@id"},
	"address": {"@id": "https://issuer.example/terms#address", "@type": "@id"},
	"documents": {"@id": "https://issuer.example/terms#documents", "@type": "@id"},
	"number": "https://issuer.example/terms#number"}}`

// peer is the running Node.js program.
type peer struct {
	*nodejs.Program
	r         *rand.Rand
	mechanism credential.Mechanism
	contexts  map[string][]byte // what both sides have at hand
	now       time.Time
}

// start starts peer/peer.mjs with the libraries in $DZONG_INTEROP_LINKED_DATA, or
// skips the test where nobody asked for it.
func start(t *testing.T) *peer {
	t.Helper()
	libraries := os.Getenv("DZONG_INTEROP_LINKED_DATA")
	if libraries == "" {
		t.Skip("the linked-data libraries of others need Node.js 20: run make interop")
	}
	p := &peer{
		Program: nodejs.Start(t, "peer/peer.mjs", libraries), r: nodejs.Random(t),
		mechanism: ldp.Mechanism(ldp.With(bbs2023.Suite())),
		contexts:  map[string][]byte{idCard: []byte(idCardContext)}, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC),
	}
	var base map[string]json.RawMessage
	p.Call("contexts", object{"contexts": object{idCard: json.RawMessage(idCardContext)}}, &base)
	for url, context := range base {
		p.contexts[url] = context
	}
	if p.contexts[baseV2] == nil {
		t.Fatal("the peer has no base context")
	}
	return p
}

// Context implements credential.Contexts.
func (p *peer) Context(url string) []byte { return p.contexts[url] }

// key is a key pair of the peer's and the DID it belongs to.
type key struct {
	Number int    `json:"key"`
	DID    string `json:"did"`
	Method string `json:"method"`
}

func (p *peer) key(kind string) (k key) {
	p.Call("key", object{"kind": kind}, &k)
	return k
}

func (p *peer) issue(suite string, k key, credential object, mandatory []string) (signed object) {
	p.Call("issue", object{"suite": suite, "key": k.Number, "credential": credential, "mandatory": mandatory, "now": p.now.Format(time.RFC3339)}, &signed)
	return signed
}

func (p *peer) derive(suite string, signed object, pointers []string) (shown object) {
	p.Call("derive", object{"suite": suite, "credential": signed, "pointers": pointers}, &shown)
	return shown
}

// verdict is what the peer's verifier makes of a credential.
type verdict struct {
	Accepted bool
	Error    string
}

func (p *peer) verify(suite string, credential object) (v verdict) {
	p.Call("verify", object{"suite": suite, "credential": credential, "now": p.now.Format(time.RFC3339)}, &v)
	return v
}
