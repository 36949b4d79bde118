package verifytest

import (
	"bytes"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/mdoc"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

type mdocCollection struct{ casesOf[*mdocStage] }

// mdocCases is ISO/IEC 18013-5: what is accepted, then one cause each.
func mdocCases(c *collection) {
	all := mdocCollection{casesOf[*mdocStage]{c, newMDocStage, (*mdocStage).play}}
	all.accepted()
	all.signers()
	all.securityObjects()
	all.items()
	all.devices()
	all.responses()
	all.judged()
}

func (c mdocCollection) accepted() {
	c.accept("accepted-signature", "the device's signature over the session of an OpenID4VP request", func(*mdocStage) {})
	c.accept("accepted-mac", "the device's MAC, whose key the reader can derive", (*mdocStage).mac)
	c.accept("accepted-bearer", "no proof of possession wanted, and none looked at", (*mdocStage).bearer)
	c.accept("accepted-text", "the response as base64url text", func(s *mdocStage) { s.asText(func(t string) string { return t }) })
	c.accept("accepted-api", "over the Digital Credentials API", func(s *mdocStage) {
		s.session(must(mdoc.OpenID4VPDCAPIHandover{Origin: "https://bank.example", Nonce: caseNonce, JWKThumbprint: make([]byte, 32)}.SessionTranscript()))
	})
	c.accept("accepted-proximity", "in the same room, engaged by a QR code", func(s *mdocStage) {
		reader, _ := readerKey("reader")
		s.session(must(mdoc.Proximity{DeviceEngagement: []byte{0xa0}, ReaderKey: must(mdoc.EncodeReaderKey(reader.PublicKey()))}.SessionTranscript()))
		s.mac()
	})
	c.accept("accepted-subset", "two elements of seven disclosed", func(s *mdocStage) {
		s.presented(DiscloseElements(licenceSpace, "family_name", "age_over_18"))
		s.want = map[string]any{licenceSpace: map[string]any{"family_name": "Example", "age_over_18": true}}
	})
	c.accept("accepted-values", "a date as text, bytes as base64url", func(s *mdocStage) {
		s.want = map[string]any{licenceSpace: map[string]any{"birth_date": "1990-01-01", "portrait": "_9j_"}, licenceLocal: map[string]any{"gewog": "Example"}}
	})
	c.accept("accepted-nothing", "no element disclosed at all", func(s *mdocStage) {
		s.presented(DiscloseElements(licenceSpace))
		s.want = map[string]any{}
	})
	c.accept("accepted-sha-512", "digests by SHA-512", func(s *mdocStage) {
		s.issued(func(m *mdocIssue) {
			m.mso["digestAlgorithm"] = "SHA-512"
			m.hash = func(b []byte) []byte { sum := sha512.Sum512(b); return sum[:] }
		})
	})
	for _, alg := range []credential.Algorithm{credential.ES384, credential.ES512, credential.EdDSA} {
		c.accept("accepted-device-"+strings.ToLower(string(alg)), "a device that signs with "+string(alg), func(s *mdocStage) { s.wallet = s.world.AddWalletFor(alg) })
	}
	c.accept("accepted-mac-p384", "a MAC agreed on over P-384", func(s *mdocStage) {
		s.wallet = s.world.AddWalletFor(credential.ES384)
		s.macOn(credential.ES384)
	})
	c.accept("accepted-two", "two documents of one holder in one response", func(s *mdocStage) {
		s.presented(Beside(s.issuer.IssueMDoc(s.wallet, map[string]map[string]any{licenceSpace: {"given_name": "Pema"}})))
	})
	c.accept("accepted-device-element", "an element that the device may sign for itself: no claim of the issuer's", func(s *mdocStage) {
		s.issued(authorise(map[string]any{"dataElements": map[string]any{licenceSpace: []string{"height"}}}))
		s.presented(func(p *mdocPresentation) { p.device = map[string]any{licenceSpace: map[string]any{"height": 170}} })
		s.want = map[string]any{licenceSpace: map[string]any{
			"family_name": "Example", "given_name": "Pema", "birth_date": "1990-01-01", "issuing_country": mdocCountry, "portrait": "_9j_", "age_over_18": true,
		}}
	})
	c.accept("accepted-last-moment", "the very moment of validUntil", func(s *mdocStage) { s.issued(ValidMDoc(Epoch, Epoch.Add(time.Hour))) })
	c.accept("accepted-fraction", "a date with a fraction, which the standard does not want and which is clear", func(s *mdocStage) {
		s.issued(date("signed", strictcbor.Tag{Number: 0, Content: "2026-11-02T09:00:00.5Z"}))
	})
	c.accept("accepted-policy", "the policy's docType and element are there, and the proof", func(s *mdocStage) {
		s.policy = `{"credentials":[{"id":"licence","types":["` + licenceType + `"],"required_claims":[["` + licenceSpace + `","family_name"]]}],"holder":{"proof_required":true,"same_key":true}}`
	})
	c.accept("accepted-signer-alone", "the trust list names the signer's own certificate", func(s *mdocStage) {
		s.trust = entry("x509", []any{map[string]any{"cert": pemOf(s.issuer.signer)}})
	})
	c.accept("accepted-later-members", "members of later editions beside those of the first", func(s *mdocStage) {
		s.issued(MSO(func(mso map[string]any) { mso["later"] = []any{1} }))
		s.presented(func(p *mdocPresentation) { p.response = func(r map[string]any) { r["zkDocuments"] = []any{} } })
	})
}

// signers are the rules on issuerAuth and on the certificate that it brings.
func (c mdocCollection) signers() {
	certified := func(s *mdocStage, change func(*x509.Certificate)) {
		chain := []certificate{s.issuer.documentSigner(change)}
		s.issued(func(m *mdocIssue) { m.chain = chain })
	}
	refused := func(name, comment string, change func(*x509.Certificate)) {
		c.reject(name, comment, func(s *mdocStage) { certified(s, change) }, reason.CertificateRefused)
	}
	header := func(label any, value any) MDocIssueOption {
		return func(m *mdocIssue) { m.message.Protected = map[any]any{label: value} }
	}

	c.reject("signature-flipped", "a bit of the issuer's signature is another", func(s *mdocStage) {
		s.held = s.issuer.IssueMDoc(s.wallet, s.elements)
		flipLast(s.held.issuerAuth)
	}, reason.SignatureInvalid)
	c.reject("mso-changed", "a date in the signed object is another", func(s *mdocStage) {
		s.bytes = swapped("2027-11-02T", "2028-11-02T")
	}, reason.SignatureInvalid)
	c.reject("alg-mac", "issuerAuth names a MAC as its algorithm", func(s *mdocStage) { s.issued(header(cose.LabelAlgorithm, 5)) }, reason.AlgorithmRefused)
	c.reject("alg-other", "issuerAuth names ES384, and its key is on P-256", func(s *mdocStage) { s.issued(header(cose.LabelAlgorithm, -35)) }, reason.AlgorithmRefused)
	c.reject("alg-missing", "issuerAuth names no algorithm where it is protected", func(s *mdocStage) {
		s.held = s.issuer.IssueMDoc(s.wallet, s.elements)
		s.held.issuerAuth = append([]byte{0x84, 0x40}, s.held.issuerAuth[5:]...) // h'a10126' becomes h''
	}, reason.Malformed)
	c.reject("crit", "a critical header that nobody here understands", func(s *mdocStage) {
		s.issued(func(m *mdocIssue) { m.message.Protected = map[any]any{cose.LabelCritical: []any{99}, 99: 1} })
	}, reason.Malformed)
	c.reject("issuer-unknown", "an authority that the trust list does not name", func(s *mdocStage) {
		s.held = s.world.NewMDocStranger("https://stranger.example", licenceType).IssueMDoc(s.wallet, s.elements)
	}, reason.CertificateRefused)
	c.reject("signer-other-key", "a good certificate of somebody else's key", func(s *mdocStage) { s.issued(func(m *mdocIssue) { m.key = otherSigner() }) }, reason.SignatureInvalid)
	c.reject("signer-missing", "no certificate", func(s *mdocStage) { s.issued(func(m *mdocIssue) { m.message.Unprotected = map[any]any{} }) }, reason.Malformed)
	c.reject("signer-none", "a certificate that is none", func(s *mdocStage) {
		s.issued(func(m *mdocIssue) { m.message.Unprotected = map[any]any{cose.LabelX5Chain: []byte("certificate")} })
	}, reason.CertificateRefused)
	c.reject("signer-text", "a certificate as text", func(s *mdocStage) {
		s.issued(func(m *mdocIssue) { m.message.Unprotected = map[any]any{cose.LabelX5Chain: "certificate"} })
	}, reason.Malformed)
	c.reject("signer-too-many", "a chain of more certificates than any", func(s *mdocStage) {
		chain := make([]certificate, limits.CertificateChain+1)
		for n := range chain {
			chain[n] = s.issuer.signer
		}
		s.issued(func(m *mdocIssue) { m.chain = chain })
	}, reason.TooLarge)
	c.reject("signer-other-authority", "an authority of the same name that nobody listed", func(s *mdocStage) {
		other := certify(certificate{}, "other iaca", nil, asIssuingAuthority)
		s.issued(func(m *mdocIssue) {
			m.chain = []certificate{s.issuer.signerUnder(other, func(*x509.Certificate) {}), other}
		})
	}, reason.CertificateRefused)
	c.reject("signer-self-signed", "a signer that certified itself", func(s *mdocStage) {
		s.issued(func(m *mdocIssue) {
			m.chain = []certificate{s.issuer.signerUnder(certificate{}, func(*x509.Certificate) {})}
		})
	}, reason.CertificateRefused)
	c.reject("signer-below-another", "an authority in between, which the root may not have", func(s *mdocStage) {
		between := certify(s.issuer.authority, "between iaca", nil, asIssuingAuthority)
		s.issued(func(m *mdocIssue) {
			m.chain = []certificate{s.issuer.signerUnder(between, func(*x509.Certificate) {}), between}
		})
	}, reason.CertificateRefused)
	refused("signer-no-usage", "a certificate without the usage of document signers", func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil })
	refused("signer-reader", "the certificate of a reader", func(c *x509.Certificate) {
		c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 0, 18013, 5, 1, 6}}
	})
	refused("signer-any-usage", "a certificate for any usage", func(c *x509.Certificate) {
		c.UnknownExtKeyUsage, c.ExtKeyUsage = nil, []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
	})
	refused("signer-is-authority", "a signer that is an authority itself", func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid = true, true
		c.KeyUsage |= x509.KeyUsageCertSign
	})
	refused("signer-key-agreement", "a certificate for key agreement", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement })
	refused("signer-other-country", "a signer of another country than its authority's", func(c *x509.Certificate) { c.Subject.Country = []string{"IN"} })
	refused("signer-no-country", "a signer of no country", func(c *x509.Certificate) { c.Subject.Country = nil })
	refused("signer-too-long", "a certificate for a day longer than any", func(c *x509.Certificate) { c.NotBefore = c.NotAfter.AddDate(0, 0, -458) })
	refused("signer-expired", "a certificate that ended a second ago", func(c *x509.Certificate) { c.NotAfter = Epoch.Add(time.Hour - time.Second) })
	refused("signer-of-tomorrow", "a certificate that has not begun", func(c *x509.Certificate) { c.NotBefore = Epoch.Add(time.Hour + time.Second) })
	refused("signed-before", "signed before the certificate began", func(c *x509.Certificate) { c.NotBefore = Epoch.Add(time.Second) })
	c.reject("country-other", "a driving licence of another country than its signer's", func(s *mdocStage) { s.elements[licenceSpace]["issuing_country"] = "IN" }, reason.CertificateRefused)
	c.reject("jurisdiction-other", "a driving licence of another district than its signer's", func(s *mdocStage) {
		s.elements[licenceSpace]["issuing_jurisdiction"] = "BT-11"
		certified(s, func(c *x509.Certificate) { c.Subject.Province = []string{"BT-15"} })
	}, reason.CertificateRefused)
	c.reject("signer-recertified", "another certificate of the signer's own key, by its holder or anybody, beside the one in the trust list", func(s *mdocStage) {
		s.trust = entry("x509", []any{map[string]any{"cert": pemOf(s.issuer.signer)}})
		certified(s, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(2) })
	}, reason.CertificateRefused)
	c.reject("signer-revoked", "the trust list revokes the signer's certificate from a time before", func(s *mdocStage) {
		s.trust = entry("revoked_keys", []any{map[string]any{"kid": digestOf(s.issuer.signer), "from": rfc3339(Epoch)}})
	}, reason.KeyRevoked)
	c.reject("issuer-not-for-type", "the authority may not issue this docType", func(s *mdocStage) { s.trust = entry("types", []string{"org.iso.23220.photoid.1"}) }, reason.IssuerNotForType)
	c.reject("issuer-over", "the authority's entry has ended", func(s *mdocStage) {
		s.trust, s.noList = entry("valid_until", rfc3339(Epoch.Add(time.Hour))), true
	}, reason.IssuerNotValid)
}

