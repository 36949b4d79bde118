// Package payload says what a scanned text is: a presentation to verify, a
// credential of a kind that is not read here, a request meant for a wallet, or none
// of these. It takes off what codes wrap around credentials (base45, zlib, an
// archive, CBOR in the place of JSON), does no image work, opens no link, and judges
// by shape alone. What stands in several codes (BC-UR, animated; a SMART Health Card
// cut up; structured append) a [Collector] puts together. It may be imported by
// anyone; it links nothing beyond the standard library.
//
// # The offline presentation profile
//
// No registered profile says how a wallet shows an SD-JWT to a verifier that
// has no line. This section does, for Dzong. "Must", "should" and "may" are meant
// as in BCP 14.
//
// # What the code holds
//
// One QR code (ISO/IEC 18004, model 2) holds one presentation, in one of two
// forms and with nothing before or after it:
//
//   - raw: the compact SD-JWT+KB of RFC 9901 §4, byte for byte, in byte mode:
//
//     <issuer-signed JWT>~<disclosure>~…~<KB-JWT>
//
//   - packed (PixelPass text): base45(zlib(the same bytes)), RFC 9285 over
//     RFC 1950, in alphanumeric mode, so with capitals. Base45 has a space among
//     its characters; the text must not be trimmed or wrapped on any way.
//
// A verifier must accept both. A wallet should choose the one that needs the
// lower version; for credentials with JSON of any length that is packed. A
// wallet must not put a link to the presentation into the code.
//
// # The audience
//
// A kiosk has one identifier, set in its configuration, of the form
//
//	https://<bank>/kiosk/<site>/<kiosk>     https://bank.example/kiosk/lhuentse/counter-1
//
// It is a name and is never fetched. The KB-JWT's aud (RFC 9901 §4.3: one
// string) must equal it character by character. A wallet learns it from the
// kiosk: the code printed on it or shown on its screen, which holds this
// identifier as its text and, where the kiosk gives a challenge, the challenge
// with it:
//
//	https://bank.example/kiosk/lhuentse/counter-1?nonce=<base64url, at least 16 bytes>
//
// A wallet that scans it must show the holder the host and ask before it
// presents, puts the address without its query into aud, and the nonce, if there
// is one, into nonce. Two kiosks must not share an identifier: a presentation
// made at one would count at the other, where the first one's replay store
// does not reach.
//
// # Freshness without a challenge
//
// Where nothing has been shown to the wallet but the printed identifier
// (credential.Fresh), the KB-JWT carries
//
//	{"aud": the kiosk, "iat": now, "nonce": 16 random bytes the wallet chose, "sd_hash": …}
//
// RFC 9901 §4.3 requires a nonce in every KB-JWT; here it only makes each
// presentation unique. The verifier checks that iat lies within the window
// (60 seconds unless the kiosk's policy says otherwise) of its own clock, and
// puts the SHA-256 of the KB-JWT's signing input into its replay store until the
// window has passed. The clock must be trusted for that: an iat ahead of a clock
// that is not proven gives clock_untrusted, which is no answer either way.
//
// It proves that somebody who could use the holder's key made this presentation
// for this kiosk within the window, and that this kiosk has not taken it before.
// It does not prove that the person at the kiosk is the one who made it: a
// photograph of the code, sent on and shown within the window before the
// original, is accepted. It does not prove that the wallet's clock is right: a
// wallet may have made it earlier with a later iat. Where a claim carries money,
// use a challenge or let a person compare the portrait.
//
// # Freshness with a challenge
//
// Where the kiosk shows a nonce (credential.Bound), a new one for every customer,
// the KB-JWT's nonce must equal it. The verifier takes no account of the
// wallet's clock beyond refusing an iat that lies ahead; the nonce's own life,
// kept by the kiosk, bounds the age.
//
// It proves that the key was used after the nonce was shown, for this kiosk and
// this turn; a presentation made earlier or for another turn is refused. It does
// not prove that the key's owner stands at the kiosk: the nonce can be sent on
// to a wallet elsewhere, live. Only seeing the wallet, or the portrait, tells.
//
// # W3C presentations
//
// A wallet that holds W3C credentials may show a presentation that it signs by
// itself in the place of the SD-JWT+KB, raw or packed: a JWT (VP-JWT of VCDM 1.1,
// vp+jwt) whose aud, iat and nonce are what the KB-JWT's would be, or a document
// with an embedded proof whose domain is the audience, whose created is now and whose
// challenge is the nonce. The same checks are made and the same things proven. They
// are larger than an SD-JWT with the same claims, so the size below bounds them sooner.
//
// # Without a KB-JWT
//
// An SD-JWT that ends in "~" is a bearer copy: a photograph is as good as it.
// A verifier takes it only where its caller wrote credential.BearerUnsafe.
//
// # Size
//
// What a code of error correction level L holds. The last column is what a
// kiosk camera of 1280×720 reads from a phone held in the hand, code four fifths
// of the picture's height, in the project's own simulation: pictures read of
// pictures in which the phone is in place.
//
//	version   modules   raw, bytes   packed, characters   read
//	10        57×57     271          395                  all
//	15        77×77     520          758                  all
//	20        97×97     858          1249                 all
//	25        117×117   1273         1853                 all in fair light, fewer than half in bad
//	40        177×177   2953         4296                 not tried: needs a better camera than this profile assumes
//
// A presentation should fit version 20 and must fit version 40. Packing saves
// four versions or so. An SD-JWT VC of three claims with cnf and a status
// reference, signed with ES256, packed, with its KB-JWT, about:
//
//	holder key   disclosed   raw, bytes   packed, characters   version
//	Ed25519      one         1113         1226                 20
//	Ed25519      three       1259         1374                 22
//	P-256        one         1176         1272                 21
//	P-256        three       1322         1424                 22
//
// So a wallet discloses only what the purpose needs, and an issuer who wants its
// credential shown this way is sparing: no x5c in the header (a short kid will
// do), no decoys, salts of 128 bits, short URLs, few claims, since the digest of
// one that is not disclosed costs as much as a short disclosure. Level L is
// enough for a screen; print should use M and a version of 15 or below.
package payload
