package mdoc_test

import (
	"context"
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/mdoc"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// A driving licence presented by OpenID4VP: the transcript is made from the bank's
// own request, never from what came back.
func ExampleOpenID4VPHandover() {
	transcript, err := mdoc.OpenID4VPHandover{
		ClientID: "x509_san_dns:bank.example", Nonce: "n-0S6_WzA2Mj", ResponseURI: "https://bank.example/response",
	}.SessionTranscript()
	if err != nil {
		fmt.Println(err)
		return
	}

	// A world of tests has the issuer, whose authority its trust list names, and the
	// wallet that answers.
	world := verifytest.NewWorld()
	licences := world.AddMDocIssuer("https://transport.example", "org.iso.18013.5.1.mDL")
	wallet := world.AddWallet()
	licence := licences.IssueMDoc(wallet, map[string]map[string]any{"org.iso.18013.5.1": {"family_name": "Example", "age_over_18": true}})
	response := wallet.PresentMDoc(licence, verifytest.Over(transcript), verifytest.DiscloseElements("org.iso.18013.5.1", "age_over_18"))

	v, err := verify.New(world, verify.Formats(mdoc.Mechanism()), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := v.Verify(context.Background(), verify.Input{
		Presented: verify.One(response), Binding: credential.Session(transcript, nil), At: world.Now(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range r.Credentials() {
		adult, ok := c.Claims().Bool("org.iso.18013.5.1", "age_over_18")
		fmt.Println(r.Outcome(), c.Issuer, c.Types, adult, ok)
	}
	// Output: accepted https://transport.example [org.iso.18013.5.1.mDL] true true
}
