// Package strictjson reads JSON from outside in exactly one way.
//
// encoding/json lets the last of two equal names win, replaces invalid UTF-8
// and lone surrogates, and matches field names without regard to case. Each
// gives an attacker a document that two readers understand differently. This
// package refuses all of them, and everything beyond limits.JSONDepth and
// limits.JSONValues, before it builds anything large.
//
// Every error is a *reason.Error with malformed or too_large and never holds a
// byte of the input. It does not bound the number of bytes: callers do, with
// the limit of what they read. Any package of the SDK may import it.
package strictjson
