package report

import (
	"encoding/json"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/sdk/credential"
)

// Facts are what the kiosk knows of itself and the client does not.
type Facts struct {
	Software    string                // version of the agent
	ClockLevel  credential.ClockLevel // how far its time can be trusted
	TrustNumber uint64                // number of the trust list in use; 0 = none
	AsOf        time.Time             // the oldest knowledge in use; zero if there is none
}

// State is the retained message of that name: where kiosk and outbox stand.
type State struct {
	Schema      string `json:"schema"` // "dzong-state-1"
	Software    string `json:"software"`
	ClockLevel  string `json:"clock_level"`
	TrustNumber uint64 `json:"trust_number"`
	AsOf        string `json:"as_of,omitempty"`
	Epoch       string `json:"epoch"`
	HeadSeq     uint64 `json:"head_seq"`
	ReleasedSeq uint64 `json:"released_seq"`
	Records     int    `json:"records"`
	Bytes       int64  `json:"bytes"`
	Full        bool   `json:"full"`
	Damaged     int    `json:"damaged"` // databases put aside
}

func stateOf(f Facts, s outbox.State) State {
	st := State{
		Schema: "dzong-state-1", Software: f.Software, ClockLevel: clockWord(f.ClockLevel), TrustNumber: f.TrustNumber,
		Epoch: s.Epoch, HeadSeq: s.HeadSeq, ReleasedSeq: s.ReleasedSeq, Records: s.Records, Bytes: s.Bytes,
		Full: s.Full, Damaged: len(s.Damaged),
	}
	if !f.AsOf.IsZero() {
		st.AsOf = formatTime(f.AsOf)
	}
	return st
}

// Health is the message of that name: what is wrong, and how often something was
// shown that is no presentation.
type Health struct {
	Schema     string             `json:"schema"` // "dzong-health-1"
	Conditions []health.Condition `json:"conditions"`
	Counters   []Counter          `json:"counters"`
}

// Counter is one of the outbox's counters.
type Counter struct {
	Code string `json:"code"`
	Hour string `json:"hour,omitempty"` // absent: all hours before those listed
	N    uint64 `json:"n"`
}

// healthCounters bounds how many counters one message carries, the newest: a day
// of the few codes there are.
const healthCounters = 48

func healthOf(conditions []health.Condition, counters []outbox.Counter) ([]byte, error) {
	h := Health{Schema: "dzong-health-1", Conditions: conditions, Counters: []Counter{}}
	if h.Conditions == nil {
		h.Conditions = []health.Condition{}
	}
	for _, c := range counters[max(0, len(counters)-healthCounters):] {
		n := Counter{Code: c.Code, N: c.N}
		if !c.Hour.IsZero() {
			n.Hour = formatTime(c.Hour)
		}
		h.Counters = append(h.Counters, n)
	}
	return json.Marshal(h)
}

// Status is how reporting goes, for the kiosk's own health.
type Status struct {
	Connected bool
	Since     time.Time // of the connection or its absence
	// Waiting is since when the oldest record on its way has had no receipt;
	// zero when none waits.
	Waiting time.Time
	// Conflict: the collector signed for another chain than ours. Somebody wrote
	// in our name, or our disk was set back. A person must look.
	Conflict bool
	// Refused counts receipts and commands that were not what they should be, or
	// too many.
	Refused uint64
	// LastError says why the last connection could not be made or broke; for
	// developers, without credentials.
	LastError string
}
