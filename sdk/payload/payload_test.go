package payload

import (
	"bytes"
	"compress/zlib"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/base45"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

const sample = "eyJhbGciOiJFUzI1NiJ9.eyJfc2QiOltdfQ.c2ln~WyJhIiwiYiIsMV0~eyJ0eXAiOiJrYitqd3QifQ.e30.c2ln"

func TestPresentationsPassByteForByte(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		kind Kind
	}{
		"SD-JWT with a KB-JWT":                        {sample, SDJWT},
		"SD-JWT without one":                          {"eyJhbGciOiJFUzI1NiJ9.e30.c2ln~", SDJWT},
		"SD-JWT whose header begins with a space":     {"eyAiYWxnIjoiRVMyNTYifQ.e30.c2ln~", SDJWT},
		"SD-JWT whose header begins with a line feed": {"ewoiYWxnIjoiRVMyNTYifQ.e30.c2ln~", SDJWT},
		"SD-JWT with a line feed behind it":           {sample + "\n", SDJWT}, // the mechanism refuses it, not a trim here
		"SD-JWT that is none inside":                  {"eyJ~", SDJWT},
		"JWT":                                         {"eyJhbGciOiJFUzI1NiJ9.e30.c2ln", JWT},
		"a health card":                               {"shc:/5676290952432060346029243740446031222959532654603460292540772804336028", SmartHealthCard},
		"a health card as one of one":                 {"shc:/1/1/567629095243206034", SmartHealthCard},
		"JWT without a signature":                     {"eyJhbGciOiJub25lIn0.e30.", JWT},
	} {
		p, err := Parse([]byte(c.text))
		if err != nil || p.Kind != c.kind || p.Packed || string(p.Presentation) != c.text {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		p, err = Parse([]byte(PixelPass([]byte(c.text))))
		if err != nil || p.Kind != c.kind || !p.Packed || string(p.Presentation) != c.text {
			t.Errorf("%s, packed: %+v, %v", name, p, err)
		}
	}
}

func TestWhatIsWrappedComesOut(t *testing.T) {
	token := "\xd2\x84\x43\xa1\x01\x26"
	for name, c := range map[string]struct {
		text, want string
		kind       Kind
		packed     bool
	}{
		"a JSON credential":             {`{"@context":["https://www.w3.org/2018/credentials/v1"]}`, `{"@context":["https://www.w3.org/2018/credentials/v1"]}`, JSON, false},
		"a JSON credential after space": {"\n {\"a\":1}\n", "\n {\"a\":1}\n", JSON, false},
		"a JSON SD-JWT":                 {`{"payload":"e30","signature":"c2ln"}`, `{"payload":"e30","signature":"c2ln"}`, JSON, false},
		"a JSON credential, packed":     {PixelPass([]byte(`{"type":"x"}`)), `{"type":"x"}`, JSON, true},
		"a CWT":                         {PixelPass([]byte(token)), token, ClaimCWT, true},
		"an untagged CWT":               {PixelPass([]byte(token[1:])), token[1:], ClaimCWT, true},
		"an encrypted CWT":              {PixelPass([]byte{0xd0, 0x83, 0x43}), "\xd0\x83\x43", ClaimCWT, true},
		"a CWT with its own tag":        {PixelPass([]byte("\xd8\x3d" + token)), "\xd8\x3d" + token, ClaimCWT, true},
		"an EU certificate":             {"HC1:" + PixelPass([]byte(token)), token, HealthCert, true},
		"a CBOR map":                    {PixelPass([]byte("\xa2\x61b\x01\x61a\x82\xf5\xf6")), `{"a":[true,null],"b":1}`, CBOR, true},
		"a CBOR map without length":     {PixelPass([]byte("\xbf\x61a\x62\xc3\xbc\xff")), `{"a":"ü"}`, CBOR, true},
		"a large number in a CBOR map":  {PixelPass([]byte("\xa1\x61a\x1b\x00\x20\x00\x00\x00\x00\x00\x01")), `{"a":9007199254740993}`, CBOR, true},
	} {
		p, err := Parse([]byte(c.text))
		if err != nil || p.Kind != c.kind || p.Packed != c.packed || string(p.Presentation) != c.want || !p.Kind.Presentable() {
			t.Errorf("%s: %q, %v, %q, %v", name, p.Kind, p.Packed, p.Presentation, err)
		}
	}
}

func TestRefused(t *testing.T) {
	deep := func(s string) string { return PixelPass([]byte(PixelPass([]byte(s)))) }
	for name, c := range map[string]struct {
		text string
		kind Kind
		code reason.Code
	}{
		"nothing":                       {"", Unknown, reason.Malformed},
		"a JWT torn off":                {"eyJhbGciOiJFUzI1NiJ9", JWT, reason.Malformed},
		"a JWT with one dot":            {"eyJhbGciOiJFUzI1NiJ9.e30", JWT, reason.Malformed},
		"a JWT with three dots":         {"eyJhbGciOiJFUzI1NiJ9.e30.a.b", JWT, reason.Malformed},
		"an encrypted JWT":              {"eyJhbGciOiJkaXIifQ..a.b.c", EncryptedJWT, reason.FormatUnsupported},
		"an SD-JWT after a space":       {" " + sample, Unknown, reason.FormatUnsupported},
		"an SD-JWT after a BOM":         {"\ufeff" + sample, Unknown, reason.FormatUnsupported},
		"an SD-JWT in capitals":         {strings.ToUpper(sample), Unknown, reason.FormatUnsupported},
		"words":                         {"HELLO WORLD", Unknown, reason.FormatUnsupported},
		"more words":                    {"hello world", Unknown, reason.FormatUnsupported},
		"bytes that are no text":        {"\xff\x00\xfe", Unknown, reason.FormatUnsupported},
		"a Wi-Fi code":                  {"WIFI:T:WPA;S:gewog;P:secret;;", Unknown, reason.FormatUnsupported},
		"a phone number":                {"tel:+9752321234", Unknown, reason.FormatUnsupported},
		"a visiting card":               {"BEGIN:VCARD\nVERSION:3.0", Unknown, reason.FormatUnsupported},
		"a word that begins like JOSE":  {"eyebrow", Unknown, reason.FormatUnsupported},
		"a part of a health card":       {"shc:/1/2/5676290952432060346029243740", MultiPart, reason.FormatUnsupported},
		"a VC barcode":                  {"VC1-RSJRPWCR803A3P0098G3A3-B02-J743853U53KGK0XJ6MKJ1OI0M.FO053.33963DN04$RAQS+4SMC8C3KM7VX4VAPL9%EILI:I1O$D:23%GJ0OUCPS0H8D2FB9D5G00U39.PXG49%SOGGB*K$Z6%GUSCLWEJ8%B95MOD0P NG-I:V8N63K53", Barcode, reason.FormatUnsupported},
		"one part of several":           {"ur:bytes/1-9/lpadascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtdkgslpgh", MultiPart, reason.FormatUnsupported},
		"one part, in capitals":         {"UR:BYTES/1-9/LPADASCFADAXCYWENBPLJKHDCAHKADAEMEJTSWHHYLKEPMYKHHTSYTSNOYOYAXAEDSUTTYDMMHHPKTPMSRJTDKGSLPGH", MultiPart, reason.FormatUnsupported},
		"an engagement":                 {"mdoc:owBjMS4wAYIB2BhYS6QBAiABIVggWojRgrzl9C76", MobileDocument, reason.FormatUnsupported},
		"a visible seal":                {`{"data":{"hdr":{"t":"icao.vacc","v":1,"is":"UTO"}}}`, VisibleSeal, reason.FormatUnsupported},
		"an Aadhaar code":               {strings.Repeat("7", 301), Aadhaar, reason.FormatUnsupported},
		"too few digits for one":        {strings.Repeat("7", 300), Unknown, reason.FormatUnsupported},
		"a CBOR map that ends, packed":  {PixelPass([]byte{0xa1, 0x61, 0x61}), CBOR, reason.Malformed},
		"a CBOR map, twice a key":       {PixelPass([]byte{0xa2, 0x61, 0x61, 1, 0x61, 0x61, 2}), CBOR, reason.Malformed},
		"a CBOR map with a number lost": {PixelPass([]byte{0xa1, 0x61, 0x61, 0xf9, 0x7e, 0}), CBOR, reason.Malformed},
		"a CBOR map too deep":           {PixelPass([]byte("\xa1\x61a" + strings.Repeat("\x81", limits.JSONDepth) + "\x80")), CBOR, reason.TooLarge},
		"an EU certificate cut off":     {"HC1:6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDEPWK G2EP4J0BGJLFX3R3VHXK.PJ", HealthCert, reason.Malformed},
		"an EU certificate of nothing":  {"HC1:", HealthCert, reason.Malformed},
		"an EU certificate of words":    {"HC1:hello", HealthCert, reason.Malformed},
		"an EU certificate not packed":  {"HC1:" + string(base45.Encode([]byte{0xd2, 0x84, 0x43})), HealthCert, reason.Malformed},
		"an EU certificate of a JWT":    {"HC1:" + PixelPass([]byte(sample)), HealthCert, reason.Malformed},
		"an EU certificate that bursts": {"HC1:" + PixelPass(make([]byte, limits.Decompressed+1)), HealthCert, reason.TooLarge},
		"an EU certificate, packed":     {PixelPass([]byte("HC1:" + PixelPass([]byte{0xd2, 0x84, 0x43}))), Unknown, reason.FormatUnsupported},
		"an EU prefix in lower case":    {"hc1:6BFOXN", Unknown, reason.FormatUnsupported},
		"a licence's barcode":           {"@\n\x1e\rANSI 000000090002DL00410234ZZ02750202DLDAQ1\rZZZZA2csdghh", Barcode, reason.FormatUnsupported},
		"a licence without a VC":        {"@\n\x1e\rANSI 000000090002DL00410234DLDAQ1\r", Unknown, reason.FormatUnsupported},
		"a seal in bytes":               {"\xdc\x03\xd9\xc5", BinarySeal, reason.FormatUnsupported},
		"a seal of no version":          {"\xdc\x09\xd9\xc5", Unknown, reason.FormatUnsupported},
		"an ICAO barcode":               {"RDB1BNK6ADJL2PECXOABAHIMW", BinarySeal, reason.FormatUnsupported},
		"an ICAO barcode of words":      {"NDB1 is not one", Unknown, reason.FormatUnsupported},
		"an archive, packed":            {PixelPass([]byte("PK\x03\x04....")), Zip, reason.FormatUnsupported},
		"an archive in base45":          {string(base45.Encode([]byte("PK\x03\x04...."))), Zip, reason.Malformed},
		"words, packed":                 {PixelPass([]byte("hello")), Unknown, reason.FormatUnsupported},
		"nothing, packed":               {PixelPass(nil), Unknown, reason.FormatUnsupported},
		"packed twice":                  {deep(sample), Unknown, reason.FormatUnsupported},
		"a request, packed":             {PixelPass([]byte("openid4vp://?request_uri=x")), Request, reason.IsARequest},
		"a link, packed":                {PixelPass([]byte("https://wallet.example/a")), Link, reason.IsARequest},
		"a torn JWT, packed":            {PixelPass([]byte("eyJhbGciOiJFUzI1NiJ9")), JWT, reason.Malformed},
		"a packed text, last lost":      {chop(PixelPass([]byte(sample)), 3), Unknown, reason.Malformed},
		"a packed text, half lost":      {chop(PixelPass([]byte(sample)), 60), Unknown, reason.Malformed},
		"a packed text and more":        {string(base45.Encode(append(deflated(sample), 0, 0))), Unknown, reason.Malformed},
		"two packed texts":              {string(base45.Encode(append(deflated(sample), deflated(sample)...))), Unknown, reason.Malformed},
		"a checksum that is wrong":      {string(base45.Encode(flip(deflated(sample), -1))), Unknown, reason.Malformed},
		"a preset dictionary":           {string(base45.Encode([]byte{0x78, 0xbb, 0, 0, 0, 1})), Unknown, reason.Malformed},
		"a packed text in lower case":   {strings.ToLower(PixelPass([]byte(sample))), Unknown, reason.FormatUnsupported},
		"a packed text and a line end":  {PixelPass([]byte(sample)) + "\n", Unknown, reason.FormatUnsupported},
		"a text above the limit":        {strings.Repeat("e", limits.QRText+1), Unknown, reason.TooLarge},
		"a bomb":                        {PixelPass(make([]byte, limits.Decompressed+1)), Unknown, reason.TooLarge},
		"a bomb of megabytes":           {PixelPass(make([]byte, 40<<20)), Unknown, reason.TooLarge},
	} {
		p, err := Parse([]byte(c.text))
		var r *reason.Error
		if !errors.As(err, &r) {
			t.Errorf("%s: %+v, %v: want a *reason.Error", name, p, err)
			continue
		}
		if p.Kind != c.kind || r.Code != c.code || p.Presentation != nil {
			t.Errorf("%s: kind %q, code %q, %d bytes; want %q, %q, none", name, p.Kind, r.Code, len(p.Presentation), c.kind, c.code)
		}
	}
}

func TestRequestsAndLinks(t *testing.T) {
	for text, kind := range map[string]Kind{
		"openid4vp://?client_id=x509_san_dns%3Averifier.bt&request_uri=https%3A%2F%2Fverifier.bt%2Fr": Request,
		"openid4vp://authorize?request_uri=x":                Request,
		"OPENID4VP://connect:name=bank&key=8520f0098930a754": Request,
		"eudi-openid4vp://verifier?request_uri=x":            Request,
		"mdoc-openid4vp://?request_uri=x":                    Request,
		"haip://?request_uri=x":                              Request,
		"haip-vp://?request_uri=x":                           Request,
		"INJI_OVP://payload":                                 Request,
		"openid-credential-offer://?credential_offer_uri=x":  Request,
		"OPENID-CREDENTIAL-OFFER://?credential_offer_uri=x":  Request,
		"bhutanndi://data?url=https%3A%2F%2Fexample":         Request,
		"bhutanndidemo://data?url=https%3A%2F%2Fexample":     Request,
		"BHUTANNDI://DATA?URL=X":                             Request,
		"didcomm://aries_connection_invitation?c_i=eyJ0":     Request,
		"https://agent.bt?oob=eyJAdHlwZSI6Imh0dHBzOi8v":      Request,
		"https://agent.bt/ssi?c_i=eyJAdHlwZSI6Imh0dHBzOi8v":  Request,
		"https://agent.bt/ssi?x=1&d_m=eyJAdHlwZSI6Imh0dHBz":  Request,
		"http://agent.bt/ssi?oob=eyJ":                        Request,
		"https://verifier.bt/a?request_uri=https%3A%2F%2Fv":  Request,
		"https://s.bt/AbC12":                                 Link,
		"HTTPS://S.BT/ABC12":                                 Link,
		"http://wallet.example":                              Link,
		"https://wallet.example/#?oob=1":                     Link, // the query ends where the fragment begins
		"https://wallet.example/?noob=1":                     Link,
		"https://wallet.example/?a=oob":                      Link,
		"https://wallet.example/eyJ.eyJ.sig~":                Link, // a link stays one whatever it holds
	} {
		p, err := Parse([]byte(text))
		var r *reason.Error
		if !errors.As(err, &r) || r.Code != reason.IsARequest || p.Kind != kind || p.Presentation != nil {
			t.Errorf("%q: %+v, %v; want %q", text, p, err, kind)
		}
	}
}

func TestSchemesAreExact(t *testing.T) {
	for _, text := range []string{
		"openid4vpx://a", "xopenid4vp://a", "openid4vp:/a", "https:/a", "httpsx://a", "://a", "shc:5676", "ur:bytes",
	} {
		p, err := Parse([]byte(text))
		var r *reason.Error
		if !errors.As(err, &r) || r.Code != reason.FormatUnsupported || p.Kind != Unknown {
			t.Errorf("%q: %+v, %v; want format_unsupported", text, p, err)
		}
	}
}

func TestErrorsHoldNoByteOfTheInput(t *testing.T) {
	const marker = "MARKER"
	for _, text := range []string{
		marker, "eyJ" + marker, "HC1:" + marker, "HC1:" + PixelPass([]byte(marker)), PixelPass([]byte("\xa1\x66" + marker)), "https://" + marker, PixelPass([]byte(marker)),
		chop(PixelPass([]byte(strings.Repeat(marker, 20))), 3), "shc:/1/2/" + marker, "ur:bytes/" + marker, "ur:" + marker + "/aeadaolazmjendeoti", "openid4vp://" + marker,
	} {
		if _, err := Parse([]byte(text)); err == nil || strings.Contains(err.Error(), marker) {
			t.Errorf("Parse(%q): %v", text, err)
		}
	}
}

func TestUnfoldingStaysWithinMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("under the race detector, which is run with -short, everything allocates more")
	}
	bomb := []byte(PixelPass(make([]byte, 40<<20)))
	if len(bomb) > limits.QRText {
		t.Fatalf("the bomb has %d bytes and would be refused for its own length", len(bomb))
	}
	allocated := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			Parse(bomb)
		}
	}).AllocedBytesPerOp()
	if allocated > 4*limits.Decompressed {
		t.Errorf("%d bytes allocated for a bomb, cap %d", allocated, limits.Decompressed)
	}
}

func TestPackedTextsComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		body := make([]byte, n)
		for i := range body {
			body[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[r.IntN(64)]
		}
		want := "eyJ" + string(body) + ".e30.c2ln~"
		p, err := Parse([]byte(PixelPass([]byte(want))))
		if err != nil || string(p.Presentation) != want {
			t.Fatalf("length %d: %v", n, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", sample, PixelPass([]byte(sample)), PixelPass(nil), PixelPass([]byte{0xd2, 0x84}), "HELLO WORLD", "HC1:", "HC1:" + PixelPass([]byte{0xd2, 0x84}), PixelPass([]byte("\xa1\x61a\x01")), "\xdc\x03\x00", "RDB1BNK6", "shc:/", "VC1-", "ur:a/b",
		"mdoc:", "openid4vp://", "https://a?oob=", `{"data":{"hdr"`, strings.Repeat("1", 301), "eyJ", "eyJ.a.b.c.d", " ", "NCFKVPV0QSIP600GP5L0",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse(text)
		if p.Kind == "" || p.Kind == brokenJWT {
			t.Fatalf("kind %q", p.Kind)
		}
		if err == nil {
			if !p.Kind.Presentable() || len(p.Presentation) == 0 {
				t.Fatalf("no error and %+v", p)
			}
			if !p.Packed && !bytes.Equal(p.Presentation, text) {
				t.Fatal("a raw text was changed")
			}
			return
		}
		var r *reason.Error
		if !errors.As(err, &r) || p.Presentation != nil {
			t.Fatalf("%v with %d bytes", err, len(p.Presentation))
		}
		switch r.Code {
		case reason.Malformed, reason.TooLarge, reason.FormatUnsupported, reason.IsARequest:
		default:
			t.Fatalf("code %q", r.Code)
		}
	})
}

// FuzzUnfold reaches the inflater, which random text seldom does.
func FuzzUnfold(f *testing.F) {
	f.Add(deflated(sample))
	f.Add(deflated(""))
	f.Add([]byte{0x78, 0xda, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(base45.Encode(data))
		if err == nil && (!p.Packed || len(p.Presentation) > limits.Decompressed) {
			t.Fatalf("%v, %d bytes", p.Kind, len(p.Presentation))
		}
	})
}

func deflated(s string) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.Bytes()
}

func chop(s string, n int) string { return s[:len(s)-n] }

func flip(b []byte, at int) []byte {
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	return b
}
