package clock_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/clock"
	"github.com/dzong-id/dzong/agent/clock/clocktest"
	"github.com/dzong-id/dzong/sdk/credential"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, file string, source clock.Source) *clock.Clock {
	t.Helper()
	c, err := clock.Open(file, clock.From(source))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLevels(t *testing.T) {
	const (
		proven    = credential.ClockProven
		plausible = credential.ClockPlausible
		untrusted = credential.ClockUntrusted
	)
	tests := map[string]struct {
		now      time.Time
		synced   bool
		observed time.Time
		told     time.Duration // live time minus the clock
		live     bool
		want     credential.ClockLevel
	}{
		"nothing known":                                   {now: noon, want: plausible},
		"disciplined by a time service":                   {now: noon, synced: true, want: proven},
		"a live time agrees":                              {now: noon, live: true, told: 30 * time.Second, want: proven},
		"a live time agrees from behind":                  {now: noon, live: true, told: -time.Minute, want: proven},
		"a live time is ahead":                            {now: noon, live: true, told: 61 * time.Second, want: untrusted},
		"a live time is far behind":                       {now: noon, live: true, told: -24 * time.Hour, want: untrusted},
		"a live time contradicts the time service":        {now: noon, synced: true, live: true, told: time.Hour, want: untrusted},
		"above the floor":                                 {now: noon, observed: noon.Add(-time.Hour), want: plausible},
		"a signed time close by proves nothing":           {now: noon, observed: noon, want: plausible},
		"a hair below the floor, as honest clocks differ": {now: noon, synced: true, observed: noon.Add(time.Minute), want: proven},
		"below the floor":                                 {now: noon, observed: noon.Add(61 * time.Second), want: untrusted},
		"below the floor and disciplined":                 {now: noon, synced: true, observed: noon.Add(time.Hour), want: untrusted},
		"below the floor and confirmed":                   {now: noon, live: true, observed: noon.Add(time.Hour), want: untrusted},
		"before this program was written":                 {now: time.Unix(0, 0), want: untrusted},
		"before this program was written, disciplined":    {now: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), synced: true, want: untrusted},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			source := clocktest.New(tt.now)
			source.Synchronise(tt.synced)
			c := open(t, "", source)
			if !tt.observed.IsZero() {
				if err := c.Observe(tt.observed); err != nil {
					t.Fatal(err)
				}
			}
			if tt.live {
				c.Confirm(tt.now.Add(tt.told))
			}
			now, level := c.Now()
			if level != tt.want {
				t.Errorf("level %d, want %d", level, tt.want)
			}
			if !now.Equal(tt.now) {
				t.Errorf("time %v, want %v", now, tt.now)
			}
		})
	}
}

func TestALaterLiveTimeSetsAnEarlierOneRight(t *testing.T) {
	source := clocktest.New(noon)
	c := open(t, "", source)
	c.Confirm(noon.Add(time.Hour))
	source.Advance(time.Hour) // somebody set the clock
	c.Confirm(noon.Add(time.Hour))
	if _, level := c.Now(); level != credential.ClockProven {
		t.Errorf("level %d after the clock was set right", level)
	}
}

func TestNowNeverGoesBackwards(t *testing.T) {
	source := clocktest.New(noon)
	source.Synchronise(true)
	c := open(t, "", source)
	c.Now()
	for _, step := range []struct {
		back time.Duration
		want credential.ClockLevel
	}{{30 * time.Second, credential.ClockProven}, {2 * time.Hour, credential.ClockUntrusted}} {
		source.Set(noon.Add(-step.back))
		now, level := c.Now()
		if !now.Equal(noon) {
			t.Errorf("set back by %v: time %v, want it to stand still at %v", step.back, now, noon)
		}
		if level != step.want {
			t.Errorf("set back by %v: level %d, want %d", step.back, level, step.want)
		}
	}
	source.Set(noon.Add(time.Second))
	if now, level := c.Now(); !now.Equal(noon.Add(time.Second)) || level != credential.ClockProven {
		t.Errorf("after it caught up: %v, level %d", now, level)
	}
}

