package interop

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode for the peer: %v", err))
	}
	return data
}

// throughJSON is v as it comes out of a JSON document.
func throughJSON(t *testing.T, v any) any {
	t.Helper()
	var out any
	if err := decode(mustJSON(v), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func mustEqual(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

// segmentOf reads one segment of a JWS that holds an object.
func segmentOf(jws string, n int) map[string]any {
	data, err := base64.RawURLEncoding.DecodeString(strings.Split(jws, ".")[n])
	if err != nil {
		panic(fmt.Sprintf("read a token: %v", err))
	}
	return object(data)
}
