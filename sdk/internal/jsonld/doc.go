// Package jsonld turns JSON-LD into RDF statements for signing, and says whether
// the statements say everything the document does. It is the only importer of
// piprate/json-gold, whose context processing and expansion it uses; making RDF
// of what was expanded is its own, so that nothing can be dropped on the way.
//
// Contexts come from the caller alone and nothing is ever fetched: json-gold's
// own loaders do HTTP and read files, and none of them is used.
//
// Safe mode is always on. What no statement speaks for makes [Result.Covered]
// false: a term that no context defines, a type or identifier that is no
// absolute IRI, a bad language tag, null, an empty array, @index and @direction,
// labels of blank nodes, a node described in two places or a value that is
// there twice (parts could be exchanged), @id and @type in the place of the names that
// every context of a credential gives them, and a number that RDF rounds. Statements
// are given all the same, those that there are: a signature over them is then
// a signature, and not over the document.
//
// A [Processor] keeps processed contexts and may be used concurrently. Only
// packages of the SDK may import this one.
package jsonld
