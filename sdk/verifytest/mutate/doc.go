// Package mutate changes accepted cases at random, one change at a time, and
// counts what should have been refused. It knows how presentations are built (JWS,
// SD-JWT, JSON, CBOR, certificates, what is compressed or written in base45), so
// that a change reaches the inside and everything around it is still right; and it
// changes what surrounds a presentation: keys, trust, binding, time, contexts,
// status lists, policy.
//
// A mutant fails if it is accepted and
//
//   - says something that the original does not: another issuer, type, holder,
//     status list, query, validity or claim; fewer claims are no failure, as a
//     holder may withhold what it likes;
//   - or its binding, time, key or trust is one under which nothing may be
//     accepted;
//   - or a proof of possession that was used already passes once more (but for
//     sessions, which have no mark).
//
// It fails too if deciding panics, returns an error for what was presented, or
// refuses without a reason that the table knows.
//
// Formats leave some changes free: white space, the order of members, unprotected
// headers, how hard something was compressed, (r, -s) for (r, s). They are made as
// well, and may be accepted if they give nothing new. Where a signature covers the
// statements of a JSON-LD document, forms of one statement give nothing new.
//
// Every mutant is made from the seed and its own number alone, so that one can be
// made again by itself. The package is for tests and for the dzong command.
package mutate
