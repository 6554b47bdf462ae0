// Package block is the design of a letter for people who do not write HTML: a
// document of blocks and a brand, and the HTML that mail programs show of it.
//
// A Document is stored as JSON. Parse reads it and names the block that is
// wrong; JSON writes it, the same bytes for the same document. HTML turns it
// into tables with inline styles that stack on phones, follow the dark mode of
// the reader, and keep to what Outlook, Gmail, Yahoo and Apple Mail understand
// (https://www.caniemail.com; the test holds every property to that table).
//
// Texts are data. Whatever is in them is escaped, save for Liquid, which passes
// through as it is and is checked block by block: a document that HTML accepts
// compiles in engine/message. Text blocks know a light markup:
//
//	**bold**  *italic*  [text](address)  a line that begins with "- " or "1. "
//
// A backslash makes the next sign an ordinary one. A blank line begins a
// paragraph, a single line break stays one.
//
// Colours are a wish: a text that could not be read on its ground (contrast
// under 4.5 : 1, WCAG 2.2 section 1.4.3) is made darker or lighter until it can.
//
// Everything here is a function of its arguments: no clock, no store, no state.
// It may be called from any goroutine.
package block
