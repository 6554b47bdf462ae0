// Package check reads the content of a delivery as a careful colleague would and
// says what may go wrong with it: pictures without a text, links that lead
// nowhere, colours that cannot be told apart, phrases that look like spam. What
// it finds are the findings of a preparation, so that a person who writes sees
// the same sentences that come later.
//
// Nothing here blocks: what keeps a message from being made at all is found by
// the message compiler and by engine/prepare.
//
// Liquid is looked through: a merge tag counts as a text of unknown letters, and
// markup between {% if %} and {% endif %} as if it were always there. What a
// style sheet does to an element is not worked out; where it may have a say in a
// colour, the contrast is not judged.
//
// The package is pure: it opens nothing, sends nothing and reads no clock.
// Whether a link answers is asked by engine/check/online. Content is safe for
// concurrent use.
package check
