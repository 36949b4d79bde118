package vcdm

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Enclose makes a member of verifiableCredential into bytes to be opened on their
// own. object is the member, unless it is a string (1.1 §6.3.1: a credential in
// JWT form). Errors are *reason.Error.
func Enclose(v any) (e credential.Enclosed, object map[string]any, err error) {
	switch v := v.(type) {
	case string:
		return credential.Enclosed{Format: credential.FormatJWTVC, Data: []byte(v)}, nil, nil
	case map[string]any:
		if IsEnvelope(Types(v["type"])) {
			e, err := Unwrap(v)
			return e, v, err
		}
		data, err := json.Marshal(v)
		if err != nil {
			return e, nil, refuse(reason.Malformed, "it cannot be written")
		}
		return credential.Enclosed{Format: credential.FormatLDPVC, Data: data}, v, nil
	}
	return e, nil, refuse(reason.Malformed, "it is no object")
}

// IsEnvelope reports whether types are those of a wrapper around a secured
// document (2.0 §4.13).
func IsEnvelope(types []string) bool {
	return slices.Contains(types, "EnvelopedVerifiableCredential") || slices.Contains(types, "EnvelopedVerifiablePresentation")
}

// Unwrap reads an envelope. 2.0 §4.13: "The id value of the object MUST be a data:
// URL [RFC2397] that expresses a secured verifiable credential using an enveloping
// security scheme". Text comes percent-encoded, bytes in base64. Errors are
// *reason.Error.
func Unwrap(m map[string]any) (credential.Enclosed, error) {
	id, _ := m["id"].(string)
	head, data, ok := strings.Cut(id, ",")
	mediaType, isData := strings.CutPrefix(head, "data:")
	if !ok || !isData || data == "" {
		return credential.Enclosed{}, refuse(reason.Malformed, "it holds no data: URL")
	}
	mediaType, inBase64 := strings.CutSuffix(mediaType, ";base64")
	mediaType, _, _ = strings.Cut(mediaType, ";")
	data, err := url.PathUnescape(data)
	if err != nil {
		return credential.Enclosed{}, refuse(reason.Malformed, "its data: URL is not percent-encoded")
	}
	inside := []byte(data)
	if inBase64 {
		if strings.ContainsAny(data, "\r\n") {
			return credential.Enclosed{}, refuse(reason.Malformed, "its data: URL is no base64")
		}
		if inside, err = base64.StdEncoding.Strict().DecodeString(data); err != nil {
			return credential.Enclosed{}, refuse(reason.Malformed, "its data: URL is no base64")
		}
	}
	if text := strings.TrimLeft(string(inside), " \t\r\n"); strings.HasPrefix(text, "{") {
		// What is JSON needs no envelope, and no enveloping scheme makes any.
		return credential.Enclosed{}, refuse(reason.FormatUnsupported, "it is around JSON")
	}
	return credential.Enclosed{
		Format: credential.Format(strings.TrimPrefix(mediaType, "application/")),
		Data:   inside,
	}, nil
}

func refuse(code reason.Code, what string) error {
	return &reason.Error{Code: code, Doing: "open what a presentation encloses: " + what}
}
