package cases

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// FileName is the file that makes a folder a case.
const FileName = "case.json"

// Case is one test vector.
type Case struct {
	Comment   string                     `json:"comment,omitempty"`
	Input     string                     `json:"input"`
	Encoding  string                     `json:"encoding"` // text, base64 or hex
	Now       time.Time                  `json:"now"`
	Binding   Binding                    `json:"binding"`
	Trust     json.RawMessage            `json:"trust,omitempty"`
	Documents map[string]json.RawMessage `json:"documents,omitempty"`
	Status    []StatusFile               `json:"status,omitempty"`
	Deny      json.RawMessage            `json:"deny,omitempty"` // a bare deny list
	Contexts  map[string]string          `json:"contexts,omitempty"`
	Policy    json.RawMessage            `json:"policy,omitempty"`
	// Definition is a presentation definition, and Submission what the holder says
	// answers it.
	Definition json.RawMessage `json:"presentation_definition,omitempty"`
	Submission json.RawMessage `json:"presentation_submission,omitempty"`
	Query      string          `json:"query,omitempty"` // the id of the query that it was presented for
	Expect     reason.Outcome  `json:"expect"`
	Reasons    *[]reason.Code  `json:"reasons,omitempty"`
	Claims     map[string]any  `json:"claims,omitempty"`

	dir string
}

// Binding is the proof of possession that a case wants.
type Binding struct {
	Kind       string          `json:"kind"` // bound, fresh, bearer or session
	Nonce      string          `json:"nonce,omitempty"`
	Audience   string          `json:"audience,omitempty"`
	WindowS    int64           `json:"window_s,omitempty"`
	Transcript string          `json:"transcript,omitempty"` // hex
	ReaderKey  json.RawMessage `json:"reader_key,omitempty"` // a private JWK
}

// StatusFile is a status list that is at hand.
type StatusFile struct {
	URI  string `json:"uri"`
	File string `json:"file"`
}

// DefaultWindow is the window of a fresh binding that names none.
const DefaultWindow = 60 * time.Second

// fileLimit bounds every file of a case.
const fileLimit = limits.StatusToken

// Load reads the case in dir.
func Load(dir string) (*Case, error) {
	data, err := readBounded(filepath.Join(dir, FileName))
	if err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	object, err := strictjson.DecodeObject(data)
	if err != nil {
		return nil, fmt.Errorf("read case %s: %w", dir, err)
	}
	c := &Case{dir: dir}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(c); err != nil {
		return nil, fmt.Errorf("read case %s: %w", dir, err)
	}
	for _, name := range []string{"input", "encoding", "now", "binding", "expect"} {
		if _, ok := object[name]; !ok {
			return nil, fmt.Errorf("read case %s: %q is missing", dir, name)
		}
	}
	return c, nil
}

// input reads the presentation.
func (c *Case) input() ([]byte, error) {
	data, err := c.file(c.Input)
	if err != nil {
		return nil, fmt.Errorf("read input: %w", err)
	}
	switch c.Encoding {
	case "text":
		return data, nil
	case "base64":
		data, err = base64.StdEncoding.DecodeString(string(bytes.TrimSpace(data)))
	case "hex":
		data, err = hex.DecodeString(string(bytes.TrimSpace(data)))
	default:
		return nil, errors.New(`encoding must be "text", "base64" or "hex"`)
	}
	if err != nil {
		return nil, fmt.Errorf("decode input: %w", err)
	}
	return data, nil
}

// file reads a file below the case's folder and nowhere else: os.Root also
// refuses links that lead out of it.
func (c *Case) file(name string) ([]byte, error) {
	root, err := os.OpenRoot(c.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAllBounded(f)
}

func (b *Binding) binding() (credential.Binding, error) {
	var made credential.Binding
	switch b.Kind {
	case "bound":
		made = credential.Bound(b.Nonce, b.Audience)
	case "fresh":
		window := time.Duration(b.WindowS) * time.Second
		if b.WindowS == 0 {
			window = DefaultWindow
		}
		made = credential.Fresh(b.Audience, window)
	case "bearer":
		made = credential.BearerUnsafe()
	case "session":
		transcript, err := hex.DecodeString(b.Transcript)
		if err != nil {
			return made, fmt.Errorf("binding: transcript: %w", err)
		}
		reader, err := b.readerKey()
		if err != nil {
			return made, fmt.Errorf("binding: reader_key: %w", err)
		}
		made = credential.Session(transcript, reader)
	default:
		return made, fmt.Errorf("binding: kind must be bound, fresh, bearer or session")
	}
	if !made.Valid() {
		return made, fmt.Errorf("binding: a %s binding needs more than this, or its window is wider than a day", b.Kind)
	}
	return made, nil
}
