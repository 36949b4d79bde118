package did

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// WebURL is the HTTPS address of a did:web's document (did:web §3.2), for the
// code that fetches ahead of time. Nothing here fetches. Dot segments, encoded
// characters other than the colon before a port, and hosts given as an address
// are refused: did:web §3.1, "MUST NOT include IP addresses". The caller judges
// whether it wants to speak to that host: who presents a credential chooses it.
func WebURL(id string) (string, error) {
	method, rest := split(id)
	if !IsDID(id) || method != "web" {
		return "", refuse("it is no did:web")
	}
	base, err := webFolder(rest)
	if err != nil {
		return "", err
	}
	return base + "did.json", nil
}

// LogURL is the HTTPS address of a did:webvh's log (did:webvh 1.0, The DID to
// HTTPS Transformation), under the same rules as [WebURL]; a host must have a dot
// in its name. The file of witness proofs lies beside it: [WitnessURL].
func LogURL(id string) (string, error) {
	base, err := webvhFolder(id)
	if err != nil {
		return "", err
	}
	return base + "did.jsonl", nil
}

// WitnessURL is the HTTPS address of a did:webvh's witness proofs: "defined by
// replacing the /did.jsonl at the end of the DID Log URL with /did-witness.json".
func WitnessURL(id string) (string, error) {
	base, err := webvhFolder(id)
	if err != nil {
		return "", err
	}
	return base + "did-witness.json", nil
}

func webvhFolder(id string) (string, error) {
	method, rest := split(id)
	if !IsDID(id) || method != "webvh" {
		return "", refuse("it is no did:webvh")
	}
	if len(id) > limits.DID {
		return "", &reason.Error{Code: reason.TooLarge, Doing: "resolve DID: it is too long"}
	}
	scid, rest, ok := strings.Cut(rest, ":")
	// "scid = 46(base58-alphabet)"
	if _, err := base58.Decode(scid); !ok || err != nil || len(scid) != 46 {
		return "", refuse("did:webvh has no SCID and host")
	}
	// "domain-segment 1+( "." domain-segment )"
	if host, _, _ := strings.Cut(rest, ":"); !strings.Contains(host, ".") {
		return "", refuse("did:webvh names a host without a dot")
	}
	return webFolder(rest)
}

// webFolder is the HTTPS address of the folder that a host and path of a DID stand
// for, with a slash at its end.
func webFolder(rest string) (string, error) {
	segments := strings.Split(rest, ":")
	// "If the domain contains a port percent decode the colon."
	host, port, hasPort := strings.Cut(segments[0], "%3A")
	if !hasPort {
		host, port, hasPort = strings.Cut(segments[0], "%3a")
	}
	if host == "" || strings.Contains(host, "%") || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(host, "..") {
		return "", refuse("it has no host name")
	}
	if _, err := netip.ParseAddr(host); err == nil || numeric(host[strings.LastIndexByte(host, '.')+1:]) {
		return "", refuse("it names a host by its address")
	}
	if n, err := strconv.ParseUint(port, 10, 16); hasPort && (err != nil || n == 0 || strconv.FormatUint(n, 10) != port) {
		return "", refuse("it has a port that is none")
	}
	if hasPort {
		host += ":" + port
	}
	if len(segments) == 1 {
		return "https://" + host + "/.well-known/", nil
	}
	for _, s := range segments[1:] {
		if s == "" || s == "." || s == ".." || strings.Contains(s, "%") {
			return "", refuse("it has a path segment that is empty, dots, or encoded")
		}
	}
	return "https://" + host + "/" + strings.Join(segments[1:], "/") + "/", nil
}

// numeric reports whether the last label of a host makes it an address to some
// reader of URLs (WHATWG URL §3.5, "ends in a number").
func numeric(label string) bool {
	_, err := strconv.ParseUint(label, 0, 64)
	return err == nil || label != "" && strings.Trim(label, "0123456789") == ""
}
