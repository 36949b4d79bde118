// Package clock says what time it is and how far that can be trusted.
//
// A kiosk may have no battery clock, no network for days, and somebody who sets
// its date by hand. So every time comes with a level ([Clock.Now]):
//
//   - untrusted: the system clock lies more than [Skew] behind the floor, or
//     before [BuildDate]; or it was set back during this run; or a live time
//     told since ([Clock.Confirm]) contradicts it. Nothing that depends on time
//     can be decided.
//   - proven: none of that, and either the kernel says that a time service
//     disciplines the clock (STA_UNSYNC is off), or a live time agreed with it
//     during this run.
//   - plausible: everything else. The clock is not behind anything seen, but it
//     may lag behind the true time.
//
// The floor is the newest signed time seen ([Clock.Observe]): whatever an
// authority signed as issued at T was read after T. It is kept on disk, so a
// power cut does not lower it. A signed time raises the floor and proves
// nothing: a list that travelled on a USB stick for a day, read by a clock that
// stood still for that day, would agree with it perfectly.
//
// It promises that Now never goes backwards within one run, and that the floor
// never goes down. It does not set the system's clock, and asks no time server;
// that is the operating system's work. The agent alone imports it; the SDK is
// handed a time and a level.
package clock
