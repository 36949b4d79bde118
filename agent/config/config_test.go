package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dzong-id/dzong/agent/config"
	"github.com/dzong-id/dzong/sdk/reason"
)

// RFC 8037 appendix A.2, and a P-256 key of RFC 7517 appendix A.1.
const (
	ed25519JWK = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	p256JWK    = `{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}`
)

// least is the shortest configuration there is.
const least = `{
  "format": 1, "site": "lhuentse", "kiosk": "counter-1",
  "audience": "https://bank.example/kiosk/lhuentse/counter-1",
  "data_dir": "data", "policy": {},
  "trust": {"key_file": "trust.jwk", "url": "https://trust.example/trust.jwt"},
  "collector_key_file": "collector.jwk",
  "camera": {"kind": "files", "path": "frames"}
}`

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func accepts(t testing.TB, s *jsonschema.Schema, data string) bool {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(data))
	return err == nil && s.Validate(v) == nil
}

// put writes the files of a configuration and gives the path of dzong.json.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "dzong.json")
}

func exampleFiles() map[string]string {
	return map[string]string{
		"dzong.json": string(config.Example), "policy.json": `{"id":"teller","version":3}`,
		"trust-authority.jwk": p256JWK, "trust-ca.pem": "x", "broker-ca.pem": "x", "kiosk.pem": "x",
		"secret/kiosk-key.pem": "x", "broker-user": "kiosk-17\n", "secret/broker-password": "open sesame\r\n",
		"secret/seal":   "0123456789abcdef0123456789abcdef",
		"collector.jwk": ed25519JWK, "collector-next.jwk": ed25519JWK,
	}
}

func TestTheExampleLoads(t *testing.T) {
	path := put(t, exampleFiles())
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(path)
	if c.Site != "lhuentse" || c.Kiosk != "counter-1" || c.Window != time.Minute || c.Turn != 30*time.Second {
		t.Errorf("got %+v", c)
	}
	if d := cmp.Diff([]reason.Language{"dz", "en"}, c.Languages); d != "" || c.DefaultLanguage != "dz" {
		t.Errorf("languages %v, default %s", c.Languages, c.DefaultLanguage)
	}
	if c.Trust.Key.IsZero() || len(c.Collectors) != 2 || c.Policy == nil {
		t.Error("keys or policy are missing")
	}
	want := config.Broker{
		URL: "mqtts://broker.example:8883", CAFile: filepath.Join(dir, "broker-ca.pem"),
		ClientCertFile: filepath.Join(dir, "kiosk.pem"), ClientKeyFile: filepath.Join(dir, "secret/kiosk-key.pem"),
		UsernameFile: filepath.Join(dir, "broker-user"), PasswordFile: filepath.Join(dir, "secret/broker-password"),
	}
	if d := cmp.Diff(&want, c.Broker); d != "" {
		t.Error(d)
	}
	if c.Trust.SealFile != filepath.Join(dir, "secret/seal") {
		t.Errorf("the seal is %s", c.Trust.SealFile)
	}
	if c.DataDir != "/var/lib/dzong-kiosk" || c.Sync.ImportDir != "/media/dzong" {
		t.Error("absolute paths were changed")
	}
}

// The example shows every key there is, so that it can be the documentation.
func TestTheExampleHasEveryKeyOfTheSchema(t *testing.T) {
	var s, e any
	if err := json.Unmarshal(config.Schema, &s); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(config.Example, &e); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, s, e map[string]any)
	walk = func(path string, s, e map[string]any) {
		properties, _ := s["properties"].(map[string]any)
		if of, ok := s["oneOf"].([]any); ok && properties == nil {
			properties, _ = of[0].(map[string]any)["properties"].(map[string]any)
		}
		for key, sub := range properties {
			value, ok := e[key]
			if !ok && path+key != "policy" { // policy_file stands in its place
				t.Errorf("the example lacks %s%s", path, key)
			}
			if child, ok := value.(map[string]any); ok {
				walk(path+key+".", sub.(map[string]any), child)
			}
			if d, ok := sub.(map[string]any)["description"]; key != "kind" && path != "outbox." && key != "$schema" && key != "trust" &&
				key != "sync" && key != "camera" && key != "screen" && (!ok || d == "") {
				t.Errorf("the schema says nothing about %s%s", path, key)
			}
		}
	}
	walk("", s.(map[string]any), e.(map[string]any))
	if !accepts(t, schema(t), string(config.Example)) {
		t.Error("the schema refuses the example")
	}
}

