package did

import (
	"net/netip"
	"strconv"
	"strings"
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
	segments := strings.Split(rest, ":")
	// "If the domain contains a port percent decode the colon."
	host, port, hasPort := strings.Cut(segments[0], "%3A")
	if !hasPort {
		host, port, hasPort = strings.Cut(segments[0], "%3a")
	}
	if host == "" || strings.Contains(host, "%") || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(host, "..") {
		return "", refuse("did:web has no host name")
	}
	if _, err := netip.ParseAddr(host); err == nil || numeric(host[strings.LastIndexByte(host, '.')+1:]) {
		return "", refuse("did:web names a host by its address")
	}
	if n, err := strconv.ParseUint(port, 10, 16); hasPort && (err != nil || n == 0 || strconv.FormatUint(n, 10) != port) {
		return "", refuse("did:web has a port that is none")
	}
	if hasPort {
		host += ":" + port
	}
	if len(segments) == 1 {
		return "https://" + host + "/.well-known/did.json", nil
	}
	for _, s := range segments[1:] {
		if s == "" || s == "." || s == ".." || strings.Contains(s, "%") {
			return "", refuse("did:web has a path segment that is empty, dots, or encoded")
		}
	}
	return "https://" + host + "/" + strings.Join(segments[1:], "/") + "/did.json", nil
}

// numeric reports whether the last label of a host makes it an address to some
// reader of URLs (WHATWG URL §3.5, "ends in a number").
func numeric(label string) bool {
	_, err := strconv.ParseUint(label, 0, 64)
	return err == nil || label != "" && strings.Trim(label, "0123456789") == ""
}
