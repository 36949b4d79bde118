// Package bbstest is virtual issuers and wallets that sign and derive with BBS: the
// suite bbs-2023, and BbsBlsSignature2020 with BbsBlsSignatureProof2020. It stands
// apart from verifytest so that who tests other formats links no pairing.
//
//	issuer := bbstest.NewIssuer("registry", contexts)
//	held := issuer.Issue2023(credential, "/issuer", "/validUntil")
//	shown := held.Show([]byte(nonce), "/credentialSubject/Full Name")
//
// WriteCases writes cases in the format of package cases, as verifytest does.
//
// Keys are derived from names; they are worth nothing outside tests. What is made with
// bbs-2023 is the same in two runs, what is made with the suites of 2020 is not: their
// primitive brings its own randomness. Programming errors panic, as in a test they
// should. An Issuer and what it issues are not safe for concurrent use.
//
// Tests import it, and commands that write cases.
package bbstest
