package web_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/web"
	"github.com/dzong-id/dzong/sdk/reason"
)

// chromium is a browser that a test drives by the DevTools protocol over a pipe
// (--remote-debugging-pipe: JSON messages that end with a zero byte on the
// browser's file descriptors 3 and 4), so that no port is open and no library is
// needed.
type chromium struct {
	t       *testing.T
	write   *os.File
	session string

	mu      sync.Mutex
	id      int
	waiting map[int]chan answer
	trouble []string // what the page complained about
}

type answer struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// startChromium finds Chromium or skips the test, and says how not to.
func startChromium(t *testing.T) *chromium {
	t.Helper()
	program := os.Getenv("DZONG_CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if program == "" {
			program, _ = exec.LookPath(name)
		}
	}
	if program == "" {
		t.Skip("no Chromium: install it (Debian: apt-get install chromium fonts-noto-core) or name it in DZONG_CHROMIUM to look at the screen as it is drawn")
	}
	if testing.Short() {
		t.Skip("drawing the screen takes seconds")
	}
	toBrowser, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read, fromBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{
		"--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + t.TempDir(), "--no-first-run",
		"--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
		"--disable-dev-shm-usage", "--force-device-scale-factor=1", "--mute-audio",
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium refuses to run as root with it
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, append(args, "about:blank")...)
	cmd.ExtraFiles = []*os.File{toBrowser, fromBrowser}
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Skipf("Chromium (%s) does not start: %v", program, err)
	}
	toBrowser.Close()
	fromBrowser.Close()
	c := &chromium{t: t, write: write, waiting: map[int]chan answer{}}
	t.Cleanup(func() {
		c.call("Browser.close", nil, nil) // ends its children and leaves its folder alone
		ended := time.AfterFunc(10*time.Second, stop)
		_ = cmd.Wait() // how a browser that was told to end exits says nothing
		ended.Stop()
		stop()
		write.Close()
		read.Close()
	})
	go c.listen(read)

	var target struct{ TargetID string }
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		c.call(domain+".enable", nil, nil)
	}
	return c
}

func (c *chromium) listen(read *os.File) {
	for r := bufio.NewReader(read); ; {
		data, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m struct {
			ID     int
			Method string
			Params json.RawMessage
			answer
		}
		if json.Unmarshal(data[:len(data)-1], &m) != nil {
			continue
		}
		c.mu.Lock()
		switch {
		case m.ID != 0:
			if ch := c.waiting[m.ID]; ch != nil {
				ch <- m.answer
				delete(c.waiting, m.ID)
			}
		case m.Method == "Log.entryAdded", m.Method == "Runtime.exceptionThrown", m.Method == "Runtime.consoleAPICalled":
			c.trouble = append(c.trouble, m.Method+" "+string(m.Params))
		}
		c.mu.Unlock()
	}
}