// securityObjects are the rules on what the issuer signs.
func (c mdocCollection) securityObjects() {
	malformed := func(name, comment string, change func(map[string]any)) {
		c.reject(name, comment, func(s *mdocStage) { s.issued(MSO(change)) }, reason.Malformed)
	}
	payload := func(name, comment string, change func([]byte) []byte) {
		c.reject(name, comment, func(s *mdocStage) { s.issued(func(m *mdocIssue) { m.payload = change }) }, reason.Malformed)
	}

	c.reject("mso-version", "a security object of a version to come", func(s *mdocStage) { s.issued(MSO(set("version", "2.0"))) }, reason.FormatUnsupported)
	malformed("mso-no-version", "a security object without a version", unset("version"))
	malformed("mso-digest-algorithm", "digests by an algorithm that is broken", set("digestAlgorithm", "SHA-1"))
	malformed("mso-no-digests", "a security object without digests", unset("valueDigests"))
	malformed("mso-no-type", "a security object without a docType", unset("docType"))
	malformed("mso-no-key", "a document that is bound to no key", unset("deviceKeyInfo"))
	malformed("mso-private-key", "a device key with its private half", set("deviceKeyInfo", map[string]any{"deviceKey": map[int]any{1: 2, -1: 1, -4: []byte{1}}}))
	malformed("mso-key-off-curve", "a device key that lies on no curve", set("deviceKeyInfo", map[string]any{"deviceKey": map[int]any{1: 2, -1: 1, -2: make([]byte, 32), -3: make([]byte, 32)}}))
	malformed("mso-status-negative", "a place in a status list below zero", set("status", map[string]any{"status_list": map[string]any{"idx": -1, "uri": "https://registry.example/status/1"}}))
	malformed("mso-status-null", "a status that is null is no status", set("status", nil))
	malformed("mso-key-twice", "a digest's number that is text", set("valueDigests", map[string]any{licenceSpace: map[string]any{"0": make([]byte, 32)}}))
	for name, value := range map[string]any{
		"text": "2026-11-02T09:00:00Z", "day": strictcbor.Tag{Number: 1004, Content: "2026-11-02"}, "seconds": strictcbor.Tag{Number: 1, Content: 1793610000},
		"short": strictcbor.Tag{Number: 0, Content: "2026-11-02"}, "thirteenth": strictcbor.Tag{Number: 0, Content: "2026-13-02T09:00:00Z"}, "null": nil,
	} {
		c.reject("mso-date-"+name, "a validUntil that is no tdate: "+name, func(s *mdocStage) { s.issued(date("validUntil", value)) }, reason.Malformed)
	}
	c.reject("mso-no-date", "a security object that does not say when it was signed", func(s *mdocStage) {
		s.issued(MSO(func(mso map[string]any) { delete(mso["validityInfo"].(map[string]any), "signed") }))
	}, reason.Malformed)
	payload("mso-not-wrapped", "a security object that is not embedded CBOR", func(b []byte) []byte { return b[len(b)-len(inner(b)):] })
	payload("mso-other-tag", "a security object under another tag", func(b []byte) []byte { return append([]byte{0xd8, 25}, b[2:]...) })
	payload("mso-trailing", "something behind the security object", func(b []byte) []byte { return append(b, 0) })
	payload("mso-trailing-inside", "something behind the security object, where it is embedded", func(b []byte) []byte {
		return must(strictcbor.Marshal(strictcbor.Tag{Number: 24, Content: append(inner(b), 0)}))
	})
	payload("mso-member-twice", "a member twice in the security object", func(b []byte) []byte {
		in := bytes.Clone(inner(b))
		in[0]++ // a map of one member more
		return must(strictcbor.Marshal(strictcbor.Tag{Number: 24, Content: append(in, must(strictcbor.Marshal("docType"))[0:]...)}))
	})
	c.reject("mso-detached", "a security object that is elsewhere", func(s *mdocStage) { s.issued(func(m *mdocIssue) { m.message.Detached = true }) }, reason.Malformed)
	c.reject("mso-expired", "the second after validUntil", func(s *mdocStage) { s.issued(ValidMDoc(Epoch, Epoch.Add(time.Hour-time.Second))) }, reason.Expired)
	c.reject("mso-not-yet-valid", "validFrom lies ahead", func(s *mdocStage) { s.issued(ValidMDoc(Epoch.Add(time.Hour+time.Second), Epoch.AddDate(1, 0, 0))) }, reason.NotYetValid)
	c.reject("mso-from-the-future", "signed two hours ahead", func(s *mdocStage) { s.issued(date("signed", tdate(Epoch.Add(3*time.Hour)))) }, reason.NotYetValid)
	c.reject("type-other-inside", "one docType outside, another inside, the signed one", func(s *mdocStage) {
		s.issued(MSO(set("docType", "org.example.other")))
		s.trust = entry("types", []string{"*"})
	}, reason.ClaimsNotCovered)
	c.reject("type-other-outside", "another docType outside than the signed one", func(s *mdocStage) {
		s.bearer()
		s.presented(document(set("docType", "org.example.other")))
	}, reason.ClaimsNotCovered)
}

