package health_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/sdk/reason"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// ticking stamps each change one second after the one before.
func ticking() func() time.Time {
	now := noon
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

func declared(t *testing.T) []health.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []health.Code
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Code" {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				codes = append(codes, health.Code(value))
			}
		}
		return true
	})
	if len(codes) == 0 {
		t.Fatal("code.go declares no code: is this test reading the right file?")
	}
	return codes
}

func TestEveryConditionHasItsOwnWords(t *testing.T) {
	generic := health.Condition{Code: "no_such_code"}
	for _, lang := range reason.Languages() {
		seen := map[string]health.Code{}
		for _, code := range declared(t) {
			c := health.Condition{Code: code}
			s := c.Sentence(lang)
			if s == "" || c.Next(lang) == "" {
				t.Errorf("%s lacks words in %s", code, lang)
			}
			if other, twice := seen[s]; twice {
				t.Errorf("%s and %s share a sentence in %s", code, other, lang)
			}
			seen[s] = code
			if s == generic.Sentence(lang) && code != health.StageFailed {
				t.Errorf("%s has no entry", code)
			}
			for _, text := range []string{s, c.Next(lang)} {
				if lang == reason.Dzongkha && strings.ContainsAny(strings.ToLower(strings.ReplaceAll(text, "USB", "")), "abcdefghijklmnopqrstuvwxyz") {
					t.Errorf("%s: %q is not Dzongkha", code, text)
				}
			}
		}
	}
	if generic.Sentence(reason.English) == "" {
		t.Error("a code that is none of the table's shows nothing")
	}
}

func TestSetAndClear(t *testing.T) {
	h := health.New(ticking())
	h.Set(health.BrokerOffline)
	h.Set(health.TrustStale)
	h.Set(health.BrokerOffline) // holds already: keeps its time
	h.Set(health.OutboxFull)
	h.Clear(health.CameraFailed) // never held
	want := []health.Condition{
		{Code: health.OutboxFull, Severity: health.Blocking, Since: noon.Add(4 * time.Second)},
		{Code: health.TrustStale, Severity: health.Warning, Since: noon.Add(2 * time.Second)},
		{Code: health.BrokerOffline, Severity: health.Info, Since: noon.Add(time.Second)},
	}
	if d := cmp.Diff(want, h.Conditions()); d != "" {
		t.Error(d)
	}
	if c, blocked := h.Blocked(); !blocked || c.Code != health.OutboxFull {
		t.Errorf("blocked by %v, %v", c.Code, blocked)
	}
	h.Put(health.OutboxFull, false)
	if c, blocked := h.Blocked(); blocked {
		t.Errorf("still blocked by %v", c.Code)
	}
	if got := len(h.Conditions()); got != 2 {
		t.Errorf("%d conditions left, want 2", got)
	}
}

func TestACodeOutsideTheTableIsNotHidden(t *testing.T) {
	h := health.New(ticking())
	h.Set("made_up")
	c := h.Conditions()
	if len(c) != 1 || c[0].Code != "made_up" || c[0].Sentence(reason.English) == "" {
		t.Errorf("got %v", c)
	}
}

func TestSubscribersLearnThatSomethingChanged(t *testing.T) {
	h := health.New(ticking())
	changed, stop := h.Subscribe()
	quiet := func(when string) {
		t.Helper()
		select {
		case <-changed:
			t.Error("woken", when)
		default:
		}
	}
	quiet("before anything happened")
	h.Clear(health.TrustStale)
	quiet("by a condition that did not hold")
	h.Set(health.TrustStale)
	h.Set(health.ClockUntrusted) // nobody listens yet; it must not block
	select {
	case <-changed:
	default:
		t.Fatal("not woken")
	}
	quiet("twice for what was seen at once")
	h.Set(health.TrustStale)
	quiet("by a condition that held already")
	stop()
	h.Clear(health.TrustStale)
	quiet("after stop")
}

func TestManyAtOnce(t *testing.T) {
	h := health.New(nil)
	var wg sync.WaitGroup
	for _, code := range declared(t) {
		wg.Go(func() {
			changed, stop := h.Subscribe()
			defer stop()
			for i := range 100 {
				h.Put(code, i%2 == 0)
				select {
				case <-changed:
				default:
				}
				h.Conditions()
			}
		})
	}
	wg.Wait()
	if left := h.Conditions(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestWhatIsReportedHoldsNoSentence(t *testing.T) {
	h := health.New(ticking())
	h.Set(health.OutboxFull)
	got, err := json.Marshal(h.Conditions())
	if err != nil {
		t.Fatal(err)
	}
	if want := `[{"code":"outbox_full","severity":"blocking","since":"2026-12-01T12:00:01Z"}]`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func ExampleTracker() {
	h := health.New(nil)
	h.Set(health.BrokerOffline)
	for _, c := range h.Conditions() {
		fmt.Println(c.Severity, c.Code)
		fmt.Println(c.Sentence(reason.English))
	}
	// Output:
	// info broker_offline
	// There is no line to head office. Records are kept here until there is.
}
