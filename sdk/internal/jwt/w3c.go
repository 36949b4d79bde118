package jwt

import (
	"errors"

	"github.com/dzong-id/dzong/sdk/internal/jws"
)

// W3C checks a token around a document of VCDM 2.0 by the rules of VC-JOSE-COSE.
// content is what cty must say if it is there: §3.1.1 and §3.1.2 say that it
// SHOULD be vc or vp, and what says to be something else is read as something else
// elsewhere. §3.1.3: "The JWT Claim Names vc and vp MUST NOT be present", which
// would make the document one of VCDM 1.1 to another reader; in the header they
// are no less so (RFC 7519 §5.3).
func W3C(token *jws.Token, claims map[string]any, content string) error {
	for _, members := range []map[string]any{token.Params, claims} {
		_, vc := members["vc"]
		_, vp := members["vp"]
		if vc || vp {
			return errors.New("a vc or vp claim around a document of VCDM 2.0")
		}
	}
	cty, there := token.Params["cty"]
	if !there {
		return nil
	}
	text, _ := cty.(string)
	if header := (&jws.Header{Typ: text}); !header.TypIs(content) {
		return errors.New("its cty is not that of what it holds")
	}
	return nil
}
