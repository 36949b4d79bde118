package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/web"
	"github.com/dzong-id/dzong/sdk/reason"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// message is one server-sent event.
type message struct{ name, id, data string }

// browser reads a screen's stream as a browser would.
type browser struct {
	t      *testing.T
	events chan message
	stop   context.CancelFunc
}

func open(t *testing.T, server *httptest.Server) *browser {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("stream: %s, %s", answer.Status, answer.Header.Get("Content-Type"))
	}
	b := &browser{t: t, events: make(chan message, 100), stop: stop}
	go func() {
		defer close(b.events)
		defer answer.Body.Close()
		var m message
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch field {
			case "event":
				m.name = value
			case "id":
				m.id = value
			case "data":
				m.data = value
			case "":
				b.events <- m
				m = message{}
			}
		}
	}()
	return b
}

func (b *browser) next() message {
	b.t.Helper()
	select {
	case m, ok := <-b.events:
		if !ok {
			b.t.Fatal("the stream ended")
		}
		return m
	case <-time.After(5 * time.Second):
		b.t.Fatal("nothing on the stream")
	}
	panic("not reached")
}

type words struct{ EN, DZ string }

type shownView struct {
	Seq                   int
	Phase, Kind, Code     string
	Title, Sentence, Next words
	Reference             string
	Age                   words
	TurnMS                int `json:"turn_ms"`
	Notices               []struct {
		Severity       string
		Sentence, Next words
	}
}

// view waits for a view with the given phase.
func (b *browser) view(phase string) shownView {
	b.t.Helper()
	for {
		if m := b.next(); m.name == "view" {
			var v shownView
			if err := json.Unmarshal([]byte(m.data), &v); err != nil {
				b.t.Fatal(err)
			}
			if v.Phase == phase {
				return v
			}
		}
	}
}

func serve(t *testing.T, o web.Options) (*web.Screen, *httptest.Server) {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	screen := web.New(o)
	server := httptest.NewServer(screen.Handler())
	t.Cleanup(func() {
		screen.Close()
		server.Close()
	})
	return screen, server
}

func TestABrowserIsGreetedAndGivenTheCurrentView(t *testing.T) {
	screen, server := serve(t, web.Options{Name: "lhuentse/counter-1", Clear: func() {}})
	screen.Show(web.View{Phase: web.Deciding})
	b := open(t, server)
	first := b.next()
	var hello struct {
		Name, Default, Token string
		Languages            []string
	}
	if err := json.Unmarshal([]byte(first.data), &hello); err != nil || first.name != "hello" {
		t.Fatalf("first %+v, %v", first, err)
	}
	if hello.Name != "lhuentse/counter-1" || hello.Token == "" || hello.Default != "en" || len(hello.Languages) != 2 {
		t.Errorf("hello %+v", hello)
	}
	if v := b.view("deciding"); v.Title.EN != "Checking" || v.Title.DZ == "" {
		t.Errorf("view %+v", v)
	}
}

func TestEveryViewHasItsWordsInBothLanguages(t *testing.T) {
	views := map[string]web.View{
		"idle": {}, "scanning": {Phase: web.Scanning}, "deciding": {Phase: web.Deciding},
		"unreadable": {Phase: web.Showing, Kind: web.Unreadable},
		"accepted":   {Phase: web.Showing, Kind: web.Accepted},
	}
	for _, o := range []reason.Outcome{reason.Accepted, reason.Indeterminate, reason.Rejected} {
		views["outcome "+o.String()] = web.View{Phase: web.Showing, Kind: web.KindOf(o)}
	}
	for _, e := range reason.Table() {
		kind := web.Rejected
		switch {
		case e.Refused:
			kind = web.NotACredential
		case e.Verdict == reason.Undecided:
			kind = web.Indeterminate
		}
		views[string(e.Code)] = web.View{Phase: web.Showing, Kind: kind, Code: e.Code}
	}
	for _, c := range []health.Code{health.OutboxFull, health.TrustMissing, "made_up"} {
		views["blocked by "+string(c)] = web.View{Phase: web.Blocked, Condition: c}
	}
	screen, server := serve(t, web.Options{})
	b := open(t, server)
	b.view("idle")
	for name, v := range views {
		screen.Show(v)
		got := b.view(v.Phase.String())
		if got.Title.EN == "" || got.Title.DZ == "" || got.Sentence.EN == "" || got.Sentence.DZ == "" {
			t.Errorf("%s: words are missing: %+v", name, got)
		}
		if v.Phase == web.Showing && (got.Next.EN == "" || got.Next.DZ == "" || got.Kind != v.Kind.String()) {
			t.Errorf("%s: %+v", name, got)
		}
		if e, ok := reason.Lookup(v.Code); ok && got.Sentence.DZ != e.Sentence("dz") {
			t.Errorf("%s: says %q", name, got.Sentence.DZ)
		}
	}
}

