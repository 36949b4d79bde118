package cameratest

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

func TestPlayerKeepsTheContract(t *testing.T) {
	TestSource(t, func(*testing.T) camera.Source { return Play(stills(20)) }, Contract{})
}

func TestStageKeepsTheContract(t *testing.T) {
	TestSource(t, func(*testing.T) camera.Source { return NewStage(Still(0, gray(16, 9, 7)), 5*time.Millisecond) }, Contract{Live: true})
}

func TestFaultySourceKeepsTheContract(t *testing.T) {
	TestSource(t, func(*testing.T) camera.Source {
		return Faulty(Play(stills(30)), Fault{Picture: 2, Kind: Lost}, Fault{Picture: 4, Kind: Dark})
	}, Contract{})
}

// broken is a source that breaks one promise.
type broken struct {
	*Player
	how   string
	plane []byte
	seq   uint64
}

func (b *broken) Next(ctx context.Context) (*camera.Frame, error) {
	switch b.how {
	case "ignores its context":
		ctx = context.Background()
	case "forgets that it was closed":
		b.seq++
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return camera.NewFrame(make([]byte, 4), 2, 2, 2, b.seq, 0, nil)
	case "hands out one plane for all":
		b.seq++
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.plane[0]++
		return camera.NewFrame(b.plane, 2, 2, 2, b.seq, 0, nil)
	}
	f, err := b.Player.Next(ctx)
	if err != nil {
		return nil, err
	}
	switch b.how {
	case "repeats its sequence":
		f.Seq = 1
	case "lets time fall":
		f.At = -f.At
	case "cuts its planes":
		f.Luma = f.Luma[:len(f.Luma)-1]
	case "ends when a wait is cancelled":
		if f.Seq > 1 {
			return nil, io.EOF
		}
	}
	return f, nil
}

func TestTheContractCatchesBrokenSources(t *testing.T) {
	for _, how := range []string{
		"ignores its context", "forgets that it was closed", "hands out one plane for all", "repeats its sequence",
		"lets time fall", "cuts its planes", "ends when a wait is cancelled",
	} {
		caught := false
		for _, r := range rules() {
			if r.live {
				continue
			}
			source := &broken{Player: Play(stills(20)), how: how, plane: make([]byte, 4)}
			if how == "ignores its context" && r.name != "a cancelled wait leaves the source usable" {
				continue // others would wait for ever
			}
			if r.name == "close ends a waiting consumer" && how == "forgets that it was closed" ||
				r.name == "close ends a waiting consumer" && how == "hands out one plane for all" {
				continue // a consumer of a source that never ends
			}
			if r.check(source, 300*time.Millisecond) != nil {
				caught = true
			}
			source.Close()
		}
		if !caught {
			t.Errorf("a source that %s passes", how)
		}
	}
}
