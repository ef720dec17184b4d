// Package scenario says what was asked: which model, on which accelerators,
// under which load. It turns a link into a Scenario and a Scenario into a link.
//
// This package is opinionated. A link is a promise: it is pasted into chats and
// articles and opened years later, so
//
//   - a link never takes the page down. Decode always returns a usable Scenario;
//     what it could not read it names, explains, corrects where it can guess, and
//     replaces by the default, saying so (Problem);
//   - nothing is guessed silently where a number could change. Damage that leaves
//     only one reading (percent escapes, "&amp;", a full stop after the link) is
//     mended without a word; "4k" is not, because it has two readings;
//   - keys that this version does not know stay in the link, because a later
//     version may know them;
//   - an id once published is never reused, and a renamed one stays as an alias;
//   - keys keep their meaning. A change of meaning needs a new schema version and
//     an upgrader (version.go), and testdata/links.txt holds old links for ever.
//
// One table (table.go) holds each key's meaning, domain, default and unit.
// Parsing, validation, encoding, docs/links.md and the limits of the page's form
// all come from it. Lists that other packages own (models, accelerators,
// formats, engines, charts) arrive in a Catalogue.
//
// For basic usage, call Catalogue.DecodeLink with the two halves of a link and
// Encode with the result. A form uses Catalogue.Set for one field at a time, and
// Catalogue.Apply when the reader accepts a correction.
//
// What is not checked here: anything that needs the model or the hardware, such as
// whether the experts divide by ep or the weights fit.
package scenario
