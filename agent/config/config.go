package config

import (
	"crypto/ed25519"
	_ "embed"
	"encoding/json"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
)

// Schema is the JSON Schema (2020-12) of a configuration file.
//
//go:embed schema.json
var Schema []byte

// Example is a configuration file with every key in it.
//
//go:embed example.json
var Example []byte

// Config is a configuration whose every value was checked. It is not changed
// after [Load] returns it. Paths are absolute or as the configuration's folder
// makes them; a path that was not given is empty.
type Config struct {
	Site     string // [a-z0-9-]{1,32}
	Kiosk    string // [a-z0-9-]{1,32}, unlike any other of the site
	Audience string // https URL without query: what a proof of possession must be made for
	Window   time.Duration
	Turn     time.Duration // one customer's turn, until the screen clears by itself

	Languages       []reason.Language // as the switch on the screen offers them
	DefaultLanguage reason.Language

	DataDir string // everything the agent writes lies below it
	Policy  *verify.Policy

	Trust      Trust
	Sync       Sync
	Broker     *Broker // nil: records wait in the outbox
	Collectors []ed25519.PublicKey
	Camera     Camera
	Screen     Screen
	Outbox     Outbox
}

// Trust is where the trust list comes from and who signs it.
type Trust struct {
	Key    credential.Key // the trust authority's
	URL    string         // https; empty: it comes by import only
	Hosts  []string       // the only hosts anything is fetched from
	CAFile string         // PEM; empty: the system's authorities
	// SealFile holds the device's own secret, under which the cache remembers what TLS
	// vouched for (cache.Seal); empty: nothing of that outlives a restart.
	SealFile string
}

// Sync is how often knowledge is fetched and where it is imported from.
type Sync struct {
	Interval  time.Duration // between two rounds while the line is up
	Timeout   time.Duration // of one request
	ImportDir string        // looked into for a list on a USB stick; empty: never
}

// Broker is the MQTT broker and how the kiosk proves itself to it. User is empty
// where a client certificate alone does.
type Broker struct {
	URL            string // mqtts://host:port, or mqtt://loopback:port
	CAFile         string
	ClientCertFile string
	ClientKeyFile  string
	UsernameFile   string
	PasswordFile   string
}

// Camera is where frames come from. Kind says which of the others hold.
type Camera struct {
	Kind     string // "files"
	Path     string // files: an image or a folder of images
	Interval time.Duration
	Loop     bool
}

// Screen is where the kiosk's own screen listens: always loopback.
type Screen struct{ Listen string }

// Outbox bounds what waits for the collector. Zero takes the outbox's own
// default.
type Outbox struct {
	MaxRecords     int
	MaxBytes       int64
	MaxReplayMarks int
}

// document is the file. Every key is here and nowhere else: the strict reader
// takes the names from the tags.
type document struct {
	Schema          string          `json:"$schema"`
	Format          *int            `json:"format"`
	Site            string          `json:"site"`
	Kiosk           string          `json:"kiosk"`
	Audience        string          `json:"audience"`
	WindowS         *int            `json:"window_s"`
	TurnS           *int            `json:"turn_s"`
	Languages       []string        `json:"languages"`
	DefaultLanguage string          `json:"default_language"`
	DataDir         string          `json:"data_dir"`
	PolicyFile      string          `json:"policy_file"`
	Policy          json.RawMessage `json:"policy"`

	Trust struct {
		KeyFile string   `json:"key_file"`
		URL     string   `json:"url"`
		Hosts   []string `json:"hosts"`
		CAFile  string   `json:"ca_file"`
		Seal    string   `json:"seal_file"`
	} `json:"trust"`

	Sync struct {
		IntervalS *int   `json:"interval_s"`
		TimeoutS  *int   `json:"timeout_s"`
		ImportDir string `json:"import_dir"`
	} `json:"sync"`

	Broker *struct {
		URL            string `json:"url"`
		CAFile         string `json:"ca_file"`
		ClientCertFile string `json:"client_cert_file"`
		ClientKeyFile  string `json:"client_key_file"`
		UsernameFile   string `json:"username_file"`
		PasswordFile   string `json:"password_file"`
	} `json:"broker"`

	CollectorKeyFile     string `json:"collector_key_file"`
	NextCollectorKeyFile string `json:"next_collector_key_file"`

	Camera struct {
		Kind       string `json:"kind"`
		Path       string `json:"path"`
		IntervalMS *int   `json:"interval_ms"`
		Loop       *bool  `json:"loop"`
	} `json:"camera"`

	Screen struct {
		Listen string `json:"listen"`
	} `json:"screen"`

	Outbox struct {
		MaxRecords     *int `json:"max_records"`
		MaxBytes       *int `json:"max_bytes"`
		MaxReplayMarks *int `json:"max_replay_marks"`
	} `json:"outbox"`
}
