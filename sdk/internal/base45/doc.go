// Package base45 is RFC 9285: bytes as text over the 45 characters that a QR
// code stores in 5.5 bits each.
//
// It is strict. A text decodes only if encoding the result gives the same text
// again: no lower case, no white space besides the space that is one of the 45
// characters, no values above what two or three characters may say. Nothing is
// trimmed; a leading or trailing space is data.
//
// It may be imported inside sdk.
package base45
