package sync

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// userAgent is the same for everybody: a kiosk must not be told apart by it.
const userAgent = "dzong"

type request struct {
	resource string
	accept   string
	etag     string
	most     int // bytes, on the wire and unpacked
}

type answer struct {
	body      []byte
	etag      string
	unchanged bool
	wire      int64
}

var errTooLarge = errors.New("the answer is longer than its limit")

// get asks once. The answer's wire count holds also where there is an error.
func (f *Fetcher) get(ctx context.Context, rawURL string, r request) (answer, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return answer{}, fmt.Errorf("fetch: %w", err)
	}
	if err := f.permit(u); err != nil {
		return answer{}, fmt.Errorf("fetch %s: %w", rawURL, err)
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, rawURL, nil)
	if err != nil {
		return answer{}, fmt.Errorf("fetch: %w", err)
	}
	req.Header.Set("Accept", r.accept)
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("User-Agent", userAgent)
	if r.etag != "" {
		req.Header.Set("If-None-Match", r.etag)
	}
	asked := time.Now() // monotonic, whatever clock the schedule has
	resp, err := f.client.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("fetch: %w", err)
	}
	defer resp.Body.Close()
	if at, ok := serverTime(resp.Header, time.Since(asked)); ok {
		f.told(r.resource, at)
	}
	switch {
	case resp.StatusCode == http.StatusNotModified && r.etag != "":
		return answer{unchanged: true}, nil
	case resp.StatusCode != http.StatusOK:
		return answer{}, fmt.Errorf("fetch %s: the server answered %d %s", rawURL, resp.StatusCode, http.StatusText(resp.StatusCode))
	case strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html"):
		// The draft's media type is not insisted on: plain file servers do not know
		// it, and the signature decides. A web page is worth a sentence of its own.
		return answer{}, fmt.Errorf("fetch %s: a web page came back; is there a login page on this line?", rawURL)
	case resp.ContentLength > int64(r.most):
		return answer{}, fmt.Errorf("fetch %s: %w (%d bytes, at most %d)", rawURL, errTooLarge, resp.ContentLength, r.most)
	}
	counted := &counter{r: resp.Body}
	body, err := unpack(counted, resp.Header.Get("Content-Encoding"), r.most)
	if err != nil {
		return answer{wire: counted.n}, fmt.Errorf("fetch %s: %w", rawURL, err)
	}
	return answer{body: body, etag: resp.Header.Get("Etag"), wire: counted.n}, nil
}

// promptly is how long an answer may have been on its way to tell the time: its
// Date is at most that old.
const promptly = 10 * time.Second

// serverTime is the Date of an answer (RFC 9110 §6.6.1: "the date and time at
// which the message was originated"). One from a cache has that of the answer
// kept, and an Age (RFC 9111 §5.1).
func serverTime(h http.Header, took time.Duration) (time.Time, bool) {
	at, err := http.ParseTime(h.Get("Date"))
	return at, err == nil && took <= promptly && len(h.Values("Age")) == 0
}

// unpack reads a whole answer of at most so many bytes, before and after the
// transfer's compression.
func unpack(r io.Reader, encoding string, most int) ([]byte, error) {
	wire := &bounded{r: r, left: most}
	switch strings.ToLower(encoding) {
	case "", "identity":
		return io.ReadAll(wire)
	case "gzip", "x-gzip":
	default:
		return nil, errors.New("the answer has an encoding that was not asked for")
	}
	z, err := gzip.NewReader(wire)
	if err != nil {
		return nil, fmt.Errorf("unpack the answer: %w", err)
	}
	var out bytes.Buffer
	if _, err := io.Copy(&out, &bounded{r: z, left: most}); err != nil {
		return nil, fmt.Errorf("unpack the answer: %w", err)
	}
	return out.Bytes(), nil
}

// bounded reads at most so many bytes and says so, instead of ending early as
// io.LimitReader does.
type bounded struct {
	r    io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge
	}
	// One byte more than is left tells the end from the limit.
	if len(p) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// hostPort is a URL's host in lower case with its port, 443 where it has none.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
