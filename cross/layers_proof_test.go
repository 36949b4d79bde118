package cross

import (
	"slices"
	"testing"
)

// TestRulesCanFail gives each rule packages that breach it and packages that do
// not: a rule that can no longer fail would go unnoticed for years.
func TestRulesCanFail(t *testing.T) {
	tests := map[string]struct{ breach, fine []pkg }{
		"sdk imports neither agent nor drivers": {
			breach: []pkg{
				{Path: "sdk/verify", Deps: []string{"agent/clock"}},
				{Path: "sdk/cmd/dzong", Deps: []string{"drivers/camera"}},
				{Path: "sdk/payload", Tests: []string{"agent/scan"}},
			},
			fine: []pkg{{Path: "agent/kiosk", Deps: []string{"sdk/verify", "drivers/camera", "agent/scan"}}},
		},
		"sdk links no device, image, broker or database code": {
			breach: []pkg{
				{Path: "sdk/payload", Deps: []string{"github.com/makiuchi-d/gozxing/qrcode"}},
				{Path: "sdk/cache", Deps: []string{"modernc.org/sqlite"}},
				{Path: "sdk/sync", Deps: []string{"github.com/eclipse/paho.mqtt.golang"}},
				{Path: "sdk/verifytest", Deps: []string{"image/png"}},
				{Path: "sdk/sync", Tests: []string{"github.com/mochi-mqtt/server/v2"}},
			},
			fine: []pkg{{Path: "agent/outbox", Deps: []string{"modernc.org/sqlite"}}},
		},
		"drivers import neither sdk nor agent": {
			breach: []pkg{
				{Path: "drivers/camera", Deps: []string{"sdk/limits"}},
				{Path: "drivers/camera/cameratest", Deps: []string{"agent/scan"}},
			},
			fine: []pkg{{Path: "drivers/camera/cameratest", Deps: []string{"drivers/camera", "image/png"}}},
		},
		"nobody imports examples, hwtest or cross": {
			breach: []pkg{
				{Path: "agent/kiosk", Deps: []string{"examples/wallet"}},
				{Path: "sdk/verify", Tests: []string{"hwtest"}},
				{Path: "drivers/camera", Deps: []string{"cross/testsum"}},
			},
			fine: []pkg{{Path: "examples/teller", Deps: []string{"examples/wallet", "sdk/verify"}}},
		},
		"cross stands by itself": {
			breach: []pkg{{Path: "cross/testsum", Deps: []string{"sdk/reason"}}},
			fine:   []pkg{{Path: "cross", Tests: []string{"encoding/json"}}},
		},
		"reason imports nothing": {
			breach: []pkg{{Path: "sdk/reason", Deps: []string{"strings"}}},
			fine:   []pkg{{Path: "sdk/reason", Tests: []string{"testing"}}},
		},
		"limits imports nothing": {
			breach: []pkg{{Path: "sdk/limits", Deps: []string{"sdk/reason"}}},
			fine:   []pkg{{Path: "sdk/limits"}},
		},
		"credential knows no mechanism and no knowledge": {
			breach: []pkg{
				{Path: "sdk/credential", Deps: []string{"sdk/sdjwt"}},
				{Path: "sdk/credential", Deps: []string{"sdk/trust"}},
			},
			fine: []pkg{{Path: "sdk/credential", Deps: []string{"sdk/reason", "sdk/internal/strictjson"}}},
		},
		"mechanisms know no trust list, status list or policy": {
			breach: []pkg{
				{Path: "sdk/sdjwt", Deps: []string{"sdk/trust"}},
				{Path: "sdk/ldp", Deps: []string{"sdk/verify"}},
			},
			fine: []pkg{{Path: "sdk/sdjwt", Deps: []string{"sdk/credential"}, Tests: []string{"sdk/verifytest"}}},
		},
		"verify names no mechanism": {
			breach: []pkg{
				{Path: "sdk/verify", Deps: []string{"sdk/sdjwt"}},
				{Path: "sdk/verify/verifyinner", Deps: []string{"sdk/mdoc"}},
			},
			fine: []pkg{{Path: "sdk/verify", Deps: []string{"sdk/trust"}, Tests: []string{"sdk/sdjwt"}}},
		},
		"query languages know no mechanism and no knowledge": {
			breach: []pkg{
				{Path: "sdk/dcql", Deps: []string{"sdk/trust"}},
				{Path: "sdk/query", Deps: []string{"sdk/verify"}},
				{Path: "sdk/dcql", Deps: []string{"sdk/sdjwt"}},
			},
			fine: []pkg{{Path: "sdk/verify", Deps: []string{"sdk/dcql", "sdk/trust"}}},
		},
		"verify links no Presentation Exchange": {
			breach: []pkg{{Path: "sdk/verify", Deps: []string{"sdk/pex"}}},
			fine:   []pkg{{Path: "sdk/verify", Deps: []string{"sdk/dcql"}, Tests: []string{"sdk/pex"}}},
		},
		"verify knows nothing of storage or transport": {
			breach: []pkg{
				{Path: "sdk/verify", Deps: []string{"sdk/cache"}},
				{Path: "sdk/verify", Deps: []string{"sdk/didcomm"}},
			},
			fine: []pkg{{Path: "sdk/cache", Deps: []string{"sdk/verify"}}},
		},
		"deciding links no network, no processes and no database": {
			breach: []pkg{
				{Path: "sdk/verify", Deps: []string{"net/http"}},
				{Path: "sdk/sdjwt", Deps: []string{"crypto/tls"}},
			},
			fine: []pkg{{Path: "sdk/verify", Deps: []string{"net/url", "crypto/x509"}}},
		},
		"a suite of BBS signatures is linked by who imports it": {
			breach: []pkg{
				{Path: "sdk/ldp", Deps: []string{"sdk/internal/bbs"}},
				{Path: "sdk/verify", Deps: []string{"github.com/consensys/gnark-crypto/ecc"}},
				{Path: "sdk/verifytest", Deps: []string{"github.com/hyperledger/aries-framework-go/pkg/crypto"}},
			},
			fine: []pkg{
				{Path: "sdk/ldp/bbs2023", Deps: []string{"sdk/internal/bbs", "github.com/consensys/gnark-crypto/ecc"}},
				{Path: "sdk/ldp", Tests: []string{"sdk/ldp/bbs2023"}},
			},
		},
		"no verifier signs or derives selectively": {
			breach: []pkg{{Path: "sdk/ldp", Deps: []string{"sdk/internal/selective/derive"}}},
			fine: []pkg{
				{Path: "sdk/ldp", Deps: []string{"sdk/internal/selective"}, Tests: []string{"sdk/internal/selective/derive"}},
				{Path: "sdk/verifytest", Deps: []string{"sdk/internal/selective/derive"}},
			},
		},
		"only what fetches or serves imports net/http in sdk": {
			breach: []pkg{
				{Path: "sdk/cache", Imports: []string{"net/http"}},
				{Path: "sdk/did", Tests: []string{"net/http/httptest"}},
			},
			fine: []pkg{{Path: "sdk/sync", Imports: []string{"net/http"}}, {Path: "agent/web", Imports: []string{"net/http"}}},
		},
	}
	for _, r := range apart() {
		tests[r.Name] = struct{ breach, fine []pkg }{
			breach: []pkg{{Path: r.From[0], Deps: []string{"sdk/credential", r.To[0]}}},
			fine:   []pkg{{Path: r.From[0], Deps: []string{"sdk/credential"}}, {Path: "sdk/internal/mechanisms", Deps: r.To}},
		}
	}
	for _, r := range slices.Concat(rules, apart()) {
		t.Run(r.Name, func(t *testing.T) {
			tt, ok := tests[r.Name]
			if !ok {
				t.Fatal("no packages here breach this rule: nothing shows that it can fail")
			}
			if r.Reason == "" {
				t.Error("the rule has no reason")
			}
			for _, p := range tt.breach {
				if len(r.broken([]pkg{p})) == 0 {
					t.Errorf("%+v passes", p)
				}
			}
			if got := r.broken(tt.fine); len(got) > 0 {
				t.Errorf("refused without cause: %q", got)
			}
		})
	}
}

