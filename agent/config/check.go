package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
)

// What holds where a key is left out.
const (
	DefaultWindow       = 60 * time.Second
	DefaultTurn         = 30 * time.Second
	DefaultLanguage     = reason.English
	DefaultSyncInterval = 15 * time.Minute
	DefaultSyncTimeout  = 30 * time.Second
	DefaultListen       = "127.0.0.1:8480"
	DefaultInterval     = 100 * time.Millisecond // between the frames of a camera of kind "files"
)

// These stand in schema.json too, so that an editor marks what Load refuses.
var (
	identifier   = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	audienceForm = regexp.MustCompile(`^https://[^/?#@\s]+[^?#\s]*$`)
	trustForm    = regexp.MustCompile(`^https://[^/?#@\s]+[^#\s]*$`)
	hostForm     = regexp.MustCompile(`^[^/@ *?#A-Z]+$`)
	brokerForm   = regexp.MustCompile(`^(mqtts://[^/?#@\s]+|mqtt://(127\.[0-9.]+|\[::1\])):[0-9]+$`)
	listenForm   = regexp.MustCompile(`^(127\.[0-9.]+|\[::1\]):[0-9]+$`)
)

// Parse checks a configuration without looking at any file it names: the keys
// stay empty, and so does the policy unless it is inline. dir is where relative paths start
// from.
func Parse(data []byte, dir string) (*Config, error) {
	_, c, err := parse(data, dir)
	return c, err
}

func parse(data []byte, dir string) (*document, *Config, error) {
	d := new(document)
	if err := decode(data, d); err != nil {
		return nil, nil, err
	}
	k := checker{}
	c := k.config(d, dir)
	if err := errors.Join(k.problems...); err != nil {
		return nil, nil, err
	}
	return d, c, nil
}

// checker collects everything that is wrong.
type checker struct{ problems []error }

func (k *checker) failf(format string, args ...any) {
	k.problems = append(k.problems, fmt.Errorf(format, args...))
}

func (k *checker) config(d *document, dir string) *Config {
	if d.Format == nil || *d.Format != 1 {
		k.failf(`format must be 1: add "format": 1`)
	}
	c := &Config{
		Site: d.Site, Kiosk: d.Kiosk, Audience: d.Audience,
		Window:    k.seconds("window_s", d.WindowS, DefaultWindow, 10, 600),
		Turn:      k.seconds("turn_s", d.TurnS, DefaultTurn, 5, 600),
		DataDir:   within(dir, d.DataDir),
		Languages: k.languages(d), DefaultLanguage: DefaultLanguage,
		Sync: Sync{
			Interval:  k.seconds("sync.interval_s", d.Sync.IntervalS, DefaultSyncInterval, 60, 86_400),
			Timeout:   k.seconds("sync.timeout_s", d.Sync.TimeoutS, DefaultSyncTimeout, 1, 600),
			ImportDir: within(dir, d.Sync.ImportDir),
		},
		Outbox: Outbox{
			MaxRecords:     k.number("outbox.max_records", d.Outbox.MaxRecords, 0, 100, 10_000_000),
			MaxBytes:       int64(k.number("outbox.max_bytes", d.Outbox.MaxBytes, 0, 1<<20, 1<<30)),
			MaxReplayMarks: k.number("outbox.max_replay_marks", d.Outbox.MaxReplayMarks, 0, 100, 10_000_000),
		},
	}
	for key, value := range map[string]string{"site": d.Site, "kiosk": d.Kiosk} {
		if !identifier.MatchString(value) {
			k.failf("%s must be 1 to 32 of a-z, 0-9 and -: it becomes part of the broker's topics", key)
		}
	}
	k.audience(d.Audience)
	if d.DataDir == "" {
		k.failf(`data_dir is missing: name a folder on the disk, such as "/var/lib/dzong-kiosk"`)
	}
	if (d.PolicyFile == "") == (d.Policy == nil) {
		k.failf(`give either policy_file or policy; "policy": {} takes every credential that the trust list permits`)
	}
	if d.Policy != nil {
		var err error
		if c.Policy, err = verify.ParsePolicy(d.Policy); err != nil {
			k.failf("policy: %w", err)
		}
	}
	if d.DefaultLanguage != "" {
		c.DefaultLanguage = reason.Language(d.DefaultLanguage)
	} else if len(c.Languages) > 0 && !slices.Contains(c.Languages, DefaultLanguage) {
		c.DefaultLanguage = c.Languages[0]
	}
	if !slices.Contains(c.Languages, c.DefaultLanguage) {
		k.failf("default_language %q is none of languages", d.DefaultLanguage)
	}
	if d.CollectorKeyFile == "" {
		k.failf("collector_key_file is missing: it holds the public key (JWK) of the head office's collector, whose receipts free the outbox")
	}
	k.trust(c, d, dir)
	k.broker(c, d, dir)
	k.camera(c, d, dir)
	k.screen(c, d)
	return c
}

func (k *checker) audience(audience string) {
	u, err := url.Parse(audience)
	if err != nil || !audienceForm.MatchString(audience) || u.Host == "" {
		k.failf("audience must be an https address without a query, unlike any other kiosk's, such as https://bank.example/kiosk/lhuentse/counter-1: wallets make their proofs for it")
	}
}

