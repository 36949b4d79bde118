package report

import (
	"bytes"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Event is one decision as the head office receives it. The same event always
// has the same bytes, because its hash is what the next one is chained to.
//
// Every field is a number, a time, a word of a closed set, or follows from the
// record's place in the chain, so that none can carry a claim, a holder's or a
// token's identifier, or a digest of one. Whoever adds a field keeps it so.
type Event struct {
	Epoch    string   // of the outbox: 32 hexadecimal digits
	Seq      uint64   // from 1
	PrevHash [32]byte // SHA-256 of the previous event; zero for the first

	Time       time.Time // of the decision, to the second
	ClockLevel credential.ClockLevel
	Outcome    reason.Outcome
	Reasons    []reason.Code // of all checks that did not pass; none if accepted
	Policy     string        // "<id>/<version>" of the policy
	AsOf       time.Time     // the oldest knowledge used; zero if none was
	Reference  string        // the number to appeal with; holds Seq
}

// EventSchema is the JSON Schema (2020-12) of an event.
//
//go:embed event.schema.json
var EventSchema []byte

// eventSchema names the shape; another shape gets another name.
const eventSchema = "dzong-event-1"

// maxSeq is the largest whole number every JSON reader keeps.
const maxSeq = 1<<53 - 1

var (
	policyName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}/(0|[1-9][0-9]{0,15})$`)
	reference  = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{3}-([0-9]{4,16})-[0-9A-HJKMNP-TV-Z]$`)
)

// wireEvent is the JSON, member by member in this order, without white space.
type wireEvent struct {
	Schema     string        `json:"schema"`
	ID         string        `json:"id"`
	Epoch      string        `json:"epoch"`
	Seq        uint64        `json:"seq"`
	PrevHash   string        `json:"prev_hash"`
	Time       string        `json:"time"`
	ClockLevel string        `json:"clock_level"`
	Outcome    string        `json:"outcome"`
	Reasons    []reason.Code `json:"reasons"`
	Policy     string        `json:"policy"`
	AsOf       *string       `json:"as_of"`
	Reference  string        `json:"reference"`
}

// At is e in its place in the chain.
func (e Event) At(p outbox.Position) Event {
	e.Epoch, e.Seq, e.PrevHash = p.Epoch, p.Seq, p.PrevHash
	return e
}

// ID is the event's name in the whole fleet: its epoch and number.
func (e Event) ID() string { return e.Epoch + "-" + strconv.FormatUint(e.Seq, 10) }

// Encode gives the event's bytes, or an error that says which field is not
// allowed and never what was in it.
func (e Event) Encode() ([]byte, error) {
	w := wireEvent{
		Schema: eventSchema, ID: e.ID(), Epoch: e.Epoch, Seq: e.Seq, PrevHash: hex.EncodeToString(e.PrevHash[:]),
		Time: formatTime(e.Time), ClockLevel: clockWord(e.ClockLevel), Outcome: e.Outcome.String(),
		Reasons: e.Reasons, Policy: e.Policy, Reference: e.Reference,
	}
	if w.Reasons == nil {
		w.Reasons = []reason.Code{}
	}
	if !e.AsOf.IsZero() {
		s := formatTime(e.AsOf)
		w.AsOf = &s
	}
	if _, err := w.event(); err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return json.Marshal(w)
}

// ParseEvent reads an event, and refuses every other bytes than Encode gives:
// what it accepts has one meaning and one hash.
func ParseEvent(data []byte) (Event, error) {
	if len(data) > outbox.MaxEvent {
		return Event{}, fmt.Errorf("parse event: %d bytes, at most %d", len(data), outbox.MaxEvent)
	}
	var w wireEvent
	if err := decodeStrict(data, &w); err != nil {
		return Event{}, fmt.Errorf("parse event: %w", err)
	}
	e, err := w.event()
	if err != nil {
		return Event{}, fmt.Errorf("parse event: %w", err)
	}
	again, err := e.Encode()
	if err != nil {
		return Event{}, fmt.Errorf("parse event: %w", err)
	}
	if !bytes.Equal(again, data) {
		return Event{}, errors.New("parse event: not in its one form: members in order, no white space, each once")
	}
	return e, nil
}

