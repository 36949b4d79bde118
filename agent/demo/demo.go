package demo

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/dzong-id/dzong/agent/web"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

//go:embed recordings
var recordings embed.FS

// Options say how the demonstration runs.
type Options struct {
	// Once ends after all scenes; otherwise they go on until the context ends, each
	// decision staying for a look.
	Once bool
	// Scene, if not nil, is called with every scene's report as it comes.
	Scene func(Report)
	// Note, if not nil, is told in a few words what goes on, such as the screen's
	// address.
	Note func(string)
	// Logger is silent if nil.
	Logger *slog.Logger
}

// Run shows every scene and reports whether each came out as it must. The error
// is for what could not be set up.
func Run(ctx context.Context, o Options) (ok bool, err error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Note == nil {
		o.Note = func(string) {}
	}
	if o.Scene == nil {
		o.Scene = func(Report) {}
	}
	film, err := load(recordings)
	if err != nil {
		return false, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return false, fmt.Errorf("open the screen: %w", err)
	}
	clear := make(chan struct{}, 1)
	screen := web.New(web.Options{Name: Site + "/" + Name, Logger: o.Logger, Now: func() time.Time { return Opening }, Clear: func() {
		select {
		case clear <- struct{}{}:
		default:
		}
	}})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- screen.Serve(ctx, listener) }()
	defer func() {
		stop()
		if e := <-served; err == nil && e != nil {
			err = fmt.Errorf("serve the screen: %w", e)
		}
	}()
	address := "http://" + listener.Addr().String() + "/"
	o.Note("screen: " + address)
	if err := look(ctx, address); err != nil {
		return false, err
	}
	pause := time.Duration(0)
	if !o.Once {
		pause = 5 * time.Second
	}
	for first := true; ; first = false {
		fine, err := pass(ctx, o, film, screen, clear, pause)
		if first {
			ok = fine
		}
		if err != nil || o.Once || ctx.Err() != nil {
			if ctx.Err() != nil && !o.Once {
				err = nil // somebody has seen enough
			}
			return ok, err
		}
		o.Note("once more from the beginning, with a new kiosk; Ctrl-C ends")
	}
}

// pass is the whole demonstration once, with a kiosk that has seen nothing yet.
func pass(ctx context.Context, o Options, film map[string][]cameratest.Shot, screen *web.Screen, clear <-chan struct{}, pause time.Duration) (bool, error) {
	dir, err := os.MkdirTemp("", "dzong-demo-")
	if err != nil {
		return false, fmt.Errorf("make a folder for the kiosk: %w", err)
	}
	defer os.RemoveAll(dir)
	s, err := build(ctx, dir, o.Logger, film["nobody"][0], screen, clear)
	if err != nil {
		return false, err
	}
	defer s.close()
	ok := true
	for _, scene := range Scenes() {
		r, err := s.play(ctx, scene, film[scene.Recording], pause)
		if err != nil {
			return false, fmt.Errorf("scene %s: %w", scene.Name, err)
		}
		ok = ok && r.OK
		o.Scene(r)
	}
	if err := s.receipted(ctx); err != nil {
		return false, err
	}
	o.Note("every record is receipted by the collector; the outbox is empty")
	return ok, nil
}

// load opens every recording and decodes its pictures, so that playing them
// costs a kiosk's camera nothing.
func load(fsys fs.FS) (map[string][]cameratest.Shot, error) {
	film := map[string][]cameratest.Shot{}
	names := []string{"nobody"}
	for _, s := range Scenes() {
		names = append(names, s.Recording)
	}
	for _, name := range names {
		if film[name] != nil {
			continue
		}
		shots, err := cameratest.Recording(fsys, "recordings/"+name)
		if err == nil {
			shots, err = cameratest.Loaded(shots)
		}
		if err != nil {
			return nil, fmt.Errorf("open recording %s: %w", name, err)
		}
		film[name] = shots
	}
	return film, nil
}

// discard reads r to its end.
func discard(r io.Reader) { _, _ = io.Copy(io.Discard, r) }
