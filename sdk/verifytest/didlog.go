package verifytest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/jcs"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// DIDLog is a did:webvh as its controller keeps it: a log that grows, and the
// proofs of its witnesses. Its keys are called by words; "0" signs the first entry
// and all that name no other.
type DIDLog struct {
	name, scid, id, last string
	time                 time.Time
	lines                [][]byte
	versions             []string
	state                map[string]any
	approvals            []any
}

// LogChange changes an entry before it is hashed and signed.
type LogChange func(entry map[string]any)

// Parameter sets a parameter of an entry, or removes it if value is nil.
func Parameter(name string, value any) LogChange {
	return func(entry map[string]any) {
		p := entry["parameters"].(map[string]any)
		if p[name] = value; value == nil {
			delete(p, name)
		}
	}
}

// NewDIDLog makes the log of a new DID at place ("host" or "host:path"), whose
// document has one key for every purpose, "#key-1".
func NewDIDLog(name, place string, at time.Time, changes ...LogChange) *DIDLog {
	l := &DIDLog{name: name, time: at}
	id := "did:webvh:{SCID}:" + place
	entry := map[string]any{
		"versionId":   "{SCID}",
		"versionTime": at.UTC().Format(time.RFC3339),
		"parameters":  map[string]any{"method": "did:webvh:1.0", "scid": "{SCID}", "updateKeys": []any{l.Key("0")}},
		"state": map[string]any{
			"@context": []any{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"},
			"id":       id,
			"verificationMethod": []any{map[string]any{
				"id": id + "#key-1", "type": "Multikey", "controller": id, "publicKeyMultibase": l.Key("document")}},
			"assertionMethod": []any{id + "#key-1"},
			"authentication":  []any{id + "#key-1"},
		},
	}
	for _, change := range changes {
		change(entry)
	}
	canonical := canonicalJSON(entry)
	l.scid = multihash(canonical)
	l.id = "did:webvh:" + l.scid + ":" + place
	replaced, err := strictjson.DecodeObject(bytes.ReplaceAll(canonical, []byte("{SCID}"), []byte(l.scid)))
	if err != nil {
		panic(fmt.Sprintf("verifytest: first entry: %v", err))
	}
	l.last = l.scid
	l.add("0", replaced)
	return l
}

// ID is the DID as its latest version is called, or the last one that was called
// by a name that a DID of this log can have.
func (l *DIDLog) ID() string { return l.id }

// Key is a public key of the controller or of a witness, as a Multikey.
func (l *DIDLog) Key(word string) string {
	public := l.private(word).private.Public("").Public().(ed25519.PublicKey)
	return multibase.Encode(multicodec.Join(multicodec.Ed25519, public))
}

// KeyHash is the hash by which a key is announced for the next entry.
func (l *DIDLog) KeyHash(word string) string { return multihash([]byte(l.Key(word))) }

// Witnesses is the parameter that asks for the approval of so many of these.
func (l *DIDLog) Witnesses(threshold int, words ...string) map[string]any {
	list := []any{}
	for _, w := range words {
		list = append(list, map[string]any{"id": "did:key:" + l.Key(w)})
	}
	return map[string]any{"threshold": threshold, "witnesses": list}
}

// Update adds an entry a day after the last one, signed by the key called signer,
// with the document as it was.
func (l *DIDLog) Update(signer string, changes ...LogChange) {
	l.time = l.time.Add(24 * time.Hour)
	entry := map[string]any{
		"versionTime": l.time.UTC().Format(time.RFC3339),
		"parameters":  map[string]any{},
		"state":       l.state,
	}
	// A change must not reach back into earlier entries.
	entry, err := strictjson.DecodeObject(canonicalJSON(entry))
	if err != nil {
		panic(fmt.Sprintf("verifytest: next entry: %v", err))
	}
	for _, change := range changes {
		change(entry)
	}
	l.add(signer, entry)
}

func (l *DIDLog) add(signer string, entry map[string]any) {
	number, stated := entry["versionId"].(string)
	if !stated || number == l.scid {
		number = strconv.Itoa(len(l.lines) + 1)
	}
	entry["versionId"] = l.last
	l.last = number + "-" + multihash(canonicalJSON(entry))
	entry["versionId"] = l.last
	l.state = entry["state"].(map[string]any)
	if id, _ := l.state["id"].(string); strings.HasPrefix(id, "did:webvh:"+l.scid+":") {
		l.id = id
	}
	l.versions = append(l.versions, l.last)
	entry["proof"] = []any{l.Proof(signer, entry)}
	l.lines = append(l.lines, mustJSON(entry))
}

// Proof signs a document as a Data Integrity proof of eddsa-jcs-2022.
func (l *DIDLog) Proof(signer string, document map[string]any) map[string]any {
	key := l.Key(signer)
	proof := map[string]any{
		"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod",
		"created": l.time.UTC().Format(time.RFC3339), "verificationMethod": "did:key:" + key + "#" + key,
	}
	return l.sign(signer, proof, document)
}

func (l *DIDLog) sign(signer string, proof, document map[string]any) map[string]any {
	a, b := sha256.Sum256(canonicalJSON(proof)), sha256.Sum256(canonicalJSON(document))
	proof["proofValue"] = multibase.Encode(l.Sign(signer, append(a[:], b[:]...)))
	return proof
}

// Sign signs data by a key of the controller's; "document" is the one called
// "#key-1" in the DID document.
func (l *DIDLog) Sign(signer string, data []byte) []byte {
	signature, err := l.private(signer).private.Sign(data)
	if err != nil {
		panic(fmt.Sprintf("verifytest: sign: %v", err))
	}
	return signature
}

// Approve adds the witnesses' proofs of a version, counted from 1.
func (l *DIDLog) Approve(version int, witnesses ...string) {
	id := l.versions[version-1]
	proofs := []any{}
	for _, w := range witnesses {
		proofs = append(proofs, l.Proof(w, map[string]any{"versionId": id}))
	}
	l.approvals = append(l.approvals, map[string]any{"versionId": id, "proof": proofs})
}

// Lines is the log entry by entry. They may be changed; the log does not change
// with them.
func (l *DIDLog) Lines() [][]byte {
	out := make([][]byte, len(l.lines))
	for i, line := range l.lines {
		out[i] = bytes.Clone(line)
	}
	return out
}

// Log is the file did.jsonl.
func (l *DIDLog) Log() []byte { return append(bytes.Join(l.lines, []byte("\n")), '\n') }

// Witness is the file did-witness.json, nil if no witness has approved anything.
func (l *DIDLog) Witness() []byte {
	if l.approvals == nil {
		return nil
	}
	return mustJSON(l.approvals)
}

func (l *DIDLog) private(word string) keyPair {
	return deriveKeyFor(credential.EdDSA, l.name+"/did log/"+word)
}

func canonicalJSON(v any) []byte {
	// Numbers and slices of a caller's own types become those of JSON first.
	decoded, err := strictjson.Decode(mustJSON(v))
	if err != nil {
		panic(fmt.Sprintf("verifytest: canonicalise: %v", err))
	}
	if m, ok := decoded.(map[string]any); ok {
		delete(m, "proof")
	}
	out, err := jcs.Transform(decoded)
	if err != nil {
		panic(fmt.Sprintf("verifytest: canonicalise: %v", err))
	}
	return out
}

func multihash(data []byte) string {
	sum := sha256.Sum256(data)
	return base58.Encode(multicodec.Join(multicodec.SHA256, append([]byte{sha256.Size}, sum[:]...)))
}

// Renamed gives the document of an entry another place, as a move of a portable
// DID does: its former name becomes one of those it is also known as.
func Renamed(place string) LogChange {
	return func(entry map[string]any) {
		state := entry["state"].(map[string]any)
		old := state["id"].(string)
		scid, _, _ := strings.Cut(strings.TrimPrefix(old, "did:webvh:"), ":")
		renamed := "did:webvh:" + scid + ":" + place
		moved, err := strictjson.DecodeObject(bytes.ReplaceAll(canonicalJSON(state), []byte(old), []byte(renamed)))
		if err != nil {
			panic(fmt.Sprintf("verifytest: rename: %v", err))
		}
		moved["alsoKnownAs"] = []any{old}
		entry["state"] = moved
	}
}
