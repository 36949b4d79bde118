package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dzong-id/dzong/agent/clock"
	"github.com/dzong-id/dzong/agent/config"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
)

// checkPatience is how long one check may take.
const checkPatience = 10 * time.Second

// examine makes every check that a configuration allows. It changes nothing: what
// opening would repair or put aside is opened as a copy, so that a kiosk that
// runs is not disturbed and one that does not is found as it is. The error is
// about making copies.
func (d *diagnosis) examine(ctx context.Context, c *config.Config) error {
	copies, err := os.MkdirTemp("", "dzong-doctor-")
	if err != nil {
		return fmt.Errorf("make a folder for copies: %w", err)
	}
	defer os.RemoveAll(copies)
	running := d.dataFolder(c)
	thumbprint := c.Trust.Key.Thumbprint()
	d.ok("trust key", "SHA-256 thumbprint %s; compare it with head office's", base64.RawURLEncoding.EncodeToString(thumbprint[:]))

	// Its own floor first, then what the knowledge says: as the agent does.
	now, err := d.openClock(c, copies)
	if err != nil {
		return err
	}
	d.knowledge(c, now)
	d.clock(c, now)
	if err := d.outbox(ctx, c, copies, running); err != nil {
		return err
	}
	d.camera(ctx, c)
	d.screen(ctx, c, running)
	d.broker(ctx, c, now)
	return nil
}

// dataFolder reports whether a kiosk runs on it.
func (d *diagnosis) dataFolder(c *config.Config) (running bool) {
	const check = "data folder"
	running, err := inUse(c.DataDir)
	if err != nil {
		d.attention(check, asItsUser, "%s: %v", c.DataDir, err)
		return false
	}
	if _, err := os.Stat(c.DataDir); errors.Is(err, fs.ErrNotExist) {
		above := filepath.Dir(c.DataDir)
		if err := writable(above); err != nil {
			d.attention(check, "make it, and let the kiosk's user own it", "%s is not there, and cannot be made: %v", c.DataDir, err)
			return false
		}
		d.ok(check, "%s is not there yet; the first run makes it", c.DataDir)
		return false
	}
	switch err := writable(c.DataDir); {
	case err != nil:
		d.attention(check, "let the user the kiosk runs as own it, and see whether the disk has room", "%s is not writable: %v", c.DataDir, err)
	case running:
		d.ok(check, "%s is writable; the kiosk is running on it", c.DataDir)
	default:
		d.ok(check, "%s is writable; no kiosk is running on it", c.DataDir)
	}
	return running
}

func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString("can this be written?")
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// openClock makes the kiosk's clock from a copy of its file, or without it.
func (d *diagnosis) openClock(c *config.Config, copies string) (*clock.Clock, error) {
	file := filepath.Join(copies, "clock.json")
	if err := duplicate(clockFile(c.DataDir), file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.attention("clock", asItsUser, "%v", err)
	}
	return clock.Open(file)
}

const asItsUser = "run doctor as the user the kiosk runs as"

func (d *diagnosis) clock(c *config.Config, clk *clock.Clock) {
	at, level := clk.Now()
	text := at.Format(time.RFC3339)
	switch level {
	case credential.ClockProven:
		d.ok("clock", "%s, proven: a time service keeps it", text)
	case credential.ClockPlausible:
		const unproven = "%s, plausible: it is behind nothing that was signed, but no time service keeps it"
		if c.Trust.URL != "" {
			d.ok("clock", unproven+"; the trust list's server proves it to a running kiosk", text)
			return
		}
		d.attention("clock", "start a time service or fit a battery clock: until then some presentations cannot be checked", unproven, text)
	default:
		d.attention("clock", "set it, or connect the kiosk: until then nothing that depends on time can be decided",
			"%s, untrusted: something was signed at %s, and this software is of %s", time.Now().UTC().Format(time.RFC3339), clk.Floor().Format(time.RFC3339), clock.BuildDate)
	}
}

// knowledge checks the trust list and every status list it names.
func (d *diagnosis) knowledge(c *config.Config, clk *clock.Clock) {
	const get = "connect the kiosk, or bring it on a stick"
	known, err := openKnowledge(c, cache.ReadOnly(), cache.Now(func() time.Time {
		t, _ := clk.Now()
		return t
	}))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.attention("trust list", get, "there is none yet")
		return
	case err != nil:
		d.attention("trust list", asItsUser, "%v", err)
		return
	}
	_ = clk.Observe(known.NewestSigned()) // its file is a copy
	missing := map[string]string{}
	for _, m := range known.Missing() {
		missing[m.Resource] = m.Sentence
	}
	now, _ := clk.Now()
	name := func(resource string) string {
		switch resource {
		case cache.TrustResource:
			return "trust list"
		case cache.DenyResource:
			return "deny list"
		}
		return resource
	}
	for _, e := range known.Entries() {
		found := fmt.Sprintf("as of %s (%s ago), counts until %s", e.AsOf.UTC().Format(time.RFC3339), age(now.Sub(e.AsOf)), e.Deadline.UTC().Format(time.RFC3339))
		if e.Number != 0 {
			found = fmt.Sprintf("number %d, %s", e.Number, found)
		}
		if sentence, bad := missing[e.Resource]; bad {
			d.attention(name(e.Resource), get, "%s %s", found+".", sentence)
		} else {
			d.ok(name(e.Resource), "%s", found)
		}
		delete(missing, e.Resource)
	}
	for _, m := range known.Missing() {
		if sentence, still := missing[m.Resource]; still {
			d.attention(name(m.Resource), get, "%s", sentence)
		}
	}
}

