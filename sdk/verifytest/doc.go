// Package verifytest is a whole world of credentials in memory: a trust
// authority, issuers, their status lists, and wallets. Banks use it to test what
// they build on the SDK without a wallet, a network or a recorded secret.
//
//	world := verifytest.NewWorld()
//	registry := world.AddIssuer("https://registry.example", "https://registry.example/citizen")
//	wallet := world.AddWallet()
//	held := registry.Issue(wallet, map[string]any{"full_name": "Pema"})
//	presented := wallet.Present(held, verifytest.To("https://bank.example"), verifytest.Nonce("n"), verifytest.Disclose("full_name"))
//
// Mobile documents (ISO/IEC 18013-5) have an issuer of their own, with its authority's
// certificate in the trust list, and are presented over a session transcript:
//
//	licences := world.AddMDocIssuer("https://transport.example", "org.iso.18013.5.1.mDL")
//	licence := licences.IssueMDoc(wallet, map[string]map[string]any{"org.iso.18013.5.1": {"family_name": "Pema"}})
//	presented := wallet.PresentMDoc(licence, verifytest.Over(transcript))
//
// A World is its own clock: [World.Now] moves only by [World.Advance]. It is
// knowledge too ([World.Snapshot]): every call signs the trust list and the
// status lists as they stand at that time.
//
// Keys are derived from the world's name, so that two runs make the same keys;
// they are worth nothing outside tests. Programming errors panic, as in a test
// they should. A World is not safe for concurrent use.
//
// WriteCases writes cases in the format of package cases: one cause per folder,
// most of them refusals. Package bbstest does the same for BBS signatures, so that
// who tests anything else links no pairing.
//
// # Adding the cases of a format
//
// A format has files of its own: <format>.go with what issues and presents it, and
// cases_<format>.go with its cases. The latter holds a function that adds them to
// a collection, and formats in collection.go names it, with the folder that its
// cases are written below. A case is a function that gives a scene: what is
// presented, the binding wanted, the time, and the knowledge at hand, which the
// scene holds as bytes, so that every format fits.
//
// Most cases are one change to a world in which everything is right. For these a
// format has a stage of its own, and casesOf makes cases of it:
//
//	func cwtCases(c *collection) {
//		all := casesOf[*cwtStage]{c, newCWTStage, (*cwtStage).play}
//		all.accept("accepted", "a health certificate, its issuer's certificate at hand", func(*cwtStage) {})
//		all.reject("signature-flipped", "a bit of the signature is another", func(s *cwtStage) { s.bytes = flipLast }, reason.SignatureInvalid)
//	}
package verifytest
