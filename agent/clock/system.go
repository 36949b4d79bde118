package clock

import "time"

// System is the machine's own clock.
func System() Source { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now() }

func (system) Synchronised() bool { return synchronised() }
