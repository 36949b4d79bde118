package main

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dzong-id/dzong/sdk/mdoc"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dzong": main})
}

// TestScripts runs every script in testdata/script. The presentations, lists and
// keys they use are made anew for each, by a virtual world whose time is $NOW.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			world := newMaterial(env.WorkDir)
			env.Setenv("NOW", world.Now().Format(time.RFC3339))
			env.Setenv("LATER", world.Now().AddDate(0, 0, 10).Format(time.RFC3339))
			env.Setenv("NEXT_YEAR", world.Now().AddDate(1, 1, 0).Format(time.RFC3339))
			startServer(env)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": exitsWith},
	})
}

// exitsWith is the script command "status N COMMAND...": it runs dzong and
// compares its exit status. Every script line that runs dzong says which one it
// expects.
func exitsWith(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N dzong ARGS...")
	}
	want := args[0]
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != want {
		ts.Fatalf("exit status %s, want %s", got, want)
	}
}

const (
	citizen  = "https://registry.example/citizen"
	audience = "https://bank.example"
	nonce    = "n-1"
	marker   = "Pema Wangmo Marker"
)

// newMaterial writes what the scripts use into dir.
func newMaterial(dir string) *verifytest.World {
	m := material{dir: dir}
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://registry.example", citizen)
	stranger := world.NewStranger("https://stranger.example", citizen)
	wallet := world.AddWallet()
	claims := map[string]any{"full_name": marker, "age": 31, "address": map[string]any{"gewog": "Chang"}}

	bound := []verifytest.PresentOption{verifytest.To(audience), verifytest.Nonce(nonce)}
	good := registry.Issue(wallet, claims)
	m.write("good.txt", wallet.Present(good, bound...))
	m.write("fresh.txt", wallet.Present(good, verifytest.To(audience)))
	m.write("bearer.txt", wallet.Present(good))
	m.write("name-only.txt", wallet.Present(good, append(bound, verifytest.Disclose("full_name"))...))
	m.write("newline.txt", append(wallet.Present(good), '\n'))
	portrait := strings.Repeat("portrait", 20_000)
	m.write("large.txt", wallet.Present(registry.Issue(wallet, map[string]any{"portrait": portrait}), bound...))
	m.write("stranger.txt", wallet.Present(stranger.Issue(wallet, claims), bound...))
	m.write("hostile.txt", wallet.Present(registry.Issue(wallet, map[string]any{"note": "\x1b[2Jclean \u202eetihw"}), bound...))
	revoked, suspended := registry.Issue(wallet, claims), registry.Issue(wallet, claims)
	registry.Revoke(revoked)
	registry.Suspend(suspended)
	m.write("revoked.txt", wallet.Present(revoked, bound...))
	m.write("suspended.txt", wallet.Present(suspended, bound...))
	m.write("request.txt", []byte("openid4vp://authorize?client_id=x"))
	m.write("junk.bin", []byte{0xff, 0xfe, 0})
	m.write("huge.txt", append([]byte("ey"), make([]byte, 2<<20)...))

	m.write("trust.json", world.TrustJSON())
	m.write("status.jwt", registry.StatusToken())
	m.write("authority.jwk", world.RootJWK())
	m.write("knowledge/trust.jwt", world.TrustJWS())
	m.write("knowledge/status.jwt", registry.StatusToken())
	m.write("forged.jwt", stranger.StatusToken())
	m.writeDocuments(world)
	m.writeForms(world.Now())

	// A world whose one issuer publishes no status list.
	listless := verifytest.NewWorldNamed("listless", world.Now())
	clinic := listless.AddIssuer("https://clinic.example", "https://clinic.example/card").ByDenyList("serial")
	patient := listless.AddWallet()
	for _, serial := range []string{"a", "b"} {
		m.write("serial-"+serial+".txt", patient.Present(clinic.Issue(patient, map[string]any{"serial": serial})))
	}
	listless.Deny(clinic.ID(), []string{"serial"}, "b")
	m.write("listless/authority.jwk", listless.RootJWK())
	m.write("listless/trust.json", listless.TrustJSON())
	m.write("listless/deny.json", listless.DenyJSON())
	m.write("listless/knowledge/trust.jwt", listless.TrustJWS())
	m.write("listless/knowledge/deny.jwt", listless.DenyJWS())

	for name, c := range map[string]struct {
		file, expect string
		reasons      []string
	}{
		"cases/accepted": {"good.txt", "accepted", []string{}},
		"cases/revoked":  {"revoked.txt", "rejected", []string{"revoked"}},
		"wrong/one":      {"revoked.txt", "accepted", nil},
	} {
		for _, file := range []string{c.file, "status.jwt"} {
			m.write(filepath.Join(name, file), m.read(file))
		}
		doc := map[string]any{
			"input": c.file, "encoding": "text", "now": world.Now().Format(time.RFC3339),
			"binding": map[string]any{"kind": "bound", "nonce": nonce, "audience": audience},
			"trust":   json.RawMessage(world.TrustJSON()),
			"status":  []any{map[string]any{"uri": registry.StatusURI(), "file": "status.jwt"}},
			"expect":  c.expect,
		}
		if c.reasons != nil {
			doc["reasons"] = c.reasons
		}
		text, err := json.Marshal(doc)
		if err != nil {
			panic(err)
		}
		m.write(filepath.Join(name, "case.json"), text)
	}
	return world
}

