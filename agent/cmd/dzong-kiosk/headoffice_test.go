package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/agent/report/collector"
	"github.com/dzong-id/dzong/agent/report/reporttest"
	"github.com/dzong-id/dzong/agent/scan"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

const (
	audience = "https://bank.example/kiosk/lhuentse/counter-1"
	marker   = "MARKER-PEMA-ZQX"
	patience = 30 * time.Second
)

var clockWords = map[credential.ClockLevel]string{
	credential.ClockProven: "proven", credential.ClockPlausible: "plausible", credential.ClockUntrusted: "untrusted",
}

var self = report.Kiosk{Site: "lhuentse", Name: "counter-1"}

// headOffice is everything around a kiosk: a trust authority and an issuer with
// their HTTPS server, a broker to which there is no line yet, a collector, and
// somebody who listens. The kiosk's own things lie in the script's folder: kiosk.json with
// the files it names, import.json for a kiosk that knows only what a stick
// brings, and pictures with a wallet's code on them.
type headOffice struct {
	dir       string
	line      *reporttest.Proxy // between the kiosk and the broker; down at first
	onlooker  *report.Link
	collector ed25519.PublicKey
	events    chan report.Event
	receipts  chan outbox.Receipt
	replies   chan string
	screen    string // address
}

func openHeadOffice(env *testscript.Env) (*headOffice, error) {
	h := &headOffice{dir: env.WorkDir, events: make(chan report.Event, 64),
		receipts: make(chan outbox.Receipt, 64), replies: make(chan string, 64)}
	var err error
	if h.screen, err = quietAddress(); err != nil {
		return nil, err
	}
	env.Setenv("SCREEN", h.screen)
	broker, err := reporttest.StartEmbedded(nil)
	if err != nil {
		return nil, err
	}
	if h.line, err = reporttest.StartProxy(broker.Address()); err != nil {
		return nil, err
	}
	h.line.Down()
	ctx, stop := context.WithCancel(context.Background())
	env.Defer(func() {
		stop()
		_ = h.line.Close()
		_ = broker.Stop()
	})
	if err := h.collect(ctx, broker.URL()); err != nil {
		return nil, err
	}
	return h, h.furnish(env)
}

// quietAddress is a loopback address that nobody else takes a port of.
func quietAddress() (string, error) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(254), rand.IntN(255), 1+rand.IntN(254)))
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// collect runs the collector, and somebody who listens beside it and can send
// commands.
func (h *headOffice) collect(ctx context.Context, url string) error {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	h.collector = public
	c, err := collector.New(ctx, &collector.Memory{}, private, nil)
	if err != nil {
		return err
	}
	broker := report.BrokerOptions{URL: url}
	go c.Run(ctx, collector.Service{Broker: broker})
	if h.onlooker, err = report.Dial(ctx, broker, "onlooker", nil); err != nil {
		return err
	}
	hear := func(kind report.Kind, heard func([]byte)) error {
		return h.onlooker.Subscribe(ctx, self.Topic(kind), func(m report.Message) { heard(m.Payload) })
	}
	return errors.Join(
		hear(report.KindEvent, func(data []byte) {
			if e, err := report.ParseEvent(data); err == nil {
				h.events <- e
			}
		}),
		hear(report.KindReceipt, func(data []byte) {
			if r, err := report.ParseReceipt(data); err == nil {
				h.receipts <- r
			}
		}),
		hear(report.KindReply, func(data []byte) { h.replies <- string(data) }))
}