// items are the rules on what is disclosed.
func (c mdocCollection) items() {
	uncovered := func(name, comment string, change func(*mdocStage)) {
		c.reject(name, comment, change, reason.ClaimsNotCovered)
	}
	digests := func(change func(map[string]map[uint64][]byte)) func(*mdocStage) {
		return func(s *mdocStage) {
			s.issued(MSO(func(mso map[string]any) { change(mso["valueDigests"].(map[string]map[uint64][]byte)) }))
		}
	}
	item := func(element string, change func(map[string]any)) func(*mdocStage) {
		return func(s *mdocStage) {
			s.issued(func(m *mdocIssue) {
				m.item = func(name string, item map[string]any) {
					if name == element {
						change(item)
					}
				}
			})
		}
	}
	encoded := func(change func(strictcbor.RawMessage) strictcbor.RawMessage) func(*mdocStage) {
		return func(s *mdocStage) {
			s.presented(func(p *mdocPresentation) {
				p.item = func(element string, encoded strictcbor.RawMessage) strictcbor.RawMessage {
					if element != "family_name" {
						return encoded
					}
					return change(bytes.Clone(encoded))
				}
			})
		}
	}
	spaces := func(change func(map[string][]strictcbor.RawMessage)) func(*mdocStage) {
		return func(s *mdocStage) {
			s.presented(document(func(d map[string]any) {
				change(d["issuerSigned"].(map[string]any)["nameSpaces"].(map[string][]strictcbor.RawMessage))
			}))
		}
	}

	uncovered("item-altered", "a disclosed value is another, so its digest is too", encoded(func(b strictcbor.RawMessage) strictcbor.RawMessage { return swapped("Example", "Sample1")(b) }))
	uncovered("item-random", "a disclosed random is another", encoded(func(b strictcbor.RawMessage) strictcbor.RawMessage {
		at := bytes.Index(b, []byte("random")) + len("random") + 1
		b[at] ^= 1
		return b
	}))
	uncovered("item-longer", "the same item in more bytes than were digested", encoded(func(b strictcbor.RawMessage) strictcbor.RawMessage {
		in := inner(b)
		return append([]byte{0xd8, 24, 0x59, byte(len(in) >> 8), byte(len(in))}, in...)
	}))
	uncovered("item-other-holder", "an item of somebody else's licence", func(s *mdocStage) {
		other := s.issuer.IssueMDoc(s.world.AddWallet(), map[string]map[string]any{licenceSpace: {"age_over_18": true, "birth_date": "", "family_name": "Other", "given_name": "", "issuing_country": ""}})
		for _, i := range other.items {
			if i.element == "family_name" {
				encoded(func(strictcbor.RawMessage) strictcbor.RawMessage { return i.encoded })(s)
			}
		}
	})
	uncovered("item-other-space", "an item in another namespace than the one it was signed in", spaces(func(m map[string][]strictcbor.RawMessage) {
		m[licenceLocal] = append(m[licenceLocal], m[licenceSpace][0])
		m[licenceSpace] = m[licenceSpace][1:]
		// Both namespaces count from 0, so the item takes another one's place.
		m[licenceLocal] = m[licenceLocal][1:]
	}))
	uncovered("item-unsigned-space", "an item in a namespace that nothing was signed in", spaces(func(m map[string][]strictcbor.RawMessage) {
		m["org.example"] = m[licenceLocal]
		delete(m, licenceLocal)
	}))
	uncovered("digest-swapped", "the digests of two items have changed places", digests(func(m map[string]map[uint64][]byte) {
		m[licenceSpace][0], m[licenceSpace][1] = m[licenceSpace][1], m[licenceSpace][0]
	}))
	uncovered("digest-missing", "an item without a digest", digests(func(m map[string]map[uint64][]byte) { delete(m[licenceSpace], 2) }))
	uncovered("digest-space-missing", "a namespace without digests", digests(func(m map[string]map[uint64][]byte) { delete(m, licenceLocal) }))
	uncovered("digest-short", "a digest of its first 16 bytes", digests(func(m map[string]map[uint64][]byte) { m[licenceSpace][2] = m[licenceSpace][2][:16] }))
	uncovered("digest-empty", "a digest of no bytes", digests(func(m map[string]map[uint64][]byte) { m[licenceSpace][2] = []byte{} }))
	uncovered("digest-inner", "digests over the items without their tags", func(s *mdocStage) {
		s.issued(func(m *mdocIssue) {
			whole := m.hash
			m.hash = func(b []byte) []byte { return whole(inner(b)) }
		})
	})
	c.reject("digest-id-twice", "two items under one digestID", item("family_name", set("digestID", 0)), reason.Malformed)
	c.reject("digest-id-missing", "an item without a digestID", item("family_name", unset("digestID")), reason.Malformed)
	c.reject("digest-id-negative", "an item with a digestID below zero", item("family_name", set("digestID", -1)), reason.Malformed)
	c.reject("digest-too-many", "more digests than any document has", digests(func(m map[string]map[uint64][]byte) {
		for n := range uint64(limits.Digests + 1) {
			m[licenceSpace][100+n] = []byte{}
		}
	}), reason.TooLarge)
	c.reject("element-twice", "two values of one element", item("given_name", set("elementIdentifier", "family_name")), reason.Malformed)
	c.reject("element-missing", "an item without an element", item("family_name", unset("elementIdentifier")), reason.Malformed)
	c.reject("value-missing", "an item without a value", item("family_name", unset("elementValue")), reason.Malformed)
	c.reject("value-nan", "a value that is not a number", item("family_name", set("elementValue", strictcbor.RawMessage{0xf9, 0x7e, 0})), reason.Malformed)
	c.reject("random-short", "a random of 15 bytes", item("family_name", set("random", make([]byte, 15))), reason.Malformed)
	c.reject("random-missing", "an item without a random", item("family_name", unset("random")), reason.Malformed)
	c.reject("random-text", "a random that is text", item("family_name", set("random", strings.Repeat("0", 16))), reason.Malformed)
	c.reject("item-twice", "one item stands there twice", spaces(func(m map[string][]strictcbor.RawMessage) {
		m[licenceSpace] = append(m[licenceSpace], m[licenceSpace][0])
	}), reason.Malformed)
	c.reject("item-not-wrapped", "an item that is not embedded CBOR", encoded(func(b strictcbor.RawMessage) strictcbor.RawMessage { return inner(b) }), reason.Malformed)
	c.reject("space-empty", "a namespace without items", spaces(func(m map[string][]strictcbor.RawMessage) { m[licenceLocal] = []strictcbor.RawMessage{} }), reason.Malformed)
	c.reject("items-too-many", "more items than any document has", func(s *mdocStage) {
		for n := range limits.Disclosures {
			s.elements[licenceLocal][fmt.Sprint("e", n)] = n
		}
	}, reason.TooLarge)
}

