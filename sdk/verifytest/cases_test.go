package verifytest_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verifytest"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

func TestEveryCaseComesOutAsWritten(t *testing.T) {
	dir := t.TempDir()
	n, err := verifytest.WriteCases(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := cases.Runner{Mechanisms: []credential.Mechanism{sdjwt.Mechanism()}, Openers: []status.Opener{status.Token()}}
	var out bytes.Buffer
	tally, err := r.RunAll(context.Background(), dir, &out)
	if err != nil {
		t.Fatal(err)
	}
	if tally.Failed != 0 || tally.Passed != n {
		t.Errorf("%d of %d cases passed:\n%s", tally.Passed, n, out.String())
	}
}
