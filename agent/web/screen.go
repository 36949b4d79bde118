package web

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
)

// Options say what a screen offers. The zero value is a screen in English and
// Dzongkha, English first, that nobody can clear.
type Options struct {
	// Name is what staff call this kiosk, such as "lhuentse/counter-1"; it stands
	// small in the corner.
	Name string
	// Languages are what the switch offers; none is all that reason has. Default
	// is shown first; empty is the first of Languages.
	Languages []reason.Language
	Default   reason.Language
	// Clear is called when staff end a turn by hand. It must not wait. nil: there
	// is no button.
	Clear func()
	// Heartbeat is the longest silence on the stream; the browser takes the
	// outcome away after three of them. Default 2 s.
	Heartbeat time.Duration
	// Now is the clock that ages are counted by. Default time.Now.
	Now func() time.Time
	// Logger is told of streams that come and go; nil is silent.
	Logger *slog.Logger
}

// Screen is what browsers are shown. It is safe for concurrent use.
type Screen struct {
	o     Options
	token string // what the page must send to clear the screen
	hello []byte
	ended chan struct{}

	mu      sync.Mutex
	current *shown
	streams map[*stream]struct{}
	closed  bool
}

// shown is one view as it goes over the wire, and its delivery.
type shown struct {
	seq      uint64
	data     []byte
	delivery *Delivery
}

// New makes a screen that shows the idle view.
func New(o Options) *Screen {
	if len(o.Languages) == 0 {
		o.Languages = reason.Languages()
	}
	if o.Default == "" {
		o.Default = o.Languages[0]
	}
	if o.Heartbeat <= 0 {
		o.Heartbeat = 2 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Screen{o: o, token: rand.Text(), ended: make(chan struct{}), streams: map[*stream]struct{}{}}
	s.hello = encode(struct {
		Name        string            `json:"name"`
		Languages   []reason.Language `json:"languages"`
		Default     reason.Language   `json:"default"`
		Labels      map[string]text   `json:"labels"`
		Idle        event             `json:"idle"` // what the browser falls back to when a turn ran out
		Token       string            `json:"token,omitempty"`
		HeartbeatMS int64             `json:"heartbeat_ms"`
	}{o.Name, o.Languages, o.Default, labels, View{}.render(0, o.Now()), s.clearToken(), o.Heartbeat.Milliseconds()})
	s.Show(View{})
	return s
}

func (s *Screen) clearToken() string {
	if s.o.Clear == nil {
		return ""
	}
	return s.token
}

// Show makes v what every browser is shown, now and when one connects later. It
// does not wait.
func (s *Screen) Show(v View) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := &shown{seq: 1, delivery: &Delivery{done: make(chan struct{})}}
	if s.current != nil {
		next.seq = s.current.seq + 1
		s.current.delivery.finish(time.Time{})
	}
	next.data = encode(v.render(next.seq, s.o.Now()))
	s.current = next
	if s.closed {
		next.delivery.finish(time.Time{})
	}
	for st := range s.streams {
		st.tell()
	}
	return next.delivery
}

// Close ends every stream and refuses new ones. A view that was not handed over
// until then never is.
func (s *Screen) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	close(s.ended)
	s.current.delivery.finish(time.Time{})
}

// Watching is how many browsers have the stream open.
func (s *Screen) Watching() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.streams)
}

// Delivery is the way of one view to a browser. It is safe for concurrent use.
type Delivery struct {
	once sync.Once
	done chan struct{}
	at   time.Time
}

// Done is closed when it is settled whether the view was handed to a browser.
func (d *Delivery) Done() <-chan struct{} { return d.done }

// Handed reports when the view had been written to the first browser's stream;
// false if that has not happened, or never will because a newer view took its
// place or the screen was closed. The time has a monotonic reading.
func (d *Delivery) Handed() (at time.Time, ok bool) {
	select {
	case <-d.done:
		return d.at, !d.at.IsZero()
	default:
		return time.Time{}, false
	}
}

// finish settles it, once; a zero time is "never".
func (d *Delivery) finish(at time.Time) {
	d.once.Do(func() {
		d.at = at
		close(d.done)
	})
}

// encode cannot fail: it is given structs of strings and numbers only.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("web: encode a view: " + err.Error())
	}
	return data
}
