package webvh

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/jcs"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// entry is one line of a log (§The DID Log File), parsed and not yet believed.
type entry struct {
	members    map[string]any // without proof
	versionID  string
	number     uint64
	hash       string
	time       time.Time
	parameters parameters
	state      map[string]any
	document   *did.Document
	proofs     []proof
}

func parseEntry(line []byte) (*entry, error) {
	members, err := strictjson.DecodeObject(line)
	if err != nil {
		return nil, err
	}
	for name := range members {
		switch name {
		case "versionId", "versionTime", "parameters", "state", "proof":
		default:
			return nil, malformed("it has a member that the method does not know")
		}
	}
	e := &entry{}
	var ok bool
	e.versionID, _ = members["versionId"].(string)
	if e.number, e.hash, ok = splitVersion(e.versionID); !ok {
		return nil, malformed("versionId is no number, dash and hash")
	}
	if e.time, ok = readTime(members["versionTime"]); !ok {
		return nil, malformed("versionTime is no time in UTC")
	}
	p, ok := members["parameters"].(map[string]any)
	if !ok {
		return nil, malformed("parameters is no object")
	}
	if e.parameters, err = readParameters(p); err != nil {
		return nil, err
	}
	if e.state, ok = members["state"].(map[string]any); !ok {
		return nil, malformed("state is no object")
	}
	if e.document, err = readState(e.state); err != nil {
		return nil, err
	}
	if e.proofs, err = readProofs(members["proof"]); err != nil {
		return nil, err
	}
	if len(e.proofs) == 0 {
		return nil, malformed("it has no proof")
	}
	e.members = maps.Clone(members)
	delete(e.members, "proof")
	return e, nil
}

func splitVersion(id string) (number uint64, hash string, ok bool) {
	digits, hash, ok := strings.Cut(id, "-")
	number, err := strconv.ParseUint(digits, 10, 32)
	return number, hash, ok && err == nil && number > 0 && strconv.FormatUint(number, 10) == digits && isHash(hash)
}

// readTime reads ISO 8601 as RFC 3339 profiles it, in UTC: "MUST be a timestamp in
// UTC".
func readTime(v any) (time.Time, bool) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || strings.ContainsRune(s, ',') {
		return time.Time{}, false
	}
	_, offset := t.Zone()
	return t.UTC(), offset == 0
}

// readState reads the version's DID document, which must be of a did:webvh.
func readState(state map[string]any) (*did.Document, error) {
	data, err := jcs.Transform(state)
	if err != nil {
		return nil, malformed("state has no canonical form")
	}
	d, err := did.ParseDocument(data)
	if err != nil {
		return nil, err
	}
	if _, err := did.LogURL(d.ID); err != nil {
		return nil, err
	}
	return d, nil
}

// alsoKnownAs reports whether the document names id so.
func (e *entry) alsoKnownAs(id string) bool {
	list, _ := e.state["alsoKnownAs"].([]any)
	for _, v := range list {
		if v == any(id) {
			return true
		}
	}
	return false
}

// verifyHash is §Verify The Entry Hash: the entry without its proof, in the place
// of versionId that of the entry before, or the SCID in the first.
func (e *entry) verifyHash(previous string) error {
	members := maps.Clone(e.members)
	members["versionId"] = previous
	canonical, err := jcs.Transform(members)
	if err != nil {
		return malformed("it has no canonical form")
	}
	if multihash(canonical) != e.hash {
		return refuse("its hash is of something else")
	}
	return nil
}

// verifySCID is §Verify SCID: the hash of the first entry with a placeholder where
// the SCID stands. "Treat the resulting log entry as a string and do a text
// replacement".
func (e *entry) verifySCID(scid string) error {
	const placeholder = "{SCID}"
	members := maps.Clone(e.members)
	members["versionId"] = placeholder
	canonical, err := jcs.Transform(members)
	if err != nil {
		return malformed("it has no canonical form")
	}
	// Names of members may change by it, and with them their order.
	replaced, err := strictjson.DecodeObject([]byte(strings.ReplaceAll(string(canonical), scid, placeholder)))
	if err != nil {
		return malformed("two members have one name where the SCID is replaced")
	}
	if canonical, err = jcs.Transform(replaced); err != nil {
		return malformed("it has no canonical form")
	}
	if multihash(canonical) != scid {
		return refuse("its SCID is the hash of another beginning")
	}
	return nil
}
