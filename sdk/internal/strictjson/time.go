package strictjson

import (
	"regexp"
	"time"
)

var timeShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// Time reads RFC 3339 as the schemas of our own documents state it: capital T and
// Z, seconds always there. time.Parse takes a comma before fractions and an offset
// beyond a day's hours; RFC 3339 does not.
func Time(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || !timeShape.MatchString(text) {
		return time.Time{}, false
	}
	return t.UTC(), true
}
