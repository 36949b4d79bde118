// Package ldp reads and proves W3C credentials and presentations with embedded
// proofs: Data Integrity 1.0 with the cryptosuites eddsa-rdfc-2022,
// eddsa-jcs-2022, ecdsa-rdfc-2019 and ecdsa-jcs-2019 (P-256 and P-384), derived
// proofs of ecdsa-sd-2023 (P-256), and the older linked-data suites
// Ed25519Signature2018, Ed25519Signature2020, JsonWebSignature2020 and
// EcdsaSecp256k1Signature2019; proof sets and proof chains, presentations with
// challenge and domain, and enveloped credentials. It reads VCDM 1.1 and 2.0.
//
// What it promises:
//   - Every proof in a document must verify; none is passed over. The key must be
//     the very one the proof names, found for the issuer under assertionMethod, or
//     for the holder under authentication.
//   - JSON-LD contexts come from [credential.Evidence] alone; nothing is fetched.
//     @context holds URLs, in the document and in what it encloses; anything else
//     is context_not_accepted. Package verify compares a credential's contexts
//     with the trust list.
//   - Safe mode always: what the signature does not cover (a term that no context
//     defines, a type or identifier that is no absolute IRI, null, an empty array,
//     a number that RDF or JCS rounds …) is answered with claims_not_covered, is
//     named in Credential.Uncovered, and never gets into Claims. A policy may take
//     such a credential all the same (uncovered_claims_unsafe): members of the
//     subject and types that are not signed then stand apart, and the rest must
//     give the very statements that were signed.
//   - Work is bounded: by limits, and by a count of steps in RDF canonicalisation.
//
// Claims are the whole credential as it was written, without proof and
// @context: Claims().String("credentialSubject", "Full Name"). What an RDF suite
// signs is a set of statements: the order of an array is not signed, nor whether
// one value stands alone or in an array of one, nor whether a number with a
// datatype was written as text. The JCS suites sign the document as it stands.
//
// A presentation has one proof: several could be shown one after the other, each as
// good as new to whoever remembers the others.
//
// Proof options of the RDF suites are not put through a context: their terms are
// a closed set with known IRIs, and a proof with any other member is refused.
// Each credential in a presentation of VCDM 2.0 is a graph of its own, as its context
// says. json-gold by itself, and jsonld.js before version 9, put all of them into
// one; a presentation that was signed so, by an RDF suite, is signature_invalid here.
// ecdsa-rdfc-2019 with P-384 hashes and canonicalises with SHA-384.
//
// With ecdsa-sd-2023 a holder shows part of what was signed, and Claims are that
// part. What the issuer did not make mandatory to show, a holder may leave out:
// claims, but also an end of validity, a status or a type. That there is no such
// member then says nothing; issuers have to make mandatory what their credentials
// must not be shown without (ECDSA Cryptosuites 1.0 §5). An issuer's base proof
// holds secrets of the holder's and is not read. Of derived proofs more is asked
// than the specification does: CBOR in its deterministic encoding, mandatory
// indexes that rise, and a label map with every blank node once, under labels that
// differ. Their document has no earlier proof in a chain, and is no presentation.
//
// Suites that link what not every verifier wants have packages of their own and
// are added by [With]. A proof of a suite that was not added is answered with
// algorithm_refused.
//
// Not here: proofs by others than the issuer or holder; JSON null inside @json
// literals, which is taken as not covered.
//
// Anyone may import it. Every value is safe for concurrent use.
package ldp