func TestWhatIsLeftOutHasADefault(t *testing.T) {
	c, err := config.Parse([]byte(least), "/etc/dzong")
	if err != nil {
		t.Fatal(err)
	}
	if c.Window != config.DefaultWindow || c.Turn != config.DefaultTurn || c.Screen.Listen != config.DefaultListen ||
		c.Sync.Interval != config.DefaultSyncInterval || c.Sync.Timeout != config.DefaultSyncTimeout ||
		c.Camera.Interval != config.DefaultInterval || !c.Camera.Loop || c.DefaultLanguage != config.DefaultLanguage {
		t.Errorf("got %+v", c)
	}
	if d := cmp.Diff([]string{"trust.example"}, c.Trust.Hosts); d != "" {
		t.Error("hosts:", d)
	}
	if len(c.Languages) != len(reason.Languages()) || c.Broker != nil || c.Policy == nil || c.DataDir != "/etc/dzong/data" {
		t.Errorf("got %+v", c)
	}
	// The defaults the schema tells are the ones that hold.
	var s struct {
		Properties struct {
			WindowS         struct{ Default int }    `json:"window_s"`
			TurnS           struct{ Default int }    `json:"turn_s"`
			DefaultLanguage struct{ Default string } `json:"default_language"`
			Sync            struct {
				Properties struct {
					IntervalS struct{ Default int } `json:"interval_s"`
					TimeoutS  struct{ Default int } `json:"timeout_s"`
				}
			}
			Screen struct {
				Properties struct{ Listen struct{ Default string } }
			}
		}
	}
	if err := json.Unmarshal(config.Schema, &s); err != nil {
		t.Fatal(err)
	}
	p := s.Properties
	if time.Duration(p.WindowS.Default)*time.Second != config.DefaultWindow ||
		time.Duration(p.TurnS.Default)*time.Second != config.DefaultTurn ||
		reason.Language(p.DefaultLanguage.Default) != config.DefaultLanguage ||
		time.Duration(p.Sync.Properties.IntervalS.Default)*time.Second != config.DefaultSyncInterval ||
		time.Duration(p.Sync.Properties.TimeoutS.Default)*time.Second != config.DefaultSyncTimeout ||
		p.Screen.Properties.Listen.Default != config.DefaultListen {
		t.Errorf("the schema tells other defaults: %+v", p)
	}
}

// change is least with one replacement.
func change(t *testing.T, old, new string) string {
	t.Helper()
	if strings.Count(least, old) != 1 {
		t.Fatalf("%q is not exactly once in the configuration", old)
	}
	return strings.Replace(least, old, new, 1)
}

