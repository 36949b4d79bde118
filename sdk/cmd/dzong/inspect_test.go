package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

func TestPrintableLeavesNothingThatSteersATerminal(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"plain":               {"Pema Wangmo 31", "Pema Wangmo 31"},
		"Dzongkha":            {"ལག་ཁྱེར་", "ལག་ཁྱེར་"},
		"an escape":           {"\x1b[31mred", `\u{1b}[31mred`},
		"a C1 control":        {"a\u009bb", `a\u{9b}b`},
		"a line break":        {"a\nb\r", `a\u{a}b\u{d}`},
		"a turned direction":  {"a\u202eb", `a\u{202e}b`},
		"an invisible joiner": {"a\u2060b", `a\u{2060}b`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := printable(tt.in); got != tt.want {
				t.Errorf("printable(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// A name that holds the separator must not pass for a member that is shown.
func TestMembersAreShownByTheirExactPlace(t *testing.T) {
	secret := map[string]any{
		"status/status_list/uri": "secret",
		"iss":                    map[string]any{"iss": "secret"},
		"exp":                    []any{"secret"},
		"vct ":                   "secret",
	}
	for _, m := range members(secret, credentialMembers, false) {
		if m.Value != nil {
			t.Errorf("%q shows %v", m.Path, m.Value)
		}
	}
	open := members(map[string]any{"iss": "shown", "name": "secret"}, credentialMembers, false)
	if open[0].Value != "shown" || open[1].Value != nil {
		t.Errorf("got %v, want iss alone to be shown", open)
	}
}

// What a holder signed names the holder as its issuer, and the holder's key.
func TestAPresentationAsJWTDoesNotShowItsHolder(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	for name, parts := range map[string][2]string{
		"VCDM 1.1":         {`{"alg":"ES256","kid":"did:key:z` + marker + `"}`, `{"iss":"did:key:z` + marker + `","vp":{}}`},
		"VCDM 2.0":         {`{"alg":"ES256","typ":"vp+jwt","kid":"` + marker + `"}`, `{"iss":"` + marker + `","aud":"a"}`},
		"VCDM 2.0, no typ": {`{"alg":"ES256","kid":"` + marker + `"}`, `{"iss":"` + marker + `","type":["VerifiablePresentation"]}`},
	} {
		x, err := look([]byte(encode([]byte(parts[0]))+"."+encode([]byte(parts[1]))+".AAAA"), false)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := x.tell(streams{out: &out}); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(out.Bytes(), []byte(marker)) {
			t.Errorf("%s:\n%s", name, out.String())
		}
	}
}

// FuzzInspect: whatever a file holds, there is an answer, it is bounded, and it
// shows no disclosed value that was not asked for.
func FuzzInspect(f *testing.F) {
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://registry.example", citizen)
	wallet := world.AddWallet()
	held := registry.Issue(wallet, map[string]any{"full_name": marker, "n": map[string]any{"_sd": []any{"x"}}})
	f.Add(wallet.Present(held))
	f.Add(wallet.Present(held, verifytest.To(audience)))
	f.Add(registry.StatusToken())
	f.Add(world.TrustJSON())
	f.Add([]byte("openid4vp://?x"))
	f.Add([]byte("eyJhbGciOiJ4In0.e30.~~"))
	f.Add([]byte("eyJhbGciOiJ4In0.e30.~!~"))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := look(data, false)
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		var out bytes.Buffer
		if err := x.tell(streams{out: &out}); err != nil {
			t.Fatal(err)
		}
		for _, d := range x.Disclosures {
			if d.Value != nil {
				t.Fatal("a disclosed value is shown")
			}
		}
		if _, err := json.Marshal(x); err != nil {
			t.Fatal(err)
		}
	})
}

// Of every form that this module accepts, the structure is shown, and nothing that
// is said of a person.
func TestAcceptedCasesAreShownWithoutWhatTheySay(t *testing.T) {
	dir := t.TempDir()
	if _, err := (streams{out: io.Discard}).writeCases(dir); err != nil {
		t.Fatal(err)
	}
	folders, err := cases.Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[payload.Kind]int{}
	for _, folder := range folders {
		c, err := cases.Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		if c.Expect != reason.Accepted {
			continue
		}
		situation, err := c.Situation()
		if err != nil {
			t.Fatal(err)
		}
		x, err := look(situation.Presented, false)
		if err != nil {
			t.Errorf("%s: %v", folder, err)
			continue
		}
		shown[x.Kind]++
		if len(x.Parts) == 0 {
			t.Errorf("%s: nothing is shown of a %s", folder, x.Kind)
		}
		data, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"Pema Example", "1990-01-01", "Example village"} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s shows %s: %s", folder, secret, data)
			}
		}
	}
	if len(shown) < 4 {
		t.Errorf("kinds shown: %v", shown)
	}
	t.Logf("kinds shown: %v", shown)
}
