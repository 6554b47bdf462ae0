package sample

import (
	_ "embed"

	"sendoff/engine/delivery"
)

//go:embed summer.en.html
var summerEN string

//go:embed summer.nl.html
var summerNL string

// Languages lists the languages of the sample, the usual one first.
func Languages() []string { return []string{"en", "nl"} }

// Content is the letter in a language, English for one that is not in
// Languages. It uses the merge fields first_name, city, shop and voucher, each
// with a default, so that it can be sent to anybody; its text part is derived.
func Content(lang string) delivery.Content {
	if lang == "nl" {
		return delivery.Content{
			From:      "Acme Garden <news@acme.example>",
			Subject:   `{{ first_name | default: "tuinvriend" }}, uw tuin in juni`,
			Preheader: `Drie dingen om te planten vóór de langste dag, en een bon voor uw winkel in {{ city | default: "de buurt" }}.`,
			HTML:      summerNL,
		}
	}
	return delivery.Content{
		From:      "Acme Garden <news@acme.example>",
		Subject:   `{{ first_name | default: "friend" }}, your garden in June`,
		Preheader: `Three things to plant before the longest day, and a voucher for your shop in {{ city | default: "the neighbourhood" }}.`,
		HTML:      summerEN,
	}
}
