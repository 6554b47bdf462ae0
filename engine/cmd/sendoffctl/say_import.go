package main

import (
	"fmt"
	"strings"

	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// importFault has the sentences about a file of people and how it is to be read;
// empty for others.
func importFault(e *delivery.Error) string {
	switch e.Field {
	case "quote":
		return fmt.Sprintf("A quotation mark%s of %s is never closed. Correct it and import again; nothing was kept.", place(e), e.File)
	case "header":
		return fmt.Sprintf("The header%s of %s cannot be used (%s). Correct it and import again; nothing was kept.", place(e), e.File, e.Detail)
	case "delimiter":
		return fmt.Sprintf("“%s” cannot separate columns. Use one of , ; | or tab.", e.Detail)
	case "map":
		return fmt.Sprintf("“%s” names no column of %s, one that is used already, or no possible field. Name columns by header or number, and fields by letters, digits and _.", e.Detail, e.File)
	case "import.encoding":
		return fmt.Sprintf("The encoding “%s” is not known. Use one of %s.", e.Detail, strings.Join(audience.Encodings(), ", "))
	case "import.kind":
		return fmt.Sprintf("“%s” is no kind of file. Use csv, xlsx or vcard.", e.Detail)
	case "import.sheet":
		return fmt.Sprintf("%s has no sheet “%s”. Check its name, or leave --sheet out for the first one.", e.File, e.Detail)
	case "import.type":
		return fmt.Sprintf("“%s” is no type of a field of this file. Write --type FIELD=TYPE, with text, number, number:comma, date, date:dmy, bool, language, zone or country.", e.Detail)
	case "import.card":
		return fmt.Sprintf("The card that begins%s of %s has no end. Correct it and import again; nothing was kept.", place(e), e.File)
	case "import.existing":
		return fmt.Sprintf("“%s” is nothing that can be done with people who are there already. Use --existing update, fill or skip.", e.Detail)
	case "import.consent":
		if e.Detail == "" {
			return "A date of consent needs a source: say with --consent where the people agreed."
		}
		return "The source of consent is too long or has characters that cannot be. Say in a few words where the people agreed."
	case "import":
		if e.Detail == "undone" {
			return "This import is undone already. See sendoffctl audience imports."
		}
		return "This import is too old to be undone: what it takes is kept for the last 20. See sendoffctl audience imports."
	}
	return ""
}
