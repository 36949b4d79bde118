// Package reason is the closed table of everything Dzong may answer: each code
// with the check that gives it, where it leads, the W3C problem type where one
// fits, and one sentence and one next step per language.
//
// It promises that codes are never renamed, that every code has words in every
// language, and that the rule from checks to an outcome stands in one place
// ([Conclude]). It imports nothing and may be imported by everything.
package reason