// call sends one command and waits for its answer.
func (c *chromium) call(method string, params any, result any) {
	c.t.Helper()
	c.mu.Lock()
	c.id++
	ch := make(chan answer, 1)
	c.waiting[c.id] = ch
	message := map[string]any{"id": c.id, "method": method}
	if params != nil {
		message["params"] = params
	}
	if c.session != "" && !strings.HasPrefix(method, "Browser.") {
		message["sessionId"] = c.session
	}
	data, err := json.Marshal(message)
	if err == nil {
		_, err = c.write.Write(append(data, 0))
	}
	c.mu.Unlock()
	if err != nil {
		c.t.Errorf("%s: %v", method, err)
		return
	}
	select {
	case a := <-ch:
		if a.Error != nil {
			c.t.Fatalf("%s: %s", method, a.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(a.Result, result); err != nil {
				c.t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(30 * time.Second):
		c.t.Fatalf("%s: no answer from Chromium", method)
	}
}

// eval runs script in the page and decodes its value.
func (c *chromium) eval(script string, into any) {
	c.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	c.call("Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true}, &r)
	if r.ExceptionDetails != nil {
		c.t.Fatalf("%s: %s", script, r.ExceptionDetails)
	}
	if into != nil {
		if err := json.Unmarshal(r.Result.Value, into); err != nil {
			c.t.Fatalf("%s: %v", script, err)
		}
	}
}

// until waits for script to be true; a page that is still loading is not yet.
func (c *chromium) until(script string) {
	c.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var yes bool
		if c.eval("(() => { try { return Boolean("+script+") } catch { return false } })()", &yes); yes {
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("never true: %s", script)
		}
	}
}

func (c *chromium) size(width, height int) {
	c.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// picture keeps a screenshot if DZONG_SCREENSHOTS names a folder for it.
func (c *chromium) picture(name string) {
	dir := os.Getenv("DZONG_SCREENSHOTS")
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	c.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644)
	}
	if err != nil {
		c.t.Error(err)
	}
}

// language presses the switch.
func (c *chromium) language(lang reason.Language) {
	c.eval(fmt.Sprintf(`document.querySelector('#languages button[lang=%q]').click()`, lang), nil)
	c.until(fmt.Sprintf(`document.documentElement.lang === %q`, lang))
}

// scenes is every view at its fullest.
func scenes() map[string]web.View {
	h := health.New(func() time.Time { return noon })
	h.Set(health.ReceiptsLate)
	h.Set(health.BrokerOffline)
	h.Set(health.TrustStale)
	outcome := func(kind web.Kind, code reason.Code) web.View {
		return web.View{Phase: web.Showing, Kind: kind, Code: code, Reference: "7QK-0042-M", AsOf: noon.Add(-50 * time.Hour), Turn: time.Minute}
	}
	with := func(v web.View) web.View {
		v.Notices = h.Conditions()
		return v
	}
	all := map[string]web.View{
		"idle":               {AsOf: noon.Add(-3 * time.Hour)},
		"idle with notices":  with(web.View{AsOf: noon.Add(-72 * time.Hour)}),
		"scanning":           {Phase: web.Scanning, AsOf: noon},
		"deciding":           {Phase: web.Deciding, AsOf: noon},
		"unreadable":         outcome(web.Unreadable, ""),
		"accepted":           outcome(web.Accepted, ""),
		"accepted noticed":   with(outcome(web.Accepted, "")),
		"rejected noticed":   with(outcome(web.Rejected, reason.IssuerUnknown)),
		"rejected plain":     outcome(web.Rejected, ""),
		"indeterminate":      outcome(web.Indeterminate, ""),
		"blocked":            with(web.View{Phase: web.Blocked, Condition: health.OutboxFull, AsOf: noon.Add(-time.Hour)}),
		"blocked by nothing": {Phase: web.Blocked, Condition: health.TrustMissing},
	}
	for _, e := range reason.Table() {
		kind := web.Rejected
		switch {
		case e.Refused:
			kind = web.NotACredential
		case e.Verdict == reason.Undecided:
			kind = web.Indeterminate
		}
		all[kind.String()+" "+string(e.Code)] = outcome(kind, e.Code)
	}
	return all
}

// inspect gives what is wrong with the drawing, as the page itself can tell.
const inspect = `(() => {
  const wrong = [];
  const width = innerWidth, height = innerHeight;
  const root = document.scrollingElement;
  if (root.scrollWidth > width || root.scrollHeight > height) wrong.push('the page is larger than the screen');
  const seen = (e) => e && !e.hidden && e.getClientRects().length > 0;
  const texts = ['title', 'sentence', 'next', 'age', 'reference', 'notices', 'name', 'clear'].map((i) => document.getElementById(i))
    .filter((e) => seen(e) && e.textContent.trim());
  for (const e of texts) {
    const r = e.getBoundingClientRect();
    if (r.left < -0.5 || r.top < -0.5 || r.right > width + 0.5 || r.bottom > height + 0.5) wrong.push(e.id + ' leaves the screen');
    if (parseFloat(getComputedStyle(e).fontSize) < 12) wrong.push(e.id + ' is too small to read');
  }
  const boxes = ['header', 'main > #words', '#turn', 'footer'].map((s) => [s, document.querySelector(s).getBoundingClientRect()]);
  for (let i = 1; i < boxes.length; i++) {
    if (boxes[i][1].top < boxes[i - 1][1].bottom - 1) wrong.push(boxes[i][0] + ' lies over ' + boxes[i - 1][0]);
  }
  const words = document.querySelector('#words').getBoundingClientRect(), icon = document.querySelector('#icon').getBoundingClientRect();
  if (icon.right > words.left && icon.bottom > words.top) wrong.push('the words lie over the icon');
  const shapes = [...document.querySelectorAll('.shape')].filter(seen);
  if (shapes.length !== 1) wrong.push(shapes.length + ' shapes are shown');
  const light = (c) => { const [r, g, b] = c.match(/[\d.]+/g).map(Number).map((x) => x / 255).map((x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const ground = getComputedStyle(document.body).backgroundColor;
  for (const e of [...texts, ...document.querySelectorAll('#languages button')]) {
    if (!seen(e)) continue;
    let on = getComputedStyle(e).backgroundColor;
    if (on === 'rgba(0, 0, 0, 0)') on = ground;
    const c = ratio(getComputedStyle(e).color, on);
    if (c < 4.5) wrong.push((e.id || e.lang) + ' has a contrast of ' + c.toFixed(2));
  }
  return {
    wrong,
    shape: shapes.map((s) => s.classList[1]).join(),
    live: document.getElementById('words').getAttribute('aria-live'),
    said: document.getElementById('words').innerText,
    clear: seen(document.getElementById('clear')),
    ground,
  };
})()`

// The screen is drawn in Chromium at the sizes of a 7-inch panel and of a
// monitor, every view in every language.
func TestTheScreenAsItIsDrawn(t *testing.T) {
	c := startChromium(t)
	screen, server := serve(t, web.Options{Name: "lhuentse/counter-1", Clear: func() {}, Heartbeat: 5 * time.Second})
	c.call("Page.navigate", map[string]any{"url": server.URL}, nil)
	c.until(`document.body.dataset.phase === 'idle'`)

	shapes := map[web.Kind]string{
		web.Accepted: "accepted", web.Indeterminate: "indeterminate", web.Rejected: "rejected",
		web.NotACredential: "hint", web.Unreadable: "hint",
	}
	grounds := map[string]string{}
	seq := 1 // the idle view it began with
	for name, view := range scenes() {
		screen.Show(view)
		seq++
		c.until(fmt.Sprintf(`document.body.dataset.phase === %q && document.body.dataset.seq === '%d'`, view.Phase, seq))
		for _, lang := range reason.Languages() {
			c.language(lang)
			for _, size := range [][2]int{{800, 480}, {1920, 1080}, {480, 800}} {
				c.size(size[0], size[1])
				where := fmt.Sprintf("%s %s %dx%d", name, lang, size[0], size[1])
				var got struct {
					Wrong                     []string
					Shape, Live, Said, Ground string
					Clear                     bool
				}
				c.eval(inspect, &got)
				for _, wrong := range got.Wrong {
					t.Errorf("%s: %s", where, wrong)
				}
				if got.Live != "assertive" {
					t.Errorf("%s: not read out", where)
				}
				if view.Phase == web.Showing {
					if want := shapes[view.Kind]; got.Shape != want {
						t.Errorf("%s: shape %s, want %s", where, got.Shape, want)
					}
					if other, ok := grounds[got.Ground]; ok && other != shapes[view.Kind] {
						t.Errorf("%s: the same colour as %s", where, other)
					}
					grounds[got.Ground] = shapes[view.Kind]
					if e, ok := reason.Lookup(view.Code); ok && (!strings.Contains(got.Said, e.Sentence(lang)) || !strings.Contains(got.Said, e.Next(lang))) {
						t.Errorf("%s: says %q", where, got.Said)
					}
				}
				if got.Clear != (view.Phase == web.Showing) {
					t.Errorf("%s: the button is shown: %v", where, got.Clear)
				}
				c.picture(strings.ReplaceAll(where, " ", "-"))
			}
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, trouble := range c.trouble {
		t.Error("the page complains:", trouble)
	}
}

func TestTheButtonInABrowser(t *testing.T) {
	c := startChromium(t)
	cleared := make(chan struct{}, 1)
	screen, server := serve(t, web.Options{Clear: func() { cleared <- struct{}{} }})
	screen.Show(web.View{Phase: web.Showing, Kind: web.Accepted})
	c.call("Page.navigate", map[string]any{"url": server.URL}, nil)
	c.until(`document.body.dataset.kind === 'accepted'`)
	c.eval(`document.getElementById('clear').click()`, nil)
	select {
	case <-cleared:
	case <-time.After(5 * time.Second):
		t.Error("pressing the button clears nothing")
	}
}

// An outcome must not outlive the kiosk that stands behind it.
func TestAnOutcomeGoesAway(t *testing.T) {
	c := startChromium(t)
	screen := web.New(web.Options{Heartbeat: 100 * time.Millisecond})
	var mu sync.Mutex
	silent := false
	handler := screen.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		hang := silent && r.URL.Path == "/events"
		mu.Unlock()
		if hang {
			<-r.Context().Done() // a kiosk that hangs: no error, no event
			return
		}
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	defer server.CloseClientConnections()
	defer screen.Close()

	screen.Show(web.View{Phase: web.Showing, Kind: web.Accepted, Turn: 100 * time.Millisecond})
	c.call("Page.navigate", map[string]any{"url": server.URL}, nil)
	c.until(`document.body.dataset.kind === 'accepted'`)
	c.until(`document.body.dataset.phase === 'idle'`) // the turn ran out, and the kiosk said nothing

	screen.Show(web.View{Phase: web.Showing, Kind: web.Accepted})
	c.until(`document.body.dataset.kind === 'accepted'`)
	mu.Lock()
	silent = true
	mu.Unlock()
	server.CloseClientConnections()
	c.until(`document.body.dataset.phase === 'lost' && !document.body.dataset.kind`)
	c.size(800, 480)
	c.picture("lost-en-800x480")
	mu.Lock()
	silent = false
	mu.Unlock()
	screen.Show(web.View{Phase: web.Deciding})
	c.until(`document.body.dataset.phase === 'deciding'`)
}
