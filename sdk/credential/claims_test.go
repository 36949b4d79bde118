package credential_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/google/go-cmp/cmp"
)

const claimsJSON = `{"name":"Pema","age":42,"big":12345678901234567890,"half":1.5,"whole":3.0e1,"adult":true,"none":null,
	"address":{"village":"Ura","geo":{"lat":27.5}},"list":["a",{"b":"c"},["d"]]}`

func claims(t *testing.T) credential.Claims {
	t.Helper()
	m, err := strictjson.DecodeObject([]byte(claimsJSON))
	if err != nil {
		t.Fatal(err)
	}
	return credential.NewClaims(m)
}

func TestClaimsGiveWhatIsThere(t *testing.T) {
	c := claims(t)
	if s, ok := c.String("name"); s != "Pema" || !ok {
		t.Errorf("String: %q, %v", s, ok)
	}
	if s, ok := c.String("address", "village"); s != "Ura" || !ok {
		t.Errorf("String: %q, %v", s, ok)
	}
	if n, ok := c.Int("age"); n != 42 || !ok {
		t.Errorf("Int: %d, %v", n, ok)
	}
	if n, ok := c.Int("whole"); n != 30 || !ok {
		t.Errorf("Int: %d, %v", n, ok)
	}
	if n, ok := c.Number("address", "geo", "lat"); n != "27.5" || !ok {
		t.Errorf("Number: %s, %v", n, ok)
	}
	if b, ok := c.Bool("adult"); !b || !ok {
		t.Errorf("Bool: %v, %v", b, ok)
	}
	if o, ok := c.Object("address", "geo"); !ok || o.Len() != 1 {
		t.Errorf("Object: %v, %v", o, ok)
	}
	if o, ok := c.Object(); !ok || o.Len() != c.Len() {
		t.Error("Object without a path is not the whole")
	}
	if !c.Has("none") || !c.Has("address", "geo", "lat") {
		t.Error("Has does not see what is there")
	}
	want := []string{"address", "adult", "age", "big", "half", "list", "name", "none", "whole"}
	if diff := cmp.Diff(want, c.Names()); diff != "" {
		t.Errorf("Names (-want +got):\n%s", diff)
	}
}

func TestClaimsGiveNothingElse(t *testing.T) {
	c := claims(t)
	for _, path := range [][]string{{}, {"missing"}, {"Name"}, {"name", "x"}, {"none", "x"}, {"list", "0"}, {"address", "missing"}, {""}} {
		if _, ok := c.String(path...); ok {
			t.Errorf("String(%q)", path)
		}
		if c.Has(path...) {
			t.Errorf("Has(%q)", path)
		}
	}
	for _, name := range []string{"name", "big", "half", "none", "adult"} {
		if n, ok := c.Int(name); ok {
			t.Errorf("Int(%q) = %d", name, n)
		}
	}
	if _, ok := c.Bool("none"); ok {
		t.Error("null is a boolean")
	}
	if _, ok := c.Object("list"); ok {
		t.Error("an array is an object")
	}
	if _, ok := c.Array("address"); ok {
		t.Error("an object is an array")
	}
	var zero credential.Claims
	if _, ok := zero.Object(); ok || zero.Len() != 0 || len(zero.Names()) != 0 || zero.Has("a") {
		t.Error("the zero value holds something")
	}
	if data, err := json.Marshal(zero); err != nil || string(data) != "{}" {
		t.Errorf("the zero value is written as %s, %v", data, err)
	}
}

func TestArraysAreCopies(t *testing.T) {
	c := claims(t)
	before, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	a, ok := c.Array("list")
	if !ok || len(a) != 3 {
		t.Fatalf("Array: %v, %v", a, ok)
	}
	a[1].(map[string]any)["b"] = "changed"
	a[2].([]any)[0] = "changed"
	a[0] = "changed"
	if after, _ := json.Marshal(c); !bytes.Equal(before, after) {
		t.Error("a caller could change the claims")
	}
}

func TestClaimsAreNotPrintedByAccident(t *testing.T) {
	c := claims(t)
	wrapped := struct{ C credential.Claims }{c}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "claims", c)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "claims", c)
	for _, text := range []string{
		fmt.Sprint(c), fmt.Sprintf("%v %+v %#v %s %q %d %x", c, c, c, c, c, c, c), fmt.Sprintf("%v %+v %#v", wrapped, wrapped, &wrapped), log.String(),
	} {
		if strings.Contains(text, "Pema") || strings.Contains(text, "village") || strings.Contains(text, "50656d61") {
			t.Errorf("printed: %s", text)
		}
	}
	if data, err := json.Marshal(wrapped); err != nil || !strings.Contains(string(data), "Pema") {
		t.Errorf("written on purpose: %s, %v", data, err)
	}
}