func TestTheFloorSurvivesARestartAndNeverGoesDown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clock.json")
	source := clocktest.New(noon)
	c := open(t, file, source)
	for _, signed := range []time.Time{noon.Add(-time.Hour), noon.Add(-24 * time.Hour), {}} {
		if err := c.Observe(signed); err != nil {
			t.Fatal(err)
		}
	}
	source.Set(noon.Add(-48 * time.Hour)) // the power was cut and there is no battery
	c = open(t, file, source)
	if want := noon.Add(-time.Hour); !c.Floor().Equal(want) {
		t.Errorf("floor %v, want %v", c.Floor(), want)
	}
	if _, level := c.Now(); level != credential.ClockUntrusted {
		t.Errorf("level %d below a persisted floor", level)
	}
	left, err := filepath.Glob(file + ".*")
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// A kiosk without a battery wakes up where it fell asleep, and finds on its disk
// what it read just before: the two agree, and both are a day old.
func TestKnowledgeReadAgainFromDiskProvesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clock.json")
	source := clocktest.New(noon)
	c := open(t, file, source)
	if err := c.Observe(noon); err != nil {
		t.Fatal(err)
	}
	c = open(t, file, source)
	if err := c.Observe(noon); err != nil {
		t.Fatal(err)
	}
	if _, level := c.Now(); level != credential.ClockPlausible {
		t.Errorf("level %d, want plausible", level)
	}
}

func TestAnUnreadableFloorIsPutAside(t *testing.T) {
	for name, content := range map[string]string{
		"empty":           "",
		"torn":            `{"format":1,"floor":"2026-`,
		"another format":  `{"format":2,"floor":"2026-12-01T12:00:00Z"}`,
		"unknown members": `{"format":1,"floor":"2026-12-01T12:00:00Z","x":1}`,
		"two objects":     `{"format":1,"floor":"2026-12-01T12:00:00Z"}{}`,
		"no time":         `{"format":1,"floor":"yesterday"}`,
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "clock.json")
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			c := open(t, file, clocktest.New(noon))
			if !c.Floor().IsZero() {
				t.Errorf("floor %v from an unreadable file", c.Floor())
			}
			if kept, err := os.ReadFile(file + ".refused"); err != nil || string(kept) != content {
				t.Errorf("not put aside: %q, %v", kept, err)
			}
			if err := c.Observe(noon); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAFileThatCannotBeReadIsAnError(t *testing.T) {
	if _, err := clock.Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "floor") {
		t.Errorf("opening a folder as the floor's file: %v", err)
	}
}

func TestTheFloorCountsEvenIfTheDiskFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	source := clocktest.New(noon)
	c := open(t, filepath.Join(dir, "clock.json"), source)
	if err := c.Observe(noon.Add(time.Hour)); err == nil {
		t.Fatal("no error from a folder that does not exist")
	}
	if _, level := c.Now(); level != credential.ClockUntrusted {
		t.Errorf("level %d below a floor in memory", level)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := c.Observe(noon); err != nil {
		t.Fatal("the next observation does not try the file again:", err)
	}
	if again := open(t, filepath.Join(dir, "clock.json"), source); !again.Floor().Equal(noon.Add(time.Hour)) {
		t.Errorf("floor on disk %v", again.Floor())
	}
}

func TestTLSTimeIsTheLaterOfSystemAndFloor(t *testing.T) {
	source := clocktest.New(time.Unix(0, 0))
	c := open(t, "", source)
	if built := c.TLSTime(); built.Format(time.RFC3339) != clock.BuildDate {
		t.Errorf("with nothing known: %v", built)
	}
	if err := c.Observe(noon); err != nil {
		t.Fatal(err)
	}
	if got := c.TLSTime(); !got.Equal(noon) {
		t.Errorf("below the floor: %v", got)
	}
	source.Set(noon.Add(time.Hour))
	if got := c.TLSTime(); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("above the floor: %v", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	source := clocktest.New(noon)
	c := open(t, filepath.Join(t.TempDir(), "clock.json"), source)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			last := time.Time{}
			for j := range 20 {
				source.Set(noon.Add(time.Duration((i*j)%7) * time.Second))
				now, _ := c.Now()
				if now.Before(last) {
					t.Errorf("went back from %v to %v", last, now)
				}
				last = now
				if j%10 == 0 {
					if err := c.Observe(noon.Add(time.Duration(j) * time.Second)); err != nil {
						t.Error(err)
					}
				}
				c.TLSTime()
				c.Confirm(now)
			}
		})
	}
	wg.Wait()
}

func TestTheMachinesOwnClockAnswers(t *testing.T) {
	source := clock.System()
	if source.Now().IsZero() {
		t.Error("no time")
	}
	source.Synchronised() // either answer is right here; it must not fail
}
