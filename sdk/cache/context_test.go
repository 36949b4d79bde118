package cache

import (
	"errors"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

func pinning(url, context string) func(o obj) {
	return func(o obj) {
		all, _ := o["contexts"].(obj)
		if all == nil {
			all = obj{}
		}
		all[url] = obj{"sha256": pin([]byte(context))}
		o["contexts"] = all
	}
}

func TestContextsArePinned(t *testing.T) {
	const a, b = "https://a.example/v1", "https://b.example/v1"
	d := newFakeDisk()
	c := reopen(t, d)
	if err := c.PutContext(ctx, a, []byte("{}")); !errors.Is(err, ErrNoTrust) {
		t.Errorf("without a trust list: %v", err)
	}
	must(t, c.PutTrust(ctx, signedTrust(t, 1, pinning(a, `{"@context":{"a":"https://a.example/a"}}`), pinning(b, `{}`))))
	missing := c.Missing()
	if m := missing[len(missing)-2]; m.Resource != a || m.Code != reason.ContextRefused {
		t.Errorf("%+v", missing)
	}
	for name, bad := range map[string]string{
		"white space": `{"@context":{"a":"https://a.example/a"}} `,
		"another's":   `{}`,
		"nothing":     ``,
		"too long":    strings.Repeat(" ", limits.Context+1),
	} {
		if err := c.PutContext(ctx, a, []byte(bad)); codeOf(err) != reason.ContextRefused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.PutContext(ctx, a+"#", []byte(`{}`)); !errors.Is(err, ErrUnwanted) {
		t.Errorf("a context nobody pins: %v", err)
	}
	before := c.Snapshot()
	must(t, c.PutContext(ctx, a, []byte(`{"@context":{"a":"https://a.example/a"}}`)))
	must(t, c.PutContext(ctx, a, []byte(`{"@context":{"a":"https://a.example/a"}}`)))
	must(t, c.PutContext(ctx, b, []byte(`{}`)))
	if before.Context(a) != nil {
		t.Error("a snapshot changed")
	}
	for _, c := range []*Cache{c, reopen(t, d)} {
		if s := c.Snapshot(); string(s.Context(a)) != `{"@context":{"a":"https://a.example/a"}}` || string(s.Context(b)) != `{}` || s.Context("") != nil {
			t.Errorf("%v", s.Contexts)
		}
	}
	must(t, c.PutTrust(ctx, signedTrust(t, 2, pinning(a, `{}`))))
	// The bytes of b are those that a is pinned to now.
	if s := c.Snapshot(); string(s.Context(a)) != `{}` || s.Context(b) != nil {
		t.Errorf("%v", s.Contexts)
	}
}

func TestAContextChangedOnDiskIsPutAside(t *testing.T) {
	const url = "https://a.example/v1"
	d := newFakeDisk()
	c := reopen(t, d)
	must(t, c.PutTrust(ctx, signedTrust(t, 1, pinning(url, `{}`))))
	must(t, c.PutContext(ctx, url, []byte(`{}`)))
	overwrite(d, d.names(contextExt)[0], []byte(`{"@context":{"name":"https://thief.example/"}}`))
	c = reopen(t, d)
	if c.Snapshot().Context(url) != nil || len(d.names(refusedExt)) != 1 {
		t.Error("a changed context counts")
	}
	must(t, c.PutContext(ctx, url, []byte(`{}`)))
	if c.Snapshot().Context(url) == nil {
		t.Error("the good one is not taken again")
	}
}
