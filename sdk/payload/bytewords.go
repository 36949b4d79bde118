package payload

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// byteWords is the first and last letter of each of the 256 words of BCR-2020-012
// in order, which is what its minimal style writes for a byte.
const byteWords = "aeadaoaxaaahamatayasbkbdbnbtbabsbebybgbwbbbzcmchcscfcycwcecackct" +
	"cxclcpcndkdadsdidedtdrdndwdpdmdldyeheyeoeeecenemetesftfrfnfsfmfh" +
	"fzfpfwfxfyfefgflfdgagegrgsgtglgwgdgygmgughgohfhghdhkhthphhhlhyhe" +
	"hnhsidiaieihiyioisinimjejzjnjtjljojsjpjkjykpkoktkskkknkgkekikblb" +
	"lalylflslrlplnltloldlelulklgmnmymhmemomumwmdmtmsmknlnyndnsntnnne" +
	"nboyoeotoxonolospdptpkpypspmplpepfpaprqdqzrerprlrorhrdrkrfryrnrs" +
	"rtsesasrssskswstspsosgsbsfsntotktitttdtetytltbtstptatnuyuoutueur" +
	"vtvyvovlvevwvavdvswlwdwmwpwewywswtwnwzwfwkykynylyaytzszoztzczezm"

// byteWord is the byte for each pair of letters, or -1.
var byteWord = func() (table [26 * 26]int16) {
	for i := range table {
		table[i] = -1
	}
	for i := range 256 {
		table[int(byteWords[2*i]-'a')*26+int(byteWords[2*i+1]-'a')] = int16(i)
	}
	return table
}()

var (
	errBytewords = errors.New("it holds something that is no byteword")
	errChecksum  = errors.New("its checksum is wrong")
)

// unword undoes minimal bytewords, in either case: two letters a byte, and the
// CRC-32 of the bytes behind them, most significant byte first.
func unword(text []byte) ([]byte, error) {
	if len(text)%2 != 0 || len(text) < 2*crc32.Size {
		return nil, errBytewords
	}
	out := make([]byte, len(text)/2)
	for i := range out {
		a, b := text[2*i]|0x20, text[2*i+1]|0x20 // letters to lower case
		if a < 'a' || a > 'z' || b < 'a' || b > 'z' {
			return nil, errBytewords
		}
		v := byteWord[int(a-'a')*26+int(b-'a')]
		if v < 0 {
			return nil, errBytewords
		}
		out[i] = byte(v)
	}
	body := out[:len(out)-crc32.Size]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(out[len(body):]) {
		return nil, errChecksum
	}
	return body, nil
}

var errCBOR = errors.New("it is not the CBOR that its form asks for")

// head reads one head of deterministic CBOR (RFC 8949 §4.2.1: "the shortest
// form"), of the given major type, and gives its argument and what follows.
func head(data []byte, major byte) (argument uint64, rest []byte, err error) {
	if len(data) == 0 || data[0]>>5 != major {
		return 0, nil, errCBOR
	}
	info, size := data[0]&0x1f, 0
	switch {
	case info < 24:
		return uint64(info), data[1:], nil
	case info <= 27:
		size = 1 << (info - 24)
	default:
		return 0, nil, errCBOR // indefinite lengths, and what is reserved
	}
	if len(data) < 1+size {
		return 0, nil, errCBOR
	}
	for _, b := range data[1 : 1+size] {
		argument = argument<<8 | uint64(b)
	}
	if least := [...]uint64{24, 1 << 8, 1 << 16, 1 << 32}[info-24]; argument < least {
		return 0, nil, errCBOR
	}
	return argument, data[1+size:], nil
}

// byteString reads data as one byte string and nothing else.
func byteString(data []byte) ([]byte, error) {
	n, rest, err := head(data, 2)
	if err != nil || n != uint64(len(rest)) {
		return nil, errCBOR
	}
	return rest, nil
}
