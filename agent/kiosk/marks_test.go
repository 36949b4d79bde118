package kiosk

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// marked is every form in which a marked value could have been written: as it
// is, encoded, and as an unkeyed digest.
func marked() []string {
	all := []string{"MARKER", base64.StdEncoding.EncodeToString([]byte("MARKER"))[:8], hex.EncodeToString([]byte("MARKER"))}
	for _, v := range []string{"MARKER-NAME-ZQX", "MARKER-11223344556", "MARKER-PORTRAIT", "MARKER-VILLAGE", "MARKER-JTI", "MARKER-SUB"} {
		s256, s1, m5 := sha256.Sum256([]byte(v)), sha1.Sum([]byte(v)), md5.Sum([]byte(v))
		for _, sum := range [][]byte{s256[:], s1[:], m5[:]} {
			all = append(all, digestForms(sum)...)
		}
	}
	return all
}

func digestForms(sum []byte) []string {
	return []string{
		string(sum), hex.EncodeToString(sum), strings.ToUpper(hex.EncodeToString(sum)),
		base64.RawStdEncoding.EncodeToString(sum), base64.RawURLEncoding.EncodeToString(sum),
	}
}

// holderThumbprint is the holder's key as it could have been written.
func holderThumbprint(b *branch) []string {
	held := b.registry.Issue(b.wallet, map[string]any{})
	v, err := verify.New(b.world, verify.Formats(sdjwt.Mechanism()), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := v.Verify(context.Background(), verify.Input{
		Presented: verify.One(b.wallet.Present(held, verifytest.To(audience))),
		Binding:   credential.Fresh(audience, time.Minute),
		At:        b.world.Now(),
	})
	if err != nil || !r.Accepted() {
		b.t.Fatalf("%v, %v", r.Reasons(), err)
	}
	c := r.Credentials()[0]
	thumb, err := base64.RawURLEncoding.DecodeString(c.Holder)
	if err != nil || len(thumb) != 32 {
		b.t.Fatal("no thumbprint")
	}
	x, _ := c.Claims().String("cnf", "jwk", "x")
	if len(x) < 40 || bytes.ContainsAny([]byte(x), " ") {
		b.t.Fatal("no holder key")
	}
	return append(digestForms(thumb), x)
}
