package mutate

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"crypto/x509"
	"encoding/base64"
	"io"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/base45"
	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/shc"
)

// kind is what a part of a presentation is.
type kind uint8

const (
	anything    kind = iota // bytes
	text                    // characters that something is encoded in
	jwsToken                // compact JWS
	sdJWTToken              // compact SD-JWT
	jsonDoc                 // a JSON object or array
	cborItem                // a CBOR array, map or tag
	certificate             // DER
	signature               // r and s, one behind the other
	packed                  // zlib
	kinds
)

// view is one part of a presentation, however deep inside.
type view struct {
	kind kind
	data []byte
	// put makes the whole presentation again with other bytes in the part's place,
	// everything around it encoded anew. Signatures stay as they are.
	put func([]byte) []byte
}

const (
	viewDepth = 8
	viewMost  = 512
)

// finder takes a presentation apart.
type finder struct{ views []view }

func findViews(presented []byte) []view {
	var f finder
	f.find(presented, func(b []byte) []byte { return b }, 0)
	return f.views
}

func (f *finder) add(k kind, data []byte, put func([]byte) []byte) {
	f.views = append(f.views, view{k, data, put})
}

// find adds data, and what is inside it by the look of its bytes.
func (f *finder) find(data []byte, put func([]byte) []byte, depth int) {
	if len(data) == 0 || depth > viewDepth || len(f.views) > viewMost {
		return
	}
	f.add(anything, data, put)
	switch {
	case bytes.HasPrefix(data, []byte("HC1:")):
		f.base45(data, "HC1:", put, depth)
	case bytes.HasPrefix(data, []byte("shc:/")):
		f.healthCard(data, put, depth)
	case isToken(data) && bytes.IndexByte(data, '~') > 0:
		f.sdJWT(data, put, depth)
	case isToken(data) && bytes.Count(data, []byte(".")) == 2:
		f.jws(data, put, depth)
	case f.json(data, put, depth), f.cbor(data, put, depth), f.certificate(data, put, depth), f.inflate(data, put, depth):
	case base45.Is(data):
		f.base45(data, "", put, depth)
	}
}

// isToken reports whether data looks like base64url of a JSON object, and so like
// a JWS or an SD-JWT.
func isToken(data []byte) bool { return bytes.HasPrefix(data, []byte("ey")) }

func (f *finder) base45(data []byte, prefix string, put func([]byte) []byte, depth int) {
	inner, err := base45.Decode(data[len(prefix):])
	if err != nil || len(inner) < 8 {
		return
	}
	f.add(text, data, put)
	f.find(inner, func(b []byte) []byte { return put(append([]byte(prefix), base45.Encode(b)...)) }, depth+1)
}

func (f *finder) inflate(data []byte, put func([]byte) []byte, depth int) bool {
	inner, ok := unpack(data)
	if !ok {
		return false
	}
	f.add(packed, data, put)
	f.find(inner, func(b []byte) []byte { return put(compress(b, zlib.DefaultCompression)) }, depth+1)
	return true
}

// unpack undoes zlib.
func unpack(data []byte) ([]byte, bool) {
	if data[0] != 0x78 {
		return nil, false
	}
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, false
	}
	inner, err := io.ReadAll(io.LimitReader(z, limits.Decompressed+1))
	return inner, err == nil && len(inner) <= limits.Decompressed
}

func compress(data []byte, level int) []byte {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		panic(err) // levels are constants here
	}
	_, _ = z.Write(data) // into memory
	_ = z.Close()
	return b.Bytes()
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, flate.BestCompression)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

// healthCard undoes the pairs of digits: each is a character's number less 45.
func (f *finder) healthCard(data []byte, put func([]byte) []byte, depth int) {
	digits := data[len("shc:/"):]
	token := make([]byte, 0, len(digits)/2)
	for i := 0; i+1 < len(digits); i += 2 {
		if digits[i] < '0' || digits[i] > '9' || digits[i+1] < '0' || digits[i+1] > '9' {
			return
		}
		token = append(token, (digits[i]-'0')*10+digits[i+1]-'0'+'-')
	}
	f.add(text, data, put)
	f.find(token, func(b []byte) []byte { return put([]byte(shc.Numeric(b))) }, depth+1)
}

func (f *finder) sdJWT(data []byte, put func([]byte) []byte, depth int) {
	f.add(sdJWTToken, data, put)
	f.add(text, data, put)
	pieces := strings.Split(string(data), "~")
	for i, piece := range pieces {
		with := func(b []byte) []byte {
			other := append([]string(nil), pieces...)
			other[i] = string(b)
			return put([]byte(strings.Join(other, "~")))
		}
		if i == 0 || i == len(pieces)-1 {
			f.find([]byte(piece), with, depth+1)
			continue
		}
		f.base64url(piece, with, depth+1)
	}
}

