package web

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

const (
	maxStreams   = 8               // the kiosk's browser, somebody looking in, and what reloads left behind
	writeTimeout = 5 * time.Second // a browser that does not read is gone
)

// stream is one browser's open event stream.
type stream struct{ changed chan struct{} }

func (st *stream) tell() {
	select {
	case st.changed <- struct{}{}:
	default: // it has not looked yet since the last change
	}
}

// join registers a stream; false if there are too many or the screen is closed.
func (s *Screen) join() (*stream, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.streams) >= maxStreams {
		return nil, false
	}
	st := &stream{changed: make(chan struct{}, 1)}
	s.streams[st] = struct{}{}
	return st, true
}

func (s *Screen) leave(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams, st)
}

// events serves the stream (WHATWG HTML §9.2, server-sent events): first hello,
// then the current view and every newer one, and a beat when nothing else was
// said for a while. Views that come faster than they can be written are skipped.
func (s *Screen) events(w http.ResponseWriter, r *http.Request) {
	st, ok := s.join()
	if !ok {
		w.Header().Set("Retry-After", "2")
		http.Error(w, "no room for another screen", http.StatusServiceUnavailable)
		return
	}
	defer s.leave(st)
	s.o.Logger.Info("a screen connected")
	defer s.o.Logger.Info("a screen went away")

	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	out := eventWriter{w: w, control: http.NewResponseController(w)}
	if out.write("hello", 0, s.hello) != nil {
		return
	}
	beat := time.NewTicker(s.o.Heartbeat)
	defer beat.Stop()
	var last uint64
	for {
		s.mu.Lock()
		current := s.current
		s.mu.Unlock()
		if current.seq != last {
			if out.write("view", current.seq, current.data) != nil {
				return
			}
			last = current.seq
			current.delivery.finish(time.Now())
			beat.Reset(s.o.Heartbeat)
		}
		select {
		case <-st.changed:
		case <-beat.C:
			if out.write("beat", 0, []byte("{}")) != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.ended:
			return
		}
	}
}

// eventWriter writes whole events, each flushed and each within a time.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buf     bytes.Buffer
}

func (o *eventWriter) write(name string, seq uint64, data []byte) error {
	o.buf.Reset()
	if name == "hello" {
		o.buf.WriteString("retry: 1000\n")
	}
	o.buf.WriteString("event: " + name + "\n")
	if seq > 0 {
		o.buf.WriteString("id: " + strconv.FormatUint(seq, 10) + "\n")
	}
	o.buf.WriteString("data: ")
	o.buf.Write(data) // JSON has no line breaks
	o.buf.WriteString("\n\n")
	// A server that cannot set deadlines still gets its events.
	_ = o.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := o.w.Write(o.buf.Bytes()); err != nil {
		return err
	}
	return o.control.Flush()
}
