// Package rule is the language in which an audience says whom it is for:
// conditions over the fields of a person and over what became of earlier
// deliveries, in groups of and, or and not.
//
// A rule has two forms that mean the same: the tree Expr, and a text that people
// can write:
//
//	city is "Utrecht" and not in audience "staff" and
//	(age >= 18 or member is yes) and did not get delivery DM12
//
// The text says by its literals what is compared: "30" is a text, 30 a number,
// 2026-01-31 a date, yes and no are answers. Texts are compared without regard to
// case and to how an accent is encoded; a number, a date or an answer fits only
// values that are one. A condition on a missing value does not hold, and its
// negation (is not, does not contain, none of, not on, not in the last) does.
//
// Days are days of the calendar in the zone of the time that is given to Test:
// "in the last 7 days" is from seven days ago to today, both included.
//
// The package never reads the clock and holds no state; everything is safe for
// concurrent use, but for the functions that Test returns.
package rule