func (k *checker) languages(d *document) []reason.Language {
	if d.Languages == nil {
		return reason.Languages()
	}
	var langs []reason.Language
	for i, l := range d.Languages {
		lang := reason.Language(l)
		switch {
		case !slices.Contains(reason.Languages(), lang):
			k.failf("languages[%d] %q: there are %q", i, l, reason.Languages())
		case slices.Contains(langs, lang):
			k.failf("languages[%d] %q is given twice", i, l)
		default:
			langs = append(langs, lang)
		}
	}
	if len(d.Languages) == 0 {
		k.failf("languages is empty: leave the key out for all of %q", reason.Languages())
	}
	return langs
}

func (k *checker) trust(c *Config, d *document, dir string) {
	t := d.Trust
	c.Trust = Trust{URL: t.URL, Hosts: t.Hosts, CAFile: within(dir, t.CAFile), SealFile: within(dir, t.Seal)}
	if t.KeyFile == "" {
		k.failf("trust.key_file is missing: it holds the public key (JWK) of the trust authority, and nothing is believed without it")
	}
	for i, h := range t.Hosts {
		if !hostForm.MatchString(h) {
			k.failf("trust.hosts[%d] %q must be a host name in small letters, with a port if it is not 443", i, h)
		}
	}
	if t.URL == "" {
		if c.Sync.ImportDir == "" {
			k.failf("trust.url is missing: give it, or sync.import_dir for a kiosk that never has a line; without either it would never know whom to believe")
		}
		return
	}
	u, err := url.Parse(t.URL)
	if err != nil || !trustForm.MatchString(t.URL) || u.Host == "" {
		k.failf("trust.url must be an https address: what is fetched is signed, but who is asked is nobody else's business")
		return
	}
	if t.Hosts == nil {
		c.Trust.Hosts = []string{u.Host}
	} else if !slices.Contains(t.Hosts, u.Host) {
		k.failf("trust.hosts does not name %s, the host of trust.url: add it", u.Host)
	}
}

func (k *checker) broker(c *Config, d *document, dir string) {
	b := d.Broker
	if b == nil {
		return
	}
	c.Broker = &Broker{
		URL: b.URL, CAFile: within(dir, b.CAFile),
		ClientCertFile: within(dir, b.ClientCertFile), ClientKeyFile: within(dir, b.ClientKeyFile),
		UsernameFile: within(dir, b.UsernameFile), PasswordFile: within(dir, b.PasswordFile),
	}
	u, err := url.Parse(b.URL)
	switch {
	case err != nil || u.Host == "" || u.Port() == "" || u.Path != "" || u.RawQuery != "" || u.User != nil || u.Fragment != "":
		k.failf("broker.url must have the form mqtts://host:8883")
	case u.Scheme == "mqtts" && brokerForm.MatchString(b.URL):
	case u.Scheme == "mqtt" && loopback(u.Host) && brokerForm.MatchString(b.URL):
		if b.CAFile != "" || b.ClientCertFile != "" || b.ClientKeyFile != "" {
			k.failf("broker.url is plain mqtt, so no certificate is used: change it to mqtts, or remove the certificate files")
		}
	case u.Scheme == "mqtt":
		k.failf("broker.url is plain mqtt, which is for a broker on this machine (127.0.0.1 or [::1]) only: use mqtts")
	default:
		k.failf("broker.url must have the form mqtts://host:8883, not %s:", u.Scheme)
	}
	if (b.ClientCertFile == "") != (b.ClientKeyFile == "") {
		k.failf("broker.client_cert_file and broker.client_key_file belong together: give both or neither")
	}
	if b.PasswordFile != "" && b.UsernameFile == "" {
		k.failf("broker.password_file needs broker.username_file")
	}
}

func (k *checker) camera(c *Config, d *document, dir string) {
	cam := d.Camera
	c.Camera = Camera{Kind: cam.Kind}
	switch cam.Kind {
	case "files":
		c.Camera.Path = within(dir, cam.Path)
		c.Camera.Interval = time.Duration(k.number("camera.interval_ms", cam.IntervalMS, int(DefaultInterval.Milliseconds()), 1, 60_000)) * time.Millisecond
		c.Camera.Loop = cam.Loop == nil || *cam.Loop
		if cam.Path == "" {
			k.failf("camera.path is missing: name an image or a folder of images")
		}
	case "":
		k.failf(`camera.kind is missing: there is "files"`)
	default:
		k.failf(`camera.kind %q: there is "files"`, cam.Kind)
	}
}

func (k *checker) screen(c *Config, d *document) {
	c.Screen.Listen = DefaultListen
	if d.Screen.Listen != "" {
		c.Screen.Listen = d.Screen.Listen
	}
	if !listenForm.MatchString(c.Screen.Listen) || !loopback(c.Screen.Listen) {
		k.failf("screen.listen %q must be a loopback address with a port, such as %s: the screen is for the people in front of it", c.Screen.Listen, DefaultListen)
	}
}

// loopback reports whether a host with a port is an address of this machine
// alone. A name is not taken: it means whatever a file or a server says today.
func loopback(hostport string) bool {
	a, err := netip.ParseAddrPort(hostport)
	return err == nil && a.Addr().IsLoopback() && a.Addr().Zone() == ""
}

func (k *checker) seconds(key string, value *int, standard time.Duration, least, most int) time.Duration {
	return time.Duration(k.number(key, value, int(standard/time.Second), least, most)) * time.Second
}

func (k *checker) number(key string, value *int, standard, least, most int) int {
	if value == nil {
		return standard
	}
	if *value < least || *value > most {
		k.failf("%s is %d, want %d to %d", key, *value, least, most)
	}
	return *value
}
