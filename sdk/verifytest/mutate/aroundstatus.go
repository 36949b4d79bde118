package mutate

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verify"
)

// setStatus puts a list in place of another in which every entry is set.
func setStatus(_ *rand.Rand, know *verify.Snapshot, uri string, p *positive) bool {
	// "refresh" revokes nobody.
	return !slices.Contains(p.know.Status[uri].Purposes, "refresh") && put(know, uri, p, 0xff, int(p.know.Status[uri].Len()))
}

// shortStatus puts a list in place of another that has no entry.
func shortStatus(_ *rand.Rand, know *verify.Snapshot, uri string, p *positive) bool {
	return put(know, uri, p, 0, 0)
}

// strangeStatus has the list signed by somebody else, or called by another name.
func strangeStatus(r *rand.Rand, know *verify.Snapshot, uri string, p *positive) bool {
	other := *p.know.Status[uri]
	if r.IntN(2) == 0 {
		other.Signers = []string{"https://stranger.example"}
	} else {
		other.URI += "/2"
	}
	know.Status[uri] = &other
	return true
}

// put puts a list in place of another: so many entries, all of them alike.
func put(know *verify.Snapshot, uri string, p *positive, entry byte, entries int) bool {
	was := p.know.Status[uri]
	if was.Mechanism == credential.StatusHealthCard {
		return false // it names whom it revokes
	}
	bits := max(1, int(was.Bits))
	key := attacker(credential.ES256)
	token, err := jws.Sign(map[string]any{"typ": "statuslist+jwt", "kid": "1"}, mustJSON(map[string]any{
		"sub": uri, "iat": was.IssuedAt.Unix(),
		"status_list": map[string]any{"bits": bits, "lst": base64.RawURLEncoding.EncodeToString(
			compress(bytes.Repeat([]byte{entry}, (entries*bits+7)/8), 1))},
	}), key)
	if err != nil {
		return false
	}
	list, err := status.Token().Open(uri, []byte(token), credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
		return []credential.Key{key.Public("1")}, nil
	}), was.IssuedAt)
	if err != nil {
		return false
	}
	// All but its entries is the original's.
	list.Mechanism, list.Purposes, list.Signers, list.KeyID = was.Mechanism, was.Purposes, was.Signers, was.KeyID
	list.IssuedAt, list.Expires, list.TTL = was.IssuedAt, was.Expires, was.TTL
	know.Status[uri] = list
	return true
}
