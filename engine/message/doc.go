// Package message turns the content of a delivery into messages: it compiles
// Liquid templates, personalises them for one recipient at a time, and writes
// RFC 5322 and MIME by the book. Guard is the last look at the bytes before
// they leave.
//
// Liquid is bounded. Merge fields are strings, so there is nothing to loop over
// and no tag that loops; every filter has a bounded result; a part's source has
// at most MaxSource bytes and what becomes of it MaxRendered. Compile refuses
// everything else and says where. The tags are if, elsif, else, unless, case,
// when, assign, capture, comment and raw. The filters are:
//
//	default
//	upcase downcase capitalize strip lstrip rstrip strip_newlines
//	append prepend replace replace_first remove remove_first
//	truncate truncatewords slice split first last size url_encode
//	date number money
//	plus minus times divided_by modulo abs ceil floor round at_least at_most
//	escape escape_once h (which change nothing)
//
// Numbers and dates are written as the content's language does it (Content.Language,
// else the HTML's lang attribute, else American English), after Unicode CLDR:
//
//	{{ total | number }}          as many places as it has: 1.234,5 in Dutch
//	{{ total | number: 2 }}       0 to 10 places, halves rounded away from zero
//	{{ total | money: "EUR" }}    ISO 4217; the places that the currency is written with
//	{{ total | money: "EUR", 0 }} or those given
//	{{ due | date: "%e %B %Y" }}  strftime, with names of months and days
//	{{ due | date: "long" }}      the language's own: full, long, medium, short
//
// A field of an audience that is a number or a date comes as 1234.5 or 2006-01-02,
// which all of them read; what is no number or date stays as it is. The names are
// there in Bulgarian, Catalan, Croatian, Czech, Danish, Dutch, English, Estonian,
// Finnish, French, German, Greek, Hungarian, Irish, Italian, Latvian, Lithuanian,
// Norwegian, Polish, Portuguese, Romanian, Slovak, Slovenian, Spanish, Swedish,
// Turkish and Ukrainian, with the habits of some regions (en-GB, nl-BE, de-CH…).
//
// HTML shows a kept image as src="asset:HASH". It becomes an inline part of the
// message (multipart/related, with a Content-ID that depends on the image and the
// sender's domain alone), encoded once for all messages. Attachments come behind
// what is read (multipart/mixed): one for everybody is encoded once as well, one for
// a recipient is what Paths names and the caller has read.
//
// sender.name and sender.postal_address are what the account's brand says when the
// plan is made. The plan keeps them, and they are part of each message's sum, so a
// plan says what it said although the brand is edited before it is confirmed.
//
// Liquid is also what a person who has a list expects of it, where the language
// is surprising. A field that is missing or blank is the empty string, and an
// empty string is false. A field that is compared with a number, or for order,
// counts as a number when it looks like one. The date filter reads the date it
// is given, not the clock, and in no zone of this machine.
//
// A merge tag needs a value unless it has a default that is not empty, is a
// condition, or stands in an if, unless or case that looks at the same field.
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
