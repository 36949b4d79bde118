// Package interop tests the verifier against an issuer, a wallet, a status
// provider and a verifier that nobody here wrote: @sd-jwt/sd-jwt-vc with
// @sd-jwt/core and @sd-jwt/jwt-status-list, signing with jose, on Node.js. It holds
// nothing but tests and is imported by nobody.
//
// "make interop" fetches the libraries, as peer/package-lock.json pins them, into
// a cache outside the tree and runs the tests; plain "make test" names them as
// skipped. The seed of what is random is $DZONG_INTEROP_SEED. Version 0.19.0 is
// pinned because 0.20.0 needs a pre-release that is not published.
//
// # What is compared
//
//   - What the peer issues and its wallet presents, over ES256, ES384, ES512 and
//     EdDSA, SHA-256, SHA-384 and SHA-512, nested, recursive and array disclosures,
//     decoys, and claims from all of Unicode, is accepted here, and three ideas of
//     the claims agree: the peer's, ours, and what the test meant to show.
//   - After each of a list of single changes it is refused here; for a few, after
//     the change of each single bit.
//   - Credentials and status lists that an issuer's own key signed, well or badly,
//     get the answer written in a table, from both sides.
//   - Every entry of status lists of 1, 2, 4 and 8 bits reads the same.
//   - What package verifytest makes verifies in the peer.
//
// # Where the two differ
//
// The specification decides, and it is followed here. Each difference is held by
// a test, so that a new one, or one that is gone, fails. Sections of SD-JWT VC and
// of the Token Status List are those of the Internet-Drafts.
//
// The peer accepts, and we refuse, of SD-JWTs:
//   - a disclosure that no digest refers to, and so one that was altered, replaced
//     or added, unless a proof of possession covers it (RFC 9901 §7.1 step 5);
//   - a disclosure sent twice, and a JWT without any tilde (RFC 9901 §4);
//   - padding or foreign characters in a disclosure (RFC 9901 §4, ABNF);
//   - a digest that occurs twice (RFC 9901 §7.1 step 4);
//   - claims called _sd or ... (RFC 9901 §7.1 step 3.c.ii.2), a claim that exists
//     already, which takes the place of the one that the issuer showed to everybody
//     (RFC 9901 §7.1 step 3.c.ii.3), and disclosures of the wrong shape for their
//     place (RFC 9901 §7.1 step 3.c.ii.1 and RFC 9901 §7.1 step 3.c.iii.1);
//   - _sd or its entries of the wrong type (RFC 9901 §4.2.4.1), salts and claim
//     names that are numbers (RFC 9901 §4.2.1), members beside a "..." and "..."
//     anywhere else (RFC 9901 §4.1), an _sd_alg that is no string, disclosed or
//     nested (RFC 9901 §4.1.1);
//   - an iat that lies ahead, where it is disclosed: it judges the time before it
//     puts disclosures in (RFC 9901 §7.1 step 6).
//
// Of SD-JWT VCs, and of JWTs in general:
//   - iss, nbf, exp, cnf, vct and status as disclosures (SD-JWT VC §2.2.2.2), any
//     typ (SD-JWT VC §2.2.1), and no vct or one that is no string (SD-JWT VC
//     §2.2.2.1): its instance for VCs looks at neither;
//   - a token whose typ says that it is something else (RFC 8725 §3.12);
//   - the moment of exp itself, and an exp of 0, which it takes for none (RFC 7519
//     §4.1.4); dates that are no numbers (RFC 7519 §2);
//   - an aud of somebody else (RFC 7519 §4.1.3), a cnf that is no object (RFC 7800
//     §3.1), and the extension b64, which jose knows and we do not (RFC 7515
//     §4.1.11), also where it says that the payload is not encoded (RFC 7797 §7);
//   - a member that occurs twice (RFC 7519 §4 leaves refusing it or taking the last
//     to the reader; two readers that choose differently are the danger), half a
//     surrogate pair (RFC 8259 §8.2), and bytes that are no UTF-8 (RFC 8259 §8.1);
//   - unused bits in the last character of base64url (RFC 4648 §3.5), which make a
//     second text of the same signature.
//
// Of key-binding JWTs:
//   - any aud: it is left to its caller (RFC 9901 §7.3 step 5.f), also where it is a
//     list (RFC 9901 §4.3); an iat of any time or type (RFC 9901 §7.3 step 5.e); an
//     exp or nbf of its own (RFC 9901 §7.3 step 5.h).
//
// Of status lists:
//   - a token of another or no sub, of another typ, without iat or with a ttl that
//     is no number (Token Status List §5.1); a token that names another list or is
//     older than its ttl (Token Status List §8.3); text behind the compressed list
//     (Token Status List §4.1); an index that is a string (Token Status List §6.2).
//
// We accept, and the peer refuses:
//   - a key-binding JWT whose typ is written in capitals or with "application/"
//     before it: they are the same media type (RFC 7515 §4.1.9);
//   - an iat up to a minute ahead: RFC 7519 §4.1.6 gives it no power to refuse, and
//     clocks differ.
//
// Both accept, with other claims:
//   - a claim without a name is lost in the peer, though the empty string is a
//     string (RFC 9901 §4.2.1), and so is one called __proto__ (RFC 9901 §7.1 step
//     3.c.ii); whole numbers beyond 2⁵³ are rounded in it (RFC 8259 §6).
//
// The peer's wallet, and nobody's rule: where an object inside a disclosure has
// members that are disclosable themselves, its proof is over other disclosures
// than it sends. Both verifiers refuse that (RFC 9901 §7.3 step 5.g), and the
// tests make the proof anew from its parts.
package interop
