package reason

// Code is a stable, snake_case reason. Codes are never renamed; callers match
// codes, never sentences. The zero value means "no reason": the check passed.
type Code string

// The closed set. What each means, which check gives it and where it leads is
// in the table (table.go), one entry each.
const (
	Malformed         Code = "malformed"
	TooLarge          Code = "too_large"
	FormatUnsupported Code = "format_unsupported"
	IsARequest        Code = "is_a_request"

	SignatureMissing Code = "signature_missing"
	SignatureInvalid Code = "signature_invalid"
	AlgorithmRefused Code = "algorithm_refused"
	ClaimsNotCovered Code = "claims_not_covered"
	ContextRefused   Code = "context_not_accepted"

	IssuerUnknown      Code = "issuer_unknown"
	IssuerNotValid     Code = "issuer_not_valid"
	IssuerNotForType   Code = "issuer_not_trusted_for_type"
	KeyUnknown         Code = "key_unknown"
	KeyRevoked         Code = "key_revoked"
	CertificateRefused Code = "certificate_refused"

	HolderBindingMissing  Code = "holder_binding_missing"
	HolderBindingMismatch Code = "holder_binding_mismatch"
	NonceMismatch         Code = "nonce_mismatch"
	AudienceMismatch      Code = "audience_mismatch"
	PresentationNotFresh  Code = "presentation_not_fresh"
	Replayed              Code = "replayed"

	NotYetValid Code = "not_yet_valid"
	Expired     Code = "expired"
	TooOld      Code = "too_old"

	Revoked           Code = "revoked"
	Suspended         Code = "suspended"
	StatusRefused     Code = "status_refused"
	StatusMissing     Code = "status_missing"
	StatusUnavailable Code = "status_unavailable"
	StatusStale       Code = "status_stale"
	StatusListInvalid Code = "status_list_invalid"

	TrustStale     Code = "trust_stale"
	ClockUntrusted Code = "clock_untrusted"

	QueryNotSatisfied Code = "query_not_satisfied"
	ClaimMissing      Code = "claim_missing"
	HolderNotSame     Code = "holder_not_same"
)

// Check names what was looked at.
type Check string

// The checks, in the order in which a decision makes them.
const (
	CheckFormat    Check = "format"
	CheckTrust     Check = "trust"
	CheckClock     Check = "clock"
	CheckIssuer    Check = "issuer"
	CheckKey       Check = "key"
	CheckAlgorithm Check = "algorithm"
	CheckSignature Check = "signature"
	CheckCoverage  Check = "coverage"
	CheckContext   Check = "context"
	CheckType      Check = "type"
	CheckValidity  Check = "validity"
	CheckHolder    Check = "holder_binding"
	CheckFreshness Check = "freshness"
	CheckReplay    Check = "replay"
	CheckStatus    Check = "status"
	CheckQuery     Check = "query"
)
