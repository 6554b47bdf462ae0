// Package message turns the content of a delivery into messages: it compiles
// Liquid templates, personalises them for one recipient at a time, and writes
// RFC 5322 and MIME by the book. Guard is the last look at the bytes before
// they leave.
//
// Liquid is bounded. Merge fields are strings, so there is nothing to loop over
// and no tag that loops; every filter has a bounded result; a part's source has
// at most MaxSource bytes and what becomes of it MaxRendered. Compile refuses
// everything else and says where.
//
// What a value of a recipient says is data: it is escaped where it lands (HTML
// text, an attribute, the start of a link), it cannot end a header field, and
// "{{ x }}" inside a value is delivered as those letters. Control characters
// other than tab and line break are left out of values, and what is not UTF-8
// becomes U+FFFD.
//
// A part made of text and plain merge tags only is encoded once, when it is
// compiled, and values are spliced in between; any other part goes through the
// Liquid engine and is encoded for every recipient. Both yield the same text.
//
// The package sends nothing, stores nothing and never reads the clock. Every
// message is a function of its arguments, so that one rendered at preparation
// and again when it leaves differs in its Date field alone.
//
// A Template is safe for concurrent use. A Buffer belongs to one goroutine.
package message
