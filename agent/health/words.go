package health

import "github.com/dzong-id/dzong/sdk/reason"

type entry struct {
	severity       Severity
	sentence, next words
}

type words struct{ en, dz string }

func (w words) in(lang reason.Language) string {
	if lang == reason.Dzongkha {
		return w.dz
	}
	return w.en
}

// table is never written to. No native reader has approved the Dzongkha yet.
var table = map[Code]entry{
	OutboxFull: {
		severity: Blocking,
		sentence: words{
			en: "This kiosk has no room left for records, so it cannot decide.",
			dz: "འཕྲུལ་ཆས་འདི་ནང་ ཐོ་བཀོད་བཞག་སའི་ས་སྟོང་མེདཔ་ལས་ ཐག་གཅད་མི་ཚུགས།",
		},
		next: words{
			en: "Connect the kiosk, so that head office can take the records. Use the manual procedure.",
			dz: "ཡོངས་འབྲེལ་མཐུད་དེ་ ཐོ་བཀོད་ཚུ་ ལས་ཁང་གཙོ་བོ་ལུ་གཏང་། ལག་ཐོག་ལས་ བརྟག་ཞིབ་འབད།",
		},
	},
	OutboxFilling: {
		severity: Warning,
		sentence: words{
			en: "The room for records is running out.",
			dz: "ཐོ་བཀོད་བཞག་སའི་ས་སྟོང་ རྫོགས་ནི་འབད་དོ།",
		},
		next: words{
			en: "Connect the kiosk, so that head office can take the records.",
			dz: "ཡོངས་འབྲེལ་མཐུད་དེ་ ཐོ་བཀོད་ཚུ་ ལས་ཁང་གཙོ་བོ་ལུ་གཏང་།",
		},
	},
	DiskFailed: {
		severity: Blocking,
		sentence: words{
			en: "This kiosk cannot write its records, so it cannot decide.",
			dz: "འཕྲུལ་ཆས་འདི་གིས་ ཐོ་བཀོད་འབྲི་མ་ཚུགསཔ་ལས་ ཐག་གཅད་མི་ཚུགས།",
		},
		next: words{
			en: "Turn the kiosk off and on once. If it stays so, tell head office.",
			dz: "འཕྲུལ་ཆས་ཚར་གཅིག་ བསད་དེ་ལོག་སྤར། མ་བཏུབ་པ་ཅིན་ ལས་ཁང་གཙོ་བོ་ལུ་ཞུ།",
		},
	},
	CameraFailed: {
		severity: Blocking,
		sentence: words{
			en: "The camera gives no picture.",
			dz: "པར་ཆས་ནང་ལས་ པར་མི་འཐོན་པས།",
		},
		next: words{
			en: "Check the camera's cable, then turn the kiosk off and on once.",
			dz: "པར་ཆས་ཀྱི་ཐགཔ་བརྟག་ཞིནམ་ལས་ འཕྲུལ་ཆས་ཚར་གཅིག་ བསད་དེ་ལོག་སྤར།",
		},
	},
	TrustMissing: {
		severity: Warning,
		sentence: words{
			en: "This kiosk has no list of issuing offices yet, so it cannot check any credential.",
			dz: "འཕྲུལ་ཆས་འདི་ལུ་ བྱིན་མི་ལས་སྡེ་ཚུ་གི་ཐོ་མེདཔ་ལས་ ཐག་གཅད་མི་ཚུགས།",
		},
		next: words{
			en: "Connect the kiosk, or bring the list on a USB stick from head office.",
			dz: "ཡོངས་འབྲེལ་མཐུད། ཡང་ན་ ལས་ཁང་གཙོ་བོ་ལས་ ཐོ་འབག་འོང་།",
		},
	},
	TrustStale: {
		severity: Warning,
		sentence: words{
			en: "The list of issuing offices is too old.",
			dz: "བྱིན་མི་ལས་སྡེ་ཚུ་གི་ཐོ་ རྙིངམ་ཐལ་ནུག",
		},
		next: words{
			en: "Connect the kiosk to update it.",
			dz: "ཡོངས་འབྲེལ་མཐུད་དེ་ དུས་མཐུན་བཟོ།",
		},
	},
	ClockUntrusted: {
		severity: Warning,
		sentence: words{
			en: "The kiosk's clock is wrong.",
			dz: "འཕྲུལ་ཆས་ཀྱི་ཆུ་ཚོད་ མ་བདེན་པས།",
		},
		next: words{
			en: "Connect the kiosk or have its clock set, then turn it off and on once.",
			dz: "ཡོངས་འབྲེལ་མཐུད། ཡང་ན་ ཆུ་ཚོད་བཅོས་ཏེ་ འཕྲུལ་ཆས་ཚར་གཅིག་ བསད་དེ་ལོག་སྤར།",
		},
	},
	ClockUnproven: {
		severity: Info,
		sentence: words{
			en: "Nothing has confirmed the kiosk's clock since it was turned on.",
			dz: "འཕྲུལ་ཆས་སྤར་ཚར་ཞིནམ་ལས་ ཆུ་ཚོད་བདེན་པའི་ ངེས་དཔྱད་མིན་འདུག",
		},
		next: words{
			en: "Connect the kiosk when there is a line.",
			dz: "ཡོངས་འབྲེལ་ཡོད་པའི་སྐབས་ མཐུད།",
		},
	},
	StatusIncomplete: {
		severity: Warning,
		sentence: words{
			en: "Some lists of cancelled credentials are missing or too old.",
			dz: "ཆ་མེད་ལག་ཁྱེར་གྱི་ཐོ་ ལ་ལུ་མིན་འདུག ཡང་ན་ རྙིངམ་ཐལ་ནུག",
		},
		next: words{
			en: "Connect the kiosk to update them.",
			dz: "ཡོངས་འབྲེལ་མཐུད་དེ་ ཐོ་ཚུ་ དུས་མཐུན་བཟོ།",
		},
	},
	SyncFailing: {
		severity: Info,
		sentence: words{
			en: "The last update did not come through.",
			dz: "མཇུག་གི་དུས་མཐུན་ མཐར་མ་འཁྱོལ་བས།",
		},
		next: words{
			en: "The kiosk tries again by itself.",
			dz: "འཕྲུལ་ཆས་རང་གིས་ར་ ལོག་འབདཝ་ཨིན།",
		},
	},
	BrokerOffline: {
		severity: Info,
		sentence: words{
			en: "There is no line to head office. Records are kept here until there is.",
			dz: "ལས་ཁང་གཙོ་བོ་ལུ་ འབྲེལ་ལམ་མིན་འདུག ཐོ་བཀོད་ཚུ་ ནཱ་ལུ་བཞག་སྟེ་ཡོད།",
		},
		next: words{
			en: "Carry on. The kiosk sends the records by itself.",
			dz: "ལཱ་འཕྲོ་མཐུད་འབད། འཕྲུལ་ཆས་རང་གིས་ར་ གཏང་འོང་།",
		},
	},
	ReceiptsLate: {
		severity: Warning,
		sentence: words{
			en: "Head office has not signed for this kiosk's records for a while.",
			dz: "ལས་ཁང་གཙོ་བོ་གིས་ ཐོ་བཀོད་ཚུ་ ཐོབ་ཡོད་པའི་མིང་རྟགས་ ད་ཚུན་མ་བཀོད་པས།",
		},
		next: words{
			en: "Tell head office. Nothing is lost meanwhile.",
			dz: "ལས་ཁང་གཙོ་བོ་ལུ་ཞུ། ཐོ་བཀོད་ བྱང་ནི་མེད།",
		},
	},
	RecordConflict: {
		severity: Warning,
		sentence: words{
			en: "The records here and those at head office do not agree.",
			dz: "ནཱ་གི་ཐོ་བཀོད་དང་ ལས་ཁང་གཙོ་བོ་གི་ཐོ་བཀོད་ མི་མཐུན་པས།",
		},
		next: words{
			en: "Tell head office, and do not reset the kiosk.",
			dz: "ལས་ཁང་གཙོ་བོ་ལུ་ཞུ། འཕྲུལ་ཆས་ སླར་སྒྲིག་མ་འབད།",
		},
	},
	StageFailed: {
		severity: Warning,
		sentence: words{
			en: "A part of this kiosk stopped and is being started again.",
			dz: "འཕྲུལ་ཆས་ཀྱི་ཆ་ཤས་ཅིག་ བཀག་སོ་ནུག ལོག་འགོ་བཙུགས་དོ།",
		},
		next: words{
			en: "If this stays, turn the kiosk off and on once and tell head office.",
			dz: "མ་བཏུབ་པ་ཅིན་ འཕྲུལ་ཆས་ཚར་གཅིག་ བསད་དེ་ལོག་སྤར་ཞིནམ་ལས་ ལས་ཁང་གཙོ་བོ་ལུ་ཞུ།",
		},
	},
}