// devices are the rules on the proof of possession, and on what the device says
// itself.
func (c mdocCollection) devices() {
	mismatch := func(name, comment string, change func(*mdocStage)) {
		c.reject(name, comment, change, reason.HolderBindingMismatch)
	}
	missing := func(name, comment string, change func(*mdocStage)) {
		c.reject(name, comment, change, reason.HolderBindingMissing)
	}
	over := func(transcript func() []byte) func(*mdocStage) {
		return func(s *mdocStage) { s.binding.Transcript = hex.EncodeToString(transcript()) }
	}
	auth := func(change func(map[string]any)) func(*mdocStage) {
		return func(s *mdocStage) { s.presented(func(p *mdocPresentation) { p.auth = change }) }
	}
	element := func(s *mdocStage) {
		s.presented(func(p *mdocPresentation) { p.device = map[string]any{licenceSpace: map[string]any{"height": 170}} })
	}

	mismatch("session-other", "signed over the session of another request", over(func() []byte { return caseTranscript("other") }))
	mismatch("session-other-client", "signed for another verifier", over(func() []byte {
		return must(mdoc.OpenID4VPHandover{ClientID: "x509_san_dns:other.example", Nonce: "n-0S6_WzA2Mj", ResponseURI: "https://bank.example/response"}.SessionTranscript())
	}))
	mismatch("session-other-address", "signed for another address of the same verifier", over(func() []byte {
		return must(mdoc.OpenID4VPHandover{ClientID: "x509_san_dns:bank.example", Nonce: "n-0S6_WzA2Mj", ResponseURI: "https://bank.example/other"}.SessionTranscript())
	}))
	mismatch("session-encrypted", "signed for an answer in clear, and the answer was encrypted", over(func() []byte {
		return must(mdoc.OpenID4VPHandover{ClientID: "x509_san_dns:bank.example", Nonce: "n-0S6_WzA2Mj", ResponseURI: "https://bank.example/response", JWKThumbprint: make([]byte, 32)}.SessionTranscript())
	}))
	missing("session-no-transcript", "a transcript that is none", over(func() []byte { return []byte("transcript") }))
	missing("session-transcript-wrapped", "a transcript as the bytes that hold it", over(func() []byte {
		return embedded(strictcbor.RawMessage(caseTranscript("n-0S6_WzA2Mj")))
	}))
	missing("session-transcript-and-more", "a transcript and something behind it", over(func() []byte { return append(caseTranscript("n-0S6_WzA2Mj"), 0) }))
	mismatch("session-replayed-bearer", "a copy that proves itself to nobody", func(s *mdocStage) { s.present = nil })
	missing("bound", "a nonce and an audience, which no device signs", func(s *mdocStage) {
		s.binding = cases.Binding{Kind: "bound", Nonce: "n-0S6_WzA2Mj", Audience: "https://bank.example"}
	})
	missing("fresh", "a proof of the last minute, which no device dates", func(s *mdocStage) {
		s.binding = cases.Binding{Kind: "fresh", Audience: "https://bank.example", WindowS: 60}
	})
	missing("proof-required", "the policy wants a proof, whatever the caller asks for", func(s *mdocStage) {
		s.bearer()
		s.policy = `{"holder":{"proof_required":true}}`
	})
	mismatch("device-other-key", "another wallet's key signed", func(s *mdocStage) { s.held = s.issuer.IssueMDoc(s.world.AddWallet(), s.elements) })
	mismatch("device-signature-flipped", "a bit of the device's signature is another", auth(func(a map[string]any) {
		flipLast(a["deviceSignature"].(strictcbor.RawMessage))
	}))
	mismatch("device-signature-attached", "a signature over something that the message brings along", func(s *mdocStage) {
		auth(func(a map[string]any) {
			a["deviceSignature"] = strictcbor.RawMessage(untagged(must(cose.Message{Payload: []byte("payload")}.Sign(s.wallet.key.private))))
		})(s)
	})
	missing("device-key-x25519", "a device key that can only agree on secrets", func(s *mdocStage) {
		s.issued(MSO(set("deviceKeyInfo", map[string]any{"deviceKey": map[int]any{1: 1, -1: 4, -2: make([]byte, 32)}})))
	})
	mismatch("mac-flipped", "a bit of the device's MAC is another", func(s *mdocStage) {
		s.mac()
		auth(func(a map[string]any) { flipLast(a["deviceMac"].(strictcbor.RawMessage)) })(s)
	})
	mismatch("mac-other-reader", "a MAC for another reader", func(s *mdocStage) {
		s.mac()
		_, s.binding.ReaderKey = readerKey("other reader")
	})
	mismatch("mac-other-curve", "a MAC, and a reader on another curve than the device", func(s *mdocStage) {
		s.mac()
		s.held = s.issuer.IssueMDoc(s.world.AddWalletFor(credential.ES384), s.elements)
	})
	mismatch("mac-other-session", "a MAC over another session", func(s *mdocStage) {
		s.mac()
		over(func() []byte { return caseTranscript("other") })(s)
	})
	missing("mac-unknown-key", "a MAC, and the verifier does not have the reader's key", func(s *mdocStage) {
		s.mac()
		s.binding.ReaderKey = nil
	})
	c.reject("mac-algorithm", "a MAC of 64 bits", func(s *mdocStage) {
		s.mac()
		auth(func(a map[string]any) {
			a["deviceMac"] = strictcbor.RawMessage(bytes.Replace(a["deviceMac"].(strictcbor.RawMessage), []byte{0xa1, 1, 5}, []byte{0xa1, 1, 4}, 1))
		})(s)
	}, reason.AlgorithmRefused)
	c.reject("mac-ed25519", "a MAC for a device key that agrees on nothing", func(s *mdocStage) {
		s.mac()
		s.held = s.issuer.IssueMDoc(s.world.AddWalletFor(credential.EdDSA), s.elements)
	}, reason.AlgorithmRefused)
	c.reject("device-algorithm", "a device's signature that names a MAC", auth(func(a map[string]any) {
		a["deviceSignature"] = strictcbor.RawMessage(bytes.Replace(a["deviceSignature"].(strictcbor.RawMessage), []byte{0xa1, 1, 0x26}, []byte{0xa1, 1, 5}, 1))
	}), reason.AlgorithmRefused)
	c.reject("device-two-proofs", "a signature and a MAC", auth(func(a map[string]any) { a["deviceMac"] = a["deviceSignature"] }), reason.Malformed)
	c.reject("device-no-proof", "neither a signature nor a MAC", auth(func(a map[string]any) { delete(a, "deviceSignature") }), reason.Malformed)
	c.reject("device-nothing", "no deviceSigned", func(s *mdocStage) { s.presented(document(unset("deviceSigned"))) }, reason.Malformed)
	c.reject("device-element", "an element that the device may not sign for itself", element, reason.ClaimsNotCovered)
	c.reject("device-element-elsewhere", "an element that the device may sign in another namespace", func(s *mdocStage) {
		s.issued(authorise(map[string]any{"nameSpaces": []string{licenceLocal}, "dataElements": map[string]any{licenceLocal: []string{"height"}, licenceSpace: []string{"weight"}}}))
		element(s)
	}, reason.ClaimsNotCovered)
	mismatch("device-element-added", "an element put beside those that the device signed", func(s *mdocStage) {
		s.issued(authorise(map[string]any{"nameSpaces": []string{licenceSpace}}))
		s.presented(document(func(d map[string]any) {
			d["deviceSigned"].(map[string]any)["nameSpaces"] = embedded(map[string]any{licenceSpace: map[string]any{"height": 170}})
		}))
	})
	c.reject("device-not-wrapped", "what the device says is not embedded CBOR", func(s *mdocStage) {
		s.presented(document(func(d map[string]any) { d["deviceSigned"].(map[string]any)["nameSpaces"] = map[string]any{} }))
	}, reason.Malformed)
	c.reject("two-holders", "two documents, and the device signed for one of them", func(s *mdocStage) {
		s.presented(Beside(s.issuer.IssueMDoc(s.world.AddWallet(), s.elements)))
	}, reason.HolderBindingMismatch)
}

