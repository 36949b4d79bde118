// Package cameratest is a camera without hardware: pictures from files
// ([Files], [Folder]), from a [Recording], or rendered as a phone held before a
// lens ([Photograph]), played by a [Player] or a [Stage]; faults to put into a
// source's way ([Faulty]); and [TestSource], the contract every driver keeps.
//
// A picture is a [Shot]: when it was taken and how to get its pixels. The
// package has no codes of its own: Photograph takes any picture of one pixel per
// module. It may be imported by tests, demos and examples.
package cameratest
