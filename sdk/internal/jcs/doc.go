// Package jcs is the JSON Canonicalization Scheme, RFC 8785, of values that
// strict JSON decoding gives. It is the only importer of gowebpki/jcs. RFC 8785
// writes numbers as IEEE doubles: [Exact] says whether one survives that. Only
// packages of the SDK may import it.
package jcs