// responses are the rules on the message itself.
func (c mdocCollection) responses() {
	response := func(change func(map[string]any)) func(*mdocStage) {
		return func(s *mdocStage) { s.presented(func(p *mdocPresentation) { p.response = change }) }
	}
	c.reject("response-version", "a response of a version to come", response(set("version", "2.0")), reason.FormatUnsupported)
	c.reject("response-no-version", "a response without a version", response(unset("version")), reason.Malformed)
	c.reject("response-no-status", "a response without a status", response(unset("status")), reason.Malformed)
	c.reject("response-failed", "a response that says that it failed, and has a document", response(set("status", 10)), reason.Malformed)
	c.reject("response-declined", "a response without documents", response(func(r map[string]any) {
		delete(r, "documents")
		r["documentErrors"] = []any{map[string]any{licenceType: 0}}
	}), reason.QueryNotSatisfied)
	c.reject("response-general-error", "a response that says that nothing could be given", response(func(r map[string]any) {
		delete(r, "documents")
		r["status"] = 10
	}), reason.QueryNotSatisfied)
	c.reject("response-too-many", "more documents than any decision takes", response(func(r map[string]any) {
		for all := r["documents"].([]any); len(all) <= limits.Credentials; {
			all = append(all, all[0])
			r["documents"] = all
		}
	}), reason.TooLarge)
	c.reject("two-one-altered", "two documents, and a value in the second is another", func(s *mdocStage) {
		other := s.issuer.IssueMDoc(s.wallet, map[string]map[string]any{licenceSpace: {"given_name": "Pema"}})
		other.items[0].encoded = swapped("Pema", "Dema")(other.items[0].encoded)
		s.presented(Beside(other))
	}, reason.ClaimsNotCovered)
	c.reject("two-one-torn", "two documents, and the second has no issuerAuth", func(s *mdocStage) {
		s.presented(Beside(s.issuer.IssueMDoc(s.wallet, s.elements)))
		s.presented(func(p *mdocPresentation) {
			p.document = func(n int, d map[string]any) {
				if n == 1 {
					delete(d["issuerSigned"].(map[string]any), "issuerAuth")
				}
			}
		})
	}, reason.Malformed)
	c.reject("torn", "the second half is missing", func(s *mdocStage) { s.bytes = func(b []byte) []byte { return b[:len(b)/2] } }, reason.Malformed)
	c.reject("trailing", "something behind the response", func(s *mdocStage) { s.bytes = func(b []byte) []byte { return append(b, 0) } }, reason.Malformed)
	c.reject("nested", "an array within arrays, deeper than any", response(func(r map[string]any) {
		var v any
		for range limits.JSONDepth {
			v = []any{v}
		}
		r["zkDocuments"] = v
	}), reason.TooLarge)
	c.reject("no-document", "a document without docType", func(s *mdocStage) { s.presented(document(unset("docType"))) }, reason.Malformed)
	c.reject("issuer-signed-alone", "what a wallet is issued, and never presents", func(s *mdocStage) {
		s.bearer()
		s.bytes = func([]byte) []byte {
			held := s.issuer.IssueMDoc(s.wallet, s.elements)
			return must(strictcbor.Marshal(map[string]any{"issuerAuth": strictcbor.RawMessage(held.issuerAuth)}))
		}
	}, reason.FormatUnsupported)
	c.reject("text-padding", "base64url with padding", func(s *mdocStage) { s.asText(func(t string) string { return t + "=" }) }, reason.Malformed)
	c.reject("text-line-break", "base64url with a line break at the end", func(s *mdocStage) { s.asText(func(t string) string { return t + "\n" }) }, reason.Malformed)
	c.reject("text-other-alphabet", "base64, not base64url", func(s *mdocStage) { s.asText(func(t string) string { return t[:40] + "+" + t[41:] }) }, reason.Malformed)
	c.reject("engagement", "the wallet's engagement, which is no credential", func(s *mdocStage) {
		s.asText(func(string) string { return "mdoc:owBjMS4w" })
	}, reason.FormatUnsupported)
}

