package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dzong-kiosk": main})
}

// TestScripts runs every script in testdata/script. Each has a head office of its
// own around it: see headoffice_test.go.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			h, err := openHeadOffice(env)
			env.Values[headOfficeKey{}] = h
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":   exitsWith,
			"term":     terminate,
			"line":     theHeadOffice((*headOffice).lineCommand),
			"send":     theHeadOffice((*headOffice).sendCommand),
			"await":    theHeadOffice((*headOffice).awaitCommand),
			"screen":   theHeadOffice((*headOffice).screenCommand),
			"scrutiny": theHeadOffice((*headOffice).scrutinyCommand),
			"settled":  theHeadOffice((*headOffice).settledCommand),
			"squat":    theHeadOffice((*headOffice).squatCommand),
		},
	})
}

type headOfficeKey struct{}

func theHeadOffice(command func(*headOffice, *testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("this command has no negation")
		}
		command(ts.Value(headOfficeKey{}).(*headOffice), ts, args)
	}
}

// exitsWith is the script command "status N COMMAND...": it runs the command and
// compares its exit status.
func exitsWith(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N dzong-kiosk ARGS...")
	}
	want := args[0]
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != want {
		ts.Fatalf("exit status %s, want %s", got, want)
	}
}

// terminate is "term": it asks every command in the background to end, as a
// service manager does.
func terminate(ts *testscript.TestScript, _ bool, _ []string) {
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(syscall.SIGTERM))
	}
}

// write writes a file below dir; name may have folders in it.
func write(dir, name string, data []byte) error {
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}