func TestWhatAViewCannotShow(t *testing.T) {
	screen, server := serve(t, web.Options{})
	b := open(t, server)
	b.view("idle")
	show := func(v web.View) shownView {
		screen.Show(v)
		return b.view(v.Phase.String())
	}
	for _, bad := range []string{"Karma Dorji", "11503004567 male", "<b>", "a", "ཀ", strings.Repeat("1", 27)} {
		if v := show(web.View{Phase: web.Showing, Kind: web.Accepted, Reference: bad}); v.Reference != "" {
			t.Errorf("shows %q as a reference", v.Reference)
		}
	}
	if v := show(web.View{Phase: web.Showing, Kind: web.Accepted, Reference: "7QK-0042-M"}); v.Reference != "7QK-0042-M" {
		t.Errorf("reference %q", v.Reference)
	}
	if v := show(web.View{Phase: web.Showing, Kind: web.Rejected, Code: "Karma Dorji"}); v.Code != "" || v.Sentence.EN != reason.Rejected.Words().Sentence("en") {
		t.Errorf("a code outside the table: %+v", v)
	}
	if v := show(web.View{Phase: web.Showing, Kind: web.Accepted, Code: reason.Revoked}); v.Code != "" || v.Sentence.EN != reason.Accepted.Words().Sentence("en") {
		t.Errorf("an accepted credential with a reason against it: %+v", v)
	}
	if v := show(web.View{Phase: web.Showing}); v.Kind != "rejected" {
		t.Errorf("the zero kind is %s", v.Kind)
	}
	if v := show(web.View{Phase: web.Idle, Kind: web.Accepted, Reference: "1"}); v.Kind != "" || v.Reference != "" {
		t.Errorf("an outcome outside its turn: %+v", v)
	}
}

func TestAges(t *testing.T) {
	screen, server := serve(t, web.Options{})
	b := open(t, server)
	b.view("idle")
	for old, want := range map[time.Duration]words{
		-time.Second:                  {"", ""},
		0:                             {"What this kiosk knows is up to date.", "འཕྲུལ་ཆས་འདི་གི་བརྡ་དོན་ དུས་མཐུན་ཨིན།"},
		5*time.Minute + time.Second:   {"What this kiosk knows is 5 minutes old.", "འཕྲུལ་ཆས་འདི་གི་བརྡ་དོན་ སྐར་མ་༥ གི་ཧེ་མའི་ཨིན།"},
		119 * time.Minute:             {"What this kiosk knows is 119 minutes old.", "འཕྲུལ་ཆས་འདི་གི་བརྡ་དོན་ སྐར་མ་༡༡༩ གི་ཧེ་མའི་ཨིན།"},
		2 * time.Hour:                 {"What this kiosk knows is 2 hours old.", "འཕྲུལ་ཆས་འདི་གི་བརྡ་དོན་ ཆུ་ཚོད་༢ གི་ཧེ་མའི་ཨིན།"},
		20*24*time.Hour + 3*time.Hour: {"What this kiosk knows is 20 days old.", "འཕྲུལ་ཆས་འདི་གི་བརྡ་དོན་ ཉིནམ་༢༠ གི་ཧེ་མའི་ཨིན།"},
	} {
		screen.Show(web.View{AsOf: noon.Add(-old)})
		if got := b.view("idle").Age; got != want {
			t.Errorf("%v old: %+v, want %+v", old, got, want)
		}
	}
	screen.Show(web.View{})
	if got := b.view("idle").Age; got != (words{}) {
		t.Errorf("no knowledge: %+v", got)
	}
}

func TestOnlyTheGravestNoticesAreShown(t *testing.T) {
	h := health.New(func() time.Time { return noon })
	for _, c := range []health.Code{health.BrokerOffline, health.TrustStale, health.OutboxFull, health.ClockUntrusted} {
		h.Set(c)
	}
	screen, server := serve(t, web.Options{})
	screen.Show(web.View{Phase: web.Blocked, Condition: health.OutboxFull, Notices: h.Conditions()})
	v := open(t, server).view("blocked")
	if len(v.Notices) != 2 || v.Notices[0].Severity != "warning" || v.Notices[0].Sentence == v.Sentence {
		t.Errorf("notices %+v", v.Notices)
	}
}

