package main

import "sendoff/engine/audience"

// reasonWords says why a row of an import is refused; the code itself, by which the
// file of refused rows knows it, for one without words.
func reasonWords(code string) string {
	if words, ok := map[string]string{
		audience.ReasonEmpty:          "no address",
		audience.ReasonNoAt:           "an address without @",
		audience.ReasonSeveral:        "several addresses in one place",
		audience.ReasonControl:        "a control character in the address",
		audience.ReasonSpace:          "a space in the address",
		audience.ReasonAngle:          "a name or < > around the address",
		audience.ReasonMailto:         "a link in place of an address",
		audience.ReasonLocal:          "characters before the @ that cannot be",
		audience.ReasonLocalTooLong:   "more than 64 characters before the @",
		audience.ReasonSMTPUTF8:       "characters before the @ that few servers take",
		audience.ReasonDomain:         "a domain that cannot be",
		audience.ReasonLabelTooLong:   "a part of the domain that is too long",
		audience.ReasonDotless:        "a domain without a dot",
		audience.ReasonNumericTLD:     "a number in place of a domain",
		audience.ReasonLiteral:        "a server number in place of a domain",
		audience.ReasonIDN:            "an international domain that cannot be",
		audience.ReasonTooLong:        "an address that is too long",
		audience.ReasonEncoding:       "characters that the encoding does not know",
		audience.ReasonNUL:            "a zero byte",
		audience.ReasonFieldTooLong:   "a field that is too long",
		audience.ReasonTooManyFields:  "more fields than there are columns",
		audience.ReasonTooManyColumns: "too many columns",
		audience.ReasonCard:           "a card that cannot be read",
	}[code]; ok {
		return words
	}
	return code
}
