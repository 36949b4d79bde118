package report

import (
	"bufio"
	"errors"
	"net"
)

// maxPacket bounds one MQTT packet from a broker, in bytes after its fixed
// header: an event at its largest with its topic, and some room.
const maxPacket = 8 << 10

// limitedConn stands between the network and paho, which makes room for a whole
// packet as soon as four bytes have announced it, up to 256 MiB.
//
// A PUBLISH that is too large is shortened to maxPacket bytes, and the rest read
// and thrown away: its topic and packet identifier stand in front, so it is still
// acknowledged, and our own parsers refuse its payload for its length. Cutting
// the connection instead would let one retained message on a kiosk's topic keep
// it from ever reporting again. Any other packet that is too large, no honest
// broker sends.
type limitedConn struct {
	net.Conn
	r      *bufio.Reader
	header []byte // of the current packet, still to be handed on
	pass   int    // bytes of it still to be handed on
	drop   int    // bytes of it still to be thrown away, after pass
}

func limitConn(c net.Conn) *limitedConn {
	return &limitedConn{Conn: c, r: bufio.NewReader(c)}
}

var errPacket = errors.New("the broker sent a packet that MQTT does not know, or that is too large")

// Read hands on the stream of packets, one packet's bytes at most at a time.
func (c *limitedConn) Read(p []byte) (int, error) {
	for {
		switch {
		case len(p) == 0:
			return 0, nil
		case len(c.header) > 0:
			n := copy(p, c.header)
			c.header = c.header[n:]
			return n, nil
		case c.pass > 0:
			n, err := c.r.Read(p[:min(len(p), c.pass)])
			c.pass -= n
			return n, err
		case c.drop > 0:
			n, err := c.r.Discard(min(c.drop, maxPacket))
			c.drop -= n
			if err != nil {
				return 0, err
			}
		default:
			if err := c.next(); err != nil {
				return 0, err
			}
		}
	}
}

// next reads a fixed header (MQTT 3.1.1, section 2.2).
func (c *limitedConn) next() error {
	const publish = 3
	first, err := c.r.ReadByte()
	if err != nil {
		return err
	}
	size := 0
	for shift := 0; ; shift += 7 {
		if shift > 21 { // at most four bytes
			return errPacket
		}
		b, err := c.r.ReadByte()
		if err != nil {
			return err
		}
		size |= int(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	c.pass, c.drop = size, 0
	if size > maxPacket {
		if first>>4 != publish {
			return errPacket
		}
		c.pass, c.drop = maxPacket, size-maxPacket
	}
	c.header = append(c.header[:0], first)
	for n := c.pass; ; n >>= 7 {
		if n < 0x80 {
			c.header = append(c.header, byte(n))
			return nil
		}
		c.header = append(c.header, byte(n&0x7f)|0x80)
	}
}
