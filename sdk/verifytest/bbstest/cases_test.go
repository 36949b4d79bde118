package bbstest_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	"github.com/dzong-id/dzong/sdk/verifytest/bbstest"
)

func TestEveryCaseComesOutAsWritten(t *testing.T) {
	dir := t.TempDir()
	n, err := bbstest.WriteCases(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	tally, err := mechanisms.Runner().RunAll(context.Background(), dir, &out)
	if err != nil {
		t.Fatal(err)
	}
	if tally.Failed > 0 || tally.Passed != n {
		t.Errorf("%d cases, %d passed, %d failed:\n%s", n, tally.Passed, tally.Failed, out.String())
	}
}
