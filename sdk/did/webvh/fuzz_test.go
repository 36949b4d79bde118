package webvh_test

import (
	"errors"
	"os"
	"testing"

	"github.com/dzong-id/dzong/sdk/did/webvh"
	"github.com/dzong-id/dzong/sdk/reason"
)

// No bytes make Verify panic, answer without a code, or take a log under a name it
// does not have.
func FuzzVerify(f *testing.F) {
	l := fresh(set("witness", fresh().Witnesses(1, "w1")), set("portable", true))
	l.Update("0", set("nextKeyHashes", []any{l.KeyHash("1")}))
	l.Approve(2, "w1")
	f.Add(l.ID(), l.Log(), l.Witness())
	f.Add(fresh().ID(), fresh().Log(), []byte(nil))
	f.Add("did:webvh:x", []byte("{}\n"), []byte("[]"))
	if root := os.Getenv("DZONG_VECTORS"); root != "" {
		for _, p := range logs(f) {
			f.Add(p.id, p.log, p.witness)
		}
	}
	f.Fuzz(func(t *testing.T, id string, log, witness []byte) {
		got, err := webvh.Verify(id, log, witness, later)
		var coded *reason.Error
		switch {
		case err != nil && (got != nil || !errors.As(err, &coded)):
			t.Fatalf("%v, %v", got, err)
		case err == nil && got.Document() == nil:
			t.Fatal("a log without a document is taken")
		case err == nil:
			named := false
			for _, v := range got.Versions() {
				named = named || v.Document.ID == id
			}
			if !named {
				t.Fatalf("the log is taken for %q", id)
			}
		}
	})
}