// age is a duration as people say it.
func age(d time.Duration) string {
	switch {
	case d < 0:
		return "not yet"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}

// outbox checks a copy of the records, chain and all, unless they are in use.
func (d *diagnosis) outbox(ctx context.Context, c *config.Config, copies string, running bool) error {
	const check = "outbox"
	const used = "the kiosk is running and has it to itself; its screen and its health messages tell of it"
	if running {
		d.ok(check, used)
		return nil
	}
	put, _ := filepath.Glob(filepath.Join(outboxDir(c.DataDir), "outbox.db.damaged-*")) // the pattern is a good one
	if len(put) > 0 {
		d.attention(check, "tell head office, keep the files, and move them away once they were looked at", "%d was damaged and put aside", len(put))
	}
	dir := filepath.Join(copies, "outbox")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder for copies: %w", err)
	}
	// The log belongs to it: what was committed last is in there.
	for _, name := range []string{"outbox.db", "outbox.db-wal"} {
		err := duplicate(filepath.Join(outboxDir(c.DataDir), name), filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == "outbox.db":
			d.ok(check, "there is none yet; the first run makes it")
			return nil
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			d.attention(check, asItsUser, "%v", err)
			return nil
		}
	}
	if started, err := inUse(c.DataDir); err == nil && started {
		d.ok(check, used) // and the copy may be torn
		return nil
	}
	box, err := outbox.Open(ctx, dir, outboxOptions(c, nil))
	if err != nil {
		d.attention(check, "tell head office, and do not delete it", "%v", err)
		return nil
	}
	s := box.State()
	if err := box.Close(); err != nil {
		return err
	}
	found := fmt.Sprintf("%d records wait for a receipt (room for %d), %d decisions were recorded", s.Records, s.MaxRecords, s.HeadSeq)
	switch {
	case len(s.Damaged) > 0:
		d.attention(check, "tell head office, and do not delete it: the next run puts it aside and begins a new one", "it is damaged")
	case s.Full:
		d.attention(check, "connect the kiosk, so that head office can take the records: until then it decides nothing", "%s: it is full", found)
	default:
		d.ok(check, "%s", found)
	}
	return nil
}

// duplicate copies a file.
func duplicate(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("copy to look at it: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("copy to look at it: %w", err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("copy %s to look at it: %w", from, err)
	}
	return nil
}

// camera wants one frame.
func (d *diagnosis) camera(ctx context.Context, c *config.Config) {
	ctx, stop := context.WithTimeout(ctx, checkPatience)
	defer stop()
	const next = "check the camera's cable, and camera in the configuration"
	source, err := openCamera(ctx, c.Camera)
	if err != nil {
		d.attention("camera", next, "%v", err)
		return
	}
	defer source.Close()
	frame, err := source.Next(ctx)
	if err != nil {
		d.attention("camera", next, "it gives no picture: %v", err)
		return
	}
	d.ok("camera", "it gives pictures of %d×%d", frame.Width, frame.Height)
	frame.Release()
}

// screen wants the address to be free, or the kiosk's own. It asks for the page
// and not for the stream: what is on the stream counts as seen.
func (d *diagnosis) screen(ctx context.Context, c *config.Config, running bool) {
	const check = "screen"
	address := c.Screen.Listen
	if strings.HasSuffix(address, ":0") {
		d.ok(check, "any free port of %s; a running kiosk prints which", strings.TrimSuffix(address, ":0"))
		return
	}
	if l, err := net.Listen("tcp", address); err == nil {
		l.Close()
		if running {
			d.attention(check, "turn the kiosk off and on once", "the kiosk is running, and nobody listens on %s", address)
			return
		}
		d.ok(check, "%s is free", address)
		return
	} else if !running {
		d.attention(check, "end the other program, or change screen.listen", "%s is not free: %v", address, err)
		return
	}
	ctx, stop := context.WithTimeout(ctx, checkPatience)
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/", nil)
	if err != nil {
		d.attention(check, "correct screen.listen", "%v", err)
		return
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.attention(check, "turn the kiosk off and on once", "%s does not answer: %v", address, err)
		return
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		d.attention(check, "end the other program, or change screen.listen", "http://%s/ answers %s", address, response.Status)
		return
	}
	d.ok(check, "http://%s/ answers", address)
}

// broker wants a connection, under a name that does not cut the kiosk's own.
func (d *diagnosis) broker(ctx context.Context, c *config.Config, clk *clock.Clock) {
	const check = "broker"
	if c.Broker == nil {
		d.attention(check, "give broker in the configuration", "none is configured: records wait in the outbox, and when it is full the kiosk stops deciding")
		return
	}
	ctx, stop := context.WithTimeout(ctx, checkPatience)
	defer stop()
	k := kioskOf(c)
	link, err := report.Dial(ctx, brokerOptions(c.Broker, clk.TLSTime), "dzong."+k.Site+"."+k.Name+".doctor", nil)
	if err != nil {
		d.attention(check, "without a line this is as it must be, and records are kept; with one, check the address, certificates and password", "%v", err)
		return
	}
	link.Close()
	d.ok(check, "%s takes this kiosk", c.Broker.URL)
}
