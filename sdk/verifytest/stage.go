package verifytest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// stage is a case of SD-JWT before it is played: a world in which everything is
// right, to be changed at one point.
type stage struct {
	world    *World
	registry *Issuer
	wallet   *Wallet
	claims   map[string]any
	issue    []IssueOption
	present  []PresentOption
	held     *Held          // issued by default if nil
	extra    []string       // disclosures beside those of the claims, in order
	want     map[string]any // claims that must come out; the name if nil
	token    func([]byte) []byte
	list     func([]byte) []byte // status token
	noList   bool
	listURI  string
	trust    func(map[string]any)
	noTrust  bool
	now      func(time.Time) time.Time
	binding  cases.Binding
	policy   string
	query    string // what the wallet says it answers
	deny     json.RawMessage

	definition, submission string // of Presentation Exchange
}

const (
	caseAudience = "https://bank.example/counter"
	caseNonce    = "n-0S6_WzA2Mj"
	caseIssuer   = "https://registry.example"
	caseType     = "https://registry.example/citizen"
)

func newStage() *stage {
	w := NewWorldNamed("cases", Epoch)
	s := &stage{
		world:    w,
		registry: w.AddIssuer(caseIssuer, caseType).Named("Registry", "ཐོ་བཀོད།"),
		wallet:   w.AddWallet(),
		claims:   map[string]any{"full_name": "Pema Example", "birth_date": "1990-01-01", "village": "Example"},
		binding:  cases.Binding{Kind: "bound", Nonce: caseNonce, Audience: caseAudience},
	}
	s.present = []PresentOption{To(caseAudience), Nonce(caseNonce), Disclose("full_name")}
	return s
}

// play presents what the stage holds.
func (s *stage) play() scene {
	held := s.held
	if held == nil {
		held = s.registry.Issue(s.wallet, s.claims, s.issue...)
	}
	for i, d := range s.extra {
		held.names = append(held.names, extraName(i))
		held.disclosures[extraName(i)] = d
	}
	s.world.Advance(time.Hour)
	made := s.wallet.Present(held, s.present...)
	if s.token != nil {
		made = s.token(made)
	}
	out := s.around(made)
	if out.claims = s.want; out.claims == nil {
		out.claims = map[string]any{"full_name": "Pema Example"}
	}
	return out
}

// around is a presentation and what is at hand to judge it by.
func (s *stage) around(presentation []byte) scene {
	made := scene{input: presentation, now: s.world.Now(), binding: s.binding, query: s.query, deny: s.deny}
	if s.now != nil {
		made.now = s.now(made.now)
	}
	if s.definition != "" {
		made.definition = json.RawMessage(s.definition)
	}
	if s.submission != "" {
		made.submission = json.RawMessage(s.submission)
	}
	if s.policy != "" {
		made.policy = json.RawMessage(s.policy)
	}
	if !s.noTrust {
		made.trust = s.trustList()
	}
	if !s.noList {
		list := s.registry.StatusToken()
		if s.list != nil {
			list = s.list(list)
		}
		uri := s.registry.StatusURI()
		if s.listURI != "" {
			uri = s.listURI
		}
		made.status = []statusList{{uri, "status.jwt", list}}
	}
	return made
}

// trustList is the world's list after the stage's change to its first entry.
func (s *stage) trustList() json.RawMessage {
	return changed(s.world.TrustJSON(), s.trust)
}

// entry changes a member of the first issuer's entry.
func entry(name string, value any) func(map[string]any) {
	return func(list map[string]any) {
		list["issuers"].([]any)[0].(map[string]any)[name] = value
	}
}

// part rewrites one segment (0 header, 1 payload, 2 signature) of the nth JWS in
// a presentation (0 the issuer's, -1 the holder's).
func part(jws, segment int, change func([]byte) []byte) func([]byte) []byte {
	return func(token []byte) []byte {
		pieces := strings.Split(string(token), "~")
		n := jws
		if n < 0 {
			n = len(pieces) - 1
		}
		segments := strings.Split(pieces[n], ".")
		raw, err := base64.RawURLEncoding.DecodeString(segments[segment])
		if err != nil {
			panic(fmt.Sprintf("verifytest: read own token: %v", err))
		}
		segments[segment] = base64.RawURLEncoding.EncodeToString(change(raw))
		pieces[n] = strings.Join(segments, ".")
		return []byte(strings.Join(pieces, "~"))
	}
}

func flip(raw []byte) []byte {
	raw[len(raw)/2] ^= 1
	return raw
}

func replace(old, new string) func([]byte) []byte {
	return func(raw []byte) []byte { return bytes.Replace(raw, []byte(old), []byte(new), 1) }
}

// addDisclosure puts a disclosure behind the others.
func addDisclosure(content string) func([]byte) []byte {
	return func(token []byte) []byte {
		at := bytes.LastIndexByte(token, '~') + 1
		d := base64.RawURLEncoding.EncodeToString([]byte(content)) + "~"
		return append(append(append([]byte{}, token[:at]...), d...), token[at:]...)
	}
}