// writeForms writes presentations of other kinds than SD-JWT: a mobile document with
// a session's transcript, and a credential as JWT of an issuer that is a DID whose
// document is at hand.
func (m material) writeForms(now time.Time) {
	const docType, space = "bt.example.id.1", "bt.example.1"
	world := verifytest.NewWorldNamed("forms", now)
	wallet := world.AddWallet()
	authority := world.AddMDocIssuer("https://licences.example", docType)
	held := authority.IssueMDoc(wallet, map[string]map[string]any{space: {"family_name": "Example"}})
	session, other := transcript("bank.example"), transcript("other.example")
	reader, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	point, encode := reader.PublicKey().Bytes(), base64.RawURLEncoding.EncodeToString
	m.write("forms/session.cbor", session)
	m.write("forms/other.cbor", other)
	m.write("forms/reader.jwk", fmt.Appendf(nil, `{"kty":"EC","crv":"P-256","x":"%s","y":"%s","d":"%s"}`,
		encode(point[1:33]), encode(point[33:]), encode(reader.Bytes())))
	m.write("forms/signed.cbor", wallet.PresentMDoc(held, verifytest.Over(session)))
	m.write("forms/maced.cbor", wallet.PresentMDoc(held, verifytest.Over(session), verifytest.DeviceMAC(reader.PublicKey())))
	m.write("forms/mdoc.status", authority.StatusToken())

	registry := world.AddIssuer("https://registry.example", citizen).PermitW3C("CitizenCredential", "https://www.w3.org/ns/credentials/v2")
	w3c := registry.IssueJWT(verifytest.VCDM2, wallet, map[string]any{"full_name": marker})
	m.write("forms/vp.jwt", wallet.PresentJWT(verifytest.VCDM2, audience, nonce, []any{verifytest.Enveloped("application/vc+jwt", w3c)}))
	m.write("forms/w3c.status", registry.StatusToken())
	m.write("forms/trust.json", world.TrustJSON())
	m.write("forms/context.json", []byte(`{"@context":{}}`))
	m.write("forms/document.json", []byte(`{"id":"did:web:registry.example"}`))
}

// transcript is that of an OpenID4VP request by the verifier called name.
func transcript(name string) []byte {
	t, err := mdoc.OpenID4VPHandover{ClientID: "x509_san_dns:" + name, Nonce: nonce, ResponseURI: "https://" + name + "/response"}.SessionTranscript()
	if err != nil {
		panic(err)
	}
	return t
}

// writeDocuments writes a folder to import, whose trust list names the log of a
// did:webvh and a context, which are there, and a did:web, which no folder can bring.
func (m material) writeDocuments(world *verifytest.World) {
	log := verifytest.NewDIDLog("dzong", "registry.example", world.Now().AddDate(0, 0, -2))
	context := []byte(`{"@context":{}}`)
	const web = "did:web:web.example"
	m.write("documents/did.jsonl", log.Log())
	m.write("documents/context.jsonld", context)
	m.write("documents/web.json", []byte(`{"id":"`+web+`"}`))
	world.List("contexts", map[string]any{"https://registry.example/context": map[string]any{"sha256": verifytest.Pin(context)}})
	world.List("documents", map[string]any{log.ID(): map[string]any{"max_age_s": 7 * 24 * 3600}, web: map[string]any{}})
	m.write("documents/trust.jwt", world.TrustJWS())
	world.List("contexts", nil)
	world.List("documents", nil)
}

// startServer serves the trust list and the status list of a world of its own
// over HTTPS at $SERVER, until the script ends. The commands take its
// certificate from $SSL_CERT_FILE, and the authority's key is online.jwk.
func startServer(env *testscript.Env) {
	world := verifytest.NewWorldNamed("online", verifytest.Epoch)
	mux := http.NewServeMux()
	server := httptest.NewTLSServer(mux)
	env.Defer(server.Close)
	issuer := world.AddIssuer(server.URL, citizen)
	trust, status := world.TrustJWS(), issuer.StatusToken()
	mux.HandleFunc("/trust.jwt", func(w http.ResponseWriter, _ *http.Request) { w.Write(trust) })
	mux.HandleFunc("/status/1", func(w http.ResponseWriter, _ *http.Request) { w.Write(status) })
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	m := material{dir: env.WorkDir}
	m.write("server.pem", certificate)
	m.write("online.jwk", world.RootJWK())
	env.Setenv("SERVER", server.URL)
	env.Setenv("SSL_CERT_FILE", filepath.Join(env.WorkDir, "server.pem"))
}

// material writes files below a folder; its errors are faults of the test.
type material struct{ dir string }

func (m material) write(name string, data []byte) {
	path := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		panic(fmt.Sprintf("make material: %v", err))
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		panic(fmt.Sprintf("make material: %v", err))
	}
}

func (m material) read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(m.dir, name))
	if err != nil {
		panic(fmt.Sprintf("make material: %v", err))
	}
	return data
}
