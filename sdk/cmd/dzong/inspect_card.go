package main

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"

	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// cardMembers are shown of a SMART Health Card; rid would lead to its holder.
var cardMembers = []string{"iss", "nbf", "exp", "vc/credentialSubject/fhirVersion"}

// card takes a SMART Health Card apart: pairs of digits, a JWS, DEFLATE.
func (x *structure) card(text []byte, values bool) error {
	digits := bytes.TrimPrefix(bytes.TrimPrefix(text, []byte("shc:/")), []byte("1/1/"))
	token := make([]byte, 0, len(digits)/2)
	for i := 0; i+1 < len(digits); i += 2 {
		token = append(token, (digits[i]-'0')*10+digits[i+1]-'0'+'-')
	}
	t, err := jws.Parse(token)
	if err != nil {
		return fmt.Errorf("health card: %w", err)
	}
	claims, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(t.Payload)), limits.Decompressed+1))
	if err != nil || len(claims) > limits.Decompressed {
		return &reason.Error{Code: reason.Malformed, Doing: "unfold health card", Err: err}
	}
	object, err := strictjson.DecodeObject(claims)
	if err != nil {
		return fmt.Errorf("health card, payload: %w", err)
	}
	x.Parts = append(x.Parts,
		part{"health card, header", members(t.Params, append([]string{"zip"}, headerMembers...), values)},
		part{"health card, payload", members(object, cardMembers, values)})
	return nil
}
