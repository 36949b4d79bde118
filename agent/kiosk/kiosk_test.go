package kiosk

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/decision"
	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

const audience = "https://bank.example/kiosk/lhuentse/counter-1"

// branch is a kiosk in a world, with a display that remembers.
type branch struct {
	t        testing.TB
	world    *verifytest.World
	registry *verifytest.Issuer
	wallet   *verifytest.Wallet
	held     *verifytest.Held
	dir      string
	box      *outbox.Outbox
	kiosk    *Kiosk
	views    []View
	blind    bool // the display shows nothing to anybody
	level    credential.ClockLevel
	offset   time.Duration // of the kiosk's clock
	elapsed  time.Duration // monotonic
	log      bytes.Buffer
	options  outbox.Options
}

func newBranch(t testing.TB) *branch {
	t.Helper()
	collector, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &branch{t: t, world: verifytest.NewWorld(), dir: t.TempDir()}
	b.options = outbox.Options{Owner: "lhuentse/counter-1", Collectors: []ed25519.PublicKey{collector}, CountEvery: time.Hour}
	b.registry = b.world.AddIssuer("https://registry.example", "https://registry.example/citizen")
	b.wallet = b.world.AddWallet()
	b.held = b.registry.Issue(b.wallet, map[string]any{"full_name": "Pema Example"})
	b.boot()
	return b
}

