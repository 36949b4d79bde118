// Package camera holds what every camera hands on: a [Frame] of luma, the
// [Source] contract, the [Pool] its memory comes from, and [Latest], the mailbox
// in which a newer frame replaces one that nobody took.
//
// It promises that memory is bounded (a slow consumer loses frames, never
// gathers them), that a frame's bytes stay as they are until it is released, and
// that releasing twice harms nobody.
//
// It does no image work beyond opening a file's luma, knows nothing of codes,
// and imports neither sdk nor agent. The drivers for V4L2 and libcamera are to
// be packages below this one; cameratest has the double and the contract tests
// they share.
package camera
