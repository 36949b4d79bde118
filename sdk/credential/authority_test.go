package credential_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// certified makes a certificate called id under parent, or by itself if that is
// nil.
func certified(t *testing.T, id string, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: id}, SubjectKeyId: []byte(id), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	if parent == nil {
		parent, parentKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

// Only what the key was trusted through says whose it is.
func TestAuthorityKeyIDs(t *testing.T) {
	root, rootKey := certified(t, "root", nil, nil)
	between, betweenKey := certified(t, "between", root, rootKey)
	leaf, _ := certified(t, "leaf", between, betweenKey)
	stranger, _ := certified(t, "stranger", nil, nil)
	named := func(c *x509.Certificate) credential.Key {
		sum := sha256.Sum256(c.Raw)
		k, err := credential.NewKey("sha256:"+hex.EncodeToString(sum[:]), c.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	chain := func(certs ...*x509.Certificate) (out [][]byte) {
		for _, c := range certs {
			out = append(out, c.Raw)
		}
		return out
	}
	for name, c := range map[string]struct {
		key   credential.Key
		chain [][]byte
		want  []string
	}{
		"the whole chain":               {named(leaf), chain(leaf, between), []string{"between", "root"}},
		"the leaf alone":                {named(leaf), chain(leaf), []string{"between"}},
		"an authority that signed none": {named(leaf), chain(leaf, stranger, root), []string{"between"}},
		"one left out":                  {named(leaf), chain(leaf, root), []string{"between"}},
		"garbage behind":                {named(leaf), append(chain(leaf, between), []byte("x")), []string{"between", "root"}},
		"a key found another way":       {named(leaf).WithID("1"), chain(leaf, between), nil},
		"another leaf":                  {named(leaf), chain(stranger, between), nil},
		"no chain":                      {named(leaf), nil, nil},
		"no key":                        {credential.Key{}, chain(leaf), nil},
	} {
		got := credential.AuthorityKeyIDs(c.key, c.chain)
		if !slices.EqualFunc(got, c.want, func(id []byte, want string) bool { return bytes.Equal(id, []byte(want)) }) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