func TestMistakesAreNamed(t *testing.T) {
	const camera = `"camera": {"kind": "files", "path": "frames"}`
	add := func(more string) string { return change(t, camera, camera+",\n  "+more) }
	const beyondSchema = true // JSON Schema cannot say it, or says less
	tests := map[string]struct {
		data string
		want []string
		more bool
	}{
		"empty":                     {"", []string{"cut off"}, false},
		"cut off":                   {least[:60], []string{"cut off"}, false},
		"no JSON":                   {`{"format": 1,}`, []string{"no JSON in line 1"}, false},
		"not UTF-8":                 {"{\"site\": \"\xff\"}", []string{"UTF-8"}, beyondSchema},
		"an array":                  {`[]`, []string{"the file is a JSON array"}, false},
		"something behind":          {least + "{}", []string{"something follows"}, false},
		"unknown key":               {add(`"sites": "x"`), []string{"sites is no key", "allowed here are", "collector_key_file"}, false},
		"key in another case":       {change(t, `"site"`, `"Site"`), []string{"Site is no key"}, false},
		"unknown key inside":        {change(t, `"key_file"`, `"key"`), []string{"trust.key is no key", "key_file"}, false},
		"key twice":                 {add(`"site": "other"`), []string{"site is given twice"}, beyondSchema},
		"key twice inside":          {change(t, `"url":`, `"url": "https://a.example/", "url":`), []string{"trust.url is given twice"}, beyondSchema},
		"key twice in the policy":   {change(t, `"policy": {}`, `"policy": {"id": "a", "id": "b"}`), []string{"policy.id is given twice"}, beyondSchema},
		"unknown key in the policy": {change(t, `"policy": {}`, `"policy": {"ids": "a"}`), []string{"policy:"}, beyondSchema},
		"null":                      {change(t, `"url": "https://trust.example/trust.jwt"`, `"url": null`), []string{"trust.url is null"}, false},
		"bearer":                    {add(`"bearer": true`), []string{"proof of possession"}, false},
		"wrong kind":                {add(`"turn_s": "30"`), []string{"turn_s is a JSON string, want a whole number", "line 8"}, false},
		"a fraction":                {add(`"turn_s": 30.5`), []string{"turn_s"}, false},
		"format missing":            {change(t, `"format": 1, `, ``), []string{"format must be 1"}, false},
		"later format":              {change(t, `"format": 1`, `"format": 2`), []string{"format must be 1"}, false},
		"site in capitals":          {change(t, `"lhuentse", "k`, `"Lhuentse", "k`), []string{"site must be"}, false},
		"site with a topic level":   {change(t, `"lhuentse", "k`, `"a/b", "k`), []string{"site must be"}, false},
		"kiosk as a wildcard":       {change(t, `"counter-1",`, `"+",`), []string{"kiosk must be"}, false},
		"kiosk too long":            {change(t, `"counter-1",`, `"`+strings.Repeat("a", 33)+`",`), []string{"kiosk must be"}, false},
		"no audience":               {change(t, `"https://bank.example/kiosk/lhuentse/counter-1"`, `""`), []string{"audience must be"}, false},
		"audience by http":          {change(t, `"https://bank.example/kiosk`, `"http://bank.example/kiosk`), []string{"audience must be"}, false},
		"audience with a query": {change(t, `counter-1",
  "data`, `counter-1?nonce=x",
  "data`), []string{"audience must be"}, false},
		"window too wide":            {add(`"window_s": 3600`), []string{"window_s is 3600, want 10 to 600"}, false},
		"turn of no length":          {add(`"turn_s": 0`), []string{"turn_s is 0, want 5 to 600"}, false},
		"no data folder":             {change(t, `"data_dir": "data", `, ``), []string{"data_dir is missing"}, false},
		"no policy":                  {change(t, `"data", "policy": {}`, `"data"`), []string{"policy_file or policy"}, false},
		"two policies":               {add(`"policy_file": "p.json"`), []string{"policy_file or policy"}, false},
		"a language nobody speaks":   {add(`"languages": ["fr"]`), []string{`languages[0] "fr"`, "en", "dz"}, false},
		"a language twice":           {add(`"languages": ["en", "en"]`), []string{"given twice"}, false},
		"no language":                {add(`"languages": []`), []string{"languages is empty"}, false},
		"default is not offered":     {add(`"languages": ["en"], "default_language": "dz"`), []string{"default_language"}, beyondSchema},
		"no trust key":               {change(t, `"key_file": "trust.jwk", `, ``), []string{"trust.key_file is missing"}, false},
		"trust by http":              {change(t, `https://trust.example`, `http://trust.example`), []string{"trust.url must be an https"}, false},
		"no way to knowledge":        {change(t, `, "url": "https://trust.example/trust.jwt"`, ``), []string{"trust.url is missing", "import_dir"}, false},
		"host not allowed":           {change(t, `"url":`, `"hosts": ["other.example"], "url":`), []string{"does not name trust.example"}, beyondSchema},
		"a host as an address":       {change(t, `"url":`, `"hosts": ["https://trust.example", "trust.example"], "url":`), []string{"trust.hosts[0]"}, false},
		"every host":                 {change(t, `"url":`, `"hosts": ["*", "trust.example"], "url":`), []string{"trust.hosts[0]"}, false},
		"broker in the clear":        {add(`"broker": {"url": "mqtt://broker.example:1883"}`), []string{"on this machine", "mqtts"}, false},
		"broker by name localhost":   {add(`"broker": {"url": "mqtt://localhost:1883"}`), []string{"127.0.0.1"}, false},
		"broker without a port":      {add(`"broker": {"url": "mqtts://broker.example"}`), []string{"mqtts://host:8883"}, false},
		"password in the address":    {add(`"broker": {"url": "mqtts://me:secret@broker.example:8883"}`), []string{"mqtts://host:8883"}, false},
		"broker by http":             {add(`"broker": {"url": "https://broker.example:8883"}`), []string{"mqtts://host:8883, not https:"}, false},
		"certificate without a key":  {add(`"broker": {"url": "mqtts://b.example:1", "client_cert_file": "c"}`), []string{"belong together"}, false},
		"password without a user":    {add(`"broker": {"url": "mqtts://b.example:1", "password_file": "c"}`), []string{"needs broker.username_file"}, false},
		"certificate that is unused": {add(`"broker": {"url": "mqtt://127.0.0.1:1883", "ca_file": "c"}`), []string{"plain mqtt"}, beyondSchema},
		"password itself":            {add(`"broker": {"url": "mqtts://b.example:1", "password": "x"}`), []string{"broker.password is no key", "password_file"}, false},
		"no collector":               {change(t, `"collector_key_file": "collector.jwk",`, ``), []string{"collector_key_file is missing"}, false},
		"no camera":                  {change(t, camera, `"camera": {}`), []string{"camera.kind is missing"}, false},
		"a camera nobody knows":      {change(t, `"files"`, `"v4l3"`), []string{`camera.kind "v4l3"`, "files"}, false},
		"camera without a path":      {change(t, `, "path": "frames"`, ``), []string{"camera.path is missing"}, false},
		"screen for everybody":       {add(`"screen": {"listen": "0.0.0.0:8480"}`), []string{"screen.listen", "loopback"}, false},
		"screen on all addresses":    {add(`"screen": {"listen": ":8480"}`), []string{"screen.listen"}, false},
		"screen by name":             {add(`"screen": {"listen": "localhost:8480"}`), []string{"screen.listen"}, false},
		"screen without a port":      {add(`"screen": {"listen": "127.0.0.1"}`), []string{"screen.listen"}, false},
		"outbox of no size":          {add(`"outbox": {"max_records": 0}`), []string{"outbox.max_records is 0"}, false},
		"several mistakes at once": {
			`{"format": 1, "site": "A", "camera": {"kind": "x"}, "screen": {"listen": ":1"}}`,
			[]string{"site", "kiosk", "audience", "data_dir", "policy", "trust.key_file", "collector_key_file", "camera.kind", "screen.listen"}, false,
		},
	}
	s := schema(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := config.Parse([]byte(tt.data), "/etc/dzong")
			if err == nil {
				t.Fatalf("accepted: %+v", c)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "secret@") {
				t.Error("the error repeats a password")
			}
			if !tt.more && accepts(t, s, tt.data) {
				t.Error("the schema accepts what the kiosk refuses")
			}
		})
	}
}

