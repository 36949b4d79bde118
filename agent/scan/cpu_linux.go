package scan

import (
	"runtime"
	"syscall"
	"time"
)

// rusageThread is RUSAGE_THREAD, getrusage(2).
const rusageThread = 1

// cpuClock measures the processor time of one goroutine, bound to its thread
// for as long.
type cpuClock struct{ start time.Duration }

func newCPUClock() cpuClock {
	runtime.LockOSThread()
	return cpuClock{start: threadTime()}
}

func (c cpuClock) elapsed() time.Duration { return threadTime() - c.start }

func (c cpuClock) stop() { runtime.UnlockOSThread() }

func threadTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(rusageThread, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
