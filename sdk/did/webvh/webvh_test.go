package webvh_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did/webvh"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

type (
	obj    = map[string]any
	change = verifytest.LogChange
)

var (
	begin = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	now   = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	set   = verifytest.Parameter
)

func fresh(changes ...change) *verifytest.DIDLog {
	return verifytest.NewDIDLog("webvh", "registry.example:id", begin, changes...)
}

func verify(l *verifytest.DIDLog) (*webvh.Log, error) {
	return webvh.Verify(l.ID(), l.Log(), l.Witness(), now)
}

func codeOf(err error) reason.Code {
	var coded *reason.Error
	errors.As(err, &coded)
	if coded == nil {
		return ""
	}
	return coded.Code
}

func state(name string, v any) change {
	return func(entry obj) { entry["state"].(obj)[name] = v }
}

func TestWhatHolds(t *testing.T) {
	// The words of a log's keys are its own, so that any log tells them.
	l := fresh()
	for name, build := range map[string]func() *verifytest.DIDLog{
		"one entry": func() *verifytest.DIDLog { return fresh() },
		"an update": func() *verifytest.DIDLog { l := fresh(); l.Update("0"); return l },
		"keys that change": func() *verifytest.DIDLog {
			l := fresh()
			l.Update("0", set("updateKeys", []any{l.Key("1"), l.Key("2")}))
			l.Update("2")
			return l
		},
		"keys announced ahead": func() *verifytest.DIDLog {
			l := fresh(set("nextKeyHashes", []any{l.KeyHash("1"), l.KeyHash("spare")}))
			l.Update("1", set("updateKeys", []any{l.Key("1")}), set("nextKeyHashes", []any{l.KeyHash("2")}))
			l.Update("2", set("updateKeys", []any{l.Key("2")}), set("nextKeyHashes", []any{}))
			l.Update("2", set("updateKeys", []any{l.Key("3")}))
			return l
		},
		"null where a default is meant": func() *verifytest.DIDLog {
			null := func(name string) change { return func(e obj) { e["parameters"].(obj)[name] = nil } }
			return fresh(null("nextKeyHashes"), null("witness"), null("watchers"), null("ttl"))
		},
		"witnesses": func() *verifytest.DIDLog {
			l := fresh(set("witness", l.Witnesses(2, "w1", "w2", "w3")))
			l.Update("0")
			l.Approve(2, "w1", "w3")
			return l
		},
		"witnesses of later entries for earlier ones": func() *verifytest.DIDLog {
			l := fresh(set("witness", l.Witnesses(2, "w1", "w2")))
			l.Update("0")
			l.Approve(1, "w1")
			l.Approve(2, "w1", "w2")
			return l
		},
		"witnesses that change": func() *verifytest.DIDLog {
			l := fresh(set("witness", l.Witnesses(1, "w1")))
			l.Update("0", set("witness", l.Witnesses(1, "w2")))
			l.Update("0")
			l.Approve(2, "w1")
			l.Approve(3, "w2")
			return l
		},
		"witnesses that end": func() *verifytest.DIDLog {
			l := fresh(set("witness", l.Witnesses(1, "w1")))
			l.Update("0", set("witness", obj{}))
			l.Update("0")
			l.Approve(2, "w1")
			return l
		},
		"bad proofs beside enough good ones": func() *verifytest.DIDLog {
			l := fresh(set("witness", l.Witnesses(1, "w1")))
			l.Approve(1, "stranger")
			l.Approve(1, "w1")
			return l
		},
		"a move": func() *verifytest.DIDLog {
			l := fresh(set("portable", true))
			l.Update("0", verifytest.Renamed("other.example"))
			return l
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := build()
			got, err := verify(l)
			if err != nil {
				t.Fatal(err)
			}
			d := got.Document()
			if d.ID != l.ID() || got.DID != l.ID() || len(d.Keys(credential.AssertionMethod)) != 1 || got.TTL != time.Hour {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestADeactivatedDIDHasNoKeys(t *testing.T) {
	l := fresh()
	l.Update("0", set("deactivated", true), set("updateKeys", []any{}))
	got, err := verify(l)
	if err != nil {
		t.Fatal(err)
	}
	if d := got.Document(); !got.Deactivated || d.ID != l.ID() || d.Keys(credential.AssertionMethod) != nil {
		t.Errorf("%+v", got)
	}
}

// A DID that moved is found by its former name too, and says its new one.
func TestAMovedDIDSaysItsNewName(t *testing.T) {
	l := fresh(set("portable", true))
	former := l.ID()
	l.Update("0", verifytest.Renamed("other.example"))
	got, err := webvh.Verify(former, l.Log(), nil, now)
	if err != nil || got.DID != l.ID() || got.DID == former || !got.Portable {
		t.Errorf("%+v, %v", got, err)
	}
}

// Each case has one cause. Names in brackets are those of the negative scenarios of
// didwebvh-test-suite (vectors/NEGATIVE_VECTORS.md), which ships them as scripts
// without logs.
func TestWhatDoesNotHold(t *testing.T) {
	l := fresh()
	lines := func(edit func(lines [][]byte) [][]byte) func() *logFile {
		return func() *logFile {
			l := fresh()
			l.Update("0")
			l.Update("0")
			return &logFile{id: l.ID(), log: append(bytes.Join(edit(l.Lines()), []byte("\n")), '\n')}
		}
	}
	member := func(edit func(entry obj)) func() *logFile {
		return lines(func(lines [][]byte) [][]byte {
			lines[1] = edited(t, lines[1], edit)
			return lines
		})
	}
	proof := func(edit func(proof obj)) func() *logFile {
		return member(func(e obj) { edit(e["proof"].([]any)[0].(obj)) })
	}
	built := func(build func() *verifytest.DIDLog) func() *logFile {
		return func() *logFile { l := build(); return &logFile{l.ID(), l.Log(), l.Witness()} }
	}
	first := func(changes ...change) func() *logFile {
		return built(func() *verifytest.DIDLog { return fresh(changes...) })
	}
	second := func(changes ...change) func() *logFile {
		return built(func() *verifytest.DIDLog { l := fresh(); l.Update("0", changes...); return l })
	}
	ahead := func(signer string, changes ...change) func() *logFile {
		return built(func() *verifytest.DIDLog {
			l := fresh(set("nextKeyHashes", []any{l.KeyHash("1")}))
			l.Update(signer, changes...)
			return l
		})
	}
	witnessed := func(build func(l *verifytest.DIDLog), list obj) func() *logFile {
		return built(func() *verifytest.DIDLog {
			l := fresh(set("witness", list))
			build(l)
			return l
		})
	}
	const (
		invalid   = reason.SignatureInvalid
		malformed = reason.Malformed
	)
	for name, c := range map[string]struct {
		build func() *logFile
		want  reason.Code
	}{
		"no entry":                   {lines(func([][]byte) [][]byte { return nil }), malformed},
		"the first entry away":       {lines(func(l [][]byte) [][]byte { return l[1:] }), invalid},
		"an entry away":              {lines(func(l [][]byte) [][]byte { return [][]byte{l[0], l[2]} }), invalid},
		"an entry twice":             {lines(func(l [][]byte) [][]byte { return [][]byte{l[0], l[1], l[1], l[2]} }), invalid},
		"two entries in turn":        {lines(func(l [][]byte) [][]byte { return [][]byte{l[0], l[2], l[1]} }), invalid},
		"an empty line":              {lines(func(l [][]byte) [][]byte { return [][]byte{l[0], nil, l[1]} }), malformed},
		"an array for an entry":      {lines(func(l [][]byte) [][]byte { return [][]byte{[]byte("[]")} }), malformed},
		"half an entry":              {lines(func(l [][]byte) [][]byte { l[2] = l[2][:100]; return l }), malformed},
		"a name twice":               {lines(func(l [][]byte) [][]byte { l[2] = append([]byte(`{"state":{},`), l[2][1:]...); return l }), malformed},
		"text that is not UTF-8":     {lines(func(l [][]byte) [][]byte { return append(l, []byte("{\"\xff\":1}")) }), malformed},
		"the entry of another log":   {lines(func(l [][]byte) [][]byte { return append(l[:1], strangerLines()[1]) }), invalid},
		"an unknown member":          {member(func(e obj) { e["x"] = 1 }), malformed},
		"no versionId":               {member(func(e obj) { delete(e, "versionId") }), malformed},
		"versionId without a number": {member(func(e obj) { e["versionId"] = e["versionId"].(string)[1:] }), malformed},
		"versionId with a zero before": {member(func(e obj) {
			e["versionId"] = "0" + e["versionId"].(string)
		}), malformed},
		"versionId with another hash": {member(func(e obj) { e["versionId"] = "2-" + l.KeyHash("x") }), invalid},
		"versionTime without a zone":  {member(func(e obj) { e["versionTime"] = "2026-10-02T00:00:00" }), malformed},
		"versionTime in another zone": {member(func(e obj) { e["versionTime"] = "2026-10-02T06:00:00+06:00" }), malformed},
		"versionTime as a number":     {member(func(e obj) { e["versionTime"] = 1 }), malformed},
		"no state":                    {member(func(e obj) { delete(e, "state") }), malformed},
		"no parameters":               {member(func(e obj) { delete(e, "parameters") }), malformed},
		"no proof":                    {member(func(e obj) { delete(e, "proof") }), malformed},
		"an empty proof":              {member(func(e obj) { e["proof"] = []any{} }), malformed},
		"a second proof that is bad": {member(func(e obj) {
			bad := obj{}
			for k, v := range e["proof"].([]any)[0].(obj) {
				bad[k] = v
			}
			bad["created"] = "2026-10-03T00:00:00Z"
			e["proof"] = append(e["proof"].([]any), bad)
		}), invalid},

		"another suite (negative-wrong-cryptosuite)": {proof(func(p obj) { p["cryptosuite"] = "eddsa-rdfc-2022" }), invalid},
		"another purpose": {proof(func(p obj) { p["proofPurpose"] = "authentication" }), invalid},
		"another type":    {proof(func(p obj) { p["type"] = "Ed25519Signature2020" }), invalid},
		"another did:key (negative-did-key-body-fragment-mismatch)":  {proof(func(p obj) { p["verificationMethod"] = "did:key:" + l.Key("x") + "#" + l.Key("0") }), invalid},
		"another fragment (negative-did-key-body-fragment-mismatch)": {proof(func(p obj) { p["verificationMethod"] = "did:key:" + l.Key("0") + "#" + l.Key("x") }), invalid},
		"a verification method without fragment":                     {proof(func(p obj) { p["verificationMethod"] = "did:key:" + l.Key("0") }), invalid},
		"a verification method of the DID itself":                    {proof(func(p obj) { p["verificationMethod"] = fresh().ID() + "#key-1" }), invalid},
		"a key of another kind": {proof(func(p obj) {
			p["verificationMethod"] = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv#zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
		}), invalid},
		"no signature":                                      {proof(func(p obj) { delete(p, "proofValue") }), malformed},
		"a signature in base64url":                          {proof(func(p obj) { p["proofValue"] = "u" + strings.Repeat("A", 86) }), malformed},
		"a long signature":                                  {proof(func(p obj) { p["proofValue"] = "z" + strings.Repeat("1", 5000) }), malformed},
		"another time of signing":                           {proof(func(p obj) { p["created"] = "2026-10-02T00:00:01Z" }), invalid},
		"a time of signing that is none":                    {proof(func(p obj) { p["created"] = "yesterday" }), malformed},
		"a proof that expires":                              {proof(func(p obj) { p["expires"] = "2030-01-01T00:00:00Z" }), invalid},
		"a proof with a context":                            {proof(func(p obj) { p["@context"] = []any{} }), invalid},
		"a proof behind another":                            {proof(func(p obj) { p["previousProof"] = "urn:x" }), invalid},
		"a proof with something more":                       {proof(func(p obj) { p["nonce"] = "x" }), invalid},
		"an unsigned member of the state (state is hashed)": {member(func(e obj) { e["state"].(obj)["service"] = []any{} }), invalid},
		"another state.id (negative-scid-mismatch-genesis)": {first(state("id", "did:webvh:"+l.KeyHash("x")+":registry.example:id")), invalid},
		"a state of another method":                         {first(state("id", "did:web:registry.example:id")), malformed},
		"a state without id":                                {first(state("id", nil)), malformed},
		"an unknown parameter":                              {second(set("x", 1)), malformed},
		"a later method (negative-unknown-method-version)":  {second(set("method", "did:webvh:9.9")), reason.FormatUnsupported},
		"another method at first":                           {first(set("method", "did:webvh:0.5")), reason.FormatUnsupported},
		"no method":                                         {first(set("method", nil)), malformed},
		"no scid":                                           {first(set("scid", nil)), malformed},
		"no updateKeys":                                     {first(set("updateKeys", nil)), malformed},
		"updateKeys empty at first":                         {first(set("updateKeys", []any{})), invalid},
		"updateKeys as a string":                            {first(set("updateKeys", l.Key("0"))), malformed},
		"updateKeys with one twice":                         {second(set("updateKeys", []any{l.Key("0"), l.Key("0")})), malformed},
		"scid once more":                                    {second(set("scid", l.KeyHash("x"))), malformed},
		"portable as a string":                              {first(set("portable", "true")), malformed},
		"portable later":                                    {second(set("portable", true)), invalid},
		"deactivated as a number":                           {second(set("deactivated", 1)), malformed},
		"ttl below zero":                                    {first(set("ttl", -1)), malformed},
		"ttl beyond 2^31":                                   {first(set("ttl", 1<<31+1)), malformed},
		"ttl as a string":                                   {first(set("ttl", "3600")), malformed},
		"too many keys":                                     {second(set("updateKeys", manyKeys())), malformed},
		"the first version is 2":                            {first(func(e obj) { e["versionId"] = "2" }), invalid},
		"versionTime as before (negative-versiontime-non-monotonic)": {second(func(e obj) { e["versionTime"] = begin.Format(time.RFC3339) }), invalid},
		"versionTime earlier (negative-versiontime-non-monotonic)":   {second(func(e obj) { e["versionTime"] = "2026-09-01T00:00:00Z" }), invalid},
		"versionTime in the future (negative-versiontime-future)":    {second(func(e obj) { e["versionTime"] = "2099-01-01T00:00:00Z" }), invalid},
		"a number that jumps": {second(func(e obj) { e["versionId"] = "3" }), invalid},
		"another SCID in a portable DID (negative-portable-scid-swap)": {moved(true, func(e obj) { e["state"].(obj)["id"] = "did:webvh:" + l.KeyHash("x") + ":other.example" }), invalid},
		"a move of a DID that is not portable":                         {moved(false), invalid},
		"a move that ends portability at once":                         {moved(true, set("portable", false)), invalid},
		"a move that does not tell the former name":                    {moved(true, state("alsoKnownAs", []any{"did:web:x"})), invalid},
		"an entry after the deactivation": {built(func() *verifytest.DIDLog {
			l := fresh()
			l.Update("0", set("deactivated", true))
			l.Update("0")
			return l
		}), invalid},
		"the key of nobody": {built(func() *verifytest.DIDLog { l := fresh(); l.Update("stranger"); return l }), invalid},
		"a key that was replaced": {built(func() *verifytest.DIDLog {
			l := fresh()
			l.Update("0", set("updateKeys", []any{l.Key("1")}))
			l.Update("0")
			return l
		}), invalid},
		"a new key before it counts": {built(func() *verifytest.DIDLog { l := fresh(); l.Update("1", set("updateKeys", []any{l.Key("1")})); return l }), invalid},
		"an entry after no keys are left": {built(func() *verifytest.DIDLog {
			l := fresh()
			l.Update("0", set("updateKeys", []any{}))
			l.Update("0")
			return l
		}), invalid},
		"a key nobody announced":                                      {ahead("2", set("updateKeys", []any{l.Key("2")}), set("nextKeyHashes", []any{})), invalid},
		"a key nobody announced beside one that was":                  {ahead("1", set("updateKeys", []any{l.Key("1"), l.Key("2")}), set("nextKeyHashes", []any{})), invalid},
		"the old key while the next is announced":                     {ahead("0", set("updateKeys", []any{l.Key("1")}), set("nextKeyHashes", []any{})), invalid},
		"no updateKeys ahead (negative-pre-rotation-omit-updatekeys)": {ahead("0", set("nextKeyHashes", []any{})), invalid},
		"no nextKeyHashes ahead":                                      {ahead("1", set("updateKeys", []any{l.Key("1")})), invalid},
		"updateKeys empty ahead":                                      {ahead("0", set("updateKeys", []any{}), set("nextKeyHashes", []any{})), invalid},
		"threshold zero (negative-zero-witness-threshold)":            {first(set("witness", l.Witnesses(0, "w1"))), malformed},
		"threshold above the number of witnesses":                     {first(set("witness", l.Witnesses(2, "w1"))), malformed},
		"threshold below zero":                                        {first(set("witness", l.Witnesses(-1, "w1"))), malformed},
		"a witness twice (negative-duplicate-witness-ids)":            {first(set("witness", l.Witnesses(2, "w1", "w1"))), malformed},
		"no witnesses and a threshold":                                {first(set("witness", obj{"threshold": 1, "witnesses": []any{}})), malformed},
		"a witness with a weight":                                     {first(set("witness", obj{"threshold": 1, "witnesses": []any{obj{"id": "did:key:" + l.Key("w1"), "weight": 1}}})), malformed},
		"a witness that is no did:key":                                {first(set("witness", obj{"threshold": 1, "witnesses": []any{obj{"id": "did:web:w.example"}}})), malformed},
		"a witness as a string":                                       {first(set("witness", obj{"threshold": 1, "witnesses": []any{"did:key:" + l.Key("w1")}})), malformed},
		"witness as an array":                                         {first(set("witness", []any{})), malformed},
		"no witness proofs at all":                                    {witnessed(func(*verifytest.DIDLog) {}, l.Witnesses(1, "w1")), invalid},
		"the proof of a stranger":                                     {witnessed(func(l *verifytest.DIDLog) { l.Approve(1, "stranger") }, l.Witnesses(1, "w1")), invalid},
		"one witness of two":                                          {witnessed(func(l *verifytest.DIDLog) { l.Approve(1, "w1") }, l.Witnesses(2, "w1", "w2")), invalid},
		"one witness twice":                                           {witnessed(func(l *verifytest.DIDLog) { l.Approve(1, "w1", "w1") }, l.Witnesses(2, "w1", "w2")), invalid},
		"the latest entry not approved":                               {witnessed(func(l *verifytest.DIDLog) { l.Update("0"); l.Approve(1, "w1") }, l.Witnesses(1, "w1")), invalid},
		"new witnesses approve the entry that names them": {witnessed(func(l *verifytest.DIDLog) {
			l.Update("0", set("witness", l.Witnesses(1, "w2")))
			l.Approve(1, "w1")
			l.Approve(2, "w2")
		}, l.Witnesses(1, "w1")), invalid},
		"nobody approves the end of witnessing":                       {witnessed(func(l *verifytest.DIDLog) { l.Update("0", set("witness", obj{})); l.Approve(1, "w1") }, l.Witnesses(1, "w1")), invalid},
		"witnesses that begin later, and nobody approves":             {second(set("witness", l.Witnesses(1, "w1"))), invalid},
		"a proof for another DID (negative-cross-did-witness-replay)": {crossReplay, invalid},
		"a proof for an entry that is not published":                  {unpublished, invalid},
		"witness proofs that are no array":                            {withWitness(`{}`), malformed},
		"witness proofs without a versionId":                          {withWitness(`[{"proof":[]}]`), malformed},
		"witness proofs with a name twice":                            {withWitness(`[{"versionId":"x","versionId":"y"}]`), malformed},
	} {
		t.Run(name, func(t *testing.T) {
			f := c.build()
			got, err := webvh.Verify(f.id, f.log, f.witness, now)
			if codeOf(err) != c.want || got != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

type logFile struct {
	id           string
	log, witness []byte
}

func edited(t testing.TB, line []byte, edit func(entry obj)) []byte {
	t.Helper()
	var entry obj
	if err := json.Unmarshal(line, &entry); err != nil {
		t.Fatal(err)
	}
	edit(entry)
	out, err := json.Marshal(entry)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func strangerLines() [][]byte {
	l := verifytest.NewDIDLog("stranger", "registry.example:id", begin)
	l.Update("0")
	return l.Lines()
}

func manyKeys() (out []any) {
	l := fresh()
	for range limits.WebVHKeys + 1 {
		out = append(out, l.Key(strings.Repeat("x", len(out))))
	}
	return out
}

func moved(portable bool, changes ...change) func() *logFile {
	return func() *logFile {
		l := fresh(set("portable", portable))
		first := l.ID()
		l.Update("0", append([]change{verifytest.Renamed("other.example")}, changes...)...)
		return &logFile{id: first, log: l.Log()}
	}
}

func crossReplay() *logFile {
	one := fresh().Witnesses(1, "w1")
	a := fresh(set("witness", one))
	b := verifytest.NewDIDLog("webvh", "other.example", begin, set("witness", one))
	b.Approve(1, "w1")
	return &logFile{a.ID(), a.Log(), b.Witness()}
}

func unpublished() *logFile {
	l := fresh(set("witness", fresh().Witnesses(1, "w1")))
	published := l.Log()
	l.Update("0")
	l.Approve(2, "w1")
	return &logFile{l.ID(), published, l.Witness()}
}

func withWitness(file string) func() *logFile {
	return func() *logFile {
		l := fresh(set("witness", fresh().Witnesses(1, "w1")))
		return &logFile{l.ID(), l.Log(), []byte(file)}
	}
}

// The DID that is asked for must be one the log was called by.
func TestTheLogOfAnother(t *testing.T) {
	l := fresh()
	for _, id := range []string{
		strings.Replace(l.ID(), "registry.example:id", "registry.example", 1),
		strings.Replace(l.ID(), "registry", "Registry", 1),
		verifytest.NewDIDLog("other", "registry.example:id", begin).ID(),
		"did:web:registry.example:id", "did:webvh:registry.example", l.ID() + "#key-1", "",
	} {
		if _, err := webvh.Verify(id, l.Log(), nil, now); codeOf(err) == "" {
			t.Errorf("the log is taken for %q: %v", id, err)
		}
	}
}

func TestWhatIsMissingIsTold(t *testing.T) {
	l := fresh(set("witness", fresh().Witnesses(1, "w1")))
	if _, err := webvh.Verify(l.ID(), l.Log(), nil, now); !errors.Is(err, webvh.ErrWitnesses) {
		t.Errorf("%v", err)
	}
	if _, err := webvh.Verify(l.ID(), fresh().Log(), nil, now); errors.Is(err, webvh.ErrWitnesses) {
		t.Errorf("another log: %v", err)
	}
	for at, future := range map[time.Time]bool{begin: false, begin.Add(-time.Minute): false, begin.Add(-time.Minute - 1): true, {}: true} {
		if _, err := webvh.Verify(fresh().ID(), fresh().Log(), nil, at); errors.Is(err, webvh.ErrFuture) != future {
			t.Errorf("at %v: %v", at, err)
		}
	}
}

func TestExtends(t *testing.T) {
	l := fresh()
	one, _ := verify(l)
	l.Update("0")
	two, err := verify(l)
	if err != nil {
		t.Fatal(err)
	}
	other := fresh()
	other.Update("0", state("alsoKnownAs", []any{"did:web:x"}))
	fork, err := verify(other)
	if err != nil {
		t.Fatal(err)
	}
	if !two.Extends(one) || !two.Extends(two) || one.Extends(two) || fork.Extends(two) || two.Extends(fork) || !fork.Extends(one) {
		t.Error("what extends what is not told")
	}
}

func TestTooLarge(t *testing.T) {
	l := fresh()
	if _, err := webvh.Verify(l.ID(), make([]byte, limits.WebVHLog+1), nil, now); codeOf(err) != reason.TooLarge {
		t.Errorf("a log of too many bytes: %v", err)
	}
	if _, err := webvh.Verify(l.ID(), bytes.Repeat([]byte("\n"), limits.WebVHEntries+1), nil, now); codeOf(err) != reason.TooLarge {
		t.Errorf("a log of too many entries: %v", err)
	}
	w := fresh(set("witness", l.Witnesses(1, "w1")))
	if _, err := webvh.Verify(w.ID(), w.Log(), make([]byte, limits.WebVHLog+1), now); codeOf(err) != reason.TooLarge {
		t.Errorf("too many bytes of witness proofs: %v", err)
	}
	w.Approve(1, "w1")
	var list []obj
	if err := json.Unmarshal(w.Witness(), &list); err != nil {
		t.Fatal(err)
	}
	many := make([]any, limits.WebVHProofs+1)
	list[0]["proof"] = many
	file, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := webvh.Verify(w.ID(), w.Log(), file, now); codeOf(err) != reason.TooLarge {
		t.Errorf("too many witness proofs: %v", err)
	}
}
