package verify_test

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// Every code that this version can give is reached by a written case or by a test
// named here. A code that nothing reaches is a promise nobody keeps.
func TestEveryReasonIsReached(t *testing.T) {
	elsewhere := map[reason.Code]string{
		reason.Replayed:       "TestAPresentationIsAcceptedOnce",
		reason.ClockUntrusted: "TestTheClock",
		reason.HolderNotSame:  "TestPersonsAreNotMixed",
	}
	reached := map[reason.Code]bool{}
	dir := t.TempDir()
	if _, err := verifytest.WriteCases(dir); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Base(path) != cases.FileName {
			return err
		}
		c, err := cases.Load(filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, code := range *c.Reasons {
			reached[code] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range reason.Table() {
		_, here := elsewhere[entry.Code]
		switch {
		case reached[entry.Code] && here:
			t.Errorf("%s is reached by a case now: take it out of the exceptions", entry.Code)
		case !reached[entry.Code] && !here:
			t.Errorf("no case reaches %s", entry.Code)
		}
	}
}
