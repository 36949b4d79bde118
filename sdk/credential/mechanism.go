package credential

import (
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
)

// Format names a securing mechanism's form, by media type without the
// "application/" prefix where one is registered.
type Format string

const (
	FormatSDJWT   Format = "sd-jwt"    // RFC 9901, any or no typ, no vct
	FormatSDJWTVC Format = "dc+sd-jwt" // SD-JWT VC
	FormatVCSDJWT Format = "vc+sd-jwt" // VC-JOSE-COSE: a VCDM 2.0 credential as SD-JWT
	FormatJWTVC   Format = "jwt_vc"    // VC-JWT of VCDM 1.1
	FormatVCJWT   Format = "vc+jwt"    // VC-JOSE-COSE: a VCDM 2.0 credential as JWT
	FormatJWTVP   Format = "jwt_vp"    // VP-JWT of VCDM 1.1
	FormatVPJWT   Format = "vp+jwt"    // VC-JOSE-COSE: a VCDM 2.0 presentation as JWT
	FormatLDPVC   Format = "ldp_vc"    // a credential with an embedded proof
	FormatLDPVP   Format = "ldp_vp"    // a presentation with an embedded proof
	FormatCWT     Format = "cwt"       // COSE_Sign1 CWT: claim 169, EU DCC
	FormatMDoc    Format = "mso_mdoc"  // ISO 18013-5 DeviceResponse
	FormatSHC     Format = "shc"       // SMART Health Card
)

// Mechanism is one way of securing credentials. Implementations are stateless
// and safe for concurrent use.
type Mechanism interface {
	// Recognise reports whether data has this mechanism's shape. It looks at
	// shape alone, is cheap, and never fails: what it takes, Parse answers for.
	Recognise(data []byte) bool
	// Parse reads data within limits. A non-nil error is a *reason.Error with
	// one of malformed, too_large, format_unsupported; nothing else.
	Parse(data []byte) (Presentation, error)
}

// Presentation is what a holder handed over: parsed, untrusted, and without any
// way to read a claim.
type Presentation interface {
	// Format says which form the bytes have.
	Format() Format
	// Prove checks every proof inside against the evidence and reports what was
	// found. It does no I/O, reads no clock, and never panics.
	Prove(Evidence) Findings
}

// Evidence is everything from outside that checking a proof may depend on.
type Evidence struct {
	Keys       Keys         // finds the keys that may have signed
	Binding    Binding      // the proof of possession wanted; the zero value is refused
	At         time.Time    // the one reference time
	Clock      ClockLevel   // how far At can be trusted
	Algorithms AlgorithmSet // zero: DefaultAlgorithms
	Contexts   Contexts     // JSON-LD contexts at hand; nil: none
	// UncoveredUnsafe lets a mechanism set apart what no signature covers, instead
	// of failing the credential for it. It is a policy's word.
	UncoveredUnsafe bool
	// Presenter is the holder who signed the presentation that encloses this
	// object; nil if nothing encloses it. Its proof of possession then serves for
	// what is enclosed, if that is bound to the same holder.
	Presenter *Presenter
}

// Contexts gives JSON-LD contexts that are at hand, nil for one that is not.
// Nothing is ever fetched.
type Contexts interface {
	Context(url string) []byte
}

// Presenter is a holder whose proof over a whole presentation was verified
// against the binding.
type Presenter struct {
	ID        string    // the holder's identifier as the presentation names it; empty if it names none
	Key       Key       // the key that signed
	Replay    [32]byte  // as in [Credential.Replay]
	ProofTime time.Time // as in [Credential.ProofTime]
}

// Findings is what a mechanism found in one presentation.
type Findings struct {
	Checks      []Check      // checks on the presentation as a whole
	Credentials []Credential // the statements inside, each with its own checks
	Enclosed    []Enclosed   // bytes found inside that another mechanism may open
	Presenter   *Presenter   // who presents what is enclosed; nil if nobody proved to
}

// Enclosed is a signed object found inside another, for verify to recurse into.
type Enclosed struct {
	Format Format // what the enclosing object says it is; empty if it does not say
	Data   []byte
}

