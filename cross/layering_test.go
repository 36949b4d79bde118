package cross

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rules: who may import whom. Inside sdk the direction is credential ← mechanisms
// ← verify ← everything that keeps, fetches or transports.
var rules = []rule{
	{
		Name: "sdk imports neither agent nor drivers",
		From: []string{"sdk"}, To: []string{"agent", "drivers"},
		Reason: "a bank imports sdk; it has no camera, no screen and no kiosk",
	},
	{
		Name: "sdk links no device, image, broker or database code",
		From: []string{"sdk"},
		To: []string{"periph.io", "github.com/makiuchi-d/gozxing", "github.com/eclipse/paho.mqtt.golang",
			"github.com/mochi-mqtt/server", "modernc.org/sqlite", "database/sql", "image", "golang.org/x/image"},
		Reason: "none of it helps to decide, and all of it would stand in every bank's dependency list",
	},
	{
		Name: "drivers import neither sdk nor agent",
		From: []string{"drivers"}, To: []string{"sdk", "agent"},
		Reason: "a driver knows its device; what a frame means is not its business",
	},
	{
		Name:   "nobody imports examples, hwtest or cross",
		Except: []string{"examples", "hwtest", "cross"},
		To:     []string{"examples", "hwtest", "cross"},
		Reason: "they use the product and are no part of it",
	},
	{
		Name: "cross stands by itself",
		From: []string{"cross"}, To: []string{"examples", "hwtest", "sdk", "agent", "drivers"},
		Reason: "what checks the tree must build also where the tree does not",
	},
	{
		Name: "reason imports nothing",
		From: []string{"sdk/reason"}, How: ships,
		Reason: "the table of codes is what everything else rests on, on any platform",
	},
	{
		Name: "limits imports nothing",
		From: []string{"sdk/limits"}, How: ships,
		Reason: "limits are constants; nothing can change them",
	},
	{
		Name: "credential knows no mechanism and no knowledge",
		From: []string{"sdk/credential"},
		To: []string{"sdk/sdjwt", "sdk/jwtvc", "sdk/ldp", "sdk/cwt", "sdk/mdoc", "sdk/payload", "sdk/did",
			"sdk/status", "sdk/trust", "sdk/verify", "sdk/cache", "sdk/sync"},
		How:    ships,
		Reason: "it holds the words all of them share; it cannot depend on one",
	},
	{
		Name:   "mechanisms know no trust list, status list or policy",
		From:   mechanisms,
		To:     []string{"sdk/trust", "sdk/status", "sdk/verify", "sdk/cache", "sdk/sync", "sdk/did"},
		How:    ships,
		Reason: "a mechanism says what a signature covers; whether that is enough is decided in verify, once",
	},
	{
		Name: "verify names no mechanism",
		From: []string{"sdk/verify"}, To: mechanisms, How: ships,
		Reason: "a caller hands in the mechanisms it wants and links no other",
	},
	{
		Name: "query languages know no mechanism and no knowledge",
		From: []string{"sdk/query", "sdk/dcql", "sdk/pex"},
		To:   append([]string{"sdk/did", "sdk/status", "sdk/trust", "sdk/verify", "sdk/cache", "sdk/sync"}, mechanisms...),
		How:  ships,
		Reason: "they judge what was verified by what was asked for; who is trusted is none of their business, " +
			"and verify asks them",
	},
	{
		Name: "verify links no Presentation Exchange",
		From: []string{"sdk/verify"}, To: []string{"sdk/pex"}, How: ships,
		Reason: "policies ask in DCQL; who asks in the older language hands its query in and links it",
	},
	{
		Name: "verify knows nothing of storage or transport",
		From: []string{"sdk/verify"},
		To:   []string{"sdk/cache", "sdk/pack", "sdk/sync", "sdk/openid4vp", "sdk/ndi", "sdk/didcomm"},
		How:  ships,
		Reason: "deciding is pure; verify declares the interfaces it needs, and the others satisfy them " +
			"(its tests may use them)",
	},
	{
		Name: "deciding links no network, no processes and no database",
		From: append([]string{"sdk/verify", "sdk/trust", "sdk/status", "sdk/did", "sdk/payload", "sdk/dcql", "sdk/pex", "sdk/deny"}, mechanisms...),
		// The JSON-LD library brings loaders that fetch, and with them net/http. ldp
		// hands it a closed one, never uses another, and its tests hold it to that.
		Except: []string{"sdk/ldp"},
		To:     []string{"net/http", "net/rpc", "crypto/tls", "os/exec", "database/sql"}, How: ships,
		Reason: "the same inputs always give the same answer, offline by construction",
	},
	{
		Name: "a suite of BBS signatures is linked by who imports it",
		From: []string{"sdk"}, Except: []string{"sdk/internal/bbs", "sdk/internal/bbsplus", "sdk/ldp/bbs2023", "sdk/ldp/bbs2020", "sdk/verifytest/bbstest", "sdk/internal/mechanisms", "sdk/cmd/dzong"},
		To: []string{"sdk/internal/bbs", "sdk/internal/bbsplus", "github.com/consensys/gnark-crypto", "github.com/hyperledger"}, How: ships,
		Reason: "ldp alone, and verify with any other mechanism, links no pairing and nothing of aries",
	},
	{
		Name: "no verifier signs or derives selectively",
		From: []string{"sdk"}, Except: []string{"sdk/internal/selective/derive", "sdk/verifytest", "sdk/cmd/dzong"},
		To: []string{"sdk/internal/selective/derive"}, How: ships,
		Reason: "virtual issuers and wallets do; a verifier that believes as readily as they would is none",
	},
	{
		Name: "only what fetches or serves imports net/http in sdk",
		From: []string{"sdk"},
		Except: []string{"sdk/sync", "sdk/openid4vp", "sdk/ndi", "sdk/didcomm",
			"sdk/cmd/dzong", "sdk/verifytest"},
		To: []string{"net/http"}, How: imports,
		Reason: "the network has one door, with its caps, its host list and its budget",
	},
}

