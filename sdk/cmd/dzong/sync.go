package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/sync"
)

func runSync(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	dir := flags.String("cache", "", "`folder` to keep the knowledge in; made if it does not exist")
	key := flags.String("trust-key", "", "`file` with the trust authority's public key (JWK)")
	url := flags.String("url", "", "`address` of the signed trust list (https); what else to fetch, it names")
	from := flags.String("from", "", "import from this `folder` instead: trust.jwt, *.jwt and *.cwt with status lists, *.json and *.jsonld with DID documents and contexts, *.jsonl with logs of did:webvh")
	seal := flags.String("seal", "", "`file` with a secret of this device, of at least 32 bytes: what TLS alone vouches for is remembered under it")
	var hosts repeated
	flags.Var(&hosts, "allow", "ask only this `host`; may be repeated; without it, those of --url and of what the trust list names")
	asJSON := flags.Bool("json", false, "print one JSON object")
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	switch {
	case len(rest) > 0:
		return 0, usagef("there is nothing to name beside the flags")
	case *dir == "" || *key == "":
		return 0, usagef("--cache says where to keep the knowledge and --trust-key whose it must be: give both")
	case (*url == "") == (*from == ""):
		return 0, usagef("say where knowledge comes from: --url ADDRESS or --from FOLDER, one of them")
	case *from != "" && len(hosts) > 0:
		return 0, usagef("--allow goes with --url")
	}
	opts, err := sealed(s, *seal)
	if err != nil {
		return 0, err
	}
	c, err := openCache(s, *dir, *key, opts...)
	if err != nil {
		return 0, err
	}
	var report sync.Report
	if *from != "" {
		report, err = sync.ImportFolder(ctx, c, *from)
	} else {
		report, err = fetch(ctx, c, *url, hosts)
	}
	if err != nil {
		return 0, err
	}
	if *asJSON {
		err = printJSON(s.out, syncAnswer{report, c.Missing()})
	} else {
		err = tellSync(s, report, c)
	}
	if err != nil {
		return 0, err
	}
	if !report.OK() {
		return exitFailed, nil
	}
	return exitOK, nil
}

func fetch(ctx context.Context, c *cache.Cache, url string, hosts []string) (sync.Report, error) {
	options := []sync.Option{
		sync.TrustURL(url),
		// Whatever an authority signed as issued at a time was read after it.
		sync.TLSTime(func() time.Time {
			now, signed := time.Now(), c.NewestSigned()
			if signed.After(now) {
				return signed
			}
			return now
		}),
	}
	if len(hosts) > 0 {
		options = append(options, sync.Hosts(hosts...))
	}
	f, err := sync.New(c, options...)
	if err != nil {
		return sync.Report{}, usagef("%v", err)
	}
	return f.Once(ctx)
}

// syncAnswer is what sync --json prints: what was done, and what is still to be
// fetched before going offline.
type syncAnswer struct {
	sync.Report
	Missing []cache.Missing `json:"missing"`
}

func tellSync(s streams, report sync.Report, c *cache.Cache) error {
	t := newTable(s.out)
	t.row("RESOURCE", "BECAME", "BYTES", "AS OF", "WHY")
	for _, r := range report.Resources {
		asOf := ""
		if !r.AsOf.IsZero() {
			asOf = r.AsOf.UTC().Format(time.RFC3339)
		}
		name := r.Resource
		if name == "" {
			name = r.From
		}
		t.row(name, string(r.State), strconv.FormatInt(r.Bytes, 10), asOf, r.Why)
	}
	if err := t.flush(); err != nil {
		return err
	}
	for _, m := range c.Missing() {
		fmt.Fprintf(s.out, "missing: %s: %s\n", printable(m.Resource), printable(m.Sentence))
	}
	return nil
}
