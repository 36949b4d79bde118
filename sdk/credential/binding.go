package credential

import (
	"crypto/ecdh"
	"time"
)

// BindingKind is the kind of proof of possession a verifier wants.
type BindingKind uint8

const (
	bindingUnset   BindingKind = iota
	BindingBound               // a challenge: this nonce, this audience
	BindingFresh               // no challenge: this audience, made within a window of the reference time
	BindingSession             // ISO 18013-5: over a session transcript
	BindingBearer              // none: whoever holds the bytes
)

// Binding is the proof of possession wanted of the holder. The decision whether
// one is needed is the verifier's and never follows from what was presented
// (RFC 9901 §7.3 step 1). The zero value asks for something that nothing can
// satisfy; make one with [Bound], [Fresh], [Session] or [BearerUnsafe].
type Binding struct {
	kind       BindingKind
	nonce      string
	audience   string
	window     time.Duration
	transcript []byte
	readerKey  *ecdh.PrivateKey
}

// Bound wants a proof over nonce, made for audience. Both must be non-empty, and
// the nonce must be fresh and unguessable; the proof's own age is bounded by
// the nonce's.
func Bound(nonce, audience string) Binding {
	return Binding{kind: BindingBound, nonce: nonce, audience: audience}
}

// MaxWindow is the widest window of a [Fresh] binding. A proof may be dated a
// window ahead and so pass for two, which is as long as a replay mark is
// remembered.
const MaxWindow = 24 * time.Hour

// Fresh wants a proof made for audience at most window before or after the
// reference time: the offline profile, where no challenge can reach the wallet.
// It proves possession within the window and nothing more: within it, a copy is
// caught only by the replay store. The window is above zero and at most
// [MaxWindow].
func Fresh(audience string, window time.Duration) Binding {
	return Binding{kind: BindingFresh, audience: audience, window: window}
}

// Session wants a device proof over an ISO 18013-5 SessionTranscript: the CBOR
// array itself, as package mdoc builds it, not wrapped as SessionTranscriptBytes.
// readerKey is the reader's ephemeral private key. Only deviceMac needs it, whose
// key both sides derive (§9.1.3.5); without it, which may be nil, only
// deviceSignature can be a proof.
func Session(transcript []byte, readerKey *ecdh.PrivateKey) Binding {
	return Binding{kind: BindingSession, transcript: transcript, readerKey: readerKey}
}

// BearerUnsafe wants no proof of possession: a photograph of the code is as good
// as the code. A person must compare the portrait, or the claim must not matter.
func BearerUnsafe() Binding { return Binding{kind: BindingBearer} }

// Valid reports whether the binding was made by one of the constructors with
// values that can protect anything.
func (b Binding) Valid() bool {
	switch b.kind {
	case BindingBound:
		return b.nonce != "" && b.audience != ""
	case BindingFresh:
		return b.audience != "" && b.window > 0 && b.window <= MaxWindow
	case BindingSession:
		return len(b.transcript) > 0
	case BindingBearer:
		return true
	default:
		return false
	}
}

// Kind says which constructor made the binding.
func (b Binding) Kind() BindingKind { return b.kind }

// Nonce is the challenge of a Bound binding.
func (b Binding) Nonce() string { return b.nonce }

// Audience is who a Bound or Fresh proof must be made for.
func (b Binding) Audience() string { return b.audience }

// Window is how far a Fresh proof may lie from the reference time.
func (b Binding) Window() time.Duration { return b.window }

// Transcript is the CBOR SessionTranscript of a Session binding.
func (b Binding) Transcript() []byte { return b.transcript }

// ReaderKey is the reader's ephemeral private key of a Session binding, or nil.
func (b Binding) ReaderKey() *ecdh.PrivateKey { return b.readerKey }
