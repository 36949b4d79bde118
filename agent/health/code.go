package health

// Code is a stable, snake_case name of something that can be wrong.
type Code string

// The closed set. What each means stands in the table (words.go).
const (
	OutboxFull       Code = "outbox_full"
	OutboxFilling    Code = "outbox_filling"
	DiskFailed       Code = "disk_failed"
	CameraFailed     Code = "camera_failed"
	TrustMissing     Code = "trust_missing"
	TrustStale       Code = "trust_stale"
	ClockUntrusted   Code = "clock_untrusted"
	ClockUnproven    Code = "clock_unproven"
	StatusIncomplete Code = "status_incomplete"
	SyncFailing      Code = "sync_failing"
	BrokerOffline    Code = "broker_offline"
	ReceiptsLate     Code = "receipts_late"
	RecordConflict   Code = "record_conflict"
	StageFailed      Code = "stage_failed"
)

// Severity says what a condition keeps the kiosk from. The zero value is the
// gravest.
type Severity uint8

const (
	Blocking Severity = iota // no decision can be made until it is mended
	Warning                  // decisions are made, but some will be "could not check", or it will soon be blocking
	Info                     // staff need do nothing
)

// String gives the word used in JSON.
func (s Severity) String() string {
	switch s {
	case Warning:
		return "warning"
	case Info:
		return "info"
	default:
		return "blocking"
	}
}

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
