// Package deny holds the deny list: which credentials of issuers that publish no
// status list are revoked, as the trust authority says.
//
// An entry of the trust list whose status is "deny_list" names the member of its
// credentials that identifies one (deny_by), such as a revocation_id. The list
// holds digests of such identifiers and reveals none of them to who does not know
// it already; identifiers that can be guessed, such as serial numbers, can be
// tried one by one against any such list.
//
// It is a compact JWS of the trust authority, with typ "dzong-deny+jwt", opened
// only with the authority's pinned key ([Open]). Its payload:
//
//	{"format": 1, "number": 7, "issued": "2026-11-02T09:00:00Z", "expires": "2026-11-09T09:00:00Z",
//	 "denied": "<base64url>"}
//
// number grows with every list; package cache takes none that is lower. denied is
// the digests, each of 32 bytes, in ascending order, one behind the other. A digest
// is SHA-256 over the texts
//
//	"dzong-deny-1", the issuer's identifier, each name of the path, the identifier
//
// each behind its length in bytes, as four bytes, most significant first; so that
// no two sequences of texts have the same bytes. [Digest] makes one, [Encode] a
// payload.
//
// In linked data the member must be one that contexts take for a plain text: of a term
// with the type @vocab one value has two spellings, a short one and the whole IRI, and
// a holder may write either under one signature.
//
// It promises that a lookup reads the list in place, without allocating, and that
// there is one way to write a list. It says nothing of whose identifier a
// credential bears and whether a signature covers it: package verify does. It
// fetches nothing, reads no clock, and may be imported by everything in sdk above
// credential.
package deny
