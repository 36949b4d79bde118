package bbs

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strconv"
	"testing"

	bls12381 "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"
	"github.com/consensys/gnark-crypto/field/hash"

	"github.com/dzong-id/dzong/sdk/limits"
)

// Vectors of draft-irtf-cfrg-bbs-signatures-08, §8.4 (BLS12-381-SHA-256) and §8.1.
const (
	draftMaterial = "746869732d49532d6a7573742d616e2d546573742d494b4d2d746f2d67656e65726174652d246528724074232d6b6579"
	draftInfo     = "746869732d49532d736f6d652d6b65792d6d657461646174612d746f2d62652d757365642d696e2d746573742d6b65792d67656e"
	draftSecret   = "60e55110f76883a13d030b2f6bd11883422d5abde717569fc0731f51237169fc"
	draftPublic   = "a820f230f6ae38503b86c70dc50b61c58a77e45c39ab25c0652bbaa8fa136f2851bd4781c9dcde39fc9d1d52c9e60268" +
		"061e7d7632171d91aa8d460acee0e96f1e7c4cfb12d3ff9ab5d5dc91c277db75c845d649ef3c4f63aebc364cd55ded0c"
	draftHeader       = "11223344556677889900aabbccddeeff"
	draftPresentation = "bed231d880675ed101ead304512e043ade9958dd0241ea70b4b3957fba941501"

	draftOne = "84773160b824e194073a57493dac1a20b667af70cd2352d8af241c77658da5253aa8458317cca0eae615690d55b1f271" +
		"64657dcafee1d5c1973947aa70e2cfbb4c892340be5969920d0916067b4565a0"
	draftTen = "8339b285a4acd89dec7777c09543a43e3cc60684b0a6f8ab335da4825c96e1463e28f8c5f4fd0641d19cec5920d3a8ff" +
		"4bedb6c9691454597bbd298288abed3632078557b2ace7d44caed846e1a0a1e8"
	draftBare = "8c87e2080859a97299c148427cd2fcf390d24bea850103a9748879039262ecf4f42206f6ef767f298b6a96b424c1e86c" +
		"26f8fba62212d0e05b95261c2cc0e5fdc63a32731347e810fd12e9c58355aa0d"

	// of one message, disclosed
	draftProofOne = "94916292a7a6bade28456c601d3af33fcf39278d6594b467e128a3f83686a104ef2b2fcf72df0215eeaf69262ffe8194" +
		"a19fab31a82ddbe06908985abc4c9825788b8a1610942d12b7f5debbea8985296361206dbace7af0cc834c80f33e0aad" +
		"aeea5597befbb651827b5eed5a66f1a959bb46cfd5ca1a817a14475960f69b32c54db7587b5ee3ab665fbd37b506830a" +
		"49f21d592f5e634f47cee05a025a2f8f94e73a6c15f02301d1178a92873b6e86" +
		"34bafe4983c3e15a663d64080678dbf29417519b78af042be2b3e1c4d08b8d52" +
		"0ffab008cbaaca5671a15b22c239b38e940cfeaa5e72104576a9ec4a6fad78c5" +
		"32381aeaa6fb56409cef56ee5c140d455feeb04426193c57086c9b6d397d9418"
	// of ten messages, 0, 2, 4 and 6 disclosed
	draftProofSome = "a2ed608e8e12ed21abc2bf154e462d744a367c7f1f969bdbf784a2a134c7db2d340394223a5397a3011b1c340ebc4151" +
		"99462ba6f31106d8a6da8b513b37a47afe93c9b3474d0d7a354b2edc1b88818b063332df774c141f7a07c48fe50d452f" +
		"897739228c88afc797916dca01e8f03bd9c5375c7a7c59996e514bb952a436afd24457658acbaba5ddac2e693ac48135" +
		"6918cd38025d86b28650e909defe9604a7259f44386b861608be742af7775a2e" +
		"71a6070e5836f5f54dc43c60096834a5b6da295bf8f081f72b7cdf7f3b4347fb" +
		"3ff19edaa9e74055c8ba46dbcb7594fb2b06633bb5324192eb9be91be0d33e45" +
		"3b4d3127459de59a5e2193c900816f049a02cb9127dac894418105fa1641d5a2" +
		"06ec9c42177af9316f433417441478276ca0303da8f941bf2e0222a43251cf5c" +
		"2bf6eac1961890aa740534e519c1767e1223392a3a286b0f4d91f7f25217a786" +
		"2b8fcc1810cdcfddde2a01c80fcc90b632585fec12dc4ae8fea1918e9ddeb941" +
		"4623a457e88f53f545841f9d5dcb1f8e160d1560770aa79d65e2eca8edeaecb7" +
		"3fb7e995608b820c4a64de6313a370ba05dc25ed7c1d185192084963652f2870" +
		"341bdaa4b1a37f8c06348f38a4f80c5a2650a21d59f09e8305dcd3fc3ac30e2a"
)

