package reason_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/reason"
)

// constants reads the constants of one type from code.go, so that a code that is
// added there and forgotten in the table is noticed.
func constants(t *testing.T, typeName string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != typeName {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found[value] = spec.Names[0].Name
		return true
	})
	if len(found) == 0 {
		t.Fatalf("code.go declares no constant of type %s: is this test reading the right file?", typeName)
	}
	return found
}

func TestEveryCodeHasOneEntry(t *testing.T) {
	codes, checks := constants(t, "Code"), constants(t, "Check")
	seen := map[reason.Code]bool{}
	for _, e := range reason.Table() {
		if codes[string(e.Code)] == "" {
			t.Errorf("the table has %q, which code.go does not declare", e.Code)
		}
		if seen[e.Code] {
			t.Errorf("the table has %q twice", e.Code)
		}
		seen[e.Code] = true
		if checks[string(e.Check)] == "" {
			t.Errorf("%s: unknown check %q", e.Code, e.Check)
		}
		got, ok := reason.Lookup(e.Code)
		if !ok || got != e {
			t.Errorf("Lookup(%s) does not give the table's entry", e.Code)
		}
	}
	for value, name := range codes {
		if !seen[reason.Code(value)] {
			t.Errorf("%s (%q) has no entry in the table", name, value)
		}
	}
	for _, bad := range []reason.Code{"", "revoked ", "Revoked", "nonsense"} {
		if _, ok := reason.Lookup(bad); ok {
			t.Errorf("Lookup(%q) found something", bad)
		}
	}
}

// The rule in the design: undecidable are exactly these, and key_unknown
// sometimes.
func TestWhichCodesCanBeUndecided(t *testing.T) {
	want := []reason.Code{
		reason.ClockUntrusted, reason.TrustStale, reason.StatusUnavailable,
		reason.StatusStale, reason.StatusListInvalid,
	}
	var undecided, maybe, refused []reason.Code
	for _, e := range reason.Table() {
		switch e.Verdict {
		case reason.Undecided:
			undecided = append(undecided, e.Code)
		case reason.Passed:
			t.Errorf("%s: a passed check has no code", e.Code)
		}
		if e.MayBeUndecided {
			maybe = append(maybe, e.Code)
		}
		if e.Refused {
			refused = append(refused, e.Code)
		}
	}
	if d := cmp.Diff(want, undecided); d != "" {
		t.Error("undecided codes (-want +got):\n", d)
	}
	if d := cmp.Diff([]reason.Code{reason.KeyUnknown}, maybe); d != "" {
		t.Error("sometimes undecided (-want +got):\n", d)
	}
	if d := cmp.Diff([]reason.Code{reason.IsARequest, reason.FormatUnsupported, reason.TooLarge, reason.Malformed}, refused); d != "" {
		t.Error("no presentation at all (-want +got):\n", d)
	}
}

func TestWordsInEveryLanguage(t *testing.T) {
	type text struct {
		where string
		get   func(reason.Language) string
	}
	var sentences, all []text
	for _, e := range reason.Table() {
		sentences = append(sentences, text{string(e.Code) + " sentence", e.Sentence})
		all = append(all, text{string(e.Code) + " next step", e.Next})
	}
	for name, w := range map[string]reason.OutcomeWords{
		"accepted": reason.Accepted.Words(), "indeterminate": reason.Indeterminate.Words(),
		"rejected": reason.Rejected.Words(), "refused": reason.RefusedWords(),
	} {
		sentences = append(sentences, text{name + " sentence", w.Sentence})
		all = append(all, text{name + " title", w.Title}, text{name + " next step", w.Next})
	}
	all = append(all, sentences...)

	for _, lang := range reason.Languages() {
		for _, s := range all {
			if problem := wrong(lang, s.get(lang)); problem != "" {
				t.Errorf("%s in %s: %s: %q", s.where, lang, problem, s.get(lang))
			}
		}
		seen := map[string]string{}
		for _, s := range sentences {
			if other := seen[s.get(lang)]; other != "" {
				t.Errorf("%s and %s share a sentence in %s", s.where, other, lang)
			}
			seen[s.get(lang)] = s.where
		}
	}
	e, _ := reason.Lookup(reason.Expired)
	if got := e.Sentence("fr"); got != e.Sentence(reason.English) {
		t.Errorf("an unknown language gets %q, want English", got)
	}
}

