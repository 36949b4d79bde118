package verifytest

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// MDocIssuer issues mobile documents (ISO/IEC 18013-5) of one docType: an issuing
// authority (IACA) of its own with one document signer under it. It is an [Issuer]
// too, whose status list its documents stand in.
type MDocIssuer struct {
	*Issuer
	authority certificate
	signer    certificate
}

// AddMDocIssuer adds an issuer that the trust list permits to issue docType through
// its authority's certificate.
func (w *World) AddMDocIssuer(id, docType string) *MDocIssuer {
	i := w.NewMDocStranger(id, docType)
	i.listed = true
	w.issuers[id] = i.Issuer
	return i
}

// NewMDocStranger makes an issuer that the trust list does not name.
func (w *World) NewMDocStranger(id, docType string) *MDocIssuer {
	i := &MDocIssuer{Issuer: w.NewStranger(id, docType)}
	i.authority = certify(certificate{}, w.name+"/iaca/"+id, nil, asIssuingAuthority)
	i.signer = i.documentSigner(func(*x509.Certificate) {})
	i.x509 = []any{map[string]any{
		"cert": pemOf(i.authority),
		"leaf": map[string]any{"eku": "1.0.18013.5.1.2"},
	}}
	return i
}

// pemOf is a certificate as the trust list holds it.
func pemOf(c certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

// digestOf is what a certificate's key is called in checks and trust lists.
func digestOf(c certificate) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(c.Raw)) }

// mdocCountry stands in all certificates here.
const mdocCountry = "BT"

func asIssuingAuthority(c *x509.Certificate) {
	authority(c)
	c.Subject.CommonName, c.Subject.Country = "IACA", []string{mdocCountry}
	c.MaxPathLenZero = true
}

// documentSigner certifies a key, always the same one, as ISO/IEC 18013-5 Annex B
// has it, and then as change says.
func (i *MDocIssuer) documentSigner(change func(*x509.Certificate)) certificate {
	return i.signerUnder(i.authority, change)
}

func (i *MDocIssuer) signerUnder(above certificate, change func(*x509.Certificate)) certificate {
	return certify(above, i.world.name+"/ds/"+i.id, nil, func(c *x509.Certificate) {
		c.Subject.CommonName, c.Subject.Country = "Document Signer", []string{mdocCountry}
		c.KeyUsage = x509.KeyUsageDigitalSignature
		c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 0, 18013, 5, 1, 2}}
		c.NotBefore, c.NotAfter = Epoch.AddDate(0, -1, 0), Epoch.AddDate(1, 0, 0)
		change(c)
	})
}

// HeldMDoc is a mobile document as its holder keeps it: with every item.
type HeldMDoc struct {
	Held       // its place in the status list
	docType    string
	items      []mdocItem
	issuerAuth []byte
}

type mdocItem struct {
	nameSpace, element string
	encoded            strictcbor.RawMessage // IssuerSignedItemBytes
}

// mdocIssue is what is about to be signed.
type mdocIssue struct {
	mso     map[string]any
	changes []func(map[string]any) // of mso, once everything stands in it
	item    func(element string, item map[string]any)
	hash    func([]byte) []byte
	payload func([]byte) []byte // of the COSE_Sign1
	message cose.Message
	chain   []certificate
	key     *jws.PrivateKey
}

// MDocIssueOption changes what is issued.
type MDocIssueOption func(*mdocIssue)

// ValidMDoc sets validFrom and validUntil.
func ValidMDoc(from, until time.Time) MDocIssueOption {
	return MSO(func(mso map[string]any) {
		validity := mso["validityInfo"].(map[string]any)
		validity["validFrom"], validity["validUntil"] = tdate(from), tdate(until)
	})
}

// MSO changes the mobile security object before it is signed. Its values are what
// a CBOR encoder takes.
func MSO(change func(mso map[string]any)) MDocIssueOption {
	return func(m *mdocIssue) { m.changes = append(m.changes, change) }
}

func tdate(t time.Time) strictcbor.Tag {
	return strictcbor.Tag{Number: 0, Content: t.UTC().Format(time.RFC3339)}
}

