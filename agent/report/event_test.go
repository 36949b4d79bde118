package report_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dzong-id/dzong/agent/decision"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

var position = outbox.Position{Epoch: strings.Repeat("0a", 16), Seq: 42, PrevHash: [32]byte{0xff}}

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.EventSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("event.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t testing.TB, s *jsonschema.Schema, data []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

func TestEventsFollowTheSchemaAndComeBack(t *testing.T) {
	s := schema(t)
	for name, change := range map[string]func(*report.Event){
		"rejected":      func(*report.Event) {},
		"accepted":      func(e *report.Event) { e.Outcome, e.Reasons = reason.Accepted, nil },
		"indeterminate": func(e *report.Event) { e.Outcome, e.Reasons = reason.Indeterminate, []reason.Code{reason.TrustStale} },
		"no knowledge":  func(e *report.Event) { e.AsOf = time.Time{} },
		"untrusted":     func(e *report.Event) { e.ClockLevel = credential.ClockUntrusted },
		"local time":    func(e *report.Event) { e.Time = e.Time.In(time.FixedZone("BTT", 6*3600)) },
		"every reason": func(e *report.Event) {
			e.Reasons = nil
			for _, entry := range reason.Table() {
				e.Reasons = append(e.Reasons, entry.Code)
			}
		},
		"last number": func(e *report.Event) { e.Seq = 1<<53 - 1; e.Reference = decision.Reference(e.Epoch, e.Seq) },
	} {
		t.Run(name, func(t *testing.T) {
			e := event(position)
			e.Reference = decision.Reference(e.Epoch, e.Seq)
			change(&e)
			data, err := e.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if err := validate(t, s, data); err != nil {
				t.Fatal(err)
			}
			if len(data) > outbox.MaxEvent {
				t.Fatalf("%d bytes", len(data))
			}
			back, err := report.ParseEvent(data)
			if err != nil {
				t.Fatal(err)
			}
			e.Time = e.Time.UTC()
			if e.Reasons == nil {
				e.Reasons = []reason.Code{}
			}
			if d := cmp.Diff(e, back); d != "" {
				t.Fatal(d)
			}
		})
	}
}

func TestEventBytesAreFixed(t *testing.T) {
	const want = `{"schema":"dzong-event-1","id":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a-42","epoch":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","seq":42,` +
		`"prev_hash":"ff00000000000000000000000000000000000000000000000000000000000000","time":"2026-11-24T09:00:42Z","clock_level":"proven",` +
		`"outcome":"rejected","reasons":["revoked","status_stale"],"policy":"counter/3","as_of":"2026-11-23T09:00:00Z","reference":"7QK-0042-M"}`
	got, err := event(position).Encode()
	if err != nil || string(got) != want {
		t.Fatalf("%v\n got %s\nwant %s", err, got, want)
	}
}

// What no field takes, no claim can be hidden in.
func TestEventsRefuseWhatCouldBeAClaim(t *testing.T) {
	for name, change := range map[string]func(*report.Event){
		"a name as policy":            func(e *report.Event) { e.Policy = "Karma Dorji" },
		"a policy without version":    func(e *report.Event) { e.Policy = "counter" },
		"a name as reference":         func(e *report.Event) { e.Reference = "KARMA-DORJI" },
		"an ID number as reference":   func(e *report.Event) { e.Reference = "7QK-11008001234-M" },
		"another event's reference":   func(e *report.Event) { e.Reference = "7QK-0043-M" },
		"no reference":                func(e *report.Event) { e.Reference = "" },
		"a reason of one's own":       func(e *report.Event) { e.Reasons = []reason.Code{"karma_dorji"} },
		"a reason twice":              func(e *report.Event) { e.Reasons = []reason.Code{reason.Revoked, reason.Revoked} },
		"accepted with reasons":       func(e *report.Event) { e.Outcome = reason.Accepted },
		"an epoch of one's own":       func(e *report.Event) { e.Epoch = "karma" },
		"an epoch in capitals":        func(e *report.Event) { e.Epoch = strings.Repeat("0A", 16) },
		"number zero":                 func(e *report.Event) { e.Seq = 0; e.Reference = "7QK-0000-M" },
		"a number no JSON reader has": func(e *report.Event) { e.Seq = 1 << 53; e.Reference = "7QK-9007199254740992-M" },
		"no time":                     func(e *report.Event) { e.Time = time.Time{} },
		"a time beyond four digits":   func(e *report.Event) { e.Time = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		t.Run(name, func(t *testing.T) {
			e := event(position)
			change(&e)
			data, err := e.Encode()
			if err == nil {
				t.Fatalf("encoded as %s", data)
			}
			for _, word := range []string{"arma", "KARMA", "11008001234"} {
				if strings.Contains(err.Error(), word) {
					t.Fatalf("the error repeats it: %v", err)
				}
			}
		})
	}
}

func TestParseEventTakesOneFormOnly(t *testing.T) {
	good, err := event(position).Encode()
	if err != nil {
		t.Fatal(err)
	}
	s := schema(t)
	for name, c := range map[string]struct {
		change func(string) string
		shape  bool // the schema refuses it too
	}{
		"an unknown member":     {func(g string) string { return strings.Replace(g, `"seq"`, `"name":"x","seq"`, 1) }, true},
		"a member missing":      {func(g string) string { return strings.Replace(g, `,"policy":"counter/3"`, "", 1) }, true},
		"a member twice":        {func(g string) string { return strings.Replace(g, `"seq":42`, `"seq":41,"seq":42`, 1) }, false},
		"white space":           {func(g string) string { return strings.Replace(g, `,`, `, `, 1) }, false},
		"a line feed behind":    {func(g string) string { return g + "\n" }, false},
		"another value behind":  {func(g string) string { return g + "{}" }, false},
		"another order":         {func(g string) string { return `{"seq":42,` + strings.Replace(g[1:], `"seq":42,`, "", 1) }, false},
		"an escaped letter":     {func(g string) string { return strings.Replace(g, `"revoked"`, `"\u0072evoked"`, 1) }, false},
		"another case":          {func(g string) string { return strings.Replace(g, `"seq"`, `"SEQ"`, 1) }, true},
		"a number in words":     {func(g string) string { return strings.Replace(g, `"seq":42`, `"seq":"42"`, 1) }, true},
		"a fraction":            {func(g string) string { return strings.Replace(g, `"seq":42`, `"seq":42.5`, 1) }, true},
		"an id not its own":     {func(g string) string { return strings.Replace(g, `-42"`, `-43"`, 1) }, false},
		"reasons null":          {func(g string) string { return strings.Replace(g, `["revoked","status_stale"]`, `null`, 1) }, true},
		"an unknown reason":     {func(g string) string { return strings.Replace(g, `"revoked"`, `"karma"`, 1) }, true},
		"an unknown outcome":    {func(g string) string { return strings.Replace(g, `"rejected"`, `"karma"`, 1) }, true},
		"an unknown clock":      {func(g string) string { return strings.Replace(g, `"proven"`, `"sure"`, 1) }, true},
		"an unknown schema":     {func(g string) string { return strings.Replace(g, `dzong-event-1`, `dzong-event-2`, 1) }, true},
		"a time with a zone":    {func(g string) string { return strings.Replace(g, `09:00:42Z`, `09:00:42+00:00`, 1) }, true},
		"a time with fractions": {func(g string) string { return strings.Replace(g, `09:00:42Z`, `09:00:42.5Z`, 1) }, true},
		"a day that is none":    {func(g string) string { return strings.Replace(g, `2026-11-24`, `2026-11-31`, 1) }, false},
		"a short hash":          {func(g string) string { return strings.Replace(g, `"ff00`, `"ff`, 1) }, true},
		"a hash in capitals":    {func(g string) string { return strings.Replace(g, `"ff00`, `"FF00`, 1) }, true},
		"accepted with reasons": {func(g string) string { return strings.Replace(g, `"rejected"`, `"accepted"`, 1) }, true},
		"as_of without a value": {func(g string) string { return strings.Replace(g, `"2026-11-23T09:00:00Z"`, `""`, 1) }, true},
		"nothing":               {func(string) string { return "" }, true},
		"null":                  {func(string) string { return "null" }, true},
		"too many bytes":        {func(g string) string { return g + strings.Repeat(" ", outbox.MaxEvent) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			data := c.change(string(good))
			if data == string(good) {
				t.Fatal("the case changes nothing")
			}
			if _, err := report.ParseEvent([]byte(data)); err == nil {
				t.Fatal("taken")
			}
			if err := validate(t, s, []byte(data)); c.shape && err == nil {
				t.Fatal("the schema takes it")
			}
		})
	}
}

// The schema lists the reasons one by one. A code that is added to the table and
// not here would be refused by everybody who reads the schema.
func TestSchemaKnowsEveryReason(t *testing.T) {
	var doc struct {
		Properties map[string]struct {
			Items struct {
				Enum []reason.Code `json:"enum"`
			} `json:"items"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(report.EventSchema, &doc); err != nil {
		t.Fatal(err)
	}
	listed := map[reason.Code]bool{}
	for _, c := range doc.Properties["reasons"].Items.Enum {
		listed[c] = true
	}
	for _, e := range reason.Table() {
		if !listed[e.Code] {
			t.Errorf("%s is in the table and not in event.schema.json", e.Code)
		}
		delete(listed, e.Code)
	}
	for c := range listed {
		t.Errorf("%s is in event.schema.json and not in the table", c)
	}
}

// Whoever adds a field is asked here whether it can carry a claim.
func TestEventHasNoOtherField(t *testing.T) {
	want := []string{"Epoch", "Seq", "PrevHash", "Time", "ClockLevel", "Outcome", "Reasons", "Policy", "AsOf", "Reference"}
	var got []string
	for f := range reflect.TypeFor[report.Event]().Fields() {
		got = append(got, f.Name)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
}

func TestTopicsTakeIdentifiersOnly(t *testing.T) {
	for _, k := range []report.Kiosk{{"", "a"}, {"a", ""}, {"a/b", "c"}, {"+", "a"}, {"a", "#"}, {"A", "b"}, {"é", "b"}, {"a", ".."}, {"a b", "c"}, {strings.Repeat("a", 33), "b"}, {"a\x00", "b"}} {
		if k.Check() == nil {
			t.Errorf("%q is taken", k)
		}
		if _, _, ok := report.ParseTopic(k.Topic(report.KindEvent)); ok {
			t.Errorf("topic %q is taken", k.Topic(report.KindEvent))
		}
	}
	for _, topic := range []string{"", "dzong/v1/a/b", "dzong/v1/a/b/c", "dzong/v2/a/b/event", "dzong/v1/a/b/event/x", "x/dzong/v1/a/b/event"} {
		if _, _, ok := report.ParseTopic(topic); ok {
			t.Errorf("%q is taken", topic)
		}
	}
	k, kind, ok := report.ParseTopic("dzong/v1/thimphu/kiosk-1/receipt")
	if !ok || k != kiosk || kind != report.KindReceipt {
		t.Errorf("%v %v %v", k, kind, ok)
	}
	if k, err := report.ParseKiosk("thimphu/kiosk-1"); err != nil || k != kiosk {
		t.Errorf("%v %v", k, err)
	}
}
