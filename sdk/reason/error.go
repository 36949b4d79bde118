package reason

// Error is an error that carries a code: what was being done, to what, and why
// it ended. Parsers return it; its text is for developers and never holds a
// byte of the input.
type Error struct {
	Code  Code
	Doing string // "parse SD-JWT: disclosure 3 is no JSON array"
	Err   error  // may be nil
}

func (e *Error) Error() string {
	s := e.Doing + " (" + string(e.Code) + ")"
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }
