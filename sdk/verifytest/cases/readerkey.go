package cases

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"errors"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// readerKey is the reader's ephemeral key, nil if the case has none.
func (b *Binding) readerKey() (*ecdh.PrivateKey, error) {
	if len(b.ReaderKey) == 0 {
		return nil, nil
	}
	return ReaderKey(b.ReaderKey)
}

// ReaderKey reads a reader's ephemeral key: a private JWK (RFC 7518 §6.2.2) on
// P-256, P-384 or P-521, whose public half must be its own.
func ReaderKey(data []byte) (*ecdh.PrivateKey, error) {
	jwk, err := strictjson.DecodeObject(data)
	if err != nil {
		return nil, err
	}
	text, _ := jwk["d"].(string)
	d, err := base64url.Decode(text)
	if err != nil || len(d) == 0 {
		return nil, errors.New("d is missing or no base64url: deviceMac needs the reader's private key")
	}
	delete(jwk, "d")
	public, err := credential.ParseJWKMap(jwk)
	if err != nil {
		return nil, err
	}
	ec, ok := public.Public().(*ecdsa.PublicKey)
	if !ok {
		return nil, errors.New("the key is on none of P-256, P-384, P-521")
	}
	half, err := ec.ECDH()
	if err != nil {
		return nil, errors.New("the key is on none of P-256, P-384, P-521")
	}
	key, err := half.Curve().NewPrivateKey(d)
	if err != nil || !key.PublicKey().Equal(half) {
		return nil, errors.New("d is not the private half of x and y")
	}
	return key, nil
}