var mechanisms = []string{"sdk/sdjwt", "sdk/jwtvc", "sdk/ldp", "sdk/cwt", "sdk/mdoc", "sdk/shc"}

// apart: no mechanism knows another.
func apart() []rule {
	var out []rule
	for _, m := range mechanisms {
		out = append(out, rule{
			Name: m + " knows no other mechanism",
			From: []string{m}, To: slices.DeleteFunc(slices.Clone(mechanisms), func(o string) bool { return o == m }),
			How:    ships,
			Reason: "what one finds inside it hands back as bytes, and verify recurses",
		})
	}
	return out
}

// dependencies: every module of somebody else that our code imports itself.
var dependencies = []dependency{
	{
		Module: "github.com/decred/dcrd/dcrec/secp256k1/v4",
		By:     []string{"sdk/credential", "sdk/internal/jws", "sdk/internal/cose", "sdk/did"},
		Tests:  []string{"sdk"},
		Reason: "ES256K is not in the standard library; signatures are made and checked in one place each, and identifiers hold compressed points",
	},
	{
		Module: "github.com/piprate/json-gold",
		By:     []string{"sdk/internal/jsonld"},
		Reason: "its own loaders fetch over HTTP; one package gives it a closed one, and what is not ldp links none of it",
	},
	{
		Module: "github.com/consensys/gnark-crypto",
		By:     []string{"sdk/internal/bbs"},
		Tests:  []string{"sdk/internal/bbs", "sdk/ldp/bbs2023"}, // which measures itself beside bare pairings
		Reason: "pairings for bbs-2023; one package, so that who takes no BBS signatures links no curve for them",
	},
	{
		Module: "github.com/fxamacker/cbor/v2",
		By:     []string{"sdk/internal/strictcbor"},
		Reason: "one reader of CBOR with one set of rules; what reads neither COSE nor compact proofs links none of it",
	},
	{
		Module: "github.com/hyperledger/aries-framework-go",
		By:     []string{"sdk/internal/bbsplus"},
		Reason: "BBS+ of 2020 exists as code only; one primitive of an archived project, behind checks of its own",
	},
	{
		Module: "github.com/makiuchi-d/gozxing",
		By:     []string{"agent/scan"},
		Reason: "one reader of QR codes, so that another can take its place",
	},
	{
		Module: "github.com/eclipse/paho.mqtt.golang",
		By:     []string{"agent/report"},
		Reason: "one client of the broker; its own store is no outbox and must not be taken for one",
	},
	{
		Module: "github.com/mochi-mqtt/server/v2",
		By:     []string{"agent/report/reporttest"},
		Reason: "the embedded broker is for the demo and the tests; a kiosk has no broker inside",
	},
	{
		Module: "modernc.org/sqlite",
		By:     []string{"agent/outbox"},
		Reason: "what must survive a power cut is written in one place, in one transaction",
	},
	{
		Module: "periph.io/x",
		By:     []string{"drivers"},
		Reason: "only drivers touch pins and buses",
	},
	{Module: "github.com/google/go-cmp", Reason: "comparing in tests"},
	{Module: "github.com/rogpeppe/go-internal", Reason: "testscript, for tests of the commands"},
	{Module: "github.com/santhosh-tekuri/jsonschema/v6", Reason: "tests that published schemas and strict decoding agree"},
}