// event checks every member.
func (w wireEvent) event() (Event, error) {
	e := Event{Epoch: w.Epoch, Seq: w.Seq, Reasons: w.Reasons, Policy: w.Policy, Reference: w.Reference}
	var ok bool
	if w.Schema != eventSchema {
		return Event{}, fmt.Errorf("schema is not %s", eventSchema)
	}
	if !epoch(w.Epoch) {
		return Event{}, errors.New("epoch is not 32 hexadecimal digits")
	}
	if w.Seq < 1 || w.Seq > maxSeq {
		return Event{}, errors.New("seq is out of range")
	}
	if w.ID != e.ID() {
		return Event{}, errors.New("id is not epoch and seq")
	}
	if e.PrevHash, ok = parseHash(w.PrevHash); !ok {
		return Event{}, errors.New("prev_hash is not 64 hexadecimal digits")
	}
	if e.Time, ok = parseTime(w.Time); !ok {
		return Event{}, errors.New("time is not a UTC time to the second")
	}
	if e.ClockLevel, ok = parseClock(w.ClockLevel); !ok {
		return Event{}, errors.New("clock_level is none of the three words")
	}
	if e.Outcome.UnmarshalText([]byte(w.Outcome)) != nil {
		return Event{}, errors.New("outcome is none of the three words")
	}
	if err := checkReasons(e.Outcome, w.Reasons); err != nil {
		return Event{}, err
	}
	if !policyName.MatchString(w.Policy) {
		return Event{}, errors.New("policy is not <id>/<version>")
	}
	if w.AsOf != nil {
		if e.AsOf, ok = parseTime(*w.AsOf); !ok {
			return Event{}, errors.New("as_of is not a UTC time to the second")
		}
	}
	// The number in the reference is the event's own: seventeen free digits
	// could be somebody's.
	m := reference.FindStringSubmatch(w.Reference)
	if m == nil || m[1] != fmt.Sprintf("%04d", w.Seq) {
		return Event{}, errors.New("reference is not three letters, seq and a check letter")
	}
	return e, nil
}

func checkReasons(o reason.Outcome, codes []reason.Code) error {
	if codes == nil {
		return errors.New("reasons is missing")
	}
	if o == reason.Accepted && len(codes) > 0 {
		return errors.New("accepted and yet with reasons")
	}
	seen := make(map[reason.Code]bool, len(codes))
	for i, c := range codes {
		if _, known := reason.Lookup(c); !known || seen[c] {
			return fmt.Errorf("reasons[%d] is unknown or there twice", i)
		}
		seen[c] = true
	}
	return nil
}

const timeForm = "2006-01-02T15:04:05Z"

func formatTime(t time.Time) string { return t.UTC().Format(timeForm) }

func parseTime(s string) (time.Time, bool) {
	t, err := time.Parse(timeForm, s)
	return t, err == nil && t.Format(timeForm) == s && t.Year() >= 1970
}

func clockWord(l credential.ClockLevel) string {
	switch l {
	case credential.ClockProven:
		return "proven"
	case credential.ClockPlausible:
		return "plausible"
	default:
		return "untrusted"
	}
}

func parseClock(s string) (credential.ClockLevel, bool) {
	for _, l := range []credential.ClockLevel{credential.ClockProven, credential.ClockPlausible, credential.ClockUntrusted} {
		if clockWord(l) == s {
			return l, true
		}
	}
	return credential.ClockUntrusted, false
}

func parseHash(s string) (h [32]byte, ok bool) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(h) || hex.EncodeToString(raw) != s {
		return h, false
	}
	return [32]byte(raw), true
}

func epoch(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 16 && hex.EncodeToString(raw) == s
}

// decodeStrict reads one JSON value into v: no unknown member, nothing after it.
// Its errors are without a word of the input.
func decodeStrict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return errors.New("not the JSON object it should be")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("bytes after the JSON object")
	}
	return nil
}
