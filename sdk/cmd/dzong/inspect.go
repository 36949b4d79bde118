package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
)

func runInspect(_ context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	values := flags.Bool("values", false, "show claim values too; they are unverified")
	asJSON := flags.Bool("json", false, "print one JSON object")
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if len(rest) != 1 {
		return 0, usagef("name one file, or - for standard input")
	}
	data, err := s.read(rest[0], limits.StatusToken)
	if err != nil {
		return 0, err
	}
	x, err := look(data, *values)
	if err != nil {
		var coded *reason.Error
		if errors.As(err, &coded) {
			return 0, fmt.Errorf("look into %s: %w; dzong why %s says more", rest[0], err, coded.Code)
		}
		return 0, fmt.Errorf("look into %s: %w", rest[0], err)
	}
	if *asJSON {
		return exitOK, printJSON(s.out, x)
	}
	return exitOK, x.tell(s)
}

// structure is how something is built: names and kinds, no claim values unless
// asked for, and nothing of it verified.
type structure struct {
	Kind   payload.Kind `json:"kind"`
	Packed bool         `json:"packed"` // base45 (and zlib) around it
	Bytes  int          `json:"bytes"`
	// Code is what verify would answer without looking further; empty if it would
	// look further.
	Code        reason.Code  `json:"code,omitempty"`
	Parts       []part       `json:"parts,omitempty"`
	Disclosures []disclosure `json:"disclosures,omitempty"`
	// Withheld counts digests without a disclosure: claims not shown, and decoys.
	Withheld int `json:"withheld_or_decoys"`
}

// part is one JSON object inside: a header, a payload, a document.
type part struct {
	Name    string   `json:"name"`
	Members []member `json:"members"`
}

type member struct {
	Path  []string `json:"path"`
	Type  string   `json:"type"`
	Value any      `json:"value,omitempty"`
}

type disclosure struct {
	Name       string `json:"name,omitempty"` // empty for an array element
	Type       string `json:"type"`
	Value      any    `json:"value,omitempty"`
	Referenced bool   `json:"referenced"` // some digest refers to it
}

// look finds out what data is and how it is built.
func look(data []byte, values bool) (*structure, error) {
	x := &structure{Bytes: len(data)}
	text := data
	if isMobileResponse(data) {
		x.Kind = mobileResponse
		return x, x.mobile(data, values)
	}
	// Files may be larger than any code: what has JOSE's shape is not put through
	// the limits of a scanned text.
	if !strings.HasPrefix(string(data[:min(2, len(data))]), "ey") {
		p, err := payload.Parse(data)
		x.Kind, x.Packed, text = p.Kind, p.Packed, p.Presentation
		var coded *reason.Error
		switch {
		case err == nil && (p.Kind == payload.JSON || p.Kind == payload.CBOR):
			return x, x.document(text, values)
		case err == nil && (p.Kind == payload.ClaimCWT || p.Kind == payload.HealthCert):
			return x, x.cwt(text, values)
		case err == nil && p.Kind == payload.SmartHealthCard:
			return x, x.card(text, values)
		case err == nil:
		case errors.As(err, &coded) && p.Kind != payload.Unknown && coded.Code != reason.Malformed:
			x.Code = coded.Code
			return x, nil
		default:
			return nil, err
		}
	}
	if strings.Contains(string(text), "~") {
		x.Kind = payload.SDJWT
		return x, x.sdJWT(string(text), values)
	}
	x.Kind = payload.JWT
	_, err := x.jwt("JWT", string(text), tokenMembers, values)
	return x, err
}

func (x *structure) tell(s streams) error {
	fmt.Fprintf(s.out, "%s, %d bytes%s\n", x.what(), x.Bytes, map[bool]string{true: ", unpacked from base45"}[x.Packed])
	if x.Code != "" {
		e, _ := reason.Lookup(x.Code)
		fmt.Fprintf(s.out, "  %s: %s %s\n", x.Code, e.Sentence(reason.English), e.Next(reason.English))
		return nil
	}
	fmt.Fprintln(s.out, "nothing here was verified")
	for _, p := range x.Parts {
		fmt.Fprintf(s.out, "\n%s\n", p.Name)
		t := newTable(s.out)
		for _, m := range p.Members {
			t.row(strings.Join(m.Path, " . "), m.Type, shown(m.Value))
		}
		if err := t.flush(); err != nil {
			return err
		}
	}
	if x.Kind != payload.SDJWT && len(x.Disclosures)+x.Withheld == 0 {
		return nil
	}
	fmt.Fprintf(s.out, "\ndisclosures: %d; digests without one (withheld claims, or decoys): %d\n", len(x.Disclosures), x.Withheld)
	t := newTable(s.out)
	for i, d := range x.Disclosures {
		name := d.Name
		if name == "" {
			name = "(array element)"
		}
		note := shown(d.Value)
		if !d.Referenced {
			note = strings.TrimSpace("NO DIGEST REFERS TO IT " + note)
		}
		t.row(fmt.Sprint(i+1), name, d.Type, note)
	}
	return t.flush()
}

func (x *structure) what() string {
	switch {
	case x.Kind == payload.SDJWT && len(x.Parts) > 2:
		return "SD-JWT with key binding"
	case x.Kind == payload.SDJWT:
		return "SD-JWT without key binding"
	case x.Kind == payload.JWT:
		return "JWT"
	case x.Kind == mobileResponse:
		return "mobile documents (DeviceResponse)"
	case x.Kind == payload.JSON, x.Kind == payload.CBOR:
		return x.documentKind()
	}
	return strings.ReplaceAll(string(x.Kind), "_", " ")
}
