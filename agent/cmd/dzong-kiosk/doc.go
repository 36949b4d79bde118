// Command dzong-kiosk is the kiosk: it reads the code of a wallet with a camera,
// decides, writes the decision down, shows it, and reports it when there is a line.
//
//	dzong-kiosk run --config FILE
//	dzong-kiosk doctor --config FILE [--json]
//	dzong-kiosk scan [--json] IMAGE…
//	dzong-kiosk demo [--once] [--json]
//
// run is the kiosk that a configuration describes (package config), until SIGTERM
// or SIGINT: then no new decision is made, the broker is told goodbye, and the
// outbox is closed. Each part is a stage that is started again if it falls over.
// Exit status: 0 when it was told to stop, 1 when it could not begin.
//
// doctor checks everything a kiosk needs and says what to do. It changes nothing
// and does not disturb a kiosk that runs: what opening would repair is opened as a
// copy. Exit status: 0 all is well, 3 something needs attention.
//
// scan shows what a reader sees in image files. Exit status: 0 all were read, 3
// some were not, 1 could not run (a file is missing or is no image).
//
// demo needs no hardware, broker or network. It ends with exit status 0 only if
// every scene came out as it must, and 1 otherwise; without --once it begins anew
// until Ctrl-C.
//
// Wrong usage is exit status 2 everywhere, and what could not run is 1. Answers go
// to standard output, logs to standard error. No flag takes a secret: the
// configuration names the files that hold them.
//
// The data folder holds agent.lock (who runs on it), outbox/, knowledge/ (package
// cache) and clock.json (package clock), and nothing about any customer.
package main
