// Package config reads the kiosk's one configuration file.
//
// It is JSON, and strict: a key it does not know, a key given twice, a value out
// of range is an error that names the key, what is allowed, and what to do. All
// mistakes are reported at once, so that nobody drives to a service centre five
// times. What may stand in the file is published as a JSON Schema ([Schema]),
// and an example stands in [Example]; tests hold both to this package.
//
// Secrets are not in the file: it names files that hold them, and [Load] refuses
// one that everybody on the machine may read. Relative paths start from the
// configuration's own folder.
//
// Nothing in it weakens a decision. There is no key that turns off a check, and
// none that takes a credential without proof of possession: a kiosk that did
// would take photographs of codes.
//
// The agent's commands import it; it imports of the SDK what reads policies and
// keys, so that their mistakes are found before the first customer comes.
package config
