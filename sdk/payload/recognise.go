package payload

import "bytes"

// brokenJWT is a kind inside this package only.
const brokenJWT Kind = "broken_jwt"

// aadhaarDigits is how many digits make a text an Aadhaar secure QR: the
// smallest one ever issued is some hundreds of bytes, as one decimal number.
const aadhaarDigits = 300

// recognise knows a text by its first characters (and, for JOSE, by its dots and
// tildes). Order matters only where one form could be another's beginning.
func recognise(text []byte) Kind {
	if kind, ok := byScheme(text); ok {
		return kind
	}
	switch {
	case bytes.HasPrefix(text, zipMagic):
		return Zip
	case bytes.HasPrefix(text, []byte(healthCertPrefix)):
		return HealthCert
	case isBarcode(text):
		return Barcode
	case isBinarySeal(text):
		return BinarySeal
	case bytes.HasPrefix(text, []byte(`{"data":{"hdr"`)):
		return VisibleSeal
	case isJSON(text):
		return JSON
	case len(text) > aadhaarDigits && onlyDigits(text):
		return Aadhaar
	}
	return jose(text)
}

// jose tells the JOSE forms apart. A protected header is a JSON object, so its
// base64url begins with what "{" and the character after it encode to.
func jose(text []byte) Kind {
	if len(text) < 2 || text[0] != 'e' || text[1] < 'w' || text[1] > 'z' && text[1] != 'y' {
		return Unknown
	}
	if bytes.IndexByte(text, '~') >= 0 {
		return SDJWT
	}
	switch dots := bytes.Count(text, []byte(".")); {
	case dots == 2:
		return JWT
	case dots == 4:
		return EncryptedJWT
	case bytes.HasPrefix(text, []byte("eyJ")):
		// Torn off on the way into the code: nothing else begins like this.
		return brokenJWT
	}
	return Unknown
}

var zipMagic = []byte("PK\x03\x04")

func isJSON(text []byte) bool {
	rest := bytes.TrimLeft(text, " \t\r\n") // JSON's own white space, RFC 8259 §2; the bytes handed on are never trimmed
	return len(rest) > 1 && rest[0] == '{' && bytes.IndexByte(rest, '"') > 0
}

// isBarcode knows a Verifiable Credential Barcode (W3C VC Barcodes 1.0): VC1- before
// base45, or the part ZZ of a driving licence's barcode, whose header is AAMVA's.
func isBarcode(text []byte) bool {
	return bytes.HasPrefix(text, []byte("VC1-")) ||
		bytes.HasPrefix(text, []byte("@\n\x1e\rANSI ")) && bytes.Contains(text, []byte("\rZZZZA"))
}

// isBinarySeal knows ICAO Doc 9303-13's seal by its magic number 0xDC and its
// version (2 and 3 are written there for versions 3 and 4), and the ICAO Datastructure
// for Barcode by NDB1 or RDB1, a letter of flags, and base32.
func isBinarySeal(text []byte) bool {
	if len(text) > 2 && text[0] == 0xdc {
		return 1 <= text[1] && text[1] <= 3
	}
	if len(text) < 6 || string(text[:4]) != "NDB1" && string(text[:4]) != "RDB1" {
		return false
	}
	for _, c := range bytes.TrimRight(text[4:], "=") {
		if (c < 'A' || c > 'Z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

func onlyDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// recogniseBinary knows what base45 (and zlib) unfolded to by its first byte.
func recogniseBinary(data []byte) Kind {
	if len(data) == 0 {
		return Unknown
	}
	switch b := data[0]; {
	case b == 0xd2, b == 0x84: // COSE_Sign1: tag 18, or an array of four (RFC 9052 §4.2)
		return ClaimCWT
	case b == 0xd0, b == 0x83: // COSE_Encrypt0: tag 16, or an array of three (§5.2)
		return ClaimCWT
	case len(data) > 1 && b == 0xd8 && data[1] == 0x3d: // CWT tag 61 (RFC 8392 §6)
		return ClaimCWT
	case b >= 0xa0 && b <= 0xbb || b == 0xbf: // a CBOR map
		return CBOR
	}
	return Unknown
}
