// Package hwtest is where the contract tests of the drivers are to run against
// what is real: Linux kernel drivers inside a virtual machine, and a board with
// hardware attached, with a recording that the ordinary tests replay.
//
// It is empty so far, because the drivers that talk to hardware (V4L2 cameras,
// panels, buttons, real-time clocks) are not written yet: what exists in drivers
// reads files and is tested beside its own code. Nothing here ships and nobody
// may import it.
package hwtest
