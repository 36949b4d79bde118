package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// phrases are the words that belong to the screen itself. No native reader has
// approved the Dzongkha yet. It is never written to.
var phrases = struct {
	idle, idleSentence                             text
	scanning, scanningSentence                     text
	deciding, decidingSentence                     text
	unreadable, unreadableSentence, unreadableNext text
	blocked                                        text
}{
	idle:             text{"Ready", "གྲ་སྒྲིག་ཡོད།"},
	idleSentence:     text{"Please hold the code from your wallet in front of the camera.", "འགྲུལ་འཕྲིན་ནང་གི་ཨང་རྟགས་ པར་ཆས་ཀྱི་གདོང་ཁར་ སྟོན་གནང་།"},
	scanning:         text{"Reading the code", "ཨང་རྟགས་ལྷག་དོ།"},
	scanningSentence: text{"Please hold it still.", "མ་འགུལ་བར་ བཞག་གནང་།"},
	deciding:         text{"Checking", "བརྟག་ཞིབ་འབད་དོ།"},
	decidingSentence: text{"One moment, please.", "དུམ་གྲ་ཅིག་ བསྒུག་གནང་།"},
	unreadable:       text{"Could not read the code", "ཨང་རྟགས་ ལྷག་མ་ཚུགས།"},
	unreadableSentence: text{
		"The code is blurred, covered or cut off.",
		"ཨང་རྟགས་འདི་ གསལ་ཏོག་ཏོ་མིན་འདུག ཡང་ན་ ཆ་མ་ཚང་།",
	},
	unreadableNext: text{
		"Hold the phone flat, a hand's width from the camera, with its screen bright.",
		"འགྲུལ་འཕྲིན་གྱི་གསལ་གཞི་ གསལ་བཟོ་སྟེ་ པར་ཆས་ཀྱི་གདོང་ཁར་ ཐད་ཀར་བཞག",
	},
	blocked: text{"Not ready", "གྲ་སྒྲིག་མེད།"},
}

// labels are what the page itself needs, given to it once.
var labels = map[string]text{
	"reference": {"Reference", "གཞི་བསྟུན་ཨང་"},
	"clear":     {"Next customer", "ཞུ་མི་ཤུལ་མམ་"},
	"lost":      {"Please wait", "བསྒུག་གནང་།"},
	"lost_sentence": {
		"This screen has lost its kiosk and is looking for it.",
		"གསལ་གཞི་འདི་ འཕྲུལ་ཆས་དང་མཐུད་ནི་ འབད་རྩོལ་བསྐྱེད་དོ།",
	},
	"lost_next": {
		"If this stays for a minute, turn the kiosk off and on once.",
		"སྐར་མ་གཅིག་གི་ནང་ མ་བཏུབ་པ་ཅིན་ འཕྲུལ་ཆས་ཚར་གཅིག་ བསད་དེ་ལོག་སྤར།",
	},
}

// age says how old knowledge is, rounded down to what a person would say.
func age(asOf, now time.Time) text {
	const day = 24 * time.Hour
	old := now.Sub(asOf)
	switch {
	case old < 0:
		// The kiosk's clock lies behind what it knows: a number would be nonsense.
		return text{}
	case old < 2*time.Minute:
		return text{"What this kiosk knows is up to date.", "འཕྲུལ་ཆས་འདི་གི་བརྡ་དོན་ དུས་མཐུན་ཨིན།"}
	case old < 2*time.Hour:
		return aged(int(old/time.Minute), "minutes", "སྐར་མ་")
	case old < 2*day:
		return aged(int(old/time.Hour), "hours", "ཆུ་ཚོད་")
	default:
		return aged(int(old/day), "days", "ཉིནམ་")
	}
}

func aged(n int, en, dz string) text {
	return text{
		fmt.Sprintf("What this kiosk knows is %d %s old.", n, en),
		fmt.Sprintf("འཕྲུལ་ཆས་འདི་གི་བརྡ་དོན་ %s%s གི་ཧེ་མའི་ཨིན།", dz, digits(n)),
	}
}

// digits writes n in Tibetan digits.
func digits(n int) string {
	return strings.Map(func(r rune) rune { return '༠' + r - '0' }, strconv.Itoa(n))
}
