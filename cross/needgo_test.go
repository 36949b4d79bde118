package cross

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNeedGo puts a go command of some version first in PATH and reads what the
// version check says.
func TestNeedGo(t *testing.T) {
	tests := map[string]struct {
		script string // what go does; empty: there is no go at all
		refuse bool
		says   string
	}{
		"no go":                       {"", true, "no go command was found"},
		"the version Debian 13 ships": {"echo go version go1.24.4 linux/amd64", true, "has 1.24.4"},
		"before toolchains":           {"echo go version go1.19.8 linux/arm64", true, "has 1.19.8"},
		"a preview":                   {"echo go version go1.26rc2 linux/amd64", true, "preview 1.26rc2"},
		"a go without a version":      {"echo gccgo", true, "does not say its version"},
		"one that cannot fetch a newer": {
			`if [ "${GOTOOLCHAIN:-}" = local ]; then echo go version go1.23.1 linux/amd64; else echo 'go: download go1.26.0: toolchain not available' >&2; exit 1; fi`,
			true, "has 1.23.1",
		},
		"the floor":       {"echo go version go1.26 linux/amd64", false, ""},
		"a patch release": {"echo go version go1.26.8 linux/amd64", false, ""},
		"two digits more": {"echo go version go1.100.0 linux/amd64", false, ""},
		"another major":   {"echo go version go2.0.1 linux/amd64", false, ""},
		"a development":   {"echo go version devel go1.27-4a3f2b1 Mon Nov 2 10:00:00 2026 linux/amd64", false, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bin := t.TempDir()
			for _, tool := range []string{"sed", "dirname", "cat"} {
				found, err := exec.LookPath(tool)
				if err != nil {
					t.Fatalf("find %s: %v", tool, err)
				}
				if err := os.Symlink(found, filepath.Join(bin, tool)); err != nil {
					t.Fatal(err)
				}
			}
			if tt.script != "" {
				if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"+tt.script+"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			command := exec.Command("/bin/sh", "need-go.sh")
			command.Env = []string{"PATH=" + bin}
			var out bytes.Buffer
			command.Stdout, command.Stderr = &out, &out
			err := command.Run()
			if (err != nil) != tt.refuse {
				t.Fatalf("ended with %v, want refused: %v; said %q", err, tt.refuse, out.String())
			}
			if !tt.refuse && out.Len() > 0 {
				t.Errorf("said %q where all is well", out.String())
			}
			if tt.refuse {
				if !strings.Contains(out.String(), tt.says) {
					t.Errorf("said %q, want %q in it", out.String(), tt.says)
				}
				if strings.Count(strings.TrimSpace(out.String()), "\n") > 0 || !strings.Contains(out.String(), "needs Go 1.26 or newer") {
					t.Errorf("said %q, want one sentence that names the version needed", out.String())
				}
			}
		})
	}
}
