// Command offline is the smallest program around the SDK: it decides on one
// presentation with knowledge that lies in a folder, and uses no network.
//
//	go run ./examples/offline -knowledge DIR -authority authority.jwk -audience https://bank.example FILE
//
// DIR is what `dzong sync` fills. FILE is what the wallet's QR code held. The
// exit status is 0 if the presentation was accepted and 3 if it was not.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/verify"
)

func main() {
	knowledge := flag.String("knowledge", "", "folder that dzong sync fills")
	authority := flag.String("authority", "", "the trust authority's public key, a JWK file")
	audience := flag.String("audience", "", "who the wallet must have made its proof for")
	flag.Parse()
	result, err := decide(*knowledge, *authority, *audience, flag.Arg(0), time.Now())
	if err != nil {
		fmt.Fprintln(os.Stderr, "offline:", err)
		os.Exit(1)
	}
	tell(os.Stdout, result)
	if !result.Accepted() {
		os.Exit(3)
	}
}

func decide(dir, authorityFile, audience, file string, at time.Time) (verify.Result, error) {
	jwk, err := os.ReadFile(authorityFile)
	if err != nil {
		return verify.Result{}, err
	}
	authority, err := credential.ParseJWK(jwk)
	if err != nil {
		return verify.Result{}, err
	}
	know, err := cache.Open(dir, authority, cache.ReadOnly())
	if err != nil {
		return verify.Result{}, err
	}
	// A program that runs on keeps one store for its whole life, or shares one in a
	// database; this one decides once and forgets.
	v, err := verify.New(know, verify.Formats(sdjwt.Mechanism()), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		return verify.Result{}, err
	}
	in := verify.Input{Binding: credential.Fresh(audience, time.Minute), At: at}
	scanned, err := os.ReadFile(file)
	if err != nil {
		return verify.Result{}, err
	}
	code, err := payload.Parse(scanned) // unpacks PixelPass; names what is no presentation
	if err != nil {
		return verify.Refuse(in, err)
	}
	in.Presented = verify.One(code.Presentation)
	return v.Verify(context.Background(), in)
}

// tell says what a person at a counter needs: the answer, why, what next, and how
// old the knowledge behind it is.
func tell(w io.Writer, r verify.Result) {
	fmt.Fprintln(w, r.Outcome())
	if e, ok := reason.Lookup(reason.Lead(r.Reasons())); ok {
		fmt.Fprintf(w, "%s %s\n", e.Sentence(reason.English), e.Next(reason.English))
	}
	if !r.AsOf().IsZero() {
		fmt.Fprintln(w, "as of", r.AsOf().Format(time.RFC3339))
	}
	for _, c := range r.Credentials() { // empty unless accepted
		fmt.Fprintln(w, "disclosed:", c.Claims().Names())
	}
}