// wrong says what makes a text unfit for the screen.
func wrong(lang reason.Language, s string) string {
	const most = 100 // runes of English: two lines on an 800×480 screen
	switch {
	case s == "":
		return "missing"
	case !utf8.ValidString(s) || strings.TrimSpace(s) != s || strings.Contains(s, "  "):
		return "untidy"
	}
	if lang == reason.English {
		if utf8.RuneCountInString(s) > most {
			return fmt.Sprintf("longer than %d characters", most)
		}
		for _, jargon := range []string{"cryptograph", "JWT", "nonce", "audience", "hash", "token", "verifier", "holder", "TLS", "URL", "invalid"} {
			if strings.Contains(strings.ToLower(s), strings.ToLower(jargon)) {
				return "staff do not know the word " + jargon
			}
		}
		return ""
	}
	for _, r := range s {
		if r != ' ' && (r < 0x0F00 || r > 0x0FFF) {
			return fmt.Sprintf("%q is not Tibetan script", r)
		}
	}
	// A sentence ends with a shad, which falls away after the letter ga.
	if !strings.HasSuffix(s, "།") && !strings.HasSuffix(s, "ག") {
		return "does not end as a sentence"
	}
	if strings.Contains(s, "ག།") {
		return "has a shad after ga"
	}
	return ""
}

func TestProblemTypesAreTheRegisteredOnes(t *testing.T) {
	registered := map[string]bool{
		"https://www.w3.org/TR/vc-data-model#PARSING_ERROR":                       true,
		"https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR":        true,
		"https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR":               true,
		"https://www.w3.org/TR/vc-data-model#RANGE_ERROR":                         true,
		"https://w3id.org/security#PROOF_VERIFICATION_ERROR":                      true,
		"https://w3id.org/security#PROOF_TRANSFORMATION_ERROR":                    true,
		"https://w3id.org/security#INVALID_DOMAIN_ERROR":                          true,
		"https://w3id.org/security#INVALID_CHALLENGE_ERROR":                       true,
		"https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR":    true,
		"https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR": true,
		"https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR":  true,
	}
	for _, e := range reason.Table() {
		if e.Problem != "" && !registered[e.Problem] {
			t.Errorf("%s: %q is no registered problem type", e.Code, e.Problem)
		}
	}
}

func TestLeadTellsWhatHelpsMost(t *testing.T) {
	tests := map[string]struct {
		codes []reason.Code
		want  reason.Code
	}{
		"nothing":            {nil, ""},
		"only passed checks": {[]reason.Code{"", ""}, ""},
		"a code of a later version is passed over":   {[]reason.Code{"made_up", reason.Expired}, reason.Expired},
		"only codes of a later version":              {[]reason.Code{"made_up"}, ""},
		"a failure before what could not be checked": {[]reason.Code{reason.StatusStale, reason.Revoked}, reason.Revoked},
		"what cannot be mended before what can":      {[]reason.Code{reason.PresentationNotFresh, reason.Expired}, reason.Expired},
		"somebody else's before its status":          {[]reason.Code{reason.Revoked, reason.HolderBindingMismatch}, reason.HolderBindingMismatch},
		"a forgery before its dates":                 {[]reason.Code{reason.Expired, reason.SignatureInvalid}, reason.SignatureInvalid},
		"cancelled for good before on hold":          {[]reason.Code{reason.Suspended, reason.Revoked}, reason.Revoked},
		"the clock before what depends on it":        {[]reason.Code{reason.StatusStale, reason.TrustStale, reason.ClockUntrusted}, reason.ClockUntrusted},
		"no presentation before everything":          {[]reason.Code{reason.SignatureMissing, reason.Malformed}, reason.Malformed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := reason.Lead(tt.codes); got != tt.want {
				t.Errorf("Lead(%v) = %q, want %q", tt.codes, got, tt.want)
			}
		})
	}
}

// What fails is told before what is undecided, whatever the order of the rest.
func TestFailuresLeadOverUndecided(t *testing.T) {
	undecided := false
	for _, e := range reason.Table() {
		if e.Verdict == reason.Undecided {
			undecided = true
		} else if undecided {
			t.Errorf("%s fails but stands behind an undecided code", e.Code)
		}
	}
}

func TestTableIsACopy(t *testing.T) {
	reason.Table()[0].Code = "changed"
	reason.Languages()[0] = "xx"
	if reason.Table()[0].Code == "changed" || reason.Languages()[0] == "xx" {
		t.Error("a caller can change the table")
	}
}

func TestSeverityOfTheZeroValueIsTheGravest(t *testing.T) {
	var s reason.Severity
	if s != reason.Alarm || s.String() != "alarm" {
		t.Errorf("zero severity is %v", s)
	}
}

func TestThePackageImportsNothing(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no source found: %v", err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			t.Errorf("%s imports %s", path, i.Path.Value)
		}
	}
}

func ExampleLead() {
	code := reason.Lead([]reason.Code{reason.StatusStale, reason.Revoked})
	entry, _ := reason.Lookup(code)
	fmt.Println(entry.Code)
	fmt.Println(entry.Sentence(reason.English))
	fmt.Println(entry.Next("en"))
	fmt.Println(entry.Sentence(reason.Dzongkha))
	// Output:
	// revoked
	// The issuing office has cancelled this credential.
	// Do not accept it. The customer can ask the issuing office why.
	// བྱིན་མི་ལས་སྡེ་གིས་ ལག་ཁྱེར་འདི་ ཆ་མེད་བཏང་ནུག
}
