package main

import (
	"fmt"

	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/cwtclaims"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// cwt adds a CBOR web token's header and claims to the parts. What is encrypted has
// nothing to show.
func (x *structure) cwt(data []byte, values bool) error {
	if number, content, tagged, err := strictcbor.Untag(data); err == nil && tagged && number == 61 {
		data = content
	}
	if data[0] == 0xd0 || data[0] == 0x83 {
		x.Parts = append(x.Parts, part{"CWT, encrypted", nil})
		return nil
	}
	message, err := cose.ParseSign1(data)
	if err != nil {
		return fmt.Errorf("CWT: %w", err)
	}
	set, err := cwtclaims.Read(message.Payload)
	if err != nil {
		return fmt.Errorf("CWT, claims: %w", err)
	}
	header := map[string]any{"alg": string(message.Algorithm)}
	for name, v := range map[string]string{"kid": cose.KeyName(message.KeyID), "typ": message.Type, "cty": message.ContentType} {
		if v != "" {
			header[name] = v
		}
	}
	if n := len(message.X5Chain); n > 0 {
		header["x5chain"] = make([]any, n)
	}
	x.Parts = append(x.Parts,
		part{"CWT, header", members(header, headerMembers, values)},
		part{"CWT, claims", members(set.Values, credentialMembers, values)})
	return nil
}
