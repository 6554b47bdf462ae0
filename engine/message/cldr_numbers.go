package message

// habits are how one locale writes numbers, amounts and whole dates. The tables are
// of Unicode CLDR 48, as those of dateNames.
type habits struct {
	decimal, group           string // of numbers
	moneyDecimal, moneyGroup string // of amounts
	minus                    string
	least                    int    // digits before the first group for groups to be shown
	money, negative          string // patterns: n is the amount, ¤ the currency; negative is empty for a minus in front

	full, long, medium, short string // dates, as strftime formats
}

// habitsOf returns those of a locale such as nl or de-CH, or false.
func habitsOf(tag string) (habits, bool) {
	switch tag {
	case "en":
		return habits{".", ",", ".", ",", "-", 1, "¤n", "",
			"%A, %B %-d, %Y", "%B %-d, %Y", "%b %-d, %Y", "%-m/%-d/%y"}, true
	case "en-GB":
		return habits{".", ",", ".", ",", "-", 1, "¤n", "",
			"%A, %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%d/%m/%Y"}, true
	case "en-IE":
		return habits{".", ",", ".", ",", "-", 1, "¤n", "",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%d/%m/%Y"}, true
	case "en-AU":
		return habits{".", ",", ".", ",", "-", 1, "¤n", "",
			"%A, %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%-d/%-m/%y"}, true
	case "en-CA":
		return habits{".", ",", ".", ",", "-", 1, "¤n", "",
			"%A, %B %-d, %Y", "%B %-d, %Y", "%b %-d, %Y", "%Y-%m-%d"}, true
	case "nl":
		return habits{",", ".", ",", ".", "-", 1, "¤\u00a0n", "¤\u00a0-n",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%d-%m-%Y"}, true
	case "nl-BE":
		return habits{",", ".", ",", ".", "-", 1, "¤\u00a0n", "¤\u00a0-n",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%-d/%m/%Y"}, true
	case "de":
		return habits{",", ".", ",", ".", "-", 1, "n\u00a0¤", "",
			"%A, %-d. %B %Y", "%-d. %B %Y", "%d.%m.%Y", "%d.%m.%y"}, true
	case "de-AT":
		return habits{",", "\u00a0", ",", ".", "-", 1, "¤\u00a0n", "",
			"%A, %-d. %B %Y", "%-d. %B %Y", "%d.%m.%Y", "%d.%m.%y"}, true
	case "de-CH":
		return habits{".", "'", ".", "'", "-", 1, "¤\u00a0n", "¤-n",
			"%A, %-d. %B %Y", "%-d. %B %Y", "%d.%m.%Y", "%d.%m.%y"}, true
	case "fr":
		return habits{",", "\u202f", ",", "\u202f", "-", 1, "n\u00a0¤", "",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%d/%m/%Y"}, true
	case "fr-BE":
		return habits{",", "\u202f", ",", "\u202f", "-", 1, "n\u00a0¤", "",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%-d/%m/%y"}, true
	case "fr-CH":
		return habits{",", "\u202f", ".", "\u202f", "-", 1, "n\u00a0¤", "",
			"%A, %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%d.%m.%y"}, true
	case "fr-CA":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 1, "n\u00a0¤", "",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%Y-%m-%d"}, true
	case "es":
		return habits{",", ".", ",", ".", "-", 2, "n\u00a0¤", "",
			"%A, %-d de %B de %Y", "%-d de %B de %Y", "%-d %b %Y", "%-d/%-m/%y"}, true
	case "es-MX":
		return habits{".", ",", ".", ",", "-", 1, "¤n", "",
			"%A, %-d de %B de %Y", "%-d de %B de %Y", "%-d %b %Y", "%d/%m/%y"}, true
	case "es-AR":
		return habits{",", ".", ",", ".", "-", 1, "¤\u00a0n", "",
			"%A, %-d de %B de %Y", "%-d de %B de %Y", "%-d %b %Y", "%-d/%-m/%y"}, true
	case "it":
		return habits{",", ".", ",", ".", "-", 2, "n\u00a0¤", "",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%d/%m/%y"}, true
	case "it-CH":
		return habits{".", "'", ".", "'", "-", 2, "¤\u00a0n", "¤-n",
			"%A, %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%d.%m.%y"}, true
	case "pt":
		return habits{",", ".", ",", ".", "-", 1, "¤\u00a0n", "",
			"%A, %-d de %B de %Y", "%-d de %B de %Y", "%-d de %b de %Y", "%d/%m/%Y"}, true
	case "pt-PT":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 2, "n\u00a0¤", "",
			"%A, %-d de %B de %Y", "%-d de %B de %Y", "%d/%m/%Y", "%d/%m/%y"}, true
	case "ca":
		return habits{",", ".", ",", ".", "-", 1, "n\u00a0¤", "",
			"%A, %-d %B del %Y", "%-d %B del %Y", "%-d %b %Y", "%-d/%-m/%y"}, true
	case "da":
		return habits{",", ".", ",", ".", "-", 1, "n\u00a0¤", "",
			"%A den %-d. %B %Y", "%-d. %B %Y", "%-d. %b %Y", "%d.%m.%Y"}, true
	case "sv":
		return habits{",", "\u00a0", ",", "\u00a0", "−", 1, "n\u00a0¤", "",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%Y-%m-%d"}, true
	case "nb":
		return habits{",", "\u00a0", ",", "\u00a0", "−", 1, "n\u00a0¤", "",
			"%A %-d. %B %Y", "%-d. %B %Y", "%-d. %b %Y", "%d.%m.%Y"}, true
	case "fi":
		return habits{",", "\u00a0", ",", "\u00a0", "−", 1, "n\u00a0¤", "",
			"%A %-d. %B %Y", "%-d. %B %Y", "%-d.%-m.%Y", "%-d.%-m.%Y"}, true
	case "pl":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 2, "n\u00a0¤", "",
			"%A, %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%-d.%m.%Y"}, true
	case "cs":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 1, "n\u00a0¤", "",
			"%A %-d. %B %Y", "%-d. %B %Y", "%-d. %-m. %Y", "%d.%m.%y"}, true
	case "sk":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 1, "n\u00a0¤", "",
			"%A %-d. %B %Y", "%-d. %B %Y", "%-d. %-m. %Y", "%-d. %-m. %Y"}, true
	case "sl":
		return habits{",", ".", ",", ".", "−", 2, "n\u00a0¤", "",
			"%A, %-d. %B %Y", "%-d. %B %Y", "%-d. %b %Y", "%-d. %-m. %Y"}, true
	case "hr":
		return habits{",", ".", ",", ".", "−", 1, "n\u00a0¤", "",
			"%A, %-d. %B %Y.", "%-d. %B %Y.", "%-d. %b %Y.", "%d. %m. %Y."}, true
	case "hu":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 2, "n\u00a0¤", "",
			"%Y. %B %-d., %A", "%Y. %B %-d.", "%Y. %b %-d.", "%Y. %m. %d."}, true
	case "ro":
		return habits{",", ".", ",", ".", "-", 1, "n\u00a0¤", "",
			"%A, %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%d.%m.%Y"}, true
	case "bg":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 2, "n\u00a0¤", "",
			"%A, %-d %B %Y\u202fг.", "%-d %B %Y\u202fг.", "%-d.%m.%Y\u202fг.", "%-d.%m.%y\u202fг."}, true
	case "el":
		return habits{",", ".", ",", ".", "-", 1, "n\u00a0¤", "",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%-d/%-m/%y"}, true
	case "tr":
		return habits{",", ".", ",", ".", "-", 1, "¤n", "",
			"%-d %B %Y %A", "%-d %B %Y", "%-d %b %Y", "%-d.%m.%Y"}, true
	case "uk":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 1, "n\u00a0¤", "",
			"%A, %-d %B %Y\u202fр.", "%-d %B %Y\u202fр.", "%-d %b %Y\u202fр.", "%d.%m.%y"}, true
	case "et":
		return habits{",", "\u00a0", ",", "\u00a0", "−", 2, "n\u00a0¤", "",
			"%A, %-d. %B %Y", "%-d. %B %Y", "%-d. %b %Y", "%d.%m.%y"}, true
	case "lv":
		return habits{",", "\u00a0", ",", "\u00a0", "-", 2, "n\u00a0¤", "",
			"%A, %Y. gada %-d. %B", "%Y. gada %-d. %B", "%Y. gada %-d. %b", "%d.%m.%y"}, true
	case "lt":
		return habits{",", "\u00a0", ",", "\u00a0", "−", 1, "n\u00a0¤", "",
			"%Y m. %B %-d d., %A", "%Y m. %B %-d d.", "%Y-%m-%d", "%Y-%m-%d"}, true
	case "ga":
		return habits{".", ",", ".", ",", "-", 1, "¤n", "",
			"%A %-d %B %Y", "%-d %B %Y", "%-d %b %Y", "%-d/%-m/%y"}, true
	}
	return habits{}, false
}