// IssueMDoc signs a document for wallet, for one year. elements are values by
// namespace and element identifier; a [time.Time] is written as full-date.
func (i *MDocIssuer) IssueMDoc(wallet *Wallet, elements map[string]map[string]any, opts ...MDocIssueOption) *HeldMDoc {
	h := &HeldMDoc{docType: i.vct, Held: Held{issuer: i.Issuer, index: i.serial}}
	i.serial++
	now := i.world.now
	deviceKey := must(cose.MarshalKey(wallet.key.public(""), nil))
	m := &mdocIssue{
		mso: map[string]any{
			"version": "1.0", "digestAlgorithm": "SHA-256", "docType": i.vct,
			"deviceKeyInfo": map[string]any{"deviceKey": strictcbor.RawMessage(deviceKey)},
			"validityInfo":  map[string]any{"signed": tdate(now), "validFrom": tdate(now), "validUntil": tdate(now.AddDate(1, 0, 0))},
			"status":        map[string]any{"status_list": map[string]any{"idx": h.index, "uri": i.statusURI}},
		},
		item:  func(string, map[string]any) {},
		hash:  func(b []byte) []byte { s := sha256.Sum256(b); return s[:] },
		chain: []certificate{i.signer},
	}
	for _, o := range opts {
		o(m)
	}
	digests := map[string]map[uint64][]byte{}
	for _, space := range sortedKeys(elements) {
		ids := map[uint64][]byte{}
		for id, element := range sortedKeys(elements[space]) {
			random := sha256.Sum256([]byte(fmt.Sprintf("%s/%s/%d/%s/%s", i.world.name, i.id, h.index, space, element)))
			item := map[string]any{"digestID": id, "random": random[:16], "elementIdentifier": element, "elementValue": mdocValue(elements[space][element])}
			m.item(element, item)
			encoded := embedded(item)
			h.items = append(h.items, mdocItem{space, element, encoded})
			ids[uint64(id)] = m.hash(encoded)
		}
		digests[space] = ids
	}
	m.mso["valueDigests"] = digests
	for _, change := range m.changes {
		change(m.mso)
	}
	m.sign(h)
	return h
}

// sign makes issuerAuth.
func (m *mdocIssue) sign(h *HeldMDoc) {
	m.message.Payload = embedded(m.mso)
	if m.payload != nil {
		m.message.Payload = m.payload(m.message.Payload)
	}
	if m.message.Unprotected == nil {
		m.message.Unprotected = map[any]any{}
		switch len(m.chain) {
		case 0:
		case 1:
			m.message.Unprotected[cose.LabelX5Chain] = m.chain[0].Raw
		default:
			var all [][]byte
			for _, c := range m.chain {
				all = append(all, c.Raw)
			}
			m.message.Unprotected[cose.LabelX5Chain] = all
		}
	}
	if m.key == nil {
		m.key = must(jws.NewPrivateKey(credential.ES256, m.chain[0].key))
	}
	h.issuerAuth = untagged(must(m.message.Sign(m.key)))
}

// untagged is a COSE message without its tag, as ISO/IEC 18013-5 has it.
func untagged(message []byte) []byte { return message[1:] }

// mdocValue writes a time as full-date (RFC 8943).
func mdocValue(v any) any {
	if t, ok := v.(time.Time); ok {
		return strictcbor.Tag{Number: 1004, Content: t.Format(time.DateOnly)}
	}
	return v
}

// embedded is v as embedded CBOR, #6.24(bstr .cbor v).
func embedded(v any) strictcbor.RawMessage {
	return must(strictcbor.Marshal(strictcbor.Tag{Number: 24, Content: must(strictcbor.Marshal(v))}))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("verifytest: %v", err))
	}
	return v
}

// mdocPresentation is what is about to be presented.
type mdocPresentation struct {
	disclose   map[string][]string // nil: everything
	transcript []byte
	reader     *ecdh.PublicKey // nil: deviceSignature
	device     map[string]any  // device-signed elements by namespace
	others     []*HeldMDoc
	item       func(element string, encoded strictcbor.RawMessage) strictcbor.RawMessage
	auth       func(deviceAuth map[string]any)
	document   func(n int, document map[string]any)
	response   func(map[string]any)
}