func (f *finder) jws(data []byte, put func([]byte) []byte, depth int) {
	f.add(jwsToken, data, put)
	f.add(text, data, put)
	segments := strings.Split(string(data), ".")
	for i, segment := range segments {
		with := func(b []byte) []byte {
			other := append([]string(nil), segments...)
			other[i] = string(b)
			return put([]byte(strings.Join(other, ".")))
		}
		raw, err := base64.RawURLEncoding.DecodeString(segment)
		if err != nil || len(raw) == 0 {
			continue
		}
		encoded := func(b []byte) []byte { return with([]byte(base64.RawURLEncoding.EncodeToString(b))) }
		switch {
		case i == 2:
			f.signature(raw, encoded)
		case i == 1 && raw[0] != '{':
			// SMART health cards compress what they sign, without zlib's head.
			inner, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), limits.Decompressed))
			if err == nil && len(inner) > 0 {
				f.find(inner, func(b []byte) []byte { return encoded(deflate(b)) }, depth+1)
				continue
			}
			f.find(raw, encoded, depth+1)
		default:
			f.find(raw, encoded, depth+1)
		}
	}
}

func (f *finder) signature(raw []byte, put func([]byte) []byte) {
	f.add(anything, raw, put)
	if len(raw) == 64 || len(raw) == 96 || len(raw) == 132 {
		f.add(signature, raw, put)
	}
}

func (f *finder) base64url(s string, put func([]byte) []byte, depth int) bool {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) == 0 {
		return false
	}
	f.find(raw, func(b []byte) []byte { return put([]byte(base64.RawURLEncoding.EncodeToString(b))) }, depth)
	return true
}

// json adds a document, and what its strings hold: tokens, data URLs, encoded
// JSON, certificates, and the values of proofs.
func (f *finder) json(data []byte, put func([]byte) []byte, depth int) bool {
	doc, ok := parseJSON(data)
	if !ok {
		return false
	}
	f.add(jsonDoc, data, put)
	for i, p := range doc.places() {
		if p.kind != '"' || len(p.text) < 8 {
			continue
		}
		with := func(s string) []byte {
			whole := doc.copy()
			whole.places()[i].text = s
			return put(whole.bytes())
		}
		f.value(p, with, depth+1)
	}
	return true
}

func (f *finder) value(p jsonPlace, with func(string) []byte, depth int) {
	s := p.text
	plain := func(b []byte) []byte { return with(string(b)) }
	if strings.HasPrefix(s, "data:") {
		if at := strings.IndexByte(s, ','); at > 0 {
			f.find([]byte(s[at+1:]), func(b []byte) []byte { return with(s[:at+1] + string(b)) }, depth)
		}
		return
	}
	switch {
	case isToken([]byte(s)) && strings.Count(s, ".") >= 2:
		f.find([]byte(s), plain, depth)
	case strings.HasPrefix(s, "ey"), strings.HasPrefix(s, "Wy"): // an object, an array
		f.base64url(s, plain, depth)
	case p.name() == "signature", p.name() == "payload":
		if raw, err := base64.RawURLEncoding.DecodeString(s); err == nil {
			f.signature(raw, func(b []byte) []byte { return with(base64.RawURLEncoding.EncodeToString(b)) })
		}
	case p.name() == "proofValue":
		f.proofValue(s, with, depth)
	case strings.HasPrefix(s, "MI"):
		if raw, err := base64.StdEncoding.DecodeString(s); err == nil {
			f.find(raw, func(b []byte) []byte { return with(base64.StdEncoding.EncodeToString(b)) }, depth)
		}
	}
}

// proofValue takes a multibase proof value apart: a signature in base58, or behind
// a head of three bytes CBOR in base64url (vc-di-ecdsa §3.5.3, vc-di-bbs §3.3.3).
func (f *finder) proofValue(s string, with func(string) []byte, depth int) {
	switch s[0] {
	case 'z':
		if raw, err := base58.Decode(s[1:]); err == nil {
			f.signature(raw, func(b []byte) []byte { return with("z" + base58.Encode(b)) })
		}
	case 'u':
		raw, err := base64.RawURLEncoding.DecodeString(s[1:])
		if err != nil || len(raw) < 4 {
			return
		}
		whole := func(b []byte) []byte { return with("u" + base64.RawURLEncoding.EncodeToString(b)) }
		f.signature(raw, whole)
		f.find(raw[3:], func(b []byte) []byte { return whole(append(append([]byte(nil), raw[:3]...), b...)) }, depth)
	default: // BbsBlsSignatureProof2020
		if raw, err := base64.StdEncoding.DecodeString(s); err == nil {
			f.signature(raw, func(b []byte) []byte { return with(base64.StdEncoding.EncodeToString(b)) })
		}
	}
}

// cbor adds an item, and what its byte strings hold: CBOR again, certificates,
// signatures.
func (f *finder) cbor(data []byte, put func([]byte) []byte, depth int) bool {
	item, ok := parseCBOR(data)
	if !ok {
		return false
	}
	f.add(cborItem, data, put)
	for i, p := range item.places() {
		if p.major != cborBytes || p.indefinite || len(p.data) < 2 {
			continue
		}
		with := func(b []byte) []byte {
			whole := item.copy()
			whole.places()[i].data = b
			return put(whole.bytes())
		}
		if len(p.data) == 64 || len(p.data) == 96 {
			f.signature(p.data, with)
			continue
		}
		f.find(p.data, with, depth+1)
	}
	return true
}

func (f *finder) certificate(data []byte, put func([]byte) []byte, _ int) bool {
	if data[0] != 0x30 {
		return false
	}
	if _, err := x509.ParseCertificate(data); err != nil {
		return false
	}
	f.add(certificate, data, put)
	return true
}