// bank is what a program imports that makes one decision: the packages of the
// ten lines. Whatever they link stands in the bank's own dependency list.
var bank = struct{ packages, allowed, forbidden []string }{
	packages: []string{"sdk/reason", "sdk/credential", "sdk/sdjwt", "sdk/status", "sdk/trust", "sdk/verify", "sdk/cache", "sdk/payload"},
	allowed:  []string{"github.com/decred/dcrd/dcrec/secp256k1/v4"},
	forbidden: []string{"net/http", "database/sql", "os/exec", "image", "testing", "html/template",
		"agent", "drivers", "sdk/verifytest"},
}

func TestLayering(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		pkgs := list(t, arch)
		for _, r := range slices.Concat(rules, apart()) {
			t.Run(arch+"/"+r.Name, func(t *testing.T) {
				for _, breach := range r.broken(pkgs) {
					t.Error(breach)
				}
			})
		}
		t.Run(arch+"/each dependency has its importers", func(t *testing.T) {
			for _, breach := range strangers(dependencies, pkgs) {
				t.Error(breach)
			}
		})
		t.Run(arch+"/a bank links one module beyond the standard library", func(t *testing.T) {
			for _, breach := range linkedBeyond(pkgs, bank.packages, bank.allowed, bank.forbidden) {
				t.Error(breach)
			}
			for _, name := range bank.packages {
				if !slices.ContainsFunc(pkgs, func(p pkg) bool { return p.Path == name }) {
					t.Errorf("there is no package %s: this test would pass for want of it", name)
				}
			}
		})
	}
}

// list asks the go command about every package of the module, as it is built for
// an architecture.
func list(t *testing.T, arch string) []pkg {
	t.Helper()
	command := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,Deps,TestImports,XTestImports", "./...")
	command.Dir = ".."
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOOS=linux", "GOARCH="+arch)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var pkgs []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath                               string
			Imports, Deps, TestImports, XTestImports []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("read what go list said: %v", err)
		}
		pkgs = append(pkgs, pkg{
			Path:    shorten(p.ImportPath)[0],
			Imports: shorten(p.Imports...),
			Deps:    shorten(p.Deps...),
			Tests:   shorten(slices.Concat(p.TestImports, p.XTestImports)...),
		})
	}
	if len(pkgs) < 10 {
		t.Fatalf("go list found %d packages: this test would pass for want of them", len(pkgs))
	}
	return pkgs
}

func shorten(paths ...string) []string {
	out := make([]string, len(paths))
	for i, path := range paths {
		out[i] = strings.TrimPrefix(path, module)
	}
	return out
}