// MDocPresentOption says what of a document is presented and how possession is
// proved.
type MDocPresentOption func(*mdocPresentation)

// DiscloseElements names the elements of a namespace to disclose; all of all
// namespaces if it is not given.
func DiscloseElements(nameSpace string, elements ...string) MDocPresentOption {
	return func(p *mdocPresentation) {
		if p.disclose == nil {
			p.disclose = map[string][]string{}
		}
		p.disclose[nameSpace] = append(p.disclose[nameSpace], elements...)
	}
}

// Over makes the device's proof over a session transcript, as package mdoc builds
// them. Without it the proof is for nobody's session: a bearer copy.
func Over(transcript []byte) MDocPresentOption {
	return func(p *mdocPresentation) { p.transcript = transcript }
}

// DeviceMAC proves possession by deviceMac, whose key is agreed on with the
// reader's ephemeral key, instead of a signature.
func DeviceMAC(reader *ecdh.PublicKey) MDocPresentOption {
	return func(p *mdocPresentation) { p.reader = reader }
}

// Beside presents other documents in the same response.
func Beside(others ...*HeldMDoc) MDocPresentOption {
	return func(p *mdocPresentation) { p.others = append(p.others, others...) }
}

// PresentMDoc makes a DeviceResponse in CBOR.
func (w *Wallet) PresentMDoc(h *HeldMDoc, opts ...MDocPresentOption) []byte {
	p := mdocPresentation{transcript: must(strictcbor.Marshal([]any{nil, nil, nil}))}
	for _, o := range opts {
		o(&p)
	}
	var documents []any
	for n, held := range append([]*HeldMDoc{h}, p.others...) {
		document := w.document(held, &p)
		if p.document != nil {
			p.document(n, document)
		}
		documents = append(documents, document)
	}
	response := map[string]any{"version": "1.0", "status": 0, "documents": documents}
	if p.response != nil {
		p.response(response)
	}
	return must(strictcbor.Marshal(response))
}

func (w *Wallet) document(h *HeldMDoc, p *mdocPresentation) map[string]any {
	spaces := map[string][]strictcbor.RawMessage{}
	for _, i := range h.items {
		if p.disclose != nil && !slices.Contains(p.disclose[i.nameSpace], i.element) {
			continue
		}
		encoded := i.encoded
		if p.item != nil {
			encoded = p.item(i.element, encoded)
		}
		spaces[i.nameSpace] = append(spaces[i.nameSpace], encoded)
	}
	device := p.device
	if device == nil {
		device = map[string]any{}
	}
	deviceSpaces := embedded(device)
	issuerSigned := map[string]any{"issuerAuth": strictcbor.RawMessage(h.issuerAuth)}
	if len(spaces) > 0 {
		issuerSigned["nameSpaces"] = spaces
	}
	auth := w.deviceAuth(h.docType, deviceSpaces, p)
	if p.auth != nil {
		p.auth(auth)
	}
	return map[string]any{
		"docType":      h.docType,
		"issuerSigned": issuerSigned,
		"deviceSigned": map[string]any{"nameSpaces": deviceSpaces, "deviceAuth": auth},
	}
}

// deviceAuth is the proof of the device's key over DeviceAuthentication.
func (w *Wallet) deviceAuth(docType string, deviceSpaces strictcbor.RawMessage, p *mdocPresentation) map[string]any {
	m := cose.Message{
		Payload:  embedded([]any{"DeviceAuthentication", strictcbor.RawMessage(p.transcript), docType, deviceSpaces}),
		Detached: true,
	}
	if p.reader == nil {
		return map[string]any{"deviceSignature": strictcbor.RawMessage(untagged(must(m.Sign(w.key.private))))}
	}
	secret := must(must(w.key.private.ECDH()).ECDH(p.reader))
	salt := sha256.Sum256(embedded(strictcbor.RawMessage(p.transcript)))
	key := must(hkdf.Key(sha256.New, secret, salt[:], "EMacKey", 32))
	return map[string]any{"deviceMac": strictcbor.RawMessage(untagged(must(m.Mac(key))))}
}