// Credential is one signed statement as its mechanism proved it. Every field
// but Checks is meaningful only if no check failed; Claims is the zero value
// unless every check in Checks passed or is undecided for a reason that lies
// outside the mechanism.
type Credential struct {
	Format Format
	Issuer string   // as the mechanism names it: https URL, DID, certificate subject
	Types  []string // vct, VC types or doctype; empty for a plain SD-JWT
	// ExpandedTypes is the IRIs of Types where the mechanism applied JSON-LD
	// contexts; nil where it did not.
	ExpandedTypes []string
	SigningKey    string    // key id or certificate digest, for the audit
	Holder        *Key      // the key the statement is bound to; nil if it is bound to none
	HolderBound   bool      // the holder proved possession of Holder in this presentation
	IssuedAt      time.Time // zero if not stated
	NotBefore     time.Time // zero if not stated
	Expires       time.Time // zero if not stated
	Status        []StatusReference
	// Authorities is the authority key identifiers (RFC 5280 §4.2.1.1) of the
	// certificates through which the issuer's key was found, as [Key.Authorities]
	// gives them; nil if no certificates were sent or the key was found another way.
	Authorities [][]byte
	// Contexts is the ordered @context of a JSON-LD statement, URLs only: a
	// mechanism refuses any other kind by itself. nil for other forms. Package
	// verify compares it with the list that the trust entry gives for each type,
	// because contexts say what signed terms mean and are not signed themselves.
	Contexts []string
	Claims   Claims
	// Uncovered names claims that no signature covers. They are never in Claims.
	Uncovered []string
	// UncoveredClaims is those claims themselves, at their places in the
	// credential: anybody may have written them. Empty unless
	// Evidence.UncoveredUnsafe asked for them.
	UncoveredClaims Claims
	// Replay identifies the proof of possession, as SHA-256 over what the holder
	// signed (never over a signature, which can be altered and stay valid). Zero
	// if there was none.
	Replay [32]byte
	// ProofTime is when the holder says the proof of possession was made.
	ProofTime time.Time
	Checks    []Check
}

// StatusReference points from a credential into a status list. [W3CStatus] reads
// the W3C forms.
type StatusReference struct {
	// Mechanism is one of the names below, or the issuer's own word for a
	// mechanism this module does not know, without an address: it can then not be
	// decided, and is never mistaken for "has no status".
	Mechanism string
	URI       string
	Index     uint64
	Size      uint8     // bits of the entry (W3C statusSize), 1 to 8; 0: as the list says, or 1
	Purpose   string    // W3C statusPurpose; empty for forms that have none
	Revokee   string    // [StatusHealthCard]: the identifier to look for instead of an index
	Issued    time.Time // [StatusHealthCard]: when the credential was issued
}

// Mechanisms of status lists, by the type or member that names them in a
// credential.
const (
	StatusToken        = "status_list"              // IETF Token Status List
	StatusBitstring    = "BitstringStatusListEntry" // W3C Bitstring Status List 1.0
	Status2021         = "StatusList2021Entry"      // W3C CCG StatusList2021
	StatusRevocation20 = "RevocationList2020Status" // W3C CCG RevocationList2020
	StatusHealthCard   = "rid"                      // SMART Health Cards, revocation by rid
)

// Check is one thing that was looked at and what was found. Subject and
// Resource name identifiers of knowledge (an issuer, a key id, a list's URI),
// never a claim value, a holder or a status index.
type Check struct {
	Name     reason.Check   `json:"check"`
	Verdict  reason.Verdict `json:"verdict"`
	Code     reason.Code    `json:"code,omitempty"`     // empty if passed
	Subject  string         `json:"subject,omitempty"`  // what was looked at
	Resource string         `json:"resource,omitempty"` // what to fetch, if undecided for want of it
	AsOf     time.Time      `json:"as_of,omitzero"`     // age of the knowledge the check rests on; zero if on none
}

// Pass is a passed check.
func Pass(name reason.Check, subject string) Check {
	return Check{Name: name, Verdict: reason.Passed, Subject: subject}
}

// Fail is a failed check.
func Fail(name reason.Check, code reason.Code, subject string) Check {
	return Check{Name: name, Verdict: reason.Failed, Code: code, Subject: subject}
}

// Undecided is a check that could not be made; resource is what to fetch.
func Undecided(name reason.Check, code reason.Code, resource string) Check {
	return Check{Name: name, Verdict: reason.Undecided, Code: code, Resource: resource}
}

// ClockLevel says how far the reference time can be trusted. A caller who hands
// in a time vouches for it unless it says otherwise.
type ClockLevel uint8

const (
	ClockProven    ClockLevel = iota // synchronised against a time source: a server, a kiosk with NTP or a signed time
	ClockPlausible                   // not below anything seen, but it may lag behind
	ClockUntrusted                   // known or likely to be wrong: nothing that depends on time can be decided
)
