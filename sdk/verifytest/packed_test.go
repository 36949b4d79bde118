package verifytest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/verifytest"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// A document in JSON may stand in a code as it is, packed, or as CBOR: nothing of
// what is decided about it may depend on that.
func TestADocumentIsTheSameHoweverItIsPacked(t *testing.T) {
	dir := t.TempDir()
	if _, err := verifytest.WriteCases(dir); err != nil {
		t.Fatal(err)
	}
	var folders []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.HasPrefix(d.Name(), "accepted") {
			folders = append(folders, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	inCBOR, inText := 0, 0
	for _, folder := range folders {
		c, err := cases.Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, c.Input)
		document, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		v, err := strictjson.DecodeObject(document)
		if err != nil || c.Encoding != "text" {
			continue // no document in JSON
		}
		run := func(how, text string) bool {
			if len(text) > limits.QRText {
				return false
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := mechanisms.Runner().Run(context.Background(), folder); err != nil {
				t.Errorf("%s, %s: %v", filepath.Base(folder), how, err)
			}
			return true
		}
		if run("packed", payload.PixelPass(document)) {
			inText++
		}
		encoded, err := strictcbor.Marshal(numbers(v))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsRune(encoded[:1], '{') {
			t.Fatal("a map of CBOR begins like JSON")
		}
		if run("in CBOR", payload.PixelPass(encoded)) {
			inCBOR++
		}
	}
	t.Logf("%d documents packed, %d in CBOR", inText, inCBOR)
	if inText < 5 || inCBOR < 5 {
		t.Error("fewer than there were")
	}
}

// numbers gives numbers the types that CBOR has for them.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = numbers(member)
		}
	case []any:
		for i, element := range v {
			v[i] = numbers(element)
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			panic(err)
		}
		return f
	}
	return v
}
