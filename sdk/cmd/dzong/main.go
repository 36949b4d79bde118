package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit statuses. A script tells the three outcomes apart without reading a word.
const (
	exitOK            = 0 // accepted, or the command did what it was asked
	exitFailed        = 1 // could not run, or a vector did not come out as expected
	exitUsage         = 2
	exitRejected      = 3
	exitIndeterminate = 4
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := streams{os.Stdin, os.Stdout, os.Stderr}.run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

// streams is where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// command is one thing dzong does.
type command struct {
	name  string
	args  string // after the name, as usage prints it
	about string
	run   func(context.Context, streams, *flag.FlagSet, []string) (int, error)
}

func commands() []command {
	return []command{
		{"inspect", "[--values] [--json] FILE|-", "show how a presentation or token is built; verifies nothing", runInspect},
		{"verify", "[--policy F] [--trust F | --trust-key F --cache DIR] [--status F]... [--at TIME]\n" +
			"        (--nonce N --audience A | --fresh A [--window 60s] | --bearer) [--json] FILE|-\n" +
			"  verify --case DIR [--json]", "decide on a presentation", runVerify},
		{"why", "[--json] CODE", "explain a reason code, in English and Dzongkha", runWhy},
		{"sync", "--cache DIR --trust-key F (--url URL [--allow HOST]... | --from FOLDER) [--json]", "fetch the trust list and the status lists it names", runSync},
		{"vectors", "run DIR\n  vectors write DIR\n  vectors mutate DIR [--n N] [--seed S] [--only K] [--keep DIR] [--json]",
			"run the cases (folders with a case.json) at or below DIR, write this module's own, or change accepted ones at random", runVectors},
	}
}

// run does what args ask for and gives the exit status.
func (s streams) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		s.usage(s.err)
		return exitUsage
	}
	name := args[0]
	if name == "help" || name == "-h" || name == "-help" || name == "--help" {
		s.usage(s.out)
		return exitOK
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		flags := flag.NewFlagSet(name, flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		status, err := c.run(ctx, s, flags, args[1:])
		var wrong *usageError
		switch {
		case err == nil:
			return status
		case errors.Is(err, flag.ErrHelp):
			c.help(s.out, flags)
			return exitOK
		case errors.As(err, &wrong):
			fmt.Fprintf(s.err, "dzong %s: %v\nusage: dzong %s %s\n", name, err, name, c.args)
			return exitUsage
		default:
			fmt.Fprintf(s.err, "dzong %s: %v\n", name, err)
			return exitFailed
		}
	}
	fmt.Fprintf(s.err, "dzong: there is no command %s; dzong help lists them\n", printable(name))
	return exitUsage
}

func (s streams) usage(w io.Writer) {
	fmt.Fprint(w, "dzong checks credentials, offline.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %s %s\n      %s\n", c.name, c.args, c.about)
	}
	fmt.Fprint(w, "\nExit status: 0 accepted, 3 rejected, 4 indeterminate, 1 could not run, 2 usage.\n"+
		"dzong COMMAND --help says what each flag means.\n")
}

func (c command) help(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprintf(w, "dzong %s: %s\n\nusage: dzong %s %s\n", c.name, c.about, c.name, c.args)
	flags.SetOutput(w)
	flags.PrintDefaults()
}

// usageError is a fault in how the command was called.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// parse reads flags before, between and after the other arguments, and gives
// these.
func parse(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usagef("%v", err)
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

// given reports which flags were named on the command line.
func given(flags *flag.FlagSet) map[string]bool {
	set := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { set[f.Name] = true })
	return set
}

// repeated is a flag that may be given several times.
type repeated []string

func (r *repeated) String() string     { return strings.Join(*r, ",") }
func (r *repeated) Set(s string) error { *r = append(*r, s); return nil }

// read reads a file, or standard input for "-", up to one byte beyond most: more
// is for the reader of the bytes to refuse.
func (s streams) read(name string, most int64) ([]byte, error) {
	r := s.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}
