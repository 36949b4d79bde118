// Command testsum runs go test with the arguments it is given and tells what
// happened: a line per package, the whole output of what failed, every skipped
// test with its reason, and a last line "N passed, N failed, N skipped".
//
// A number counts tests at the leaves: a test that only holds subtests is not
// counted beside them. With -families DIR -uncovered FILE before the arguments of go
// test, a table by family of third-party material comes before that line, and a
// family in DIR that no test used fails unless FILE says why. A package that does not build, panics or runs out of time
// counts as one failure. No test at all is a failure. Exit status: 0 all passed,
// 1 something failed, 2 go test could not be run.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	args := os.Args[1:]
	var table *families
	if len(args) > 4 && args[0] == "-families" && args[2] == "-uncovered" {
		var err error
		if table, err = newFamilies(args[1], args[3]); err != nil {
			fmt.Fprintf(os.Stderr, "list families: %v\n", err)
			os.Exit(2)
		}
		args = args[4:]
	}
	command := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "run go test: %v\n", err)
		os.Exit(2)
	}
	sum := newSummary(os.Stdout)
	sum.families = table
	readErr := sum.read(out)
	_, _ = io.Copy(io.Discard, out) // let go test end even if its output was not understood
	sum.ended(command.Wait(), readErr)
	os.Exit(sum.finish())
}

// read feeds every line of r to the summary. A line that is no event is shown
// as it is: go test prints some of its own complaints outside the JSON.
func (s *summary) read(r io.Reader) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			s.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read what go test said: %w", err)
		}
	}
}
