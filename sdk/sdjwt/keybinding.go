package sdjwt

import (
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/reason"
)

// proveHolder is RFC 9901 §7.3. Whether key binding is wanted comes from the
// binding alone: "This decision MUST NOT be based on whether or not a Key Binding
// JWT is provided by the Holder" (step 1).
func (p *presentation) proveHolder(ev credential.Evidence, c *credential.Credential) {
	kind := ev.Binding.Kind()
	switch {
	case !ev.Binding.Valid(), kind == credential.BindingSession:
		// Nothing an SD-JWT holds can satisfy it.
		c.Checks = append(c.Checks, credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, ""))
	case p.keyBinding == nil && ev.Presenter != nil:
		// The proof over the presentation around it serves for this one too.
		jwt.Enclosed(ev, p.claims.holder, c)
	case kind == credential.BindingBearer:
		// Nothing is wanted. A proof that is there all the same must be a proof: a
		// broken one says that somebody put together what does not belong together.
		if p.keyBinding != nil {
			check, _ := p.provePossession(ev, c)
			c.Checks = append(c.Checks, check)
		}
	case p.keyBinding == nil:
		// Step 2: "If Key Binding is required and the Holder has provided an SD-JWT
		// (without Key Binding), the Verifier MUST reject the presentation."
		c.Checks = append(c.Checks, credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, ""))
	default:
		p.proveBinding(ev, c)
	}
}

// provePossession is steps 5.a to 5.d and 5.g: the signature of the holder's own
// key over this very set of disclosures. signed says that the holder's key made
// the signature, whatever else is wrong.
func (p *presentation) provePossession(ev credential.Evidence, c *credential.Credential) (check credential.Check, signed bool) {
	token := p.keyBinding.token
	// a. "Determine the public key for the Holder from the SD-JWT".
	if c.Holder == nil {
		return credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, ""), false
	}
	// b. "Ensure that a signing algorithm was used that was deemed secure for the
	// application. [...] The "none" algorithm MUST NOT be accepted."
	if !ev.Algorithms.OrDefault().Has(token.Alg) {
		return credential.Fail(reason.CheckHolder, reason.AlgorithmRefused, ""), false
	}
	// c. "Validate the signature over the Key Binding JWT".
	if token.Verify(*c.Holder) != nil {
		return credential.Fail(reason.CheckHolder, reason.HolderBindingMismatch, ""), false
	}
	// d. "Check that the typ of the Key Binding JWT is kb+jwt".
	// g. "Calculate the digest over the Issuer-signed JWT and Disclosures as
	// defined in Section 4.3.1 and verify that it matches the value of the sd_hash
	// claim".
	sdHash, _ := p.keyBinding.payload["sd_hash"].(string)
	if !token.TypIs("kb+jwt") || sdHash != p.sdHash {
		return credential.Fail(reason.CheckHolder, reason.HolderBindingMismatch, ""), true
	}
	return credential.Pass(reason.CheckHolder, ""), true
}

// proveBinding checks a proof that was asked for: possession, for whom, in answer
// to what, and when. Unless the holder's key signed it, nothing it says deserves
// an answer.
func (p *presentation) proveBinding(ev credential.Evidence, c *credential.Credential) {
	add := func(check credential.Check) { c.Checks = append(c.Checks, check) }
	possession, signed := p.provePossession(ev, c)
	if !signed {
		add(possession)
		return
	}
	payload := p.keyBinding.payload
	c.Replay = p.keyBinding.replay()
	var dated bool
	c.ProofTime, dated = jwt.NumericDate(payload["iat"])
	bound := ev.Binding.Kind() == credential.BindingBound
	nonce, hasNonce := payload["nonce"].(string)

	// §4.3: iat is REQUIRED; so is the nonce, which "MUST be a string", also where
	// it answers no challenge.
	if possession.Verdict == reason.Passed && (!dated || !hasNonce && !bound) {
		possession = credential.Fail(reason.CheckHolder, reason.HolderBindingMismatch, "")
	}
	// f. "Determine that the Key Binding JWT is bound to the current transaction
	// and was created for this Verifier (replay detection) by validating nonce and
	// aud claims." §4.3: aud "MUST be a single string".
	audience, _ := payload["aud"].(string)
	forUs := audience == ev.Binding.Audience()
	c.HolderBound = possession.Verdict == reason.Passed && forUs
	if possession.Verdict != reason.Passed || forUs {
		add(possession)
	}
	if !forUs {
		add(credential.Fail(reason.CheckHolder, reason.AudienceMismatch, ""))
	}
	answers := !bound || nonce == ev.Binding.Nonce() // which is never empty
	if !answers {
		add(credential.Fail(reason.CheckFreshness, reason.NonceMismatch, ""))
	}
	if !dated {
		return // nothing to judge the time by; possession has failed for it
	}
	if fresh := p.freshness(ev, c.ProofTime); fresh.Verdict != reason.Passed || answers {
		add(fresh)
	}
}

// freshness is step 5.e: "Check that the creation time of the Key Binding JWT, as
// determined by the iat claim, is within an acceptable window", and 5.h for its
// exp and nbf. A challenge bounds the age by itself; without one the binding's
// window does, both ways.
func (p *presentation) freshness(ev credential.Evidence, made time.Time) credential.Check {
	proof := jwt.Proof{Made: made}
	// One that is no date cannot be kept to.
	over := time.Unix(0, 0)
	if v, ok := p.keyBinding.payload["nbf"]; ok {
		if proof.NotBefore, ok = jwt.NumericDate(v); !ok {
			proof.Expires = over
		}
	}
	if v, ok := p.keyBinding.payload["exp"]; ok && proof.Expires.IsZero() {
		if proof.Expires, ok = jwt.NumericDate(v); !ok {
			proof.Expires = over
		}
	}
	return jwt.Freshness(ev, proof)
}
