// Package shc reads and proves SMART Health Cards (SMART Health Cards Framework
// 1.4) as they stand in QR codes: shc:/ and pairs of decimal digits, which spell
// a compact JWS, ES256, over a JSON payload in raw DEFLATE.
//
// A card in several codes is put together by payload.Collector, which gives its
// single form. The issuer's keys come from its entry in the trust list: the
// entry's id is the card's iss, its jwks the issuer's key set, and its types name
// the card's, such as "https://smarthealth.cards#health-card". A card that has a
// rid refers to its issuer's revocation list for its key (status.HealthCard); one
// without has no status, so the entry says "status": "optional".
//
// A card is bound to nobody: it is a bearer document and proves nothing about who
// shows it. Only credential.BearerUnsafe accepts one, and a person must compare
// the name with another document.
//
// It does not read .smart-health-card files or SMART Health Links, does not hold
// the FHIR bundle to its schema (claims are handed on as they were signed), and
// does not require a kid to be the key's thumbprint, since the trust list names
// its keys itself.
//
// Every value is immutable and safe for concurrent use. Anyone may import it.
package shc
