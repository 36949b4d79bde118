// Package query holds the words that query languages share: what was presented
// and verified, and what of it answers what. Package dcql and package pex are
// such languages; package verify asks them and knows neither's rules.
//
// It promises that a language sees one credential at a time: nothing here puts
// the claims of two together, so that no query is answered by two persons.
//
// It may be imported by everything in sdk above credential.
package query

import (
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Presented is one credential whose issuer's signature was verified.
type Presented struct {
	// Query is the id of the query that the wallet says it answers. It is held to
	// that query and to no other; empty: to any.
	Query string
	// Piece counts, from 0, the pieces of what was presented, and Within the
	// credentials in that piece.
	Piece, Within int
	// Credential is what its mechanism found; never nil.
	Credential *credential.Credential
	// Failed says that a check on it did not pass, so that it has no claims to
	// look at. It is then judged by its kind alone: that it has no claims is not
	// the holder's doing, and the reason stands elsewhere.
	Failed bool
}

// Answer is what a query comes to. The zero value says that nothing was presented
// and nothing was asked.
type Answer struct {
	// Credentials has a finding for each credential, in their order.
	Credentials []Finding
	// Unanswered is the ids of what had to be answered and what no credential was
	// presented for.
	Unanswered []string
}

// Finding is what one credential answers.
type Finding struct {
	// IDs is the queries that it answers, in their order; none: Code says why.
	IDs []string
	// Code is query_not_satisfied, claim_missing or holder_binding_missing if it
	// answers nothing.
	Code reason.Code
	// ID is the query that it comes closest to; empty if it is of no kind that is
	// asked for.
	ID string
	// Missing is the claims that it lacks for ID, as the query writes their paths.
	Missing []string
}

// Satisfied reports whether everything that had to be answered is, and every
// credential answers something.
func (a Answer) Satisfied() bool {
	for _, f := range a.Credentials {
		if len(f.IDs) == 0 {
			return false
		}
	}
	return len(a.Unanswered) == 0
}

// Share finds which queries each credential answers, given which it may answer
// and which queries take any number of credentials. As many credentials as can be
// find a query; one that is answered by none of them then is answered by any that
// may, beside what that answers already.
func Share(credentials, queries int, may func(credential, query int) bool, many func(query int) bool) [][]int {
	answers := make([][]int, credentials)
	by := make([]int, queries) // the credential that has the query's one place
	for q := range by {
		by[q] = -1
	}
	// An augmenting path for each credential in turn (Kuhn): it may take a place
	// over if the one that has it finds another.
	var place func(c int, tried []bool) bool
	place = func(c int, tried []bool) bool {
		for q := range queries {
			if tried[q] || many(q) || !may(c, q) {
				continue
			}
			tried[q] = true
			if by[q] < 0 || place(by[q], tried) {
				by[q] = c
				return true
			}
		}
		return false
	}
	for c := range credentials {
		roomy := false
		for q := range queries {
			if many(q) && may(c, q) {
				answers[c], roomy = append(answers[c], q), true
			}
		}
		if !roomy {
			place(c, make([]bool, queries))
		}
	}
	for q, c := range by {
		if c < 0 && !many(q) {
			for other := range credentials {
				if may(other, q) {
					c = other
					break
				}
			}
		}
		if c >= 0 {
			answers[c] = insert(answers[c], q)
		}
	}
	return answers
}

func insert(sorted []int, q int) []int {
	at := len(sorted)
	for at > 0 && sorted[at-1] > q {
		at--
	}
	sorted = append(sorted, 0)
	copy(sorted[at+1:], sorted[at:])
	sorted[at] = q
	return sorted
}
