// Package cases reads, runs and writes test vectors: a folder per case with a
// case.json, most of them refusals, one cause each.
//
//	{
//	  "comment": "a disclosure of another credential was added",
//	  "input": "presentation.txt", "encoding": "text",
//	  "now": "2026-11-02T09:00:00Z",
//	  "binding": {"kind": "bound", "nonce": "n-1", "audience": "https://bank.example"},
//	  "trust": { … a bare trust list … },
//	  "documents": {"did:…": { … }},
//	  "status": [{"uri": "https://…", "file": "status.jwt"}],
//	  "deny": { … a bare deny list … },
//	  "contexts": {"https://…": "context.json"},
//	  "policy": { … },
//	  "query": "citizen",
//	  "presentation_definition": { … }, "presentation_submission": { … },
//	  "expect": "rejected",
//	  "reasons": ["claims_not_covered"],
//	  "claims": {"full_name": "Pema"}
//	}
//
// A binding is of kind bound (nonce, audience), fresh (audience, window_s), bearer,
// or session: transcript is the ISO 18013-5 SessionTranscript in hexadecimal, and
// reader_key, for deviceMac alone, the reader's ephemeral key as private JWK.
//
// Paths are relative to case.json and stay below its folder. encoding says how
// the input's file holds what was presented: text byte for byte, base64 and hex
// with white space around them allowed. It says nothing of what that is:
// [Presented] unwraps what may have stood in a code and takes all else as the
// presentation itself.
//
// query, where given, is the id of the policy's query that the wallet says it
// answers. reasons, where given, is the exact set of codes of all checks that
// did not pass; claims, where given, is a subset of what must come out, objects
// recursively and arrays equal. A member the format does not know is an error,
// so is a folder without any case: a run that tested nothing has failed.
package cases
