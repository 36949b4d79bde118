//go:build !unix

package main

// lock does nothing here: the outbox's own lock still keeps a second process
// from deciding.
func lock(string) (release func(), err error) { return func() {}, nil }

// inUse cannot be known here.
func inUse(string) (bool, error) { return false, nil }
