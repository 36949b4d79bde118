// Package mdoc reads and proves ISO/IEC 18013-5:2021 device responses (mobile
// documents: driving licences, EUDI person identification data, any docType), and
// holds what a reader needs around them: session transcripts ([Proximity],
// [OpenID4VPHandover], [OpenID4VPDCAPIHandover]) and device engagement
// ([ParseEngagement]). Section numbers are those of the 2021 edition.
//
// # What is taken
//
// A DeviceResponse of version 1.0, as CBOR bytes (proximity, Digital Credentials
// API after decryption) or as the base64url text of them without padding, which is
// how OpenID4VP 1.0 appendix B.2.5 carries it; nothing is both. A bare IssuerSigned,
// which wallets receive at issuance and never present, is not taken: it names no
// docType and proves nothing about a device.
//
// Every document in a response is a credential by itself; nothing is merged. A
// response in which one is malformed is malformed as a whole. A response without
// documents is a wallet's way to decline: query_not_satisfied. documentErrors and
// errors, which nobody signs, are not read.
//
// # What is checked
//
// The certificate of issuerAuth through the finder of keys (package trust: an entry
// names the issuing authority's certificate and the leaf rule "eku":
// "1.0.18013.5.1.2", which also holds the signer to Annex B; the document names no
// issuer, so who issued it is who the trust list says the authority is); its
// signature; that the MSO was signed while the certificate was valid; of a driving
// licence, that issuing_country and issuing_jurisdiction, where disclosed, are the
// certificate's; the digest of every item over the bytes as they came; that docType
// inside and outside is one; the MSO's dates; and the device's proof.
//
// Only a session binds a document (credential.Session): deviceSignature is checked
// with the device key alone, deviceMac needs the reader's ephemeral private key
// too. Under Bound and Fresh the answer is holder_binding_missing, since a nonce
// and an audience can reach a device's proof only inside a transcript: an OpenID4VP
// verifier makes the transcript from its own request and asks for that. Under
// BearerUnsafe no proof is looked at. What a device signs does not say which items
// it gave, nor when, so a response has no replay mark: a transcript must be fresh
// (a new key, a new nonce) and be answered once.
//
// # Claims
//
// Claims are an object of namespaces, each an object of elements:
//
//	name, ok := c.Claims().String("org.iso.18013.5.1", "family_name")
//
// Dates (tdate, full-date) are the strings they hold, byte strings (portrait) are
// base64url without padding, numbers are exact; RFC 8949 §6.1 is the rule. Types is
// the docType alone. An element with a value that JSON cannot hold makes the whole
// response malformed.
//
// Elements that the device signs by itself are never among them, for the issuer
// attests none. Those that the issuer's keyAuthorizations allow are left out; one
// that they do not allow fails the credential with claims_not_covered. A policy
// that says uncovered_claims_unsafe gets all of them, apart.
//
// # Where it differs
//
//   - Dates in validityInfo may have fractions of a second and other offsets than
//     UTC, where §9.1.2.4 wants neither: some issuers write them, and they are just
//     as clear.
//   - x5chain may stand in the protected header.
//   - Device keys on X25519, X448 and the Brainpool curves, which §9.1.3 allows, are
//     not read: a document with one can only be a bearer copy here.
//   - Numbers in CBOR may be longer than they need be. What is digested or signed is
//     taken as it came.
//
// It does not read VICALs, make or check reader authentication, encrypt sessions, or
// talk over BLE or NFC.
//
// Every value is immutable and safe for concurrent use. Anyone may import it; it
// links a CBOR library through sdk/internal/strictcbor.
package mdoc
