// Package jcs is the JSON Canonicalization Scheme, RFC 8785, of values that
// strict JSON decoding gives. RFC 8785 writes numbers as IEEE doubles: [Exact]
// says whether one survives that. It needs nothing beyond the standard library,
// so that whoever verifies a log or a proof over JSON links nothing more. Only
// packages of the SDK may import it.
package jcs
