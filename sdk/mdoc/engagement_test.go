package mdoc

import (
	"bytes"
	"crypto/ecdh"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// object is a CBOR map in tests.
type object map[any]any

func encode(t testing.TB, v any) []byte {
	t.Helper()
	data, err := strictcbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func tagged(number uint64, content any) strictcbor.Tag {
	return strictcbor.Tag{Number: number, Content: content}
}

func agreementKey(t testing.TB, curve ecdh.Curve) []byte {
	t.Helper()
	seed := bytes.Repeat([]byte{1}, map[ecdh.Curve]int{ecdh.P256(): 32, ecdh.P384(): 48, ecdh.P521(): 66, ecdh.X25519(): 32}[curve])
	if curve == ecdh.P521() {
		seed[0] = 0
	}
	key, err := curve.NewPrivateKey(seed)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := EncodeReaderKey(key.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// engagement is a good one, as a wallet that is found over BLE makes it.
func engagement(t testing.TB) object {
	return object{
		0: "1.0",
		1: []any{1, tagged(tagEmbedded, agreementKey(t, ecdh.P256()))},
		2: []any{[]any{2, 1, object{0: false, 1: true, 11: bytes.Repeat([]byte{9}, 16)}}},
	}
}

func TestAnEngagementIsRead(t *testing.T) {
	text := []byte("mdoc:" + base64url.Encode(encode(t, engagement(t))))
	e, err := ParseEngagementURI(text)
	if err != nil {
		t.Fatal(err)
	}
	if e.Version != "1.0" || e.DeviceKey.Curve() != ecdh.P256() || !bytes.Equal(e.Bytes(), encode(t, engagement(t))) {
		t.Errorf("got %+v", e)
	}
	if len(e.Retrieval) != 1 || e.Retrieval[0].Type != RetrievalBLE || e.Retrieval[0].Version != 1 {
		t.Fatalf("retrieval is %+v", e.Retrieval)
	}
	ble := e.Retrieval[0].BLE
	if ble == nil || ble.Peripheral || !ble.Central || ble.PeripheralUUID != nil || len(ble.CentralUUID) != 16 {
		t.Errorf("BLE is %+v", ble)
	}
}

func TestOtherEngagementsThatAreGood(t *testing.T) {
	for name, change := range map[string]func(object){
		"a later minor version":   func(o object) { o[0] = "1.1" },
		"members of later":        func(o object) { o[5], o[6] = []any{}, object{2: true} },
		"no retrieval methods":    func(o object) { delete(o, 2) },
		"a method nobody knows":   func(o object) { o[2] = []any{[]any{9, 1, object{}}} },
		"a later version of BLE":  func(o object) { o[2] = []any{[]any{2, 2, "anything"}} },
		"NFC":                     func(o object) { o[2] = []any{[]any{1, 1, object{0: 255, 1: 256}}} },
		"a key on P-384":          func(o object) { o[1] = []any{1, tagged(tagEmbedded, agreementKey(t, ecdh.P384()))} },
		"a key on P-521":          func(o object) { o[1] = []any{1, tagged(tagEmbedded, agreementKey(t, ecdh.P521()))} },
		"a key on X25519":         func(o object) { o[1] = []any{1, tagged(tagEmbedded, agreementKey(t, ecdh.X25519()))} },
		"security with an extra":  func(o object) { o[1] = append(o[1].([]any), "more") },
		"an address of BLE":       func(o object) { o[2] = []any{[]any{2, 1, object{0: true, 1: true, 20: []byte("123456")}}} },
		"server retrieval beside": func(o object) { o[3] = object{"webApi": []any{1, "https://issuer.example", "token"}} },
	} {
		o := engagement(t)
		change(o)
		if _, err := ParseEngagement(encode(t, o)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnEngagementThatIsNone(t *testing.T) {
	key := func(o object) []any { return []any{1, tagged(tagEmbedded, encode(t, o))} }
	for name, c := range map[string]struct {
		change func(object)
		want   reason.Code
	}{
		"no version":              {func(o object) { delete(o, 0) }, reason.Malformed},
		"a version that is null":  {func(o object) { o[0] = nil }, reason.Malformed},
		"a version in bytes":      {func(o object) { o[0] = []byte("1.0") }, reason.Malformed},
		"version 2":               {func(o object) { o[0] = "2.0" }, reason.FormatUnsupported},
		"version 10":              {func(o object) { o[0] = "10.0" }, reason.FormatUnsupported},
		"a version in words":      {func(o object) { o[0] = "1.x" }, reason.FormatUnsupported},
		"no security":             {func(o object) { delete(o, 1) }, reason.Malformed},
		"security of one part":    {func(o object) { o[1] = []any{1} }, reason.Malformed},
		"another cipher suite":    {func(o object) { o[1].([]any)[0] = 2 }, reason.FormatUnsupported},
		"a suite in words":        {func(o object) { o[1].([]any)[0] = "1" }, reason.Malformed},
		"a key not wrapped":       {func(o object) { o[1] = []any{1, strictcbor.RawMessage(agreementKey(t, ecdh.P256()))} }, reason.Malformed},
		"a key under another tag": {func(o object) { o[1] = []any{1, tagged(25, agreementKey(t, ecdh.P256()))} }, reason.Malformed},
		"a key that is no map":    {func(o object) { o[1] = []any{1, tagged(tagEmbedded, []byte{0x80})} }, reason.Malformed},
		"a key off its curve":     {func(o object) { o[1] = key(object{1: 2, -1: 1, -2: make([]byte, 32), -3: make([]byte, 32)}) }, reason.Malformed},
		"a key on secp256k1":      {func(o object) { o[1] = key(object{1: 2, -1: 8, -2: make([]byte, 32), -3: make([]byte, 32)}) }, reason.Malformed},
		"a key on Brainpool":      {func(o object) { o[1] = key(object{1: 2, -1: 256, -2: make([]byte, 32), -3: make([]byte, 32)}) }, reason.FormatUnsupported},
		"a key for signing":       {func(o object) { o[1] = key(object{1: 1, -1: 6, -2: make([]byte, 32)}) }, reason.FormatUnsupported},
		"half a key on X25519":    {func(o object) { o[1] = key(object{1: 1, -1: 4, -2: make([]byte, 16)}) }, reason.Malformed},
		"a private key":           {func(o object) { o[1] = key(object{1: 2, -1: 1, -4: make([]byte, 32)}) }, reason.Malformed},
		"an empty list":           {func(o object) { o[2] = []any{} }, reason.Malformed},
		"methods in a map":        {func(o object) { o[2] = object{} }, reason.Malformed},
		"a method of two parts":   {func(o object) { o[2] = []any{[]any{2, 1}} }, reason.Malformed},
		"a type below zero":       {func(o object) { o[2] = []any{[]any{-2, 1, object{}}} }, reason.Malformed},
		"BLE without its modes":   {func(o object) { o[2] = []any{[]any{2, 1, object{}}} }, reason.Malformed},
		"BLE with a short UUID":   {func(o object) { o[2] = []any{[]any{2, 1, object{0: true, 1: true, 10: []byte{1}}}} }, reason.Malformed},
		"BLE with a UUID as text": {func(o object) { o[2] = []any{[]any{2, 1, object{0: true, 1: true, 10: "0123456789abcdef"}}} }, reason.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			o := engagement(t)
			c.change(o)
			_, err := ParseEngagement(encode(t, o))
			if got := errorCode(err); got != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	good := "mdoc:" + base64url.Encode(encode(t, engagement(t)))
	for name, c := range map[string]struct {
		text string
		want reason.Code
	}{
		"nothing":             {"", reason.FormatUnsupported},
		"the scheme alone":    {"mdoc:", reason.Malformed},
		"another scheme":      {"https:" + good[5:], reason.FormatUnsupported},
		"a link to a website": {"mdoc://" + good[5:], reason.Malformed},
		"padding":             {good + "=", reason.Malformed},
		"a line break":        {good + "\n", reason.Malformed},
		"one character more":  {good + "A", reason.Malformed},
		"torn":                {good[:len(good)/2], reason.Malformed},
		"too long":            {"mdoc:" + strings.Repeat("A", limits.QRText), reason.TooLarge},
	} {
		if _, err := ParseEngagementURI([]byte(c.text)); errorCode(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := ParseEngagementURI([]byte("MDOC:" + good[5:])); err != nil {
		t.Errorf("a scheme in capitals: %v", err)
	}
}