// boot starts the kiosk on whatever is on disk.
func (b *branch) boot() {
	b.t.Helper()
	var err error
	if b.box, err = outbox.Open(context.Background(), b.dir, b.options); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { b.box.Close() })
	v, err := verify.New(b.world, verify.Formats(Formats()...), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		b.t.Fatal(err)
	}
	b.kiosk, err = New(Config{Audience: audience, Window: time.Minute, Turn: 30 * time.Second}, Parts{
		Verifier: v, Outbox: b.box, Clock: b, Health: health.New(nil), Displays: []Display{b},
		Logger: slog.New(slog.NewTextHandler(&b.log, nil)),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	start := time.Now()
	b.kiosk.now = func() time.Time { return start.Add(b.elapsed) }
	b.views = nil
	b.kiosk.recall(context.Background())
	b.settle()
}

// powerCut drops everything that is only in memory.
func (b *branch) powerCut() {
	b.t.Helper()
	if err := b.box.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.boot()
}

func (b *branch) Now() (time.Time, credential.ClockLevel) {
	return b.world.Now().Add(b.offset), b.level
}

func (b *branch) Show(v View, seen func()) {
	b.views = append(b.views, v)
	if v.Phase == Showing && v.Decision.Reference != "" && b.box.State().HeadSeq == 0 {
		b.t.Error("a decision was shown before it was on disk")
	}
	if seen != nil && !b.blind {
		seen()
	}
}

// settle does what Run does with what displays have shown.
func (b *branch) settle() {
	for {
		select {
		case seq := <-b.kiosk.seen:
			b.kiosk.markShown(context.Background(), seq)
		default:
			return
		}
	}
}

func (b *branch) scan(code []byte) View {
	b.t.Helper()
	b.kiosk.see(context.Background(), Sight{Payload: code, InView: true})
	b.settle()
	return b.last()
}

func (b *branch) last() View {
	b.t.Helper()
	if len(b.views) == 0 {
		b.t.Fatal("nothing was shown")
	}
	return b.views[len(b.views)-1]
}

func (b *branch) present(opts ...verifytest.PresentOption) []byte {
	return b.wallet.Present(b.held, append([]verifytest.PresentOption{verifytest.To(audience)}, opts...)...)
}

func (b *branch) records() int { return int(b.box.State().HeadSeq) }

func (b *branch) want(v View, outcome reason.Outcome, records int, codes ...reason.Code) {
	b.t.Helper()
	d := v.Decision
	if v.Phase != Showing || d.NotAPresentation || v.Unread || d.Outcome != outcome || !slices.Equal(d.Reasons, codes) {
		b.t.Errorf("showing %s: %s %v (no presentation: %v, unread: %v), want %s %v", v.Phase, d.Outcome, d.Reasons, d.NotAPresentation, v.Unread, outcome, codes)
	}
	if d.Reference == "" {
		b.t.Error("no reference number")
	}
	if b.records() != records {
		b.t.Errorf("%d records, want %d", b.records(), records)
	}
}

func (b *branch) endTurn() { b.kiosk.endTurn(context.Background()) }

func TestWithinATurnTheStoredOutcomeAndAfterItReplayed(t *testing.T) {
	b := newBranch(t)
	code := b.present()
	first := b.scan(code)
	b.want(first, reason.Accepted, 1)
	again := b.scan(code)
	b.want(again, reason.Accepted, 1)
	if again.Decision.Reference != first.Decision.Reference {
		t.Error("the second look has another reference number")
	}
	// The same proof of possession in other clothes is the same code.
	b.want(b.scan([]byte(payload.PixelPass(code))), reason.Accepted, 1)
	b.endTurn()
	if v := b.last(); v.Phase != Idle {
		t.Errorf("after the turn: %s", v.Phase)
	}
	b.want(b.scan(code), reason.Rejected, 2, reason.Replayed)
}

func TestATurnEndsByTimeAndEachCodeLetsItRunAnew(t *testing.T) {
	b := newBranch(t)
	code := b.present()
	b.scan(code)
	b.elapsed += 29 * time.Second
	b.want(b.scan(code), reason.Accepted, 1)
	b.elapsed += 29 * time.Second
	b.want(b.scan(code), reason.Accepted, 1)
	b.elapsed += 30 * time.Second
	b.want(b.scan(code), reason.Rejected, 2, reason.Replayed)
}

func TestAPowerCutEndsTheTurn(t *testing.T) {
	b := newBranch(t)
	code := b.present()
	b.want(b.scan(code), reason.Accepted, 1)
	b.powerCut()
	if len(b.views) != 0 {
		t.Errorf("a decision that was shown is shown again: %+v", b.views)
	}
	b.want(b.scan(code), reason.Rejected, 2, reason.Replayed)
}

func TestWhatWasNeverShownIsShownOnReturn(t *testing.T) {
	b := newBranch(t)
	code := b.present()
	b.blind = true
	ref := b.scan(code).Decision.Reference
	b.powerCut()
	b.want(b.last(), reason.Accepted, 1)
	if got := b.last().Decision.Reference; got != ref {
		t.Errorf("reference %s, want %s", got, ref)
	}
	b.powerCut() // and still nobody saw it
	b.want(b.last(), reason.Accepted, 1)
	b.blind = false
	b.kiosk.showAgain()
	b.settle()
	// Its customer still stands there with the same code.
	b.want(b.scan(code), reason.Accepted, 1)
	b.powerCut()
	if len(b.views) != 0 {
		t.Errorf("shown, and yet shown again: %+v", b.views)
	}
	b.want(b.scan(code), reason.Rejected, 2, reason.Replayed)
}

func TestADecisionNobodyCouldSeeIsSettledWithItsTurn(t *testing.T) {
	b := newBranch(t)
	b.blind = true
	b.scan(b.present())
	b.endTurn()
	b.powerCut()
	if len(b.views) != 0 {
		t.Errorf("yesterday's decision is shown: %+v", b.views)
	}
}

func TestWhatIsNoPresentationIsCountedAndNotRecorded(t *testing.T) {
	b := newBranch(t)
	for code, scanned := range map[reason.Code]string{
		reason.IsARequest:        "openid4vp://authorize?request_uri=https%3A%2F%2Fbank.example%2Fr",
		reason.FormatUnsupported: "HC1:" + payload.PixelPass([]byte{0xd2, 0x84, 0x43}), // no mechanism of this kiosk's opens it
		reason.Malformed:         "eyJhbGciOiJFUzI1NiJ9.e30~",
	} {
		v := b.scan([]byte(scanned))
		if !v.Decision.NotAPresentation || v.Decision.Lead != code || v.Decision.Reference != "" {
			t.Errorf("%s: showing %+v", code, v.Decision)
		}
	}
	if b.records() != 0 {
		t.Errorf("%d records, want none", b.records())
	}
	counts, err := b.box.Counts(context.Background())
	if err != nil || len(counts) != 3 {
		t.Errorf("counters %v, %v; want three", counts, err)
	}
}

func TestTheClockBehindIsAmberAndNotMarked(t *testing.T) {
	b := newBranch(t)
	b.world.Advance(time.Hour)
	b.offset, b.level = -2*time.Minute, credential.ClockPlausible
	code := b.present()
	b.want(b.scan(code), reason.Indeterminate, 1, reason.ClockUntrusted)
	b.endTurn()
	b.offset, b.level = 0, credential.ClockProven
	b.want(b.scan(code), reason.Accepted, 2)
}

func TestAFullOutboxDecidesNothing(t *testing.T) {
	b := newBranch(t)
	if err := b.box.Close(); err != nil {
		t.Fatal(err)
	}
	b.options.MaxRecords = 1
	b.boot()
	b.want(b.scan(b.present()), reason.Accepted, 1)
	code := b.present(verifytest.Nonce("2"))
	v := b.scan(code)
	if v.Phase != Blocked || v.Blocker != health.OutboxFull {
		t.Errorf("showing %s %s, want blocked outbox_full", v.Phase, v.Blocker)
	}
	if b.records() != 1 {
		t.Errorf("%d records, want 1", b.records())
	}
	if _, blocked := b.kiosk.parts.Health.Blocked(); !blocked {
		t.Error("health does not say that the kiosk is blocked")
	}
	// Nothing was marked: once there is room, the same code is decided.
	if err := b.box.Close(); err != nil {
		t.Fatal(err)
	}
	b.options.MaxRecords = 10
	b.boot()
	b.want(b.scan(code), reason.Accepted, 2)
}

func TestAStageThatPanicsBlocksAndGoesOn(t *testing.T) {
	b := newBranch(t)
	good := b.kiosk.parts.Clock
	b.kiosk.parts.Clock = panickingClock{}
	if v := b.scan(b.present()); v.Phase != Blocked {
		t.Errorf("showing %s, want blocked", v.Phase)
	}
	if strings.Contains(b.log.String(), "Pema") {
		t.Error("the log holds a claim")
	}
	b.kiosk.parts.Clock = good
	b.want(b.scan(b.present()), reason.Accepted, 1)
}

type panickingClock struct{}

func (panickingClock) Now() (time.Time, credential.ClockLevel) { panic("Pema Example") }

// A kiosk that is told to stop must not show on its return what people have seen.
func TestWhatWasSeenIsSettledOnStopping(t *testing.T) {
	b := newBranch(t)
	ctx, stop := context.WithCancel(context.Background())
	b.kiosk.see(ctx, Sight{Payload: b.present()})
	stop()
	if err := b.kiosk.Run(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if e, unshown, err := b.box.Unshown(context.Background()); err != nil || unshown {
		t.Errorf("decision %d is still to be shown, %v", e.Seq, err)
	}
}

func TestPhases(t *testing.T) {
	b := newBranch(t)
	see := func(s Sight) View {
		b.kiosk.see(context.Background(), s)
		return b.kiosk.view
	}
	if v := see(Sight{InView: true}); v.Phase != Scanning {
		t.Errorf("a code in view: %s", v.Phase)
	}
	if v := see(Sight{}); v.Phase != Idle {
		t.Errorf("gone again: %s", v.Phase)
	}
	if v := see(Sight{InView: true, Unread: true}); v.Phase != Showing || !v.Unread {
		t.Errorf("in view for long, unread: %+v", v)
	}
	b.scan(b.present())
	shown := b.views[len(b.views)-3:]
	if shown[0].Phase != Showing || shown[1].Phase != Deciding || shown[2].Phase != Showing || shown[2].Unread {
		t.Errorf("reading it at last: %s, %s, %s", shown[0].Phase, shown[1].Phase, shown[2].Phase)
	}
	if v := see(Sight{}); v.Phase != Showing {
		t.Errorf("the phone is taken away: %s, want the decision to stay", v.Phase)
	}
}

func TestEventsTellTheDecisionAndNothingElse(t *testing.T) {
	b := newBranch(t)
	b.registry.Revoke(b.held)
	shown := b.scan(b.present()).Decision
	pending, err := b.box.Pending(context.Background(), 10)
	if err != nil || len(pending) != 1 {
		t.Fatalf("%d records, %v", len(pending), err)
	}
	e, err := report.ParseEvent(pending[0].Event)
	if err != nil {
		t.Fatal(err)
	}
	got := fromEvent(e)
	if got.Reference != shown.Reference || got.Outcome != shown.Outcome || got.Lead != reason.Revoked || !got.AsOf.Equal(shown.AsOf) || !got.At.Equal(shown.At) {
		t.Errorf("recorded %+v, shown %+v", got, shown)
	}
	if _, seq, ok := decision.ParseReference(e.Reference); !ok || seq != e.Seq {
		t.Errorf("reference %s does not lead to record %d", e.Reference, e.Seq)
	}
}

// Everything the agent writes is searched for marked claims, the token's and the
// holder's identifiers, and digests of them.
func TestNothingAboutThePersonIsWritten(t *testing.T) {
	b := newBranch(t)
	marks := map[string]any{
		"full_name": "MARKER-NAME-ZQX", "id_number": "MARKER-11223344556", "portrait": "MARKER-PORTRAIT",
		"address": map[string]any{"village": "MARKER-VILLAGE"},
	}
	b.held = b.registry.Issue(b.wallet, marks, verifytest.With("jti", "MARKER-JTI"), verifytest.With("sub", "MARKER-SUB"))
	for i, change := range []func(){
		func() {},
		func() { b.registry.Revoke(b.held) },
		func() { b.held = b.registry.Issue(b.wallet, marks, verifytest.Expires(b.world.Now())) },
		func() {
			b.held = b.world.NewStranger("https://MARKER-ISSUER.example", "MARKER-TYPE").Issue(b.wallet, marks)
		},
		func() { b.held = b.registry.Issue(b.world.AddWallet(), marks) },
	} {
		change()
		code := b.present(verifytest.Nonce(string(rune('a' + i))))
		b.scan(code)
		b.scan(code[:len(code)/2]) // torn
		b.endTurn()
	}
	b.scan([]byte("https://bank.example/?oob=MARKER-LINK"))
	if b.records() < 5 {
		t.Fatalf("%d records: the test did not do its work", b.records())
	}
	if err := b.box.Close(); err != nil {
		t.Fatal(err)
	}
	written := b.log.Bytes()
	err := filepath.WalkDir(b.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		written = append(written, data...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(written, []byte("dzong-event-1")) {
		t.Fatal("no event was found: the test looked in the wrong place")
	}
	for _, mark := range append(marked(), holderThumbprint(b)...) {
		if bytes.Contains(written, []byte(mark)) {
			t.Errorf("%q was written", mark)
		}
	}
}
