// Command dzong-kiosk is the kiosk: it reads the code of a wallet with a camera,
// decides, writes the decision down, shows it, and reports it when there is a line.
//
//	dzong-kiosk demo [--once] [--json]
//	dzong-kiosk scan [--json] IMAGE…
//
// demo needs no hardware, broker or network. It ends with exit status 0 only if
// every scene came out as it must, and 1 otherwise; without --once it begins anew
// until Ctrl-C.
//
// scan shows what a reader sees in image files. Exit status: 0 all were read, 3
// some were not, 1 could not run (a file is missing or is no image).
//
// Wrong usage is exit status 2 everywhere. Answers go to standard output, logs to
// standard error. No flag takes a secret: the configuration names the files that
// hold them.
package main
