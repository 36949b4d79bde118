package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
)

func goodReceipt() outbox.Receipt {
	return outbox.Receipt{Epoch: position.Epoch, UpToSeq: 7, HeadHash: [32]byte{1}}.Sign(kiosk.String(), testKey("collector"))
}

func TestReceiptsComeBack(t *testing.T) {
	data, err := report.EncodeReceipt(goodReceipt())
	if err != nil {
		t.Fatal(err)
	}
	got, err := report.ParseReceipt(data)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(goodReceipt(), got); d != "" {
		t.Fatal(d)
	}
}

func TestParseReceiptRefuses(t *testing.T) {
	data, err := report.EncodeReceipt(goodReceipt())
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	replace := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	for name, bad := range map[string]string{
		"nothing":            "",
		"null":               "null",
		"a list":             "[]",
		"an empty object":    "{}",
		"two":                good + good,
		"an unknown member":  replace(`"sig"`, `"x":1,"sig"`),
		"a member twice":     replace(`"up_to_seq":7`, `"up_to_seq":6,"up_to_seq":7`),
		"white space":        replace(`,`, `, `),
		"a negative number":  replace(`:7`, `:-7`),
		"a fraction":         replace(`:7`, `:7.0`),
		"a huge number":      replace(`:7`, `:18446744073709551616`),
		"above JSON's whole": replace(`:7`, `:9007199254740992`),
		"a short epoch":      replace(`"0a`, `"`),
		"epoch in capitals":  replace(`"0a`, `"0A`),
		"a short hash":       replace(`"01`, `"`),
		"no signature":       good[:strings.Index(good, `,"sig"`)] + "}",
		"padded signature":   replace(`"}`, `=="}`),
		"short signature":    good[:len(good)-6] + `"}`,
		"too many bytes":     good + strings.Repeat(" ", 500),
	} {
		t.Run(name, func(t *testing.T) {
			if bad == good {
				t.Fatal("the case changes nothing")
			}
			if _, err := report.ParseReceipt([]byte(bad)); err == nil {
				t.Fatal("taken")
			}
		})
	}
}

func FuzzParseReceipt(f *testing.F) {
	data, err := report.EncodeReceipt(goodReceipt())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"epoch":"","up_to_seq":1e3,"head_hash":null,"sig":"AA"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := report.ParseReceipt(data)
		if err != nil {
			return
		}
		again, err := report.EncodeReceipt(r)
		if err != nil || string(again) != string(data) {
			t.Fatalf("%q is taken, and is %q: %v", data, again, err)
		}
		_ = r.Message(kiosk.String())
	})
}

func FuzzParseEvent(f *testing.F) {
	data, err := event(position).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	s := schema(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := report.ParseEvent(data)
		if err != nil {
			return
		}
		again, err := e.Encode()
		if err != nil || string(again) != string(data) {
			t.Fatalf("%q is taken, and is %q: %v", data, again, err)
		}
		if err := validate(t, s, data); err != nil {
			t.Fatalf("%q is taken, and the schema refuses it: %v", data, err)
		}
	})
}