func TestDelivery(t *testing.T) {
	screen, server := serve(t, web.Options{})
	pending := func(d *web.Delivery) bool {
		select {
		case <-d.Done():
			return false
		default:
			return true
		}
	}
	never := screen.Show(web.View{Phase: web.Deciding})
	if !pending(never) {
		t.Error("settled although nobody watches")
	}
	late := screen.Show(web.View{Phase: web.Showing, Kind: web.Accepted})
	if _, ok := never.Handed(); ok || pending(never) {
		t.Error("a view whose place was taken counts as handed over, or hangs")
	}
	before := time.Now()
	b := open(t, server)
	if v := b.view("showing"); v.Kind != "accepted" {
		t.Errorf("got %+v", v)
	}
	<-late.Done()
	at, ok := late.Handed()
	if !ok || at.Before(before) || time.Since(at) > 5*time.Second {
		t.Errorf("handed at %v, %v", at, ok)
	}
	b.stop()
	for screen.Watching() > 0 {
		time.Sleep(time.Millisecond)
	}
	gone := screen.Show(web.View{Phase: web.Showing, Kind: web.Rejected})
	if !pending(gone) {
		t.Error("settled although the browser is gone")
	}
	screen.Close()
	if _, ok := gone.Handed(); ok || pending(gone) {
		t.Error("after Close: handed, or still pending")
	}
	if d := screen.Show(web.View{}); pending(d) {
		t.Error("pending on a closed screen")
	}
}

func TestAScreenThatDoesNotReadHoldsNobodyUp(t *testing.T) {
	screen, server := serve(t, web.Options{})
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET /events HTTP/1.1\r\nHost: %s\r\n\r\n", server.Listener.Addr())
	for screen.Watching() == 0 {
		time.Sleep(time.Millisecond)
	}
	start := time.Now()
	for range 20_000 {
		screen.Show(web.View{Phase: web.Showing, Kind: web.Accepted})
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("20,000 views took %v", took)
	}
	if v := open(t, server).view("showing"); v.Seq < 20_000 {
		t.Errorf("a new browser is shown view %d, not the newest", v.Seq)
	}
}

func TestTheStreamBeats(t *testing.T) {
	_, server := serve(t, web.Options{Heartbeat: 20 * time.Millisecond})
	b := open(t, server)
	b.view("idle")
	for range 3 {
		if m := b.next(); m.name != "beat" {
			t.Errorf("got %+v", m)
		}
	}
}

func TestTooManyScreensAreTurnedAway(t *testing.T) {
	screen, server := serve(t, web.Options{})
	first := open(t, server)
	for range 7 {
		open(t, server)
	}
	answer, err := http.Get(server.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the ninth: %s", answer.Status)
	}
	first.stop()
	for screen.Watching() > 7 {
		time.Sleep(time.Millisecond)
	}
	open(t, server).view("idle")
}

