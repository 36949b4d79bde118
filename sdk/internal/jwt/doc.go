// Package jwt reads the registered claims of a JSON Web Token (RFC 7519, RFC
// 7800, Token Status List) and makes the checks that every credential in JOSE
// form shares: whose signature it is, when it is valid, for whom it was made and
// who presents it. Those in CBOR share them too ([Signed]), once they are read as
// what JSON can say.
//
// It knows no credential format and reports checks, never decisions. Only
// packages inside sdk may import it.
package jwt
