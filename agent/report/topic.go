package report

import (
	"fmt"
	"strings"
)

// Kiosk names one kiosk in the whole fleet.
type Kiosk struct {
	Site string // [a-z0-9-]{1,32}
	Name string // [a-z0-9-]{1,32}
}

// ParseKiosk reads "<site>/<kiosk>".
func ParseKiosk(s string) (Kiosk, error) {
	site, name, _ := strings.Cut(s, "/")
	k := Kiosk{Site: site, Name: name}
	return k, k.Check()
}

// Check refuses a name that is not two identifiers. Whatever passes is safe in a
// topic (no level, no wildcard) and as a file name.
func (k Kiosk) Check() error {
	if !identifier(k.Site) || !identifier(k.Name) {
		return fmt.Errorf("site and kiosk must each be 1 to %d of a-z, 0-9 and -", maxIdentifier)
	}
	return nil
}

// String is "<site>/<kiosk>", as it is in topics and receipts.
func (k Kiosk) String() string { return k.Site + "/" + k.Name }

// Topic is the kiosk's topic of the given kind.
func (k Kiosk) Topic(kind Kind) string { return prefix + k.String() + "/" + string(kind) }

// Kind is the last level of a topic.
type Kind string

// The kinds of message.
const (
	KindEvent   Kind = "event"
	KindReceipt Kind = "receipt"
	KindLink    Kind = "link"
	KindState   Kind = "state"
	KindHealth  Kind = "health"
	KindCommand Kind = "cmd"
	KindReply   Kind = "reply"
)

// Everyone is the topic filter for one kind of message of all kiosks.
func Everyone(kind Kind) string { return prefix + "+/+/" + string(kind) }

// ParseTopic takes a topic apart; false if it is none of ours.
func ParseTopic(topic string) (Kiosk, Kind, bool) {
	rest, ours := strings.CutPrefix(topic, prefix)
	part := strings.Split(rest, "/")
	if !ours || len(part) != 3 {
		return Kiosk{}, "", false
	}
	k, kind := Kiosk{Site: part[0], Name: part[1]}, Kind(part[2])
	switch kind {
	case KindEvent, KindReceipt, KindLink, KindState, KindHealth, KindCommand, KindReply:
		return k, kind, k.Check() == nil
	}
	return Kiosk{}, "", false
}

const (
	prefix        = "dzong/v1/"
	maxIdentifier = 32
)

func identifier(s string) bool {
	if len(s) == 0 || len(s) > maxIdentifier {
		return false
	}
	for _, r := range []byte(s) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return true
}
