package jws

import (
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// OpenPinned verifies a compact JWS of the given typ by one key that is known
// beforehand, and gives its payload. Whatever the header says about keys is not
// looked at. doing says what is opened, for the errors: *reason.Error with
// too_large, malformed, algorithm_refused or signature_invalid.
func OpenPinned(compact []byte, typ string, key credential.Key, doing string) ([]byte, error) {
	token, err := Parse(compact)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if !token.TypIs(typ) {
		return nil, &reason.Error{Code: reason.Malformed, Doing: doing + ": typ is not " + typ}
	}
	if !credential.DefaultAlgorithms.Has(token.Alg) || !key.Algorithms().Has(token.Alg) {
		return nil, &reason.Error{Code: reason.AlgorithmRefused,
			Doing: doing + ": the pinned key does not sign with the algorithm in the header"}
	}
	if err := token.Verify(key); err != nil {
		return nil, &reason.Error{Code: reason.SignatureInvalid, Doing: doing + ": not signed by the pinned key", Err: err}
	}
	return token.Payload, nil
}