func TestWhatIsAllowed(t *testing.T) {
	for name, more := range map[string]string{
		"a broker on this machine":       `"broker": {"url": "mqtt://127.0.0.1:1883"}`,
		"a broker on this machine, IPv6": `"broker": {"url": "mqtt://[::1]:1883"}`,
		"a screen on IPv6":               `"screen": {"listen": "[::1]:8480"}`,
		"a screen on a free port":        `"screen": {"listen": "127.0.0.1:0"}`,
		"Dzongkha only":                  `"languages": ["dz"]`,
		"a folder for imports":           `"sync": {"import_dir": "/media/usb"}`,
	} {
		t.Run(name, func(t *testing.T) {
			data := strings.Replace(least, `"camera":`, more+`, "camera":`, 1)
			c, err := config.Parse([]byte(data), "/etc/dzong")
			if err != nil {
				t.Fatal(err)
			}
			if name == "Dzongkha only" && c.DefaultLanguage != "dz" {
				t.Errorf("default language %s where there is only dz", c.DefaultLanguage)
			}
			if !accepts(t, schema(t), data) {
				t.Error("the schema refuses what the kiosk accepts")
			}
		})
	}
}

func TestFilesThatAreNotRight(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, dir string)
		want  []string
	}{
		"a secret everybody may read":     {chmod("secret/broker-password", 0o644), []string{"broker.password_file", "chmod 0600", "0644"}},
		"a seal everybody may read":       {chmod("secret/seal", 0o644), []string{"trust.seal_file", "chmod 0600"}},
		"a missing seal":                  {remove("secret/seal"), []string{"trust.seal_file", "is not there"}},
		"a key everybody may change":      {chmod("secret/kiosk-key.pem", 0o602), []string{"broker.client_key_file", "chmod 0600"}},
		"a missing key":                   {remove("trust-authority.jwk"), []string{"trust.key_file", "is not there"}},
		"a missing certificate":           {remove("broker-ca.pem"), []string{"broker.ca_file", "is not there"}},
		"two things at once":              {both(remove("kiosk.pem"), remove("policy.json")), []string{"client_cert_file", "policy_file"}},
		"a policy with a mistake":         {write("policy.json", `{"versoin": 1}`), []string{"policy_file"}},
		"a private trust key":             {write("trust-authority.jwk", `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}`), []string{"trust.key_file"}},
		"a collector key of another kind": {write("collector.jwk", p256JWK), []string{"collector_key_file", "Ed25519"}},
		"an endless key":                  {write("collector.jwk", strings.Repeat(" ", 1<<17)), []string{"collector_key_file", "more than"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := put(t, exampleFiles())
			tt.spoil(t, filepath.Dir(path))
			_, err := config.Load(path)
			if err == nil {
				t.Fatal("loaded")
			}
			for _, want := range append(tt.want, path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q:\n%v", want, err)
				}
			}
		})
	}
}

func chmod(name string, mode os.FileMode) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
}

func remove(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func write(name, content string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func both(a, b func(*testing.T, string)) func(*testing.T, string) {
	return func(t *testing.T, dir string) { a(t, dir); b(t, dir) }
}

func TestNoConfigurationAtAll(t *testing.T) {
	_, err := config.Load(filepath.Join(t.TempDir(), "dzong.json"))
	if err == nil || !strings.Contains(err.Error(), "is not there") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(least))
	f.Add(config.Example)
	f.Add([]byte(`{"site":"a","site":"b"}`))
	f.Add([]byte(`{"policy":[[[{}]]]}`))
	s := schema(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := config.Parse(data, "/etc/dzong")
		if (c == nil) == (err == nil) {
			t.Fatalf("neither or both: %v, %v", c, err)
		}
		if err == nil && !accepts(t, s, string(data)) {
			t.Errorf("the schema refuses what the kiosk accepts: %q", data)
		}
	})
}

func ExampleParse() {
	_, err := config.Parse([]byte(`{"format": 1, "kiosks": "counter-1"}`), "/etc/dzong")
	fmt.Println(strings.HasPrefix(err.Error(), "kiosks is no key: allowed here are $schema, audience, broker,"))
	// Output: true
}
