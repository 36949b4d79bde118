package reason

// W3C problem types.
const (
	vcdm       = "https://www.w3.org/TR/vc-data-model#"           // VCDM 2.0 §7.2
	integrity  = "https://w3id.org/security#"                     // Data Integrity 1.0 §4.7
	statusList = "https://www.w3.org/ns/credentials/status-list#" // Bitstring Status List 1.0 §3.5
)

// table holds every code once. Its order is what Lead promises; it is never
// written to.
//
// The Dzongkha uses the words of the Dzongkha Development Commission's computer
// terms as the GNOME and Debian translations have them (མིང་རྟགས་ signature,
// དུས་ཡོལ་ expired, ཆ་མེད་བཏང་ cancelled, དུས་མཐུན་བཟོ་ update); credential is
// ལག་ཁྱེར་, the word on Bhutanese identity cards and licences; the customer is
// ཞུ་མི་, who asks for a service. No native reader has approved it yet.
var table = [...]Entry{
	// 1. No presentation at all.
	{
		Code: IsARequest, Check: CheckFormat, Refused: true, Severity: Hint,
		sentence: words{
			en: "This code is a request or a link, not a credential.",
			dz: "འདི་ ཞུ་བ་ ཡང་ན་ འབྲེལ་ལམ་གྱི་ ཨང་རྟགས་ཨིན་མས། ལག་ཁྱེར་མེན།",
		},
		next: words{
			en: "Ask the customer to open a credential in the wallet and show its code.",
			dz: "ཞུ་མི་ལུ་ འགྲུལ་འཕྲིན་ནང་གི་ལག་ཁྱེར་ ཁ་ཕྱེ་སྟེ་ དེ་གི་ཨང་རྟགས་ སྟོན་བཅུག",
		},
	},
	{
		Code: FormatUnsupported, Check: CheckFormat, Refused: true, Severity: Hint,
		sentence: words{
			en: "This kind of code cannot be read here.",
			dz: "འཕྲུལ་ཆས་འདི་གིས་ ཨང་རྟགས་འདི་བཟུམ་ ལྷག་མི་ཚུགས།",
		},
		next: words{
			en: "Ask for another kind of credential, or follow the manual procedure.",
			dz: "ལག་ཁྱེར་དབྱེ་བ་གཞན་ཅིག་ སྟོན་བཅུག ཡང་ན་ ལག་ཐོག་ལས་ བརྟག་ཞིབ་འབད།",
		},
	},
	{
		Code: TooLarge, Check: CheckFormat, Refused: true, Severity: Hint,
		sentence: words{
			en: "This code holds more than can be read here.",
			dz: "ཨང་རྟགས་འདི་ནང་ གནད་སྡུད་ མང་དྲགས་པས།",
		},
		next: words{
			en: "Ask the customer to share fewer details and show the code again.",
			dz: "ཞུ་མི་ལུ་ བརྡ་དོན་ཉུང་སུ་ གདམ་ཁ་རྐྱབ་སྟེ་ ཨང་རྟགས་ ལོག་སྟོན་བཅུག",
		},
	},
	{
		Code: Malformed, Check: CheckFormat, Refused: true, Severity: Hint, Problem: vcdm + "PARSING_ERROR",
		sentence: words{
			en: "This code is damaged or incomplete.",
			dz: "ཨང་རྟགས་འདི་ མེདཔ་ཐལ་ནུག ཡང་ན་ ཆ་ཚང་མིན་འདུག",
		},
		next: words{
			en: "Ask the customer to show the code again, held flat and with the screen bright.",
			dz: "གསལ་གཞི་གསལ་ཏོག་ཏོ་བཟོ་སྟེ་ ཨང་རྟགས་ ལོག་སྟོན་བཅུག",
		},
	},

	// 2. Not authentic.
	{
		Code: SignatureInvalid, Check: CheckSignature, Severity: Alarm, Problem: vcdm + "CRYPTOGRAPHIC_SECURITY_ERROR",
		sentence: words{
			en: "The signature on this credential does not match its contents.",
			dz: "ལག་ཁྱེར་འདི་གི་ མིང་རྟགས་དང་ནང་དོན་ མི་མཐུན་པས།",
		},
		next: words{
			en: "Do not accept it. Note the reference number and tell your supervisor.",
			dz: "ངོས་ལེན་མ་འབད། གཞི་བསྟུན་ཨང་བཞག་སྟེ་ འགོ་དཔོན་ལུ་ཞུ།",
		},
	},
	{
		Code: SignatureMissing, Check: CheckSignature, Severity: Alarm, Problem: integrity + "PROOF_VERIFICATION_ERROR",
		sentence: words{
			en: "Nobody has signed this credential.",
			dz: "ལག་ཁྱེར་འདི་གུ་ ག་གིས་ཡང་ མིང་རྟགས་ བཀོད་དེ་མིན་འདུག",
		},
		next: words{
			en: "Do not accept it. The customer can get a signed one from the issuing office.",
			dz: "ངོས་ལེན་མ་འབད། བྱིན་མི་ཡིག་ཚང་ལས་ མིང་རྟགས་ཡོད་མི་ ལེན་བཅུག",
		},
	},
	{
		Code: ClaimsNotCovered, Check: CheckCoverage, Severity: Alarm, Problem: vcdm + "CRYPTOGRAPHIC_SECURITY_ERROR",
		sentence: words{
			en: "Some details in this credential are not protected by its signature.",
			dz: "ལག་ཁྱེར་འདི་ནང་གི་ བརྡ་དོན་ལ་ལུ་ མིང་རྟགས་ཀྱིས་ ཉེན་སྲུང་མ་འབད་བས།",
		},
		next: words{
			en: "Do not rely on any of its details. Note the reference number and tell your supervisor.",
			dz: "བརྡ་དོན་ཚུ་ལུ་ བློ་མ་གཏད། གཞི་བསྟུན་ཨང་བཞག་སྟེ་ འགོ་དཔོན་ལུ་ཞུ།",
		},
	},
	{
		Code: AlgorithmRefused, Check: CheckAlgorithm, Severity: Refusal, Problem: integrity + "PROOF_VERIFICATION_ERROR",
		sentence: words{
			en: "This credential is signed in a way that is not accepted here.",
			dz: "ལག་ཁྱེར་འདི་གི་ མིང་རྟགས་བཀོད་ཐངས་ ནཱ་ལུ་ ངོས་ལེན་མི་འབད།",
		},
		next: words{
			en: "Do not accept it. The customer can ask the issuing office for a new one.",
			dz: "ངོས་ལེན་མ་འབད། བྱིན་མི་ཡིག་ཚང་ལས་ གསརཔ་ཅིག་ ལེན་བཅུག",
		},
	},
	{
		Code: ContextRefused, Check: CheckContext, Severity: Refusal,
		sentence: words{
			en: "The details in this credential are described in a way that is not accepted here.",
			dz: "ལག་ཁྱེར་འདི་གི་ བརྡ་དོན་བཀོད་ཐངས་ ནཱ་ལུ་ ངོས་ལེན་མི་འབད།",
		},
		next: words{
			en: "Ask for another credential. If it happens again, tell head office.",
			dz: "ལག་ཁྱེར་གཞན་ཅིག་ སྟོན་བཅུག ལོག་སྟེ་བྱུང་པ་ཅིན་ ལས་ཁང་གཙོ་བོ་ལུ་ཞུ།",
		},
	},

	// 3. The issuer or its key is not accepted.
	{
		Code: IssuerUnknown, Check: CheckIssuer, Severity: Refusal,
		sentence: words{
			en: "The office that issued this credential is not on our list.",
			dz: "ལག་ཁྱེར་འདི་བྱིན་མི་ལས་སྡེ་ ང་བཅས་ཀྱི་ཐོ་ནང་ མིན་འདུག",
		},
		next: words{
			en: "Ask for a credential from a listed office. Only head office can add to the list.",
			dz: "ཐོ་ནང་ཡོད་པའི་ལས་སྡེ་གི་ ལག་ཁྱེར་སྟོན་བཅུག ཐོ་ནང་བཙུགས་ནི་འདི་ ལས་ཁང་གཙོ་བོ་གིས་ཨིན།",
		},
	},
	{
		Code: IssuerNotValid, Check: CheckIssuer, Severity: Refusal,
		sentence: words{
			en: "The office that issued this credential is not accepted at this date.",
			dz: "ལག་ཁྱེར་འདི་བྱིན་མི་ལས་སྡེ་ ད་རེས་ཀྱི་ཚེས་གྲངས་ལུ་ ངོས་ལེན་མི་འབད།",
		},
		next: words{
			en: "Ask for another credential. If this is unexpected, tell head office.",
			dz: "ལག་ཁྱེར་གཞན་ཅིག་ སྟོན་བཅུག དགོས་པ་ཅིན་ ལས་ཁང་གཙོ་བོ་ལུ་ཞུ།",
		},
	},
	{
		Code: IssuerNotForType, Check: CheckType, Severity: Refusal,
		sentence: words{
			en: "The office that issued this credential is not accepted for this kind of credential.",
			dz: "བྱིན་མི་ལས་སྡེ་འདི་ ལག་ཁྱེར་དབྱེ་བ་འདི་གི་དོན་ལུ་ ངོས་ལེན་མི་འབད།",
		},
		next: words{
			en: "Ask for this credential from the office that is responsible for it.",
			dz: "འགན་འབག་མི་ལས་སྡེ་གི་ ལག་ཁྱེར་ སྟོན་བཅུག",
		},
	},
	{
		Code: KeyRevoked, Check: CheckKey, Severity: Alarm,
		sentence: words{
			en: "The issuing office has withdrawn the signature on this credential.",
			dz: "བྱིན་མི་ལས་སྡེ་གིས་ ལག་ཁྱེར་འདི་གི་མིང་རྟགས་ ཆ་མེད་བཏང་ནུག",
		},
		next: words{
			en: "Do not accept it. The customer needs a new one from the issuing office.",
			dz: "ངོས་ལེན་མ་འབད། ཞུ་མི་གིས་ བྱིན་མི་ཡིག་ཚང་ལས་ གསརཔ་ཅིག་ ལེན་དགོ།",
		},
	},
	{
		Code: CertificateRefused, Check: CheckKey, Severity: Refusal,
		sentence: words{
			en: "The certificate behind this credential's signature is not accepted here.",
			dz: "མིང་རྟགས་འདི་གི་ བདེན་ཁུངས་ཡིག་ཆ་ ནཱ་ལུ་ ངོས་ལེན་མི་འབད།",
		},
		next: words{
			en: "Do not accept it. Note the reference number and tell head office.",
			dz: "ངོས་ལེན་མ་འབད། གཞི་བསྟུན་ཨང་བཞག་སྟེ་ ལས་ཁང་གཙོ་བོ་ལུ་ཞུ།",
		},
	},
	{
		Code: KeyUnknown, Check: CheckKey, MayBeUndecided: true, Severity: Notice,
		sentence: words{
			en: "The issuing office's signature is not known to this kiosk.",
			dz: "བྱིན་མི་ལས་སྡེ་གི་མིང་རྟགས་ འཕྲུལ་ཆས་འདི་གིས་ མི་ཤེས་པས།",
		},
		next: words{
			en: "Connect the kiosk to update it and try again. If it stays so, tell head office.",
			dz: "ཡོངས་འབྲེལ་མཐུད་དེ་ དུས་མཐུན་བཟོ་ཞིནམ་ལས་ ལོག་འབད། མ་བཏུབ་པ་ཅིན་ ལས་ཁང་གཙོ་བོ་ལུ་ཞུ།",
		},
	},

	// 4. Another wallet's.
	{
		Code: HolderBindingMismatch, Check: CheckHolder, Severity: Alarm, Problem: integrity + "PROOF_VERIFICATION_ERROR",
		sentence: words{
			en: "This credential was issued to another wallet.",
			dz: "ལག་ཁྱེར་འདི་ འགྲུལ་འཕྲིན་གཞན་ཅིག་ལུ་ བྱིན་བྱིནམ་ཨིན་མས།",
		},
		next: words{
			en: "Ask for the credential to be shown from the wallet it was issued to.",
			dz: "ལག་ཁྱེར་ཐོབ་མི་ འགྲུལ་འཕྲིན་དེ་ནང་ལས་ སྟོན་བཅུག",
		},
	},
	{
		Code: HolderNotSame, Check: CheckHolder, Severity: Refusal,
		sentence: words{
			en: "These credentials do not all belong to one wallet.",
			dz: "ལག་ཁྱེར་འདི་ཚུ་ འགྲུལ་འཕྲིན་གཅིག་གི་ མེན་པས།",
		},
		next: words{
			en: "Ask the customer to show all of them from one wallet.",
			dz: "ལག་ཁྱེར་ཆ་མཉམ་ འགྲུལ་འཕྲིན་གཅིག་ནང་ལས་ སྟོན་བཅུག",
		},
	},

	// 5. Withdrawn, or its time is over or has not come.
	{
		Code: Revoked, Check: CheckStatus, Severity: Refusal,
		sentence: words{
			en: "The issuing office has cancelled this credential.",
			dz: "བྱིན་མི་ལས་སྡེ་གིས་ ལག་ཁྱེར་འདི་ ཆ་མེད་བཏང་ནུག",
		},
		next: words{
			en: "Do not accept it. The customer can ask the issuing office why.",
			dz: "ངོས་ལེན་མ་འབད། རྒྱུ་མཚན་ བྱིན་མི་ཡིག་ཚང་ལུ་ འདྲི་བཅུག",
		},
	},
	{
		Code: Suspended, Check: CheckStatus, Severity: Refusal,
		sentence: words{
			en: "The issuing office has put this credential on hold for now.",
			dz: "བྱིན་མི་ལས་སྡེ་གིས་ ལག་ཁྱེར་འདི་ གནས་སྐབས་ཅིག་ བཀག་བཞག་ནུག",
		},
		next: words{
			en: "Do not accept it today. The issuing office can say when it counts again.",
			dz: "ད་རེས་ ངོས་ལེན་མ་འབད། ནམ་ལོག་ ཆ་གནས་འགྱོ་ནི་ཨིན་ན་ བྱིན་མི་ཡིག་ཚང་ལུ་ འདྲི་བཅུག",
		},
	},
	{
		Code: StatusRefused, Check: CheckStatus, Severity: Refusal,
		sentence: words{
			en: "The issuing office has marked this credential in a way that is not accepted here.",
			dz: "བྱིན་མི་ལས་སྡེ་གིས་ ལག་ཁྱེར་འདི་གུ་ ངོས་ལེན་མི་བཏུབ་པའི་ བརྡ་རྟགས་བཀོད་ནུག",
		},
		next: words{
			en: "Do not accept it. The customer can ask the issuing office what the mark means.",
			dz: "ངོས་ལེན་མ་འབད། བརྡ་རྟགས་ཀྱི་དོན་དག་ བྱིན་མི་ཡིག་ཚང་ལུ་ འདྲི་བཅུག",
		},
	},
	{
		Code: Expired, Check: CheckValidity, Severity: Refusal,
		sentence: words{
			en: "This credential has expired.",
			dz: "ལག་ཁྱེར་འདི་ དུས་ཡོལ་ནུག",
		},
		next: words{
			en: "Ask the customer to renew it, or to show one that is still valid.",
			dz: "ལག་ཁྱེར་གསརཔ་བཟོ་བཅུག ཡང་ན་ དུས་མ་ཡོལ་མི་ཅིག་ སྟོན་བཅུག",
		},
	},
	{
		Code: NotYetValid, Check: CheckValidity, Severity: Refusal,
		sentence: words{
			en: "This credential is not valid yet.",
			dz: "ལག་ཁྱེར་འདི་ ད་ལྟོ་ཚུན་ ཆ་གནས་མ་འགྱོ་བས།",
		},
		next: words{
			en: "Ask the customer to come back when it is valid, or to show another.",
			dz: "ཆ་གནས་འགྱོ་བའི་ཉིནམ་ལུ་ ལོག་འོང་བཅུག ཡང་ན་ གཞན་ཅིག་ སྟོན་བཅུག",
		},
	},
	{
		Code: TooOld, Check: CheckValidity, Severity: Refusal,
		sentence: words{
			en: "This credential was issued too long ago for this purpose.",
			dz: "ལག་ཁྱེར་འདི་བྱིན་ཏེ་ ཡུན་རིང་དྲགས་སོ་ནུག",
		},
		next: words{
			en: "Ask the customer to get a newer one from the issuing office.",
			dz: "བྱིན་མི་ཡིག་ཚང་ལས་ གསརཔ་ཅིག་ ལེན་བཅུག",
		},
	},
	{
		Code: StatusMissing, Check: CheckStatus, Severity: Refusal,
		sentence: words{
			en: "This credential does not say where to check that it is still valid.",
			dz: "ལག་ཁྱེར་འདི་ ད་ལྟོ་ཆ་གནས་ཡོད་མེད་ ག་ཏེ་བརྟག་ནི་ཨིན་ན་ བཀོད་དེ་མིན་འདུག",
		},
		next: words{
			en: "Ask for another credential. If this is unexpected, tell head office.",
			dz: "ལག་ཁྱེར་གཞན་ཅིག་ སྟོན་བཅུག དགོས་པ་ཅིན་ ལས་ཁང་གཙོ་བོ་ལུ་ཞུ།",
		},
	},

	// 6. Not what was asked for.
	{
		Code: QueryNotSatisfied, Check: CheckQuery, Severity: Hint,
		sentence: words{
			en: "This is not the credential that is needed here.",
			dz: "འདི་ ནཱ་ལུ་དགོ་མི་ ལག་ཁྱེར་མེན་པས།",
		},
		next: words{
			en: "Tell the customer which credential is needed and ask for that one.",
			dz: "ལག་ཁྱེར་ག་ཅི་དགོཔ་ཨིན་ན་ ཞུ་མི་ལུ་སླབ་སྟེ་ དེ་སྟོན་བཅུག",
		},
	},
	{
		Code: ClaimMissing, Check: CheckQuery, Severity: Hint,
		sentence: words{
			en: "A detail that is needed was not shared.",
			dz: "དགོ་མི་བརྡ་དོན་ཅིག་ མིན་འདུག",
		},
		next: words{
			en: "Ask the customer to share it as well and show the code again.",
			dz: "ཞུ་མི་ལུ་ བརྡ་དོན་དེ་ཡང་བཙུགས་ཏེ་ ཨང་རྟགས་ ལོག་སྟོན་བཅུག",
		},
	},

	// 7. Shown in the wrong way.
	{
		Code: AudienceMismatch, Check: CheckHolder, Severity: Hint, Problem: integrity + "INVALID_DOMAIN_ERROR",
		sentence: words{
			en: "This code was made for another place.",
			dz: "ཨང་རྟགས་འདི་ ས་ཁོངས་གཞན་གྱི་དོན་ལུ་ བཟོ་བཟོཝ་ཨིན་མས།",
		},
		next: words{
			en: "Ask the customer to make a new code for this kiosk.",
			dz: "ཞུ་མི་ལུ་ འཕྲུལ་ཆས་འདི་གི་དོན་ལུ་ ཨང་རྟགས་གསརཔ་ཅིག་ བཟོ་བཅུག",
		},
	},
	{
		Code: NonceMismatch, Check: CheckFreshness, Severity: Hint, Problem: integrity + "INVALID_CHALLENGE_ERROR",
		sentence: words{
			en: "This code does not answer what the kiosk asked just now.",
			dz: "ཨང་རྟགས་འདི་ འཕྲུལ་ཆས་ཀྱིས་ ད་ལྟོ་འདྲི་མི་གི་ ལན་མེན་པས།",
		},
		next: words{
			en: "Clear the screen, then ask the customer to answer the new code on the kiosk.",
			dz: "གསལ་གཞི་སེལ་ཞིནམ་ལས་ འཕྲུལ་ཆས་ཀྱི་ཨང་རྟགས་གསརཔ་ལུ་ ལན་བྱིན་བཅུག",
		},
	},
	{
		Code: HolderBindingMissing, Check: CheckHolder, Severity: Hint,
		sentence: words{
			en: "This code does not prove that the credential is in the customer's own wallet.",
			dz: "ལག་ཁྱེར་འདི་ ཞུ་མི་ར་གི་ འགྲུལ་འཕྲིན་ནང་ཡོད་པའི་ བདེན་ཁུངས་ མིན་འདུག",
		},
		next: words{
			en: "Ask the customer to show it from the wallet itself, not from a picture or on paper.",
			dz: "པར་དང་ཤོག་ཀུ་མེན་པར་ འགྲུལ་འཕྲིན་ནང་ལས་ ཐད་ཀར་དུ་ སྟོན་བཅུག",
		},
	},
	{
		Code: PresentationNotFresh, Check: CheckFreshness, Severity: Hint,
		sentence: words{
			en: "This code was not made just now.",
			dz: "ཨང་རྟགས་འདི་ ད་ལྟོ་བཟོ་བཟོཝ་ མེན་པས།",
		},
		next: words{
			en: "Ask the customer to make a new code and show it at once.",
			dz: "ཞུ་མི་ལུ་ ཨང་རྟགས་གསརཔ་བཟོ་སྟེ་ འཕྲལ་ལས་ སྟོན་བཅུག",
		},
	},
	{
		Code: Replayed, Check: CheckReplay, Severity: Hint,
		sentence: words{
			en: "This code has been used before.",
			dz: "ཨང་རྟགས་འདི་ ཧེ་མ་ལས་ ལག་ལེན་འཐབ་ཚར་ནུག",
		},
		next: words{
			en: "Ask the customer to make a new code in the wallet.",
			dz: "ཞུ་མི་ལུ་ འགྲུལ་འཕྲིན་ནང་ ཨང་རྟགས་གསརཔ་ཅིག་ བཟོ་བཅུག",
		},
	},

	// 8. Nothing is wrong with it, but something could not be checked.
	{
		Code: ClockUntrusted, Check: CheckClock, Verdict: Undecided, Severity: Notice,
		sentence: words{
			en: "This kiosk is not sure of the time, so it cannot decide.",
			dz: "འཕྲུལ་ཆས་འདི་གི་ ཆུ་ཚོད་ངེས་བདེན་མེདཔ་ལས་ ཐག་གཅད་མི་ཚུགས།",
		},
		next: words{
			en: "Connect the kiosk or have its clock set, then try again.",
			dz: "ཡོངས་འབྲེལ་མཐུད། ཡང་ན་ ཆུ་ཚོད་བཅོས་ཞིནམ་ལས་ ལོག་འབད།",
		},
	},
	{
		Code: TrustStale, Check: CheckTrust, Verdict: Undecided, Severity: Notice,
		sentence: words{
			en: "This kiosk's list of issuing offices is too old to decide.",
			dz: "བྱིན་མི་ལས་སྡེ་ཚུ་གི་ཐོ་ རྙིངམ་ཐལ་ཏེ་ ཐག་གཅད་མི་ཚུགས།",
		},
		next: words{
			en: "Connect the kiosk to update it and try again, or follow the manual procedure.",
			dz: "ཡོངས་འབྲེལ་མཐུད་དེ་ ལོག་འབད། ཡང་ན་ ལག་ཐོག་ལས་ བརྟག་ཞིབ་འབད།",
		},
	},
	{
		Code: StatusUnavailable, Check: CheckStatus, Verdict: Undecided, Severity: Notice, Problem: statusList + "STATUS_RETRIEVAL_ERROR",
		sentence: words{
			en: "This kiosk does not know whether the credential has been cancelled.",
			dz: "ལག་ཁྱེར་འདི་ ཆ་མེད་བཏང་ཡོད་མེད་ འཕྲུལ་ཆས་འདི་གིས་ མི་ཤེས་པས།",
		},
		next: words{
			en: "Connect the kiosk to update it and try again, or follow the manual procedure.",
			dz: "ཡོངས་འབྲེལ་མཐུད་དེ་ ལོག་འབད། ཡང་ན་ ལག་ཐོག་ལས་ བརྟག་ཞིབ་འབད།",
		},
	},
	{
		Code: StatusStale, Check: CheckStatus, Verdict: Undecided, Severity: Notice,
		sentence: words{
			en: "This kiosk's list of cancelled credentials is too old to decide.",
			dz: "ཆ་མེད་བཏང་མི་ ལག་ཁྱེར་གྱི་ཐོ་ རྙིངམ་ཐལ་ཏེ་ ཐག་གཅད་མི་ཚུགས།",
		},
		next: words{
			en: "Connect the kiosk to update it and try again, or follow the manual procedure.",
			dz: "ཡོངས་འབྲེལ་མཐུད་དེ་ ལོག་འབད། ཡང་ན་ ལག་ཐོག་ལས་ བརྟག་ཞིབ་འབད།",
		},
	},
	{
		Code: StatusListInvalid, Check: CheckStatus, Verdict: Undecided, Severity: Notice, Problem: statusList + "STATUS_VERIFICATION_ERROR",
		sentence: words{
			en: "The issuing office's list of cancelled credentials cannot be used.",
			dz: "བྱིན་མི་ལས་སྡེ་གི་ ཆ་མེད་ལག་ཁྱེར་གྱི་ཐོ་ ལག་ལེན་འཐབ་མི་བཏུབ་པས།",
		},
		next: words{
			en: "Tell head office, and follow the manual procedure until it is mended.",
			dz: "ལས་ཁང་གཙོ་བོ་ལུ་ཞུ། མ་བཅོས་ཚུན་ ལག་ཐོག་ལས་ བརྟག་ཞིབ་འབད།",
		},
	},
}
