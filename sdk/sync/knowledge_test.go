package sync_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sync"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

type obj = map[string]any

// house is a provider by the name of localhost, since a did:web may name no
// address, and an empty cache.
type house struct {
	*scene
	port string
}

func newHouse(t testing.TB, opts ...cache.Option) *house {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: start.AddDate(-9, 0, 0), NotAfter: start.AddDate(99, 0, 0),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	must(t, err)
	p := newProvider(t, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private})
	h := &house{scene: &scene{provider: p, now: start.Add(time.Minute), trustURL: p.URL + "/trust"}}
	_, h.port, _ = net.SplitHostPort(p.host())
	h.cache, err = cache.Open(t.TempDir(), key(t, "root").Public(""), append(opts, cache.Now(func() time.Time { return h.now }))...)
	must(t, err)
	return h
}

// webDID is the did:web whose document lies at path on this host.
func (h *house) webDID(path string) string { return "did:web:localhost%3A" + h.port + ":" + path }

// list signs a trust list of one issuer with these DIDs and no key of its own.
func (h *house) list(t testing.TB, number int, dids []any, members obj) []byte {
	t.Helper()
	o := obj{"format": 1, "number": number, "issued": "2026-11-02T09:00:00Z", "expires": "2026-12-02T09:00:00Z",
		"issuers": []any{obj{"id": "https://issuer.example", "types": []any{"*"}, "dids": dids}}}
	for k, v := range members {
		o[k] = v
	}
	data, err := json.Marshal(o)
	must(t, err)
	return sign(t, key(t, "root"), trust.MediaType, string(data))
}

