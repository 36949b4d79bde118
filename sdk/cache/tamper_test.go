package cache

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/google/go-cmp/cmp"
)

func changed(token []byte) []byte {
	b := bytes.Clone(token)
	i := bytes.LastIndexByte(b, '.') + 10
	if b[i]++; b[i] == '{' || b[i] == '[' {
		b[i] = 'A'
	}
	return b
}

func TestARefusedListIsToldFromOneThatNeverCame(t *testing.T) {
	c, _ := filled(t)
	if err := c.PutStatus(ctx, uri2, token(t, "other", uri2, start, 0)); err == nil {
		t.Fatal("taken")
	}
	if diff := cmp.Diff(map[string]reason.Code{uri2: reason.StatusListInvalid}, c.Snapshot().Refused); diff != "" {
		t.Error(diff)
	}
	if err := c.PutStatus(ctx, "https://status.example/unasked", []byte("x")); err == nil || len(c.Snapshot().Refused) != 1 {
		t.Error("a list that nobody asks for is remembered")
	}
	must(t, c.PutStatus(ctx, uri2, token(t, "issuer", uri2, start, 0)))
	if len(c.Snapshot().Refused) != 0 || len(c.Missing()) != 0 {
		t.Errorf("still refused: %v, missing %v", c.Snapshot().Refused, c.Missing())
	}
}

func TestTamperedFilesArePutAside(t *testing.T) {
	for name, tamper := range map[string]func(data []byte) []byte{
		"a changed byte": changed,
		"cut short":      func(data []byte) []byte { return data[:len(data)/2] },
		"empty":          func([]byte) []byte { return nil },
		"zeros":          func(data []byte) []byte { return make([]byte, len(data)) },
		"too long":       func([]byte) []byte { return bytes.Repeat([]byte("A"), limits.StatusToken+1) },
		"other bytes":    func([]byte) []byte { return []byte("{}") },
		"signed by another": func([]byte) []byte {
			return sign(t, key(t, "other"), status.TokenType, "k", obj{"sub": uri1, "iat": 1})
		},
	} {
		t.Run("trust list: "+name, func(t *testing.T) {
			_, d := filled(t)
			d.files["trust.jwt"].data = tamper(d.files["trust.jwt"].data)
			c := reopen(t, d)
			if s := c.Snapshot(); s.Trust != nil || len(s.Status) > 0 {
				t.Error("it is used")
			}
			if len(d.names("trust.jwt.refused")) != 1 || d.files["trust.jwt"] != nil {
				t.Errorf("files are %v", d.names(""))
			}
			if m := c.Missing(); len(m) != 1 || m[0].Code != reason.TrustStale || !strings.Contains(m[0].Sentence, "put aside") {
				t.Errorf("missing: %v", m)
			}
			if err := c.PutTrust(ctx, signedTrust(t, 4)); !errors.Is(err, ErrOlder) {
				t.Errorf("the way back is open: %v", err)
			}
			must(t, c.PutTrust(ctx, signedTrust(t, 5)))
			if value(t, c, uri1, 0) != status.Invalid {
				t.Error("the status list did not come back")
			}
		})
		t.Run("status list: "+name, func(t *testing.T) {
			_, d := filled(t)
			file := statusName(uri1) + ".jwt"
			d.files[file].data = tamper(d.files[file].data)
			c := reopen(t, d)
			s := c.Snapshot()
			if s.Status[uri1] != nil || s.Refused[uri1] != reason.StatusListInvalid || s.Trust == nil {
				t.Errorf("snapshot is %+v", s)
			}
			if len(d.names(".jwt.refused")) != 1 || d.files[file] != nil {
				t.Errorf("files are %v", d.names(""))
			}
			for _, e := range c.Entries() {
				if e.Resource == uri1 {
					t.Error("the list is reported to be at hand, and would not be fetched again")
				}
			}
			must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, 0x01)))
			if len(c.Snapshot().Refused) != 0 || codes(c)[uri1] != "" {
				t.Error("still refused")
			}
		})
	}
}

func TestAMistakenRootDoesNotCostTheKnowledge(t *testing.T) {
	_, d := filled(t)
	mistaken, err := open(d, key(t, "mistaken").Public(""), Now(atStart))
	must(t, err)
	if mistaken.Snapshot().Trust != nil || len(mistaken.Snapshot().Status) > 0 {
		t.Error("knowledge counts under a root that did not sign it")
	}
	c := reopen(t, d)
	if c.Snapshot().Trust == nil || value(t, c, uri1, 0) != status.Invalid || len(d.names(".refused")) > 0 {
		t.Errorf("the knowledge did not come back: %v", d.names(""))
	}
}

func TestSidecarsAreNotTrusted(t *testing.T) {
	for name, tamper := range map[string]string{
		"lost":                  "",
		"junk":                  "\x00\x00",
		"for another URI":       `{"uri":"https://evil.example","etag":"\"x\""}`,
		"with a strange member": `{"uri":"` + uri1 + `","x":1}`,
		"for other bytes":       `{"uri":"` + uri1 + `","etag":"\"x\"","sha256":"00"}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, d := filled(t)
			file := statusName(uri1) + ".json"
			if tamper == "" {
				delete(d.files, file)
			} else {
				d.files[file].data = []byte(tamper)
			}
			c := reopen(t, d)
			if value(t, c, uri1, 0) != status.Invalid || len(c.Snapshot().Status) != 1 {
				t.Error("the list is lost")
			}
			if e := c.Entries(); len(e) != 2 || e[1].ETag != "" {
				t.Errorf("an ETag that belongs to other bytes is kept: %+v", e)
			}
		})
	}
}
