package reason

// Language is a language the table speaks, as a BCP 47 tag.
type Language string

const (
	English  Language = "en"
	Dzongkha Language = "dz"
)

// Languages lists the languages in which every code has its words. The slice is
// the caller's own.
func Languages() []Language { return []Language{English, Dzongkha} }

// words is one text in every language: one field each, so that a missing one
// shows in the table.
type words struct{ en, dz string }

func (w words) in(lang Language) string {
	if lang == Dzongkha {
		return w.dz
	}
	return w.en
}

// OutcomeWords is how an outcome is told to staff.
type OutcomeWords struct{ title, sentence, next words }

// Title is the one or two words beside the icon.
func (w OutcomeWords) Title(lang Language) string { return w.title.in(lang) }

// Sentence says what the outcome means, where no code says it better.
func (w OutcomeWords) Sentence(lang Language) string { return w.sentence.in(lang) }

// Next says what to do now, where no code says it better.
func (w OutcomeWords) Next(lang Language) string { return w.next.in(lang) }

// Words gives the words for an outcome. For one that is not accepted, the
// sentence and next step of the [Lead] code say more.
func (o Outcome) Words() OutcomeWords {
	switch o {
	case Accepted:
		return OutcomeWords{
			title: words{en: "Accepted", dz: "ངོས་ལེན་གྲུབ་ཡོད།"},
			sentence: words{
				en: "This credential is genuine and passed every check.",
				dz: "ལག་ཁྱེར་འདི་ ངོ་མ་ཨིནམ་མ་ཚད་ བརྟག་ཞིབ་ཆ་མཉམ་ མཐར་འཁྱོལ་ཡི།",
			},
			next: words{
				en: "Carry on with the customer.",
				dz: "ཞུ་མི་གི་ལཱ་ འཕྲོ་མཐུད་འབད།",
			},
		}
	case Indeterminate:
		return OutcomeWords{
			title: words{en: "Could not check", dz: "བརྟག་ཞིབ་འབད་མ་ཚུགས།"},
			sentence: words{
				en: "Nothing was found wrong with this credential, but not everything could be checked.",
				dz: "ལག་ཁྱེར་འདི་ལུ་ སྐྱོན་མ་ཐོབ། འདི་འབདཝ་ད་ ཆ་མཉམ་བརྟག་ཞིབ་འབད་མ་ཚུགས།",
			},
			next: words{
				en: "Try again later, or follow the manual procedure.",
				dz: "ཤུལ་ལས་ལོག་འབད། ཡང་ན་ ལག་ཐོག་ལས་ བརྟག་ཞིབ་འབད།",
			},
		}
	default:
		return OutcomeWords{
			title: words{en: "Not accepted", dz: "ངོས་ལེན་མི་འབད།"},
			sentence: words{
				en: "This credential cannot be accepted here.",
				dz: "ལག་ཁྱེར་འདི་ ནཱ་ལུ་ ངོས་ལེན་འབད་མི་ཚུགས།",
			},
			next: words{
				en: "Keep the reference number and ask your supervisor.",
				dz: "གཞི་བསྟུན་ཨང་བཞག་སྟེ་ འགོ་དཔོན་ལུ་འདྲི།",
			},
		}
	}
}

// RefusedWords is how something that is no presentation at all is told to
// staff, where no code says it better.
func RefusedWords() OutcomeWords {
	return OutcomeWords{
		title: words{en: "Not a credential", dz: "ལག་ཁྱེར་མེན།"},
		sentence: words{
			en: "What was shown is not a credential.",
			dz: "སྟོན་མི་འདི་ ལག་ཁྱེར་ཅིག་མེན་པས།",
		},
		next: words{
			en: "Ask the customer to show a credential's code.",
			dz: "ཞུ་མི་ལུ་ ལག་ཁྱེར་གྱི་ཨང་རྟགས་ སྟོན་བཅུག",
		},
	}
}