func pin(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func didJSON(t testing.TB, id, seed string) []byte {
	t.Helper()
	data, err := json.Marshal(obj{"id": id, "assertionMethod": []any{
		obj{"id": "#k", "type": "JsonWebKey2020", "controller": id, "publicKeyJwk": key(t, seed).JWK("")}}})
	must(t, err)
	return data
}

func (h *house) paths() (out []string) {
	for _, r := range h.requests() {
		out = append(out, r.URL.Path)
	}
	return out
}

const polygon = "did:polygon:0xb9c5714089478a327f09197987f16f9e5d936e8a"

func TestOnceFetchesDocumentsContextsAndLogs(t *testing.T) {
	h := newHouse(t)
	web, context := h.webDID("issuer"), []byte(`{"@context":{}}`)
	log := verifytest.NewDIDLog("sync", "registry.example", start.AddDate(0, -1, 0),
		verifytest.Parameter("witness", verifytest.NewDIDLog("sync", "registry.example", start).Witnesses(1, "w")))
	log.Approve(1, "w")
	pinned := didJSON(t, polygon, "pinned")
	h.put("/issuer/did.json", didJSON(t, web, "web"))
	h.put("/logs/did.jsonl", log.Log())
	h.put("/logs/did-witness.json", log.Witness())
	h.put("/pinned", pinned)
	h.put("/context", context)
	h.put("/trust", h.list(t, 1, []any{web, log.ID(), polygon, "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"}, obj{
		"contexts": obj{"https://credentials.example/v1": obj{"sha256": pin(context), "url": h.URL + "/context"}},
		"documents": obj{
			log.ID(): obj{"url": h.URL + "/logs/did.jsonl"},
			polygon:  obj{"sha256": pin(pinned), "url": h.URL + "/pinned"},
		},
	}))
	got := h.once(t)
	for _, name := range []string{cache.TrustResource, web, log.ID(), polygon, "https://credentials.example/v1"} {
		if r := got[name]; r.State != sync.Fetched || r.AsOf.IsZero() || r.Bytes == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if len(got) != 5 || len(h.cache.Missing()) != 0 {
		t.Errorf("%v, missing %v", got, h.cache.Missing())
	}
	if w := h.requests(); len(w) != 6 {
		t.Errorf("asked for %v", h.paths())
	}
	s := h.cache.Snapshot()
	if len(s.Documents) != 3 || string(s.Context("https://credentials.example/v1")) != string(context) {
		t.Errorf("%+v", s)
	}

	// Once more: what is pinned costs no request, and what is not is asked whether it
	// is the latest, and is as of now.
	before := len(h.requests())
	h.now = h.now.Add(time.Hour)
	for name, r := range h.once(t) {
		if r.State != sync.Unchanged || r.Bytes != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if asked := h.paths()[before:]; len(asked) != 3 {
		t.Errorf("asked again for %v", asked)
	}
	for _, id := range []string{web, log.ID()} {
		if d := h.cache.Snapshot().Document(id); !d.AsOf.Equal(h.now) {
			t.Errorf("%s is as of %v", id, d.AsOf)
		}
	}
}

func TestKnowledgeThatDoesNotHoldIsToldAndNotTaken(t *testing.T) {
	h := newHouse(t)
	web, context := h.webDID("issuer"), "https://credentials.example/v1"
	log := verifytest.NewDIDLog("sync", "registry.example", start.AddDate(0, -1, 0))
	log.Update("0")
	shorter := append(bytes.Clone(log.Lines()[0]), '\n')
	h.put("/trust", h.list(t, 1, []any{web, log.ID(), polygon}, obj{
		"contexts": obj{context: obj{"sha256": pin([]byte("{}")), "url": h.URL + "/context"}},
		"documents": obj{
			log.ID(): obj{"url": h.URL + "/did.jsonl"},
			polygon:  obj{"sha256": pin([]byte("{}")), "url": h.URL + "/pinned"},
		},
	}))
	must(t, h.cache.PutTrust(ctx, h.files["/trust"]))
	must(t, h.cache.PutDocument(ctx, log.ID(), log.Log(), cache.JustFetched()))
	h.put("/did.jsonl", shorter)
	h.put("/context", []byte("{} "))
	h.put("/pinned", didJSON(t, polygon, "x"))
	h.put("/issuer/did.json", didJSON(t, "did:web:other.example", "x"))
	for name, want := range map[string]struct {
		code reason.Code
		why  string
	}{
		web:      {reason.KeyUnknown, "another DID"},
		log.ID(): {"", "older than what is at hand"},
		polygon:  {reason.KeyUnknown, "not those that the trust list pins"},
		context:  {reason.ContextRefused, "not those that the trust list pins"},
	} {
		if r := h.once(t)[name]; r.State != sync.Failed || r.Code != want.code || !strings.Contains(r.Why, want.why) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for name, body := range map[string][]byte{
		"a document that is too long": bytes.Repeat([]byte(" "), limits.DIDDocument+1),
		"a document that is none":     []byte("[]"),
		"nothing":                     {},
	} {
		h.answer("/issuer/did.json", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
		if r := h.once(t)[web]; r.State != sync.Failed {
			t.Errorf("%s: %+v", name, r)
		}
	}
	s := h.cache.Snapshot()
	if len(s.Documents) != 1 || len(s.Contexts) != 0 {
		t.Errorf("%+v", s)
	}
}

// A log that needs witnesses and has none is a failure; and what they approved is
// not asked for where nobody knows where it is.
func TestWitnessProofsThatAreAway(t *testing.T) {
	h := newHouse(t)
	log := verifytest.NewDIDLog("sync", "registry.example", start.AddDate(0, -1, 0),
		verifytest.Parameter("witness", verifytest.NewDIDLog("sync", "registry.example", start).Witnesses(1, "w")))
	for number, c := range []struct{ path, why string }{{"/did.jsonl", "404"}, {"/log", "does not end in /did.jsonl"}} {
		h.put(c.path, log.Log())
		h.put("/trust", h.list(t, number+1, []any{log.ID()}, obj{"documents": obj{log.ID(): obj{"url": h.URL + c.path}}}))
		if r := h.once(t)[log.ID()]; r.State != sync.Failed || !strings.Contains(r.Why, c.why) {
			t.Errorf("%s: %+v", c.path, r)
		}
	}
}

// Only hosts that the signed list names are asked, and neither a DID without an
// address nor a redirect makes us ask another.
func TestNoOtherHostIsAskedForADocument(t *testing.T) {
	h := newHouse(t)
	other := newProvider(t)
	web := h.webDID("issuer")
	h.put("/trust", h.list(t, 1, []any{web, polygon}, nil))
	h.answer("/issuer/did.json", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/did.json", http.StatusFound)
	})
	got := h.once(t)
	if r := got[web]; r.State != sync.Failed || !strings.Contains(r.Why, "allowed hosts") {
		t.Errorf("%+v", r)
	}
	if _, tried := got[polygon]; tried || len(other.requests()) != 0 {
		t.Errorf("%v, %d requests elsewhere", got, len(other.requests()))
	}
	if r := h.once(t, sync.Hosts(strings.Replace(h.host(), "127.0.0.1", "elsewhere.example", 1), h.host()))[web]; r.State != sync.Failed ||
		!strings.Contains(r.Why, "allowed hosts") {
		t.Errorf("a did:web at a host that is not allowed: %+v", r)
	}
	missing := map[string]bool{}
	for _, m := range h.cache.Missing() {
		missing[m.Resource] = true
	}
	if !missing[web] || !missing[polygon] {
		t.Errorf("%v", missing)
	}
}

func TestTheLoopRenewsDocuments(t *testing.T) {
	h := newHouse(t)
	web := h.webDID("issuer")
	h.put("/issuer/did.json", didJSON(t, web, "web"))
	h.put("/context", []byte("{}"))
	h.put("/trust", h.list(t, 1, []any{web}, obj{
		"documents": obj{web: obj{"max_age_s": 3600}},
		"contexts":  obj{"https://credentials.example/v1": obj{"sha256": pin([]byte("{}")), "url": h.URL + "/context"}},
	}))
	// The loop looks again every minute, and the cache's clock goes with it.
	run(t, h.scene, 150, func(*sync.Loop, int) { h.now = h.now.Add(time.Minute) })
	asked := map[string]int{}
	for _, path := range h.paths() {
		asked[path]++
	}
	if asked["/issuer/did.json"] < 3 || asked["/context"] != 1 {
		t.Errorf("asked for %v", asked)
	}
	if d := h.cache.Snapshot().Document(web); d == nil || d.Stale(h.now) {
		t.Errorf("%+v", d)
	}
}

func TestAFolderBringsDocumentsContextsAndLogs(t *testing.T) {
	h := newHouse(t)
	context, pinned := []byte("{\"@context\":{}}\n"), didJSON(t, polygon, "pinned")
	log := verifytest.NewDIDLog("sync", "registry.example", start.AddDate(0, 0, -3),
		verifytest.Parameter("witness", verifytest.NewDIDLog("sync", "registry.example", start).Witnesses(1, "w")))
	log.Approve(1, "w")
	web := "did:web:issuer.example"
	dir := folder(t, map[string][]byte{
		"trust.jwt": h.list(t, 1, []any{web, log.ID(), polygon}, obj{
			"contexts": obj{
				"https://credentials.example/v1": obj{"sha256": pin(context)},
				"https://credentials.example/v2": obj{"sha256": pin(context)},
			},
			"documents": obj{polygon: obj{"sha256": pin(pinned)}},
		}),
		"v1.jsonld":        context,
		"polygon.json":     pinned,
		"did.jsonl":        log.Log(),
		"did-witness.json": log.Witness(),
		"web.json":         didJSON(t, web, "thief"),
		"changed.json":     append(bytes.Clone(pinned), ' '),
		"other.json":       []byte(`{"id":"did:web:nobody.example"}`),
		"settings.json":    []byte(`{}`),
		"half.jsonl":       log.Log()[:100],
	})
	r, err := sync.ImportFolder(ctx, h.cache, dir)
	must(t, err)
	got := map[string]sync.Resource{}
	for _, x := range r.Resources {
		got[x.From] = x
	}
	for _, name := range []string{"trust.jwt", "v1.jsonld", "polygon.json", "did.jsonl"} {
		if got[name].State != sync.Fetched || got[name].AsOf.IsZero() {
			t.Errorf("%s: %+v", name, got[name])
		}
	}
	for name, why := range map[string]string{
		"web.json": "nobody vouches", "changed.json": "not those that the trust list pins", "other.json": "asks for no such thing",
		"settings.json": "no DID document", "half.jsonl": "last entry",
	} {
		if x := got[name]; x.State != sync.Failed || !strings.Contains(x.Why, why) {
			t.Errorf("%s: %+v", name, x)
		}
	}
	if len(got) != 9 || r.Resources[0].From != "trust.jwt" {
		t.Errorf("%d files", len(got))
	}
	s := h.cache.Snapshot()
	if len(s.Contexts) != 2 || len(s.Documents) != 2 || s.Document(log.ID()) == nil {
		t.Errorf("%+v", s)
	}
	if d := s.Document(log.ID()); !d.AsOf.Equal(start.AddDate(0, 0, -3)) || len(d.Keys(credential.AssertionMethod)) != 1 {
		t.Errorf("the log is as of %v", d.AsOf)
	}
	// Without its witness proofs, a log from a stick is not taken either.
	other := verifytest.NewDIDLog("sync", "registry.example", start.AddDate(0, 0, -3))
	lone := folder(t, map[string][]byte{"x.jsonl": log.Log(), "y-witness.json": other.Lines()[0]})
	must(t, os.Symlink(filepath.Join(dir, "did-witness.json"), filepath.Join(lone, "z.json")))
	fresh, err := cache.Open(t.TempDir(), key(t, "root").Public(""), cache.Now(func() time.Time { return h.now }))
	must(t, err)
	must(t, fresh.PutTrust(ctx, h.list(t, 1, []any{log.ID()}, nil)))
	r, err = sync.ImportFolder(ctx, fresh, lone)
	must(t, err)
	if len(r.Resources) != 2 || r.OK() || r.Resources[0].State != sync.Failed || len(fresh.Snapshot().Documents) != 0 {
		t.Errorf("%+v", r)
	}
}