// furnish writes what the kiosk is given, and serves what it fetches.
func (h *headOffice) furnish(env *testscript.Env) error {
	world := verifytest.NewWorldNamed("kiosk", time.Now())
	mux := http.NewServeMux()
	server := httptest.NewUnstartedServer(mux)
	server.StartTLS()
	env.Defer(server.Close)
	env.Setenv("SERVER", strings.TrimPrefix(server.URL, "https://"))
	issuer := world.AddIssuer(server.URL, "https://registry.example/citizen")
	wallet := world.AddWallet()
	held := issuer.Issue(wallet, map[string]any{"full_name": marker, "id_number": marker + "-2"})
	trust, status := world.TrustJWS(), issuer.StatusToken()
	serve := func(data []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }
	}
	mux.HandleFunc("/trust.jwt", serve(trust))
	mux.HandleFunc("/status/1", serve(status))

	jwk, err := json.Marshal(map[string]string{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(h.collector)})
	if err != nil {
		return err
	}
	picture, err := photograph([]byte(payload.PixelPass(wallet.Present(held, verifytest.To(audience)))))
	if err != nil {
		return err
	}
	nobody, err := encode(image.NewGray(image.Rect(0, 0, 320, 240)))
	if err != nil {
		return err
	}
	binary, err := photograph([]byte{0xff, 0xfe, 0, 1})
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"binary.png":          binary,
		"trust-authority.jwk": world.RootJWK(), "collector.jwk": jwk,
		"trust-ca.pem":     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
		"code.png":         picture,
		"pictures/0.png":   nobody,
		"office/trust.jwt": trust, "office/status.jwt": status,
	}
	for name, change := range map[string]func(map[string]any){
		"kiosk.json": func(c map[string]any) {
			c["trust"].(map[string]any)["url"] = server.URL + "/trust.jwt"
			c["trust"].(map[string]any)["ca_file"] = "trust-ca.pem"
		},
		"notafolder.json": func(c map[string]any) {
			c["data_dir"] = "code.png"
			c["trust"].(map[string]any)["url"] = server.URL + "/trust.jwt"
		},
		"import.json": func(c map[string]any) { c["sync"] = map[string]any{"import_dir": "stick"} },
	} {
		c := map[string]any{
			"format": 1, "site": self.Site, "kiosk": self.Name, "audience": audience, "window_s": 600,
			"data_dir": "data", "policy": map[string]any{},
			"trust":              map[string]any{"key_file": "trust-authority.jwk"},
			"broker":             map[string]any{"url": h.line.URL()},
			"collector_key_file": "collector.jwk",
			"camera":             map[string]any{"kind": "files", "path": "pictures", "interval_ms": 50},
			"screen":             map[string]any{"listen": h.screen},
		}
		change(c)
		if files[name], err = json.Marshal(c); err != nil {
			return err
		}
	}
	for name, data := range files {
		if err := write(h.dir, name, data); err != nil {
			return err
		}
	}
	return nil
}

// photograph is a sharp picture of a code: what a bad one does to a reader is
// package scan's subject.
func photograph(content []byte) ([]byte, error) {
	code, err := scan.Encode(content, scan.L)
	if err != nil {
		return nil, err
	}
	const zoom, quiet = 5, 4
	n := code.Modules.Rect.Dx()
	img := image.NewGray(image.Rect(0, 0, (n+2*quiet)*zoom, (n+2*quiet)*zoom))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			at := image.Pt(x/zoom-quiet, y/zoom-quiet)
			img.Pix[y*img.Stride+x] = 255
			if at.In(code.Modules.Rect) {
				img.Pix[y*img.Stride+x] = code.Modules.GrayAt(at.X, at.Y).Y
			}
		}
	}
	return encode(img)
}

func encode(img image.Image) ([]byte, error) {
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

// lineCommand is "line up" and "line down".
func (h *headOffice) lineCommand(ts *testscript.TestScript, args []string) {
	switch strings.Join(args, " ") {
	case "up":
		h.line.Up()
	case "down":
		h.line.Down()
	default:
		ts.Fatalf("usage: line up|down")
	}
}

// awaitCommand is "await event OUTCOME SEQ [CLOCK_LEVEL]", for the next one;
// "await receipt SEQ", until the kiosk has taken it; "await reply TEXT", to a
// command.
func (h *headOffice) awaitCommand(ts *testscript.TestScript, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: await event OUTCOME SEQ [CLOCK_LEVEL] | await receipt SEQ | await reply TEXT")
	}
	overdue := time.After(patience)
	for {
		select {
		case e := <-h.events:
			if args[0] != "event" {
				continue // it was sent again
			}
			got := []string{e.Outcome.String(), strconv.FormatUint(e.Seq, 10), clockWords[e.ClockLevel]}
			if want := args[1:]; strings.Join(got[:len(want)], " ") != strings.Join(want, " ") {
				ts.Fatalf("event %v %v, want %v", got, e.Reasons, want)
			}
			return
		case r := <-h.receipts:
			if args[0] == "receipt" && strconv.FormatUint(r.UpToSeq, 10) == args[1] {
				// What the kiosk answers after it, it answers with the receipt taken.
				h.send("ping")
				h.awaitCommand(ts, []string{"reply", `"cmd":"ping","ok":true`})
				return
			}
		case r := <-h.replies:
			if args[0] == "reply" && strings.Contains(r, args[1]) {
				return
			}
		case <-overdue:
			ts.Fatalf("no %s within %v", strings.Join(args, " "), patience)
		}
	}
}