func draftMessages() [][]byte {
	return [][]byte{
		unhex("9872ad089e452c7b6e283dfac2a80d58e8d0ff71cc4d5e310a1debdda4a45f02"),
		unhex("c344136d9ab02da4dd5908bbba913ae6f58c2cc844b802a6f811f5fb075f9b80"),
		unhex("7372e9daa5ed31e6cd5c825eac1b855e84476a1d94932aa348e07b73"),
		unhex("77fe97eb97a1ebe2e81e4e3597a3ee740a66e9ef2412472c"),
		unhex("496694774c5604ab1b2544eababcf0f53278ff50"),
		unhex("515ae153e22aae04ad16f759e07237b4"),
		unhex("d183ddc6e2665aa4e2f088af"),
		unhex("ac55fb33a75909ed"),
		unhex("96012096"),
		{},
	}
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// draftRandom is §8.1, mocked_calculate_random_scalars.
func draftRandom(t testing.TB, scalars int) io.Reader {
	t.Helper()
	out, err := hash.ExpandMsgXmd([]byte("3.141592653589793238462643383279"), []byte(apiID+"MOCK_RANDOM_SCALARS_DST_"), scalars*expandLen)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(out)
}

func draftKey(t testing.TB) *PrivateKey {
	t.Helper()
	k, err := GenerateKey(unhex(draftMaterial), unhex(draftInfo))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestDraftKey(t *testing.T) {
	k := draftKey(t)
	if secret := k.scalar.Bytes(); hex.EncodeToString(secret[:]) != draftSecret {
		t.Errorf("secret %x", secret)
	}
	public := k.Public().Bytes()
	if hex.EncodeToString(public[:]) != draftPublic {
		t.Errorf("public %x", public)
	}
	again, err := ParsePublicKey(public[:])
	if err != nil || again.point != k.public.point {
		t.Errorf("the public key does not survive its encoding: %v", err)
	}
}

func TestDraftGeneratorsAndScalars(t *testing.T) {
	s := New()
	for i, want := range map[int]string{
		0:  "a9ec65b70a7fbe40c874c9eb041c2cb0a7af36ccec1bea48fa2ba4c2eb67ef7f9ecb17ed27d38d27cdeddff44c8137be",
		1:  "98cd5313283aaf5db1b3ba8611fe6070d19e605de4078c38df36019fbaad0bd28dd090fd24ed27f7f4d22d5ff5dea7d4",
		10: "a1f229540474f4d6f1134761b92b788128c7ac8dc9b0c52d59493132679673032ac7db3fb3d79b46b13c1c41ee495bca",
	} {
		points, encoded, err := s.first(10)
		if err != nil || len(points) != 11 || len(encoded) != 11*pointLen {
			t.Fatal(len(points), err)
		}
		if got := points[i][0].Bytes(); hex.EncodeToString(got[:]) != want || !bytes.Equal(got[:], encoded[i*pointLen:(i+1)*pointLen]) {
			t.Errorf("generator %d: %x", i, got)
		}
	}
	all := scalars(draftMessages())
	for i, want := range map[int]string{
		0: "1cb5bb86114b34dc438a911617655a1db595abafac92f47c5001799cf624b430",
		9: "08e3afeb2b4f2b5f907924ef42856616e6f2d5f1fb373736db1cca32707a7d16",
	} {
		if got := all[i].Bytes(); hex.EncodeToString(got[:]) != want {
			t.Errorf("message %d: %x", i, got)
		}
	}
}

func TestDraftSignatures(t *testing.T) {
	s, k := New(), draftKey(t)
	for want, c := range map[string]struct {
		header   string
		messages [][]byte
	}{
		draftOne:  {draftHeader, draftMessages()[:1]},
		draftTen:  {draftHeader, draftMessages()},
		draftBare: {"", draftMessages()},
	} {
		got, err := s.Sign(k, unhex(c.header), c.messages)
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%x, %v", got, err)
		}
		if err := s.Verify(k.Public(), unhex(want), unhex(c.header), c.messages); err != nil {
			t.Error(err)
		}
	}
}

func TestDraftProofs(t *testing.T) {
	s, k := New(), draftKey(t)
	for want, c := range map[string]struct {
		signature string
		messages  int
		disclosed []int
	}{
		draftProofOne:  {draftOne, 1, []int{0}},
		draftProofSome: {draftTen, 10, []int{0, 2, 4, 6}},
	} {
		d := Deriving{Key: k.Public(), Signature: unhex(c.signature), Header: unhex(draftHeader),
			PresentationHeader: unhex(draftPresentation), Messages: draftMessages()[:c.messages], Disclosed: c.disclosed}
		got, err := s.Derive(d, draftRandom(t, 5+c.messages-len(c.disclosed)))
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%x, %v", got, err)
		}
	}
	if err := s.VerifyProof(k.Public(), some()); err != nil {
		t.Error(err)
	}
}