func TestClearing(t *testing.T) {
	cleared := 0
	_, server := serve(t, web.Options{Clear: func() { cleared++ }})
	var hello struct{ Token string }
	if err := json.Unmarshal([]byte(open(t, server).next().data), &hello); err != nil {
		t.Fatal(err)
	}
	origin := server.URL
	for name, tt := range map[string]struct {
		method, origin, site, token string
		want                        int
	}{
		"by the page itself":              {"POST", origin, "same-origin", hello.Token, 204},
		"by the page in an older browser": {"POST", origin, "", hello.Token, 204},
		"by another site":                 {"POST", "https://evil.example", "cross-site", hello.Token, 403},
		"by another port of this machine": {"POST", "http://127.0.0.1:9", "same-site", hello.Token, 403},
		"by another site that lies":       {"POST", origin, "cross-site", hello.Token, 403},
		"without an origin":               {"POST", "", "", hello.Token, 403},
		"from a sandboxed frame":          {"POST", "null", "cross-site", hello.Token, 403},
		"without the token":               {"POST", origin, "same-origin", "", 403},
		"with another token":              {"POST", origin, "same-origin", hello.Token[1:] + "A", 403},
		"by following a link":             {"GET", origin, "same-origin", hello.Token, 405},
	} {
		t.Run(name, func(t *testing.T) {
			before := cleared
			r, err := http.NewRequest(tt.method, server.URL+"/clear", nil)
			if err != nil {
				t.Fatal(err)
			}
			for key, value := range map[string]string{"Origin": tt.origin, "Sec-Fetch-Site": tt.site, "X-Dzong-Token": tt.token} {
				if value != "" {
					r.Header.Set(key, value)
				}
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != tt.want {
				t.Errorf("%s, want %d", answer.Status, tt.want)
			}
			if (cleared > before) != (tt.want == 204) {
				t.Errorf("cleared %d times", cleared-before)
			}
		})
	}
}

func TestWithoutAClearFunctionThereIsNoButton(t *testing.T) {
	_, server := serve(t, web.Options{})
	if m := open(t, server).next(); strings.Contains(m.data, `"token"`) {
		t.Error("the page gets a token")
	}
	answer, err := http.Post(server.URL+"/clear", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("%s", answer.Status)
	}
}

func TestOnlyLoopbackNamesAreAnswered(t *testing.T) {
	screen, _ := serve(t, web.Options{})
	for host, want := range map[string]int{
		"127.0.0.1:8480": 200, "127.0.0.1": 200, "[::1]:8480": 200, "[::1]": 200, "localhost:8480": 200, "localhost": 200,
		"127.3.2.1": 200, "kiosk.bank.example": 421, "127.0.0.1.evil.example:8480": 421, "evil.example": 421, "localhost.evil.example": 421,
		"192.168.1.7:8480": 421, "0.0.0.0:8480": 421, "[::]:8480": 421, "": 421, "[fe80::1]": 421, "2130706433": 421,
	} {
		for _, path := range []string{"/", "/app.js", "/nothing"} {
			r := httptest.NewRequest("GET", path, nil)
			r.Host = host
			w := httptest.NewRecorder()
			screen.Handler().ServeHTTP(w, r)
			wanted := want
			if path == "/nothing" && want == 200 {
				wanted = 404
			}
			if w.Code != wanted {
				t.Errorf("Host %q%s: %d, want %d", host, path, w.Code, wanted)
			}
		}
	}
}

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.168.1.7:0", "localhost:0", "127.0.0.1", "", "example.com:80", "10.0.0.1:8480"} {
		l, err := web.Listen(addr)
		if err == nil {
			l.Close()
		}
		if !errors.Is(err, web.ErrNotLoopback) {
			t.Errorf("listen on %q: %v", addr, err)
		}
	}
	l, err := web.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := web.Listen(l.Addr().String()); err == nil || errors.Is(err, web.ErrNotLoopback) {
		t.Errorf("a port in use: %v", err)
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	l, err := web.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	screen := web.New(web.Options{})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- screen.Serve(ctx, l) }()
	answer, err := http.Get("http://" + l.Addr().String() + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("an open stream keeps the screen from ending")
	}
	if _, err := io.Copy(io.Discard, answer.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if err := web.New(web.Options{}).Serve(context.Background(), l); err == nil {
		t.Error("serving on a closed listener ends without an error")
	}
}

func TestThePageAndItsRules(t *testing.T) {
	screen, _ := serve(t, web.Options{})
	for path, kind := range map[string]string{"/": "text/html; charset=utf-8", "/app.css": "text/css; charset=utf-8", "/app.js": "text/javascript; charset=utf-8"} {
		r := httptest.NewRequest("GET", path, nil)
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		screen.Handler().ServeHTTP(w, r)
		h := w.Header()
		if w.Code != 200 || h.Get("Content-Type") != kind || w.Body.Len() == 0 {
			t.Errorf("%s: %d, %s, %d bytes", path, w.Code, h.Get("Content-Type"), w.Body.Len())
		}
		csp := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: headers %v", path, h)
		}
		// Nothing inline, nothing from elsewhere, no markup made from data.
		for _, bad := range []string{`\son[a-z]+=`, `\sstyle=`, `<style`, `<script>`, `https?://`, `@import`, `url\(`, `innerHTML`, `insertAdjacent`, `document\.write`, `\beval\b`} {
			if found := regexp.MustCompile(bad).FindString(w.Body.String()); found != "" {
				t.Errorf("%s holds %q", path, found)
			}
		}
	}
}

func ExampleScreen() {
	screen := web.New(web.Options{Name: "lhuentse/counter-1", Clear: func() { /* end the turn */ }})
	l, err := web.Listen("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- screen.Serve(ctx, l) }()

	shown := screen.Show(web.View{
		Phase: web.Showing, Kind: web.KindOf(reason.Rejected), Code: reason.Revoked,
		Reference: "7K42Q", Turn: 30 * time.Second,
	})
	_, ok := shown.Handed() // not before a browser connects
	fmt.Println("handed to a browser:", ok)
	stop()
	fmt.Println(<-ended)
	// Output:
	// handed to a browser: false
	// <nil>
}