// sendCommand is "send COMMAND", to the kiosk.
func (h *headOffice) sendCommand(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: send COMMAND")
	}
	h.send(args[0])
}

func (h *headOffice) send(command string) {
	h.onlooker.Publish(report.Message{Topic: self.Topic(report.KindCommand), Payload: fmt.Appendf(nil, `{"id":"1","cmd":"%s"}`, command)})
}

// screenCommand is "screen MEMBER VALUE": it looks at the screen until a view's
// JSON has that member with that value; "screen age TEXT" and "screen notice TEXT"
// until the age of the knowledge, or a notice, begins so in English.
func (h *headOffice) screenCommand(ts *testscript.TestScript, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: screen MEMBER VALUE")
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	for ctx.Err() == nil {
		if h.look(ctx, args[0], args[1]) {
			return
		}
		time.Sleep(20 * time.Millisecond) // it is not there yet
	}
	ts.Fatalf("the screen never showed %s %s", args[0], args[1])
}

func (h *headOffice) look(ctx context.Context, member, value string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.screen+"/events", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		var view struct {
			Phase, Kind, Code string
			Age               struct{ EN string }
			Notices           []struct{ Sentence struct{ EN string } }
		}
		if !isData || json.Unmarshal([]byte(data), &view) != nil {
			continue
		}
		switch {
		case member == "phase" && view.Phase == value, member == "kind" && view.Kind == value, member == "code" && view.Code == value:
			return true
		case member == "age" && strings.HasPrefix(view.Age.EN, value):
			return true
		case member == "notice":
			for _, n := range view.Notices {
				if strings.HasPrefix(n.Sentence.EN, value) {
					return true
				}
			}
		}
	}
	return false
}

// settledCommand is "settled HEAD RECORDS": the outbox in data, whose kiosk has
// ended, has recorded so many decisions and still holds so many.
func (h *headOffice) settledCommand(ts *testscript.TestScript, args []string) {
	box, err := outbox.Open(context.Background(), filepath.Join(h.dir, "data", "outbox"),
		outbox.Options{Owner: self.String(), Collectors: []ed25519.PublicKey{h.collector}})
	ts.Check(err)
	defer box.Close()
	s := box.State()
	if got := fmt.Sprint(s.HeadSeq, s.Records); got != strings.Join(args, " ") || len(s.Damaged) > 0 {
		ts.Fatalf("recorded and held: %s (damaged: %v), want %v", got, s.Damaged, args)
	}
}

// scrutinyCommand searches everything the kiosk wrote, the last command's output
// among it, for the marked claims.
func (h *headOffice) scrutinyCommand(ts *testscript.TestScript, _ []string) {
	written := map[string]string{"stdout": ts.ReadFile("stdout"), "stderr": ts.ReadFile("stderr")}
	ts.Check(filepath.WalkDir(filepath.Join(h.dir, "data"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		written[path] = string(data)
		return err
	}))
	event, log := false, strings.Contains(written["stderr"], "level=INFO")
	for name, text := range written {
		event = event || strings.Contains(text, "dzong-event-1")
		for _, mark := range []string{marker, base64.StdEncoding.EncodeToString([]byte(marker))[:16], fmt.Sprintf("%x", marker)} {
			if strings.Contains(text, mark) {
				ts.Fatalf("%s holds a claim", name)
			}
		}
	}
	if !event || !log {
		ts.Fatalf("no event (%v) or no log (%v) was found: the scrutiny looked in the wrong place", event, log)
	}
}

// squatCommand lets somebody else listen where the screen should.
func (h *headOffice) squatCommand(ts *testscript.TestScript, _ []string) {
	l, err := net.Listen("tcp", h.screen)
	ts.Check(err)
	ts.Defer(func() { l.Close() })
}
