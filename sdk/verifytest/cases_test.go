package verifytest_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

func TestEveryCaseComesOutAsWritten(t *testing.T) {
	dir := t.TempDir()
	n, err := verifytest.WriteCases(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	tally, err := mechanisms.Runner().RunAll(context.Background(), dir, &out)
	if err != nil {
		t.Fatal(err)
	}
	if tally.Failed != 0 || tally.Passed != n {
		t.Errorf("%d of %d cases passed:\n%s", tally.Passed, n, out.String())
	}
}
