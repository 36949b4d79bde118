package payload

// Kind is what a scanned text is. Kinds are stable snake_case words, fit for a
// counter's name; they say nothing about what the text holds.
type Kind string

// Presentations: Parse hands their bytes out.
const (
	// SDJWT is a compact SD-JWT, with or without a key-binding JWT (RFC 9901 §4).
	SDJWT Kind = "sd_jwt"
	// JWT is a compact JWS: a JWT VC or JWT VP (VC-JOSE-COSE, VC-JWT 1.1).
	JWT Kind = "jwt"
	// JSON is a JSON object that is no visible digital seal: a credential or a
	// presentation in JSON-LD, an SD-JWT in JSON form.
	JSON Kind = "json"
	// CBOR is the same as a CBOR map, as PixelPass makes of JSON. What Parse hands
	// out is the JSON again.
	CBOR Kind = "cbor"
	// ClaimCWT is base45, zlib and a CWT, signed or encrypted, without a prefix:
	// MOSIP claim 169. What Parse hands out is the CBOR.
	ClaimCWT Kind = "claim_169"
	// HealthCert is HC1:, base45, zlib and a CWT: the EU digital COVID certificate
	// family. What Parse hands out is the CBOR.
	HealthCert Kind = "hc1"
	// SmartHealthCard is a whole SMART Health Card, shc:/ and digits.
	SmartHealthCard Kind = "smart_health_card"
)

// Credentials of kinds that are recognised but not read: Parse answers
// reason.FormatUnsupported.
const (
	EncryptedJWT   Kind = "jwe"             // five parts: encrypted to somebody else
	Zip            Kind = "zip"             // PixelPass's archive, if it cannot be opened
	Barcode        Kind = "vc_barcode"      // W3C VC barcodes: VC1-, or a driving licence's with such a part
	MultiPart      Kind = "multi_part"      // one of several parts, for a Collector: BC-UR, or a SMART Health Card's
	MobileDocument Kind = "mdoc_engagement" // ISO 18013-5 engagement: the data follows over radio
	VisibleSeal    Kind = "vds_nc"          // ICAO VDS-NC, in JSON
	BinarySeal     Kind = "vds"             // ICAO Doc 9303-13 and BSI TR-03137 seals in bytes, ICAO barcodes NDB1 and RDB1
	Aadhaar        Kind = "aadhaar"         // UIDAI secure QR
	Unknown        Kind = "unknown"         // nothing from the table
)

// Codes that ask a wallet for something: Parse answers reason.IsARequest.
const (
	// Request opens a wallet: OpenID4VP, OpenID4VCI, Bhutan NDI, DIDComm.
	Request Kind = "request"
	// Link is any other http or https URL: nothing to be checked offline, and
	// nothing a kiosk ever opens.
	Link Kind = "link"
)

// Presentable reports whether Parse hands out bytes for this kind.
func (k Kind) Presentable() bool {
	switch k {
	case SDJWT, JWT, JSON, CBOR, ClaimCWT, HealthCert, SmartHealthCard:
		return true
	}
	return false
}

// words name a kind in an error, for developers.
func (k Kind) words() string {
	switch k {
	case EncryptedJWT:
		return "an encrypted JWT"
	case JSON:
		return "a JSON document"
	case ClaimCWT:
		return "a CBOR web token"
	case CBOR:
		return "a credential in CBOR"
	case Zip:
		return "a zip archive"
	case HealthCert:
		return "an EU digital COVID certificate"
	case SmartHealthCard:
		return "a SMART health card"
	case Barcode:
		return "a W3C VC barcode"
	case MultiPart:
		return "one part of a multi-part code"
	case MobileDocument:
		return "an ISO 18013-5 engagement, whose data follows over radio"
	case VisibleSeal, BinarySeal:
		return "an ICAO visible digital seal"
	case Aadhaar:
		return "an Aadhaar secure QR code"
	case Request:
		return "a request to a wallet"
	case Link:
		return "a web link"
	case SDJWT:
		return "an SD-JWT"
	case JWT:
		return "a JWT"
	default:
		return "nothing known here"
	}
}
