package verifytest

import (
	"encoding/base64"
	"maps"
	"slices"
	"time"
)

// DataModel is a version of the W3C data model, and with it the form of a token:
// VC-JWT and VP-JWT of VCDM 1.1, or vc+jwt and vp+jwt of VCDM 2.0.
type DataModel uint8

const (
	VCDM1 DataModel = iota // claims vc and vp
	VCDM2                  // the document is the payload
)

var baseContext = map[DataModel]string{
	VCDM1: "https://www.w3.org/2018/credentials/v1",
	VCDM2: "https://www.w3.org/ns/credentials/v2",
}

// Document sets a member of the W3C document that a JWT secures, or removes it if
// value is nil. For a token of VCDM 2.0 it is the same as [With].
func Document(name string, value any) IssueOption {
	return func(_, payload map[string]any) {
		document := payload
		for _, claim := range []string{"vc", "vp"} {
			if inner, ok := payload[claim].(map[string]any); ok {
				document = inner
			}
		}
		if value == nil {
			delete(document, name)
			return
		}
		document[name] = value
	}
}

// PermitW3C makes the trust list permit the issuer to issue W3C credentials of a
// type under exactly these contexts, in this order.
func (i *Issuer) PermitW3C(typ string, contexts ...string) *Issuer {
	if i.w3c == nil {
		i.w3c = map[string][]string{}
	}
	i.w3c[typ] = contexts
	return i
}

// DID is the wallet's identifier: a did:jwk of its key, which by itself says what
// the key is.
func (w *Wallet) DID() string {
	return "did:jwk:" + base64.RawURLEncoding.EncodeToString(w.key.jwk(""))
}

// IssueJWT signs a W3C credential about the wallet's holder as a JWT, for one year.
// Its type is the first in order of those that [Issuer.PermitW3C] named.
func (i *Issuer) IssueJWT(m DataModel, wallet *Wallet, claims map[string]any, opts ...IssueOption) []byte {
	index := i.serial
	i.serial++
	subject := map[string]any{"id": wallet.DID()}
	for name, value := range claims {
		subject[name] = value
	}
	document := map[string]any{
		"@context": []string{baseContext[m]}, "type": []string{"VerifiableCredential"},
		"issuer": i.id, "credentialSubject": subject,
	}
	if types := slices.Sorted(maps.Keys(i.w3c)); len(types) > 0 {
		document["type"] = []string{"VerifiableCredential", types[0]}
		document["@context"] = slices.Clone(i.w3c[types[0]])
	}
	now, end := i.world.now, i.world.now.AddDate(1, 0, 0)
	payload := map[string]any{
		"iss": i.id, "iat": now.Unix(), "exp": end.Unix(),
		"status": map[string]any{"status_list": map[string]any{"idx": index, "uri": i.statusURI}},
	}
	header := map[string]any{"kid": "1"}
	if m == VCDM1 {
		header["typ"] = "JWT"
		document["issuanceDate"], document["expirationDate"] = now.Format(time.RFC3339), end.Format(time.RFC3339)
		payload["nbf"], payload["sub"], payload["vc"] = now.Unix(), wallet.DID(), document
	} else {
		header["typ"], header["cty"] = "vc+jwt", "vc"
		document["validFrom"], document["validUntil"] = now.Format(time.RFC3339), end.Format(time.RFC3339)
		for name, value := range document {
			payload[name] = value
		}
	}
	for _, o := range opts {
		o(header, payload)
	}
	return i.key.sign(header, mustJSON(payload))
}

// PresentJWT makes a presentation of credentials in answer to a challenge, as a JWT
// at the world's time. A credential is a token as text, or a document as a map;
// [Enveloped] makes of a token what VCDM 2.0 wants.
func (w *Wallet) PresentJWT(m DataModel, audience, nonce string, credentials []any, opts ...IssueOption) []byte {
	document := map[string]any{
		"@context": []string{baseContext[m]}, "type": []string{"VerifiablePresentation"},
		"holder": w.DID(), "verifiableCredential": credentials,
	}
	payload := map[string]any{"iss": w.DID(), "aud": audience, "nonce": nonce, "iat": w.world.now.Unix()}
	header := map[string]any{"kid": w.DID() + "#0"}
	if m == VCDM1 {
		header["typ"], payload["vp"] = "JWT", document
	} else {
		header["typ"], header["cty"] = "vp+jwt", "vp"
		for name, value := range document {
			payload[name] = value
		}
	}
	for _, o := range opts {
		o(header, payload)
	}
	return w.key.sign(header, mustJSON(payload))
}

// Enveloped is a secured credential or presentation as it stands in a presentation
// of VCDM 2.0 (§4.13).
func Enveloped(mediaType string, token []byte) map[string]any {
	typ := "EnvelopedVerifiableCredential"
	if mediaType == "application/vp+jwt" {
		typ = "EnvelopedVerifiablePresentation"
	}
	return map[string]any{"@context": baseContext[VCDM2], "type": typ, "id": "data:" + mediaType + "," + string(token)}
}
