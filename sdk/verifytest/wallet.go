package verifytest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// Wallet holds one holder's key.
type Wallet struct {
	world *World
	key   keyPair
}

// AddWallet makes a wallet with a P-256 key of its own.
func (w *World) AddWallet() *Wallet { return w.AddWalletFor(credential.ES256) }

// AddWalletFor makes a wallet whose key signs with the given algorithm; wallets
// of the NDI family hold Ed25519 keys, which also make for smaller codes.
func (w *World) AddWalletFor(a credential.Algorithm) *Wallet {
	w.wallets++
	return &Wallet{world: w, key: deriveKeyFor(a, fmt.Sprintf("%s/wallet/%d", w.name, w.wallets))}
}

// PresentOption says what is presented and how possession is proved.
type PresentOption func(*presentation)

type presentation struct {
	disclose []string
	all      bool
	bind     bool
	header   map[string]any
	payload  map[string]any
}

// Disclose names the claims to disclose; all of them if it is not given.
func Disclose(names ...string) PresentOption {
	return func(p *presentation) { p.disclose, p.all = append(p.disclose, names...), false }
}

// To proves possession of the holder's key to audience, at the world's time.
// Without it the presentation is a bearer copy.
func To(audience string) PresentOption {
	return func(p *presentation) { p.bind = true; p.payload["aud"] = audience }
}

// Nonce answers a challenge.
func Nonce(nonce string) PresentOption {
	return func(p *presentation) { p.payload["nonce"] = nonce }
}

// MadeAt sets the time of the proof.
func MadeAt(at time.Time) PresentOption {
	return func(p *presentation) { p.payload["iat"] = at.Unix() }
}

// KB sets a member of the key-binding JWT's payload, or removes it if value is
// nil.
func KB(name string, value any) PresentOption {
	return setMember(func(p *presentation) map[string]any { return p.payload }, name, value)
}

// KBHeader sets a member of the key-binding JWT's header, or removes it if value
// is nil.
func KBHeader(name string, value any) PresentOption {
	return setMember(func(p *presentation) map[string]any { return p.header }, name, value)
}

func setMember(of func(*presentation) map[string]any, name string, value any) PresentOption {
	return func(p *presentation) {
		if value == nil {
			of(p)[name] = absent{}
			return
		}
		of(p)[name] = value
	}
}

// absent marks a member to be left out even if it has a default.
type absent struct{}

// Present makes a presentation of h in compact form (RFC 9901 §4): an SD-JWT, or
// an SD-JWT+KB if [To] is given.
func (w *Wallet) Present(h *Held, opts ...PresentOption) []byte {
	p := presentation{
		all:     true,
		header:  map[string]any{"typ": "kb+jwt"},
		payload: map[string]any{"iat": w.world.now.Unix()},
	}
	for _, o := range opts {
		o(&p)
	}
	var sd strings.Builder
	sd.WriteString(h.jwt)
	sd.WriteByte('~')
	for _, name := range h.names {
		if p.all || slices.Contains(p.disclose, name) {
			sd.WriteString(h.disclosures[name])
			sd.WriteByte('~')
		}
	}
	if !p.bind {
		return []byte(sd.String())
	}
	setDefault(p.payload, "sd_hash", digest(sd.String()))
	// RFC 9901 §4.3 requires a nonce; where no challenge reached the wallet it
	// picks one, which only makes the proof unique.
	setDefault(p.payload, "nonce", digest(sd.String() + fmt.Sprint(p.payload["iat"]))[:11])
	for _, m := range []map[string]any{p.header, p.payload} {
		for name, v := range m {
			if v == (absent{}) {
				delete(m, name)
			}
		}
	}
	sd.Write(w.key.sign(p.header, mustJSON(p.payload)))
	return []byte(sd.String())
}

func setDefault(m map[string]any, name string, value any) {
	if _, ok := m[name]; !ok {
		m[name] = value
	}
}

// digest is RFC 9901's digest of a disclosure and its sd_hash.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// shuffled orders digests by value, which hides the order of the claims
// (RFC 9901 §4.2.4.1).
func shuffled(digests []string) []string {
	sort.Strings(digests)
	return digests
}
