package mdoc

import (
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// proveIssuer is §9.3.1 steps 1 and 2: the certificate, and with its key the
// signature of issuerAuth. Nothing in the MSO is looked at before. Who may be
// behind a chain of certificates is for the keys' finder to say (§9.3.3).
func (d *document) proveIssuer(ev credential.Evidence, c *credential.Credential) (credential.Key, bool) {
	no := func(checks ...credential.Check) (credential.Key, bool) {
		c.Checks = append(c.Checks, checks...)
		return credential.Key{}, false
	}
	alg := d.issuerAuth.Algorithm
	if !ev.Algorithms.OrDefault().Has(alg) {
		return no(credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, ""))
	}
	if ev.Keys == nil {
		return no(credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, ""))
	}
	keys, found := ev.Keys.Find(credential.Signer{Role: credential.RoleIssuer, Chain: d.issuerAuth.X5Chain, Algorithm: alg})
	c.Checks = append(c.Checks, found...)
	for _, check := range found {
		if check.Verdict != reason.Passed {
			return credential.Key{}, false
		}
	}
	if len(keys) == 0 {
		return no(credential.Fail(reason.CheckKey, reason.KeyUnknown, ""))
	}
	suitable := false
	for _, k := range keys {
		if !k.Permits(credential.AssertionMethod) || !k.Algorithms().Has(alg) {
			continue
		}
		suitable = true
		if d.issuerAuth.Verify(k, nil, nil) == nil {
			c.Checks = append(c.Checks, credential.Pass(reason.CheckAlgorithm, string(alg)), credential.Pass(reason.CheckSignature, k.ID()))
			return k, true
		}
	}
	if !suitable {
		return no(credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, ""))
	}
	return no(credential.Pass(reason.CheckAlgorithm, string(alg)), credential.Fail(reason.CheckSignature, reason.SignatureInvalid, ""))
}