func TestStrangersCanFail(t *testing.T) {
	breaches := map[string]pkg{
		"a module the table does not know":        {Path: "sdk/verify", Imports: []string{"example.org/jwt"}},
		"another importer of the reader":          {Path: "agent/kiosk", Imports: []string{"github.com/makiuchi-d/gozxing"}},
		"another importer of the client":          {Path: "agent/web", Imports: []string{"github.com/eclipse/paho.mqtt.golang"}},
		"another importer of the database":        {Path: "agent/report", Imports: []string{"modernc.org/sqlite"}},
		"the broker in what ships":                {Path: "agent/report", Imports: []string{"github.com/mochi-mqtt/server/v2"}},
		"pins outside drivers":                    {Path: "agent/kiosk", Imports: []string{"periph.io/x/conn/v3"}},
		"keys elsewhere":                          {Path: "sdk/sdjwt", Imports: []string{"github.com/decred/dcrd/dcrec/secp256k1/v4"}},
		"a test's helper in what ships":           {Path: "sdk/trust", Imports: []string{"github.com/santhosh-tekuri/jsonschema/v6"}},
		"comparing in what ships":                 {Path: "sdk/verifytest", Imports: []string{"github.com/google/go-cmp/cmp"}},
		"another test of the client":              {Path: "agent/kiosk", Tests: []string{"github.com/eclipse/paho.mqtt.golang"}},
		"a name that only begins like a module's": {Path: "agent/scan", Imports: []string{"github.com/makiuchi-d/gozxing2"}},
	}
	for name, p := range breaches {
		t.Run(name, func(t *testing.T) {
			if len(strangers(dependencies, []pkg{p})) == 0 {
				t.Errorf("%+v passes", p)
			}
		})
	}
	fine := []pkg{
		{Path: "agent/scan", Imports: []string{"github.com/makiuchi-d/gozxing/qrcode/decoder", "sdk/limits", "slices"}},
		{Path: "agent/report/reporttest", Imports: []string{"github.com/mochi-mqtt/server/v2"}},
		{Path: "sdk/trust", Tests: []string{"github.com/google/go-cmp/cmp", "github.com/santhosh-tekuri/jsonschema/v6"}},
	}
	if got := strangers(dependencies, fine); len(got) > 0 {
		t.Errorf("refused without cause: %q", got)
	}
	for _, d := range dependencies {
		if d.Reason == "" {
			t.Errorf("%s has no reason", d.Module)
		}
	}
}

func TestBankCanFail(t *testing.T) {
	for _, dep := range []string{"modernc.org/sqlite", "github.com/makiuchi-d/gozxing", "net/http", "image/png", "testing", "sdk/verifytest"} {
		p := pkg{Path: "sdk/verify", Deps: []string{dep}}
		if len(linkedBeyond([]pkg{p}, bank.packages, bank.allowed, bank.forbidden)) == 0 {
			t.Errorf("sdk/verify linking %s passes", dep)
		}
	}
	fine := []pkg{
		{Path: "sdk/verify", Deps: []string{"sdk/trust", "crypto/x509", "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"}},
		{Path: "agent/outbox", Deps: []string{"modernc.org/sqlite"}},
	}
	if got := linkedBeyond(fine, bank.packages, bank.allowed, bank.forbidden); len(got) > 0 {
		t.Errorf("refused without cause: %q", got)
	}
	if !slices.Contains(bank.packages, "sdk/verify") {
		t.Error("the bank's packages lack verify")
	}
}
