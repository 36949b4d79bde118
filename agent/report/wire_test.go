package report

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// stream is a connection that gives bytes and ends.
type stream struct {
	net.Conn
	r io.Reader
}

func (s stream) Read(p []byte) (int, error) { return s.r.Read(p) }

func publishPacket(topic string, size int) []byte {
	p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
	p.TopicName, p.Qos, p.MessageID = topic, 1, 7
	p.Payload = bytes.Repeat([]byte("x"), size)
	var b bytes.Buffer
	_ = p.Write(&b)
	return b.Bytes()
}

func TestLargePacketsAreShortenedAndTheNextIsRead(t *testing.T) {
	for _, size := range []int{0, 1, 100, 127, 128, maxPacket - 100, maxPacket, maxPacket + 1, 100_000, 5 << 20} {
		in := append(publishPacket("a/b", size), publishPacket("c", 3)...)
		c := limitConn(stream{r: bytes.NewReader(in)})
		for n, want := range []int{min(size, maxPacket-7), 3} { // 2 + topic + 2 stand before the payload
			p, err := packets.ReadPacket(c)
			if err != nil {
				t.Fatalf("size %d, packet %d: %v", size, n, err)
			}
			pub := p.(*packets.PublishPacket)
			if pub.MessageID != 7 || len(pub.Payload) != want {
				t.Fatalf("size %d, packet %d: id %d, %d bytes, want %d", size, n, pub.MessageID, len(pub.Payload), want)
			}
		}
		if _, err := packets.ReadPacket(c); !errors.Is(err, io.EOF) {
			t.Fatalf("size %d: then %v", size, err)
		}
	}
}

func TestPacketsNoBrokerSendsEndTheConnection(t *testing.T) {
	for name, in := range map[string][]byte{
		"a huge SUBACK":           {0x90, 0xff, 0xff, 0xff, 0x7f},
		"a huge CONNACK":          {0x20, 0xff, 0xff, 0x03},
		"a length of five bytes":  {0x30, 0x80, 0x80, 0x80, 0x80, 0x01},
		"a length without an end": {0x30, 0xff, 0xff},
	} {
		if p, err := packets.ReadPacket(limitConn(stream{r: bytes.NewReader(in)})); err == nil {
			t.Errorf("%s: read as %v", name, p)
		}
	}
}

// Whatever comes, what is handed on is a stream of packets of bounded size.
func FuzzLimitedConn(f *testing.F) {
	f.Add(publishPacket("a/b", 10))
	f.Add(publishPacket("a/b", maxPacket*2))
	f.Add([]byte{0x30, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3})
	f.Fuzz(func(t *testing.T, in []byte) {
		out, _ := io.ReadAll(limitConn(stream{r: bytes.NewReader(in)}))
		if len(out) > len(in) {
			t.Fatalf("%d bytes in, %d out", len(in), len(out))
		}
		for len(out) > 0 {
			size, n := 0, 1
			for shift := 0; n < len(out); shift += 7 {
				b := out[n]
				n++
				size |= int(b&0x7f) << shift
				if b < 0x80 {
					break
				}
			}
			if size > maxPacket {
				t.Fatalf("a packet of %d bytes is announced", size)
			}
			out = out[min(len(out), n+size):]
		}
	})
}