// judged are trust, time, status and policy as they meet a mobile document.
func (c mdocCollection) judged() {
	revoke := func(change func(*MDocIssuer, *Held)) func(*mdocStage) {
		return func(s *mdocStage) {
			s.held = s.issuer.IssueMDoc(s.wallet, s.elements)
			change(s.issuer, &s.held.Held)
		}
	}
	c.reject("revoked", "the list says INVALID", revoke(func(i *MDocIssuer, h *Held) { i.Revoke(h) }), reason.Revoked)
	c.reject("suspended", "the list says SUSPENDED", revoke(func(i *MDocIssuer, h *Held) { i.Suspend(h) }), reason.Suspended)
	c.reject("status-missing", "no status where the trust list wants one", func(s *mdocStage) { s.issued(MSO(unset("status"))) }, reason.StatusMissing)
	c.unsure("status-identifier-list", "a status by a list of identifiers, which is not no status", func(s *mdocStage) {
		s.issued(MSO(set("status", map[string]any{"identifier_list": map[string]any{"id": []byte{1}, "uri": "https://registry.example/identifiers"}})))
	}, reason.StatusUnavailable)
	c.unsure("status-unavailable", "no list at hand", func(s *mdocStage) { s.noList = true }, reason.StatusUnavailable)
	c.reject("too-old", "older than the policy allows", func(s *mdocStage) { s.policy = `{"credentials":[{"id":"licence","max_age_s":3599}]}` }, reason.TooOld)
	c.reject("claim-missing", "an element the policy needs was not disclosed", func(s *mdocStage) {
		s.presented(DiscloseElements(licenceSpace, "family_name"))
		s.policy = `{"credentials":[{"id":"licence","required_claims":[["` + licenceSpace + `","birth_date"]]}]}`
	}, reason.ClaimMissing)
	c.reject("type-not-asked", "a docType the policy does not ask for", func(s *mdocStage) {
		s.policy = `{"credentials":[{"id":"pid","types":["eu.europa.ec.eudi.pid.1"]}]}`
	}, reason.QueryNotSatisfied)
}

// date sets a member of validityInfo.
func date(name string, value any) MDocIssueOption {
	return MSO(func(mso map[string]any) { mso["validityInfo"].(map[string]any)[name] = value })
}

// authorise sets keyAuthorizations.
func authorise(what map[string]any) MDocIssueOption {
	return MSO(func(mso map[string]any) { mso["deviceKeyInfo"].(map[string]any)["keyAuthorizations"] = what })
}

// document changes the first document.
func document(change func(map[string]any)) MDocPresentOption {
	return func(p *mdocPresentation) {
		p.document = func(n int, d map[string]any) {
			if n == 0 {
				change(d)
			}
		}
	}
}

func set(name string, value any) func(map[string]any) {
	return func(m map[string]any) { m[name] = value }
}

func unset(name string) func(map[string]any) { return func(m map[string]any) { delete(m, name) } }

// inner is what embedded CBOR holds.
func inner(encoded []byte) []byte {
	_, content, _, err := strictcbor.Untag(encoded)
	if err != nil {
		panic(fmt.Sprintf("verifytest: %v", err))
	}
	return must(strictcbor.Bytes(content))
}
