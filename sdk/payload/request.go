package payload

import "bytes"

// walletSchemes open a wallet. RFC 3986 §3.1: schemes are compared without
// regard to case; QR encoders write them in capitals to save room.
func walletScheme(scheme string) bool {
	switch scheme {
	case "openid4vp", "eudi-openid4vp", "mdoc-openid4vp", "haip", "haip-vp", // OpenID4VP and its profiles
		"openid-credential-offer", "haip-vci", "eudi-openid4ci", // OpenID4VCI
		"openid", "openid-vc", "siopv2", // earlier drafts
		"bhutanndi", "bhutanndidemo", // Bhutan NDI's wallet and its demo
		"inji_ovp", "didcomm", "iden3comm":
		return true
	}
	return false
}

// byScheme recognises what begins with a URI scheme, and false for the rest.
func byScheme(text []byte) (Kind, bool) {
	colon := bytes.IndexByte(text[:min(len(text), maxScheme)], ':')
	if colon < 1 {
		return Unknown, false
	}
	scheme := string(bytes.ToLower(text[:colon]))
	rest := text[colon+1:]
	switch {
	case scheme == "shc" && bytes.HasPrefix(rest, []byte("/")):
		if bytes.IndexByte(rest[1:], '/') >= 0 && !bytes.HasPrefix(rest, []byte("/1/1/")) {
			return MultiPart, true
		}
		return SmartHealthCard, true
	case scheme == "ur" && len(rest) > 0 && bytes.IndexByte(rest, '/') > 0:
		return MultiPart, true
	case scheme == "mdoc":
		return MobileDocument, true
	case !bytes.HasPrefix(rest, []byte("//")) && scheme != "openid-credential-offer":
		return Unknown, false
	case scheme == "http" || scheme == "https":
		if asksWallet(rest) {
			return Request, true
		}
		return Link, true
	case walletScheme(scheme):
		return Request, true
	}
	return Unknown, false
}

// maxScheme bounds the search for a scheme's colon: the longest known one has 23
// characters.
const maxScheme = 32

// asksWallet reports whether a web address carries a request in its query:
// an out-of-band invitation (Aries RFC 0434: oob; DIDComm v1: c_i, d_m), or a
// request object (OpenID4VP §5) or credential offer (OpenID4VCI §4.1).
func asksWallet(address []byte) bool {
	address, _, _ = bytes.Cut(address, []byte("#"))
	_, query, ok := bytes.Cut(address, []byte("?"))
	if !ok {
		return false
	}
	for parameter := range bytes.SplitSeq(query, []byte("&")) {
		name, _, _ := bytes.Cut(parameter, []byte("="))
		switch string(name) {
		case "oob", "_oob", "c_i", "d_m", "request", "request_uri", "credential_offer", "credential_offer_uri":
			return true
		}
	}
	return false
}
