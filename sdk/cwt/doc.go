// Package cwt reads and proves CBOR Web Tokens (RFC 8392) signed with COSE_Sign1:
// MOSIP's identity data in QR codes (claim 169), the EU digital COVID certificate
// and its family (HC1:, claim -260), and credentials with vct, cnf and status as
// EUDI profiles them.
//
// It takes the CBOR bytes, tagged 18, or 61 and 18, or not tagged; what a code
// wraps around them (a prefix, base45, zlib) package payload takes off. Encrypted
// and MACed tokens, SD-CWT, status list tokens and W3C documents in COSE are
// answered with format_unsupported.
//
// # Claims
//
// Registered claims have the names of the IANA registry "CBOR Web Token (CWT)
// Claims": iss, sub, aud, exp, nbf, iat, cti, cnf, vct, status, identity-data (169),
// hcert (-260). Others with a number have its decimal digits for a name. Values are
// what JSON can say: byte strings become base64url without padding; numbers keep
// every digit; other rules are those of RFC 8949 §6.1.
//
// identity-data has the attribute names of the claim's JSON form:
//
//	{"id": "…", "fullName": "…", "dateOfBirth": "19840118", "gender": 1, "nationality": "IN",
//	 "photo": {"data": "<base64url>", "mediaType": "image/webp"}, "photoFormat": 4,
//	 "face":  [{"data": "<base64url>", "format": 0, "subFormat": 4, "mediaType": "image/webp"}], …}
//
// The portrait is photo, or the first of face. mediaType is what the issuer says
// that the bytes are; it is left out where the issuer says nothing known. An image
// is bytes from outside, signed or not: a caller that decodes it does so within
// limits. Attributes without a name keep their number.
//
// hcert is {"eu_dgc_v1": {…}}, whose members have text names already.
//
// # Issuers and keys in the trust list
//
// The issuer is claim 1, character by character: "https://mosip.example.org" or
// "www.mosip.io" for claim 169; for the EU family the country ("AT"), so its entry
// has the country's code for an id and the country's document signer keys. Without
// claim 1 only a certificate chain (x5chain) says whose token it is.
//
// Types: "identity-data" for claim 169, "hcert" for the EU family, the vct itself.
// A token with several of them is of each of these types. One with none has no
// type, like a plain SD-JWT.
//
// A kid of bytes, in either header, names a key of the entry's jwks by its base64url
// text without padding, or, if the bytes are text, as that text. The EU family's kid
// is the first 8 bytes of the certificate's SHA-256; an entry may also list the
// certificate itself under x509, and a kid of 8 bytes then finds it by its digest.
// Which of a country's certificates may sign which kind of certificate (extended key
// usage 1.3.6.1.4.1.1847.2021.1) is not looked at: list only those that are trusted
// for all of them.
//
// # Who holds it
//
// A CWT in a code is a bearer document. Nothing in it proves who shows it, whether
// it has a cnf or not, so only credential.BearerUnsafe accepts one, and a person
// must compare the portrait. A key in cnf is given as the credential's Holder, for
// presentations that prove possession around it.
//
// # Where it is stricter than the specifications
//
// alg must be protected (RFC 9052 §3.1); header claims (RFC 9597) are refused, since
// they would be a second set of claims; exp, nbf and iat must not be tagged (RFC
// 8392 §2); a claim must not stand there as a number and as its name.
//
// Every value is immutable and safe for concurrent use. Anyone may import it.
package cwt
