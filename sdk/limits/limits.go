// Package limits holds every bound on bytes from outside, each with its reason.
// Parsers apply them before they decompress or allocate.
//
// They are constants on purpose: a verifier whose limits can be turned off by
// configuration has none. Anything above a limit is answered with
// reason.TooLarge.
package limits

const (
	// Presentation bounds what a holder hands over, in bytes. A version 40 QR
	// code carries 2,953 bytes, an animated code some tens of kilobytes; a
	// portrait in an online answer some hundreds. 1 MiB leaves room for several.
	Presentation = 1 << 20

	// QRText bounds one scanned text after reassembly and before decompression.
	QRText = 64 << 10

	// Parts bounds the parts of one message in several codes. 64 kB in codes that a
	// phone shows well (300 bytes) are some two hundred.
	Parts = 1024

	// Decompressed bounds what a compressed QR payload may unfold to. Portraits
	// in QR codes are below 10 kB; zlib reaches 1000:1, so the cap must stand
	// before the first byte is written.
	Decompressed = 256 << 10

	// JSONDepth bounds nesting of objects and arrays. RFC 9901's deepest example
	// has 6; no credential in the field has more than 12.
	JSONDepth = 32

	// JSONValues bounds the number of values in one document, so that many tiny
	// values cannot multiply memory beyond what the byte limit suggests.
	JSONValues = 20_000

	// Disclosures bounds the disclosures of one SD-JWT, and the items of one mobile
	// document. Each costs a hash and a parse before any signature can be blamed on
	// anyone.
	Disclosures = 512

	// Digests bounds the digests (real and decoy) in one SD-JWT or mobile document.
	Digests = 4096

	// Credentials bounds the credentials in one decision.
	Credentials = 16

	// Nesting bounds how deep presentations may enclose presentations.
	Nesting = 4

	// JOSEHeader bounds the encoded header of a signed token, in bytes. A chain of
	// CertificateChain certificates takes about 15 kB.
	JOSEHeader = 64 << 10

	// CertificateChain bounds an x5c header.
	CertificateChain = 5

	// TrustList bounds a trust list in bytes: 1,000 issuers with certificates
	// take about 4 MB.
	TrustList = 8 << 20

	// Issuers bounds the entries of a trust list.
	Issuers = 10_000

	// TrustListValues bounds the JSON values in a trust list: 20 for each entry.
	// JSONValues, made for one credential, would end at some 800 issuers.
	TrustListValues = 200_000

	// TrustContexts bounds the contexts that a trust list pins: each takes up to
	// Context bytes of memory, and a verifier meets some dozens.
	TrustContexts = 256

	// TrustDocuments bounds the DID documents that a trust list speaks of: one for
	// each issuer.
	TrustDocuments = Issuers

	// DenyList bounds a deny list in bytes: some 147,000 credentials.
	DenyList = 8 << 20

	// DID bounds an identifier that is read for what it holds, in bytes: a
	// did:peer:4 with services takes some 2 kB. Reading base58 costs the square
	// of it.
	DID = 8 << 10

	// Base58 bounds a text in base58, in characters: reading it costs the square of
	// its length, which for a megabyte is half a minute. The longest that is anything
	// is a part of a DID.
	Base58 = DID

	// DIDDocument bounds a DID document in bytes.
	DIDDocument = 64 << 10

	// WebVHLog bounds the log of a did:webvh, and its file of witness proofs, in
	// bytes: 200 versions of a document with a few keys.
	WebVHLog = 1 << 20

	// WebVHEntries bounds the versions in such a log: each costs a signature and two
	// hashes.
	WebVHEntries = 1000

	// WebVHKeys bounds the keys, hashes of keys, witnesses and proofs of one version.
	WebVHKeys = 64

	// WebVHProofs bounds the witness proofs that are verified for one log.
	WebVHProofs = 2000

	// StatusToken bounds a status list token on the wire. A random million-entry
	// 1-bit list is 125 kB before base64; 8-bit lists of 10 million entries with
	// typical sparseness stay below this.
	StatusToken = 16 << 20

	// StatusList bounds a decompressed status list in bytes: 128 million 1-bit
	// entries, more than 100 times Bhutan's population.
	StatusList = 16 << 20

	// StatusEntries bounds the status references of one credential: each is one
	// list, and W3C names four purposes.
	StatusEntries = 16

	// Revokees bounds the identifiers in one SMART Health Cards revocation list,
	// which is one issuer key's.
	Revokees = 15_000

	// Proofs bounds the proofs of one linked-data document: each costs a
	// canonicalisation and a signature.
	Proofs = 8

	// DerivedProofs bounds those among them that a holder derived, of which each may
	// cost hundreds of signatures: a holder shows one selection of the statements, by
	// the suite that was and the one that comes.
	DerivedProofs = 2

	// BBSMessages bounds the messages of one BBS signature, disclosed and hidden.
	// Each costs 50 µs in a verification, and 200 µs when its generator is first
	// made. A credential has a message for each of its statements, some dozens.
	BBSMessages = 1024

	// BBSPlusMessages bounds the same of a BBS+ signature of 2020, whose generators
	// depend on the key and on their number, so that none can be kept: each message
	// costs a third of a millisecond in a verification, also of a proof that is none,
	// and a decision may have sixteen of them.
	BBSPlusMessages = 128

	// DerivedStatements bounds the statements of a document secured by ecdsa-sd-2023:
	// each may have a signature of its own. An identity document has some sixty.
	DerivedStatements = 512

	// LinkedDataValues bounds the JSON values of a document that is to become
	// RDF: JSON-LD expansion is far slower than JSON.
	LinkedDataValues = 4000

	// LinkedDataObjects bounds the objects among them: each may bring contexts of
	// the member it stands in, which are then processed anew.
	LinkedDataObjects = 400

	// LinkedDataTypes bounds the types that they name, of which the same is true: a
	// base context has one for each of its types.
	LinkedDataTypes = 400

	// Contexts bounds the JSON-LD contexts of one document, scoped ones included.
	Contexts = 16

	// ContextInclusions bounds how often contexts are processed for one document
	// because a list or another context names them: a few contexts that each name
	// the next one ten times would be processed for ever.
	ContextInclusions = 64

	// Context bounds one JSON-LD context in bytes; schema.org's takes 180 kB.
	Context = 512 << 10

	// StatementBytes bounds the statements of one document in RDF, in bytes. They
	// repeat what JSON has once: an identifier of 300 kB is in each statement about
	// what it names. Those of a credential take three times its JSON.
	StatementBytes = 4 << 20

	// CanonicalSteps bounds RDF canonicalisation. A credential with 20 nodes that
	// nothing but their place tells apart needs some thousand steps, a graph made
	// to hold a verifier up any number.
	CanonicalSteps = 100_000

	// Policy bounds a policy document in bytes, and a query in any language.
	Policy = 256 << 10

	// Queries bounds the credentials that one query asks for, and the alternatives
	// in each of its lists. The largest example of OpenID4VP has five.
	Queries = 64

	// QueryClaims bounds the claims that are asked of one credential: an mDL has
	// some forty.
	QueryClaims = 256

	// QueryValues bounds the values that one claim or type may have.
	QueryValues = 1024

	// ImagePixels bounds an image file that the scanner opens (50 megapixels).
	ImagePixels = 50_000_000
)
