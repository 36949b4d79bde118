// Package sync fetches knowledge: the trust list, and the DID documents, JSON-LD
// contexts and status lists it names.
// It is the only code of the SDK that opens a connection, and it hands bytes to
// package cache, which verifies them; what arrives here is never believed.
//
// It promises:
//   - HTTPS alone, TLS 1.2 or newer, certificates always verified, at a time the
//     caller may give ([TLSTime]) since a kiosk's clock may lag behind.
//   - Only allowed hosts are asked, also after a redirect ([Hosts]).
//   - No more is read than package limits says for each kind, on the wire and after
//     the transfer's own compression.
//   - A request says nothing about who asks: no cookie, no referrer, one plain
//     User-Agent, and nothing is fetched because of a credential that was shown.
//     Lists are fetched by schedule, whole, so that the provider learns nothing
//     about customers; a did:web or did:webvh is resolved here, because the trust
//     list names it, and never in a verification.
//   - An unchanged list or document costs one small answer (ETag), and what the
//     trust list pins and is at hand costs nothing.
//   - What time a server says it is reaches whoever asks ([ServerTime]), and
//     changes nothing here.
//   - Every resource is reported: fetched, unchanged, or failed and why.
//
// [Fetcher.Once] fetches everything once; [Loop] does so by schedule: before ttl
// or exp run out, with back-off and jitter after failures. [ImportFolder] takes
// the same files from a folder, such as a USB stick, by the same way.
//
// Commands and the agent import it; package verify and what lies below never do.
package sync