// some is the draft's proof that discloses four of ten messages.
func some() Disclosure {
	m := draftMessages()
	return Disclosure{Proof: unhex(draftProofSome), Header: unhex(draftHeader), PresentationHeader: unhex(draftPresentation),
		Messages: [][]byte{m[0], m[2], m[4], m[6]}, Indexes: []int{0, 2, 4, 6}}
}

func TestASignatureIsOfOneKeyHeaderAndList(t *testing.T) {
	s, k := New(), draftKey(t)
	other, err := GenerateKey(bytes.Repeat([]byte{1}, 32), nil)
	if err != nil {
		t.Fatal(err)
	}
	signature, messages := unhex(draftTen), draftMessages()
	reversed := slices.Clone(messages)
	slices.Reverse(reversed)
	for name, err := range map[string]error{
		"another key":         s.Verify(other.Public(), signature, unhex(draftHeader), messages),
		"another header":      s.Verify(k.Public(), signature, unhex(draftHeader[2:]), messages),
		"no header":           s.Verify(k.Public(), signature, nil, messages),
		"a message less":      s.Verify(k.Public(), signature, unhex(draftHeader), messages[:9]),
		"a message more":      s.Verify(k.Public(), signature, unhex(draftHeader), append(messages[:10:10], nil)),
		"another order":       s.Verify(k.Public(), signature, unhex(draftHeader), reversed),
		"another signature":   s.Verify(k.Public(), unhex(draftBare), unhex(draftHeader), messages),
		"no signature":        s.Verify(k.Public(), nil, unhex(draftHeader), messages),
		"a byte less":         s.Verify(k.Public(), signature[:79], unhex(draftHeader), messages),
		"a byte more":         s.Verify(k.Public(), append(signature[:80:80], 0), unhex(draftHeader), messages),
		"e that is zero":      s.Verify(k.Public(), append(signature[:48:48], make([]byte, 32)...), unhex(draftHeader), messages),
		"A that is no point":  s.Verify(k.Public(), append([]byte{0x9f}, signature[1:]...), unhex(draftHeader), messages),
		"A that is identity":  s.Verify(k.Public(), append(append([]byte{0xc0}, make([]byte, 47)...), signature[48:]...), unhex(draftHeader), messages),
		"A that is its other": s.Verify(k.Public(), append([]byte{signature[0] ^ 0x20}, signature[1:]...), unhex(draftHeader), messages),
	} {
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Verify(k.Public(), signature, nil, make([][]byte, limits.BBSMessages+1)); !errors.Is(err, ErrMessages) {
		t.Errorf("too many messages: %v", err)
	}
}

func TestAProofIsOfOneDisclosure(t *testing.T) {
	s, k := New(), draftKey(t)
	other, err := GenerateKey(bytes.Repeat([]byte{1}, 32), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.VerifyProof(other.Public(), some()); !errors.Is(err, ErrInvalid) {
		t.Errorf("another key: %v", err)
	}
	order := unhex("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001")
	put := func(d *Disclosure, at int, with []byte) { copy(d.Proof[at:], with) }
	for name, change := range map[string]func(*Disclosure){
		"another header":                func(d *Disclosure) { d.Header[0] ^= 1 },
		"another presentation header":   func(d *Disclosure) { d.PresentationHeader[0] ^= 1 },
		"no presentation header":        func(d *Disclosure) { d.PresentationHeader = nil },
		"another message":               func(d *Disclosure) { d.Messages[1][0] ^= 1 },
		"a message less":                func(d *Disclosure) { d.Messages, d.Indexes = d.Messages[:3], d.Indexes[:3] },
		"a message more":                func(d *Disclosure) { d.Messages, d.Indexes = append(d.Messages, nil), append(d.Indexes, 7) },
		"a message without its index":   func(d *Disclosure) { d.Messages = append(d.Messages, nil) },
		"an index without its message":  func(d *Disclosure) { d.Indexes = append(d.Indexes, 9) },
		"another index":                 func(d *Disclosure) { d.Indexes[3] = 7 },
		"an index twice":                func(d *Disclosure) { d.Indexes[1] = 0 },
		"indexes out of order":          func(d *Disclosure) { d.Indexes[0], d.Indexes[1] = 2, 0 },
		"an index below":                func(d *Disclosure) { d.Indexes[0] = -1 },
		"an index beyond":               func(d *Disclosure) { d.Indexes[3] = 10 },
		"messages swapped":              func(d *Disclosure) { d.Messages[0], d.Messages[1] = d.Messages[1], d.Messages[0] },
		"no proof":                      func(d *Disclosure) { d.Proof = nil },
		"the least proof":               func(d *Disclosure) { d.Proof = d.Proof[:leastProof] },
		"a byte less":                   func(d *Disclosure) { d.Proof = d.Proof[:len(d.Proof)-1] },
		"a byte more":                   func(d *Disclosure) { d.Proof = append(d.Proof, 0) },
		"a scalar more":                 func(d *Disclosure) { d.Proof = append(d.Proof, d.Proof[len(d.Proof)-32:]...) },
		"Abar that is identity":         func(d *Disclosure) { put(d, 0, append([]byte{0xc0}, make([]byte, 47)...)) },
		"Bbar that is identity":         func(d *Disclosure) { put(d, 48, append([]byte{0xc0}, make([]byte, 47)...)) },
		"Abar and Bbar identity":        func(d *Disclosure) { put(d, 0, slices.Repeat(append([]byte{0xc0}, make([]byte, 47)...), 2)) },
		"D that is identity":            func(d *Disclosure) { put(d, 96, append([]byte{0xc0}, make([]byte, 47)...)) },
		"a point that is uncompressed":  func(d *Disclosure) { d.Proof[0] &^= 0x80 },
		"a point beyond the field":      func(d *Disclosure) { d.Proof[0] = 0x9f },
		"a response of zero":            func(d *Disclosure) { put(d, 144, make([]byte, 32)) },
		"a response of the order":       func(d *Disclosure) { put(d, 144, order) },
		"a hidden message's of zero":    func(d *Disclosure) { put(d, 144+96, make([]byte, 32)) },
		"a challenge of zero":           func(d *Disclosure) { put(d, len(d.Proof)-32, make([]byte, 32)) },
		"responses of messages swapped": func(d *Disclosure) { put(d, 240, slices.Concat(d.Proof[272:304], d.Proof[240:272])) },
	} {
		d := some()
		change(&d)
		if err := s.VerifyProof(k.Public(), d); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := 0; i < len(some().Proof); i += 5 {
		d := some()
		d.Proof[i] ^= 1 << (i % 8)
		if err := s.VerifyProof(k.Public(), d); !errors.Is(err, ErrInvalid) {
			t.Errorf("bit in byte %d: %v", i, err)
		}
	}
	large := some()
	large.Proof = append(large.Proof, make([]byte, 32*limits.BBSMessages)...)
	if err := s.VerifyProof(k.Public(), large); !errors.Is(err, ErrMessages) {
		t.Errorf("too many messages: %v", err)
	}
}

// A point on the curve outside the subgroup would let a prover lie about a
// cofactor's worth.
func TestPointsOutsideTheSubgroupAreRefused(t *testing.T) {
	onCurve, inGroup := 0, 0
	for i := range 64 {
		octets := make([]byte, pointLen)
		octets[0], octets[47] = 0x80, byte(i)
		if p, ok := readPoint(octets); ok {
			inGroup++
			if !p.IsInSubGroup() {
				t.Errorf("x = %d is taken", i)
			}
		} else if p.IsOnCurve() && !p.IsInfinity() {
			onCurve++
		}
	}
	if onCurve < 10 || inGroup != 0 {
		t.Errorf("%d points on the curve were refused, %d taken", onCurve, inGroup)
	}
	// G2: small x coordinates are on its curve half of the time, and in the
	// subgroup never.
	for i := range 64 {
		octets := make([]byte, PublicKeySize)
		octets[0], octets[95] = 0x80, byte(i)
		if _, err := ParsePublicKey(octets); err == nil {
			t.Errorf("x = %d is taken as a public key", i)
		}
	}
}

func TestParsePublicKeyRefuses(t *testing.T) {
	good := unhex(draftPublic)
	for name, octets := range map[string][]byte{
		"nothing":          nil,
		"a byte less":      good[:95],
		"a byte more":      append(good[:96:96], 0),
		"uncompressed":     append([]byte{good[0] &^ 0x80}, good[1:]...),
		"identity":         append([]byte{0xc0}, make([]byte, 95)...),
		"beyond the field": bytes.Repeat([]byte{0x9f}, 96),
	} {
		if _, err := ParsePublicKey(octets); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := GenerateKey(make([]byte, 31), nil); err == nil {
		t.Error("short key material is taken")
	}
	if _, err := ParsePrivateKey(make([]byte, 32)); err == nil {
		t.Error("a secret of zero is taken")
	}
}

func TestProofsOfOneSignatureDiffer(t *testing.T) {
	s, k := New(), draftKey(t)
	d := Deriving{Key: k.Public(), Signature: unhex(draftTen), Header: unhex(draftHeader), Messages: draftMessages()}
	seen := map[string]bool{}
	for range 3 {
		proof, err := s.Derive(d, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.VerifyProof(k.Public(), Disclosure{Proof: proof, Header: unhex(draftHeader)}); err != nil {
			t.Error(err)
		}
		seen[string(proof[:pointLen])] = true
	}
	if len(seen) != 3 {
		t.Error("two proofs can be linked")
	}
	for name, disclosed := range map[string][]int{"out of order": {1, 0}, "twice": {1, 1}, "beyond": {10}, "below": {-1}} {
		d.Disclosed = disclosed
		if _, err := s.Derive(d, rand.Reader); err == nil {
			t.Errorf("%s: derived", name)
		}
	}
}

func FuzzVerifyProof(f *testing.F) {
	s, k := New(), draftKey(f)
	good := some()
	f.Add(good.Proof, good.Header, good.PresentationHeader, good.Messages[0], 0, 2)
	f.Add(unhex(draftProofOne), unhex(draftHeader), unhex(draftPresentation), draftMessages()[0], 0, 0)
	f.Fuzz(func(t *testing.T, proof, header, ph, message []byte, first, second int) {
		d := Disclosure{Proof: proof, Header: header, PresentationHeader: ph, Messages: [][]byte{message, good.Messages[1]}, Indexes: []int{first, second}}
		if s.VerifyProof(k.Public(), d) == nil {
			t.Fatal("verifies")
		}
		d.Messages, d.Indexes = d.Messages[:1], d.Indexes[:1]
		if s.VerifyProof(k.Public(), d) == nil && !bytes.Equal(proof, unhex(draftProofOne)) {
			t.Fatal("verifies")
		}
	})
}

func BenchmarkVerifyProof(b *testing.B) {
	s, k := New(), draftKey(b)
	d := some()
	for b.Loop() {
		if err := s.VerifyProof(k.Public(), d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGenerators(b *testing.B) {
	for b.Loop() {
		if _, _, err := New().first(100); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPairings(b *testing.B) {
	p, q := New(), draftKey(b)
	points := []bls12381.G1Affine{p.p1[0], p.p1[0]}
	for b.Loop() {
		if _, err := bls12381.PairingCheck(points, []bls12381.G2Affine{q.public.point, p.p2}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSum(b *testing.B) {
	for _, n := range []int{3, 13, 33} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			points, _, err := New().first(n - 1)
			if err != nil {
				b.Fatal(err)
			}
			factors := scalars(make([][]byte, n))
			for b.Loop() {
				sum(points, factors)
			}
		})
	}
}

// The sum is what multiplying and adding one by one gives, for factors of every shape.
func TestSum(t *testing.T) {
	points, _, err := New().first(8)
	if err != nil {
		t.Fatal(err)
	}
	factors := scalars(make([][]byte, 9))
	factors[1].SetZero()
	factors[2].SetOne()
	factors[3].SetUint64(15)
	factors[4].SetUint64(16)
	factors[5].SetInt64(-1)
	var want bls12381.G1Affine
	for i := range points {
		p := multiply(&points[i][0], &factors[i])
		want.Add(&want, &p)
	}
	if got := sum(points, factors); !got.Equal(&want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := sum(points[1:2], factors[1:2]); !got.IsInfinity() {
		t.Errorf("nothing of a point is %v", got)
	}
	// Points that come to meet, or to cancel each other.
	var minus bls12381.G1Affine
	minus.Neg(&points[0][0])
	both := tables(points[0][0], points[0][0], minus)
	one := []fr.Element{factors[2], factors[2], factors[2]}
	if got := sum(both, one); !got.Equal(&points[0][0]) {
		t.Errorf("P + P - P is %v", got)
	}
	if got := sum(both[1:], one[1:]); !got.IsInfinity() {
		t.Errorf("P - P is %v", got)
	}
	if got := sum(nil, nil); !got.IsInfinity() {
		t.Errorf("a sum of nothing is %v", got)
	}
}
