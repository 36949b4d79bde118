package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestCommandsAreParsedStrictly(t *testing.T) {
	for name, bad := range map[string]string{
		"nothing":         "",
		"null":            "null",
		"a word":          `"ping"`,
		"no id":           `{"cmd":"ping"}`,
		"no cmd":          `{"id":"a"}`,
		"an extra member": `{"id":"a","cmd":"ping","force":true}`,
		"two":             `{"id":"a","cmd":"ping"} {"id":"b","cmd":"ping"}`,
		"id in capitals":  `{"id":"A","cmd":"ping"}`,
		"a long id":       `{"id":"` + strings.Repeat("a", 33) + `","cmd":"ping"}`,
		"a number as id":  `{"id":1,"cmd":"ping"}`,
		"too many bytes":  `{"id":"a","cmd":"ping"}` + strings.Repeat(" ", maxSmall),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseCommand([]byte(bad)); err == nil {
				t.Fatal("taken")
			}
		})
	}
	if c, err := parseCommand([]byte(`{"id":"a-1","cmd":"sync-now"}`)); err != nil || c != (command{"a-1", "sync-now"}) {
		t.Fatalf("%+v %v", c, err)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{`{"id":"a","cmd":"ping"}`, `{"id":"a","cmd":"sync-now"}`, `{"id":"a","cmd":"x"}`, `{}`, `[[[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		synced := 0
		c := &Client{o: Options{SyncNow: func() { synced++ }}}
		var r reply
		if err := json.Unmarshal(c.answer(data), &r); err != nil {
			t.Fatal(err)
		}
		if r.OK == (r.Error != "") {
			t.Fatalf("%+v", r)
		}
		if cmd, err := parseCommand(data); (err == nil && cmd.Name == commandSyncNow) != (synced == 1) {
			t.Fatalf("%q made it sync %d times", data, synced)
		}
	})
}

func TestBackoffGrowsWithinItsBounds(t *testing.T) {
	b := backoff{least: time.Second, most: time.Minute}
	for round := range 3 {
		for n, top := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
			top *= time.Second
			if d := b.interval(); d < top/2 || d > top {
				t.Fatalf("round %d, interval %d is %v, want %v to %v", round, n, d, top/2, top)
			}
		}
		b.reset()
	}
	seen := map[time.Duration]bool{}
	for range 20 {
		b.reset()
		seen[b.interval()] = true
	}
	if len(seen) < 10 {
		t.Fatalf("20 first intervals have only %d values", len(seen))
	}
}

func TestBucketLetsABurstThroughAndThenARate(t *testing.T) {
	b := bucket{room: 3, every: time.Second}
	now := time.Unix(1_800_000_000, 0)
	take := func(n int) (got int) {
		for range n {
			if b.take(now) {
				got++
			}
		}
		return got
	}
	if n := take(10); n != 3 {
		t.Fatalf("burst of %d", n)
	}
	now = now.Add(1500 * time.Millisecond)
	if n := take(10); n != 1 {
		t.Fatalf("%d after a second and a half", n)
	}
	now = now.Add(time.Hour)
	if n := take(10); n != 3 {
		t.Fatalf("%d after an hour", n)
	}
}
