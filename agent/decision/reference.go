package decision

import (
	"fmt"
	"strconv"
	"strings"
)

// alphabet is Crockford's base 32: no I, L, O or U, so that a number read aloud
// or copied by hand survives.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Reference is the short number under which a decision can be found again:
// three letters that tell the outbox's epoch, the sequence number, and a check
// letter, such as "7QK-0042-M". It says nothing about the person.
func Reference(epoch string, seq uint64) string {
	body := epochLetters(epoch) + "-" + fmt.Sprintf("%04d", seq)
	return body + "-" + string(checkLetter(body))
}

// ParseReference reads a reference as people write it (lower case, O for 0, I or
// L for 1) and gives the epoch's letters and the sequence number; false if the
// check letter does not fit.
func ParseReference(s string) (epochLetters string, seq uint64, ok bool) {
	s = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(s)))
	parts := strings.Split(s, "-")
	if len(parts) != 3 || len(parts[0]) != 3 || len(parts[1]) < 4 || len(parts[2]) != 1 {
		return "", 0, false
	}
	seq, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil || parts[2][0] != checkLetter(parts[0]+"-"+parts[1]) {
		return "", 0, false
	}
	return parts[0], seq, true
}

// epochLetters folds the epoch into 15 bits.
func epochLetters(epoch string) string {
	var sum uint32 = 1
	for i := range len(epoch) {
		sum = (sum*31 + uint32(epoch[i])) % 32749 // the largest prime below 2^15
	}
	return string([]byte{alphabet[sum>>10&31], alphabet[sum>>5&31], alphabet[sum&31]})
}

// checkLetter catches every single wrong digit and every swap of neighbours:
// the weights 1, 2, 3 … are taken modulo the prime 31, one below the alphabet,
// and differ between neighbours.
func checkLetter(body string) byte {
	sum := 0
	for i := range len(body) {
		v := strings.IndexByte(alphabet, body[i])
		if v < 0 {
			v = 0
		}
		sum += (i%30 + 1) * v
	}
	return alphabet[sum%31]
}
