package secret_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/agent/secret"
)

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, tt := range map[string]struct {
		path, want string
		complaint  string
	}{
		"as it is":                {file("a", "open sesame", 0o600), "open sesame", ""},
		"with an editor's ending": {file("b", "open sesame\r\n", 0o400), "open sesame", ""},
		"with blanks and lines":   {file("c", " two\nlines \n\n", 0o600), " two\nlines \n", ""},
		"read by its group":       {file("d", "open sesame", 0o640), "open sesame", ""},
		"read by everybody":       {file("e", "open sesame", 0o644), "", "chmod 0600"},
		"changed by everybody":    {file("f", "open sesame", 0o602), "", "chmod 0600"},
		"run by everybody":        {file("g", "open sesame", 0o701), "", "chmod 0600"},
		"empty":                   {file("h", "\n", 0o600), "", "is empty"},
		"too long":                {file("i", strings.Repeat("open sesame", 6000), 0o600), "", "not the right file"},
		"a folder":                {dir, "", "no regular file"},
		"not there":               {filepath.Join(dir, "none"), "", "is not there"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := secret.Read(tt.path)
			if (err != nil) != (tt.complaint != "") || string(got) != tt.want {
				t.Fatalf("read %q, %v", got, err)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.complaint) || strings.Contains(err.Error(), "sesame")) {
				t.Errorf("the error is %v", err)
			}
			// What can be known without reading is found by Check alike.
			if checked := secret.Check(tt.path); (checked == nil) != (err == nil) && tt.complaint != "is empty" && tt.complaint != "not the right file" {
				t.Errorf("check says %v, read says %v", checked, err)
			}
		})
	}
}
